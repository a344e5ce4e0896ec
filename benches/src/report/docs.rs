//! The tables in `docs/performance.md`.

use super::Report;
use crate::faces::{self, Language};
use crate::run::Results;
use crate::workload::ALL;
use anyhow::{Context, Result};
use std::fmt::Write;
use std::path::Path;

const BEGIN: &str = "<!-- results: written by `cargo xtask bench --write-docs` -->";
const END: &str = "<!-- end of results -->";

/// Puts the tables of all kept results between the markers.
pub(crate) fn write(root: &Path) -> Result<()> {
    let page = root.join("docs/performance.md");
    let text = std::fs::read_to_string(&page).context("docs/performance.md cannot be read")?;
    let (before, rest) = text
        .split_once(BEGIN)
        .context("docs/performance.md has no begin marker")?;
    let (_, after) = rest
        .split_once(END)
        .context("docs/performance.md has no end marker")?;
    let mut tables = String::new();
    for id in ALL {
        if let Some(results) = Results::load(&root.join("benches/results"), id)? {
            writeln!(tables, "{}", Report::new(&results))?;
        }
    }
    for language in Language::ALL {
        let of_language = faces::tables(language)?;
        if !of_language.is_empty() {
            write!(tables, "## {}\n\n{of_language}", language.name())?;
        }
    }
    let text = format!("{before}{BEGIN}\n\n{}\n\n{END}{after}", tables.trim_end());
    std::fs::write(&page, text).context("docs/performance.md cannot be written")
}
