//! Extra categories: the organisation's own fields.

use super::answer::Answer;
use super::chunked::IDS;
use super::{BulkResult, Chunked, ExtraCategoryKinds, ExtraValue, Get, Key, Listing, Members, Rows, Write};
use crate::client::{CallOptions, Client};
use crate::error::Result;
use crate::model::{ContentType, ExtraCategory, ExtraCategoryInput, ExtraCategoryValue, Id};
use crate::operation::generated::{
    ARCHIVE_EXTRA_CATEGORIES, ArchiveExtraCategoriesVariables, CREATE_EXTRA_CATEGORY,
    CreateExtraCategoryVariables, EXTRA_CATEGORIES, EXTRA_CATEGORY, ExtraCategoriesVariables,
    ExtraCategoryVariables, UPDATE_EXTRA_CATEGORY, UPDATE_EXTRA_CATEGORY_VALUES,
    UpdateExtraCategoryValuesVariables, UpdateExtraCategoryVariables,
};
use crate::time::BoxFuture;
use std::fmt;
use std::future::IntoFuture;

/// The organisation's own fields, of people, groups, trainings and other things.
///
/// Writing needs the scope `extra_categories.write`; which scope reading needs is not documented. The values of one
/// person or group come with [`Users::get`](super::Users::get) and [`Groups::get`](super::Groups::get).
#[derive(Debug, Clone)]
pub struct ExtraCategories {
    pub(crate) client: Client,
}

impl Client {
    /// The organisation's own fields.
    pub fn extra_categories(&self) -> ExtraCategories {
        ExtraCategories { client: self.clone() }
    }
}

impl ExtraCategories {
    /// All categories, in one answer.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::model::ContentType;
    /// let of_people = client.extra_categories().list().content_type(ContentType::User).await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self) -> Listing<ExtraCategory, ExtraCategoriesVariables> {
        Listing::new(
            &self.client,
            &EXTRA_CATEGORIES,
            ExtraCategoriesVariables::default(),
        )
    }

    /// One category, or none. On an older page alone.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let category = client.extra_categories().get("933d8663-edf6-42c9-895a-eeec13fff0ab").await?;
    /// # Ok(()) }
    /// ```
    pub fn get(&self, id: impl Into<Id>) -> Get<ExtraCategory> {
        Get::new(&self.client, &EXTRA_CATEGORY, &ExtraCategoryVariables::new(id))
    }

    /// Creates a category. Not repeated when it fails on the way.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::model::{ContentType, ExtraCategoryInput, ExtraFieldType};
    /// let department = ExtraCategoryInput {
    ///     name: Some("Department".into()),
    ///     category_type: Some(ExtraFieldType::Text),
    ///     for_model_types: Some(vec![ContentType::User]),
    ///     ..ExtraCategoryInput::default()
    /// };
    /// client.extra_categories().create(department).await?;
    /// # Ok(()) }
    /// ```
    pub fn create(&self, category: ExtraCategoryInput) -> Write<ExtraCategory> {
        let variables = CreateExtraCategoryVariables {
            extra_category_input: category,
        };
        Write::new(&self.client, &CREATE_EXTRA_CATEGORY, &variables)
    }

    /// Changes a category, by Pluvo's id only.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::model::ExtraCategoryInput;
    /// let change = ExtraCategoryInput { name: Some("Team".into()), ..ExtraCategoryInput::default() };
    /// client.extra_categories().update("933d8663-edf6-42c9-895a-eeec13fff0ab", change).await?;
    /// # Ok(()) }
    /// ```
    pub fn update(&self, id: impl Into<Id>, category: ExtraCategoryInput) -> Write<ExtraCategory> {
        let variables = UpdateExtraCategoryVariables::new(id, category);
        Write::new(&self.client, &UPDATE_EXTRA_CATEGORY, &variables)
    }

    /// Archives categories by Pluvo's ids, or re-activates them.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// client.extra_categories().archive(["933d8663-edf6-42c9-895a-eeec13fff0ab"], true).await?;
    /// # Ok(()) }
    /// ```
    pub fn archive<I: Into<Id>>(
        &self,
        ids: impl IntoIterator<Item = I>,
        archive: bool,
    ) -> Chunked<BulkResult> {
        let variables = ArchiveExtraCategoriesVariables {
            archive,
            ids: Vec::new(),
        };
        let write = Write::new(&self.client, &ARCHIVE_EXTRA_CATEGORIES, &variables);
        Chunked::new(write, Answer::bulk, IDS, Members::ids(ids))
    }

    /// Which kind of value each category of a kind of thing holds: for many values, read once.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::{Key, model::ContentType};
    /// let kinds = client.extra_categories().kinds(ContentType::User).await?;
    /// let value = kinds.value(Key::reference("department"), "Marketing".into())?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Whatever can befall a request.
    pub async fn kinds(&self, content_type: ContentType) -> Result<ExtraCategoryKinds> {
        self.kinds_with(content_type, CallOptions::default()).await
    }

    async fn kinds_with(
        &self,
        content_type: ContentType,
        options: CallOptions,
    ) -> Result<ExtraCategoryKinds> {
        let categories = self.list().content_type(content_type).options(options).await?;
        Ok(ExtraCategoryKinds::new(&categories))
    }

    /// Sets values of one thing: a person, a group, a training. Pluvo's examples set one and leave the others alone;
    /// that the others stay is inferred.
    ///
    /// Where a value is plain text, the categories are read first, to send it as what its category holds.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::{Key, model::ContentType, resources::ExtraValue};
    /// client
    ///     .extra_categories()
    ///     .set_values(
    ///         ContentType::User,
    ///         Key::reference("EMP-1"),
    ///         [
    ///             (Key::reference("department"), ExtraValue::from("Marketing")),
    ///             (Key::reference("languages"), ExtraValue::choices(["Dutch", "English"])),
    ///         ],
    ///     )
    ///     .await?;
    /// # Ok(()) }
    /// ```
    pub fn set_values<K: Into<Key>, V: Into<ExtraValue>>(
        &self,
        content_type: ContentType,
        of: impl Into<Key>,
        values: impl IntoIterator<Item = (K, V)>,
    ) -> SetValues {
        let values = values
            .into_iter()
            .map(|(category, value)| (category.into(), value.into()));
        SetValues {
            categories: self.clone(),
            content_type,
            of: of.into(),
            values: values.collect(),
            options: CallOptions::default(),
        }
    }
}

/// Filters of categories.
impl<T> Listing<T, ExtraCategoriesVariables> {
    /// Only those of this kind of thing.
    pub fn content_type(mut self, content_type: ContentType) -> Self {
        self.arguments.content_type = Some(content_type);
        self
    }
}

/// Values that are about to be set. Await it for all values that the thing has then.
#[must_use = "nothing is sent before it is awaited"]
pub struct SetValues {
    categories: ExtraCategories,
    content_type: ContentType,
    of: Key,
    values: Vec<(Key, ExtraValue)>,
    options: CallOptions,
}

/// Without the values, which may be personal data.
impl fmt::Debug for SetValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetValues")
            .field("content_type", &self.content_type)
            .field("values", &self.values.len())
            .finish_non_exhaustive()
    }
}

impl SetValues {
    /// Sets what differs for this call.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    async fn send(self) -> Result<Vec<ExtraCategoryValue>> {
        let is_plain = |(_, value): &(Key, ExtraValue)| matches!(value, ExtraValue::Plain(_));
        let kinds = if self.values.iter().any(is_plain) {
            let content_type = self.content_type.clone();
            self.categories
                .kinds_with(content_type, self.options.clone())
                .await?
        } else {
            ExtraCategoryKinds::default()
        };
        let values = self.values.into_iter();
        let values = values
            .map(|(category, value)| kinds.value(category, value))
            .collect::<Result<Vec<_>>>()
            .map_err(|error| error.with_operation(UPDATE_EXTRA_CATEGORY_VALUES.name))?;
        let (model_id, model_ref) = self.of.split();
        let variables = UpdateExtraCategoryValuesVariables {
            content_type: self.content_type,
            model_id,
            model_ref,
            values,
        };
        Write::<Rows<_>>::new(&self.categories.client, &UPDATE_EXTRA_CATEGORY_VALUES, &variables)
            .options(self.options)
            .await
    }
}

impl IntoFuture for SetValues {
    type Output = Result<Vec<ExtraCategoryValue>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
