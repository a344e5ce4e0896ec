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
    /// It was as it should be.
    Unchanged,
    /// It was not written.
    Failed(Error),
    /// It was sent, and nobody knows whether it was written.
    Indeterminate(Error),
}

impl Outcome {
    /// Why it was not written, or may not have been.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Failed(error) | Self::Indeterminate(error) => Some(error),
            Self::Created(_) | Self::Updated(_) | Self::Unchanged => None,
        }
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
    /// Rows that were updated.
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
            Outcome::Updated(_) => &mut self.updated,
            Outcome::Unchanged => &mut self.unchanged,
            Outcome::Failed(_) => &mut self.failed,
            Outcome::Indeterminate(_) => &mut self.indeterminate,
        } += 1;
    }
}

/// What became of all rows.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Report {
    /// The sums.
    pub totals: Progress,
    /// Each row, in the order of the source.
    pub rows: Vec<RowOutcome>,
}

impl Report {
    pub(super) fn new(rows: Vec<RowOutcome>) -> Self {
        let mut totals = Progress {
            total: Some(rows.len() as u64),
            ..Progress::default()
        };
        for row in &rows {
            totals.add(&row.outcome);
        }
        Self { totals, rows }
    }

    /// Whether every row is as it should be now.
    pub fn is_complete(&self) -> bool {
        self.totals.failed == 0 && self.totals.indeterminate == 0
    }

    /// The rows that were not written, or may not have been.
    pub fn unfinished(&self) -> impl Iterator<Item = &RowOutcome> {
        self.rows.iter().filter(|row| row.outcome.error().is_some())
    }

    /// The places of rows that may succeed when they are sent again as they are.
    pub fn retryable(&self) -> impl Iterator<Item = u64> {
        let may = |row: &&RowOutcome| matches!(&row.outcome, Outcome::Failed(error) if error.is_retryable());
        self.rows.iter().filter(may).map(|row| row.index)
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
