//! Printing an operation as the document that is sent.

use super::{Arguments, Dropped, Field, Operation, OperationKind, Shape};
use crate::error::{Error, Result};
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};
use std::fmt::{self, Write};

/// What is selected of the operation's node.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Selection<'a> {
    /// What the SDK selects by itself, without the fields that this server does not know.
    Default(&'a Dropped),
    /// The caller's own text, without the braces round it.
    Custom(&'a str),
    /// The caller's own text for the objects of a payload; what else the payload says is selected as ever.
    Object(&'a str),
}

impl Operation {
    /// Prints the document with the arguments that have a value, and no others: an argument that this server does
    /// not know must not stand in a document that does not use it.
    pub(crate) fn document(&self, arguments: &Arguments, selection: Selection<'_>) -> String {
        let mut text = String::with_capacity(512);
        text.push_str(match self.kind {
            OperationKind::Query => "query ",
            OperationKind::Mutation => "mutation ",
        });
        text.push_str(self.name);
        let all = self.path.iter().flat_map(|segment| segment.arguments);
        list(&mut text, all.filter_map(|argument| arguments.declare(argument)));
        for segment in self.path {
            text.push('{');
            text.push_str(segment.field);
            let own = segment.arguments.iter();
            list(&mut text, own.filter_map(|argument| arguments.print(argument)));
        }
        let mut open = self.path.len();
        if self.shape == Shape::Connection {
            // The cursor comes before the rows, so that the next page can be asked for while these are decoded.
            text.push_str("{pageInfo{hasNextPage endCursor}count edges{node");
            open += 2;
        }
        text.push('{');
        match selection {
            Selection::Default(dropped) => fields(&mut text, self.selection, dropped),
            Selection::Custom(own) => text.push_str(own),
            Selection::Object(own) => {
                for field in self.selection {
                    text.push_str(field.name);
                    if !field.selection.is_empty() {
                        let _ = write!(text, "{{{own}}}");
                    }
                    text.push(' ');
                }
                text.pop();
            }
        }
        text.push('}');
        text.extend(std::iter::repeat_n('}', open));
        text
    }

    /// The names of the fields from `data` to the payload.
    pub(crate) fn response_path(&self) -> Vec<&'static str> {
        self.path.iter().map(|segment| segment.field).collect()
    }

    /// Whether it can be read by offset.
    pub(crate) fn takes_offset(&self) -> bool {
        self.path
            .last()
            .is_some_and(|last| last.arguments.iter().any(|argument| argument.name == "offset"))
    }
}

fn list(text: &mut String, items: impl Iterator<Item = String>) {
    let items: Vec<_> = items.collect();
    if !items.is_empty() {
        text.push('(');
        text.push_str(&items.join(","));
        text.push(')');
    }
}

fn fields(text: &mut String, selection: &[Field], dropped: &Dropped) {
    let mut first = true;
    for field in selection {
        let mut below = String::new();
        if !field.selection.is_empty() {
            fields(&mut below, field.selection, dropped);
        }
        if dropped.contains(field.on, field.name) || (below.is_empty() && !field.selection.is_empty()) {
            continue;
        }
        if !std::mem::take(&mut first) {
            text.push(' ');
        }
        text.push_str(field.name);
        if !below.is_empty() {
            text.push('{');
            text.push_str(&below);
            text.push('}');
        }
    }
}

/// A request's JSON, whose variables may differ from attempt to attempt while all else stands.
#[derive(Clone)]
pub(crate) struct Body {
    /// Up to and including the last of the standing variables.
    head: String,
    has_variables: bool,
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.head.len())
    }
}

impl Body {
    pub(crate) fn new(
        operation_name: Option<&str>,
        document: &str,
        variables: &Map<String, Value>,
    ) -> Result<Self> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Parts<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            operation_name: Option<&'a str>,
            query: &'a str,
            variables: &'a Map<String, Value>,
        }
        let mut head = serde_json::to_string(&Parts {
            operation_name,
            query: document,
            variables,
        })
        .map_err(|cause| Error::invalid("the variables cannot be written as JSON").with_source(cause))?;
        head.truncate(head.len() - "}}".len());
        Ok(Self {
            head,
            has_variables: !variables.is_empty(),
        })
    }

    pub(crate) fn with(&self, more: &[(&str, Value)]) -> Bytes {
        let mut text = String::with_capacity(self.head.len() + 48 * more.len() + 2);
        text.push_str(&self.head);
        let mut comma = self.has_variables;
        for (name, value) in more {
            if std::mem::replace(&mut comma, true) {
                text.push(',');
            }
            // Names are the SDK's own and need no escaping.
            let _ = write!(text, "\"{name}\":{value}");
        }
        text.push_str("}}");
        Bytes::from(text)
    }
}
