//! What is done in a scenario.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Outcome, Span};

/// One step.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Step {
    /// Calls the client.
    Call(Box<CallStep>),
    /// Waits for a call that was begun in the background.
    Join(Box<Join>),
    /// Gives up a call that was begun in the background.
    Cancel(Cancel),
    /// Waits until so many requests have come in.
    Until {
        /// How many.
        until: Until,
    },
    /// Lets time pass.
    Advance {
        /// On which clocks.
        advance: Advance,
    },
    /// Asks something of the sandbox.
    Control {
        /// What.
        control: Control,
    },
}

/// A call of the client.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallStep {
    /// Which: `users.list`, `query`, `check`, …
    pub call: String,
    /// Its arguments, named as in the API.
    #[serde(default)]
    pub args: Map<String, Value>,
    /// How it is carried out.
    #[serde(default)]
    pub how: How,
    /// Which client; each name is a client of its own with the same settings.
    #[serde(default = "first")]
    pub client: String,
    /// So many of it at once; each has to come out as expected.
    #[serde(default = "once")]
    pub concurrently: usize,
    /// Begins it under this name and goes on to the next step.
    #[serde(default)]
    pub background: Option<String>,
    /// What comes of it.
    #[serde(default)]
    pub expect: Outcome,
}

fn first() -> String {
    "first".to_owned()
}

fn once() -> usize {
    1
}

/// How a call is carried out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct How {
    /// How a list is read.
    pub read: Read,
    /// Rows a page.
    pub page_size: Option<u32>,
    /// Rows in all.
    pub limit: Option<u64>,
    /// Pages in flight.
    pub parallel: Option<usize>,
    /// Whether a page is fetched ahead.
    pub prefetch: Option<bool>,
    /// Stops after so many rows (`items`) or pages (`pages`).
    pub take: Option<usize>,
    /// Lets so much time pass on both clocks after each page.
    pub pause: Option<Span>,
    /// Keeps the position at the end of the step under this name.
    pub keep: Option<String>,
    /// Goes on from the position of this name.
    pub after: Option<String>,
    /// Goes on from this text, which may be no position at all.
    pub after_text: Option<String>,
    /// Another selection than the default one.
    pub select: Option<String>,
    /// `query`: data beside errors is wanted.
    pub partial: bool,
    /// `query`: whether a mutation may be repeated.
    pub repeatable: Option<bool>,
    /// `query`: which operation of the document.
    pub operation_name: Option<String>,
}

/// How a list is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Read {
    /// Page by page.
    #[default]
    Pages,
    /// Row by row.
    Items,
    /// In one call that gives all rows or none.
    All,
    /// Its count alone.
    Count,
}

/// The end of a background call.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// Its name.
    pub join: String,
    /// What comes of it.
    #[serde(default)]
    pub expect: Outcome,
}

/// A background call that is given up.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cancel {
    /// Its name.
    pub cancel: String,
}

/// Requests to wait for.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub struct Until {
    /// To the token endpoint.
    pub tokens: usize,
    /// To the GraphQL endpoint.
    pub graphql: usize,
}

/// Time that passes.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Advance {
    /// For the clients.
    pub client: Option<Span>,
    /// On the clients' calendar alone, as when a computer's clock is set.
    pub calendar: Option<Span>,
    /// For the sandbox.
    pub sandbox: Option<Span>,
}

/// A request to the sandbox's control API.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// `POST` or `DELETE`.
    pub method: String,
    /// The path, such as `/__sandbox/tokens/expire`.
    pub path: String,
    /// The body.
    #[serde(default)]
    pub body: Option<Value>,
}
