//! `pluvo … get`, whatever is got.

use super::list::{Format, Printing};
use crate::cli::Global;
use crate::exit::{Failure, Result};
use crate::output::columns::{choose, columns};
use crate::output::{Csv, Shape, Sink, transposed};
use crate::rows::{Row, row};
use crate::terminal;
use clap::Args;
use pluvo_sdk::operation::Operation;
use pluvo_sdk::resources::{Get, Key, UserKey};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::Write;

/// Which group or training.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Which {
    /// By Pluvo's id
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// By one's own id
    #[arg(long = "ref", value_name = "REF")]
    reference: Option<String>,
}

/// Which person.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Who {
    /// By Pluvo's id
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// By one's own id, such as an employee number
    #[arg(long = "ref", value_name = "REF")]
    reference: Option<String>,
    /// By e-mail address
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Showing {
    /// Fields to read instead of the default ones, as GraphQL: "id name profileImage { url }"
    #[arg(long, value_name = "FIELDS")]
    select: Option<String>,
    #[command(flatten)]
    printing: Printing,
}

impl Which {
    /// The parser has seen to it that exactly one is given.
    pub(crate) fn key(&self) -> Key {
        match (&self.id, &self.reference) {
            (Some(id), _) => Key::id(id.as_str()),
            (None, reference) => Key::reference(reference.clone().unwrap_or_default()),
        }
    }
}

impl Who {
    /// The parser has seen to it that exactly one is given.
    pub(crate) fn key(&self) -> UserKey {
        match (&self.id, &self.reference, &self.email) {
            (Some(id), _, _) => UserKey::id(id.as_str()),
            (None, Some(reference), _) => UserKey::reference(reference),
            (None, None, email) => UserKey::email(email.clone().unwrap_or_default()),
        }
    }
}

/// Reads one thing and prints it; not to find it is an error here.
pub(crate) async fn run<T>(global: &Global, get: Get<T>, operation: &Operation, showing: &Showing) -> Result
where
    T: Serialize + DeserializeOwned + Send + 'static,
{
    let Showing { select, printing } = showing;
    let found = match select {
        None => get.await?.map(|model| row(&model)),
        Some(fields) => get.select::<Row>(fields).await?,
    };
    let what = operation.path.first().map_or("object", |segment| segment.field);
    let row = found.ok_or_else(|| Failure::not_found(format!("there is no such {what}")))?;
    print(global, &row, operation, select.as_deref(), printing)
}

fn print(
    global: &Global,
    row: &Row,
    operation: &Operation,
    selection: Option<&str>,
    printing: &Printing,
) -> Result {
    let chosen = printing.columns.as_deref();
    let there = || choose(columns(operation, selection), chosen);
    let default = if terminal::stdout_is_terminal() {
        Format::Table
    } else {
        Format::Json
    };
    let mut out = terminal::stdout();
    let written = match printing.format.unwrap_or(default) {
        Format::Table => writeln!(
            out,
            "{}",
            transposed(row, &there()?, terminal::color_stdout(global.color))
        ),
        Format::Csv => {
            let mut csv = Csv::new(&mut out, there()?);
            csv.row(row).and_then(|()| csv.finish())
        }
        Format::Json | Format::Jsonl => {
            let shape = chosen.map_or(Ok(Shape::Whole), |_| there().map(Shape::Columns))?;
            shape.write(&mut out, row).and_then(|()| writeln!(out))
        }
    };
    written
        .and_then(|()| out.flush())
        .map_err(|error| Failure::stdout(&error))
}
