//! Changes to the JSON of an answer, such as no serialiser of a real server would be asked to make.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One change: `{"path": "data.*.edges.0.node.name", "set": null}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    /// Where: keys and indexes joined by dots; `*` is every key or index. The last part may be a new key.
    pub path: String,
    /// What.
    #[serde(flatten)]
    pub change: Change,
}

impl Edit {
    /// Puts a value there.
    pub fn set(path: impl Into<String>, value: impl Into<Value>) -> Self {
        Self {
            path: path.into(),
            change: Change::Set(value.into()),
        }
    }

    /// Takes away what is there.
    pub fn remove(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            change: Change::Remove(true),
        }
    }

    /// Puts text there as it is, JSON or not.
    pub fn raw(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            change: Change::Raw(text.into()),
        }
    }
}

/// What becomes of the place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// This value.
    Set(Value),
    /// This text as it is: numbers of any size, lone surrogates (`"\ud800"`), keys twice (`1,"name":2`).
    Raw(String),
    /// Lists in lists, so many levels deep.
    Nest(usize),
    /// A string of so many letters.
    Letters(usize),
    /// Nothing: the key or index goes.
    Remove(bool),
}

/// Marks the places of raw text; no answer of the sandbox has this private character in it.
const MARK: char = '\u{e000}';

/// Makes the changes.
pub(super) fn apply(body: &[u8], edits: &[Edit]) -> Vec<u8> {
    let Ok(mut json) = serde_json::from_slice::<Value>(body) else {
        return body.to_vec();
    };
    for (n, edit) in edits.iter().enumerate() {
        let path: Vec<&str> = edit.path.split('.').collect();
        let value = match &edit.change {
            Change::Set(value) => Some(value.clone()),
            Change::Letters(count) => Some(Value::String("x".repeat(*count))),
            Change::Raw(_) | Change::Nest(_) => Some(Value::String(format!("{MARK}{n}{MARK}"))),
            Change::Remove(_) => None,
        };
        change(&mut json, &path, value.as_ref());
    }
    let mut text = json.to_string();
    for (n, edit) in edits.iter().enumerate() {
        let raw = match &edit.change {
            Change::Raw(raw) => raw.clone(),
            Change::Nest(levels) => "[".repeat(*levels) + &"]".repeat(*levels),
            _ => continue,
        };
        text = text.replace(&format!("\"{MARK}{n}{MARK}\""), &raw);
    }
    text.into_bytes()
}

fn change(json: &mut Value, path: &[&str], value: Option<&Value>) {
    let Some((&step, rest)) = path.split_first() else {
        return;
    };
    match json {
        Value::Object(fields) => {
            let keys: Vec<String> = if step == "*" {
                fields.keys().cloned().collect()
            } else {
                vec![step.to_owned()]
            };
            for key in keys {
                match (rest, value) {
                    ([], Some(value)) => drop(fields.insert(key, value.clone())),
                    ([], None) => drop(fields.remove(&key)),
                    _ => fields
                        .get_mut(&key)
                        .into_iter()
                        .for_each(|inner| change(inner, rest, value)),
                }
            }
        }
        Value::Array(items) => {
            let wanted = if step == "*" {
                0..items.len()
            } else {
                index(step, items.len())
            };
            for at in wanted.rev() {
                match (rest, value) {
                    ([], Some(value)) => items[at] = value.clone(),
                    ([], None) => drop(items.remove(at)),
                    _ => change(&mut items[at], rest, value),
                }
            }
        }
        _ => {}
    }
}

fn index(step: &str, len: usize) -> std::ops::Range<usize> {
    match step.parse::<usize>() {
        Ok(at) if at < len => at..at + 1,
        _ => 0..0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Edit, apply};

    fn edited(edit: serde_json::Value) -> String {
        let edit: Edit = serde_json::from_value(edit).expect("an edit");
        let body = json!({"data": {"list": {"edges": [{"node": {"name": "A"}}, {"node": {"name": "B"}}]}}});
        String::from_utf8(apply(body.to_string().as_bytes(), &[edit])).expect("text")
    }

    #[test]
    fn places_are_set_removed_and_written_raw() {
        let all = edited(json!({"path": "data.*.edges.*.node.name", "set": 1}));
        assert_eq!(
            all,
            r#"{"data":{"list":{"edges":[{"node":{"name":1}},{"node":{"name":1}}]}}}"#
        );
        let null = edited(json!({"path": "data.list", "set": null}));
        assert_eq!(null, r#"{"data":{"list":null}}"#);
        let one = edited(json!({"path": "data.*.edges.1", "remove": true}));
        assert_eq!(one, r#"{"data":{"list":{"edges":[{"node":{"name":"A"}}]}}}"#);
        let twice = edited(json!({"path": "data.list", "raw": r#"1,"list":1e999"#}));
        assert_eq!(twice, r#"{"data":{"list":1,"list":1e999}}"#);
        assert!(edited(json!({"path": "data.new", "nest": 3})).contains(r#""new":[[[]]]"#));
        assert!(edited(json!({"path": "data.new", "letters": 3})).contains(r#""new":"xxx""#));
    }
}
