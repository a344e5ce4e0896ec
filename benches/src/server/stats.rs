//! What a server saw.

use serde::{Deserialize, Serialize};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// GraphQL requests by what became of them.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Stats {
    /// Answered with data.
    pub served: u64,
    /// Answered with 429.
    pub refused: u64,
    /// Answered with 503.
    pub unavailable: u64,
    /// Not answered: the connection was reset.
    pub reset: u64,
    /// Requests for a token.
    pub tokens: u64,
    /// Seconds from the first to the last request that was answered with data.
    pub span: f64,
    /// Requests that were allowed and that nobody sent: what ran over the full bucket.
    pub lost: f64,
    /// People that were written.
    #[serde(default)]
    pub written: u64,
    /// The sum of the numbers in their `ref`s.
    #[serde(default)]
    pub refs: u64,
}

impl Stats {
    /// GraphQL requests of all kinds.
    pub(crate) fn requests(&self) -> u64 {
        self.served + self.refused + self.unavailable + self.reset
    }
}

#[derive(Debug, Default)]
pub(super) struct Counter(Mutex<(Stats, Option<Instant>)>);

impl Counter {
    pub(super) fn served(&self) {
        let now = Instant::now();
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let first = *state.1.get_or_insert(now);
        state.0.served += 1;
        state.0.span = (now - first).as_secs_f64();
    }

    pub(super) fn count(&self, what: impl FnOnce(&mut Stats) -> &mut u64) {
        self.count_by(1, what);
    }

    pub(super) fn count_by(&self, number: u64, what: impl FnOnce(&mut Stats) -> &mut u64) {
        *what(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).0) += number;
    }

    pub(super) fn stats(&self) -> Stats {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0
    }
}
