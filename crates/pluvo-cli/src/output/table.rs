//! Tables for people.

use super::Sink;
use super::columns::{self, Column};
use crate::rows::Row;
use comfy_table::{Attribute, Cell, ColumnConstraint, ContentArrangement, presets};
use std::io::{self, Write};

/// Rows under a header. Widths are known at the end, so nothing is written before.
pub(crate) struct Table<W> {
    out: W,
    columns: Vec<Column>,
    rows: comfy_table::Table,
}

impl<W: Write> Table<W> {
    pub(crate) fn new(out: W, columns: Vec<Column>, color: bool) -> Self {
        let mut rows = blank(color);
        rows.set_header(columns.iter().map(|column| heading(&column.name, color)));
        // An id that is broken over two lines cannot be copied.
        for (index, column) in columns.iter().enumerate() {
            if column.name.rsplit('.').next() == Some("id")
                && let Some(column) = rows.column_mut(index)
            {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        Self { out, columns, rows }
    }
}

impl<W: Write> Sink for Table<W> {
    fn row(&mut self, row: &Row) -> io::Result<()> {
        self.rows
            .add_row(self.columns.iter().map(|column| shown(column, row)));
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        writeln!(self.out, "{}", self.rows.trim_fmt())?;
        self.out.flush()
    }
}

/// One row from top to bottom, as names and values.
pub(crate) fn transposed(row: &Row, columns: &[Column], color: bool) -> String {
    let mut table = blank(color);
    for column in columns {
        table.add_row([heading(&column.name, color), shown(column, row)]);
    }
    table.trim_fmt()
}

/// Some terminals say that they have no width at all; no table fits into less than this.
const NARROWEST: u16 = 20;

/// A table without a frame; as wide as the terminal, if there is one.
pub(crate) fn blank(color: bool) -> comfy_table::Table {
    let mut table = comfy_table::Table::new();
    table.load_style(presets::NOTHING);
    if table.width().is_some_and(|width| width >= NARROWEST) {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    if color {
        table.enforce_styling();
    }
    table
}

pub(crate) fn heading(text: &str, color: bool) -> Cell {
    let cell = Cell::new(text);
    if color {
        cell.add_attribute(Attribute::Bold)
    } else {
        cell
    }
}

/// The server's text may hold what a terminal would obey.
fn shown(column: &Column, row: &Row) -> Cell {
    let text = column.cell(row).map_or_else(String::new, columns::Cell::display);
    Cell::new(text.replace(|c: char| c.is_control() && c != '\n', "\u{fffd}"))
}
