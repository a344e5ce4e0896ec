//! A plan, and what became of it, as it is shown.

use crate::commands::outcome::{Fault, Outcomes};
use crate::output::{blank, heading};
use jiff::civil::Date;
use pluvo_sdk::sync::{Action, Applied, Plan, ProblemKind};
use serde::Serialize;
use std::collections::HashMap;
use std::fmt::Write;

/// So many steps are shown to people; json and html have all of them.
const SHOWN: usize = 40;

#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) source: String,
    pub(super) today: String,
    pub(super) summary: Figures,
    pub(super) steps: Vec<Step>,
    pub(super) problems: Vec<Problem>,
    /// None where nothing was applied.
    pub(super) applied: Option<Outcomes>,
}

#[derive(Debug, Serialize)]
pub(super) struct Figures {
    pub(super) rows: usize,
    pub(super) active: usize,
    pub(super) create: usize,
    pub(super) update: usize,
    pub(super) reactivate: usize,
    pub(super) archive: usize,
    pub(super) unchanged: usize,
    pub(super) problems: usize,
}

#[derive(Debug, Serialize)]
pub(super) struct Step {
    pub(super) action: &'static str,
    pub(super) line: Option<u64>,
    pub(super) id: Option<String>,
    pub(super) r#ref: Option<String>,
    pub(super) email: Option<String>,
    pub(super) name: Option<String>,
    pub(super) changes: Vec<Change>,
}

#[derive(Debug, Serialize)]
pub(super) struct Change {
    pub(super) field: String,
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Problem {
    pub(super) line: Option<u64>,
    pub(super) who: String,
    pub(super) name: Option<String>,
    pub(super) kind: &'static str,
    pub(super) message: String,
}

fn action(action: Action) -> &'static str {
    match action {
        Action::Create => "create",
        Action::Update => "update",
        Action::Reactivate => "reactivate",
        Action::Archive => "archive",
        _ => "other",
    }
}

fn kind(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Unusable => "unusable",
        ProblemKind::Ambiguous => "ambiguous",
        ProblemKind::Taken => "taken",
        ProblemKind::Duplicate => "duplicate",
        ProblemKind::Protected => "protected",
        _ => "other",
    }
}

impl Report {
    /// `names` are those that the source has for its lines.
    pub(super) fn new(source: &str, today: Date, plan: &Plan, names: &HashMap<u64, String>) -> Self {
        let summary = plan.summary();
        let steps = plan.steps().iter().map(|step| Step {
            action: action(step.action),
            line: step.line,
            id: step.id.as_ref().map(ToString::to_string),
            r#ref: step.r#ref.clone(),
            email: step.email.clone(),
            name: step.name.clone(),
            changes: step
                .changes
                .iter()
                .map(|change| Change {
                    field: change.field.clone(),
                    from: change.from.clone(),
                    to: change.to.clone(),
                })
                .collect(),
        });
        let problems = plan.problems().iter().map(|problem| Problem {
            line: problem.line,
            who: problem.who.clone(),
            name: problem.line.and_then(|line| names.get(&line).cloned()),
            kind: kind(problem.kind),
            message: problem.message.clone(),
        });
        let mut problems: Vec<Problem> = problems.collect();
        problems.sort_by_key(|problem| problem.line.unwrap_or(u64::MAX));
        Self {
            source: source.to_owned(),
            today: today.to_string(),
            summary: Figures {
                rows: summary.rows,
                active: summary.active,
                create: summary.create,
                update: summary.update,
                reactivate: summary.reactivate,
                archive: summary.archive,
                unchanged: summary.unchanged,
                problems: summary.problems,
            },
            steps: steps.collect(),
            problems,
            applied: None,
        }
    }

    /// Adds what became of the plan.
    pub(super) fn add(&mut self, applied: &Applied) -> &Outcomes {
        let mut outcomes = Outcomes::default();
        for one in &applied.steps {
            match &one.outcome {
                None => outcomes.not_begun += 1,
                Some(outcome) => {
                    outcomes.add(outcome, |error| Fault::new(one.step.line, one.step.who(), error));
                }
            }
        }
        self.applied.insert(outcomes)
    }

    pub(super) fn json(&self) -> String {
        // Texts and numbers under text keys: writing them cannot fail.
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }

    pub(super) fn table(&self, color: bool) -> String {
        let figures = &self.summary;
        let mut text = format!(
            "{}: {} rows, {} active people before\n\n",
            self.source, figures.rows, figures.active
        );
        let mut sums = blank(color);
        for (name, count) in figures.named() {
            sums.add_row([heading(name, color), count.to_string().into()]);
        }
        let _ = writeln!(text, "{}", sums.trim_fmt());
        if !self.steps.is_empty() {
            let mut steps = blank(color);
            steps.set_header(["Line", "Step", "Who", "Name", "Changes"].map(|title| heading(title, color)));
            for step in self.steps.iter().take(SHOWN) {
                let changes: Vec<String> = step.changes.iter().map(Change::to_string).collect();
                steps.add_row([
                    step.line.map(|line| line.to_string()).unwrap_or_default(),
                    step.action.to_owned(),
                    plain(step.who()),
                    plain(step.name.as_deref().unwrap_or_default()),
                    plain(&changes.join("\n")),
                ]);
            }
            let _ = writeln!(text, "\n{}", steps.trim_fmt());
        }
        if let Some(more) = self.steps.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            let _ = writeln!(text, "… and {more} more: --format json or html has all of them");
        }
        if !self.problems.is_empty() {
            let mut problems = blank(color);
            problems.set_header(["Line", "Left alone", "Why"].map(|title| heading(title, color)));
            for problem in &self.problems {
                problems.add_row([
                    problem.line.map(|line| line.to_string()).unwrap_or_default(),
                    plain(&problem.who),
                    plain(&problem.message),
                ]);
            }
            let _ = writeln!(text, "\n{}", problems.trim_fmt());
        }
        text
    }
}

impl Figures {
    /// The figures that matter, with their names.
    pub(super) fn named(&self) -> [(&'static str, usize); 6] {
        [
            ("to create", self.create),
            ("to change", self.update),
            ("to re-activate", self.reactivate),
            ("to archive", self.archive),
            ("as they should be", self.unchanged),
            ("left alone", self.problems),
        ]
    }
}

impl Step {
    /// The ref, else the address, else the id.
    pub(super) fn who(&self) -> &str {
        let names = [&self.r#ref, &self.email, &self.id];
        names.into_iter().flatten().next().map_or("", String::as_str)
    }
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: ", self.field)?;
        match (&self.from, &self.to) {
            (None, Some(to)) => f.write_str(to),
            (Some(from), Some(to)) => write!(f, "{from} → {to}"),
            (Some(from), None) => write!(f, "{from} → nothing"),
            (None, None) => Ok(()),
        }
    }
}

/// Texts of files and servers may hold what a terminal would obey.
fn plain(text: &str) -> String {
    text.replace(|c: char| c.is_control() && c != '\n', "\u{fffd}")
}
