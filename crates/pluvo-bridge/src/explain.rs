//! Reading JSON that a caller gave, and saying what is wrong with it in words that every language shares.
//!
//! What was given is never repeated: it may be a secret or somebody's name.

use serde::de::{DeserializeOwned, Deserializer, Visitor};
use serde_json::{Map, Value};

/// Reads a value, or says what is wrong with it: at which place, and what belongs there.
pub(crate) fn read<T: DeserializeOwned>(value: Value) -> Result<T, Wrong> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        Wrong {
            path: if path == "." { String::new() } else { path },
            cause: error.into_inner().to_string(),
        }
    })
}

/// Reads a JSON object. No text at all is an empty one, and null members are as absent ones.
pub(crate) fn object(text: &str, what: &str) -> Result<Map<String, Value>, String> {
    if text.trim().is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(format!("{what} must be a JSON object")),
        Err(cause) => Err(format!(
            "{what} must be a JSON object; it breaks off or is none at line {}, column {}",
            cause.line(),
            cause.column()
        )),
    }
}

/// Leaves out what is null, at every depth of objects.
pub(crate) fn without_nulls(mut value: Value) -> Value {
    if let Value::Object(map) = &mut value {
        map.retain(|_, value| !value.is_null());
        for value in map.values_mut() {
            *value = without_nulls(value.take());
        }
    }
    value
}

/// What is wrong with a value.
#[derive(Debug)]
pub(crate) struct Wrong {
    path: String,
    cause: String,
}

impl Wrong {
    /// In a sentence about a thing whose members are called so: an `argument` of `users.update`, a `setting`.
    pub(crate) fn sentence(&self, member: &str, of: &str) -> String {
        let place = |name: &str| format!("the {member} `{name}`{of}");
        if let Some(name) = named(&self.cause, "missing field ") {
            return format!("{} is needed", place(&self.under(name)));
        }
        if let Some(name) = named(&self.cause, "unknown field ") {
            // The unknown name stands at the end of the path too.
            let parent = self
                .path
                .strip_suffix(name)
                .map_or(self.path.as_str(), |parent| parent.trim_end_matches('.'));
            let takes = names(&self.cause);
            let takes = if takes.is_empty() {
                "nothing".to_owned()
            } else {
                takes.join(", ")
            };
            return if parent.is_empty() {
                format!("there is no {member} `{name}`{of}; there is {takes}")
            } else {
                format!("{} has no `{name}`; it takes {takes}", place(parent))
            };
        }
        let subject = if self.path.is_empty() {
            format!("what is given{of}")
        } else {
            place(&self.path)
        };
        match self.cause.split_once(", expected ") {
            Some((given, expected)) => format!("{subject} must be {}{}", plain(expected), not(given)),
            None => format!("{subject} cannot be used: {}", without_quoted(&self.cause)),
        }
    }

    fn under(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }
}

/// The name that follows in backticks.
fn named<'a>(cause: &'a str, before: &str) -> Option<&'a str> {
    cause.strip_prefix(before)?.strip_prefix('`')?.split('`').next()
}

/// The names after "expected", in backticks.
fn names(cause: &str) -> Vec<&str> {
    let expected = cause.split_once(", expected ").map_or("", |(_, names)| names);
    expected.split('`').skip(1).step_by(2).collect()
}

fn not(given: &str) -> String {
    let kind = given.strip_prefix("invalid type: ").and_then(|kind| {
        Some(match kind.split([' ', '`', '"']).next()? {
            "null" | "unit" => "null",
            "boolean" => "a boolean",
            "integer" => "a whole number",
            "floating" => "a number",
            "string" => "a string",
            "sequence" => "a list",
            "map" => "an object",
            _ => return None,
        })
    });
    kind.map(|kind| format!(", not {kind}")).unwrap_or_default()
}

/// Rust's words for types, in everybody's.
fn plain(expected: &str) -> String {
    match expected {
        "a sequence" => "a list".to_owned(),
        "a map" => "an object".to_owned(),
        "i64" => "a whole number".to_owned(),
        "u32" | "u64" | "usize" => "a whole number, 0 or more".to_owned(),
        "f64" => "a number".to_owned(),
        _ if expected.starts_with("struct ") => "an object".to_owned(),
        _ => without_quoted(expected),
    }
}

fn without_quoted(text: &str) -> String {
    text.split('"').step_by(2).collect::<Vec<_>>().join("…")
}

/// The names of a struct's fields, as they stand in JSON.
pub(crate) fn fields_of<T: DeserializeOwned>() -> &'static [&'static str] {
    struct Look<'a>(&'a mut &'static [&'static str]);

    impl<'de> Deserializer<'de> for Look<'_> {
        type Error = serde::de::value::Error;

        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
            Err(serde::de::Error::custom("not a struct"))
        }

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            fields: &'static [&'static str],
            _: V,
        ) -> Result<V::Value, Self::Error> {
            *self.0 = fields;
            Err(serde::de::Error::custom("seen"))
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
            unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }

    let mut fields: &'static [&'static str] = &[];
    let _ = T::deserialize(Look(&mut fields));
    fields
}
