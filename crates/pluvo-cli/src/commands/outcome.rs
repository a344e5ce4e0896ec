//! What became of many writes, as it is told.

use super::stop_signal;
use crate::cli::Global;
use crate::exit::{Failure, Result};
use crate::output::{blank, heading};
use crate::terminal;
use clap::ValueEnum;
use pluvo_sdk::bulk::{Bulk, Outcome};
use pluvo_sdk::{Error, ErrorKind};
use serde::Serialize;
use std::fmt::Write;

/// How it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// One JSON document
    Json,
}

#[derive(Debug, Default, Serialize)]
pub(crate) struct Outcomes {
    pub(crate) created: usize,
    pub(crate) updated: usize,
    /// Already so, or done by an earlier run.
    pub(crate) unchanged: usize,
    pub(crate) failed: usize,
    /// Nobody knows whether they were written.
    pub(crate) indeterminate: usize,
    /// Left when it was interrupted.
    pub(crate) not_begun: usize,
    pub(crate) faults: Vec<Fault>,
}

/// A write that failed, or whose outcome nobody knows.
#[derive(Debug, Serialize)]
pub(crate) struct Fault {
    line: Option<u64>,
    who: String,
    code: &'static str,
    message: String,
}

impl Fault {
    pub(crate) fn new(line: Option<u64>, who: String, error: &Error) -> Self {
        Self {
            line,
            who,
            code: error.kind().code(),
            message: error.to_string(),
        }
    }
}

impl Outcomes {
    pub(crate) fn add(&mut self, outcome: &Outcome, fault: impl FnOnce(&Error) -> Fault) {
        *match outcome {
            Outcome::Created(_) => &mut self.created,
            Outcome::Updated(_) | Outcome::Written => &mut self.updated,
            Outcome::Indeterminate(_) => &mut self.indeterminate,
            Outcome::Failed(_) => &mut self.failed,
            _ => &mut self.unchanged,
        } += 1;
        self.faults.extend(outcome.error().map(fault));
    }

    /// Counts what failed before anything was sent.
    pub(crate) fn fail(&mut self, fault: Fault) {
        self.failed += 1;
        self.faults.push(fault);
    }

    pub(crate) fn text(&self, color: bool) -> String {
        let mut text = format!(
            "{} created, {} updated, {} as they were, {} failed",
            self.created, self.updated, self.unchanged, self.failed
        );
        for (count, what) in [
            (self.indeterminate, "of which nobody knows"),
            (self.not_begun, "not begun"),
        ] {
            if count > 0 {
                let _ = write!(text, ", {count} {what}");
            }
        }
        text.push('\n');
        if !self.faults.is_empty() {
            let mut table = blank(color);
            table.set_header(["Line", "Who", "Why"].map(|title| heading(title, color)));
            for fault in &self.faults {
                table.add_row([
                    fault.line.map(|line| line.to_string()).unwrap_or_default(),
                    fault.who.replace(char::is_control, "\u{fffd}"),
                    fault.message.replace(char::is_control, "\u{fffd}"),
                ]);
            }
            let _ = writeln!(text, "\n{}", table.trim_fmt());
        }
        text
    }

    /// A failure if anything was not done: of the worst kind, which is not to know.
    pub(crate) fn verdict(&self) -> Result {
        let unknown = ErrorKind::Indeterminate.code();
        let worst = self.faults.iter().find(|fault| fault.code == unknown);
        if let Some(fault) = worst.or_else(|| self.faults.first()) {
            let kind = ErrorKind::ALL.into_iter().find(|kind| kind.code() == fault.code);
            let many = self.faults.len();
            let text = format!(
                "{many} were not done, or nobody knows; one of them: {}",
                fault.message
            );
            return Err(Error::new(kind.unwrap_or(ErrorKind::Internal), text).into());
        }
        if self.not_begun > 0 {
            return Err(Failure::interrupted());
        }
        Ok(())
    }
}

/// Makes the writes, with a progress bar, until somebody asks it to stop. `who` is whom each row is about, and its line.
pub(crate) async fn follow(
    global: &Global,
    bulk: Bulk,
    who: &[(Option<u64>, String)],
    outcomes: &mut Outcomes,
) -> Result {
    let bar = terminal::bar(global, "people");
    bar.set_length(who.len() as u64);
    let shown = bar.clone();
    let report = bulk
        .until(stop_signal()?)
        .on_progress(move |progress| shown.set_position(progress.done))
        .run()
        .await;
    bar.finish_and_clear();
    outcomes.not_begun += who.len().saturating_sub(report.rows.len());
    for row in &report.rows {
        let whom = usize::try_from(row.index).ok().and_then(|index| who.get(index));
        let (line, name) = whom.cloned().unwrap_or_default();
        outcomes.add(&row.outcome, |error| Fault::new(line, name, error));
    }
    outcomes.faults.sort_by_key(|fault| fault.line);
    Ok(())
}

/// Prints what became of it, and fails if anything was not done.
pub(crate) fn show(global: &Global, format: Option<Format>, outcomes: &Outcomes) -> Result {
    let default = if terminal::stdout_is_terminal() {
        Format::Table
    } else {
        Format::Json
    };
    let text = match format.unwrap_or(default) {
        Format::Table => outcomes.text(terminal::color_stdout(global.color)),
        // Texts and numbers under text keys: writing them cannot fail.
        Format::Json => serde_json::to_string(outcomes).unwrap_or_default() + "\n",
    };
    terminal::print(&text)?;
    outcomes.verdict()
}
