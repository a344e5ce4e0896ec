//! Parquet.

use super::{Row, Sheet};
use bytes::Bytes;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

/// Reads rows, whose lines are their places from 1.
pub(super) fn read(file: Vec<u8>) -> Result<Sheet, String> {
    rows(file).map_err(|error| error.to_string())
}

fn rows(file: Vec<u8>) -> Result<Sheet, ParquetError> {
    let reader = SerializedFileReader::new(Bytes::from(file))?;
    let schema = reader.metadata().file_metadata().schema();
    let headings: Vec<String> = schema
        .get_fields()
        .iter()
        .map(|field| field.name().to_owned())
        .collect();
    let mut rows = Vec::new();
    for (line, record) in (1..).zip(reader.get_row_iter(None)?) {
        let record = record?;
        let mut row = Row {
            line,
            ..Row::default()
        };
        for (name, field) in record.get_column_iter() {
            let cell = text(field);
            if cell.is_none() {
                row.fault = Some(format!("`{name}` has no text, number, date or list of texts"));
            }
            row.cells.push(cell.unwrap_or_default());
        }
        rows.push(row);
    }
    Ok(Sheet { headings, rows })
}

/// A value as text; dates as `2026-01-31`, a list of texts as one with commas between them.
fn text(field: &Field) -> Option<String> {
    match field {
        Field::Null => Some(String::new()),
        Field::Str(text) => Some(text.clone()),
        Field::Date(days) => {
            let epoch = Date::constant(1970, 1, 1);
            epoch.checked_add(days.days()).ok().map(|date| date.to_string())
        }
        Field::TimestampMillis(at) => Timestamp::from_millisecond(*at).ok().map(|at| at.to_string()),
        Field::TimestampMicros(at) => Timestamp::from_microsecond(*at).ok().map(|at| at.to_string()),
        Field::ListInternal(list) => {
            let texts: Option<Vec<&str>> = list
                .elements()
                .iter()
                .map(|field| match field {
                    Field::Str(text) => Some(text.as_str()),
                    _ => None,
                })
                .collect();
            texts.map(|texts| texts.join(","))
        }
        Field::Group(_) | Field::MapInternal(_) | Field::Bytes(_) => None,
        plain => Some(plain.to_string()),
    }
}
