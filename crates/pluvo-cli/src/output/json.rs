//! JSON: rows as the server gave them.

use super::Sink;
use super::columns::{Cell, Column};
use crate::rows::Row;
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::io::{self, Write};

/// What of a row is written.
#[derive(Debug)]
pub(crate) enum Shape {
    /// All of it.
    Whole,
    /// These columns, by their names.
    Columns(Vec<Column>),
}

impl Shape {
    pub(crate) fn write(&self, out: &mut impl Write, row: &Row) -> io::Result<()> {
        match self {
            Self::Whole => serde_json::to_writer(out, row)?,
            Self::Columns(columns) => serde_json::to_writer(out, &Chosen { columns, row })?,
        }
        Ok(())
    }
}

struct Chosen<'a> {
    columns: &'a [Column],
    row: &'a Row,
}

impl Serialize for Chosen<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.columns.len()))?;
        for column in self.columns {
            map.serialize_entry(&column.name, &column.cell(self.row).map(Cell::json))?;
        }
        map.end()
    }
}

/// One object a line.
pub(crate) struct JsonLines<W> {
    pub(crate) out: W,
    pub(crate) shape: Shape,
}

impl<W: Write> Sink for JsonLines<W> {
    fn row(&mut self, row: &Row) -> io::Result<()> {
        self.shape.write(&mut self.out, row)?;
        self.out.write_all(b"\n")
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// One list of objects, each on a line of its own.
pub(crate) struct JsonArray<W> {
    out: W,
    shape: Shape,
    begun: bool,
}

impl<W: Write> JsonArray<W> {
    pub(crate) fn new(out: W, shape: Shape) -> Self {
        Self {
            out,
            shape,
            begun: false,
        }
    }
}

impl<W: Write> Sink for JsonArray<W> {
    fn row(&mut self, row: &Row) -> io::Result<()> {
        self.out.write_all(if self.begun { b",\n" } else { b"[\n" })?;
        self.begun = true;
        self.shape.write(&mut self.out, row)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.write_all(if self.begun { b"\n]\n" } else { b"[]\n" })?;
        self.out.flush()
    }
}
