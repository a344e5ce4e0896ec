//! Lists as Arrow tables, built from the rows' JSON without a Python object for any of them.

use crate::{desk, failure, work};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::TimestampMicrosecondType;
use arrow_array::{
    Array, ArrayRef, ListArray, RecordBatch, RecordBatchIterator, RecordBatchReader, StructArray,
    cast::AsArray,
};
use arrow_json::ReaderBuilder;
use arrow_json::reader::{Decoder, infer_json_schema_from_iterator};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use arrow_select::filter::filter_record_batch;
use bytes::Bytes;
use futures::FutureExt as _;
use heck::ToSnakeCase as _;
use indexmap::IndexMap;
use pluvo_bridge::{Pages, WireError};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use serde::Deserialize;
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::Arc;

/// Rows of a batch: many pages, since a batch of fifty rows costs its consumer more than its rows do.
const ROWS: usize = 16_384;

/// The zone of moments, as the decoder knows it without a table of zones, and as consumers like it.
const READ: &str = "+00:00";
const TOLD: &str = "UTC";

/// What a column holds, as generated Python says it: a word, `["word"]` for a list, or an object.
#[derive(Deserialize)]
#[serde(untagged)]
enum Column {
    Plain(Plain),
    List([Box<Column>; 1]),
    Object(IndexMap<String, Column>),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Plain {
    Text,
    Integer,
    Number,
    Boolean,
    Date,
    Moment,
    Decimal,
}

impl Column {
    fn data_type(&self) -> DataType {
        match self {
            Self::Plain(Plain::Text) => DataType::Utf8,
            Self::Plain(Plain::Integer) => DataType::Int64,
            Self::Plain(Plain::Number) => DataType::Float64,
            Self::Plain(Plain::Boolean) => DataType::Boolean,
            Self::Plain(Plain::Date) => DataType::Date32,
            Self::Plain(Plain::Moment) => DataType::Timestamp(TimeUnit::Microsecond, Some(READ.into())),
            Self::Plain(Plain::Decimal) => DataType::Decimal128(38, 9),
            Self::List([item]) => DataType::new_list(item.data_type(), true),
            Self::Object(columns) => DataType::Struct(fields(columns)),
        }
    }
}

fn fields(columns: &IndexMap<String, Column>) -> Fields {
    let field = |(name, column): (&String, &Column)| Field::new(name, column.data_type(), true);
    columns.iter().map(field).collect()
}

/// Rows in Arrow's form, which any consumer of Arrow takes as they are.
#[pyclass(frozen, module = "pluvo_sdk._native")]
pub(crate) struct Table {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

#[pymethods]
impl Table {
    /// The rows as an Arrow C stream. The columns are given as they are, whatever is asked for.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        drop(requested_schema);
        let batches = self.batches.clone().into_iter().map(Ok);
        capsule(py, RecordBatchIterator::new(batches, Arc::clone(&self.schema)))
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}

pub(crate) fn capsule(
    py: Python<'_>,
    reader: impl RecordBatchReader + Send + 'static,
) -> PyResult<Bound<'_, PyCapsule>> {
    let stream = FFI_ArrowArrayStream::new(Box::new(reader));
    PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
}

/// Reads all pages of a list.
pub(crate) async fn read(pages: &Pages, columns: Option<&str>) -> Result<Table, WireError> {
    let mut batches = Vec::new();
    let mut builder;
    if let Some(columns) = columns {
        builder = Builder::new(known(columns)?)?;
        while let Some(page) = pages.next().await? {
            builder.add(&page.edges, &mut batches)?;
        }
    } else {
        let mut texts = Vec::new();
        while let Some(page) = pages.next().await? {
            texts.push(page.edges);
        }
        builder = Builder::new(inferred(&texts)?)?;
        texts
            .iter()
            .try_for_each(|edges| builder.add(edges, &mut batches))?;
    }
    batches.extend(builder.flush()?);
    let schema = builder.schema;
    Ok(Table { schema, batches })
}

/// Reads the pages of a list as its batches are asked for.
///
/// The first batch is one page, each further one twice as large as the one before: who wants few rows has them soon, and
/// who wants all of them is not told of each page.
pub(crate) struct Stream {
    pages: Pages,
    builder: Builder,
    ready: VecDeque<RecordBatch>,
    /// The rows that the next batch has at least, unless the list ends.
    wanted: usize,
    over: bool,
}

impl Stream {
    pub(crate) fn new(pages: Pages, columns: &str) -> Result<Self, WireError> {
        Ok(Self {
            pages,
            builder: Builder::new(known(columns)?)?,
            ready: VecDeque::new(),
            wanted: 1,
            over: false,
        })
    }

    async fn read(&mut self) -> Result<Option<RecordBatch>, WireError> {
        loop {
            if let Some(batch) = self.ready.pop_front() {
                self.wanted = (batch.num_rows() * 2).min(ROWS);
                return Ok(Some(batch));
            }
            if self.over {
                return Ok(None);
            }
            let mut full = Vec::new();
            match self.pages.next().await? {
                Some(page) => self.builder.add(&page.edges, &mut full)?,
                None => self.over = true,
            }
            if self.over || self.builder.rows() >= self.wanted {
                full.extend(self.builder.flush()?);
            }
            self.ready.extend(full);
        }
    }
}

impl Iterator for Stream {
    type Item = Result<RecordBatch, ArrowError>;

    /// Called by whoever consumes the stream, on any thread, with or without the interpreter.
    fn next(&mut self) -> Option<Self::Item> {
        let read = desk::attach(|py| {
            let read = work::wait(py, self.read().boxed());
            read.map_err(|signal| later(py, &signal))
        });
        let batch = match read {
            Some(Ok(Ok(batch))) => batch.map(Ok),
            Some(Ok(Err(error))) => Some(Err(told(error.message))),
            Some(Err(interrupted)) => Some(Err(interrupted)),
            None => Some(Err(told("the interpreter is ending".to_owned()))),
        };
        // An error is the end: a consumer that asked again would take what follows for the next rows.
        if !matches!(batch, Some(Ok(_))) {
            self.over = true;
            self.ready.clear();
        }
        batch
    }
}

impl RecordBatchReader for Stream {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.builder.schema)
    }
}

/// An error as consumers of Arrow tell it, who know no exceptions of ours.
fn told(message: String) -> ArrowError {
    ArrowError::IoError(message.clone(), std::io::Error::other(message))
}

/// A signal met the reading in somebody else's code, which cannot pass its exception on. So the consumer fails, and the
/// interpreter is told of the signal again.
fn later(py: Python<'_>, signal: &PyErr) -> ArrowError {
    let failed = told(format!("the reading was interrupted: {signal}"));
    if signal.is_instance_of::<PyKeyboardInterrupt>(py) {
        // Last of all: whatever ran in Python after it would be interrupted in its place.
        let again = py
            .import("_thread")
            .and_then(|thread| thread.call_method0("interrupt_main"));
        if let Err(error) = again {
            error.write_unraisable(py, None);
        }
    }
    failed
}

fn known(columns: &str) -> Result<Fields, WireError> {
    let columns: IndexMap<String, Column> = serde_json::from_str(columns)
        .map_err(|error| failure::of("internal", &format!("columns: {error}")))?;
    Ok(fields(&columns))
}

/// The fields that rows have, and of which type.
fn inferred(pages: &[Bytes]) -> Result<Fields, WireError> {
    #[derive(Deserialize)]
    struct Edge {
        node: Option<Value>,
    }
    let mut nodes = Vec::new();
    for page in pages {
        let edges: Vec<Option<Edge>> =
            serde_json::from_slice(page).map_err(|_| failure::of("decode", "the rows cannot be read"))?;
        nodes.extend(edges.into_iter().flatten().filter_map(|edge| edge.node));
    }
    let schema = infer_json_schema_from_iterator(nodes.iter().map(Ok)).map_err(|error| wrong(&error))?;
    Ok(schema.fields)
}

/// Makes batches of pages.
struct Builder {
    decoder: Decoder,
    schema: SchemaRef,
}

impl Builder {
    fn new(fields: Fields) -> Result<Self, WireError> {
        let schema = Arc::new(Schema::new(renamed_fields(&fields)));
        let node = Field::new("node", DataType::Struct(fields), true);
        let decoder = ReaderBuilder::new(Arc::new(Schema::new(vec![node])))
            .with_batch_size(ROWS)
            .with_flatten(true)
            .with_coerce_primitive(true)
            .build_decoder()
            .map_err(|error| wrong(&error))?;
        Ok(Self { decoder, schema })
    }

    /// Takes a page, and hands over the batches that are full.
    fn add(&mut self, mut edges: &[u8], full: &mut impl Extend<RecordBatch>) -> Result<(), WireError> {
        loop {
            let read = self.decoder.decode(edges).map_err(|error| wrong(&error))?;
            edges = &edges[read..];
            if edges.is_empty() {
                return Ok(());
            }
            full.extend(self.flush()?);
        }
    }

    /// Rows that are in no batch yet.
    fn rows(&self) -> usize {
        self.decoder.len()
    }

    fn flush(&mut self) -> Result<Option<RecordBatch>, WireError> {
        let batch = self.decoder.flush().map_err(|error| wrong(&error))?;
        let batch = batch.map(|batch| rows(&batch, &self.schema)).transpose();
        batch.map_err(|error| wrong(&error))
    }
}

/// The nodes of edges. One that is null is no row.
fn rows(edges: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let nodes = edges.column(0).as_struct();
    let columns = nodes.columns().iter().map(renamed).collect();
    let batch = RecordBatch::try_new(Arc::clone(schema), columns)?;
    match nodes.nulls() {
        Some(there) if there.null_count() > 0 => filter_record_batch(&batch, &there.inner().clone().into()),
        _ => Ok(batch),
    }
}

/// Names as Python spells them.
fn renamed_fields(fields: &Fields) -> Fields {
    let renamed = |field: &Arc<Field>| {
        Field::new(
            field.name().to_snake_case(),
            renamed_type(field.data_type()),
            field.is_nullable(),
        )
    };
    fields.iter().map(renamed).collect()
}

fn renamed_type(of: &DataType) -> DataType {
    match of {
        DataType::Struct(fields) => DataType::Struct(renamed_fields(fields)),
        DataType::List(item) => {
            let renamed = item
                .as_ref()
                .clone()
                .with_data_type(renamed_type(item.data_type()));
            DataType::List(Arc::new(renamed))
        }
        DataType::Timestamp(unit, Some(_)) => DataType::Timestamp(*unit, Some(TOLD.into())),
        other => other.clone(),
    }
}

fn renamed(array: &ArrayRef) -> ArrayRef {
    match (array.data_type(), renamed_type(array.data_type())) {
        (DataType::Struct(_), DataType::Struct(fields)) => {
            let array = array.as_struct();
            let columns = array.columns().iter().map(renamed).collect();
            Arc::new(StructArray::new(fields, columns, array.nulls().cloned()))
        }
        (DataType::List(_), DataType::List(item)) => {
            let array = array.as_list::<i32>();
            let values = renamed(array.values());
            Arc::new(ListArray::new(
                item,
                array.offsets().clone(),
                values,
                array.nulls().cloned(),
            ))
        }
        (DataType::Timestamp(_, Some(_)), _) => {
            let array = array.as_primitive::<TimestampMicrosecondType>().clone();
            Arc::new(array.with_timezone(TOLD))
        }
        _ => Arc::clone(array),
    }
}

/// Without the words of the decoder, which quote the value that did not fit.
fn wrong(_: &ArrowError) -> WireError {
    failure::of("decode", "a row does not fit the columns of its list")
}
