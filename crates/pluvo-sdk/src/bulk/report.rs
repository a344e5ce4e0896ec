//! What became of all rows, and another try for those that may yet succeed.

use super::batch::Told;
use super::{Bulk, Job, Progress, RowOutcome};
use crate::client::{CallOptions, Client};
use futures::stream::{self, StreamExt};
use std::fmt;

/// What became of all rows.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Report {
    /// The sums.
    pub totals: Progress,
    /// Each row, in the order of the source.
    pub rows: Vec<RowOutcome>,
    again: Option<Again>,
}

/// How rows were sent, and those that may be sent again.
#[derive(Clone)]
pub(super) struct Again {
    pub(super) client: Client,
    pub(super) job: &'static Job,
    pub(super) batch: usize,
    pub(super) in_flight: usize,
    pub(super) notify: bool,
    pub(super) options: CallOptions,
    /// The places of rows among all, and their arguments.
    pub(super) rows: Vec<(usize, String)>,
}

/// Without the rows, which are personal data.
impl fmt::Debug for Again {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Again")
            .field("operation", &self.job.name)
            .field("rows", &self.rows.len())
            .finish_non_exhaustive()
    }
}

impl Report {
    pub(super) fn new(told: Vec<Told>, mut again: Again) -> Self {
        let mut rows = Vec::with_capacity(told.len());
        for (place, (row, arguments)) in told.into_iter().enumerate() {
            again.rows.extend(arguments.map(|arguments| (place, arguments)));
            rows.push(row);
        }
        let mut report = Self {
            rows,
            again: Some(again),
            ..Self::default()
        };
        report.sum();
        report
    }

    fn sum(&mut self) {
        self.totals = Progress {
            total: Some(self.rows.len() as u64),
            ..Progress::default()
        };
        for row in &self.rows {
            self.totals.add(&row.outcome);
        }
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
        let may = |row: &&RowOutcome| row.outcome.is_retryable();
        self.rows.iter().filter(may).map(|row| row.index)
    }

    /// Sends the rows of [`Report::retryable`] again, as they were sent before, and no others. The report is of all
    /// rows as before, with what became of them now.
    ///
    /// A row that was refused for what it says is not among them, nor is one of which nobody knows and that might be done
    /// twice.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client, rows: Vec<pluvo_sdk::model::UpdateUserInput>) {
    /// use pluvo_sdk::bulk::UpsertKey;
    /// let mut report = client.users().upsert_many(rows, UpsertKey::Ref).run().await;
    /// if report.retryable().next().is_some() {
    ///     report = report.retry().await;
    /// }
    /// # }
    /// ```
    pub async fn retry(mut self) -> Self {
        let Some(again) = &mut self.again else {
            return self;
        };
        let (places, rows): (Vec<usize>, Vec<_>) = std::mem::take(&mut again.rows)
            .into_iter()
            .map(|(place, arguments)| (place, Ok(arguments)))
            .unzip();
        let bulk = Bulk::new(again.client.clone(), again.job, stream::iter(rows))
            .batch(again.batch)
            .in_flight(again.in_flight)
            .notify(again.notify)
            .options(again.options.clone());
        let mut told = std::pin::pin!(bulk.told());
        for place in places {
            let Some((RowOutcome { outcome, .. }, arguments)) = told.next().await else {
                break;
            };
            again.rows.extend(arguments.map(|arguments| (place, arguments)));
            self.rows[place].outcome = outcome;
        }
        self.sum();
        self
    }
}
