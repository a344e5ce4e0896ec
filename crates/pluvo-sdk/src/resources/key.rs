//! How one thing is addressed.

use crate::model::Id;
use serde_json::{Map, Value};

/// A group or a training, by Pluvo's id or by one's own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Key {
    /// Pluvo's id.
    Id(Id),
    /// One's own id, unique among things of a kind.
    Ref(String),
}

/// A person, by Pluvo's id, by one's own, or by e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UserKey {
    /// Pluvo's id.
    Id(Id),
    /// One's own id, such as an employee number.
    Ref(String),
    /// The e-mail address, unique in an organisation.
    Email(String),
}

impl Key {
    /// By Pluvo's id.
    pub fn id(id: impl Into<Id>) -> Self {
        Self::Id(id.into())
    }

    /// By one's own id.
    pub fn reference(reference: impl Into<String>) -> Self {
        Self::Ref(reference.into())
    }

    pub(super) fn arguments(self) -> Map<String, Value> {
        argument(match self {
            Self::Id(id) => ("id", id.to_string()),
            Self::Ref(reference) => ("ref", reference),
        })
    }

    /// For operations whose variables have one field for each form.
    pub(super) fn split(self) -> (Option<Id>, Option<String>) {
        match self {
            Self::Id(id) => (Some(id), None),
            Self::Ref(reference) => (None, Some(reference)),
        }
    }
}

impl UserKey {
    /// By Pluvo's id.
    pub fn id(id: impl Into<Id>) -> Self {
        Self::Id(id.into())
    }

    /// By one's own id.
    pub fn reference(reference: impl Into<String>) -> Self {
        Self::Ref(reference.into())
    }

    /// By e-mail address.
    pub fn email(email: impl Into<String>) -> Self {
        Self::Email(email.into())
    }

    pub(super) fn arguments(self) -> Map<String, Value> {
        argument(match self {
            Self::Id(id) => ("id", id.to_string()),
            Self::Ref(reference) => ("ref", reference),
            Self::Email(email) => ("email", email),
        })
    }
}

impl From<Key> for UserKey {
    fn from(key: Key) -> Self {
        match key {
            Key::Id(id) => Self::Id(id),
            Key::Ref(reference) => Self::Ref(reference),
        }
    }
}

fn argument((name, value): (&str, String)) -> Map<String, Value> {
    Map::from_iter([(name.to_owned(), Value::String(value))])
}
