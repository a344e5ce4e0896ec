//! Rows one by one.

use super::pager::{Page, Pager};
use crate::error::Result;
use crate::time::BoxFuture;
use futures::Stream;
use serde::de::DeserializeOwned;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// The rows of a list, page by page behind the scenes. Made by [`List::items`](super::List::items).
///
/// A [`Stream`], and usable without one through [`Items::next`]. After an error the next call goes on from the same
/// place.
pub struct Items<T> {
    state: State<T>,
    page: std::vec::IntoIter<T>,
}

/// Hands the pager back together with what it brought.
type Fetch<T> = BoxFuture<'static, (Box<Pager<T>>, Result<Option<Page<T>>>)>;

enum State<T> {
    Idle(Box<Pager<T>>),
    Fetching(Fetch<T>),
    /// Only while the state is being changed, and after a setting that cannot be used.
    Over(Option<crate::Error>),
}

impl<T: DeserializeOwned + Send + 'static> Items<T> {
    pub(super) fn new(pager: Result<Pager<T>>) -> Self {
        let state = match pager {
            Ok(pager) => State::Idle(Box::new(pager)),
            Err(error) => State::Over(Some(error)),
        };
        Self {
            state,
            page: Vec::new().into_iter(),
        }
    }

    /// The next row, or none after the last.
    pub async fn next(&mut self) -> Option<Result<T>> {
        // Rows are large, and this way they are moved fewer times than through a poll.
        if let Some(row) = self.page.next() {
            return Some(Ok(row));
        }
        std::future::poll_fn(|context| self.poll(context)).await
    }

    /// The next row, or none after the last, with the error outside.
    ///
    /// # Errors
    ///
    /// As [`Pager::next_page`].
    pub async fn try_next(&mut self) -> Result<Option<T>> {
        if let Some(row) = self.page.next() {
            return Ok(Some(row));
        }
        self.next().await.transpose()
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        loop {
            if let Some(row) = self.page.next() {
                return Poll::Ready(Some(Ok(row)));
            }
            match std::mem::replace(&mut self.state, State::Over(None)) {
                State::Over(error) => return Poll::Ready(error.map(Err)),
                State::Idle(mut pager) => {
                    self.state = State::Fetching(Box::pin(async move {
                        let page = pager.next_page().await;
                        (pager, page)
                    }));
                }
                State::Fetching(mut fetch) => {
                    let polled = fetch.as_mut().poll(context);
                    if polled.is_pending() {
                        self.state = State::Fetching(fetch);
                    }
                    let (pager, page) = ready!(polled);
                    self.state = State::Idle(pager);
                    match page {
                        Ok(Some(page)) => self.page = page.items.into_iter(),
                        Ok(None) => return Poll::Ready(None),
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    }
                }
            }
        }
    }
}

impl<T: DeserializeOwned + Send + Unpin + 'static> Stream for Items<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(context)
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("ready", &self.page.len())
            .finish_non_exhaustive()
    }
}
