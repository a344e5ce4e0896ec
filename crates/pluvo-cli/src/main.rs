//! The `pluvo` command.

mod cli;
mod commands;
mod config;
mod connect;
mod exit;
mod output;
mod rows;
mod schema;
mod secret;
mod source;
mod terminal;
mod values;

use clap::Parser;
use cli::Cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return exit::usage(&error),
    };
    terminal::log(&cli.global);
    match commands::run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(&cli.global),
    }
}
