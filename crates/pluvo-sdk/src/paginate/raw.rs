//! Pages whose rows stay the bytes they came in, for callers with a decoder of their own.

use super::position::Position;
use super::walk::Walk;
use crate::error::Result;
use crate::response::decode;
use bytes::Bytes;
use serde::de::IgnoredAny;
use std::ops::Range;

/// One page of a list, undecoded.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RawPage {
    body: Bytes,
    edges: Range<usize>,
    /// How many rows the whole list has, as the server counts.
    pub count: Option<u64>,
    /// The cursor after the last row.
    pub end_cursor: Option<String>,
    /// Whether another page follows.
    pub has_next: bool,
}

impl RawPage {
    /// The JSON text of `edges`: a list of objects that hold a `node`. No copy is made.
    pub fn edges(&self) -> Bytes {
        self.body.slice(self.edges.clone())
    }
}

/// Reads a list page by page without decoding its rows. Made by [`List::raw_pager`](super::List::raw_pager).
#[derive(Debug)]
pub struct RawPager {
    walk: Walk,
}

impl RawPager {
    pub(super) fn new(walk: Walk) -> Self {
        Self { walk }
    }

    /// The next page, or none after the last.
    ///
    /// # Errors
    ///
    /// As [`Pager::next_page`](super::Pager::next_page).
    pub async fn next_page(&mut self) -> Result<Option<RawPage>> {
        let limited = self.walk.remaining().is_some();
        let connection = self
            .walk
            .step(
                |reply, path| {
                    let whole = decode::raw_page(&reply.body, path)?;
                    Ok(whole
                        .map(|page| page.map(|edges| (reply.body.clone(), place(&reply.body, edges.get())))))
                },
                // Rows are counted only where there is a limit to keep.
                |(body, edges)| if limited { count(&body[edges.clone()]) } else { 0 },
            )
            .await?;
        Ok(connection.map(|connection| {
            let (body, edges) = connection.edges;
            RawPage {
                body,
                edges,
                count: connection.count,
                end_cursor: connection.info.end_cursor,
                has_next: connection.info.has_next_page,
            }
        }))
    }

    /// Where to go on later; see [`Pager::position`](super::Pager::position).
    pub fn position(&self) -> Option<Position> {
        self.walk
            .cursor()
            .map(|cursor| Position::new(self.walk.plan(), cursor.to_owned()))
    }
}

/// Where a part of a body stands in it.
fn place(body: &Bytes, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - body.as_ptr() as usize;
    start..start + part.len()
}

fn count(edges: &[u8]) -> usize {
    serde_json::from_slice::<Vec<IgnoredAny>>(edges).map_or(0, |edges| edges.len())
}
