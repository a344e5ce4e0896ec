//! Lists as Arrow tables, built from the rows' JSON without a Python object for any of them.

use crate::failure;
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
use heck::ToSnakeCase as _;
use indexmap::IndexMap;
use pluvo_bridge::{Pages, WireError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use serde::Deserialize;
use serde_json::Value;
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
        let reader: Box<dyn RecordBatchReader + Send> =
            Box::new(RecordBatchIterator::new(batches, Arc::clone(&self.schema)));
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(reader), c"arrow_array_stream")
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}

/// Reads all pages of a list.
pub(crate) async fn read(pages: &Pages, columns: Option<&str>) -> Result<Table, WireError> {
    if let Some(columns) = columns {
        let columns: IndexMap<String, Column> = serde_json::from_str(columns)
            .map_err(|error| failure::of("internal", &format!("columns: {error}")))?;
        let mut builder = Builder::new(fields(&columns))?;
        while let Some(page) = pages.next().await? {
            builder.add(&page.edges)?;
        }
        return builder.finish();
    }
    let mut texts = Vec::new();
    while let Some(page) = pages.next().await? {
        texts.push(page.edges);
    }
    let mut builder = Builder::new(inferred(&texts)?)?;
    texts.iter().try_for_each(|edges| builder.add(edges))?;
    builder.finish()
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

struct Builder {
    decoder: Decoder,
    batches: Vec<RecordBatch>,
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
        Ok(Self {
            decoder,
            batches: Vec::new(),
            schema,
        })
    }

    fn add(&mut self, mut edges: &[u8]) -> Result<(), WireError> {
        loop {
            let read = self.decoder.decode(edges).map_err(|error| wrong(&error))?;
            edges = &edges[read..];
            if edges.is_empty() {
                return Ok(());
            }
            self.flush()?;
        }
    }

    fn flush(&mut self) -> Result<(), WireError> {
        if let Some(batch) = self.decoder.flush().map_err(|error| wrong(&error))? {
            self.batches
                .push(rows(&batch, &self.schema).map_err(|error| wrong(&error))?);
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Table, WireError> {
        self.flush()?;
        Ok(Table {
            schema: self.schema,
            batches: self.batches,
        })
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
