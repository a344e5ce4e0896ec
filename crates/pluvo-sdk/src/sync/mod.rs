//! Bringing the people of an organisation in line with a list of rows: plan first, then apply.
//!
//! A plan reads the organisation once and says what would be created, changed, re-activated and archived, field by
//! field, and which rows cannot be used. Applying it carries that out in bulk, unless it would archive too many.
//!
//! ```no_run
//! # async fn run(client: pluvo_sdk::Client, rows: Vec<pluvo_sdk::sync::Person>) -> pluvo_sdk::Result<()> {
//! let plan = client.users().sync(rows).plan().await?;
//! for step in plan.steps() {
//!     println!("{:?} {}", step.action, step.who());
//! }
//! let applied = plan.apply().journal("sync.jsonl").run().await?;
//! println!("{} of {} done", applied.done(), applied.steps.len());
//! # Ok(()) }
//! ```

mod apply;
mod compare;
mod difference;
mod guard;
mod journal;
mod organization;
mod person;
mod plan;

pub use apply::{Applied, AppliedStep, Apply};
pub use guard::Guards;
pub use person::Person;
pub use plan::{Action, FieldChange, Plan, Problem, ProblemKind, Step, Summary};

use crate::client::Client;
use crate::error::Result;
use crate::resources::Users;
use compare::Comparison;

/// A sync that is about to be planned.
#[derive(Debug)]
#[must_use = "nothing is read before it is planned"]
pub struct Sync {
    client: Client,
    people: Vec<Person>,
    rules: Rules,
}

/// What a sync may do of its own accord.
#[derive(Debug, Clone, Copy, Default)]
struct Rules {
    archive_missing: bool,
    archive_managers: bool,
    leave_groups: bool,
}

impl Users {
    /// Brings people in line with these rows. Nothing is read before [`Sync::plan`], and nothing written before
    /// [`Apply::run`].
    pub fn sync(&self, people: impl IntoIterator<Item = Person>) -> Sync {
        Sync {
            client: self.client.clone(),
            people: people.into_iter().collect(),
            rules: Rules::default(),
        }
    }
}

impl Sync {
    /// Archives active people of whom no row speaks. Only those with a ref, since others were never put there by
    /// such a list. Off by default.
    pub fn archive_missing(mut self, archive: bool) -> Self {
        self.rules.archive_missing = archive;
        self
    }

    /// Archives managers too, where they leave or are missing. Off by default.
    pub fn archive_managers(mut self, archive: bool) -> Self {
        self.rules.archive_managers = archive;
        self
    }

    /// Takes people out of groups that other rows name and theirs does not. By default people only join groups.
    pub fn leave_groups(mut self, leave: bool) -> Self {
        self.rules.leave_groups = leave;
        self
    }

    /// Reads the organisation and compares.
    ///
    /// # Errors
    ///
    /// Whatever can befall the reading. A plan is made of a complete reading or not at all.
    pub async fn plan(self) -> Result<Plan> {
        let Self {
            client,
            people,
            rules,
        } = self;
        let directory = organization::directory(&client, &people).await?;
        let mut comparison = Comparison::new(&people, &directory, rules);
        let mut pages = organization::members(&client, &people)?;
        while let Some(page) = pages.next_page().await? {
            for member in &page.items {
                comparison.meet(member);
            }
        }
        Ok(comparison.finish(client))
    }
}
