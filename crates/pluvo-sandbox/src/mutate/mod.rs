//! How each mutation changes the data.
//!
//! A mutation checks everything before it changes anything, so an error leaves the data as it was. The fields of one
//! document are carried out one after the other; an error makes the field's own payload null, and the others go on.

#![allow(
    clippy::unnecessary_wraps,
    reason = "what cannot fail has the type of all mutations"
)]

mod categories;
mod enrollments;
mod extra;
mod files;
mod groups;
mod offers;
mod people;
mod portfolio;
mod trainings;
mod users;

use std::ops::Deref;
use std::sync::Arc;

use async_graphql::dynamic::{FieldFuture, ResolverContext};
use async_graphql::{Error, Value};
use serde_json::Map;
use uuid::Uuid;

use crate::clock::EPOCH;
use crate::data::Store;
use crate::data::table::{Record, Table};
use crate::http::Upload;
use crate::outbox::Mail;
use crate::resolve::{self, Got, Input, Node, World, failure};
use crate::state::Inner;
use crate::webhook;

/// Carries out one mutation.
pub(crate) type Mutation = fn(&mut Change<'_>) -> Result<Got, Error>;

/// One mutation to carry out.
pub(crate) struct Change<'a> {
    store: &'a mut Store,
    args: Input<'a>,
    /// The mutation's name.
    operation: &'a str,
    /// Seconds since 1970.
    now: i64,
    uploads: &'a [Upload],
    /// What is told of it if it succeeds.
    events: Vec<(&'static str, Map<String, serde_json::Value>)>,
    inner: &'a Inner,
}

impl<'a> Deref for Change<'a> {
    type Target = Input<'a>;

    fn deref(&self) -> &Input<'a> {
        &self.args
    }
}

impl<'a> Change<'a> {
    /// The input object of this name, which the schema demands.
    fn input(&self, name: &str) -> Result<Input<'a>, Error> {
        self.object(name)
            .ok_or_else(|| failure("INVALID", format!("`{name}` has to be given.")))
    }

    /// Fails if a file is named that was not uploaded.
    fn known_file(&self, id: Option<Uuid>) -> Result<(), Error> {
        match id {
            Some(id) if self.store.files.by_id(id).is_none() => Err(not_found("file")),
            _ => Ok(()),
        }
    }

    /// Tells subscribers of webhooks what happened to a record, as it is now.
    fn tell(&mut self, event: &'static str, of: &Node) {
        if self.inner.hooks.wanted(event) {
            self.events.push((event, webhook::payload::of(self.store, of)));
        }
    }

    /// Mails people who have an address.
    fn mail(&self, kind: &str, to: &[u32]) {
        let people = to.iter().map(|&i| self.store.users.get(i));
        let to: Vec<Uuid> = people
            .filter(|user| user.email.is_some())
            .map(|user| user.id)
            .collect();
        if !to.is_empty() {
            self.inner.outbox.add(Mail {
                kind: kind.to_owned(),
                to,
                operation: self.operation.to_owned(),
                at_ms: self.inner.now_ms(),
            });
        }
    }
}

/// The mutation of this name.
pub(crate) fn find(name: &str) -> Option<Mutation> {
    users::mutation(name)
        .or_else(|| groups::mutation(name))
        .or_else(|| trainings::mutation(name))
        .or_else(|| extra::mutation(name))
        .or_else(|| offers::mutation(name))
        .or_else(|| enrollments::mutation(name))
        .or_else(|| portfolio::mutation(name))
        .or_else(|| categories::mutation(name))
        .or_else(|| files::mutation(name))
}

/// Runs a mutation for the executor.
pub(crate) fn run<'a>(mutation: Mutation, nullable: bool, ctx: &ResolverContext<'a>) -> FieldFuture<'a> {
    let World { inner, uploads, .. } = ctx.data_unchecked::<World>();
    let got = inner.edit(|store| {
        let mut change = Change {
            store,
            args: Input(ctx.args.as_index_map()),
            operation: ctx.item.node.name.node.as_str(),
            now: EPOCH + i64::try_from(inner.now_ms() / 1000).unwrap_or(0),
            uploads,
            events: Vec::new(),
            inner,
        };
        let got = mutation(&mut change);
        if got.is_ok() {
            for (event, body) in change.events {
                inner.hooks.publish(event, body, &inner.clock);
            }
        }
        store.changed();
        got
    });
    resolve::finish(got, nullable, ctx)
}

/// A payload of these fields.
fn payload<const N: usize>(parts: [(&'static str, Got); N]) -> Got {
    Got::Node(Node::Payload(Arc::new(parts.into())))
}

fn flag(value: bool) -> Got {
    Got::Value(Value::Boolean(value))
}

fn ids(ids: impl IntoIterator<Item = Uuid>) -> Got {
    let ids = ids.into_iter().map(|id| Value::String(id.to_string()));
    Got::Value(Value::List(ids.collect()))
}

/// Does something with each of the records that ids name, and says for which it could be done.
fn bulk<T: Record>(
    c: &mut Change<'_>,
    wanted: &[Uuid],
    table: fn(&Store) -> &Table<T>,
    mut act: impl FnMut(&mut Change<'_>, u32),
) -> Got {
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for &id in wanted {
        match table(c.store).by_id(id) {
            Some(i) => {
                act(c, i);
                done.push(id);
            }
            None => failed.push(id),
        }
    }
    payload([("succeededIds", ids(done)), ("failedIds", ids(failed))])
}

fn not_found(what: &str) -> Error {
    failure("NOT_FOUND", format!("There is no such {what}."))
}

fn invalid(message: impl Into<String>) -> Error {
    failure("INVALID", message)
}

/// Fails if a ref is empty or another record than `own` has it.
fn free_reference<T: Record>(
    table: &Table<T>,
    reference: Option<&str>,
    own: Option<u32>,
) -> Result<(), Error> {
    let Some(reference) = reference else { return Ok(()) };
    if reference.is_empty() {
        return Err(invalid("`ref` must not be empty."));
    }
    match table.by_reference(reference) {
        Some(other) if Some(other) != own => Err(failure(
            "ALREADY_EXISTS",
            format!("Another record has the ref \"{reference}\"."),
        )),
        _ => Ok(()),
    }
}

/// Fails if a name or title is blank.
fn not_blank(name: &str, value: Option<&str>) -> Result<(), Error> {
    match value {
        Some(value) if value.trim().is_empty() => Err(invalid(format!("`{name}` must not be blank."))),
        _ => Ok(()),
    }
}

/// The rows that ids name; fails if one names none.
fn rows<T: Record>(table: &Table<T>, ids: Option<Vec<Uuid>>, what: &str) -> Result<Vec<u32>, Error> {
    let find = |id| table.by_id(id).ok_or_else(|| not_found(&format!("{what}: {id}")));
    ids.unwrap_or_default().into_iter().map(find).collect()
}
