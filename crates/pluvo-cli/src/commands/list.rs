//! `pluvo … list`, whatever is listed.

use crate::cli::Global;
use crate::exit::{Failure, Result};
use crate::output::columns::{choose, columns};
use crate::output::{Csv, JsonArray, JsonLines, Shape, Sink, Table};
use crate::rows::{Models, Pages, Row, Selected};
use crate::terminal;
use clap::{Args, ValueEnum};
use pluvo_sdk::operation::Operation;
use pluvo_sdk::{List, Position};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What of a list is read, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub(crate) struct Reading {
    /// Fields to read instead of the default ones, as GraphQL: "id name profileImage { url }"
    #[arg(long, value_name = "FIELDS")]
    pub(crate) select: Option<String>,
    /// Read no more than so many rows
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u64>,
    /// Rows a page, 1 to 50 [default: 50]
    #[arg(long, value_name = "N")]
    pub(crate) page_size: Option<u32>,
    /// Go on from a position that an interrupted run told
    #[arg(long, value_name = "POSITION")]
    pub(crate) after: Option<String>,
    /// Pages in flight; 0 and 1 read page after page by cursor
    #[arg(long, value_name = "N")]
    pub(crate) parallel: Option<usize>,
}

/// How rows are printed.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Printing {
    /// How to print [default: table on a terminal, else jsonl (json for a single object)]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Print these columns only, in this order: id,email,profileImage.url
    #[arg(long, value_delimiter = ',', value_name = "COLUMN,…")]
    pub(crate) columns: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns for people
    Table,
    /// One JSON document
    Json,
    /// One JSON object a line
    Jsonl,
    /// Comma-separated values with a header
    Csv,
}

impl Reading {
    /// Opens a list. `T` is what the SDK reads its rows as.
    pub(crate) fn open<T, A>(&self, list: List<T, A>, parallel: usize) -> Result<Box<dyn Pages>>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        A: Serialize,
    {
        let mut list = list;
        if let Some(rows) = self.limit {
            list = list.limit(rows);
        }
        if let Some(rows) = self.page_size {
            list = list.page_size(rows);
        }
        if let Some(text) = &self.after {
            list = list.after(text.parse::<Position>()?);
        }
        if parallel > 1 {
            list = list.parallel(parallel);
        }
        Ok(match &self.select {
            None => Box::new(Models(list.pager()?)),
            Some(fields) => Box::new(Selected(list.select::<Row>(fields).pager()?)),
        })
    }
}

/// Reads a list and prints it as it comes.
pub(crate) async fn run<T, A>(
    global: &Global,
    list: List<T, A>,
    operation: &Operation,
    reading: &Reading,
    printing: &Printing,
) -> Result
where
    T: Serialize + DeserializeOwned + Send + 'static,
    A: Serialize,
{
    let mut pages = reading.open(list, reading.parallel.unwrap_or(1))?;
    let mut sink = sink(global, operation, reading.select.as_deref(), printing)?;
    let read = print(&mut *pages, &mut *sink).await;
    // What was read is printed whole, even where more should have come.
    let finished = sink.finish().map_err(|error| Failure::stdout(&error));
    read.and(finished)
}

async fn print(pages: &mut dyn Pages, sink: &mut dyn Sink) -> Result {
    loop {
        match pages.next().await {
            Ok(None) => return Ok(()),
            Ok(Some(rows)) => rows
                .iter()
                .try_for_each(|row| sink.row(row))
                .and_then(|()| sink.flush())
                .map_err(|error| Failure::stdout(&error))?,
            Err(failure) => return Err(failure.at(pages.position())),
        }
    }
}

fn sink(
    global: &Global,
    operation: &Operation,
    selection: Option<&str>,
    printing: &Printing,
) -> Result<Box<dyn Sink>> {
    let chosen = printing.columns.as_deref();
    let there = || choose(columns(operation, selection), chosen);
    let shape = || chosen.map_or(Ok(Shape::Whole), |_| there().map(Shape::Columns));
    let default = if terminal::stdout_is_terminal() {
        Format::Table
    } else {
        Format::Jsonl
    };
    let out = terminal::stdout();
    Ok(match printing.format.unwrap_or(default) {
        Format::Table => Box::new(Table::new(out, there()?, terminal::color_stdout(global.color))),
        Format::Json => Box::new(JsonArray::new(out, shape()?)),
        Format::Jsonl => Box::new(JsonLines { out, shape: shape()? }),
        Format::Csv => Box::new(Csv::new(out, there()?)),
    })
}
