//! What stops a plan that cannot be meant.

use super::plan::{Plan, Summary};
use crate::error::{Error, Result};

/// How much a plan may do before it is taken for a mistake: a source that is empty, cut off, or has its columns
/// swapped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guards {
    /// The share of active people that may be archived. A tenth by default. One person may always be.
    pub archive_share: f64,
    /// The number of people that may be archived, whatever the share; `None` leaves it to the share.
    pub archive_at_most: Option<usize>,
    /// The share of rows that may be unusable. A tenth by default. One row may always be.
    pub problem_share: f64,
}

impl Default for Guards {
    fn default() -> Self {
        Self {
            archive_share: 0.1,
            archive_at_most: None,
            problem_share: 0.1,
        }
    }
}

impl Guards {
    /// Lets everything through.
    pub fn none() -> Self {
        Self {
            archive_share: 1.0,
            archive_at_most: None,
            problem_share: 1.0,
        }
    }

    /// Refuses a plan that goes too far, with the figures.
    ///
    /// # Errors
    ///
    /// [`Invalid`](crate::ErrorKind::Invalid), saying how much is allowed and how much it would be.
    pub fn check(&self, plan: &Plan) -> Result<()> {
        let Summary {
            rows,
            active,
            archive,
            ..
        } = plan.summary();
        let unusable = plan.unusable();
        let refused = |text: String| Err(Error::invalid(text));
        if rows == 0 && archive > 0 {
            return refused(format!(
                "there are no rows at all, and the plan would archive {archive} people"
            ));
        }
        if archive > share(self.archive_share, active) {
            return refused(format!(
                "the plan would archive {archive} of {active} active people, more than {:.0} %; raise the guard if that is meant",
                self.archive_share * 100.0
            ));
        }
        if let Some(most) = self.archive_at_most.filter(|most| archive > *most) {
            return refused(format!(
                "the plan would archive {archive} people, more than {most}"
            ));
        }
        if unusable > share(self.problem_share, rows) {
            return refused(format!(
                "{unusable} of {rows} rows cannot be used, more than {:.0} %; are the columns right?",
                self.problem_share * 100.0
            ));
        }
        Ok(())
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a share of a number of people, rounded down"
)]
fn share(share: f64, all: usize) -> usize {
    ((all as f64 * share.clamp(0.0, 1.0)) as usize).max(1)
}
