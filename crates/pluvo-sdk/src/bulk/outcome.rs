//! What became of the rows.

use crate::error::Error;
use crate::model::Id;
use crate::time::Clock;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What became of one row.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Outcome {
    /// It was created. After a repeated request a created row may show as updated.
    Created(Id),
    /// It was there and was written.
    Updated(Id),
    /// It was written, and the answer does not say its id: values of extra categories.
    Written,
    /// It was as it should be.
    Unchanged,
    /// It was not written.
    Failed(Error),
    /// It was sent, and nobody knows whether it was written: the answer was lost, and there were no more attempts to be
    /// made. Where it [may be sent again](Outcome::is_retryable), another time does no harm.
    Indeterminate(Error),
}

impl Outcome {
    /// Why it was not written, or may not have been.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Failed(error) | Self::Indeterminate(error) => Some(error),
            Self::Created(_) | Self::Updated(_) | Self::Written | Self::Unchanged => None,
        }
    }

    /// The id of what was written, where the answer says it.
    pub fn id(&self) -> Option<&Id> {
        match self {
            Self::Created(id) | Self::Updated(id) => Some(id),
            _ => None,
        }
    }

    /// Whether it may succeed when it is sent again as it is.
    pub fn is_retryable(&self) -> bool {
        self.error().is_some_and(Error::is_retryable)
    }
}

/// The outcome of a row, and which row it was.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RowOutcome {
    /// The row's place in the source, from 0.
    pub index: u64,
    /// What became of it.
    pub outcome: Outcome,
}

/// How far a bulk write is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Rows whose outcome is known.
    pub done: u64,
    /// Rows in all, where the source tells.
    pub total: Option<u64>,
    /// Rows that were created.
    pub created: u64,
    /// Rows that were there and were written.
    pub updated: u64,
    /// Rows that were as they should be.
    pub unchanged: u64,
    /// Rows that were not written.
    pub failed: u64,
    /// Rows of which nobody knows.
    pub indeterminate: u64,
}

impl Progress {
    pub(crate) fn add(&mut self, outcome: &Outcome) {
        self.done += 1;
        *match outcome {
            Outcome::Created(_) => &mut self.created,
            Outcome::Updated(_) | Outcome::Written => &mut self.updated,
            Outcome::Unchanged => &mut self.unchanged,
            Outcome::Failed(_) => &mut self.failed,
            Outcome::Indeterminate(_) => &mut self.indeterminate,
        } += 1;
    }
}

/// Who is told.
pub(crate) type Tell = Box<dyn FnMut(&Progress) + Send>;

/// Counts outcomes and tells of them, not too often.
pub(super) struct Meter {
    progress: Progress,
    tell: Option<Tell>,
    clock: Arc<dyn Clock>,
    told: Option<Instant>,
}

/// At most ten times a second.
const PAUSE: Duration = Duration::from_millis(100);

impl Meter {
    pub(super) fn new(total: Option<u64>, tell: Option<Tell>, clock: Arc<dyn Clock>) -> Self {
        Self {
            progress: Progress {
                total,
                ..Progress::default()
            },
            tell,
            clock,
            told: None,
        }
    }

    /// Counts a row; without one, it is over.
    pub(super) fn count(&mut self, row: Option<&RowOutcome>) {
        if let Some(row) = row {
            self.progress.add(&row.outcome);
        }
        let Some(tell) = &mut self.tell else { return };
        let now = self.clock.now();
        let due = self
            .told
            .is_none_or(|told| now.saturating_duration_since(told) >= PAUSE);
        if row.is_none() || due {
            self.told = Some(now);
            tell(&self.progress);
        }
    }
}

impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meter")
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}
