//! Rows of people from a file, as texts under headings.

mod csv;
mod decode;
mod jsonl;
pub(crate) mod mapping;
mod parquet;
pub(crate) mod people;

use crate::exit::{Failure, Result};
use clap::Args;
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
    pub(crate) cells: Vec<String>,
    /// Why it cannot be used, where its form shows that.
    pub(crate) fault: Option<String>,
}

/// Which file, and how it is to be read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub(crate) struct Source {
    /// The file: jsonl or parquet by its ending, else csv; `-` is standard input
    #[arg(value_name = "FILE", help_heading = "Arguments")]
    pub(crate) file: PathBuf,
    /// One JSON object a line, whatever the file's ending
    #[arg(long, conflicts_with_all = ["delimiter", "encoding"])]
    pub(crate) jsonl: bool,
    /// What stands between cells; `tab` for a tab [default: what the first line has most of]
    #[arg(long, value_parser = delimiter, value_name = "CHARACTER")]
    delimiter: Option<u8>,
    /// The encoding, such as windows-1252 [default: UTF-8 or UTF-16 where it is that, else Windows-1252]
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
}

impl Source {
    /// Whether it is standard input.
    pub(crate) fn is_stdin(&self) -> bool {
        self.file == Path::new("-")
    }

    /// What messages call it.
    pub(crate) fn name(&self) -> String {
        if self.is_stdin() {
            "standard input".to_owned()
        } else {
            self.file.display().to_string()
        }
    }

    /// Reads all of it.
    pub(crate) fn read(&self) -> Result<Sheet> {
        let bytes = self.bytes().map_err(|error| {
            let doing = format!("read {}", self.name());
            Failure::io(&doing, &error)
        })?;
        let unusable = |why: String| Failure::invalid(format!("{}: {why}", self.name()));
        if self.ends_in("parquet") && !self.jsonl {
            return parquet::read(bytes).map_err(unusable);
        }
        let text = decode::text(&bytes, self.encoding.as_deref()).map_err(unusable)?;
        if self.jsonl || self.ends_in("jsonl") || self.ends_in("ndjson") {
            Ok(jsonl::read(&text))
        } else {
            csv::read(&text, self.delimiter).map_err(unusable)
        }
    }

    fn ends_in(&self, ending: &str) -> bool {
        let own = self.file.extension();
        own.is_some_and(|own| own.eq_ignore_ascii_case(ending))
    }

    fn bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        if self.is_stdin() {
            io::stdin().lock().read_to_end(&mut bytes)?;
        } else {
            File::open(&self.file)?.read_to_end(&mut bytes)?;
        }
        Ok(bytes)
    }
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
