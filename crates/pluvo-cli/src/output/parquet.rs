//! Parquet: typed columns, Snappy, row groups of so many rows that memory stays flat.

use super::Sink;
use super::columns::{Cell, Column, Kind};
use crate::rows::Row;
use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::Compression;
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::WriterProperties;
use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, ListBuilder, StringBuilder,
    TimestampMicrosecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};
use jiff::civil;
use pluvo_sdk::model;
use std::io::{self, Write};
use std::sync::Arc;

/// Rows are collected up to this many and written as a row group.
const GROUP: usize = 16 * 1024;

pub(crate) struct Parquet<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: SchemaRef,
    columns: Vec<Typed>,
    rows: usize,
}

impl<W: Write + Send> Parquet<W> {
    pub(crate) fn new(out: W, columns: Vec<Column>) -> io::Result<Self> {
        let columns: Vec<_> = columns.into_iter().map(Typed::new).collect();
        let fields: Vec<_> = columns.iter().map(Typed::field).collect();
        let schema = Arc::new(Schema::new(fields));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("pluvo-cli ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let writer = ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties)).map_err(as_io)?;
        Ok(Self {
            writer,
            schema,
            columns,
            rows: 0,
        })
    }

    fn group(&mut self) -> io::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let arrays = self
            .columns
            .iter_mut()
            .map(|column| column.builder.finish())
            .collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays).map_err(io::Error::other)?;
        self.rows = 0;
        self.writer
            .write(&batch)
            .and_then(|()| self.writer.flush())
            .map_err(as_io)
    }
}

impl<W: Write + Send> Sink for Parquet<W> {
    fn row(&mut self, row: &Row) -> io::Result<()> {
        for column in &mut self.columns {
            column.append(row);
        }
        self.rows += 1;
        if self.rows == GROUP { self.group() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.group()?;
        self.writer.finish().map_err(as_io)?;
        self.writer.inner_mut().flush()
    }

    fn losses(&self) -> Vec<String> {
        let lost = self.columns.iter().filter(|typed| typed.lost > 0);
        lost.map(|typed| {
            let Typed {
                column,
                lost,
                builder,
            } = typed;
            format!(
                "{lost} values of {} are no {} and were left empty",
                column.name,
                builder.what()
            )
        })
        .collect()
    }
}

/// What lies beneath, where it is an error of the disk or the pipe.
fn as_io(error: ParquetError) -> io::Error {
    let cause = match error {
        ParquetError::External(cause) => cause,
        other => return io::Error::other(other),
    };
    match cause.downcast::<io::Error>() {
        Ok(error) => *error,
        Err(cause) => match cause.downcast::<ArrowError>() {
            Ok(error) => match *error {
                ArrowError::IoError(_, error) => error,
                other => io::Error::other(other),
            },
            Err(cause) => io::Error::other(cause),
        },
    }
}

/// A column on its way to Arrow.
struct Typed {
    column: Column,
    builder: Builder,
    /// Values that are not of the column's type.
    lost: u64,
}

enum Builder {
    Text(StringBuilder),
    Boolean(BooleanBuilder),
    Integer(Int64Builder),
    Float(Float64Builder),
    Moment(TimestampMicrosecondBuilder),
    Date(Date32Builder),
    Texts(ListBuilder<StringBuilder>),
}

impl Typed {
    fn new(column: Column) -> Self {
        let builder = match column.kind {
            // Without a type for it, JSON is text.
            Kind::Text | Kind::Json => Builder::Text(StringBuilder::new()),
            Kind::Boolean => Builder::Boolean(BooleanBuilder::new()),
            Kind::Integer => Builder::Integer(Int64Builder::new()),
            Kind::Float => Builder::Float(Float64Builder::new()),
            Kind::Moment => Builder::Moment(TimestampMicrosecondBuilder::new().with_timezone("UTC")),
            Kind::Date => Builder::Date(Date32Builder::new()),
            Kind::Texts => Builder::Texts(ListBuilder::new(StringBuilder::new())),
        };
        Self {
            column,
            builder,
            lost: 0,
        }
    }

    fn field(&self) -> Field {
        Field::new(&self.column.name, self.builder.ty(), true)
    }

    fn append(&mut self, row: &Row) {
        let cell = self.column.cell(row);
        let kept = match &mut self.builder {
            Builder::Text(builder) => {
                builder.append_option(cell.map(Cell::text));
                true
            }
            Builder::Boolean(builder) => put(cell, read, |value| builder.append_option(value)),
            Builder::Integer(builder) => put(cell, read, |value| builder.append_option(value)),
            Builder::Float(builder) => put(cell, read, |value| builder.append_option(value)),
            Builder::Moment(builder) => put(cell, moment, |value| builder.append_option(value)),
            Builder::Date(builder) => put(cell, date, |value| builder.append_option(value)),
            Builder::Texts(builder) => put(cell, read::<Vec<Option<String>>>, |value| {
                builder.append_option(value);
            }),
        };
        self.lost += u64::from(!kept);
    }
}

impl Builder {
    fn ty(&self) -> DataType {
        match self {
            Self::Text(_) => DataType::Utf8,
            Self::Boolean(_) => DataType::Boolean,
            Self::Integer(_) => DataType::Int64,
            Self::Float(_) => DataType::Float64,
            Self::Moment(_) => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::Date(_) => DataType::Date32,
            Self::Texts(_) => DataType::new_list(DataType::Utf8, true),
        }
    }

    fn what(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Boolean(_) => "yes or no",
            Self::Integer(_) => "whole numbers",
            Self::Float(_) => "numbers",
            Self::Moment(_) => "moments",
            Self::Date(_) => "dates",
            Self::Texts(_) => "lists of texts",
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Boolean(builder) => Arc::new(builder.finish()),
            Self::Integer(builder) => Arc::new(builder.finish()),
            Self::Float(builder) => Arc::new(builder.finish()),
            Self::Moment(builder) => Arc::new(builder.finish()),
            Self::Date(builder) => Arc::new(builder.finish()),
            Self::Texts(builder) => Arc::new(builder.finish()),
        }
    }
}

/// Appends a value or nothing; false where there was a value that cannot be read.
fn put<T>(
    cell: Option<Cell<'_>>,
    read: impl Fn(Cell<'_>) -> Option<T>,
    append: impl FnOnce(Option<T>),
) -> bool {
    let value = cell.and_then(read);
    let kept = value.is_some() || cell.is_none();
    append(value);
    kept
}

fn read<T: serde::de::DeserializeOwned>(cell: Cell<'_>) -> Option<T> {
    serde_json::from_str(cell.json().get()).ok()
}

fn moment(cell: Cell<'_>) -> Option<i64> {
    let moment: model::DateTime = read(cell)?;
    Some(moment.timestamp()?.as_microsecond())
}

/// Days since 1970.
fn date(cell: Cell<'_>) -> Option<i32> {
    let date: model::Date = read(cell)?;
    let span = date.civil()?.since(civil::date(1970, 1, 1)).ok()?;
    Some(span.get_days())
}
