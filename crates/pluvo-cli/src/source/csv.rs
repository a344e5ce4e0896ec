//! CSV in the forms that HR systems write it.

use super::{Cell, Row, Sheet, twice};
use csv::{ReaderBuilder, StringRecord};

/// Reads rows under a header. A row of another length keeps what it has and says what is wrong with it.
pub(super) fn read(text: &str, delimiter: Option<u8>) -> Result<Sheet, String> {
    let delimiter = delimiter.unwrap_or_else(|| sniff(text));
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut lines = Lines { text, at: 0, line: 1 };
    let unusable = |error: csv::Error| error.to_string();
    let headings: Vec<String> = reader
        .headers()
        .map_err(unusable)?
        .iter()
        .map(|heading| heading.trim().to_owned())
        .collect();
    if let Some(heading) = twice(&headings) {
        return Err(format!("line 1: the column `{heading}` is there twice"));
    }
    let mut rows = Vec::new();
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(unusable)? {
        let start = record.position().map_or(0, csv::Position::byte);
        let fault = (record.len() != headings.len()).then(|| {
            format!(
                "the row has {} cells where the header has {}",
                record.len(),
                headings.len()
            )
        });
        let mut cells: Vec<Cell> = record.iter().map(Cell::from).collect();
        cells.resize(headings.len(), Cell::default());
        rows.push(Row {
            line: lines.at(usize::try_from(start).unwrap_or(usize::MAX)),
            cells,
            fault,
        });
    }
    Ok(Sheet { headings, rows })
}

/// The character that the header has most of, outside quotes.
fn sniff(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            _ => {
                if let Some((_, count)) = counts.iter_mut().find(|(candidate, _)| *candidate == byte) {
                    *count += 1;
                }
            }
        }
    }
    // Of equals the comma, which comes first.
    counts
        .into_iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map_or(b',', |(byte, _)| byte)
}

/// Counts lines. The reader's own count is off by one after CRLF and by more after blank lines, since it looks at a
/// record's line before it has passed over what stands between records.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn at(&mut self, start: usize) -> u64 {
        let bytes = self.text.as_bytes();
        let start = start.min(bytes.len());
        let blank = bytes[start..]
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count();
        let passed = self.text.get(self.at..start + blank).unwrap_or_default();
        self.line += passed.matches('\n').count() as u64;
        self.at = start + blank;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(sheet: &Sheet) -> Vec<u64> {
        sheet.rows.iter().map(|row| row.line).collect()
    }

    #[test]
    fn rows_keep_their_lines_whatever_ends_them() {
        for end in ["\n", "\r\n"] {
            let text = ["a;b", "1;2", "", "\"x;\ny\";3", "4;5"].join(end);
            let sheet = read(&text, None).unwrap();
            assert_eq!(lines(&sheet), [2, 4, 6], "{end:?}");
            assert_eq!(sheet.rows[1].cells, ["x;\ny", "3"].map(Cell::from));
        }
    }

    #[test]
    fn delimiters_are_told_apart() {
        for (text, delimiter) in [
            ("a,b,c\n", b','),
            ("a;b;\"c,d,e,f\"\n", b';'),
            ("a\tb\n", b'\t'),
            ("a|b\n", b'|'),
            ("a\n1;2;3\n", b','),
            ("", b','),
        ] {
            assert_eq!(sniff(text), delimiter, "{text:?}");
        }
        let sheet = read("a;b\n1;2\n", Some(b',')).unwrap();
        assert_eq!(sheet.headings, ["a;b"]);
    }

    #[test]
    fn rows_of_another_length_say_so_and_keep_their_cells() {
        let sheet = read("a,b\n1\n1,2,3\n1,2\n", None).unwrap();
        assert_eq!(sheet.rows[0].cells, ["1", ""].map(Cell::from));
        assert_eq!(
            sheet.rows[0].fault.as_deref(),
            Some("the row has 1 cells where the header has 2")
        );
        assert!(sheet.rows[1].fault.is_some() && sheet.rows[2].fault.is_none());
        assert!(read("a,a\n", None).unwrap_err().contains("`a` is there twice"));
    }
}
