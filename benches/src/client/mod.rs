//! The contenders: each does a job in a process of its own and tells what it took.

mod by_cynic;
mod by_graphql_client;
mod by_hyper;
mod by_pluvo;
mod by_reqwest;
mod by_ring;
pub(crate) mod peer;
mod tally;
mod writes;

pub(crate) use tally::Tally;

use crate::measure::{Start, Used};
use crate::server::Address;
use crate::server::pages::PAGE;
use anyhow::{Result, bail, ensure};
use pluvo_sdk::sync::Person;
use serde::{Deserialize, Serialize};
use std::io::Write;

/// Who does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    /// hyper alone, which reads the bytes and leaves them unread: the least that can be spent.
    Limit,
    /// reqwest, which reads the bytes.
    ReqwestBytes,
    /// reqwest and `serde_json` into structs that own their texts.
    Reqwest,
    /// reqwest and `serde_json` into structs that borrow from the answer.
    ReqwestBorrowed,
    GraphqlClient,
    Cynic,
    /// Ours, row by row, into the SDK's own `User`: ids, enums and moments parsed.
    Pluvo,
    /// The same, page by page.
    PluvoPages,
    /// Ours, row by row, into the struct that reqwest's rows go into.
    PluvoOwn,
    /// Ours, page by page, the rows left as bytes.
    PluvoRaw,
    /// Ours, the typed reading of one person.
    PluvoGet,
    /// ring's HMAC, over bytes that are then left alone.
    Ring,
    /// The same, and `serde_json` of the body.
    RingJson,
    /// Ours, the signature alone.
    PluvoSignature,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Task {
    /// Reads all pages.
    Drain { pages: usize, reading: Reading },
    /// Sends a small query so often, one after the other.
    One { calls: u32 },
    /// Creates so many people.
    Upsert { rows: usize, writing: Writing },
    /// Reads everybody into a list, as many pages in flight as the client takes by itself.
    ReadAll { rows: usize },
    /// Plans a sync of so many rows, each hundredth of which differs from what is there.
    Plan { rows: usize },
    /// Verifies a webhook's body of so many bytes, so often.
    Verify { bytes: usize, calls: u32 },
    /// Makes the first client and sends nothing.
    Start,
}

/// How pages are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Reading {
    /// By cursor, the next page once the last is done with.
    Sequential,
    /// By cursor, the next page ahead. Only ours can.
    Ahead,
    /// By offset, so many in flight.
    Parallel(usize),
}

/// How people are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Writing {
    /// A request each, the next once the last is answered.
    OneByOne,
    /// Many in a request and several requests in flight, as ours does by itself.
    Many,
}

/// All that a contender is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Job {
    pub kind: Kind,
    pub task: Task,
    pub server: Address,
}

/// All that it tells.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub used: Used,
    pub tally: Tally,
}

pub(crate) fn contend(job: &Job) -> Result<()> {
    let outcome = match job.task {
        Task::Verify { bytes, calls } => by_ring::contest(job.kind, bytes, calls)?,
        _ => over_the_wire(job)?,
    };
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, &outcome)?;
    Ok(writeln!(out)?)
}

fn over_the_wire(job: &Job) -> Result<Outcome> {
    // As `#[tokio::main]` makes it on two cores.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match job.kind {
            Kind::Limit => contest(job, by_hyper::Hyper::new).await,
            Kind::ReqwestBytes => contest(job, by_reqwest::Bytes::new).await,
            Kind::Reqwest => contest(job, by_reqwest::Owned::new).await,
            Kind::ReqwestBorrowed => contest(job, by_reqwest::Borrowed::new).await,
            Kind::GraphqlClient => contest(job, by_graphql_client::GraphqlClient::new).await,
            Kind::Cynic => contest(job, by_cynic::Cynic::new).await,
            Kind::Ring | Kind::RingJson | Kind::PluvoSignature => bail!("{:?} sends nothing", job.kind),
            Kind::Pluvo | Kind::PluvoPages | Kind::PluvoOwn | Kind::PluvoRaw | Kind::PluvoGet => {
                contest(job, |server| by_pluvo::Pluvo::new(server, job.kind, job.task)).await
            }
        }
    })
}

/// Someone who can do the tasks.
trait Contender {
    /// Connects, gets a token where it needs one, and reads something.
    async fn warm_up(&self) -> Result<()>;
    async fn drain(&self, pages: usize, reading: Reading) -> Result<Tally>;
    /// Sends one small query.
    async fn one(&self) -> Result<()>;
    /// Creates people; how many were.
    async fn upsert(&self, _rows: usize, _writing: Writing) -> Result<usize> {
        bail!("it does not write")
    }
    /// Reads everybody into a list.
    async fn read_all(&self) -> Result<Tally> {
        bail!("it does not read everybody")
    }
    /// Plans a sync of these rows; how many of them would change somebody.
    async fn plan(&self, _rows: Vec<Person>) -> Result<usize> {
        bail!("it does not plan")
    }
}

async fn contest<C: Contender>(job: &Job, make: impl FnOnce(&Address) -> Result<C>) -> Result<Outcome> {
    let begin = Start::now()?;
    let contender = make(&job.server)?;
    let (start, tally) = match job.task {
        Task::Start => (begin, Tally::default()),
        Task::Verify { .. } => bail!("nothing is sent for that"),
        Task::Upsert { rows, writing } => {
            contender.warm_up().await?;
            let start = Start::now()?;
            let written = contender.upsert(rows, writing).await?;
            ensure!(written == rows, "{written} of {rows} rows were written");
            (start, Tally::default())
        }
        Task::ReadAll { rows } => {
            contender.warm_up().await?;
            let start = Start::now()?;
            let tally = contender.read_all().await?;
            ensure!(
                tally.is_complete(rows / PAGE),
                "it has not read it all: {tally:?}"
            );
            (start, tally)
        }
        Task::Plan { rows } => {
            contender.warm_up().await?;
            let people = writes::people(rows);
            let start = Start::now()?;
            let changes = contender.plan(people).await?;
            let expected = writes::differing(rows);
            ensure!(
                changes == expected,
                "{changes} changes were planned, not {expected}"
            );
            (start, Tally::default())
        }
        Task::One { calls } => {
            contender.warm_up().await?;
            let start = Start::now()?;
            for _ in 0..calls {
                contender.one().await?;
            }
            (start, Tally::default())
        }
        Task::Drain { pages, reading } => {
            contender.warm_up().await?;
            let start = Start::now()?;
            let tally = contender.drain(pages, reading).await?;
            ensure!(
                tally.is_complete(pages),
                "{:?} has not read it all: {tally:?}",
                job.kind
            );
            (start, tally)
        }
    };
    Ok(Outcome {
        used: start.used()?,
        tally,
    })
}
