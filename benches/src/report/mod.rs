//! Medians, ratios and verdicts.

mod docs;
mod statistics;
mod table;
mod tables;
mod writes;

pub(crate) use docs::write as write_docs;
pub(crate) use statistics::median;
pub(crate) use table::Table;

use crate::run::Results;
use std::fmt;

/// What the results of a workload say.
#[derive(Debug)]
pub(crate) struct Report {
    pub title: String,
    pub table: Table,
    pub verdicts: Vec<Verdict>,
}

/// A promise, and whether it was kept.
#[derive(Debug)]
pub(crate) struct Verdict {
    promise: String,
    found: String,
    kept: bool,
}

impl Verdict {
    /// That a figure is no more than this.
    pub(crate) fn at_most(promise: impl Into<String>, limit: f64, found: f64) -> Self {
        Self {
            promise: format!("{} ≤ {limit}", promise.into()),
            found: format!("{found:.3}"),
            kept: found <= limit,
        }
    }

    pub(crate) fn at_least(promise: impl Into<String>, limit: f64, found: f64) -> Self {
        Self {
            promise: format!("{} ≥ {limit}", promise.into()),
            found: format!("{found:.3}"),
            kept: found >= limit,
        }
    }
}

impl Report {
    pub(crate) fn new(results: &Results) -> Self {
        tables::report(results)
    }

    pub(crate) fn is_kept(&self) -> bool {
        self.verdicts.iter().all(|verdict| verdict.kept)
    }

    /// Without what can only be judged at full size.
    pub(crate) fn unjudged(mut self) -> Self {
        self.verdicts.clear();
        self
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n\n{}", self.title, self.table)?;
        for Verdict { promise, found, kept } in &self.verdicts {
            let word = if *kept { "PASS" } else { "FAIL" };
            writeln!(f, "- {word}: {promise}: {found}")?;
        }
        Ok(())
    }
}
