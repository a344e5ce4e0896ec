//! Reading arguments.

use std::fmt::Write;

use async_graphql::indexmap::IndexMap;
use async_graphql::{Error, Name, Value};
use jiff::Timestamp;
use uuid::Uuid;

use super::failure;
use crate::data::table::{Record, Table};

/// Arguments, or the fields of an input object. A null counts as not given.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Input<'a>(pub(crate) &'a IndexMap<Name, Value>);

impl<'a> Input<'a> {
    /// The value of this name.
    pub(crate) fn given(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| **value != Value::Null)
    }

    /// A text argument.
    pub(crate) fn str(self, name: &str) -> Option<&'a str> {
        match self.given(name) {
            Some(Value::String(text)) => Some(text),
            Some(Value::Enum(name)) => Some(name.as_str()),
            _ => None,
        }
    }

    /// A number argument.
    pub(crate) fn int(self, name: &str) -> Option<i64> {
        match self.given(name) {
            Some(Value::Number(number)) => number.as_i64(),
            _ => None,
        }
    }

    /// A yes or no argument.
    pub(crate) fn flag(self, name: &str) -> Option<bool> {
        match self.given(name) {
            Some(Value::Boolean(flag)) => Some(*flag),
            _ => None,
        }
    }

    /// An id argument. The schema has made sure that it is a UUID.
    pub(crate) fn uuid(self, name: &str) -> Option<Uuid> {
        self.str(name).and_then(|text| Uuid::try_parse(text).ok())
    }

    /// A list argument; a single value counts as a list of one.
    pub(crate) fn list(self, name: &str) -> Option<&'a [Value]> {
        self.given(name).map(|value| match value {
            Value::List(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        })
    }

    /// The row that `id`, `ref` and `email` name: the one that all of the given ones do.
    pub(crate) fn one_of<T: Record>(self, table: &Table<T>) -> Result<Option<u32>, Error> {
        let given = [
            self.uuid("id").map(|id| table.by_id(id)),
            self.str("ref").map(|reference| table.by_reference(reference)),
            self.str("email").map(|email| table.by_email(email)),
        ];
        let mut given = given.into_iter().flatten();
        let Some(first) = given.next() else {
            return Err(failure(
                "INVALID",
                "One of `id`, `ref` and, for users, `email` has to be given.",
            ));
        };
        Ok(first.filter(|&row| given.all(|other| other == Some(row))))
    }

    /// An input object.
    pub(crate) fn object(self, name: &str) -> Option<Input<'a>> {
        match self.given(name) {
            Some(Value::Object(fields)) => Some(Input(fields)),
            _ => None,
        }
    }

    /// A list of input objects.
    pub(crate) fn objects(self, name: &str) -> Option<Vec<Input<'a>>> {
        let read = |value: &'a Value| match value {
            Value::Object(fields) => Some(Input(fields)),
            _ => None,
        };
        self.list(name)
            .map(|values| values.iter().filter_map(read).collect())
    }

    /// A list of ids.
    pub(crate) fn uuids(self, name: &str) -> Option<Vec<Uuid>> {
        let read = |value: &Value| text_of(value).and_then(|text| Uuid::try_parse(text).ok());
        self.list(name)
            .map(|values| values.iter().filter_map(read).collect())
    }

    /// A list of enum members or texts.
    pub(crate) fn strs(self, name: &str) -> Option<Vec<&'a str>> {
        self.list(name)
            .map(|values| values.iter().filter_map(text_of).collect())
    }

    /// A moment, in seconds since 1970.
    pub(crate) fn moment(self, name: &str) -> Result<Option<i64>, Error> {
        let Some(text) = self.str(name) else {
            return Ok(None);
        };
        let read = seconds(text);
        read.map(Some)
            .ok_or_else(|| failure("INVALID", format!("{name}: \"{text}\" is not a DateTime.")))
    }

    /// What was asked for apart from the page: the name of a filtered list.
    pub(crate) fn filter_key(self, list: &str) -> String {
        let mut key = list.to_owned();
        for (name, value) in self.0 {
            if !matches!(name.as_str(), "first" | "after" | "last" | "before" | "offset") {
                // Writing to a string does not fail.
                let _ = write!(key, ";{name}={value}");
            }
        }
        key
    }
}

/// The text of a string or enum member.
pub(crate) fn text_of(value: &Value) -> Option<&str> {
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
