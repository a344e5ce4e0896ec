//! Pages whose rows stay the bytes they came in, for callers with a decoder of their own.

use super::pager::{Page, Source};
use super::parallel::{OnlyId, RowsAndIds};
use super::position::Position;
use crate::client::Reply;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Id;
use crate::response::decode::{self, Connection, Envelope};
use bytes::Bytes;
use serde::Deserialize;

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
            edges: list(&page.items),
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
    decode::raw_page(&reply.body, path)?.try_map(|page| {
        let all = part(&reply.body, page.edges.get());
        let edges = if limit.is_none() && !has_nulls(&all) {
            Edges { text: all, rows: 0 }
        } else {
            let (mut rows, _) = rows(&reply.body, page.edges.get())?;
            rows.truncate(limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX)));
            Edges {
                text: list(&rows),
                rows: rows.len(),
            }
        };
        Ok(page.map(|_| edges))
    })
}

/// The text of each row, and its id.
pub(super) fn with_ids(reply: &Reply, path: &[&str]) -> Result<RowsAndIds<Bytes>> {
    decode::raw_page(&reply.body, path)?.try_map(|page| {
        let rows = rows(&reply.body, page.edges.get())?;
        Ok(page.map(|_| rows))
    })
}

/// Takes a list of edges apart. A `null` edge or node is no row.
fn rows(body: &Bytes, edges: &str) -> Result<(Vec<Bytes>, Vec<Option<Id>>)> {
    #[derive(Deserialize)]
    struct Edge {
        #[serde(default)]
        node: Option<OnlyId>,
    }
    let wrong = |cause: &dyn std::fmt::Display| {
        let cause = crate::redact::quoted(&cause.to_string());
        Error::new(
            ErrorKind::Decode,
            format!("the answer's edges cannot be read: {cause}"),
        )
    };
    let (mut found, mut ids) = (Vec::new(), Vec::new());
    let mut rest = edges
        .strip_prefix('[')
        .ok_or_else(|| wrong(&"they are no list"))?
        .trim_start();
    while !rest.starts_with(']') {
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Option<Edge>>();
        let edge = values
            .next()
            .ok_or_else(|| wrong(&"they break off"))?
            .map_err(|cause| wrong(&cause))?;
        let (text, after) = rest.split_at(values.byte_offset());
        if let Some(node) = edge.and_then(|edge| edge.node) {
            found.push(part(body, text));
            ids.push(node.id);
        }
        let after = after.trim_start();
        rest = after.strip_prefix(',').unwrap_or(after).trim_start();
    }
    Ok((found, ids))
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

/// A part of a body that shares its memory.
fn part(body: &Bytes, text: &str) -> Bytes {
    body.slice_ref(text.as_bytes())
}

fn list(rows: &[Bytes]) -> Bytes {
    let length = rows.iter().map(|row| row.len() + 1).sum::<usize>() + 2;
    let mut text = Vec::with_capacity(length);
    text.push(b'[');
    for (place, row) in rows.iter().enumerate() {
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

    fn taken_apart(edges: &str) -> (Vec<String>, Vec<Option<Id>>) {
        let body = Bytes::copy_from_slice(edges.as_bytes());
        let (found, ids) = rows(&body, std::str::from_utf8(&body).unwrap()).unwrap();
        let text = |row: &Bytes| String::from_utf8(row.to_vec()).unwrap();
        (found.iter().map(text).collect(), ids)
    }

    #[test]
    fn edges_are_taken_apart_and_nulls_are_no_rows() {
        let edges = "[ {\"node\":{\"id\":\"a\",\"x\":[1,{}]}} ,null,\n{\"cursor\":\"c\", \"node\" : {\"name\":\"],}\"}},{\"node\":null},{}]";
        let (found, ids) = taken_apart(edges);
        assert_eq!(
            found,
            [
                "{\"node\":{\"id\":\"a\",\"x\":[1,{}]}}",
                "{\"cursor\":\"c\", \"node\" : {\"name\":\"],}\"}}"
            ]
        );
        assert_eq!(ids, [Some(Id::from("a")), None]);
        assert_eq!(taken_apart("[]").0, [""; 0]);
        assert_eq!(taken_apart("[ \n]").0, [""; 0]);
    }

    #[test]
    fn what_is_no_list_of_edges_is_an_error_without_values() {
        for wrong in ["{}", "[5]", "[\"secret\"]", "[{\"node\":\"secret\"}]"] {
            let body = Bytes::copy_from_slice(wrong.as_bytes());
            let error = rows(&body, std::str::from_utf8(&body).unwrap()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode);
            assert!(!error.message().contains("secret"), "{error}");
        }
    }

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
