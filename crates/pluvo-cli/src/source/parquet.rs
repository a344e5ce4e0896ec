//! Parquet.

use super::{Cell, Row, Sheet};
use bytes::Bytes;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

/// How every Parquet file begins.
pub(super) const MAGIC: &[u8] = b"PAR1";

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
        rows.push(Row {
            line,
            cells: record.get_column_iter().map(|(_, field)| cell(field)).collect(),
            fault: None,
        });
    }
    Ok(Sheet { headings, rows })
}

/// A value as text or date; a list of texts as one with commas between them.
fn cell(field: &Field) -> Cell {
    match field {
        Field::Null => Some(Cell::default()),
        Field::Str(text) => Some(Cell::from(text.as_str())),
        Field::Date(days) => {
            let epoch = Date::constant(1970, 1, 1);
            epoch.checked_add(days.days()).ok().map(Cell::Date)
        }
        Field::TimestampMillis(at) => Timestamp::from_millisecond(*at).ok().map(moment),
        Field::TimestampMicros(at) => Timestamp::from_microsecond(*at).ok().map(moment),
        Field::ListInternal(list) => {
            let texts: Option<Vec<&str>> = list
                .elements()
                .iter()
                .map(|field| match field {
                    Field::Str(text) => Some(text.as_str()),
                    _ => None,
                })
                .collect();
            texts.map(|texts| Cell::Text(texts.join(",")))
        }
        Field::Group(_) | Field::MapInternal(_) | Field::Bytes(_) => None,
        plain => Some(Cell::Text(plain.to_string())),
    }
    .unwrap_or_else(|| Cell::Bad("it is no text, number, date or list of texts".to_owned()))
}

fn moment(at: Timestamp) -> Cell {
    Cell::Text(at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::builder::{ListBuilder, StringBuilder};
    use arrow_array::{
        ArrayRef, BinaryArray, BooleanArray, Date32Array, Int64Array, RecordBatch, StringArray,
        TimestampMicrosecondArray,
    };
    use parquet::arrow::ArrowWriter;
    use std::sync::Arc;

    #[test]
    fn values_become_texts_and_dates() {
        let mut roles = ListBuilder::new(StringBuilder::new());
        roles.append_value([Some("MANAGER"), Some("TRAINER")]);
        roles.append_null();
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("ref", Arc::new(Int64Array::from(vec![100_001, 7]))),
            ("name", Arc::new(StringArray::from(vec![Some("Zoë"), None]))),
            ("until", Arc::new(Date32Array::from(vec![Some(20_454), None]))),
            ("leads", Arc::new(BooleanArray::from(vec![true, false]))),
            (
                "seen",
                Arc::new(TimestampMicrosecondArray::from(vec![Some(1), None]).with_timezone("UTC")),
            ),
            ("roles", Arc::new(roles.finish())),
            (
                "picture",
                Arc::new(BinaryArray::from(vec![Some(&b"\xff"[..]), None])),
            ),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let mut file = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();

        let sheet = read(file).unwrap();
        assert_eq!(
            sheet.headings.join(" "),
            "ref name until leads seen roles picture"
        );
        let [first, second] = sheet.rows.as_slice() else {
            panic!("{sheet:?}")
        };
        assert_eq!((first.line, second.line), (1, 2));
        assert_eq!(
            first.cells[..6],
            [
                "100001".into(),
                "Zoë".into(),
                Cell::Date(jiff::civil::date(2026, 1, 1)),
                "true".into(),
                "1970-01-01T00:00:00.000001Z".into(),
                "MANAGER,TRAINER".into(),
            ]
        );
        assert!(matches!(first.cells[6], Cell::Bad(_)));
        let texts: Vec<_> = second.cells.iter().map(Cell::text).collect();
        assert_eq!(texts, ["7", "", "", "false", "", "", ""]);
    }
}
