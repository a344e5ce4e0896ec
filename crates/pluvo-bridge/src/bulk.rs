//! Many writes: rows go in, outcomes come out.

use crate::args::Args;
use crate::error::WireError;
use crate::explain;
use crate::process::Own;
use crate::runtime::try_runtime;
use crate::task::panicked;
use futures::FutureExt;
use futures::stream::{self, Stream, StreamExt};
use pluvo_sdk::bulk::{self, Outcome};
use pluvo_sdk::{CallOptions, Client};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::HashMap;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;

/// Pushes that may wait to be sent. Each holds as many rows as the caller pushes at once.
const WAITING: usize = 2;

/// Outcomes that are handed over at once, at most.
const TOLD: usize = 1000;

type Result<T> = std::result::Result<T, WireError>;

/// A row's faults by its place, told in place of what becomes of the row that stands there for it.
type Faults = Arc<Mutex<HashMap<u64, WireError>>>;

/// Many writes that are about to begin.
pub(crate) struct BulkCall {
    pub(crate) client: Client,
    pub(crate) args: Args,
    options: CallOptions,
    sender: mpsc::Sender<Vec<Value>>,
    receiver: Option<mpsc::Receiver<Vec<Value>>>,
    faults: Faults,
}

impl BulkCall {
    pub(crate) fn new(client: Client, args: Args, options: CallOptions) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        Self {
            client,
            args,
            options,
            sender,
            receiver: Some(receiver),
            faults: Faults::default(),
        }
    }

    /// The rows as they are pushed. For one that cannot be read another stands in, which the core will not send.
    pub(crate) fn rows<R: DeserializeOwned, T: Send + 'static>(
        &mut self,
        make: impl Fn(R) -> Result<T> + Send + 'static,
        stand_in: impl Fn() -> T + Send + 'static,
    ) -> impl Stream<Item = T> + Send + 'static {
        let faults = Arc::clone(&self.faults);
        let pushed = stream::unfold(self.receiver.take(), |receiver| async {
            let mut receiver = receiver?;
            receiver.recv().await.map(|rows| (rows, Some(receiver)))
        });
        let mut place = 0;
        pushed.flat_map(stream::iter).map(move |row| {
            let read = explain::read(explain::without_nulls(row))
                .map_err(|wrong| WireError::invalid(wrong.sentence("field", " of the row")))
                .and_then(&make);
            place += 1;
            read.unwrap_or_else(|fault| {
                let message = format!("the row cannot be sent: {fault}");
                lock(&faults).insert(place - 1, WireError::invalid(message));
                stand_in()
            })
        })
    }

    /// With what all of them take.
    pub(crate) fn begin(mut self, mut bulk: bulk::Bulk) -> Result<Bulk> {
        if let Some(rows) = self.args.take("batch")? {
            bulk = bulk.batch(rows);
        }
        if let Some(requests) = self.args.take("inFlight")? {
            bulk = bulk.in_flight(requests);
        }
        self.args.end()?;
        let stop = CancellationToken::new();
        let bulk = bulk.options(self.options).until(stop.clone().cancelled_owned());
        let (tell, told) = mpsc::unbounded_channel();
        Ok(Bulk(Arc::new(Own::new(Writer {
            waiting: Mutex::new(Some((bulk, tell))),
            rows: Mutex::new(Some(self.sender)),
            told: tokio::sync::Mutex::new(told),
            faults: self.faults,
            totals: Arc::default(),
            pushed: Mutex::default(),
            stop,
            task: Mutex::default(),
        }))))
    }
}

/// Many writes. Push rows, say when there are no more, and take their outcomes: at the same time or one after the other.
///
/// Pushing waits while enough rows are on their way; outcomes are kept until they are taken. What was pushed is written
/// whether somebody takes outcomes or not, until the last handle is dropped, which gives up what is in flight.
#[derive(Clone)]
pub struct Bulk(Arc<Own<Writer>>);

type Tell = mpsc::UnboundedSender<Result<Told>>;

struct Writer {
    /// Until the first rows come.
    waiting: Mutex<Option<(bulk::Bulk, Tell)>>,
    /// Until there are no more.
    rows: Mutex<Option<mpsc::Sender<Vec<Value>>>>,
    told: tokio::sync::Mutex<mpsc::UnboundedReceiver<Result<Told>>>,
    faults: Faults,
    totals: Arc<Mutex<Totals>>,
    pushed: Mutex<u64>,
    stop: CancellationToken,
    task: Mutex<Option<AbortHandle>>,
}

/// What became of a row.
#[derive(Serialize)]
pub(crate) struct Told {
    index: u64,
    #[serde(flatten)]
    state: State,
}

/// What became of it, whatever it is.
#[derive(Serialize)]
pub(crate) struct State {
    pub(crate) outcome: &'static str,
    pub(crate) id: Option<String>,
    pub(crate) error: Option<WireError>,
}

impl From<&Outcome> for State {
    fn from(outcome: &Outcome) -> Self {
        let (word, id) = match outcome {
            Outcome::Created(id) => ("created", Some(id.to_string())),
            Outcome::Updated(id) => ("updated", Some(id.to_string())),
            Outcome::Unchanged => ("unchanged", None),
            Outcome::Failed(_) => ("failed", None),
            Outcome::Indeterminate(_) => ("indeterminate", None),
            // Written, and the answer does not say its id.
            _ => ("updated", None),
        };
        Self {
            outcome: word,
            id,
            error: outcome.error().cloned().map(WireError::from),
        }
    }
}

#[derive(Default, Serialize)]
struct Totals {
    done: u64,
    total: Option<u64>,
    created: u64,
    updated: u64,
    unchanged: u64,
    failed: u64,
    indeterminate: u64,
}

impl Totals {
    fn add(&mut self, outcome: &str) {
        self.done += 1;
        *match outcome {
            "created" => &mut self.created,
            "updated" => &mut self.updated,
            "unchanged" => &mut self.unchanged,
            "failed" => &mut self.failed,
            _ => &mut self.indeterminate,
        } += 1;
    }
}

impl Bulk {
    /// Hands rows over: a JSON array of flat objects. Either all of them are taken or, where this future is dropped
    /// before its end, none. After [`Bulk::stop`] rows are passed over.
    ///
    /// # Errors
    ///
    /// `invalid` where it is no array, and after [`Bulk::finish`]. A row that cannot be used is told with its outcome.
    pub async fn push(&self, rows: &str) -> Result<()> {
        let rows: Vec<Value> = serde_json::from_str(rows)
            .map_err(|_| WireError::invalid("rows must be a JSON array of objects"))?;
        let writer = self.0.get()?;
        let Some(sender) = lock(&writer.rows).clone() else {
            return Err(WireError::invalid("there were to be no more rows after finish"));
        };
        writer.begin()?;
        let count = rows.len() as u64;
        tokio::select! {
            biased;
            () = writer.stop.cancelled() => {}
            place = sender.reserve() => if let Ok(place) = place {
                place.send(rows);
                *lock(&writer.pushed) += count;
            },
        }
        Ok(())
    }

    /// There are no more rows.
    ///
    /// # Errors
    ///
    /// Where there are no threads to work on.
    pub fn finish(&self) -> Result<()> {
        let writer = self.0.get()?;
        writer.begin()?;
        if lock(&writer.rows).take().is_some() {
            lock(&writer.totals).total = Some(*lock(&writer.pushed));
        }
        Ok(())
    }

    /// The next outcomes, in the order of the rows: a JSON array, or none after the last.
    ///
    /// # Errors
    ///
    /// `internal` alone: what befalls a row is its outcome.
    pub async fn next(&self) -> Result<Option<String>> {
        let writer = self.0.get()?;
        writer.begin()?;
        let mut told = writer.told.lock().await;
        let mut outcomes = Vec::new();
        if told.recv_many(&mut outcomes, TOLD).await == 0 {
            return Ok(None);
        }
        let outcomes: Vec<Told> = outcomes.into_iter().collect::<Result<_>>()?;
        serde_json::to_string(&outcomes)
            .map(Some)
            .map_err(|cause| WireError::internal(format!("outcomes cannot be written as JSON: {cause}")))
    }

    /// How far it is: `{"done", "total", "created", "updated", "unchanged", "failed", "indeterminate"}`. The total is
    /// known after [`Bulk::finish`].
    pub fn progress(&self) -> String {
        let progress = self.0.get().map(|writer| {
            let totals = lock(&writer.totals);
            serde_json::to_string(&*totals).unwrap_or_default()
        });
        progress.unwrap_or_else(|_| "{}".to_owned())
    }

    /// Takes no more rows. What is in flight is finished and told.
    pub fn stop(&self) {
        if let Ok(writer) = self.0.get() {
            writer.stop.cancel();
        }
    }
}

impl Writer {
    /// Starts to write, once there is something to write.
    fn begin(&self) -> Result<()> {
        let Some((bulk, tell)) = lock(&self.waiting).take() else {
            return Ok(());
        };
        let (faults, totals, failed) = (Arc::clone(&self.faults), Arc::clone(&self.totals), tell.clone());
        let work = async move {
            let mut outcomes = std::pin::pin!(bulk.outcomes());
            while let Some(row) = outcomes.next().await {
                let state = match lock(&faults).remove(&row.index) {
                    Some(fault) => State {
                        outcome: "failed",
                        id: None,
                        error: Some(fault),
                    },
                    None => State::from(&row.outcome),
                };
                lock(&totals).add(state.outcome);
                // Whoever stopped listening is still owed the writes.
                let _ = tell.send(Ok(Told {
                    index: row.index,
                    state,
                }));
            }
        };
        let work = async move {
            if AssertUnwindSafe(work).catch_unwind().await.is_err() {
                let _ = failed.send(Err(panicked()));
            }
        };
        *lock(&self.task) = Some(try_runtime()?.spawn(work).abort_handle());
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if let Some(task) = lock(&self.task).take() {
            task.abort();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Bulk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bulk({})", self.progress())
    }
}
