//! Reading arguments.

use std::fmt::Write;

use async_graphql::{Error, Value};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Call, failure};

impl Call<'_> {
    fn given(&self, name: &str) -> Option<&Value> {
        self.args
            .as_index_map()
            .get(name)
            .filter(|value| **value != Value::Null)
    }

    /// A text argument.
    pub(super) fn str(&self, name: &str) -> Option<&str> {
        match self.given(name) {
            Some(Value::String(text)) => Some(text),
            Some(Value::Enum(name)) => Some(name.as_str()),
            _ => None,
        }
    }

    /// A number argument.
    pub(super) fn int(&self, name: &str) -> Option<i64> {
        match self.given(name) {
            Some(Value::Number(number)) => number.as_i64(),
            _ => None,
        }
    }

    /// A yes or no argument.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match self.given(name) {
            Some(Value::Boolean(flag)) => Some(*flag),
            _ => None,
        }
    }

    /// An id argument. The schema has made sure that it is a UUID.
    pub(super) fn uuid(&self, name: &str) -> Option<Uuid> {
        self.str(name).and_then(|text| Uuid::try_parse(text).ok())
    }

    /// A list argument; a single value counts as a list of one.
    pub(super) fn list(&self, name: &str) -> Option<&[Value]> {
        self.given(name).map(|value| match value {
            Value::List(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        })
    }

    /// A list of ids.
    pub(super) fn uuids(&self, name: &str) -> Option<Vec<Uuid>> {
        let read = |value: &Value| text_of(value).and_then(|text| Uuid::try_parse(text).ok());
        self.list(name)
            .map(|values| values.iter().filter_map(read).collect())
    }

    /// A list of enum members or texts.
    pub(super) fn strs(&self, name: &str) -> Option<Vec<&str>> {
        self.list(name)
            .map(|values| values.iter().filter_map(text_of).collect())
    }

    /// A moment, in seconds since 1970.
    pub(super) fn moment(&self, name: &str) -> Result<Option<i64>, Error> {
        let Some(text) = self.str(name) else {
            return Ok(None);
        };
        let read = seconds(text);
        read.map(Some)
            .ok_or_else(|| failure("INVALID", format!("{name}: \"{text}\" is not a DateTime.")))
    }

    /// What was asked for apart from the page: the name of a filtered list.
    pub(super) fn filter_key(&self, list: &str) -> String {
        let mut key = list.to_owned();
        for (name, value) in self.args.as_index_map() {
            if !matches!(name.as_str(), "first" | "after" | "last" | "before" | "offset") {
                // Writing to a string does not fail.
                let _ = write!(key, ";{name}={value}");
            }
        }
        key
    }
}

/// The text of a string or enum member.
pub(super) fn text_of(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Enum(name) => Some(name.as_str()),
        _ => None,
    }
}

/// Reads `2026-01-05T09:00:00Z`, with an offset, or without one (then UTC), or a day alone.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let moment = text
        .parse::<Timestamp>()
        .or_else(|_| format!("{text}Z").parse::<Timestamp>());
    moment
        .or_else(|_| format!("{text}T00:00:00Z").parse::<Timestamp>())
        .map(Timestamp::as_second)
        .ok()
}
