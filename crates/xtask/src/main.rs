//! The project's own commands: `cargo xtask --help` lists them.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command speaks on its streams"
)]

mod codegen;
mod demo;
mod package;
mod test;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "The project's own commands")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write models and operations from schema/
    Codegen {
        /// Write nothing; fail where a generated file is stale
        #[arg(long)]
        check: bool,
    },
    /// Test every face that this machine has the tools for
    Test(test::TestArgs),
    /// Check formatting, lints and documentation
    Lint,
    /// See the client at work against a Pluvo on this machine, in every language
    #[command(disable_help_flag = true)]
    Demo {
        /// Passed on to `pluvo demo`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Make what is published for a language, as far as that can be done on this machine
    Package {
        /// The language
        language: package::Language,
    },
    /// Run the benchmarks: those of Rust, or with a language first (`bench node`) that language's
    #[command(disable_help_flag = true)]
    Bench {
        /// Passed on to the benchmarks
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Codegen { check } => codegen::run(&root(), check),
        Command::Test(args) => test::test(&args),
        Command::Lint => lint(),
        Command::Demo { args } => demo::demo(&args),
        Command::Package { language } => package::package(language),
        Command::Bench { args } => cargo(&["run", "--release", "--package", "pluvo-benches", "--"], &args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs every check, whatever the ones before it said.
fn lint() -> Result<()> {
    let checks = [
        cargo(&["fmt", "--all", "--check"], &[]),
        cargo(
            &[
                "clippy",
                "--workspace",
                "--all-targets",
                "--all-features",
                "--",
                "--deny",
                "warnings",
            ],
            &[],
        ),
        run(process(&["doc", "--workspace", "--no-deps"], &[]).env("RUSTDOCFLAGS", "--deny warnings")),
    ];
    let failures: Vec<String> = checks
        .into_iter()
        .filter_map(Result::err)
        .map(|e| e.to_string())
        .collect();
    anyhow::ensure!(failures.is_empty(), "{}", failures.join("; "));
    Ok(())
}

/// Runs cargo at the root of the project.
fn cargo(arguments: &[&str], more: &[String]) -> Result<()> {
    run(&mut process(arguments, more))
}

fn process(arguments: &[&str], more: &[String]) -> std::process::Command {
    let mut process = std::process::Command::new("cargo");
    process.args(arguments).args(more).current_dir(root());
    process
}

fn run(process: &mut std::process::Command) -> Result<()> {
    let status = process.status()?;
    let program = Path::new(process.get_program()).file_name().unwrap_or_default();
    let line = std::iter::once(program)
        .chain(process.get_args())
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ");
    anyhow::ensure!(status.success(), "`{line}` failed ({status})");
    Ok(())
}

/// The root of the project.
fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest
        .ancestors()
        .nth(2)
        .expect("crates/xtask lies two levels below the root")
        .to_owned()
}
