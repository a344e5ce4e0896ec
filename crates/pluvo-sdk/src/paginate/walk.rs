//! Reading by cursor, one page after the other.

use super::plan::{Ahead, From, Plan};
use crate::client::Reply;
use crate::error::Result;
use crate::response::decode::{self, Connection, Envelope, PageInfo};
use std::sync::Arc;

/// After so many good pages a reduced page size is doubled again.
const GOOD_PAGES: u32 = 3;

/// A place in a list, and the page ahead of it. Stays where it is when a page fails, and can go on from there.
#[derive(Debug)]
pub(super) struct Walk {
    plan: Arc<Plan>,
    /// Rows to leave out before the first page.
    offset: u64,
    cursor: Option<String>,
    done: bool,
    prefetch: bool,
    /// Rows still wanted.
    remaining: Option<u64>,
    size: u32,
    good_pages: u32,
    ahead: Option<Fetch>,
}

type Fetched = Result<(Reply, u32)>;

#[derive(Debug)]
struct Fetch {
    asked: u32,
    work: Ahead<Fetched>,
}

impl Walk {
    pub(super) fn new(plan: Arc<Plan>, from: From, prefetch: bool, limit: Option<u64>) -> Self {
        let size = plan.page_size;
        let (offset, cursor) = match from {
            From::Offset(rows) => (rows, None),
            From::Cursor(cursor) => (0, cursor),
        };
        Self {
            plan,
            offset,
            cursor,
            done: limit == Some(0),
            prefetch,
            remaining: limit,
            size,
            good_pages: 0,
            ahead: None,
        }
    }

    /// The cursor to go on from; none before the first page and after the last.
    pub(super) fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref().filter(|_| !self.done)
    }

    pub(super) fn plan(&self) -> &Plan {
        &self.plan
    }

    pub(super) fn remaining(&self) -> Option<u64> {
        self.remaining
    }

    /// Reads the next page; none after the last.
    ///
    /// `decode` makes rows of a body, `rows` counts them.
    pub(super) async fn step<E>(
        &mut self,
        decode: impl Fn(&Reply, &[&str]) -> Result<Envelope<Connection<E>>>,
        rows: impl Fn(&E) -> usize,
    ) -> Result<Option<Connection<E>>> {
        if self.done {
            return Ok(None);
        }
        let (asked, fetched) = if let Some(mut fetch) = self.ahead.take() {
            (fetch.asked, fetch.work.finish().await?)
        } else {
            let asked = self.page_size(0);
            (asked, self.plan.fetch(&self.from(), asked).await)
        };
        let (reply, size) = fetched?;
        self.adapt(asked, size);
        // The next page is asked for before the rows of this one are decoded.
        let peeked = decode::peek(&reply.body, &self.plan.path);
        let early = peeked
            .as_ref()
            .filter(|info| info.end_cursor != self.cursor)
            .and_then(|info| self.look_ahead(info, u64::from(size)));
        let connection = self.plan.connection(&reply, decode(&reply, &self.plan.path))?;
        self.advance(&connection.info)
            .map_err(|error| reply.attach(error, self.plan.operation.name))?;
        if let Some(remaining) = &mut self.remaining {
            *remaining = remaining.saturating_sub(rows(&connection.edges) as u64);
            self.done |= *remaining == 0;
        }
        if !self.done {
            self.ahead = early.or_else(|| self.look_ahead(&connection.info, 0));
        }
        Ok(Some(connection))
    }

    fn from(&self) -> From {
        match &self.cursor {
            None if self.offset > 0 => From::Offset(self.offset),
            cursor => From::Cursor(cursor.clone()),
        }
    }

    /// Moves on, or says that there is no getting on.
    fn advance(&mut self, info: &PageInfo) -> Result<()> {
        if !info.has_next_page {
            self.done = true;
            self.cursor = None;
            return Ok(());
        }
        match &info.end_cursor {
            None => Err(self.plan.pagination("there is a next page but no cursor to it")),
            Some(next) if Some(next) == self.cursor.as_ref() => Err(self
                .plan
                .pagination("the cursor does not advance; reading on would never end")),
            Some(next) => {
                self.cursor = Some(next.clone());
                Ok(())
            }
        }
    }

    /// Begins to fetch the page after this one. `coming` are the rows of this page, which are not counted yet.
    fn look_ahead(&self, info: &PageInfo, coming: u64) -> Option<Fetch> {
        let next = info
            .end_cursor
            .clone()
            .filter(|_| self.prefetch && info.has_next_page)?;
        if self.remaining.is_some_and(|remaining| remaining <= coming) {
            return None;
        }
        let (plan, asked) = (Arc::clone(&self.plan), self.page_size(coming));
        let work = Ahead::start(async move { plan.fetch(&From::Cursor(Some(next)), asked).await }).ok()?;
        Some(Fetch { asked, work })
    }

    fn page_size(&self, coming: u64) -> u32 {
        let wanted = self
            .remaining
            .map_or(u64::MAX, |remaining| remaining.saturating_sub(coming));
        self.size.min(u32::try_from(wanted).unwrap_or(u32::MAX)).max(1)
    }

    /// Keeps to a size that a gateway let through, and goes back to the full one by and by.
    fn adapt(&mut self, asked: u32, got: u32) {
        if got < asked {
            (self.size, self.good_pages) = (got, 0);
        } else if self.size < self.plan.page_size {
            self.good_pages += 1;
            if self.good_pages >= GOOD_PAGES {
                (self.size, self.good_pages) = ((self.size * 2).min(self.plan.page_size), 0);
            }
        }
    }
}
