//! Values of extra categories, as a caller gives them.

use pluvo_sdk::Key;
use pluvo_sdk::model::DateTime;
use pluvo_sdk::resources::ExtraValue;
use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};
use std::collections::BTreeMap;
use std::fmt;

/// Values by category.
pub(crate) type Values = BTreeMap<String, Given>;

/// A value: text or a number, whose kind its category tells; yes or no; a list of options; or an object of one member
/// that says the kind itself.
pub(crate) struct Given(ExtraValue);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Text(String),
    Moment(DateTime),
    Boolean(bool),
    Choices(Vec<String>),
}

/// The values by the refs of their categories and by Pluvo's ids of them.
pub(crate) fn pairs(by_ref: Option<Values>, by_id: Option<Values>) -> Vec<(Key, ExtraValue)> {
    let by_ref = by_ref.unwrap_or_default().into_iter();
    let by_id = by_id.unwrap_or_default().into_iter();
    by_ref
        .map(|(category, value)| (Key::reference(category), value.0))
        .chain(by_id.map(|(category, value)| (Key::id(category), value.0)))
        .collect()
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Given;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a string, a number, a boolean, a list of strings, or an object with one of text, moment, boolean and choices",
                )
            }

            fn visit_str<E>(self, text: &str) -> Result<Given, E> {
                Ok(Given(text.into()))
            }

            fn visit_bool<E>(self, value: bool) -> Result<Given, E> {
                Ok(Given(value.into()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Given, E> {
                Ok(Given(number.to_string().into()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Given, E> {
                Ok(Given(number.to_string().into()))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Given, E> {
                Ok(Given(number.to_string().into()))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, list: A) -> Result<Given, A::Error> {
                let options: Vec<String> =
                    Deserialize::deserialize(de::value::SeqAccessDeserializer::new(list))?;
                Ok(Given(ExtraValue::choices(options)))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Given, A::Error> {
                let kind = Kind::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(Given(match kind {
                    Kind::Text(text) => ExtraValue::Text(text),
                    Kind::Moment(moment) => ExtraValue::Moment(moment),
                    Kind::Boolean(value) => ExtraValue::Boolean(value),
                    Kind::Choices(options) => ExtraValue::Choices(options),
                }))
            }
        }

        deserializer.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(json: &str) -> Result<ExtraValue, serde_json::Error> {
        serde_json::from_str::<Given>(json).map(|given| given.0)
    }

    #[test]
    fn a_value_is_what_it_looks_like() {
        assert_eq!(given("\"a\"").unwrap(), ExtraValue::Plain("a".into()));
        assert_eq!(given("1.5").unwrap(), ExtraValue::Plain("1.5".into()));
        assert_eq!(given("-3").unwrap(), ExtraValue::Plain("-3".into()));
        assert_eq!(given("true").unwrap(), ExtraValue::Boolean(true));
        assert_eq!(given(r#"["a", "b"]"#).unwrap(), ExtraValue::choices(["a", "b"]));
    }

    #[test]
    fn a_value_may_say_its_kind() {
        assert_eq!(given(r#"{"text": "1"}"#).unwrap(), ExtraValue::text("1"));
        let moment = ExtraValue::Moment("2024-01-31".into());
        assert_eq!(given(r#"{"moment": "2024-01-31"}"#).unwrap(), moment);
        assert_eq!(
            given(r#"{"choices": ["a"]}"#).unwrap(),
            ExtraValue::choices(["a"])
        );
        for wrong in [
            r#"{"number": 1}"#,
            r#"{"text": "a", "boolean": true}"#,
            "{}",
            "null",
            "[1]",
        ] {
            assert!(given(wrong).is_err(), "{wrong}");
        }
    }
}
