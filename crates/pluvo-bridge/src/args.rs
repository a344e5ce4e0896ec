//! The arguments of a call: flat, by name, and taken one after the other.

use crate::error::WireError;
use crate::explain;
use pluvo_sdk::resources::Members;
use pluvo_sdk::{Key, UserKey};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// What a call was given. Each argument is taken by whoever knows it; what is left over in the end is a mistake.
pub(crate) struct Args {
    call: String,
    given: Map<String, Value>,
    /// Names that were asked for, to be told to whoever misspelt one.
    known: Vec<&'static str>,
}

type Result<T> = std::result::Result<T, WireError>;

impl Args {
    /// Null is as absent.
    pub(crate) fn new(call: &str, mut given: Map<String, Value>) -> Self {
        given.retain(|_, value| !value.is_null());
        Self {
            call: call.to_owned(),
            given,
            known: Vec::new(),
        }
    }

    pub(crate) fn call(&self) -> &str {
        &self.call
    }

    /// An argument that may be absent.
    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<Option<T>> {
        self.know(name);
        let Some(value) = self.given.remove(name) else {
            return Ok(None);
        };
        // As a member of an object, so that a complaint names it.
        let mut wrapped = Map::new();
        wrapped.insert(name.to_owned(), value);
        let mut read: std::collections::HashMap<String, T> = self.read(wrapped.into())?;
        Ok(read.remove(name))
    }

    /// An argument that has to be there.
    pub(crate) fn need<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T> {
        match self.take(name)? {
            Some(value) => Ok(value),
            None => Err(WireError::invalid(format!("{} needs {name}", self.call))),
        }
    }

    /// Whether people are to be mailed; nobody is unless this says so.
    pub(crate) fn notify(&mut self) -> Result<bool> {
        Ok(self.take("notify")?.unwrap_or(false))
    }

    /// The thing that the call is about: by the first given of `id` and `ref`.
    pub(crate) fn key(&mut self) -> Result<Key> {
        self.key_of("id", "ref")
    }

    /// The same under other names.
    pub(crate) fn key_of(&mut self, id: &'static str, reference: &'static str) -> Result<Key> {
        match self.first_of(&[id, reference])? {
            Some((name, value)) if name == id => Ok(Key::id(value)),
            Some((_, value)) => Ok(Key::reference(value)),
            None => Err(self.lacks(&format!("{id} or {reference}"))),
        }
    }

    /// The person that the call is about: by the first given of `id`, `ref` and `email`.
    pub(crate) fn user_key(&mut self) -> Result<UserKey> {
        match self.first_of(&["id", "ref", "email"])? {
            Some(("id", value)) => Ok(UserKey::id(value)),
            Some(("ref", value)) => Ok(UserKey::reference(value)),
            Some((_, value)) => Ok(UserKey::email(value)),
            None => Err(self.lacks("id, ref or email")),
        }
    }

    /// The same of who may be new, whom nobody finds by id.
    pub(crate) fn new_user_key(&mut self) -> Result<UserKey> {
        match self.first_of(&["ref", "email"])? {
            Some(("ref", value)) => Ok(UserKey::reference(value)),
            Some((_, value)) => Ok(UserKey::email(value)),
            None => Err(self.lacks("ref or email")),
        }
    }

    /// People, by `userIds` or `userRefs`.
    pub(crate) fn members(&mut self) -> Result<Members> {
        let (ids, refs): (Option<Vec<String>>, Option<Vec<String>>) =
            (self.take("userIds")?, self.take("userRefs")?);
        match (ids, refs) {
            (Some(ids), None) => Ok(Members::ids(ids)),
            (None, Some(refs)) => Ok(Members::refs(refs)),
            (Some(_), Some(_)) => Err(WireError::invalid(format!(
                "{} takes userIds or userRefs, not both",
                self.call
            ))),
            (None, None) => Err(self.lacks("userIds or userRefs")),
        }
    }

    /// All further arguments together: an input object, or the filters of a list.
    pub(crate) fn rest<T: DeserializeOwned>(&mut self) -> Result<T> {
        let fields = explain::fields_of::<T>();
        for name in fields {
            self.know(name);
        }
        self.refuse_others(fields)?;
        let given = Value::Object(std::mem::take(&mut self.given));
        self.read(given)
    }

    /// There are no further arguments.
    pub(crate) fn end(&self) -> Result<()> {
        self.refuse_others(&[])
    }

    fn first_of(&mut self, names: &[&'static str]) -> Result<Option<(&'static str, String)>> {
        for name in names {
            self.know(name);
        }
        let first = names.iter().find(|name| self.given.contains_key(**name));
        match first {
            Some(name) => Ok(self.take(name)?.map(|value| (*name, value))),
            None => Ok(None),
        }
    }

    fn know(&mut self, name: &'static str) {
        if !self.known.contains(&name) {
            self.known.push(name);
        }
    }

    fn refuse_others(&self, taken: &[&str]) -> Result<()> {
        let Some(name) = self.given.keys().find(|name| !taken.contains(&name.as_str())) else {
            return Ok(());
        };
        let (call, known) = (&self.call, self.known.join(", "));
        Err(WireError::invalid(if self.known.contains(&name.as_str()) {
            format!("{call} is given {name} and another that says the same; give one of them")
        } else if known.is_empty() {
            format!("{call} has no argument `{name}`; it takes none")
        } else {
            format!("{call} has no argument `{name}`; it takes {known}")
        }))
    }

    fn lacks(&self, what: &str) -> WireError {
        WireError::invalid(format!("{} needs {what}", self.call))
    }

    fn read<T: DeserializeOwned>(&self, value: Value) -> Result<T> {
        explain::read(value)
            .map_err(|wrong| WireError::invalid(wrong.sentence("argument", &format!(" of {}", self.call))))
    }
}
