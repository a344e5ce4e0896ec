//! Faults: what the sandbox is told to do wrong, and when.

mod apply;
mod deliver;
mod edit;
mod matching;
mod plan;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub(crate) use self::apply::{after, before, encode};
pub(crate) use self::deliver::{Refusal, deliver};
pub use self::edit::{Change, Edit};
pub(crate) use self::matching::Facts;
pub(crate) use self::plan::Plan;
pub use self::plan::PlannedFault;
use crate::data::Place;
use crate::settings::duration;

/// One planned fault: which requests it counts, which of them it hits, and what happens to those.
///
/// In JSON every part but `do` may be left out: `{"on": "graphql", "from": 3, "do": {"kind": "status", "status": 503}}`
/// makes the third GraphQL request fail, once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fault {
    /// A name for the log and for the list of faults; the kind of effect if absent.
    pub name: Option<String>,
    /// Which requests count.
    pub on: Target,
    /// Only GraphQL operations of this name count.
    pub operation: Option<String>,
    /// Only GraphQL documents with this text in them count.
    pub contains: Option<String>,
    /// Only requests with these values among their variables count.
    pub variables: serde_json::Map<String, serde_json::Value>,
    /// Only documents that ask for more than this many rows count: by `first` or `last`, written out or as a variable.
    pub first_above: Option<u64>,
    /// The first of the counted requests to hit, from 1.
    pub from: u64,
    /// How many requests to hit; without end if nothing (`null`).
    pub times: Option<u64>,
    /// Hit each `every`-th of the counted requests, beginning with `from`.
    pub every: u64,
    /// Hit with this probability (0 to 1) only.
    pub probability: Option<f64>,
    /// The seed of that probability.
    pub seed: u64,
    /// Wait so long before answering, in the sandbox's time.
    #[serde(with = "duration")]
    pub delay: Duration,
    /// What happens.
    #[serde(rename = "do")]
    pub effect: Effect,
}

impl Default for Fault {
    fn default() -> Self {
        Self {
            name: None,
            on: Target::Graphql,
            operation: None,
            contains: None,
            variables: serde_json::Map::new(),
            first_above: None,
            from: 1,
            times: Some(1),
            every: 1,
            probability: None,
            seed: 0,
            delay: Duration::ZERO,
            effect: Effect::Pass,
        }
    }
}

impl Fault {
    /// A fault of the GraphQL endpoint that hits the next request, once.
    pub fn graphql(effect: Effect) -> Self {
        Self {
            effect,
            ..Self::default()
        }
    }

    /// A fault of the token endpoint that hits the next request, once.
    pub fn token(effect: Effect) -> Self {
        Self {
            effect,
            on: Target::Token,
            ..Self::default()
        }
    }

    /// Begins with the `from`-th request, counted from 1.
    #[must_use]
    pub fn from(self, from: u64) -> Self {
        Self { from, ..self }
    }

    /// Hits so many requests.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self {
            times: Some(times),
            ..self
        }
    }

    /// Hits without end.
    #[must_use]
    pub fn always(self) -> Self {
        Self { times: None, ..self }
    }

    /// Counts only operations of this name.
    #[must_use]
    pub fn operation(self, name: impl Into<String>) -> Self {
        Self {
            operation: Some(name.into()),
            ..self
        }
    }

    /// Waits so long before answering, in the sandbox's time.
    #[must_use]
    pub fn delay(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// The name it goes by.
    pub(crate) fn label(&self) -> String {
        if let Some(name) = &self.name {
            return name.clone();
        }
        let effect = serde_json::to_value(&self.effect).unwrap_or_default();
        effect["kind"].as_str().unwrap_or("fault").to_owned()
    }
}

/// Which requests a fault counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Requests to `/oauth/token/`.
    Token,
    /// Requests to `/graphql/`.
    #[default]
    Graphql,
    /// Both.
    Any,
    /// New connections, before anything is read; only [`Effect::Connection`] and a delay make sense there.
    Connection,
}

/// What a fault does. In JSON the variant stands in `kind`: `{"kind": "truncate", "at": 20}`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// Nothing but the fault's delay.
    #[default]
    Pass,
    /// Answers with this status instead of carrying the request out.
    Status {
        /// The status.
        status: u16,
        /// Further headers, such as `Retry-After`.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// The body; empty if absent.
        #[serde(default)]
        body: Option<String>,
        /// Its media type: `text/plain` if absent.
        #[serde(default)]
        content_type: Option<String>,
    },
    /// A redirect to anywhere.
    Redirect {
        /// 301, 302, 307 or 308.
        status: u16,
        /// The `Location` header.
        location: String,
    },
    /// The sandbox's own 401, as for a token that it does not know.
    Unauthorized,
    /// Ends every token given out so far, then goes on.
    ExpireTokens,
    /// GraphQL errors.
    Errors {
        /// `extensions.code`.
        #[serde(default)]
        code: Option<String>,
        /// The message.
        #[serde(default)]
        message: Option<String>,
        /// The status.
        #[serde(default = "ok")]
        status: u16,
        /// What becomes of `data`.
        #[serde(default)]
        data: DataPart,
        /// Where in the data; with `data: "partial"` what is there becomes null.
        #[serde(default)]
        path: Vec<serde_json::Value>,
    },
    /// A body without `data` and without `errors`: `{}`.
    Neither,
    /// Answers as if the schema did not have this field. Counts only documents that select it.
    UnknownField {
        /// The object type.
        on: String,
        /// The field.
        field: String,
    },
    /// Changes the JSON of the answer.
    Edit {
        /// What to change, in order.
        edits: Vec<Edit>,
    },
    /// Another body with status 200.
    Body {
        /// Which.
        what: Canned,
    },
    /// Cuts the body off, as a complete answer of that length.
    Truncate {
        /// The bytes to keep.
        at: usize,
    },
    /// Puts a UTF-8 byte order mark before the body.
    Bom,
    /// Puts bytes that are no UTF-8 into the first string of the body.
    InvalidUtf8,
    /// Changes headers of the answer: a text sets one, null takes it out.
    Headers {
        /// The headers by name.
        set: BTreeMap<String, Option<String>>,
    },
    /// Compresses the body, and says so.
    Encode {
        /// How.
        with: Encoding,
    },
    /// A gzip body that grows to so many MiB: white space round an empty object.
    Bomb {
        /// Its size when decompressed.
        mib: u64,
    },
    /// A body of so many MiB, made while it is sent: white space round an empty object.
    Flood {
        /// Its size.
        mib: u64,
        /// Whether `Content-Length` says so beforehand.
        #[serde(default)]
        declared: bool,
    },
    /// Says that another page follows, after the cursor that was asked with.
    StuckCursor,
    /// Says that another page follows, and gives no cursor for it.
    NullCursor,
    /// An empty page in the middle of the list; the next one goes on where it would have begun.
    EmptyPage,
    /// Gives no more rows than this, whatever was asked for.
    PageLimit {
        /// The most rows.
        rows: usize,
    },
    /// Gives a token with no other scopes than these.
    Grant {
        /// The scopes.
        scopes: Vec<String>,
    },
    /// Does something to the connection.
    Connection {
        /// What.
        action: Action,
        /// When.
        at: At,
    },
    /// Sends the answer in pieces.
    Slow {
        /// Bytes of a piece.
        bytes: usize,
        /// Time between pieces, in the sandbox's time; zero makes TCP segments of that size.
        #[serde(with = "duration")]
        every: Duration,
    },
    /// Changes the data after the answer was made.
    Data {
        /// People to add.
        #[serde(default)]
        insert: usize,
        /// People to take away.
        #[serde(default)]
        remove: usize,
        /// Where in the list of names.
        #[serde(default)]
        at: Place,
    },
    /// HTTP/2: answers, then says GOAWAY. On HTTP/1.1 it answers with `Connection: close`.
    Goaway,
    /// HTTP/2: resets the stream with `REFUSED_STREAM` instead of answering. On HTTP/1.1 it closes the connection.
    RefusedStream,
}

fn ok() -> u16 {
    200
}

/// What becomes of `data` beside errors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataPart {
    /// There is none.
    Absent,
    /// It is null.
    #[default]
    Null,
    /// The request is carried out, and what stands at `path` becomes null.
    Partial,
}

/// Bodies that are not what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Canned {
    /// A login page.
    Html,
    /// Nothing.
    Empty,
    /// Text that is no JSON, called JSON.
    Garbage,
    /// JSON of another shape: a list.
    OtherShape,
}

/// Content encodings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// gzip.
    Gzip,
    /// Brotli.
    Br,
}

/// What happens to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A TCP reset.
    Reset,
    /// An orderly close.
    Close,
    /// Nothing more is sent, and the connection stays open until the client leaves.
    Stall,
}

/// When something happens to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum At {
    /// At a named point.
    Point(Point),
    /// After so many bytes of the body.
    Byte(usize),
}

/// Points of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Point {
    /// When the request is there, before anything is answered.
    Start,
    /// After the headers of the answer.
    Headers,
    /// After the whole answer: the idle connection.
    End,
}
