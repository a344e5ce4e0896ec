//! What is expected of a call, and at the end.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Span;

/// What comes of a call.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Outcome {
    /// How many rows were handed over, before an error too.
    pub count: Option<usize>,
    /// Whether no row came twice. Checked unless said otherwise.
    pub unique: Option<bool>,
    /// Which rows.
    pub rows: Option<Rows>,
    /// Rows of each page.
    pub pages: Option<Vec<usize>>,
    /// How many rows the server counts.
    pub told: Option<u64>,
    /// What every row holds.
    pub each: Option<Value>,
    /// Fields that no row has a value for.
    pub without: Vec<String>,
    /// What rows hold, by their number.
    pub row: BTreeMap<String, Value>,
    /// What the call gives, as far as it is said here.
    pub value: Option<Value>,
    /// The call gives nothing.
    pub absent: bool,
    /// How it fails. Without it, it does not fail.
    pub error: Option<Failure>,
}

/// Which rows.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Rows {
    /// `all` or `kept`.
    Named(Named),
    /// Some of them.
    Some(Part),
}

/// Rows that have a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// Exactly those that a plain reading found at the start, in its order.
    All,
    /// Each of those that plain readings found at the start and at the end; others may be there as well.
    Kept,
}

/// A part of the rows that a plain reading found at the start.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Part {
    /// Only those with these values.
    pub r#where: Map<String, Value>,
    /// In the opposite order.
    pub reversed: bool,
    /// Without the first so many.
    pub skip: usize,
    /// No more than so many.
    pub first: Option<usize>,
}

/// How a call fails.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// The kind's code.
    pub code: String,
    /// The HTTP status.
    #[serde(default)]
    pub status: Option<u16>,
    /// The server's wish, in seconds.
    #[serde(default)]
    pub retry_after: Option<f64>,
    /// Attempts made.
    #[serde(default)]
    pub attempts: Option<u32>,
    /// Whether it may be tried again later.
    #[serde(default)]
    pub retryable: Option<bool>,
    /// How many GraphQL errors it carries.
    #[serde(default)]
    pub graphql: Option<usize>,
    /// What its text, causes included, has in it, whatever the case of the letters.
    #[serde(default)]
    pub says: Vec<String>,
    /// What its text has not.
    #[serde(default)]
    pub never: Vec<String>,
}

/// What is to be true at the end.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expect {
    /// Requests to the token endpoint.
    pub tokens: Option<Range>,
    /// Requests to the GraphQL endpoint.
    pub graphql: Option<Range>,
    /// Connections on which requests came.
    pub connections: Option<Range>,
    /// The most requests that were being answered at once.
    pub in_flight: Option<Range>,
    /// What was mailed, in order; nobody if absent.
    pub outbox: Vec<Mail>,
    /// Single requests.
    pub requests: Vec<Request>,
    /// The rows of all steps together.
    pub rows: Option<Rows>,
    /// What the clients waited.
    pub waited: Option<Waited>,
    /// Faults, by name, that must not be hit. All others must be.
    pub unhit: Vec<String>,
    /// What the log of the client says somewhere.
    pub logs: Vec<String>,
    /// Further texts that may appear nowhere; the client's secret and all tokens are checked always.
    pub secrets: Vec<String>,
    /// The mode of the token file, such as `600`.
    pub store_mode: Option<String>,
}

/// Mail that went out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The mutation that sent it.
    pub operation: String,
    /// How many people got it.
    pub people: usize,
}

/// A number, or the least and the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Range {
    /// Exactly so many.
    Exactly(usize),
    /// From the first to the second.
    Between(usize, usize),
}

impl Range {
    /// Whether a number lies in it.
    pub fn holds(self, number: usize) -> bool {
        match self {
            Self::Exactly(exactly) => number == exactly,
            Self::Between(least, most) => (least..=most).contains(&number),
        }
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exactly(exactly) => write!(f, "{exactly}"),
            Self::Between(least, most) => write!(f, "{least} to {most}"),
        }
    }
}

/// Which requests are counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum On {
    /// Those to the GraphQL endpoint.
    #[default]
    Graphql,
    /// Those to the token endpoint.
    Token,
}

/// One request, or every one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Request {
    /// Of which.
    pub on: On,
    /// Which of them, from 1; every one if absent.
    pub nth: Option<usize>,
    /// The operation's name.
    pub operation: Option<String>,
    /// Variables, as far as they are said here.
    pub variables: Map<String, Value>,
    /// Variables that are not sent.
    pub without: Vec<String>,
    /// What the document has in it.
    pub query_says: Vec<String>,
    /// What it has not.
    pub query_never: Vec<String>,
    /// Text in headers, by their names; null for a header that is not sent.
    pub headers: BTreeMap<String, Option<String>>,
    /// Fields of the form.
    pub form: BTreeMap<String, Option<String>>,
    /// The protocol: `HTTP/1.1` or `HTTP/2.0`.
    pub version: Option<String>,
}

/// What the clients waited on their held clock: back-off, pauses, the rate.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Waited {
    /// In all, at least.
    pub least: Option<Span>,
    /// In all, at most.
    pub most: Option<Span>,
    /// How often.
    pub times: Option<Range>,
}
