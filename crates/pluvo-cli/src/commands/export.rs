//! `pluvo … export`, whatever is exported.

use super::list::Reading;
use super::stop_signal;
use crate::cli::Global;
use crate::exit::{Failure, Result};
use crate::output::columns::{Column, columns};
use crate::output::{Aside, Csv, JsonLines, Parquet, Shape, Sink};
use crate::rows::Pages;
use crate::terminal;
use clap::{Args, ValueEnum};
use indicatif::ProgressBar;
use pluvo_sdk::List;
use pluvo_sdk::operation::Operation;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Pages in flight unless the command line says otherwise.
const PARALLEL: usize = 4;

/// Where to and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Writing {
    /// The file; `-` is standard output, for csv and jsonl
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// The format [default: by the file's ending]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Show no progress bar; there is none without a terminal in any case
    #[arg(long)]
    pub(crate) no_progress: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A header and a row a line; lists and objects as JSON
    Csv,
    /// One JSON object a line
    Jsonl,
    /// Typed columns, compressed with Snappy
    Parquet,
}

/// What was written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written {
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
}

impl Writing {
    fn format(&self) -> Result<Format> {
        let ending = || {
            self.output
                .extension()?
                .to_str()
                .and_then(|ending| Format::from_str(ending, true).ok())
        };
        self.format.or_else(ending).ok_or_else(|| {
            Failure::usage("the file's ending is none of .csv, .jsonl and .parquet: say which by --format")
        })
    }
}

impl Format {
    fn sink(self, out: impl io::Write + Send + 'static, columns: Vec<Column>) -> io::Result<Box<dyn Sink>> {
        Ok(match self {
            Self::Csv => Box::new(Csv::new(out, columns)),
            Self::Jsonl => Box::new(JsonLines {
                out,
                shape: Shape::Whole,
            }),
            Self::Parquet => Box::new(Parquet::new(out, columns)?),
        })
    }
}

pub(crate) async fn run<T, A>(
    global: &Global,
    list: List<T, A>,
    operation: &Operation,
    reading: &Reading,
    writing: &Writing,
) -> Result
where
    T: Serialize + DeserializeOwned + Send + 'static,
    A: Serialize,
{
    let started = Instant::now();
    let format = writing.format()?;
    let columns = columns(operation, reading.select.as_deref());
    let takes_offset = operation
        .path
        .last()
        .is_some_and(|last| last.arguments.iter().any(|argument| argument.name == "offset"));
    // Rows that are read in parallel are told apart by their id.
    let told_apart = columns.iter().any(|column| column.name == "id");
    let by_offset = reading.after.is_none() && takes_offset && told_apart;
    let parallel = reading.parallel.unwrap_or(if by_offset { PARALLEL } else { 1 });
    let mut pages = reading.open(list, parallel)?;
    let bar = if writing.no_progress {
        ProgressBar::hidden()
    } else {
        terminal::bar(global, "rows")
    };
    if writing.output == Path::new("-") {
        return to_stdout(&mut *pages, format, columns, &bar).await;
    }
    // Whatever the stop signal interrupts is dropped, and an unfinished file with it.
    let written = tokio::select! {
        written = to_file(global, &mut *pages, format, columns, &writing.output, &bar) => written?,
        () = stop_signal()? => {
            bar.finish_and_clear();
            return Err(Failure::interrupted());
        }
    };
    bar.finish_and_clear();
    let Written { rows, bytes } = written;
    let (size, took) = (indicatif::HumanBytes(bytes), started.elapsed().as_secs_f64());
    terminal::note(
        global,
        &format!(
            "{rows} rows, {size}, in {took:.1} s: {}",
            writing.output.display()
        ),
    );
    Ok(())
}

async fn to_stdout(pages: &mut dyn Pages, format: Format, columns: Vec<Column>, bar: &ProgressBar) -> Result {
    let out = terminal::stdout();
    let mut sink: Box<dyn Sink> = match format {
        Format::Csv => Box::new(Csv::new(out, columns)),
        Format::Jsonl => Box::new(JsonLines {
            out,
            shape: Shape::Whole,
        }),
        Format::Parquet => return Err(Failure::usage("parquet goes to a file: name one by --output")),
    };
    let read = copy(pages, &mut *sink, bar, |error| Failure::stdout(&error)).await;
    bar.finish_and_clear();
    let finished = sink.finish().map_err(|error| Failure::stdout(&error));
    read.and(finished)
}

/// Reads all pages into a file that is there whole or not at all.
pub(crate) async fn to_file(
    global: &Global,
    pages: &mut dyn Pages,
    format: Format,
    columns: Vec<Column>,
    place: &Path,
    bar: &ProgressBar,
) -> Result<Written> {
    let failed = |error: io::Error| Failure::file("write", place, &error);
    let aside = Aside::new(place).map_err(failed)?;
    let mut sink = aside
        .writer()
        .and_then(|out| format.sink(out, columns))
        .map_err(failed)?;
    let rows = copy(pages, &mut *sink, bar, failed).await?;
    sink.finish().map_err(failed)?;
    for loss in sink.losses() {
        terminal::note(global, &format!("warning: {loss}"));
    }
    drop(sink);
    let bytes = aside.put().map_err(failed)?;
    Ok(Written { rows, bytes })
}

async fn copy(
    pages: &mut dyn Pages,
    sink: &mut dyn Sink,
    bar: &ProgressBar,
    failed: impl Fn(io::Error) -> Failure,
) -> Result<u64> {
    let mut rows = 0;
    while let Some(page) = pages.next().await? {
        page.iter().try_for_each(|row| sink.row(row)).map_err(&failed)?;
        rows += page.len() as u64;
        if let Some(count) = pages.count() {
            bar.set_length(count);
        }
        bar.set_position(rows);
    }
    Ok(rows)
}
