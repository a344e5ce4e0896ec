//! Values of extra categories: what a caller has, and in which field of its kind it travels.

use super::Key;
use crate::error::{Error, Result};
use crate::model::{
    DateTime, ExtraCategory, ExtraCategoryChoiceValueInput, ExtraCategoryValue, ExtraCategoryValueInput,
    ExtraFieldType,
};
use std::borrow::Cow;
use std::collections::HashMap;

/// A value to be set.
///
/// A plain value is text whose kind is that of its category, which is then read first; the others say their kind
/// themselves.
///
/// ```
/// use pluvo_sdk::resources::ExtraValue;
/// let department = ExtraValue::from("Marketing");
/// let skills = ExtraValue::choices(["Dutch", "English"]);
/// assert_eq!(department, ExtraValue::Plain("Marketing".into()));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ExtraValue {
    /// Whatever kind its category has.
    Plain(String),
    /// Text. Numbers are set as text too.
    Text(String),
    /// A date or a moment.
    Moment(DateTime),
    /// Yes or no. Nothing documents how one is set: the field's name is inferred from the one that is read.
    Boolean(bool),
    /// Options, in words. A list also where only one can be chosen.
    Choices(Vec<String>),
}

impl ExtraValue {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Options, in words.
    pub fn choices<C: Into<String>>(options: impl IntoIterator<Item = C>) -> Self {
        Self::Choices(options.into_iter().map(Into::into).collect())
    }
}

impl From<&str> for ExtraValue {
    fn from(text: &str) -> Self {
        Self::Plain(text.to_owned())
    }
}

impl From<String> for ExtraValue {
    fn from(text: String) -> Self {
        Self::Plain(text)
    }
}

impl From<bool> for ExtraValue {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<DateTime> for ExtraValue {
    fn from(moment: DateTime) -> Self {
        Self::Moment(moment)
    }
}

/// Which kind of value each category holds. Read once, used for any number of values.
#[derive(Debug, Clone, Default)]
pub struct ExtraCategoryKinds(HashMap<Key, Option<ExtraFieldType>>);

impl ExtraCategoryKinds {
    /// From categories that were read.
    pub fn new<'a>(categories: impl IntoIterator<Item = &'a ExtraCategory>) -> Self {
        let mut kinds = HashMap::new();
        for category in categories {
            let by_ref = category.r#ref.as_ref().map(|r#ref| Key::Ref(r#ref.clone()));
            for key in std::iter::once(Key::Id(category.id.clone())).chain(by_ref) {
                kinds.insert(key, category.category_type.clone());
            }
        }
        Self(kinds)
    }

    /// The value in the field of its kind.
    ///
    /// # Errors
    ///
    /// [`Invalid`](crate::ErrorKind::Invalid) for a plain value whose category is not among those that were read, or
    /// whose text its kind does not take.
    ///
    /// ```
    /// # fn main() -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::{Key, model::ExtraCategory, resources::{ExtraCategoryKinds, ExtraValue}};
    /// let category: ExtraCategory =
    ///     serde_json::from_str(r#"{"id": "1", "ref": "hired", "categoryType": "DATE"}"#).unwrap();
    /// let kinds = ExtraCategoryKinds::new([&category]);
    /// let input = kinds.value(Key::reference("hired"), ExtraValue::from("2024-01-31"))?;
    /// assert!(input.datetime_value.is_some() && input.string_value.is_none());
    /// # Ok(()) }
    /// ```
    pub fn value(&self, category: impl Into<Key>, value: ExtraValue) -> Result<ExtraCategoryValueInput> {
        let category = category.into();
        let kind = match (&value, self.0.get(&category)) {
            (_, Some(kind)) => kind.as_ref(),
            (ExtraValue::Plain(_), None) => {
                return Err(refused(
                    &category,
                    "is not there, or its ref cannot be read; say the value's kind",
                ));
            }
            (_, None) => None,
        };
        value.input(category, kind)
    }
}

impl ExtraValue {
    /// The value in the field of its kind: its own, or for a plain one that of its category.
    pub(crate) fn input(
        self,
        category: Key,
        kind: Option<&ExtraFieldType>,
    ) -> Result<ExtraCategoryValueInput> {
        let value = match self {
            Self::Plain(text) => typed(&category, kind, text)?,
            value => value,
        };
        let (category_id, category_ref) = category.split();
        let mut input = ExtraCategoryValueInput {
            category_id,
            category_ref,
            ..ExtraCategoryValueInput::default()
        };
        match value {
            Self::Plain(text) | Self::Text(text) => input.string_value = Some(text),
            Self::Moment(moment) => input.datetime_value = Some(moment),
            Self::Boolean(value) => input.boolean_value = Some(value),
            Self::Choices(options) => {
                let option = |words| ExtraCategoryChoiceValueInput {
                    string_value: Some(words),
                    ..ExtraCategoryChoiceValueInput::default()
                };
                input.choice_values = Some(options.into_iter().map(option).collect());
            }
        }
        Ok(input)
    }
}

/// Whether two texts say the same in a category of this kind, though in other words: a date and a moment, two yeses.
pub(crate) fn same(kind: Option<&ExtraFieldType>, one: &str, other: &str) -> bool {
    let read = |text: &str| typed(&Key::Ref(String::new()), kind, text.to_owned()).ok();
    match (read(one), read(other)) {
        (Some(ExtraValue::Moment(one)), Some(ExtraValue::Moment(other))) => {
            one.timestamp() == other.timestamp()
        }
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

/// A plain value as its category wants it.
fn typed(category: &Key, kind: Option<&ExtraFieldType>, text: String) -> Result<ExtraValue> {
    Ok(match kind {
        Some(ExtraFieldType::Date) => {
            let moment = DateTime::from(text.trim());
            if moment.timestamp().is_none() {
                return Err(refused(category, "takes a date such as 2024-01-31"));
            }
            ExtraValue::Moment(moment)
        }
        Some(ExtraFieldType::Boolean) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "y" | "ja" | "j" | "1" => ExtraValue::Boolean(true),
            "false" | "no" | "n" | "nee" | "0" => ExtraValue::Boolean(false),
            _ => return Err(refused(category, "takes true or false")),
        },
        Some(ExtraFieldType::Number) if text.trim().parse::<f64>().is_err() => {
            return Err(refused(category, "takes a number such as 1.5"));
        }
        Some(ExtraFieldType::Select | ExtraFieldType::Multiselect) => ExtraValue::Choices(vec![text]),
        _ => ExtraValue::Text(text),
    })
}

fn refused(category: &Key, why: &str) -> Error {
    let name = match category {
        Key::Id(id) => id.to_string(),
        Key::Ref(reference) => reference.clone(),
    };
    Error::invalid(format!("the extra category {name} {why}"))
}

impl ExtraCategoryValue {
    /// The category that the value is of.
    pub fn category(&self) -> Option<&ExtraCategory> {
        match self {
            Self::String(value) => value.category.as_ref(),
            Self::Datetime(value) => value.category.as_ref(),
            Self::Choice(value) => value.category.as_ref(),
            Self::Boolean(value) => value.category.as_ref(),
            Self::Other {} => None,
        }
    }

    /// The value as text, whatever its kind: a moment as RFC 3339, an option in words, `true` or `false`.
    ///
    /// ```
    /// use pluvo_sdk::model::ExtraCategoryValue;
    /// let value: ExtraCategoryValue = serde_json::from_str(r#"{"choiceValue": {"stringValue": "Dutch"}}"#).unwrap();
    /// assert_eq!(value.text().as_deref(), Some("Dutch"));
    /// ```
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::String(value) => value.string_value.as_deref().map(Cow::Borrowed),
            Self::Datetime(value) => value
                .datetime_value
                .as_ref()
                .map(|moment| moment.to_string().into()),
            Self::Choice(value) => value
                .choice_value
                .as_ref()?
                .string_value
                .as_deref()
                .map(Cow::Borrowed),
            Self::Boolean(value) => value
                .boolean_value
                .map(|value| if value { "true" } else { "false" }.into()),
            Self::Other {} => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::literal::to_literal;

    fn kinds() -> ExtraCategoryKinds {
        let categories: Vec<ExtraCategory> = serde_json::from_str(
            r#"[{"id": "1", "ref": "text", "categoryType": "TEXT"},
                {"id": "2", "ref": "number", "categoryType": "NUMBER"},
                {"id": "3", "ref": "date", "categoryType": "DATE"},
                {"id": "4", "ref": "one", "categoryType": "SELECT"},
                {"id": "5", "ref": "many", "categoryType": "MULTISELECT"},
                {"id": "6", "ref": "flag", "categoryType": "BOOLEAN"},
                {"id": "7", "ref": "new", "categoryType": "HOLOGRAM"},
                {"id": "8"}]"#,
        )
        .unwrap();
        ExtraCategoryKinds::new(&categories)
    }

    fn literal(key: Key, value: impl Into<ExtraValue>) -> String {
        to_literal(&kinds().value(key, value.into()).unwrap()).unwrap()
    }

    #[test]
    fn a_plain_value_goes_into_the_field_of_its_kind() {
        let plain = |key: &str, text: &str| literal(Key::reference(key), text);
        assert_eq!(plain("text", "a"), r#"{categoryRef:"text",stringValue:"a"}"#);
        assert_eq!(
            plain("number", "1.5"),
            r#"{categoryRef:"number",stringValue:"1.5"}"#
        );
        assert_eq!(
            plain("date", "2024-01-31"),
            r#"{categoryRef:"date",datetimeValue:"2024-01-31T00:00:00Z"}"#
        );
        assert_eq!(
            plain("one", "a"),
            r#"{categoryRef:"one",choiceValues:[{stringValue:"a"}]}"#
        );
        assert_eq!(
            plain("many", "a, b"),
            r#"{categoryRef:"many",choiceValues:[{stringValue:"a, b"}]}"#
        );
        assert_eq!(plain("flag", "Yes"), r#"{categoryRef:"flag",booleanValue:true}"#);
        assert_eq!(plain("new", "a"), r#"{categoryRef:"new",stringValue:"a"}"#);
        assert_eq!(literal(Key::id("8"), "a"), r#"{categoryId:"8",stringValue:"a"}"#);
    }

    #[test]
    fn a_value_that_says_its_kind_needs_no_category() {
        let key = || Key::reference("elsewhere");
        assert_eq!(
            literal(key(), ExtraValue::choices(["a", "b"])),
            r#"{categoryRef:"elsewhere",choiceValues:[{stringValue:"a"},{stringValue:"b"}]}"#
        );
        assert_eq!(
            literal(key(), true),
            r#"{categoryRef:"elsewhere",booleanValue:true}"#
        );
    }

    #[test]
    fn values_that_say_the_same_in_other_words_are_the_same() {
        let date = Some(&ExtraFieldType::Date);
        assert!(same(date, "2007-02-10T00:00:00Z", "2007-02-10"));
        assert!(!same(date, "2007-02-11T00:00:00Z", "2007-02-10"));
        assert!(!same(date, "soon", "later"));
        let boolean = Some(&ExtraFieldType::Boolean);
        assert!(same(boolean, "true", "J") && same(boolean, "false", "N"));
        assert!(!same(boolean, "true", "nee"));
        assert!(!same(Some(&ExtraFieldType::Text), "J", "true"));
    }

    #[test]
    fn what_does_not_fit_is_refused_and_not_repeated() {
        for (key, text) in [
            ("date", "tomorrow"),
            ("flag", "perhaps"),
            ("number", "many"),
            ("elsewhere", "secret"),
        ] {
            let error = kinds().value(Key::reference(key), text.into()).unwrap_err();
            assert!(
                error.message().contains(key) && !error.message().contains(text),
                "{error}"
            );
        }
    }
}
