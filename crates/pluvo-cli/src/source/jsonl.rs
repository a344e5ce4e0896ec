//! One JSON object a line.

use super::{Cell, Row, Sheet};
use indexmap::IndexMap;
use serde_json::Value;
use std::collections::HashMap;

/// Reads objects whose keys are the headings. A line that is none, or has more than plain values, says so.
pub(super) fn read(text: &str) -> Sheet {
    let mut sheet = Sheet::default();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (line, text) in (1..).zip(text.lines()) {
        if text.trim().is_empty() {
            continue;
        }
        let mut row = Row {
            line,
            ..Row::default()
        };
        match serde_json::from_str::<IndexMap<String, Value>>(text) {
            Err(_) => row.fault = Some("the line is not a JSON object".to_owned()),
            Ok(object) => {
                for (key, value) in object {
                    let place = *places.entry(key).or_insert_with_key(|key| {
                        sheet.headings.push(key.clone());
                        sheet.headings.len() - 1
                    });
                    row.cells.resize(row.cells.len().max(place + 1), Cell::default());
                    row.cells[place] = cell(value);
                }
            }
        }
        sheet.rows.push(row);
    }
    for row in &mut sheet.rows {
        row.cells.resize(sheet.headings.len(), Cell::default());
    }
    sheet
}

/// A value as text; a list of texts as one with commas between them.
fn cell(value: Value) -> Cell {
    let bad = || Cell::Bad("it is an object or a list of more than texts".to_owned());
    match value {
        Value::Null => Cell::default(),
        Value::String(text) => Cell::Text(text),
        Value::Bool(_) | Value::Number(_) => Cell::Text(value.to_string()),
        Value::Array(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            texts.map_or_else(bad, |texts| Cell::Text(texts.join(",")))
        }
        Value::Object(_) => bad(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_become_rows_under_all_their_keys() {
        let sheet = read("{\"ref\":1,\"name\":\"Zoë\"}\n\n{\"roles\":[\"A\",\"B\"],\"ref\":null}\r\n");
        assert_eq!(sheet.headings, ["ref", "name", "roles"]);
        assert_eq!(sheet.rows[0].cells, ["1", "Zoë", ""].map(Cell::from));
        assert_eq!(sheet.rows[1].line, 3);
        assert_eq!(sheet.rows[1].cells, ["", "", "A,B"].map(Cell::from));
    }

    #[test]
    fn lines_that_are_no_rows_say_so() {
        let sheet = read("nonsense\n{\"a\":{}}\n{\"a\":[1]}\n{\"a\":true}\n");
        assert_eq!(
            sheet.rows[0].fault.as_deref(),
            Some("the line is not a JSON object")
        );
        let bad = |row: &Row| matches!(row.cells[0], Cell::Bad(_));
        let bad: Vec<bool> = sheet.rows.iter().map(bad).collect();
        assert_eq!(bad, [false, true, true, false]);
    }
}
