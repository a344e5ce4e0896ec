//! `pluvo users archive`.

use super::outcome::{Fault, Format, Outcomes, follow, show};
use crate::cli::Global;
use crate::exit::{Failure, Result};
use crate::source::{Cell, Form, Row, Sheet};
use clap::{ArgGroup, Args};
use pluvo_sdk::{Client, Error, ErrorKind, UserKey};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
#[group(skip)]
#[command(group = ArgGroup::new("whom").args(["reference", "id", "file"]).required(true).multiple(true))]
pub(crate) struct Arguments {
    /// People by their refs
    #[arg(long = "ref", value_delimiter = ',', value_name = "REF,…")]
    reference: Vec<String>,
    /// People by Pluvo's ids
    #[arg(long, value_delimiter = ',', value_name = "ID,…")]
    id: Vec<String>,
    /// People by their refs, one a line or in a column; `-` is standard input
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// The column that has the refs, in a file that is csv, xlsx, jsonl or parquet
    #[arg(long, requires = "file", value_name = "NAME", help_heading = "Reading")]
    column: Option<String>,
    /// Bring them back instead
    #[arg(long)]
    undo: bool,
    /// How to tell what became of it [default: table on a terminal, else json]
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Output")]
    format: Option<Format>,
    // Last, since its heading goes on to whatever follows it.
    #[command(flatten)]
    form: Form,
}

/// Somebody, with the line of the file and the name that they are told by.
type Whom = (UserKey, (Option<u64>, String));

fn by_ref(text: &str, line: Option<u64>) -> Whom {
    (UserKey::reference(text), (line, text.to_owned()))
}

impl Arguments {
    /// All who are meant. Rows that mean nobody are outcomes already.
    fn people(&self, outcomes: &mut Outcomes) -> Result<Vec<Whom>> {
        let mut people: Vec<Whom> = self.reference.iter().map(|text| by_ref(text, None)).collect();
        let by_id = |id: &String| (UserKey::id(id.as_str()), (None, id.clone()));
        people.extend(self.id.iter().map(by_id));
        match (&self.file, &self.column) {
            (None, _) => {}
            (Some(file), None) => {
                let lines = self.form.lines(file)?;
                people.extend(lines.iter().map(|(line, text)| by_ref(text, Some(*line))));
            }
            (Some(file), Some(column)) => {
                for (line, found) in self.refs(file, column)? {
                    match found {
                        Ok(text) => people.push(by_ref(&text, Some(line))),
                        Err(why) => {
                            let error = Error::new(ErrorKind::Invalid, why);
                            outcomes.fail(Fault::new(Some(line), String::new(), &error));
                        }
                    }
                }
            }
        }
        Ok(people)
    }

    /// What a column says, by line.
    fn refs(&self, file: &Path, column: &str) -> Result<Vec<(u64, Result<String, String>)>> {
        let Sheet { headings, rows } = self.form.read(file)?;
        let Some(place) = headings.iter().position(|heading| heading == column) else {
            return Err(Failure::usage(format!(
                "{} has no column `{column}`; it has {}",
                file.display(),
                headings.join(", ")
            )));
        };
        let of = |row: Row| match (row.fault, row.cells.get(place)) {
            (Some(fault), _) => Err(fault),
            (None, Some(Cell::Bad(why))) => Err(format!("`{column}` cannot be used: {why}")),
            (None, cell) => match cell.map(|cell| cell.text().trim().to_owned()) {
                Some(text) if !text.is_empty() => Ok(text),
                _ => Err(format!("there is nothing in `{column}`")),
            },
        };
        Ok(rows.into_iter().map(|row| (row.line, of(row))).collect())
    }
}

pub(crate) async fn run(global: &Global, client: &Client, arguments: &Arguments) -> Result {
    let mut outcomes = Outcomes::default();
    let (keys, who): (Vec<UserKey>, Vec<_>) = arguments.people(&mut outcomes)?.into_iter().unzip();
    let bulk = client.users().archive_many(keys, !arguments.undo);
    follow(global, bulk, &who, &mut outcomes).await?;
    show(global, arguments.format, &outcomes)
}
