//! How one thing is addressed.

use crate::model::Id;

/// A thing, by Pluvo's id or by one's own.
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

    /// For operations whose variables have one field for each form: id, ref and e-mail address.
    pub(super) fn split(self) -> (Option<Id>, Option<String>, Option<String>) {
        match self {
            Self::Id(id) => (Some(id), None, None),
            Self::Ref(reference) => (None, Some(reference), None),
            Self::Email(email) => (None, None, Some(email)),
        }
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
