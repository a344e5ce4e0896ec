//! One batch: its document, its sending, and what the answer says of each row.

use super::{Outcome, Prepared, RowOutcome};
use crate::client::{CallOptions, Client, Exchange, JSON, Reply};
use crate::error::{Error, ErrorKind, Result};
use crate::operation::{Body, Operation};
use crate::response::GraphqlError;
use crate::response::decode::{self, Found};
use serde_json::Map;
use serde_json::value::RawValue;
use std::collections::{HashMap, VecDeque};
use std::fmt::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// A mutation that is made for many rows.
#[derive(Debug)]
pub(crate) struct Job {
    /// The document's name.
    pub name: &'static str,
    /// What is made for each row.
    pub operation: &'static Operation,
    /// What is selected of its payload: less than for one row alone.
    pub selection: &'static str,
    /// What a payload means.
    pub read: fn(&str) -> Result<Outcome>,
}

impl Job {
    fn field(&self) -> &'static str {
        self.operation.path.first().map_or("", |segment| segment.field)
    }

    /// The argument by which people are mailed, if there is one.
    fn mail_switch(&self) -> Option<&'static str> {
        let variable = self.operation.mail_switch?;
        let mut arguments = self.operation.path.iter().flat_map(|segment| segment.arguments);
        arguments
            .find(|argument| argument.variable == variable)
            .map(|argument| argument.name)
    }
}

/// Sends batches of one job, and remembers between them what was learned.
#[derive(Debug)]
pub(super) struct Batches {
    client: Client,
    job: &'static Job,
    notify: bool,
    options: CallOptions,
    /// The largest batch that is wanted.
    batch: usize,
    /// The largest batch that this server takes, as far as is known.
    largest: AtomicUsize,
    /// A failure that every further row would meet too.
    hopeless: Mutex<Option<Error>>,
}

/// A row's place and its arguments.
pub(super) type Row = (u64, String);

/// What became of a row, and its arguments where it may succeed when it is sent again.
pub(super) type Told = (RowOutcome, Option<String>);

/// What became of a part of a batch.
enum Part {
    Known(Vec<Outcome>),
    /// It was refused as a whole and nothing of it was written, or writing it again does no harm.
    Refused(Error),
}

impl Batches {
    pub(super) fn new(
        client: Client,
        job: &'static Job,
        batch: usize,
        notify: bool,
        options: CallOptions,
    ) -> Self {
        let largest = AtomicUsize::new(batch);
        Self {
            client,
            job,
            notify,
            options,
            batch,
            largest,
            hopeless: Mutex::default(),
        }
    }

    /// Sends rows and tells of each, in their order.
    pub(super) async fn send(&self, rows: Vec<(u64, Prepared)>) -> Vec<Told> {
        let (mut told, mut good) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        for (index, row) in rows {
            match row {
                Ok(arguments) => good.push((index, arguments)),
                Err(error) => told.push(tell(index, Outcome::Failed(error), None)),
            }
        }
        let mut parts: VecDeque<&[Row]> = VecDeque::from([good.as_slice()]);
        while let Some(part) = parts.pop_front() {
            let largest = self.largest.load(Ordering::Relaxed);
            if part.len() > largest {
                let (now, later) = part.split_at(largest);
                parts.push_front(later);
                parts.push_front(now);
                continue;
            }
            if part.is_empty() {
                continue;
            }
            let known = match self.attempt(part).await {
                Part::Refused(error) if part.len() == 1 => {
                    // It was this row, then, and not the size of the batch.
                    self.largest.store(self.batch, Ordering::Relaxed);
                    vec![Outcome::Failed(error)]
                }
                Part::Refused(_) => {
                    let half = part.len().div_ceil(2);
                    self.largest.fetch_min(half, Ordering::Relaxed);
                    let (first, second) = part.split_at(half);
                    parts.push_front(second);
                    parts.push_front(first);
                    continue;
                }
                Part::Known(known) => known,
            };
            told.extend(part.iter().zip(known).map(|((index, arguments), outcome)| {
                let again = outcome.is_retryable().then(|| arguments.clone());
                tell(*index, outcome, again)
            }));
        }
        told.sort_by_key(|(row, _)| row.index);
        told
    }

    fn repeatable(&self) -> bool {
        let operation = self.job.operation;
        operation.repeatable && !(self.notify && operation.mails_again)
    }

    async fn attempt(&self, rows: &[Row]) -> Part {
        let all = |outcome: &dyn Fn() -> Outcome| Part::Known(rows.iter().map(|_| outcome()).collect());
        if let Some(error) = self
            .hopeless
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
        {
            return all(&|| Outcome::Failed(error.clone()));
        }
        let reply = match self.request(rows).await {
            Ok(reply) => reply,
            Err(error) if error.is_indeterminate() => return all(&|| Outcome::Indeterminate(error.clone())),
            // 413 and the like: smaller may do.
            Err(error) if error.kind() == ErrorKind::Invalid => return Part::Refused(error),
            Err(error) => {
                if error.is_hopeless() {
                    *self.hopeless.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.clone());
                }
                if error.is_lost() {
                    let error = error.into_repeatable_indeterminate();
                    return all(&|| Outcome::Indeterminate(error.clone()));
                }
                return all(&|| Outcome::Failed(error.clone()));
            }
        };
        self.read(rows, &reply)
    }

    async fn request(&self, rows: &[Row]) -> Result<Reply> {
        let job = self.job;
        let mut document = format!("mutation {}", job.name);
        let mut variables = Map::new();
        let (field, mail_switch) = (job.field(), job.mail_switch());
        if mail_switch.is_some() {
            document.push_str("($notify:Boolean)");
            variables.insert("notify".to_owned(), self.notify.into());
        }
        document.push('{');
        for (place, (_, arguments)) in rows.iter().enumerate() {
            let _ = write!(document, "r{place}:{field}({arguments}");
            if let Some(switch) = mail_switch {
                let _ = write!(document, ",{switch}:$notify");
            }
            let _ = write!(document, "){{{}}}", job.selection);
        }
        document.push('}');
        let body = Body::new(Some(job.name), &document, &variables)?.with(&[]);
        let exchange = Exchange {
            operation: job.name,
            repeatable: self.repeatable(),
            scopes: job.operation.scopes,
            options: &self.options,
            content_type: JSON,
            body: &|_| body.clone(),
        };
        self.client.core.execute(exchange).await
    }

    fn read(&self, rows: &[Row], reply: &Reply) -> Part {
        let job = self.job;
        let whole = || reply.attach(Reply::error(&reply.errors), job.name);
        let data = match decode::data::<HashMap<String, Option<&RawValue>>>(&reply.body) {
            Ok(envelope) => envelope.data,
            // The answer is there and cannot be read: for a write that means nobody knows.
            Err(error) => {
                let error = reply.attach(error, job.name);
                let outcome = |error: Error| {
                    if self.repeatable() {
                        Outcome::Failed(error)
                    } else {
                        Outcome::Indeterminate(error.into_indeterminate())
                    }
                };
                return Part::Known(rows.iter().map(|_| outcome(error.clone())).collect());
            }
        };
        match data {
            Found::Value(payloads) => {
                let row = |place| self.read_row(place, &payloads, reply);
                Part::Known((0..rows.len()).map(row).collect())
            }
            // Without `data` nothing was carried out; with `data: null` some of it may have been.
            Found::Missing(_) => Part::Refused(whole()),
            Found::Null(_) if self.repeatable() || rows.len() == 1 => Part::Refused(whole()),
            Found::Null(_) => {
                let row = |place: usize| match own_errors(place, reply).as_slice() {
                    [] => Outcome::Indeterminate(whole().into_indeterminate()),
                    own => Outcome::Failed(reply.attach(Reply::error(own), job.name)),
                };
                Part::Known((0..rows.len()).map(row).collect())
            }
        }
    }

    fn read_row(
        &self,
        place: usize,
        payloads: &HashMap<String, Option<&RawValue>>,
        reply: &Reply,
    ) -> Outcome {
        let failed = |error| Outcome::Failed(reply.attach(error, self.job.name));
        if let Some(Some(payload)) = payloads.get(&alias(place)) {
            return (self.job.read)(payload.get()).unwrap_or_else(failed);
        }
        match (own_errors(place, reply).as_slice(), reply.errors.as_slice()) {
            ([], []) => failed(Error::new(
                ErrorKind::Decode,
                "the answer says nothing of this row",
            )),
            ([], all) => failed(Reply::error(all)),
            (own, _) => failed(Reply::error(own)),
        }
    }
}

fn tell(index: u64, outcome: Outcome, again: Option<String>) -> Told {
    (RowOutcome { index, outcome }, again)
}

fn own_errors(place: usize, reply: &Reply) -> Vec<GraphqlError> {
    let alias = alias(place);
    reply
        .errors
        .iter()
        .filter(|error| error.root() == Some(alias.as_str()))
        .cloned()
        .collect()
}

fn alias(place: usize) -> String {
    format!("r{place}")
}
