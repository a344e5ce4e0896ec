//! One JSON object a line.

use super::{Row, Sheet};
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
                    row.cells.resize(row.cells.len().max(place + 1), String::new());
                    match plain(value) {
                        Some(text) => row.cells[place] = text,
                        None => {
                            row.fault = Some(format!(
                                "`{}` is an object or a list of more than texts",
                                sheet.headings[place]
                            ));
                        }
                    }
                }
            }
        }
        sheet.rows.push(row);
    }
    for row in &mut sheet.rows {
        row.cells.resize(sheet.headings.len(), String::new());
    }
    sheet
}

/// A value as text; a list of texts as one with commas between them.
fn plain(value: Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Array(items) => {
            let texts: Option<Vec<String>> = items
                .into_iter()
                .map(|item| match item {
                    Value::String(text) => Some(text),
                    _ => None,
                })
                .collect();
            texts.map(|texts| texts.join(","))
        }
        Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_become_rows_under_all_their_keys() {
        let sheet = read("{\"ref\":1,\"name\":\"Zoë\"}\n\n{\"roles\":[\"A\",\"B\"],\"ref\":null}\r\n");
        assert_eq!(sheet.headings, ["ref", "name", "roles"]);
        assert_eq!(sheet.rows[0].cells, ["1", "Zoë", ""]);
        assert_eq!(
            (sheet.rows[1].line, sheet.rows[1].cells.join("|")),
            (3, "||A,B".to_owned())
        );
    }

    #[test]
    fn lines_that_are_no_rows_say_so() {
        let sheet = read("nonsense\n{\"a\":{}}\n{\"a\":[1]}\n{\"a\":true}\n");
        let faults: Vec<bool> = sheet.rows.iter().map(|row| row.fault.is_some()).collect();
        assert_eq!(faults, [true, true, true, false]);
    }
}
