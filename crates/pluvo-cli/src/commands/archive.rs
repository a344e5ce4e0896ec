//! `pluvo users archive`.

use super::outcome::{Format, Outcomes, follow, show};
use crate::cli::Global;
use crate::exit::{Failure, Result};
use clap::Args;
use pluvo_sdk::{Client, UserKey};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[group(id = "whom", required = true, multiple = true, args = ["reference", "id", "file"])]
pub(crate) struct Arguments {
    /// People by their refs
    #[arg(long = "ref", value_delimiter = ',', value_name = "REF,…")]
    reference: Vec<String>,
    /// People by Pluvo's ids
    #[arg(long, value_delimiter = ',', value_name = "ID,…")]
    id: Vec<String>,
    /// People by their refs, one a line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Bring them back instead
    #[arg(long)]
    undo: bool,
    /// How to tell what became of it [default: table on a terminal, else json]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
}

/// Somebody, with the line of the file and the name that they are told by.
type Whom = (UserKey, (Option<u64>, String));

impl Arguments {
    fn people(&self) -> Result<Vec<Whom>> {
        let by_ref = |text: &str, line| (UserKey::reference(text), (line, text.to_owned()));
        let mut people: Vec<_> = self.reference.iter().map(|text| by_ref(text, None)).collect();
        people.extend(
            self.id
                .iter()
                .map(|id| (UserKey::id(id.as_str()), (None, id.clone()))),
        );
        if let Some(path) = &self.file {
            let read = if path.as_os_str() == "-" {
                std::io::read_to_string(std::io::stdin())
            } else {
                std::fs::read_to_string(path)
            };
            let text = read.map_err(|error| Failure::file("read", path, &error))?;
            let text = text.trim_start_matches('\u{feff}');
            let lines = (1..)
                .zip(text.lines().map(str::trim))
                .filter(|(_, line)| !line.is_empty());
            people.extend(lines.map(|(line, text)| by_ref(text, Some(line))));
        }
        Ok(people)
    }
}

pub(crate) async fn run(global: &Global, client: &Client, arguments: &Arguments) -> Result {
    let (keys, who): (Vec<UserKey>, Vec<_>) = arguments.people()?.into_iter().unzip();
    let bulk = client.users().archive_many(keys, !arguments.undo);
    let mut outcomes = Outcomes::default();
    follow(global, bulk, &who, &mut outcomes).await?;
    show(global, arguments.format, &outcomes)
}
