//! Ids.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

/// The id that Pluvo gave to an object, as text.
///
/// Nearly all ids are UUIDs in lower case: these take 16 bytes and no allocation. Any other text is kept as it is.
///
/// ```
/// use pluvo_sdk::model::Id;
///
/// let id = Id::from("933d8663-edf6-42c9-895a-eeec13fff0ab");
/// assert_eq!(id, "933d8663-edf6-42c9-895a-eeec13fff0ab");
/// assert_eq!(id.to_string().len(), 36);
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Id(Repr);

/// Only the canonical form of a UUID becomes a `Uuid`, so that equal texts have equal forms.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    Uuid(Uuid),
    Text(Box<str>),
}

impl Id {
    /// Whether there is no id: what [`Id::default`] is, and what a server's null is read as.
    pub fn is_empty(&self) -> bool {
        matches!(&self.0, Repr::Text(text) if text.is_empty())
    }

    /// The id as a UUID, where it is one.
    pub fn as_uuid(&self) -> Option<Uuid> {
        match &self.0 {
            Repr::Uuid(uuid) => Some(*uuid),
            Repr::Text(text) => Uuid::try_parse(text).ok(),
        }
    }

    /// The id as text, without allocation.
    pub fn with_str<T>(&self, read: impl FnOnce(&str) -> T) -> T {
        match &self.0 {
            Repr::Uuid(uuid) => read(uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer())),
            Repr::Text(text) => read(text),
        }
    }

    fn canonical(text: &str) -> Option<Self> {
        let is_canonical = text.len() == Hyphenated::LENGTH && !text.bytes().any(|b| b.is_ascii_uppercase());
        if is_canonical {
            Uuid::try_parse(text).ok().map(|uuid| Self(Repr::Uuid(uuid)))
        } else {
            None
        }
    }
}

impl Default for Id {
    fn default() -> Self {
        Self(Repr::Text(Box::default()))
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Self::canonical(text).unwrap_or_else(|| Self(Repr::Text(text.into())))
    }
}

impl From<String> for Id {
    fn from(text: String) -> Self {
        Self::canonical(&text).unwrap_or_else(|| Self(Repr::Text(text.into())))
    }
}

impl From<&String> for Id {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<Uuid> for Id {
    fn from(uuid: Uuid) -> Self {
        Self(Repr::Uuid(uuid))
    }
}

impl From<&Id> for Id {
    fn from(id: &Id) -> Self {
        id.clone()
    }
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        match id.0 {
            Repr::Uuid(uuid) => uuid.hyphenated().to_string(),
            Repr::Text(text) => text.into(),
        }
    }
}

impl std::str::FromStr for Id {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(text.into())
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_str(|text| f.pad(text))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_str(|text| fmt::Debug::fmt(text, f))
    }
}

/// Ids are ordered as their texts are.
impl Ord for Id {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        match (&self.0, &other.0) {
            // Hexadecimal digits are ordered as the numbers that they stand for.
            (Repr::Uuid(a), Repr::Uuid(b)) => a.cmp(b),
            _ => self.with_str(|a| other.with_str(|b| a.cmp(b))),
        }
    }
}

impl PartialOrd for Id {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq<str> for Id {
    fn eq(&self, other: &str) -> bool {
        self.with_str(|text| text == other)
    }
}

impl PartialEq<&str> for Id {
    fn eq(&self, other: &&str) -> bool {
        self == *other
    }
}

impl PartialEq<String> for Id {
    fn eq(&self, other: &String) -> bool {
        self == other.as_str()
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.with_str(|text| serializer.serialize_str(text))
    }
}

/// GraphQL's `ID` may come as a number, and what cannot be null may be null all the same.
impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyId;

        impl Visitor<'_> for AnyId {
            type Value = Id;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id, as text or as a whole number")
            }

            fn visit_str<E>(self, text: &str) -> Result<Id, E> {
                Ok(text.into())
            }

            fn visit_string<E>(self, text: String) -> Result<Id, E> {
                Ok(text.into())
            }

            fn visit_u64<E>(self, number: u64) -> Result<Id, E> {
                Ok(number.to_string().into())
            }

            fn visit_i64<E>(self, number: i64) -> Result<Id, E> {
                Ok(number.to_string().into())
            }

            fn visit_unit<E>(self) -> Result<Id, E> {
                Ok(Id::default())
            }
        }

        deserializer.deserialize_any(AnyId)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const UUID: &str = "933d8663-edf6-42c9-895a-eeec13fff0ab";

    fn read(json: &str) -> Id {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn every_text_comes_back_as_it_was() {
        let upper = UUID.to_uppercase();
        let simple = UUID.replace('-', "");
        let braced = format!("{{{UUID}}}");
        for text in [
            UUID,
            &upper,
            &simple,
            &braced,
            "",
            "7",
            "a b",
            "é",
            &"x".repeat(36),
        ] {
            let id = Id::from(text);
            assert_eq!(id.to_string(), text);
            assert_eq!(id, text);
            assert_eq!(read(&serde_json::to_string(&id).unwrap()), id);
            assert_eq!(String::from(id), text);
        }
    }

    #[test]
    fn only_the_canonical_form_is_a_uuid_inside() {
        assert!(matches!(Id::from(UUID).0, Repr::Uuid(_)));
        assert!(matches!(Id::from(UUID.to_uppercase()).0, Repr::Text(_)));
        assert_ne!(Id::from(UUID), Id::from(UUID.to_uppercase()));
        assert_eq!(Id::from(UUID).as_uuid(), Id::from(UUID.to_uppercase()).as_uuid());
        assert_eq!(Id::from("7").as_uuid(), None);
    }

    #[test]
    fn numbers_and_null_are_read() {
        assert_eq!(read("42"), "42");
        assert_eq!(read("-1"), "-1");
        assert_eq!(read("18446744073709551615"), "18446744073709551615");
        assert!(read("null").is_empty());
        assert!(serde_json::from_str::<Id>("[]").is_err());
    }

    #[test]
    fn order_is_that_of_the_text() {
        let texts = [
            "",
            "0",
            "00000000-0000-0000-0000-00000000000a",
            "9",
            UUID,
            "a",
            "zz",
        ];
        let mut ids: Vec<Id> = texts.iter().rev().map(|t| Id::from(*t)).collect();
        ids.sort();
        assert_eq!(ids.iter().map(Id::to_string).collect::<Vec<_>>(), texts);
        assert_eq!(ids.into_iter().collect::<HashSet<_>>().len(), texts.len());
    }
}
