//! What is there: the people of an organisation, and the groups and categories that rows speak of.

use super::person::Person;
use crate::client::Client;
use crate::error::{ErrorKind, Result};
use crate::model::{ExtraCategoryValue, ExtraFieldType, Id, Language, Role};
use crate::paginate::Pager;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What rows name besides people.
#[derive(Debug, Default)]
pub(super) struct Directory {
    /// Group ids by ref, name and id.
    pub groups: HashMap<String, Id>,
    /// Categories by ref, title and id.
    pub categories: HashMap<String, Category>,
}

/// A person who is there.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "Row")]
pub(super) struct Member {
    pub id: Id,
    pub r#ref: Option<String>,
    pub email: Option<String>,
    pub name: Option<String>,
    pub roles: Vec<Role>,
    pub language: Option<Language>,
    pub archived: bool,
    pub groups: BTreeSet<Id>,
    /// Values as text, by category id.
    pub values: BTreeMap<Id, String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Category {
    pub id: Id,
    pub kind: Option<ExtraFieldType>,
}

const PLAIN: &str = "id ref email name roles archived";
const LANGUAGE: &str = " language";
const GROUPS: &str = " participantGroups{id}";
const VALUES: &str = " extraCategoryValues{\
    ...on ExtraCategoryStringValue{category{id}stringValue}\
    ...on ExtraCategoryDatetimeValue{category{id}datetimeValue}\
    ...on ExtraCategoryChoiceValue{category{id}choiceValue{stringValue}}\
    ...on ExtraCategoryBooleanValue{category{id}booleanValue}}";

/// Reads the groups and categories, where rows name any.
pub(super) async fn directory(client: &Client, people: &[Person]) -> Result<Directory> {
    let mut directory = Directory::default();
    if names_groups(people) {
        directory.groups = groups(client).await?;
    }
    if names_categories(people) {
        directory.categories = categories(client).await?;
    }
    Ok(directory)
}

/// Reads everybody, page by page, with what the rows make necessary and nothing else.
pub(super) fn members(client: &Client, people: &[Person]) -> Result<Pager<Member>> {
    let mut selection = PLAIN.to_owned();
    if people.iter().any(|person| person.language.is_some()) {
        selection.push_str(LANGUAGE);
    }
    if names_groups(people) {
        selection.push_str(GROUPS);
    }
    if names_categories(people) {
        selection.push_str(VALUES);
    }
    client.users().list().select(selection).spread(None).pager()
}

fn names_groups(people: &[Person]) -> bool {
    people.iter().any(|person| !person.groups.is_empty())
}

fn names_categories(people: &[Person]) -> bool {
    people.iter().any(|person| !person.values.is_empty())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    id: Id,
    #[serde(default)]
    r#ref: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    roles: Option<Vec<Option<Role>>>,
    #[serde(default)]
    language: Option<Language>,
    #[serde(default)]
    archived: Option<bool>,
    #[serde(default)]
    participant_groups: Option<Vec<Option<OnlyId>>>,
    #[serde(default)]
    extra_category_values: Option<Vec<Option<ExtraCategoryValue>>>,
}

#[derive(Deserialize)]
struct OnlyId {
    id: Id,
}

impl From<Row> for Member {
    fn from(row: Row) -> Self {
        let values = row.extra_category_values.unwrap_or_default();
        Self {
            id: row.id,
            r#ref: row.r#ref.filter(|text| !text.is_empty()),
            email: row.email.filter(|text| !text.is_empty()),
            name: row.name,
            roles: row.roles.unwrap_or_default().into_iter().flatten().collect(),
            language: row.language,
            archived: row.archived.unwrap_or(false),
            groups: row
                .participant_groups
                .unwrap_or_default()
                .into_iter()
                .flatten()
                .map(|group| group.id)
                .collect(),
            values: values.into_iter().flatten().filter_map(value_text).collect(),
        }
    }
}

/// A value as text, with the category that it belongs to.
fn value_text(value: ExtraCategoryValue) -> Option<(Id, String)> {
    let (category, text) = match value {
        ExtraCategoryValue::String(value) => (value.category?, value.string_value?),
        ExtraCategoryValue::Datetime(value) => (value.category?, value.datetime_value?.to_string()),
        ExtraCategoryValue::Choice(value) => (value.category?, value.choice_value?.string_value?),
        ExtraCategoryValue::Boolean(value) => (value.category?, value.boolean_value?.to_string()),
        ExtraCategoryValue::Other {} => return None,
    };
    Some((category.id, text))
}

async fn groups(client: &Client) -> Result<HashMap<String, Id>> {
    #[derive(Deserialize)]
    struct Group {
        id: Id,
        #[serde(default)]
        r#ref: Option<String>,
        #[serde(default)]
        name: Option<String>,
    }
    let groups = client
        .groups()
        .list()
        .select::<Group>("id ref name")
        .to_vec()
        .await?;
    Ok(by_any_name(groups.into_iter().map(|group| {
        (group.id.clone(), [group.r#ref, group.name], group.id)
    })))
}

async fn categories(client: &Client) -> Result<HashMap<String, Category>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Data {
        extra_categories: Option<Vec<Option<Found>>>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Found {
        id: Id,
        #[serde(default)]
        r#ref: Option<String>,
        #[serde(default)]
        title: Option<String>,
        #[serde(default)]
        category_type: Option<ExtraFieldType>,
    }
    // That a category can be read with its ref is inferred, so a server without it must do too.
    let with_ref = client
        .query("query ExtraCategories{extraCategories{id ref title categoryType}}")
        .send::<Data>()
        .await;
    let data = match with_ref {
        Err(error) if matches!(error.kind(), ErrorKind::Invalid | ErrorKind::Graphql) => {
            client
                .query("query ExtraCategories{extraCategories{id title categoryType}}")
                .send()
                .await?
        }
        answer => answer?,
    };
    let found = data.extra_categories.unwrap_or_default().into_iter().flatten();
    Ok(by_any_name(found.map(|found| {
        (
            found.id.clone(),
            [found.r#ref, found.title],
            Category {
                id: found.id,
                kind: found.category_type,
            },
        )
    })))
}

/// By id, by ref and by name, in this order of precedence where one thing's name is another's ref.
fn by_any_name<T: Clone>(things: impl Iterator<Item = (Id, [Option<String>; 2], T)>) -> HashMap<String, T> {
    let things: Vec<_> = things.collect();
    let mut names = HashMap::new();
    for (_, [_, name], thing) in &things {
        names.extend(name.clone().map(|name| (name, thing.clone())));
    }
    for (_, [reference, _], thing) in &things {
        names.extend(reference.clone().map(|reference| (reference, thing.clone())));
    }
    names.extend(
        things
            .iter()
            .map(|(id, _, thing)| (id.to_string(), thing.clone())),
    );
    names
}
