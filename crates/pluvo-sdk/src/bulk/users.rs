//! Writing many people.

use super::batch::Job;
use super::seen::Seen;
use super::{Bulk, Outcome, Prepared, unusable};
use crate::error::{Error, ErrorKind, Result};
use crate::literal::to_literal;
use crate::model::{Id, UpdateUserInput};
use crate::operation::generated::{UPDATE_OR_CREATE_USER, UPDATE_USER};
use crate::resources::{UserKey, Users};
use futures::stream::{self, Stream, StreamExt};
use serde::Deserialize;

/// By which field a row finds its person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpsertKey {
    /// The caller's own id. Safer, once everybody has one.
    Ref,
    /// The e-mail address. Whoever's address changed is created a second time.
    Email,
}

pub(crate) static UPSERT: Job = Job {
    name: "UpsertUsers",
    operation: &UPDATE_OR_CREATE_USER,
    selection: "user{id}created",
    read: read_user,
};

/// `updateUser`, which cannot create anybody.
pub(crate) static UPDATE: Job = Job {
    name: "UpdateUsers",
    operation: &UPDATE_USER,
    selection: "user{id}",
    read: read_user,
};

impl Users {
    /// Updates people, and creates those who are not there yet.
    ///
    /// Nobody is mailed unless [`Bulk::notify`] says so. A row without its key, or with a key that came before, is
    /// not sent; its outcome says why.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) {
    /// use pluvo_sdk::bulk::UpsertKey;
    /// use pluvo_sdk::model::UpdateUserInput;
    ///
    /// let rows = (1..=1000).map(|n| UpdateUserInput {
    ///     r#ref: Some(format!("EMP-{n}")),
    ///     name: Some(format!("Person {n}")),
    ///     email: Some(format!("person{n}@example.com")),
    ///     ..UpdateUserInput::default()
    /// });
    /// let report = client.users().upsert_many(rows, UpsertKey::Ref).run().await;
    /// println!("{} created, {} failed", report.totals.created, report.totals.failed);
    /// # }
    /// ```
    pub fn upsert_many<I>(&self, rows: I, key: UpsertKey) -> Bulk
    where
        I: IntoIterator<Item = UpdateUserInput>,
        I::IntoIter: Send + 'static,
    {
        self.upsert_stream(stream::iter(rows), key)
    }

    /// As [`Users::upsert_many`], from rows that arrive by and by.
    pub fn upsert_stream(
        &self,
        rows: impl Stream<Item = UpdateUserInput> + Send + 'static,
        key: UpsertKey,
    ) -> Bulk {
        let mut seen = Seen::default();
        let rows = rows.map(move |row| upsert_arguments(&row, key, &mut seen));
        Bulk::new(self.client.clone(), &UPSERT, rows)
    }

    /// Archives or re-activates people. Goes through `updateUser`, which cannot create anybody.
    pub fn archive_many<I, K>(&self, people: I, archived: bool) -> Bulk
    where
        I: IntoIterator<Item = K>,
        I::IntoIter: Send + 'static,
        K: Into<UserKey>,
    {
        self.archive_stream(stream::iter(people), archived)
    }

    /// As [`Users::archive_many`], of people who arrive by and by.
    pub fn archive_stream<K: Into<UserKey>>(
        &self,
        people: impl Stream<Item = K> + Send + 'static,
        archived: bool,
    ) -> Bulk {
        let rows = people.map(move |key| {
            let selector = match key.into() {
                UserKey::Id(id) => format!("id:{}", to_literal(&id)?),
                UserKey::Ref(reference) => format!("ref:{}", to_literal(&reference)?),
                UserKey::Email(_) => {
                    return Err(unusable(
                        "updateUser finds people by id or ref, not by e-mail address",
                    ));
                }
            };
            Ok(format!("{selector},user:{{archived:{archived}}}"))
        });
        Bulk::new(self.client.clone(), &UPDATE, rows)
    }
}

fn upsert_arguments(row: &UpdateUserInput, key: UpsertKey, seen: &mut Seen) -> Prepared {
    let (name, value) = match key {
        UpsertKey::Ref => ("ref", &row.r#ref),
        UpsertKey::Email => ("email", &row.email),
    };
    let value = value.as_deref().filter(|value| !value.trim().is_empty());
    let place = seen.next_row();
    let value = value.ok_or_else(|| unusable(format!("it has no {name}, by which its person is found")))?;
    // E-mail addresses and refs that differ in case alone are told apart by nobody's eye.
    if let Some(before) = seen.insert(&value.to_lowercase(), place) {
        let text = format!("the row cannot be sent: row {before} has the same {name}");
        return Err(Error::new(ErrorKind::Conflict, text));
    }
    Ok(format!("{name}:{},user:{}", to_literal(value)?, to_literal(row)?))
}

fn read_user(payload: &str) -> Result<Outcome> {
    #[derive(Deserialize)]
    struct Payload {
        user: Option<Only>,
        #[serde(default)]
        created: Option<bool>,
    }
    #[derive(Deserialize)]
    struct Only {
        id: Id,
    }
    let payload: Payload = serde_json::from_str(payload)
        .map_err(|cause| Error::new(ErrorKind::Decode, crate::redact::quoted(&cause.to_string())))?;
    let user = payload
        .user
        .ok_or_else(|| Error::new(ErrorKind::NotFound, "there is no such person"))?;
    Ok(if payload.created == Some(true) {
        Outcome::Created(user.id)
    } else {
        Outcome::Updated(user.id)
    })
}
