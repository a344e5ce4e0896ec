//! Lists: pages, rows, and ways to read them.
//!
//! A list ends where the server says that there is no next page, and nowhere else. A cursor that does not advance, a
//! missing `pageInfo`, a `null` in place of the list: each is an error, never an empty or shorter list.

mod ahead;
mod items;
mod list;
mod pager;
mod parallel;
mod place;
mod plan;
mod position;
mod raw;
mod walk;

pub use items::Items;
pub use list::List;
pub use pager::{Page, Pager};
pub use position::Position;
pub use raw::{RawPage, RawPager};

use crate::error::{Error, Result};

/// Pluvo gives out at most so many rows a page.
pub const MAX_PAGE_SIZE: u32 = 50;

/// How lists are read unless a list says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Defaults {
    /// Rows a page, 1 to 50. 50 by default.
    pub page_size: u32,
    /// Whether one page is fetched ahead while the caller works on the last. It is by default.
    pub prefetch: bool,
    /// Pages in flight for calls that read everything, such as [`List::to_vec`], where Pluvo documents `offset`.
    /// 4 by default; 1 reads by cursor.
    pub parallel: usize,
}

impl Default for Defaults {
    fn default() -> Self {
        Self {
            page_size: MAX_PAGE_SIZE,
            prefetch: true,
            parallel: 4,
        }
    }
}

impl Defaults {
    pub(crate) fn check(&self) -> Result<()> {
        if self.parallel == 0 {
            return Err(Error::config(
                "paging.parallel must be at least 1; 1 reads by cursor",
            ));
        }
        check_page_size(self.page_size).map_err(|error| Error::config(error.message().to_owned()))
    }
}

fn check_page_size(size: u32) -> Result<()> {
    if (1..=MAX_PAGE_SIZE).contains(&size) {
        Ok(())
    } else {
        Err(Error::invalid(format!(
            "a page has 1 to {MAX_PAGE_SIZE} rows, not {size}"
        )))
    }
}
