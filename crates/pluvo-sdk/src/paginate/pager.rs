//! Pages of typed rows.

use super::parallel::Parallel;
use super::position::Position;
use super::walk::Walk;
use crate::error::Result;
use crate::response::decode;
use serde::de::DeserializeOwned;

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// Its rows. May be none, even where more pages follow.
    pub items: Vec<T>,
    /// How many rows the whole list has, as the server counts.
    pub count: Option<u64>,
    /// The cursor after the last row. For keeping, use [`Pager::position`].
    pub end_cursor: Option<String>,
    /// Whether another page follows.
    pub has_next: bool,
}

/// Reads a list page by page. Made by [`List::pager`](super::List::pager).
///
/// After an error it stands where it stood and can be asked again.
#[derive(Debug)]
pub struct Pager<T> {
    source: Source<T>,
    count: Option<u64>,
}

#[derive(Debug)]
pub(super) enum Source<T> {
    Cursor(Walk),
    Offset(Box<Parallel<T>>),
}

impl<T: DeserializeOwned + Send + 'static> Pager<T> {
    pub(super) fn new(source: Source<T>) -> Self {
        Self { source, count: None }
    }

    /// The next page, or none after the last.
    ///
    /// # Errors
    ///
    /// [`Pagination`](crate::ErrorKind::Pagination) where the list cannot be read to its end without doubt, and
    /// whatever can befall a request. Ask again to go on from the same place.
    pub async fn next_page(&mut self) -> Result<Option<Page<T>>> {
        let page = match &mut self.source {
            Source::Cursor(walk) => {
                let limit = walk.remaining();
                let connection = walk
                    .step(|reply, path| decode::page::<T>(&reply.body, path), Vec::len)
                    .await?;
                connection.map(|connection| {
                    let mut items = connection.edges;
                    items.truncate(
                        limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX)),
                    );
                    Page {
                        items,
                        count: connection.count,
                        end_cursor: connection.info.end_cursor,
                        has_next: connection.info.has_next_page,
                    }
                })
            }
            Source::Offset(parallel) => parallel.next_page().await?,
        };
        if let Some(page) = &page {
            self.count = page.count.or(self.count);
        }
        Ok(page)
    }

    /// How many rows the whole list has, as the server last counted; none before the first page.
    pub fn count(&self) -> Option<u64> {
        self.count
    }

    /// Where to go on later, with [`List::after`](super::List::after). None before the first page, after the last,
    /// and for lists that are read by offset.
    pub fn position(&self) -> Option<Position> {
        self.source.position()
    }
}

impl<T> Source<T> {
    pub(super) fn position(&self) -> Option<Position> {
        match self {
            Self::Cursor(walk) => walk
                .cursor()
                .map(|cursor| Position::new(walk.plan(), cursor.to_owned())),
            Self::Offset(_) => None,
        }
    }
}
