//! Setting values of extra categories of many things.

use super::batch::Job;
use super::seen::Seen;
use super::{Bulk, Outcome, Prepared};
use crate::error::{Error, ErrorKind, Result};
use crate::literal::to_literal;
use crate::model::{ContentType, ExtraCategoryValueInput};
use crate::operation::generated::UPDATE_EXTRA_CATEGORY_VALUES;
use crate::resources::{ExtraCategories, ExtraCategoryKinds, ExtraValue, Key};
use futures::stream::{self, Stream, StreamExt};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::fmt;
use std::sync::Arc;
use tokio::sync::OnceCell;

pub(crate) static SET_VALUES: Job = Job {
    name: "SetExtraValues",
    operation: &UPDATE_EXTRA_CATEGORY_VALUES,
    // What the values are now is not read, so the least that can be selected will do.
    selection: "extraCategoryValues{__typename}",
    read: read_values,
};

/// Values to be set of one thing among many.
///
/// ```
/// use pluvo_sdk::{Key, bulk::ExtraValues};
/// let anne = ExtraValues::new(Key::reference("EMP-1"), [(Key::reference("department"), "Marketing")]);
/// assert_eq!(anne.values.len(), 1);
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ExtraValues {
    /// The person, the group or the training.
    pub of: Key,
    /// The values, by category.
    pub values: Vec<(Key, ExtraValue)>,
}

impl ExtraValues {
    /// Of one thing.
    pub fn new<K: Into<Key>, V: Into<ExtraValue>>(
        of: impl Into<Key>,
        values: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let values = values
            .into_iter()
            .map(|(category, value)| (category.into(), value.into()));
        Self {
            of: of.into(),
            values: values.collect(),
        }
    }
}

/// Without the values, which may be personal data.
impl fmt::Debug for ExtraValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExtraValues")
            .field("values", &self.values.len())
            .finish_non_exhaustive()
    }
}

impl ExtraCategories {
    /// Sets values of many things of one kind: of people, say.
    ///
    /// The categories are read once, when the first plain value comes, so that each is sent as what its category
    /// holds. A row whose value its category does not take is not sent, nor is one that sets what an earlier row
    /// sets of the same thing; its outcome says why. Needs the scope `extra_categories.write`.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) {
    /// use pluvo_sdk::{Key, bulk::ExtraValues, model::ContentType};
    /// let rows = (1..=1000).map(|n| {
    ///     let values = [(Key::reference("department"), "Marketing")];
    ///     ExtraValues::new(Key::reference(format!("EMP-{n}")), values)
    /// });
    /// let report = client.extra_categories().set_values_many(ContentType::User, rows).run().await;
    /// println!("{} set, {} failed", report.totals.updated, report.totals.failed);
    /// # }
    /// ```
    pub fn set_values_many<I>(&self, content_type: ContentType, rows: I) -> Bulk
    where
        I: IntoIterator<Item = ExtraValues>,
        I::IntoIter: Send + 'static,
    {
        self.set_values_stream(content_type, stream::iter(rows))
    }

    /// As [`ExtraCategories::set_values_many`], from rows that arrive by and by.
    pub fn set_values_stream(
        &self,
        content_type: ContentType,
        rows: impl Stream<Item = ExtraValues> + Send + 'static,
    ) -> Bulk {
        let reader = Arc::new(Reader {
            categories: self.clone(),
            content_type,
            kinds: OnceCell::new(),
        });
        let mut seen = Seen::default();
        let rows = rows.then(move |row| {
            let twice = twice(&row, &mut seen);
            let reader = Arc::clone(&reader);
            async move {
                twice?;
                reader.arguments(row).await
            }
        });
        Bulk::new(self.client.clone(), &SET_VALUES, rows)
    }
}

fn twice(row: &ExtraValues, seen: &mut Seen) -> Result<()> {
    let place = seen.next_row();
    for (category, _) in &row.values {
        if let Some(before) = seen.insert(&(&row.of, category), place) {
            let text = format!("the row cannot be sent: row {before} sets the same value");
            return Err(Error::new(ErrorKind::Conflict, text));
        }
    }
    Ok(())
}

/// Knows the kinds of categories once they are needed.
struct Reader {
    categories: ExtraCategories,
    content_type: ContentType,
    kinds: OnceCell<Result<ExtraCategoryKinds>>,
}

impl Reader {
    async fn arguments(&self, row: ExtraValues) -> Prepared {
        let is_plain = |(_, value): &(Key, ExtraValue)| matches!(value, ExtraValue::Plain(_));
        let none = ExtraCategoryKinds::default();
        let kinds = if row.values.iter().any(is_plain) {
            let read = || self.categories.kinds(self.content_type.clone());
            self.kinds
                .get_or_init(read)
                .await
                .as_ref()
                .map_err(Clone::clone)?
        } else {
            &none
        };
        let values = row.values.into_iter();
        let values: Vec<_> = values
            .map(|(category, value)| kinds.value(category, value))
            .collect::<Result<_>>()?;
        arguments(&self.content_type, &row.of, &values)
    }
}

/// The arguments by which values of one thing are set.
pub(crate) fn arguments(
    content_type: &ContentType,
    of: &Key,
    values: &[ExtraCategoryValueInput],
) -> Prepared {
    let selector = match of {
        Key::Id(id) => format!("modelId:{}", to_literal(id)?),
        Key::Ref(reference) => format!("modelRef:{}", to_literal(reference)?),
    };
    Ok(format!(
        "contentType:{},{selector},values:{}",
        to_literal(content_type)?,
        to_literal(values)?
    ))
}

fn read_values(payload: &str) -> Result<Outcome> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Payload {
        extra_category_values: Option<Vec<IgnoredAny>>,
    }
    let told = serde_json::from_str::<Payload>(payload).ok();
    if told.and_then(|payload| payload.extra_category_values).is_some() {
        return Ok(Outcome::Written);
    }
    Err(Error::new(
        ErrorKind::Decode,
        "the answer does not say what the values are now",
    ))
}
