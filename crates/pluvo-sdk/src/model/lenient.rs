//! Reading what a server may send although its schema says otherwise.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};

/// Reads a list, leaving out null elements, or a null.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct List<T>(PhantomData<T>);

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

    deserializer.deserialize_option(List(PhantomData))
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

    #[derive(Debug, Deserialize, PartialEq)]
    struct Row {
        #[serde(default, deserialize_with = "super::list")]
        names: Option<Vec<String>>,
        #[serde(default, deserialize_with = "super::present")]
        #[expect(clippy::option_option, reason = "what is tested")]
        tag: Option<Option<bool>>,
    }

    fn row(json: &str) -> Row {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn null_elements_are_left_out() {
        assert_eq!(
            row(r#"{"names": ["a", null, "b"]}"#).names,
            Some(vec!["a".to_owned(), "b".to_owned()])
        );
        assert_eq!(row(r#"{"names": []}"#).names, Some(vec![]));
        assert_eq!(row(r#"{"names": null}"#).names, None);
        assert_eq!(row("{}").names, None);
        assert!(serde_json::from_str::<Row>(r#"{"names": "a"}"#).is_err());
    }

    #[test]
    fn null_is_told_from_absence() {
        assert_eq!(row(r#"{"tag": true}"#).tag, Some(Some(true)));
        assert_eq!(row(r#"{"tag": null}"#).tag, Some(None));
        assert_eq!(row("{}").tag, None);
    }
}
