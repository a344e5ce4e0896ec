//! Many writes: batched, several requests at once, one outcome for each row.
//!
//! Pluvo has no bulk mutation for people, so rows travel as aliased fields of one document. A row that fails does not
//! touch the others, and what cannot be known is told as [`Outcome::Indeterminate`], never guessed.

mod batch;
mod extra_values;
mod outcome;
mod report;
mod seen;
mod users;

pub use extra_values::ExtraValues;
pub use outcome::{Outcome, Progress, RowOutcome};
pub use report::Report;
pub use users::UpsertKey;

use crate::client::{CallOptions, Client};
use crate::error::{Error, Result};
use crate::time::BoxFuture;
pub(crate) use batch::Job;
use batch::{Batches, Told};
pub(crate) use extra_values::{SET_VALUES, arguments as value_arguments};
use futures::stream::{self, BoxStream, Stream, StreamExt};
use outcome::Meter;
pub(crate) use outcome::Tell;
use report::Again;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
pub(crate) use users::{UPDATE, UPSERT};

/// Rows in a request, unless set otherwise.
const BATCH: usize = 10;
/// Requests in flight, unless set otherwise. Half of the client's, so that others get through.
const IN_FLIGHT: usize = 4;

/// Many writes that are about to be made. Nothing is sent before [`Bulk::run`] or [`Bulk::outcomes`].
///
/// Rows are taken from their source as they are needed, so a source of any length takes little memory: apart from the
/// outcomes that [`Bulk::run`] collects, and a hash for each key, by which a key that comes twice is noticed.
#[must_use = "nothing is sent before it is run"]
pub struct Bulk {
    client: Client,
    job: &'static Job,
    rows: BoxStream<'static, Prepared>,
    total: Option<u64>,
    batch: usize,
    in_flight: usize,
    notify: bool,
    options: CallOptions,
    progress: Option<Tell>,
    until: Option<BoxFuture<'static, ()>>,
}

/// A row as the arguments of its field, or what is wrong with it.
pub(crate) type Prepared = Result<String>;

impl Bulk {
    pub(crate) fn new(
        client: Client,
        job: &'static Job,
        rows: impl Stream<Item = Prepared> + Send + 'static,
    ) -> Self {
        let total = match rows.size_hint() {
            (least, Some(most)) if least == most => Some(most as u64),
            _ => None,
        };
        Self {
            client,
            job,
            rows: rows.boxed(),
            total,
            batch: BATCH,
            in_flight: IN_FLIGHT,
            notify: false,
            options: CallOptions::default(),
            progress: None,
            until: None,
        }
    }

    /// Rows in a request, 10 by default. Where the server refuses a batch it is halved, down to single rows.
    pub fn batch(mut self, rows: usize) -> Self {
        self.batch = rows.max(1);
        self
    }

    /// Requests in flight, 4 by default. The client's [`Limits::in_flight`](crate::Limits::in_flight) bounds it.
    pub fn in_flight(mut self, requests: usize) -> Self {
        self.in_flight = requests.max(1);
        self
    }

    /// Whether Pluvo may mail the people concerned. It may not by default.
    pub fn notify(mut self, notify: bool) -> Self {
        self.notify = notify;
        self
    }

    /// Sets what differs for the requests of these rows.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Is told how far it is, at most ten times a second and once at the end.
    pub fn on_progress(mut self, tell: impl FnMut(&Progress) + Send + 'static) -> Self {
        self.progress = Some(Box::new(tell));
        self
    }

    /// Takes no more rows once this future ends. What is in flight is finished and told.
    pub fn until(mut self, stop: impl Future<Output = ()> + Send + 'static) -> Self {
        self.until = Some(Box::pin(stop));
        self
    }

    /// Makes the writes and hands over each row's outcome, in the order of the rows, as soon as it is known.
    pub fn outcomes(self) -> impl Stream<Item = RowOutcome> + Send + 'static {
        self.told().map(|(row, _)| row)
    }

    /// The outcomes, with the arguments of rows that may be sent again.
    fn told(self) -> impl Stream<Item = Told> + Send + 'static {
        let clock = Arc::clone(&self.client.core.clock);
        let mut meter = Meter::new(self.total, self.progress, clock);
        let until = self.until.unwrap_or_else(|| Box::pin(std::future::pending()));
        let batches = Arc::new(Batches::new(
            self.client,
            self.job,
            self.batch,
            self.notify,
            self.options,
        ));
        let size = self.batch;
        let mut index = 0;
        self.rows
            .take_until(until)
            .map(move |row| {
                index += 1;
                (index - 1, row)
            })
            .ready_chunks(size)
            .map(move |rows| {
                let batches = Arc::clone(&batches);
                async move { batches.send(rows).await }
            })
            .buffered(self.in_flight)
            .flat_map(stream::iter)
            .map(Some)
            // The end is told too, so that the last progress is the whole.
            .chain(stream::iter([None]))
            .filter_map(move |told: Option<Told>| {
                meter.count(told.as_ref().map(|(row, _)| row));
                std::future::ready(told)
            })
    }

    /// Makes the writes and collects the outcomes.
    pub async fn run(self) -> Report {
        let again = Again {
            client: self.client.clone(),
            job: self.job,
            batch: self.batch,
            in_flight: self.in_flight,
            notify: self.notify,
            options: self.options.clone(),
            rows: Vec::new(),
        };
        Report::new(self.told().collect().await, again)
    }
}

impl fmt::Debug for Bulk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulk")
            .field("operation", &self.job.name)
            .field("batch", &self.batch)
            .field("in_flight", &self.in_flight)
            .field("notify", &self.notify)
            .finish_non_exhaustive()
    }
}

/// What a row's own faults are told as.
fn unusable(why: impl Into<String>) -> Error {
    Error::invalid(format!("the row cannot be sent: {}", why.into()))
}
