//! The scenario format. `scenario.schema.json` says the same for editors, `README.md` for people.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// One scenario.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Where the schema is; for editors.
    #[serde(rename = "$schema")]
    pub schema: String,
    /// What is promised, in one sentence.
    pub title: String,
    /// Which lines of `faults.md` it covers.
    pub covers: Vec<String>,
    /// Faces that cannot run it, each with the reason.
    #[serde(default)]
    pub except: BTreeMap<String, String>,
    /// What the sandbox is like.
    #[serde(default)]
    pub sandbox: Sandbox,
    /// What the clients are like.
    #[serde(default)]
    pub client: Client,
    /// What is done, in order.
    pub steps: Vec<Step>,
    /// What is to be true at the end.
    #[serde(default)]
    pub expect: Expect,
}

/// The sandbox of a scenario.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sandbox {
    /// How many people; the sandbox's own default if absent, as for the others.
    pub users: Option<usize>,
    /// How many groups.
    pub groups: Option<usize>,
    /// How many trainings.
    pub trainings: Option<usize>,
    /// The seed of the data.
    pub seed: Option<u64>,
    /// Serve HTTPS with such a certificate.
    pub tls: Option<pluvo_sandbox::Tls>,
    /// Whether its clock is held.
    pub held: bool,
    /// Settings, as its control API takes them.
    pub settings: Option<Value>,
    /// Faults, as its control API takes them.
    pub faults: Vec<Value>,
}

/// The settings of a scenario's clients. What is absent is the client's default.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Client {
    /// Where the organisation is; the sandbox if absent.
    pub organization: Option<String>,
    /// Where tokens come from.
    pub auth: Auth,
    /// Scopes to ask for.
    pub scopes: Option<Vec<String>>,
    /// A token file that all clients of the scenario share.
    pub store: Option<Store>,
    /// Trust the authority of the sandbox's certificate.
    pub trust: bool,
    /// How to repeat.
    pub retry: Retry,
    /// How much to repeat.
    pub retry_budget: Budget,
    /// When to renew tokens.
    pub renewal: Renewal,
    /// How much to ask at once.
    pub limits: Limits,
    /// How long attempts may take.
    pub timeouts: Timeouts,
    /// The largest answer, in bytes.
    pub max_body: Option<usize>,
    /// What the program calls itself.
    pub user_agent: Option<String>,
}

/// Where tokens come from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, tag = "kind", rename_all = "snake_case")]
pub enum Auth {
    /// Client credentials: the sandbox's own where absent.
    Credentials {
        /// The client's id.
        #[serde(default = "default_id")]
        id: String,
        /// The client's secret.
        #[serde(default = "default_secret")]
        secret: String,
    },
    /// A fixed token: a good one of the sandbox where absent.
    Token {
        /// The token.
        #[serde(default)]
        value: Option<String>,
    },
    /// A provider of the caller's.
    Provider {
        /// What it does.
        does: Provider,
    },
}

impl Default for Auth {
    fn default() -> Self {
        Self::Credentials {
            id: default_id(),
            secret: default_secret(),
        }
    }
}

fn default_id() -> String {
    pluvo_sandbox::CLIENT_ID.to_owned()
}

fn default_secret() -> String {
    pluvo_sandbox::CLIENT_SECRET.to_owned()
}

/// What a token provider does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Gives a new token of the sandbox each time (`POST /__sandbox/tokens`).
    Fresh,
    /// Fails with the words "the vault is shut".
    Fails,
    /// Never answers.
    Hangs,
    /// Gives an empty token.
    Empty,
    /// Gives a token whose lifetime is zero.
    Expired,
}

/// A token file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Store {
    /// What stands in it beforehand; if absent there is no file yet.
    pub holds: Option<String>,
}

macro_rules! settings {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name { $($(#[$field_doc])* pub $field: Option<$ty>,)* }
    };
}

settings! {
    /// How to repeat.
    Retry {
        /// Attempts in all.
        max_attempts: u32,
        /// The longest first delay.
        base_delay: Span,
        /// The longest delay.
        max_delay: Span,
        /// No repeats after so long.
        total: Span,
        /// The longest `Retry-After` to wait for.
        max_retry_after: Span,
    }
}

settings! {
    /// How much to repeat.
    Budget {
        /// Repeats for each request.
        ratio: f64,
        /// The time in which they count.
        window: Span,
        /// Repeats that are always allowed.
        reserve: u32,
    }
}

settings! {
    /// When to renew tokens.
    Renewal {
        /// So long before the end one caller renews.
        ahead: Span,
        /// So long before the end everybody waits.
        margin: Span,
        /// How long a failed renewal is left alone.
        pause: Span,
        /// How long a provider may take.
        provider_timeout: Span,
    }
}

settings! {
    /// How much to ask at once.
    Limits {
        /// Requests in flight.
        in_flight: usize,
        /// Requests a second.
        rate: f64,
    }
}

settings! {
    /// How long attempts may take, in real time.
    Timeouts {
        /// To connect.
        connect: Span,
        /// Without a byte.
        read: Span,
        /// In all.
        attempt: Span,
    }
}

/// A length of time, written `150ms`, `2s`, `5m` or `24h`; the calendar may go back by `-24h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub jiff::SignedDuration);

impl Span {
    /// Its length; nothing if it is negative.
    pub fn length(self) -> Duration {
        self.0.try_into().unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map(Self)
            .map_err(serde::de::Error::custom)
    }
}

/// One step.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Step {
    /// Calls the client.
    Call(Box<CallStep>),
    /// Waits for a call that was begun in the background.
    Join(Join),
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
    pub row: BTreeMap<usize, Value>,
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
