//! A list that is being read.

use crate::error::WireError;
use crate::process::Own;
use crate::task;
use bytes::Bytes;
use pluvo_sdk::paginate::RawPager;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// One page. An edge or its `node` may be null: that is no row.
#[derive(Debug, Clone)]
pub struct PageData {
    /// JSON text, `[{"node": {…}}, …]`: the rows to hand over, neither more nor less.
    pub edges: Bytes,
    /// How many rows the whole list has, as the server counts.
    pub count: Option<u64>,
    /// The cursor after the last row. For keeping, use [`Pages::position`].
    pub end_cursor: Option<String>,
    /// Whether another page follows.
    pub has_next: bool,
}

/// Reads a list page by page. After an error it stands where it stood and can be asked again.
#[derive(Clone)]
pub struct Pages(Arc<Own<Reader>>);

struct Reader {
    pager: tokio::sync::Mutex<RawPager>,
    place: Mutex<Place>,
}

/// Where it stands, readable while a page is on its way.
struct Place {
    position: Option<String>,
    count: Option<u64>,
}

impl Pages {
    pub(crate) fn new(pager: RawPager) -> Self {
        let place = Place {
            position: pager.position().map(|position| position.to_string()),
            count: None,
        };
        Self(Arc::new(Own::new(Reader {
            pager: tokio::sync::Mutex::new(pager),
            place: Mutex::new(place),
        })))
    }

    /// The next page, or none after the last. Asked twice at once, one page follows the other.
    ///
    /// # Errors
    ///
    /// `pagination` where the list cannot be read to its end without doubt, and whatever can befall a request.
    pub async fn next(&self) -> Result<Option<PageData>, WireError> {
        let this = self.clone();
        task::run(async move {
            let reader = this.0.get()?;
            let mut pager = reader.pager.lock().await;
            let page = pager.next_page().await;
            let mut place = reader.place();
            place.position = pager.position().map(|position| position.to_string());
            let page = page?;
            if let Some(page) = &page {
                place.count = page.count.or(place.count);
            }
            Ok(page.map(|page| PageData {
                edges: page.edges(),
                count: page.count,
                end_cursor: page.end_cursor,
                has_next: page.has_next,
            }))
        })
        .await
    }

    /// Where to go on later: `after` of a request. None before the first page, after the last, and where several pages
    /// are in flight.
    pub fn position(&self) -> Option<String> {
        self.0.get().ok()?.place().position.clone()
    }

    /// How many rows the whole list has, as the server last counted; none before the first page.
    pub fn count(&self) -> Option<u64> {
        self.0.get().ok()?.place().count
    }
}

impl Reader {
    fn place(&self) -> std::sync::MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("count", &self.count())
            .finish_non_exhaustive()
    }
}
