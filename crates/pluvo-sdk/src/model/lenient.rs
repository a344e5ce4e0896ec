//! Reading what a server may send although its schema says otherwise.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, SeqAccess, Visitor};

/// Reads a list, leaving out null elements, or a null.
pub(crate) fn list<T>() -> List<T> {
    List(PhantomData)
}

pub(crate) struct List<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for List<T> {
    type Value = Option<Vec<T>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
    type Value = Option<Vec<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or null")
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element::<Option<T>>()? {
            items.extend(item);
        }
        Ok(Some(items))
    }
}

/// Tells a field that is there and null (`Some(None)`) from one that is not there.
#[expect(
    clippy::option_option,
    reason = "the two ways of having no value are what this tells apart"
)]
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde::de::DeserializeSeed;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Row {
        #[serde(default, deserialize_with = "super::present")]
        #[expect(clippy::option_option, reason = "what is tested")]
        tag: Option<Option<bool>>,
    }

    fn row(json: &str) -> Row {
        serde_json::from_str(json).unwrap()
    }

    fn names(json: &str) -> serde_json::Result<Option<Vec<String>>> {
        super::list().deserialize(&mut serde_json::Deserializer::from_str(json))
    }

    #[test]
    fn null_elements_are_left_out() {
        let both = vec!["a".to_owned(), "b".to_owned()];
        assert_eq!(names(r#"["a", null, "b"]"#).unwrap(), Some(both));
        assert_eq!(names("[]").unwrap(), Some(vec![]));
        assert_eq!(names("null").unwrap(), None);
        assert!(names(r#""a""#).is_err());
    }

    #[test]
    fn null_is_told_from_absence() {
        assert_eq!(row(r#"{"tag": true}"#).tag, Some(Some(true)));
        assert_eq!(row(r#"{"tag": null}"#).tag, Some(None));
        assert_eq!(row("{}").tag, None);
    }
}
