//! Reading by offset, several pages at once, with a check that nothing was lost.
//!
//! While a list is read by offset, rows that come or go move all others to other offsets, so that some are seen twice
//! and some not at all. Each row is handed over once, by its id. Counting does not show that one was missed: as many may
//! have come as went. So each page begins with the last row of the one before it. While these meet, the pages cover the
//! list without a gap; where they do not, or the count moved, the list is read again by cursor and what was missed is
//! handed over at the end.

use super::pager::Page;
use super::plan::{Ahead, From, Plan};
use super::walk::Walk;
use crate::client::Reply;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Id;
use crate::response::decode::{self, Connection, Found};
use crate::response::{RawRow, raw_page, raw_rows};
use serde::de::DeserializeOwned;
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

#[derive(Debug)]
pub(super) struct Parallel<T> {
    plan: Arc<Plan>,
    read: Read<T>,
    pages: usize,
    remaining: Option<u64>,
    seen: HashSet<Id>,
    /// The rows that a page really brings: what was asked for, or what the server caps it at.
    width: u64,
    /// The last row of the page before, with which the next one has to begin.
    edge: Option<Id>,
    /// What the first page counted.
    total: Option<u64>,
    next_offset: u64,
    in_flight: VecDeque<Fetch<T>>,
    phase: Phase,
}

#[derive(Debug)]
enum Phase {
    First,
    /// Fetching by offset; `moved` once the list is known to have changed.
    Fanning {
        moved: bool,
    },
    /// Reading again by cursor.
    Again(Walk),
    Done,
}

/// Makes rows of a page, and finds their ids.
pub(super) type Read<T> = fn(&Reply, &[&str]) -> Result<RowsAndIds<T>>;

type Fetched<T> = Result<Rows<T>>;

#[derive(Debug)]
struct Fetch<T> {
    offset: u64,
    work: Ahead<Fetched<T>>,
}

/// The rows of a page with their ids.
#[derive(Debug)]
struct Rows<T> {
    page: Connection<Vec<T>>,
    ids: Vec<Option<Id>>,
    asked: u32,
}

impl<T> Rows<T> {
    fn new(page: Connection<(Vec<T>, Vec<Option<Id>>)>, asked: u32) -> Self {
        let Connection {
            info,
            count,
            edges: (rows, ids),
        } = page;
        Self {
            page: Connection {
                info,
                count,
                edges: rows,
            },
            ids,
            asked,
        }
    }
}

impl<T: Send + 'static> Parallel<T> {
    pub(super) fn new(plan: Arc<Plan>, pages: usize, limit: Option<u64>, read: Read<T>) -> Self {
        Self {
            read,
            width: u64::from(plan.page_size),
            edge: None,
            plan,
            pages,
            remaining: limit,
            seen: HashSet::new(),
            total: None,
            next_offset: 0,
            in_flight: VecDeque::new(),
            phase: if limit == Some(0) {
                Phase::Done
            } else {
                Phase::First
            },
        }
    }

    pub(super) async fn next_page(&mut self) -> Result<Option<Page<T>>> {
        loop {
            let rows = match &mut self.phase {
                Phase::Done => return Ok(None),
                Phase::First => Some(self.first().await?),
                Phase::Fanning { .. } => self.next_by_offset().await?,
                Phase::Again(walk) => {
                    let page = walk.step(self.read, |(rows, _)| rows.len()).await?;
                    if page.is_none() {
                        self.phase = Phase::Done;
                    }
                    page.map(|page| Rows::new(page, 0))
                }
            };
            let Some(rows) = rows else { continue };
            let page = self.hand_over(rows)?;
            // Either the list changed, or the server does not heed the offset, and then there would be no end.
            if matches!(self.phase, Phase::Fanning { .. }) && page.items.is_empty() {
                self.read_again();
                continue;
            }
            // Pages of a second reading that bring nothing new are not worth a turn of the caller.
            if matches!(self.phase, Phase::Again(_)) && page.items.is_empty() {
                continue;
            }
            return Ok(Some(page));
        }
    }

    /// Reads the first page alone: it tells how many rows there are, and how many the server gives at once.
    async fn first(&mut self) -> Result<Rows<T>> {
        let rows = fetch(&self.plan, 0, self.plan.page_size, self.read).await?;
        let got = rows.ids.len() as u64;
        self.total = rows.page.count;
        if !rows.page.info.has_next_page {
            self.phase = Phase::Done;
        } else if self.total.is_none() || got < 2 {
            // Without a count, or with pages too small to meet in a row, there is nothing to divide.
            self.read_again();
        } else {
            self.width = got.min(u64::from(rows.asked));
            self.next_offset = got - 1;
            self.edge = rows.ids.last().cloned().flatten();
            self.phase = Phase::Fanning { moved: false };
        }
        Ok(rows)
    }

    async fn next_by_offset(&mut self) -> Result<Option<Rows<T>>> {
        let total = self.total.unwrap_or_default();
        let begin = self
            .in_flight
            .front()
            .map_or(self.next_offset, |fetch| fetch.offset);
        let wanted = self.remaining.map_or(total, |remaining| {
            total.min(begin.saturating_add(remaining).saturating_add(1))
        });
        while self.in_flight.len() < self.pages && self.next_offset + 1 < wanted {
            let (plan, read) = (Arc::clone(&self.plan), self.read);
            let (offset, size) = (self.next_offset, self.plan.page_size);
            let work = Ahead::start(async move { fetch(&plan, offset, size, read).await })
                .map_err(|_| Error::config("reading in parallel needs a tokio runtime"))?;
            self.in_flight.push_back(Fetch { offset, work });
            self.next_offset += self.width - 1;
        }
        let Some(Fetch { offset, work }) = self.in_flight.front_mut() else {
            self.finish();
            return Ok(None);
        };
        // It leaves the queue when it is there: whoever stops waiting and asks again finds it in its place.
        let (offset, fetched) = (*offset, work.finish().await);
        self.in_flight.pop_front();
        let rows = match fetched.and_then(|fetched| fetched) {
            Ok(rows) => rows,
            Err(error) => {
                // What came after the gap is fetched again, so that asking once more goes on without a hole.
                self.in_flight.clear();
                self.next_offset = offset;
                let gap = format!(
                    "rows {} to {} could not be read: {}",
                    offset + 1,
                    offset + self.width - 1,
                    error.message()
                );
                return Err(error.with_message(gap));
            }
        };
        let expected = self.width.min(total.saturating_sub(offset));
        let meets = rows.ids.first().cloned().flatten() == self.edge;
        let changed = !meets || rows.page.count != self.total || rows.ids.len() as u64 != expected;
        self.edge = rows.ids.last().cloned().flatten();
        if let Phase::Fanning { moved } = &mut self.phase {
            *moved |= changed;
        }
        Ok(Some(rows))
    }

    /// All offsets are read: either every row was seen, or the list is read again.
    fn finish(&mut self) {
        let complete = self.total == Some(self.seen.len() as u64);
        let enough = self.remaining == Some(0);
        match self.phase {
            Phase::Fanning { moved } if !enough && (moved || !complete) => self.read_again(),
            _ => self.phase = Phase::Done,
        }
    }

    fn read_again(&mut self) {
        tracing::debug!(target: "pluvo_sdk::paginate", operation = self.plan.operation.name, "the list changed while it was read; reading it again by cursor");
        self.in_flight.clear();
        self.phase = Phase::Again(Walk::new(Arc::clone(&self.plan), From::Cursor(None), true, None));
    }

    fn hand_over(&mut self, rows: Rows<T>) -> Result<Page<T>> {
        let Rows { page, ids, .. } = rows;
        let limit = self.remaining.map_or(usize::MAX, |remaining| {
            usize::try_from(remaining).unwrap_or(usize::MAX)
        });
        let mut items = Vec::with_capacity(page.edges.len());
        for (row, id) in page.edges.into_iter().zip(ids) {
            let id = id.ok_or_else(|| {
                self.plan
                    .pagination("reading in parallel tells rows apart by their id; select id too")
            })?;
            if items.len() < limit && self.seen.insert(id) {
                items.push(row);
            }
        }
        if let Some(remaining) = &mut self.remaining {
            *remaining = remaining.saturating_sub(items.len() as u64);
            if *remaining == 0 {
                self.in_flight.clear();
                self.phase = Phase::Done;
            }
        }
        Ok(Page {
            items,
            count: page.count,
            end_cursor: page.info.end_cursor,
            has_next: !matches!(self.phase, Phase::Done),
        })
    }
}

async fn fetch<T>(plan: &Plan, offset: u64, size: u32, read: Read<T>) -> Result<Rows<T>> {
    let (reply, asked) = plan.fetch(&From::Offset(offset), size).await?;
    let page = plan.connection(&reply, read(&reply, &plan.path))?;
    Ok(Rows::new(page, asked))
}

pub(super) type RowsAndIds<T> = decode::Envelope<Connection<(Vec<T>, Vec<Option<Id>>)>>;

/// Decoded rows. Their ids are found beside: what a row is made of is the caller's affair.
pub(super) fn with_ids<T: DeserializeOwned>(reply: &Reply, path: &[&str]) -> Result<RowsAndIds<T>> {
    let decoded = decode::page::<T>(&reply.body, path)?;
    let ids: Vec<_> = match raw_page(&reply.body, path)?.data {
        Found::Value(page) => raw_rows(page.edges)?.iter().map(RawRow::id).collect(),
        Found::Null(_) | Found::Missing(_) => Vec::new(),
    };
    decoded.try_map(|page| {
        // They belong together by their places alone.
        if page.edges.len() != ids.len() {
            let (rows, ids) = (page.edges.len(), ids.len());
            let text = format!("the answer has {rows} rows but {ids} places for ids");
            return Err(Error::new(ErrorKind::Decode, text));
        }
        Ok(page.map(|rows| (rows, ids)))
    })
}
