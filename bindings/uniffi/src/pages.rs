//! A list, page by page.

use std::sync::Arc;

use pluvo_bridge::PageData;
use serde_json::json;

use crate::task::{run, text};
use crate::{Answer, CancelHandle, WireError};

/// Room for all of a page but its rows.
const HEAD: usize = 512;

/// One page of a list.
#[derive(uniffi::Record)]
pub struct Page {
    /// JSON text of `[{"node": …}, …]`: exactly the rows to hand over.
    pub edges: String,
    /// How many rows the server says there are in all.
    pub count: Option<u64>,
    /// Where the next page begins.
    pub end_cursor: Option<String>,
    /// Whether there is a next page.
    pub has_next: bool,
}

/// A list that is being read.
#[derive(uniffi::Object)]
pub struct Pages(pluvo_bridge::Pages);

impl Pages {
    pub(crate) fn new(pages: pluvo_bridge::Pages) -> Arc<Self> {
        Arc::new(Self(pages))
    }

    fn json(&self, page: &PageData) -> Vec<u8> {
        let head = json!({
            "count": page.count,
            "endCursor": page.end_cursor,
            "hasNext": page.has_next,
            "position": self.0.position(),
        });
        let mut json = Vec::with_capacity(page.edges.len() + HEAD);
        json.extend_from_slice(head.to_string().as_bytes());
        json.pop();
        json.extend_from_slice(b",\"edges\":");
        json.extend_from_slice(&page.edges);
        json.push(b'}');
        json
    }
}

#[uniffi::export]
impl Pages {
    /// The next page, or nothing at the end. After an error it can be asked for again.
    pub async fn next(&self, cancel: Arc<CancelHandle>) -> Result<Option<Page>, WireError> {
        let page = run(cancel, self.0.next()).await?;
        Ok(page.map(|page| Page {
            edges: text(page.edges),
            count: page.count,
            end_cursor: page.end_cursor,
            has_next: page.has_next,
        }))
    }

    /// As [`next`](Self::next), all in one JSON object, with the position behind the page; without bytes at the end.
    pub async fn next_answer(&self, cancel: Arc<CancelHandle>) -> Result<Arc<Answer>, WireError> {
        let page = run(cancel, self.0.next()).await?;
        Ok(Answer::new(page.map_or_else(Vec::new, |page| self.json(&page))))
    }

    /// Where to go on from later: a text to keep.
    pub fn position(&self) -> Option<String> {
        self.0.position()
    }

    /// How many rows the server says there are, once a page was read.
    pub fn count(&self) -> Option<u64> {
        self.0.count()
    }
}
