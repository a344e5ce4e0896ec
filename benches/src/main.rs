//! The benchmarks: workloads that run against canned answers, each contender in a process of its own.
//!
//! `cargo xtask bench` runs them all; `docs/performance.md` says what they mean.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command speaks on its streams"
)]

mod client;
mod faces;
mod measure;
mod report;
mod run;
mod server;
mod workload;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand, ValueEnum};
use faces::Language;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Measures the client beside its peers, and both beside the least that can be spent
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench")]
struct Cli {
    #[command(subcommand)]
    role: Option<Role>,
    #[command(flatten)]
    options: Options,
}

#[derive(Debug, clap::Args)]
struct Options {
    /// A language, if not Rust: python, node, kotlin or swift; then only these workloads
    workloads: Vec<String>,
    /// Tiny sizes and one round, to see that everything runs; nothing is judged and nothing is written
    #[arg(long)]
    quick: bool,
    /// How often each contender runs
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Fail where a promise is not kept
    #[arg(long)]
    check: bool,
    /// Write the tables of docs/performance.md from all results
    #[arg(long)]
    write_docs: bool,
}

/// What a process of this program is for, apart from running the others.
#[derive(Debug, Subcommand)]
enum Role {
    /// Answers until its standard input ends, then tells what it saw
    #[command(hide = true)]
    Serve {
        /// What to serve, as JSON
        spec: String,
    },
    /// Does one job, then tells what it took
    #[command(hide = true)]
    Contend {
        /// The job, as JSON
        job: String,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match &cli.role {
        Some(Role::Serve { spec }) => from_json(spec)
            .and_then(|spec| server::serve(&spec))
            .map(|()| true),
        Some(Role::Contend { job }) => from_json(job)
            .and_then(|job| client::contend(&job))
            .map(|()| true),
        None => bench(&cli.options),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all is well: always, unless promises are to be checked.
fn bench(options: &Options) -> Result<bool> {
    let language = options
        .workloads
        .first()
        .and_then(|word| Language::from_str(word, false).ok());
    let kept = match language {
        Some(language) => faces::bench(language, &options.workloads[1..], options)?,
        None => bench_rust(options)?,
    };
    if options.write_docs && !options.quick {
        report::write_docs(&root())?;
    }
    Ok(kept)
}

fn bench_rust(options: &Options) -> Result<bool> {
    let workloads = workload::chosen(&options.workloads, options.quick)?;
    let rounds = if options.quick { 1 } else { options.rounds.max(1) };
    let mut kept = true;
    for workload in &workloads {
        let results = run::run(workload, rounds)?;
        let report = report::Report::new(&results);
        if options.quick {
            println!("{}", report.unjudged());
            continue;
        }
        println!("{report}");
        kept &= report.is_kept();
        results.save(&root().join("benches/results"))?;
    }
    Ok(kept || !options.check)
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).context("this is no such description")
}

/// The root of the project.
fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}
