//! The benchmarks of the other languages: contenders are programs in them, measured from outside.

mod contest;
mod language;
mod report;
mod results;
mod workload;

pub(crate) use language::Language;

use crate::{Options, root};
use anyhow::{Context, Result};
use results::Results;
use std::fmt::Write;

/// Whether all is well, as for [`crate::bench`]. `names` are those of workloads; without any it is all of them.
pub(crate) fn bench(language: Language, names: &[String], options: &Options) -> Result<bool> {
    let workloads = workload::chosen(language, names, options.quick)?;
    let command = language.set_up(&root())?;
    let rounds = if options.quick { 1 } else { options.rounds.max(1) };
    let mut kept = true;
    for workload in &workloads {
        let results = contest::run(language, &command, workload, rounds)?;
        let report = report::report(&results);
        if options.quick {
            println!("{}", report.unjudged());
            continue;
        }
        println!("{report}");
        kept &= report.is_kept();
        results.save(&root())?;
    }
    Ok(kept || !options.check)
}

/// The tables of all kept results of a language, or nothing.
pub(crate) fn tables(language: Language) -> Result<String> {
    let mut tables = String::new();
    for id in workload::ALL {
        if let Some(results) = Results::load(&root(), language, id)? {
            writeln!(tables, "{}", report::report(&results)).context("no memory")?;
        }
    }
    Ok(tables)
}
