//! Default fields that a server does not know.
//!
//! Much of the schema is pieced together, so a field of a default selection may not exist. The server says so when
//! it validates the document; the field is then left out for as long as the client lives.

use super::Field;
use crate::response::GraphqlError;
use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock};

#[derive(Debug, Default)]
pub(crate) struct Dropped(RwLock<BTreeSet<(String, String)>>);

impl Dropped {
    pub(crate) fn contains(&self, on: &str, name: &str) -> bool {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        // A lookup by borrowed pair would need owned strings; the set is empty or tiny.
        known.iter().any(|(type_, field)| type_ == on && field == name)
    }

    /// How many there are: grows with every lesson.
    pub(crate) fn len(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Learns from validation errors which fields of a default selection are unknown. True if they name one, new or
    /// not.
    pub(crate) fn learn(&self, errors: &[GraphqlError], selection: &[Field]) -> bool {
        let mut named = false;
        for error in errors {
            let Some((on, name)) =
                unknown_field(&error.message).filter(|(on, name)| selects(selection, on, name))
            else {
                continue;
            };
            named = true;
            let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
            if known.insert((on.to_owned(), name.to_owned())) {
                tracing::warn!(target: "pluvo_sdk::schema", r#type = on, field = name, "this server does not know a field that the SDK selects; going on without it");
            }
        }
        named
    }
}

fn selects(selection: &[Field], on: &str, name: &str) -> bool {
    selection
        .iter()
        .any(|field| (field.on == on && field.name == name) || selects(field.selection, on, name))
}

/// The type and the field that a validation error names. Servers word it alike:
/// `Cannot query field "x" on type "User".` (graphql-js, graphql-core), `Cannot query field 'x' on type 'User'.`
/// (graphene), `Unknown field "x" on type "User".` (async-graphql), `Field 'x' doesn't exist on type 'User'` (graphql-ruby).
fn unknown_field(message: &str) -> Option<(&str, &str)> {
    let lower = message.to_ascii_lowercase();
    if !lower.contains("field") || !lower.contains("on type") {
        return None;
    }
    let is_name =
        |word: &&str| !word.is_empty() && word.bytes().all(|b| b == b'_' || b.is_ascii_alphanumeric());
    let mut words = message.split(['"', '\'', '`']).filter(is_name);
    let (name, on) = (words.next()?, words.next()?);
    Some((on, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SELECTION: &[Field] = &[
        Field {
            on: "User",
            name: "archived",
            selection: &[],
        },
        Field {
            on: "User",
            name: "profileImage",
            selection: &[Field {
                on: "File",
                name: "url",
                selection: &[],
            }],
        },
    ];

    fn error(message: &str) -> GraphqlError {
        GraphqlError {
            message: message.into(),
            ..GraphqlError::default()
        }
    }

    #[test]
    fn every_wording_is_understood() {
        for message in [
            r#"Cannot query field "archived" on type "User". Did you mean "archivedAt"?"#,
            "Cannot query field 'archived' on type 'User'.",
            r#"Unknown field "archived" on type "User"."#,
            "Field 'archived' doesn't exist on type 'User'",
        ] {
            let dropped = Dropped::default();
            assert!(dropped.learn(&[error(message)], SELECTION), "{message}");
            assert!(dropped.contains("User", "archived"));
            assert!(dropped.learn(&[error(message)], SELECTION));
            assert_eq!(dropped.len(), 1, "a second time is nothing new");
        }
    }

    #[test]
    fn what_we_did_not_select_is_not_ours() {
        let dropped = Dropped::default();
        assert!(!dropped.learn(
            &[error(r#"Cannot query field "secret" on type "User"."#)],
            SELECTION
        ));
        assert!(!dropped.learn(
            &[error("Unknown argument \"x\" on field \"y\" of type \"Query\".")],
            SELECTION
        ));
        assert!(dropped.learn(&[error(r#"Cannot query field "url" on type "File"."#)], SELECTION));
    }
}
