//! A server of canned answers, cheap enough never to be what limits a contender.

mod answer;
mod listen;
pub(crate) mod pages;
mod stats;
mod upserts;

pub(crate) use stats::Stats;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::io::{BufRead, Write};

/// The path of the GraphQL endpoint.
pub(crate) const GRAPHQL: &str = "/graphql/";

/// What to serve.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Spec {
    pub pages: usize,
    /// How long every answer takes, in milliseconds.
    pub latency_ms: u64,
    /// TLS 1.3 and gzip.
    pub real: bool,
    pub limit: Option<RateLimit>,
    /// Every 100th request gets a 503, every 200th a reset.
    pub faulty: bool,
}

/// A token bucket.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct RateLimit {
    /// Requests a second.
    pub rate: f64,
    /// How many may come at once.
    pub burst: f64,
    /// Whether `Retry-After` has a fraction rather than whole seconds.
    pub fraction: bool,
}

/// Where a server is: the first line that it prints. The second, at its end, is its [`Stats`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Address {
    /// Without a path.
    pub url: String,
    /// The certificate to trust, as PEM.
    pub certificate: Option<String>,
}

/// Serves until standard input ends.
pub(crate) fn serve(spec: &Spec) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let (address, answers) = runtime.block_on(listen::start(spec))?;
    print(&address)?;
    std::io::stdin().lock().lines().for_each(drop);
    print(&answers.stats())
}

fn print(value: &impl Serialize) -> Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, value)?;
    writeln!(out)?;
    out.flush().context("nobody listens any more")
}
