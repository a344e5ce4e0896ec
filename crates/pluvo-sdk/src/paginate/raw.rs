//! Pages whose rows stay the bytes they came in, for callers with a decoder of their own.

use super::pager::{Page, Source};
use super::parallel::RowsAndIds;
use super::position::Position;
use crate::client::Reply;
use crate::error::Result;
use crate::response::decode::{Connection, Envelope};
use crate::response::{raw_page, raw_rows};
use bytes::Bytes;

/// One page of a list, undecoded.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RawPage {
    edges: Bytes,
    /// How many rows the whole list has, as the server counts.
    pub count: Option<u64>,
    /// The cursor after the last row.
    pub end_cursor: Option<String>,
    /// Whether another page follows.
    pub has_next: bool,
}

impl RawPage {
    /// The JSON text of `edges`: a list of objects that each hold a `node`. A page of which every row counts is the
    /// very bytes that came; where some do not, because of a limit, because they came before, or because they are
    /// null, the others are put together anew.
    pub fn edges(&self) -> Bytes {
        self.edges.clone()
    }
}

/// Reads a list page by page without decoding its rows. Made by [`List::raw_pager`](super::List::raw_pager).
#[derive(Debug)]
pub struct RawPager {
    source: Source<Bytes>,
}

impl RawPager {
    pub(super) fn new(source: Source<Bytes>) -> Self {
        Self { source }
    }

    /// The next page, or none after the last.
    ///
    /// # Errors
    ///
    /// As [`Pager::next_page`](super::Pager::next_page).
    pub async fn next_page(&mut self) -> Result<Option<RawPage>> {
        match &mut self.source {
            Source::Offset(parallel) => Ok(parallel.next_page().await?.map(RawPage::from)),
            Source::Cursor(walk) => {
                let limit = walk.remaining();
                let read = |reply: &Reply, path: &[&str]| edges(reply, path, limit);
                let connection = walk.step(read, |edges| edges.rows).await?;
                Ok(connection.map(|connection| RawPage {
                    edges: connection.edges.text,
                    count: connection.count,
                    end_cursor: connection.info.end_cursor,
                    has_next: connection.info.has_next_page,
                }))
            }
        }
    }

    /// Where to go on later; see [`Pager::position`](super::Pager::position).
    pub fn position(&self) -> Option<Position> {
        self.source.position()
    }
}

impl From<Page<Bytes>> for RawPage {
    fn from(page: Page<Bytes>) -> Self {
        Self {
            edges: list(page.items.iter().map(|row| &row[..])),
            count: page.count,
            end_cursor: page.end_cursor,
            has_next: page.has_next,
        }
    }
}

/// The rows of a page as one text.
struct Edges {
    text: Bytes,
    /// How many they are; counted only where there is a limit to keep.
    rows: usize,
}

/// The edges, no more than the limit.
fn edges(reply: &Reply, path: &[&str], limit: Option<u64>) -> Result<Envelope<Connection<Edges>>> {
    raw_page(&reply.body, path)?.try_map(|page| {
        let edges = if limit.is_none() && !has_nulls(page.edges) {
            Edges {
                text: reply.body.slice_ref(page.edges),
                rows: 0,
            }
        } else {
            let limit = limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
            let mut rows = raw_rows(page.edges)?;
            rows.truncate(limit);
            Edges {
                text: list(rows.iter().map(|row| row.edge)),
                rows: rows.len(),
            }
        };
        Ok(page.map(|_| edges))
    })
}

/// The text of each row, and its id.
pub(super) fn with_ids(reply: &Reply, path: &[&str]) -> Result<RowsAndIds<Bytes>> {
    raw_page(&reply.body, path)?.try_map(|page| {
        let rows = raw_rows(page.edges)?;
        let rows = rows
            .iter()
            .map(|row| (reply.body.slice_ref(row.edge), row.id()))
            .unzip();
        Ok(page.map(|_| rows))
    })
}

/// Whether an edge or a node may be `null`. Sometimes says so where none is, and never misses one.
fn has_nulls(edges: &[u8]) -> bool {
    memchr::memmem::find_iter(edges, b"null").any(|at| {
        let before = edges[..at].trim_ascii_end();
        match before.last() {
            // An element of a list: of the edges, or of one within a row.
            Some(b'[' | b',') => true,
            Some(b':') => before[..before.len() - 1].trim_ascii_end().ends_with(b"\"node\""),
            // Letters of a text.
            _ => false,
        }
    })
}

fn list<'a>(rows: impl Iterator<Item = &'a [u8]> + Clone) -> Bytes {
    let length = rows.clone().map(|row| row.len() + 1).sum::<usize>() + 2;
    let mut text = Vec::with_capacity(length);
    text.push(b'[');
    for (place, row) in rows.enumerate() {
        if place > 0 {
            text.push(b',');
        }
        text.extend_from_slice(row);
    }
    text.push(b']');
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_null_row_is_noticed() {
        for edges in [
            "[null]",
            "[ null ]",
            "[{},\nnull]",
            "[{\"node\":null}]",
            "[{\"node\" :\tnull }]",
        ] {
            assert!(has_nulls(edges.as_bytes()), "{edges}");
        }
        for edges in ["[]", "[{\"node\":{\"ref\":null,\"name\":\"null and void\"}}]"] {
            assert!(!has_nulls(edges.as_bytes()), "{edges}");
        }
    }
}
