//! Counting rows, to prove that they were read.

use crate::server::pages::PAGE;
use serde::{Deserialize, Serialize};

/// What was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tally {
    pub pages: u64,
    /// None for whoever leaves the rows as bytes.
    pub rows: u64,
    /// The sum of the numbers in the rows' `ref`.
    pub refs: u64,
}

impl Tally {
    pub(super) fn page(&mut self) {
        self.pages += 1;
    }

    /// Counts a row by its `ref`, `EMP-000123`.
    pub(super) fn row(&mut self, reference: Option<&str>) {
        self.rows += 1;
        self.refs += reference
            .and_then(|text| text.strip_prefix("EMP-")?.parse::<u64>().ok())
            .unwrap_or_default();
    }

    pub(super) fn add(&mut self, other: Self) {
        self.pages += other.pages;
        self.rows += other.rows;
        self.refs += other.refs;
    }

    /// Whether it is every row of so many pages, each once; or every page, of whoever counts these alone.
    pub(crate) fn is_complete(&self, pages: usize) -> bool {
        let rows = (pages * PAGE) as u64;
        let all_rows = self.rows == rows && self.refs == rows * rows.saturating_sub(1) / 2;
        let all_pages = self.rows == 0 && self.pages == pages as u64;
        all_rows || all_pages
    }
}
