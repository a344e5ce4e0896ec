//! The people and the group or training that a membership mutation names, and what became of each.

use async_graphql::Error;
use uuid::Uuid;

use super::{Change, ids, invalid, not_found};
use crate::data::Store;
use crate::data::table::{Record, Table};
use crate::resolve::{Got, Input};

/// The people that `userIds` and `userRefs` name, each once for each time that they are named.
pub(super) struct People {
    pub(super) found: Vec<u32>,
    pub(super) unknown_ids: Vec<Uuid>,
    pub(super) unknown_refs: Vec<String>,
}

impl People {
    pub(super) fn of(c: &Change<'_>) -> Result<Self, Error> {
        let (by_id, by_reference) = (c.uuids("userIds"), c.strs("userRefs"));
        if by_id.is_none() && by_reference.is_none() {
            return Err(invalid("`userIds` or `userRefs` has to be given."));
        }
        let mut people = Self {
            found: Vec::new(),
            unknown_ids: Vec::new(),
            unknown_refs: Vec::new(),
        };
        for id in by_id.unwrap_or_default() {
            match c.store.users.by_id(id) {
                Some(i) => people.found.push(i),
                None => people.unknown_ids.push(id),
            }
        }
        for reference in by_reference.unwrap_or_default() {
            match c.store.users.by_reference(reference) {
                Some(i) => people.found.push(i),
                None => people.unknown_refs.push(reference.to_owned()),
            }
        }
        Ok(people)
    }

    /// Fails if somebody is unknown by ref: a result of ids alone could not say so.
    pub(super) fn known_by_ref(self) -> Result<Self, Error> {
        match self.unknown_refs.first() {
            Some(reference) => Err(not_found(&format!("person: {reference}"))),
            None => Ok(self),
        }
    }

    /// Those who are unknown, under the names of a result.
    pub(super) fn failed(&self) -> [(&'static str, Got); 2] {
        [
            ("failedIds", ids(self.unknown_ids.iter().copied())),
            ("failedRefs", texts(&self.unknown_refs)),
        ]
    }
}

/// People under the names of a result: all of their ids, and the refs of those who have one.
pub(super) fn named(store: &Store, names: [&'static str; 2], people: &[u32]) -> [(&'static str, Got); 2] {
    let users = people.iter().map(|&i| store.users.get(i));
    let references: Vec<&str> = users.clone().filter_map(Record::reference).collect();
    [
        (names[0], ids(users.map(|user| user.id))),
        (names[1], texts(&references)),
    ]
}

fn texts<T: AsRef<str>>(texts: &[T]) -> Got {
    let texts = texts.iter().map(|text| text.as_ref().into());
    Got::Value(async_graphql::Value::List(texts.collect()))
}

/// The row that an id or a ref names.
pub(super) fn by_id_or_ref<T: Record>(
    table: &Table<T>,
    input: Input<'_>,
    id: &str,
    reference: &str,
    what: &str,
) -> Result<u32, Error> {
    let by_id = input.uuid(id).map(|id| table.by_id(id));
    let by_reference = input
        .str(reference)
        .map(|reference| table.by_reference(reference));
    match (by_id, by_reference) {
        (None, None) => Err(invalid(format!("`{id}` or `{reference}` has to be given."))),
        (Some(one), Some(other)) if one != other => Err(not_found(what)),
        (one, other) => one.or(other).flatten().ok_or_else(|| not_found(what)),
    }
}
