//! Spreadsheets, as Excel writes them.

use super::{Cell, Row, Sheet, twice};
use calamine::{Data, Range, Reader, Xlsx, open_workbook_from_rs};
use jiff::civil::{Date, DateTime};
use std::io::Cursor;

/// How every workbook begins, which no text does.
pub(super) const MAGIC: &[u8] = b"PK\x03\x04";
/// How those of before 2007 begin.
pub(super) const OLD_MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Reads the rows under the first row that is not empty, of the sheet of this name or else the first one. The line of a
/// row is the number that Excel shows before it.
pub(super) fn read(file: &[u8], name: Option<&str>) -> Result<Sheet, String> {
    let mut book: Xlsx<_> =
        open_workbook_from_rs(Cursor::new(file)).map_err(|error: calamine::XlsxError| error.to_string())?;
    let names = book.sheet_names();
    let name = match name {
        Some(name) if names.iter().any(|there| there == name) => name,
        Some(name) => {
            return Err(format!(
                "there is no sheet `{name}`; there are {}",
                names.join(", ")
            ));
        }
        None => names.first().ok_or("there is no sheet")?,
    };
    let range = book.worksheet_range(name).map_err(|error| error.to_string())?;
    rows(&range)
}

fn rows(range: &Range<Data>) -> Result<Sheet, String> {
    let first = range.start().map_or(0, |(row, _)| u64::from(row) + 1);
    let mut lines = (first..).zip(range.rows());
    let Some((line, header)) = lines.next() else {
        return Ok(Sheet::default());
    };
    let headings: Vec<String> = header
        .iter()
        .map(|heading| cell(heading).text().trim().to_owned())
        .collect();
    if let Some(heading) = twice(&headings) {
        return Err(format!("line {line}: the column `{heading}` is there twice"));
    }
    // Rows that are only formatted are no rows.
    let rows = lines.filter(|(_, cells)| cells.iter().any(|cell| !matches!(cell, Data::Empty)));
    let rows = rows
        .map(|(line, cells)| Row {
            line,
            cells: cells.iter().map(cell).collect(),
            fault: None,
        })
        .collect();
    Ok(Sheet { headings, rows })
}

fn cell(value: &Data) -> Cell {
    match value {
        Data::Empty => Cell::default(),
        Data::String(text) => Cell::from(text.as_str()),
        Data::Bool(is) => Cell::from(is.to_string()),
        Data::Int(number) => Cell::from(number.to_string()),
        // Excel has no other numbers: an employee's is 100000.0 to it. This writes as few digits as tell it.
        Data::Float(number) => Cell::from(number.to_string()),
        Data::DateTime(at) if at.is_datetime() && at.as_f64() >= 1.0 => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
            let date = match parts {
                (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day).ok(),
                _ => None,
            };
            date.map_or_else(
                || Cell::Bad("it is not a date that there is".to_owned()),
                Cell::Date,
            )
        }
        Data::DateTimeIso(text) => match text.parse::<DateTime>() {
            Ok(at) => Cell::Date(at.date()),
            Err(_) => Cell::Bad(format!("`{text}` is not a date")),
        },
        Data::DateTime(_) | Data::DurationIso(_) => {
            Cell::Bad("it is a time of day or a length of time, not a text, number or date".to_owned())
        }
        Data::Error(error) => Cell::Bad(format!("it says {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

    fn book(fill: impl Fn(&mut Workbook) -> Result<(), rust_xlsxwriter::XlsxError>) -> Vec<u8> {
        let mut book = Workbook::new();
        fill(&mut book).unwrap();
        book.save_to_buffer().unwrap()
    }

    fn texts(row: &Row) -> Vec<String> {
        row.cells.iter().map(|cell| cell.text().into_owned()).collect()
    }

    #[test]
    fn cells_become_texts_and_dates_and_rows_keep_their_numbers() {
        let file = book(|book| {
            let sheet = book.add_worksheet();
            let date = Format::new().set_num_format("dd-mm-yyyy");
            // The table begins in C4: rows above and columns beside it are empty.
            sheet
                .write_row(3, 2, ["Nr", " Naam ", "Uit", "Leidt", "Deel"])?
                .write(4, 2, 100_000)?
                .write(4, 3, "Zoë")?
                .write_with_format(4, 4, &ExcelDateTime::from_ymd(2026, 1, 31)?, &date)?
                .write(4, 5, true)?
                .write(4, 6, 0.5)?
                .write(7, 2, "00017")?
                .write_with_format(
                    7,
                    4,
                    &ExcelDateTime::from_ymd(1999, 12, 31)?.and_hms(23, 59, 0)?,
                    &date,
                )?
                .write_blank(9, 2, &date)?;
            Ok(())
        });
        let sheet = read(&file, None).unwrap();
        assert_eq!(sheet.headings, ["Nr", "Naam", "Uit", "Leidt", "Deel"]);
        let lines: Vec<u64> = sheet.rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [5, 8]);
        assert_eq!(
            texts(&sheet.rows[0]),
            ["100000", "Zoë", "2026-01-31", "true", "0.5"]
        );
        assert_eq!(texts(&sheet.rows[1]), ["00017", "", "1999-12-31", "", ""]);
        assert_eq!(
            sheet.rows[1].cells[2],
            Cell::Date(jiff::civil::date(1999, 12, 31))
        );
    }

    #[test]
    fn long_numbers_keep_their_digits() {
        let file = book(|book| {
            book.add_worksheet()
                .write_row(0, 0, ["a", "b"])?
                .write(1, 0, 900_719_925_474_099_f64)?
                .write(1, 1, 1e15)?;
            Ok(())
        });
        let sheet = read(&file, None).unwrap();
        assert_eq!(texts(&sheet.rows[0]), ["900719925474099", "1000000000000000"]);
    }

    #[test]
    fn what_is_no_text_number_or_date_says_so() {
        let file = book(|book| {
            book.add_worksheet()
                .write_row(0, 0, ["a", "b"])?
                .write_with_format(1, 0, 0.75, &Format::new().set_num_format("hh:mm"))?
                .write_formula(1, 1, Formula::new("=NA()").set_result("#N/A"))?;
            Ok(())
        });
        let sheet = read(&file, None).unwrap();
        let Cell::Bad(time) = &sheet.rows[0].cells[0] else {
            panic!("{:?}", sheet.rows)
        };
        assert!(time.starts_with("it is a time of day"), "{time}");
        assert_eq!(sheet.rows[0].cells[1], Cell::Bad("it says #N/A".to_owned()));
    }

    #[test]
    fn a_sheet_is_the_first_or_the_one_that_is_named() {
        let file = book(|book| {
            book.add_worksheet()
                .set_name("Toelichting")?
                .write(0, 0, "Lees dit")?;
            book.add_worksheet()
                .set_name("Mensen")?
                .write_row(0, 0, ["ref", "ref"])?;
            Ok(())
        });
        assert_eq!(read(&file, None).unwrap().headings, ["Lees dit"]);
        assert_eq!(
            read(&file, Some("Mensen")).unwrap_err(),
            "line 1: the column `ref` is there twice"
        );
        assert_eq!(
            read(&file, Some("mensen")).unwrap_err(),
            "there is no sheet `mensen`; there are Toelichting, Mensen"
        );
        let empty = book(|book| book.add_worksheet().set_name("Leeg").map(drop));
        assert_eq!(read(&empty, None).unwrap(), Sheet::default());
        assert!(read(MAGIC, None).is_err());
    }
}
