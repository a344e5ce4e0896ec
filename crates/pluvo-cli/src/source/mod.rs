//! Rows of people from a file, as texts under headings.

mod csv;
mod decode;
mod jsonl;
pub(crate) mod mapping;
mod parquet;
pub(crate) mod people;
mod xlsx;

use crate::exit::{Failure, Result};
use clap::Args;
use jiff::civil::Date;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// What a file holds.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Sheet {
    pub(crate) headings: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

/// One row, and where it stands.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Row {
    /// The line on which it begins, from 1.
    pub(crate) line: u64,
    /// Under the headings, in their order. Missing ones are empty.
    pub(crate) cells: Vec<Cell>,
    /// Why it cannot be used, where its form shows that.
    pub(crate) fault: Option<String>,
}

/// What stands in one cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Text(String),
    /// A date by its type, in whatever form the mapping says that dates are written.
    Date(Date),
    /// Nothing that a text can be made of, and why: the row cannot be used if the mapping asks for this cell.
    Bad(String),
}

impl Default for Cell {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Cell {
    /// The cell as text: nothing where there is none, and dates as `2026-01-31`.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Date(date) => Cow::Owned(date.to_string()),
            Self::Bad(_) => Cow::Borrowed(""),
        }
    }
}

/// A heading that is there twice, so that nobody knows which column is meant.
fn twice(headings: &[String]) -> Option<&str> {
    let mut seen = std::collections::HashSet::new();
    headings
        .iter()
        .map(String::as_str)
        .find(|heading| !heading.is_empty() && !seen.insert(*heading))
}

/// Which file, and how it is to be read.
#[derive(Debug, Args)]
pub(crate) struct Source {
    /// The file: csv, xlsx, jsonl or parquet, by its ending or what it begins with; `-` is standard input
    #[arg(value_name = "FILE", help_heading = "Arguments")]
    file: PathBuf,
    #[command(flatten)]
    form: Form,
}

/// How a file is to be read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub(crate) struct Form {
    /// One JSON object a line, whatever the file's ending
    #[arg(long, conflicts_with_all = ["delimiter", "encoding"])]
    jsonl: bool,
    /// What stands between cells; `tab` for a tab [default: what the first line has most of]
    #[arg(long, value_parser = delimiter, value_name = "CHARACTER")]
    delimiter: Option<u8>,
    /// The encoding, such as windows-1252 [default: UTF-8 or UTF-16 where it is that, else Windows-1252]
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// The sheet of a workbook [default: the first]
    #[arg(long, conflicts_with_all = ["jsonl", "delimiter", "encoding"], value_name = "NAME")]
    sheet: Option<String>,
}

impl Source {
    /// Whether it is standard input.
    pub(crate) fn is_stdin(&self) -> bool {
        is_stdin(&self.file)
    }

    /// What messages call it.
    pub(crate) fn name(&self) -> String {
        name(&self.file)
    }

    /// Reads all of it.
    pub(crate) fn read(&self) -> Result<Sheet> {
        self.form.read(&self.file)
    }
}

impl Form {
    /// Reads all of a file.
    pub(crate) fn read(&self, file: &Path) -> Result<Sheet> {
        let bytes = bytes(file).map_err(|error| Failure::io(&format!("read {}", name(file)), &error))?;
        self.sheet(file, bytes)
            .map_err(|why| Failure::invalid(format!("{}: {why}", name(file))))
    }

    fn sheet(&self, file: &Path, bytes: Vec<u8>) -> Result<Sheet, String> {
        let own = file.extension();
        let ends_in = |ending: &str| own.is_some_and(|own| own.eq_ignore_ascii_case(ending));
        if bytes.starts_with(xlsx::MAGIC) {
            return xlsx::read(&bytes, self.sheet.as_deref());
        }
        if self.sheet.is_some() || ends_in("xlsx") || bytes.starts_with(xlsx::OLD_MAGIC) {
            return Err("it is not a workbook of Excel 2007 or later: save it as xlsx".to_owned());
        }
        if bytes.starts_with(parquet::MAGIC) || ends_in("parquet") {
            return parquet::read(bytes);
        }
        let text = decode::text(&bytes, self.encoding.as_deref())?;
        if self.jsonl || ends_in("jsonl") || ends_in("ndjson") {
            Ok(jsonl::read(&text))
        } else {
            csv::read(&text, self.delimiter)
        }
    }

    /// Reads a file that has nothing but lines: what they say, without blanks round it.
    pub(crate) fn lines(&self, file: &Path) -> Result<Vec<(u64, String)>> {
        let bytes = bytes(file).map_err(|error| Failure::io(&format!("read {}", name(file)), &error))?;
        let unusable = |why: String| Failure::invalid(format!("{}: {why}", name(file)));
        if [xlsx::MAGIC, xlsx::OLD_MAGIC, parquet::MAGIC]
            .iter()
            .any(|magic| bytes.starts_with(magic))
        {
            return Err(unusable("it has columns: say by --column which one".to_owned()));
        }
        let text = decode::text(&bytes, self.encoding.as_deref()).map_err(unusable)?;
        let lines = (1..).zip(text.lines().map(str::trim));
        let lines = lines.filter(|(_, line)| !line.is_empty());
        Ok(lines.map(|(number, line)| (number, line.to_owned())).collect())
    }
}

fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}

fn name(file: &Path) -> String {
    if is_stdin(file) {
        "standard input".to_owned()
    } else {
        file.display().to_string()
    }
}

fn bytes(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if is_stdin(file) {
        io::stdin().lock().read_to_end(&mut bytes)?;
    } else {
        File::open(file)?.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text {
        "tab" | "\\t" => Ok(b'\t'),
        _ => match text.as_bytes() {
            [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n') => Ok(*byte),
            _ => Err(format!("`{text}` is not one ASCII character")),
        },
    }
}
