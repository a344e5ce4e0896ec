//! The subcommands, one a file.

mod archive;
pub(crate) mod certificates;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod demo;
mod export;
mod get;
pub(crate) mod groups;
mod list;
mod outcome;
pub(crate) mod query;
pub(crate) mod report;
pub(crate) mod sandbox;
mod sync;
pub(crate) mod trainings;
mod upsert;
pub(crate) mod users;
pub(crate) mod webhook;

use crate::cli::{Cli, Command};
use crate::exit::{Failure, Result};
use tokio::runtime::{Builder, Runtime};

/// Carries the command out.
pub(crate) fn run(cli: &Cli) -> Result {
    let global = &cli.global;
    match &cli.command {
        Command::Completions(arguments) => completions::run(arguments),
        Command::Check(arguments) => single()?.block_on(check::run(global, arguments)),
        Command::Query(arguments) => single()?.block_on(query::run(global, arguments)),
        Command::Users(command) => single()?.block_on(users::run(global, command)),
        Command::Groups(command) => single()?.block_on(groups::run(global, command)),
        Command::Trainings(command) => single()?.block_on(trainings::run(global, command)),
        Command::Report(command) => single()?.block_on(report::run(global, command)),
        Command::Certificates(command) => single()?.block_on(certificates::run(global, command)),
        Command::Webhook(command) => single()?.block_on(webhook::run(global, command)),
        Command::Sandbox(arguments) => many()?.block_on(sandbox::run(global, arguments)),
        Command::Demo(arguments) => many()?.block_on(demo::run(global, arguments)),
    }
}

/// A client waits for one server most of the time: one thread is enough.
fn single() -> Result<Runtime> {
    started(Builder::new_current_thread().enable_all().build())
}

/// A server is to be as fast as the machine.
fn many() -> Result<Runtime> {
    started(Builder::new_multi_thread().enable_all().build())
}

fn started(runtime: std::io::Result<Runtime>) -> Result<Runtime> {
    runtime.map_err(|error| Failure::io("start", &error))
}

/// Ends when somebody asks the command to stop. From the call on, that no longer ends the command by itself.
#[cfg(unix)]
fn stop_signal() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).map_err(|error| Failure::io("listen for signals", &error));
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends when somebody asks the command to stop.
#[cfg(not(unix))]
fn stop_signal() -> Result<impl Future<Output = ()>> {
    Ok(async { drop(tokio::signal::ctrl_c().await) })
}
