//! What a face has to offer to be run.

use std::time::Duration;

use serde_json::Value;

use crate::control::Result;
use crate::scenario::{CallStep, Span};
use crate::stage::Stage;

/// A language or program through which scenarios are run.
pub trait Face: Sized + 'static {
    /// Its name in `except`.
    const NAME: &'static str;

    /// Whether it can be run at all; if not, how to get what is lacking.
    fn ready() -> Result<()> {
        Ok(())
    }

    /// Makes ready for a scenario. Clients are made when they are first called.
    fn new(stage: &Stage) -> Result<Self>;

    /// Carries a call out.
    fn call(&self, step: &CallStep, after: Option<String>) -> impl Future<Output = Result<Seen>>;

    /// Lets time pass for the clients, and on their calendar.
    fn advance(&self, by: Duration, calendar: Option<Span>) -> Result<()>;

    /// Every wait of the clients; nothing if the face cannot tell.
    fn waits(&self) -> Option<Vec<Duration>>;

    /// What the clients logged.
    fn log(&self) -> String;

    /// Everything else that they gave off: errors, debug forms, hook events, output.
    fn told(&self) -> String;

    /// The mode of the token file.
    fn store_mode(&self) -> Option<String>;
}

/// What came of a call.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The rows that were handed over, by the API's field names.
    pub rows: Vec<Value>,
    /// How many were on each page; nothing if the face does not tell, as for a list that is not read by pages.
    pub pages: Option<Vec<usize>>,
    /// How many rows the server counts; nothing if the face does not tell.
    pub told: Option<u64>,
    /// What the call gave; nothing if it gave nothing.
    pub value: Option<Value>,
    /// How it failed.
    pub error: Option<Failed>,
    /// Where a list was left.
    pub position: Option<String>,
}

/// An error, as every face can tell it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Failed {
    /// The kind's code.
    pub code: String,
    /// Its text and its causes'.
    pub text: String,
    /// The HTTP status.
    pub status: Option<u16>,
    /// The server's wish, in seconds.
    pub retry_after: Option<f64>,
    /// Attempts made.
    pub attempts: u32,
    /// Whether it may be tried again later; nothing if the face does not tell.
    pub retryable: Option<bool>,
    /// How many GraphQL errors it carries.
    pub graphql: usize,
}
