//! Where in a list the next page begins, and what to ask of it.

use super::plan::{From, Plan};
use crate::client::Reply;
use crate::error::Result;
use crate::response::decode::{self, PageInfo};

/// After so many good pages a reduced page size is doubled again.
const GOOD_PAGES: u32 = 3;

/// All that is needed to ask for a page.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub from: From,
    /// Rows still wanted.
    pub remaining: Option<u64>,
    size: u32,
    good_pages: u32,
}

/// A page as it came.
#[derive(Debug)]
pub(super) struct Fetched {
    asked: u32,
    /// The answer, and the page size that it came to in the end.
    pub reply: Result<(Reply, u32)>,
}

impl Place {
    pub(super) fn new(plan: &Plan, from: From, remaining: Option<u64>) -> Self {
        Self {
            from,
            remaining,
            size: plan.page_size,
            good_pages: 0,
        }
    }

    pub(super) fn cursor(&self) -> Option<&str> {
        match &self.from {
            From::Cursor(cursor) => cursor.as_deref(),
            From::Offset(_) => None,
        }
    }

    /// Asks for the page that begins here.
    pub(super) async fn fetch(&self, plan: &Plan) -> Fetched {
        let asked = self.page_size();
        let reply = plan.fetch(&self.from, asked).await;
        Fetched { asked, reply }
    }

    /// The place after a page that was fetched here, where that can be seen before its rows are decoded and more rows
    /// are wanted than it can hold.
    pub(super) fn after(&self, page: &Fetched, plan: &Plan) -> Option<Self> {
        let (reply, size) = page.reply.as_ref().ok()?;
        let info = decode::peek(&reply.body, &plan.path).filter(PageInfo::goes_on)?;
        if info.end_cursor.as_deref() == self.cursor() {
            return None;
        }
        let remaining = self
            .remaining
            .map(|remaining| remaining.saturating_sub(u64::from(*size)));
        if remaining == Some(0) {
            return None;
        }
        let mut next = Self {
            from: From::Cursor(info.end_cursor),
            remaining,
            ..self.clone()
        };
        next.adapt(page, plan);
        Some(next)
    }

    /// Keeps to a size that a gateway let through, and goes back to the full one by and by.
    pub(super) fn adapt(&mut self, page: &Fetched, plan: &Plan) {
        let Ok((_, got)) = page.reply else { return };
        if got < page.asked {
            (self.size, self.good_pages) = (got, 0);
        } else if self.size < plan.page_size {
            self.good_pages += 1;
            if self.good_pages >= GOOD_PAGES {
                (self.size, self.good_pages) = ((self.size * 2).min(plan.page_size), 0);
            }
        }
    }

    fn page_size(&self) -> u32 {
        let wanted = self.remaining.unwrap_or(u64::MAX);
        self.size.min(u32::try_from(wanted).unwrap_or(u32::MAX)).max(1)
    }
}
