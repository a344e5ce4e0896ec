//! CSV: a header, texts as they are, lists and objects as JSON, nothing for null.

use super::Sink;
use super::columns::{Cell, Column};
use crate::rows::Row;
use std::io::{self, Write};

pub(crate) struct Csv<W: Write> {
    writer: csv::Writer<W>,
    columns: Vec<Column>,
    begun: bool,
}

impl<W: Write> Csv<W> {
    pub(crate) fn new(out: W, columns: Vec<Column>) -> Self {
        Self {
            writer: csv::Writer::from_writer(out),
            columns,
            begun: false,
        }
    }

    /// With the first row or at the end, so that a list that fails at once writes nothing.
    fn header(&mut self) -> io::Result<()> {
        if !self.begun {
            self.begun = true;
            self.writer
                .write_record(self.columns.iter().map(|column| &column.name))?;
        }
        Ok(())
    }
}

impl<W: Write> Sink for Csv<W> {
    fn row(&mut self, row: &Row) -> io::Result<()> {
        self.header()?;
        let cells = self.columns.iter().map(|column| column.cell(row));
        self.writer
            .write_record(cells.map(|cell| cell.map_or_else(String::new, Cell::text)))?;
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.header()?;
        self.writer.flush()
    }
}
