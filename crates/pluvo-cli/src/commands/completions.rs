//! `pluvo completions`.

use crate::cli::Cli;
use crate::exit::Result;
use crate::terminal;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments) -> Result {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "pluvo", &mut script);
    terminal::print(&String::from_utf8_lossy(&script))
}
