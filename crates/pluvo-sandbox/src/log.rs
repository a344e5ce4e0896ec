//! The request log: what came in and what was sent back, without secrets.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// One request to the token or GraphQL endpoint, or to a path that does not exist.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LogEntry {
    /// Counts requests from 1.
    pub seq: u64,
    /// When it came, in milliseconds of the sandbox's clock since its start.
    pub at_ms: u64,
    /// The connection it came on, counted from 1.
    pub connection: u64,
    /// How many requests, this one included, were being answered when it came.
    pub in_flight: usize,
    /// `HTTP/1.1` or `HTTP/2.0`.
    pub version: String,
    /// The method, such as `POST`.
    pub method: String,
    /// The path, without a query.
    pub path: String,
    /// Header names in lower case with their values. Tokens and secrets are replaced.
    pub headers: BTreeMap<String, String>,
    /// What stood in `Authorization`; nothing if there was none.
    pub authorization: Option<Authorization>,
    /// The form sent to the token endpoint, its secret replaced.
    pub form: Option<BTreeMap<String, String>>,
    /// The operation's name, if it has one.
    pub operation: Option<String>,
    /// The document.
    pub query: Option<String>,
    /// The variables.
    pub variables: Option<serde_json::Value>,
    /// The size of the request's body.
    pub request_bytes: u64,
    /// The status sent; nothing while the request is being answered, or if it never was.
    pub status: Option<u16>,
    /// The size of the answer's body as planned, if known.
    pub response_bytes: Option<u64>,
    /// The name of the fault that was applied.
    pub fault: Option<String>,
}

/// What the log says of an `Authorization` header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorization {
    /// Such as `Bearer`.
    pub scheme: String,
    /// Which of this sandbox's tokens it was, counted from 1; nothing for a token that it never gave out.
    pub token: Option<u64>,
}

#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    kept: VecDeque<LogEntry>,
    last: u64,
}

impl Log {
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an entry and says its number.
    pub(crate) fn add(&self, mut entry: LogEntry, capacity: usize) -> u64 {
        let mut entries = self.entries();
        entries.last += 1;
        entry.seq = entries.last;
        entries.kept.push_back(entry);
        while entries.kept.len() > capacity {
            entries.kept.pop_front();
        }
        entries.last
    }

    /// Changes an entry, if it is still kept.
    pub(crate) fn edit(&self, seq: u64, edit: impl FnOnce(&mut LogEntry)) {
        let mut entries = self.entries();
        let Some(first) = entries.kept.front().map(|entry| entry.seq) else {
            return;
        };
        let at = seq.checked_sub(first).and_then(|at| usize::try_from(at).ok());
        if let Some(entry) = at.and_then(|at| entries.kept.get_mut(at)) {
            edit(entry);
        }
    }

    /// The entries kept, oldest first.
    pub(crate) fn all(&self) -> Vec<LogEntry> {
        self.entries().kept.iter().cloned().collect()
    }

    /// Forgets all entries; numbers go on.
    pub(crate) fn clear(&self) {
        self.entries().kept.clear();
    }
}
