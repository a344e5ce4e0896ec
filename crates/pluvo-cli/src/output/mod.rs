//! Rows to text and files.

mod aside;
pub(crate) mod columns;
mod csv;
mod json;
mod parquet;
mod table;

pub(crate) use self::aside::Aside;
pub(crate) use self::csv::Csv;
pub(crate) use self::json::{JsonArray, JsonLines, Shape, one_line};
pub(crate) use self::parquet::Parquet;
pub(crate) use self::table::{Table, blank, heading, transposed};

use crate::rows::Row;
use std::io;

/// Takes rows and writes them.
pub(crate) trait Sink {
    /// Takes one row.
    fn row(&mut self, row: &Row) -> io::Result<()>;

    /// Writes out what can be written by now.
    fn flush(&mut self) -> io::Result<()>;

    /// Writes the rest. What was written is whole then, even where rows are missing.
    fn finish(&mut self) -> io::Result<()>;

    /// What was lost on the way, in words.
    fn losses(&self) -> Vec<String> {
        Vec::new()
    }
}
