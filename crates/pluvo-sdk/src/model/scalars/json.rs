//! JSON inside a string.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

/// JSON that Pluvo carries inside a string, not parsed yet.
///
/// Where it comes as an object all the same, as it does in webhooks, its text is kept.
///
/// ```
/// use std::collections::HashMap;
/// use pluvo_sdk::model::JsonString;
///
/// let fields = JsonString::from(r#"{"Department": "Marketing"}"#);
/// let fields: HashMap<String, String> = fields.parse()?;
/// assert_eq!(fields["Department"], "Marketing");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct JsonString(Box<str>);

impl JsonString {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the text says, in any type.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.0)
    }
}

impl From<&str> for JsonString {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for JsonString {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for JsonString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for JsonString {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for JsonString {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Json;

        impl<'de> Visitor<'de> for Json {
            type Value = JsonString;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON as text, an object or a list")
            }

            fn visit_str<E>(self, text: &str) -> Result<JsonString, E> {
                Ok(text.into())
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<JsonString, A::Error> {
                write(&Value::deserialize(MapAccessDeserializer::new(map))?)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<JsonString, A::Error> {
                write(&Value::deserialize(SeqAccessDeserializer::new(seq))?)
            }
        }

        fn write<E: serde::de::Error>(value: &Value) -> Result<JsonString, E> {
            serde_json::to_string(value)
                .map(JsonString::from)
                .map_err(E::custom)
        }

        deserializer.deserialize_any(Json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> JsonString {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn text_is_kept_as_it_is() {
        let json = read(r#""{\"a\" : 1}""#);
        assert_eq!(json.as_str(), r#"{"a" : 1}"#);
        assert_eq!(json.parse::<Value>().unwrap()["a"], 1);
        assert_eq!(serde_json::to_string(&json).unwrap(), r#""{\"a\" : 1}""#);
    }

    #[test]
    fn objects_and_lists_become_text() {
        assert_eq!(
            read(r#"{"a": {"b": [1, null]}}"#).as_str(),
            r#"{"a":{"b":[1,null]}}"#
        );
        assert_eq!(read("[true]").as_str(), "[true]");
        assert!(serde_json::from_str::<JsonString>("7").is_err());
    }

    #[test]
    fn text_that_is_no_json_is_an_error_when_it_is_parsed() {
        assert!(read(r#""{oops""#).parse::<Value>().is_err());
    }
}
