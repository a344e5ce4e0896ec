//! What the users of a plain HTTP or GraphQL client write themselves: the loop over pages.

use super::{Contender, Reading, Tally, Writing};
use crate::server::pages::PAGE;
use anyhow::{Context, Result, bail, ensure};
use futures::{StreamExt, TryStreamExt};
use serde::Serialize;

/// The operation that all peers send.
pub(crate) const USERS: &str = include_str!("users.graphql");

/// The small one.
pub(crate) const ONE: &str = include_str!("one.graphql");

/// What creates a person, or changes one.
pub(super) const UPSERT: &str = include_str!("upsert.graphql");

/// The token that the server takes.
pub(crate) const TOKEN: &str = "bench-token-bench-token";

/// The variables of [`USERS`].
#[derive(Debug, Clone, Serialize)]
pub(super) struct Variables<'a> {
    pub first: usize,
    pub after: Option<&'a str>,
    pub offset: Option<usize>,
}

/// A page, read and counted.
#[derive(Debug)]
pub(super) struct Page {
    pub tally: Tally,
    /// The cursor to the next page, if there is one.
    pub next: Option<String>,
}

pub(super) trait Peer {
    async fn page(&self, variables: Variables<'_>) -> Result<Page>;
    async fn one(&self) -> Result<()>;
    /// Creates one person.
    async fn upsert(&self, _row: usize) -> Result<()> {
        bail!("it does not write")
    }
}

impl<P: Peer> Contender for P {
    async fn warm_up(&self) -> Result<()> {
        self.page(after(None)).await.map(drop)
    }

    async fn drain(&self, pages: usize, reading: Reading) -> Result<Tally> {
        let mut all = Tally::default();
        match reading {
            Reading::Sequential => {
                let mut cursor = None;
                loop {
                    let page = self.page(after(cursor.as_deref())).await?;
                    all.add(page.tally);
                    match page.next {
                        None => return Ok(all),
                        next => cursor = next,
                    }
                }
            }
            Reading::Parallel(in_flight) => {
                let fetches = (0..pages).map(|page| self.page(at(page * PAGE)));
                let mut read = futures::stream::iter(fetches).buffered(in_flight);
                while let Some(page) = read.try_next().await? {
                    all.add(page.tally);
                }
                Ok(all)
            }
            Reading::Ahead => bail!("peers do not read ahead"),
        }
    }

    async fn one(&self) -> Result<()> {
        Peer::one(self).await
    }

    async fn upsert(&self, rows: usize, writing: Writing) -> Result<usize> {
        ensure!(writing == Writing::OneByOne, "peers write one by one");
        for row in 0..rows {
            Peer::upsert(self, row).await?;
        }
        Ok(rows)
    }
}

fn after(cursor: Option<&str>) -> Variables<'_> {
    Variables {
        first: PAGE,
        after: cursor,
        offset: None,
    }
}

fn at(offset: usize) -> Variables<'static> {
    Variables {
        first: PAGE,
        after: None,
        offset: Some(offset),
    }
}

/// The cursor to the next page, found without decoding.
pub(super) fn find_next(body: &[u8]) -> Result<Option<String>> {
    let front = &body[..body.len().min(400)];
    if memchr::memmem::find(front, br#""hasNextPage":false"#).is_some() {
        return Ok(None);
    }
    let key = br#""endCursor":""#;
    let start = memchr::memmem::find(front, key).context("no cursor")? + key.len();
    let length = memchr::memchr(b'"', &front[start..]).context("no end of the cursor")?;
    Ok(Some(String::from_utf8(front[start..start + length].to_vec())?))
}
