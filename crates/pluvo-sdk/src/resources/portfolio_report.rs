//! The portfolio report: how far people are.

use crate::client::Client;
use crate::model::{Id, PortfolioReportItem, PortfolioReportRelatedObjectType, TimeSpent};
use crate::operation::generated::{PORTFOLIO_REPORT, PortfolioReportVariables};
use crate::paginate::List;
use std::time::Duration;

/// How far people are with trainings and courses. Which scope it needs is not documented; its people probably need
/// `users.read`.
#[derive(Debug, Clone)]
pub struct PortfolioReport {
    pub(crate) client: Client,
}

impl Client {
    /// How far people are with trainings and courses.
    pub fn portfolio_report(&self) -> PortfolioReport {
        PortfolioReport { client: self.clone() }
    }
}

impl PortfolioReport {
    /// The report's rows, one for each person and training or course.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::model::PortfolioReportRelatedObjectType;
    /// let mut rows = client
    ///     .portfolio_report()
    ///     .list()
    ///     .user_group_ids(["933d8663-edf6-42c9-895a-eeec13fff0ab"])
    ///     .related_object_types([PortfolioReportRelatedObjectType::Training])
    ///     .items();
    /// while let Some(row) = rows.try_next().await? {
    ///     println!("{:?}: {:?} in {:?}", row.title, row.progress, row.time_spent());
    /// }
    /// # Ok(()) }
    /// ```
    pub fn list(&self) -> List<PortfolioReportItem, PortfolioReportVariables> {
        List::new(
            self.client.clone(),
            &PORTFOLIO_REPORT,
            PortfolioReportVariables::default(),
        )
    }
}

/// Filters of the report.
impl<T> List<T, PortfolioReportVariables> {
    /// Only members of one of these groups.
    pub fn user_group_ids<I: Into<Id>>(mut self, ids: impl IntoIterator<Item = I>) -> Self {
        self.arguments.user_group_ids = Some(ids.into_iter().map(Into::into).collect());
        self
    }

    /// Only these kinds of object. Pluvo documents `TRAINING` alone.
    pub fn related_object_types(
        mut self,
        types: impl IntoIterator<Item = PortfolioReportRelatedObjectType>,
    ) -> Self {
        self.arguments.related_object_types = Some(types.into_iter().collect());
        self
    }
}

impl PortfolioReportItem {
    /// How long the person spent on it. `None` where the server does not tell, or tells a negative time.
    pub fn time_spent(&self) -> Option<Duration> {
        self.time_spent.as_ref()?.duration()
    }
}

impl TimeSpent {
    /// The whole span. That `seconds` are those beyond `days` is inferred from Python's way of writing spans. `None`
    /// where the server does not tell, or tells a negative time.
    pub fn duration(&self) -> Option<Duration> {
        if self.days.is_none() && self.seconds.is_none() {
            return None;
        }
        let days = self.days.unwrap_or_default().checked_mul(86_400)?;
        let seconds = days.checked_add(self.seconds.unwrap_or_default())?;
        u64::try_from(seconds).ok().map(Duration::from_secs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_its_days_and_seconds() {
        let spent = |json: &str| serde_json::from_str::<TimeSpent>(json).unwrap().duration();
        assert_eq!(
            spent(r#"{"days": 1, "seconds": 30}"#),
            Some(Duration::from_secs(86_430))
        );
        assert_eq!(
            spent(r#"{"days": null, "seconds": 5}"#),
            Some(Duration::from_secs(5))
        );
        // Python writes a span of minus one second so.
        assert_eq!(spent(r#"{"days": -1, "seconds": 86399}"#), None);
        assert_eq!(spent(r#"{"days": 9223372036854775807, "seconds": 0}"#), None);
        assert_eq!(spent("{}"), None);
    }
}
