//! A list that is being read.

use std::sync::{Mutex, MutexGuard, PoisonError};

use napi::bindgen_prelude::{Either, Latin1String, Object};
use napi::{Env, Result};
use napi_derive::napi;
use pluvo_bridge::{self as bridge, PageData, WireError};

use crate::cancel::CancelHandle;
use crate::json::{self, Text};
use crate::promise::{Ends, at_once};
use crate::rows::Rows;

/// What fetching a page comes to. Neither edges nor an error: there are no more pages.
#[napi(object)]
#[derive(Default)]
#[allow(missing_debug_implementations, reason = "a string of napi has none")]
pub struct PageAnswer {
    /// JSON: `[{"node":{…}},…]`, where the rows do not stand in `rows`.
    pub edges: Option<Text>,
    /// JSON: `[{…},…]`, the length of each text that is in `refs` in its place.
    pub rows: Option<Latin1String>,
    /// Short texts of the rows, one after the other.
    pub refs: Option<Latin1String>,
    /// Whether a list in a row may have null elements.
    pub nulls: Option<bool>,
    /// How many rows the list has in all.
    pub count: Option<f64>,
    /// The cursor of its end.
    pub end_cursor: Option<String>,
    /// Whether there are more.
    pub has_next: Option<bool>,
    /// The error, as JSON.
    pub error: Option<String>,
}

#[allow(clippy::cast_precision_loss, reason = "JavaScript has no other numbers")]
fn number(count: u64) -> f64 {
    count as f64
}

impl From<std::result::Result<Option<PageData>, WireError>> for PageAnswer {
    fn from(page: std::result::Result<Option<PageData>, WireError>) -> Self {
        match page {
            Ok(None) => Self::default(),
            Ok(Some(page)) => {
                let (rows, refs) = Rows::lift(&page.edges)
                    .map(|Rows { text, refs }| (text.into(), refs.into()))
                    .unzip();
                Self {
                    nulls: json::nulls(&page.edges),
                    edges: rows.is_none().then(|| json::text(&page.edges)),
                    rows,
                    refs,
                    count: page.count.map(number),
                    end_cursor: page.end_cursor,
                    has_next: Some(page.has_next),
                    error: None,
                }
            }
            Err(error) => Self {
                error: Some(error.to_json()),
                ..Self::default()
            },
        }
    }
}

/// Reads a list page by page.
#[napi]
#[derive(Debug)]
pub struct Pages {
    /// None once it is stopped, so that what was fetched ahead is dropped.
    pages: Mutex<Option<bridge::Pages>>,
    ends: Ends,
}

impl Pages {
    pub(crate) fn new(pages: bridge::Pages, ends: Ends) -> Self {
        Self {
            pages: Mutex::new(Some(pages)),
            ends,
        }
    }

    fn pages(&self) -> MutexGuard<'_, Option<bridge::Pages>> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[napi]
impl Pages {
    /// The next page: itself, where it was fetched ahead and is there, or a promise of it.
    #[napi]
    pub fn next<'env>(
        &self,
        env: &'env Env,
        cancel: Option<&CancelHandle>,
    ) -> Result<Either<PageAnswer, Object<'env>>> {
        let (pages, ends) = (self.pages().clone(), self.ends.clone());
        let cancel = cancel.map(|cancel| cancel.inner.clone());
        at_once(env, async move {
            match pages {
                Some(pages) => PageAnswer::from(ends.run(cancel, pages.next()).await),
                None => PageAnswer::default(),
            }
        })
    }

    /// Where it stands.
    #[napi]
    pub fn position(&self) -> Option<String> {
        self.pages().as_ref().and_then(bridge::Pages::position)
    }

    /// How many rows the list has in all.
    #[napi]
    pub fn count(&self) -> Option<f64> {
        self.pages().as_ref().and_then(bridge::Pages::count).map(number)
    }

    /// Reads no further.
    #[napi]
    pub fn stop(&self) {
        self.pages().take();
    }
}
