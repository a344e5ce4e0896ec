//! Values of extra categories, as a caller gives them.

use pluvo_sdk::Key;
use pluvo_sdk::model::DateTime;
use pluvo_sdk::resources::ExtraValue;
use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};
use std::collections::BTreeMap;
use std::fmt;

/// A list of values, or an object with a value for each category's ref.
pub(crate) struct Values(pub(crate) Vec<(Key, ExtraValue)>);

/// A value with its category and, in the name of its field, its kind; `value` leaves the kind to the category.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Entry {
    category_id: Option<String>,
    category_ref: Option<String>,
    value: Option<Plain>,
    string_value: Option<String>,
    datetime_value: Option<DateTime>,
    boolean_value: Option<bool>,
    choice_values: Option<Vec<Choice>>,
}

/// An option in words, alone or as the API has it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Choice {
    Words(String),
    #[serde(rename_all = "camelCase")]
    Object {
        string_value: String,
    },
}

/// A value whose kind its category tells: text, a number, a boolean, or a list of options.
struct Plain(ExtraValue);

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Plain;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, a number, a boolean or a list of strings")
            }

            fn visit_str<E>(self, text: &str) -> Result<Plain, E> {
                Ok(Plain(text.into()))
            }

            fn visit_bool<E>(self, value: bool) -> Result<Plain, E> {
                Ok(Plain(value.into()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Plain, E> {
                Ok(Plain(number.to_string().into()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Plain, E> {
                Ok(Plain(number.to_string().into()))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Plain, E> {
                Ok(Plain(number.to_string().into()))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Plain, A::Error> {
                let mut options: Vec<String> = Vec::new();
                while let Some(option) = list.next_element()? {
                    options.push(option);
                }
                Ok(Plain(ExtraValue::choices(options)))
            }
        }

        deserializer.deserialize_any(Any)
    }
}

impl Entry {
    fn key<E: de::Error>(&self) -> Result<Key, E> {
        match (&self.category_id, &self.category_ref) {
            (Some(id), None) => Ok(Key::id(id.as_str())),
            (None, Some(reference)) => Ok(Key::reference(reference)),
            _ => Err(E::custom("a value needs categoryRef or categoryId, and not both")),
        }
    }

    fn value<E: de::Error>(self) -> Result<ExtraValue, E> {
        let words = |choice| match choice {
            Choice::Words(words) | Choice::Object { string_value: words } => words,
        };
        let given = [
            self.value.map(|plain| plain.0),
            self.string_value.map(ExtraValue::Text),
            self.datetime_value.map(ExtraValue::Moment),
            self.boolean_value.map(ExtraValue::Boolean),
            self.choice_values
                .map(|choices| ExtraValue::choices(choices.into_iter().map(words))),
        ];
        let mut given = given.into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(value), None) => Ok(value),
            _ => Err(E::custom(
                "a value needs one of value, stringValue, datetimeValue, booleanValue and choiceValues",
            )),
        }
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Values;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of values, or an object with a value for each category's ref")
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Values, A::Error> {
                let mut values = Vec::new();
                while let Some(entry) = list.next_element::<Entry>()? {
                    values.push((entry.key()?, entry.value()?));
                }
                Ok(Values(values))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Values, A::Error> {
                let by_ref: BTreeMap<String, Plain> =
                    Deserialize::deserialize(de::value::MapAccessDeserializer::new(map))?;
                let values = by_ref.into_iter();
                Ok(Values(
                    values
                        .map(|(reference, plain)| (Key::reference(reference), plain.0))
                        .collect(),
                ))
            }
        }

        deserializer.deserialize_any(Any)
    }
}
