//! What a sync would do.

use super::apply::Apply;
use crate::client::Client;
use crate::model::{ExtraCategoryValueInput, Id, UpdateUserInput};
use std::fmt;

/// What is done to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Action {
    /// Is not there yet.
    Create,
    /// Is there and differs.
    Update,
    /// Is archived and should not be.
    Reactivate,
    /// Is active and should not be.
    Archive,
}

/// A field that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldChange {
    /// The field: `name`, `group`, or an extra category as the rows name it.
    pub field: String,
    /// What it is; none where there is nothing yet.
    pub from: Option<String>,
    /// What it becomes; none where it goes.
    pub to: Option<String>,
}

/// What is done to one person.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// Where the row stands in its source; none for people whom no row names.
    pub line: Option<u64>,
    /// Pluvo's id of the person; none before creation.
    pub id: Option<Id>,
    /// The caller's id of the person.
    pub r#ref: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// What changes, field by field.
    pub changes: Vec<FieldChange>,
    pub(super) input: UpdateUserInput,
    pub(super) values: Vec<ExtraCategoryValueInput>,
}

impl Step {
    /// Who it is about: the ref, else the address, else the id.
    pub fn who(&self) -> String {
        let by_id = || self.id.as_ref().map(ToString::to_string);
        self.r#ref
            .clone()
            .or_else(|| self.email.clone())
            .or_else(by_id)
            .unwrap_or_default()
    }

    /// Names this very step in a journal.
    pub(super) fn fingerprint(&self) -> String {
        let text = format!(
            "{:?} {:?} {:?} {:?} {:?}",
            self.action, self.id, self.r#ref, self.input, self.values
        );
        crate::hash(text.as_bytes())[..24].to_owned()
    }
}

/// A row, or a person, that the sync leaves alone although something was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// Where the row stands in its source.
    pub line: Option<u64>,
    /// Who it is about, as far as that can be told.
    pub who: String,
    /// What kind of problem.
    pub kind: ProblemKind,
    /// What is wrong, and with what.
    pub message: String,
}

/// Why a row is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ProblemKind {
    /// Neither ref nor address, no name for somebody new, an address that is none, a group that is not there.
    Unusable,
    /// Two rows say different things of one person.
    Ambiguous,
    /// The address belongs to somebody with another ref.
    Taken,
    /// The row is a copy of an earlier one. The earlier one counts.
    Duplicate,
    /// It would archive a manager.
    Protected,
}

/// What a sync would do. Nothing has been written.
#[derive(Debug)]
pub struct Plan {
    pub(super) client: Client,
    pub(super) steps: Vec<Step>,
    pub(super) problems: Vec<Problem>,
    pub(super) summary: Summary,
}

/// A plan in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Rows that were given.
    pub rows: usize,
    /// Active people in the organisation, before.
    pub active: usize,
    /// People to create.
    pub create: usize,
    /// People to change.
    pub update: usize,
    /// People to re-activate.
    pub reactivate: usize,
    /// People to archive.
    pub archive: usize,
    /// People who are as they should be.
    pub unchanged: usize,
    /// Rows and people that are left alone.
    pub problems: usize,
}

impl Plan {
    /// What would be done, in the order of the rows.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// What is left alone, and why.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The plan in numbers.
    pub fn summary(&self) -> Summary {
        self.summary
    }

    /// Whether nothing would be done.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Rows that cannot be used as they are. A copy of another row is no harm, nor is a manager who stays.
    pub(super) fn unusable(&self) -> usize {
        let is_fault = |problem: &&Problem| {
            matches!(
                problem.kind,
                ProblemKind::Unusable | ProblemKind::Ambiguous | ProblemKind::Taken
            )
        };
        self.problems.iter().filter(is_fault).count()
    }

    /// Begins to carry it out.
    pub fn apply(self) -> Apply {
        Apply::new(self)
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} to create, {} to change, {} to re-activate, {} to archive, {} as they should be, {} left alone",
            self.create, self.update, self.reactivate, self.archive, self.unchanged, self.problems
        )
    }
}
