//! `pluvo certificates`.

use super::export;
use super::list::{self, Printing, Reading};
use crate::cli::Global;
use crate::connect;
use crate::exit::Result;
use clap::Subcommand;
use pluvo_sdk::operation::generated::CERTIFICATES;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the certificates that can be issued
    List {
        #[command(flatten)]
        reading: Reading,
        #[command(flatten)]
        printing: Printing,
    },
    /// Write them to a file
    Export {
        #[command(flatten)]
        reading: Reading,
        #[command(flatten)]
        writing: export::Writing,
    },
}

pub(crate) async fn run(global: &Global, command: &Command) -> Result {
    let list = connect::client(global)?.certificates().list();
    match command {
        Command::List { reading, printing } => {
            list::run(global, list, &CERTIFICATES, reading, printing).await
        }
        Command::Export { reading, writing } => {
            export::run(global, list, &CERTIFICATES, reading, writing).await
        }
    }
}
