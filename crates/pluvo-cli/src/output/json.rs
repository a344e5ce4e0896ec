//! JSON: rows as the server gave them.

use super::Sink;
use super::columns::{Cell, Column};
use crate::rows::Row;
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::borrow::Cow;
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
    /// Writes a row on one line, however the server broke it.
    pub(crate) fn write(&self, out: &mut impl Write, row: &Row) -> io::Result<()> {
        let text = match self {
            Self::Whole => serde_json::to_string(row)?,
            Self::Columns(columns) => serde_json::to_string(&Chosen { columns, row })?,
        };
        out.write_all(one_line(&text).as_bytes())
    }
}

/// JSON without line breaks. They stand between its parts only: in texts they are escaped.
pub(crate) fn one_line(json: &str) -> Cow<'_, str> {
    if json.contains(['\n', '\r']) {
        json.replace(['\n', '\r'], " ").into()
    } else {
        json.into()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_stays_on_its_line() {
        let row: Row =
            serde_json::from_str("{\"a\": {\r\n  \"b\": [1,\n 2.50]\n}, \"c\": \"x\\ny\"}").unwrap();
        let mut out = Vec::new();
        let mut sink = JsonLines {
            out: &mut out,
            shape: Shape::Whole,
        };
        sink.row(&row).unwrap();
        sink.row(&row).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().count(), 2);
        let read: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!(read, serde_json::json!({"a": {"b": [1, 2.5]}, "c": "x\ny"}));
        assert!(text.contains("2.50"), "as the server wrote it");
    }
}
