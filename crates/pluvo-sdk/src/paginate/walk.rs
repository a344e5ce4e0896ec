//! Reading by cursor, one page after the other.

use super::ahead::{Delivery, Reader};
use super::place::Place;
use super::plan::{From, Plan};
use crate::client::Reply;
use crate::error::Result;
use crate::response::decode::{Connection, Envelope, PageInfo};
use std::sync::Arc;

/// A place in a list, and whoever reads ahead of it. Stays where it is when a page fails, and can go on from there.
#[derive(Debug)]
pub(super) struct Walk {
    plan: Arc<Plan>,
    place: Place,
    done: bool,
    prefetch: bool,
    reader: Option<Reader>,
}

impl Walk {
    pub(super) fn new(plan: Arc<Plan>, from: From, prefetch: bool, limit: Option<u64>) -> Self {
        Self {
            place: Place::new(&plan, from, limit),
            plan,
            done: limit == Some(0),
            prefetch,
            reader: None,
        }
    }

    /// The cursor to go on from; none before the first page and after the last.
    pub(super) fn cursor(&self) -> Option<&str> {
        self.place.cursor().filter(|_| !self.done)
    }

    pub(super) fn plan(&self) -> &Plan {
        &self.plan
    }

    pub(super) fn remaining(&self) -> Option<u64> {
        self.place.remaining
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
        // The next page is asked for before the rows of this one are decoded.
        let (page, ahead) = if let Some(mut reader) = self.reader.take() {
            let Delivery { page, goes_on } = reader.next().await?;
            (page, goes_on.then_some(reader))
        } else {
            let page = self.place.fetch(&self.plan).await;
            let next = self.place.after(&page, &self.plan);
            (page, next.and_then(|next| self.read_on(next)))
        };
        self.place.adapt(&page, &self.plan);
        let (reply, _) = page.reply?;
        let connection = self.plan.connection(&reply, decode(&reply, &self.plan.path))?;
        self.advance(&connection.info)
            .map_err(|error| reply.attach(error, self.plan.operation.name))?;
        if let Some(remaining) = &mut self.place.remaining {
            *remaining = remaining.saturating_sub(rows(&connection.edges) as u64);
            self.done |= *remaining == 0;
        }
        if !self.done {
            self.reader = ahead.or_else(|| self.read_on(self.place.clone()));
        }
        Ok(Some(connection))
    }

    /// Moves on, or says that there is no getting on.
    fn advance(&mut self, info: &PageInfo) -> Result<()> {
        if !info.has_next_page {
            self.done = true;
            return Ok(());
        }
        match &info.end_cursor {
            None => Err(self.plan.pagination("there is a next page but no cursor to it")),
            Some(next) if Some(next.as_str()) == self.place.cursor() => Err(self
                .plan
                .pagination("the cursor does not advance; reading on would never end")),
            Some(next) => {
                self.place.from = From::Cursor(Some(next.clone()));
                Ok(())
            }
        }
    }

    /// Has what follows read ahead, where that is wanted.
    fn read_on(&self, place: Place) -> Option<Reader> {
        let plan = Arc::clone(&self.plan);
        self.prefetch.then(|| Reader::start(plan, place)).flatten()
    }
}
