//! People.

use super::reply::{Call, ListCall, Reading};
use super::{no_bulk, no_call, no_list};
use crate::bulk::{Bulk, BulkCall};
use crate::error::WireError;
use bytes::Bytes;
use pluvo_sdk::bulk::UpsertKey;
use pluvo_sdk::model::UpdateUserInput;
use pluvo_sdk::{Key, UserKey};
use serde::Deserialize;

pub(super) async fn call(what: &str, mut call: Call) -> Result<Bytes, WireError> {
    let users = call.client.users();
    match what {
        "get" => {
            let key = call.args.user_key()?;
            call.get(users.get(key)).await
        }
        "all" => call.listing(users.all()).await,
        "create" => {
            let notify = call.args.notify()?;
            let user = call.args.rest()?;
            call.object(users.create(user).notify(notify)).await
        }
        "update" => {
            let key = call.args.key()?;
            let change = call.args.rest()?;
            call.object(users.update(key, change)).await
        }
        "upsert" => {
            let (key, notify) = (call.args.new_user_key()?, call.args.notify()?);
            let user = call.args.rest()?;
            call.upserted(users.upsert(key, user).notify(notify)).await
        }
        "set_archived" => {
            let (key, archived) = (call.args.key()?, call.args.need("archived")?);
            call.object(users.set_archived(key, archived)).await
        }
        "archive" => {
            let (ids, archive): (Vec<String>, bool) = (call.args.need("ids")?, call.args.need("archive")?);
            call.bulk_result(users.archive(ids, archive)).await
        }
        _ => Err(no_call(call.args.call())),
    }
}

pub(super) fn list(what: &str, list: ListCall) -> Result<Reading, WireError> {
    let users = list.client.users();
    match what {
        "list" => list.filtered(users.list()),
        _ => Err(no_list(list.args.call())),
    }
}

pub(super) fn bulk(what: &str, mut call: BulkCall) -> Result<Bulk, WireError> {
    let users = call.client.users();
    match what {
        "upsert_many" => {
            let key = call
                .args
                .take::<By>("key")?
                .map_or(UpsertKey::Ref, UpsertKey::from);
            let notify = call.args.notify()?;
            let rows = call.rows(|row: UpdateUserInput| Ok(row), UpdateUserInput::default);
            call.begin(users.upsert_stream(rows, key).notify(notify))
        }
        "archive_many" => {
            let archived = call.args.take("archived")?.unwrap_or(true);
            // Nobody is found by e-mail address there, so a row that cannot be read is not sent.
            let rows = call.rows(One::key, || UserKey::email(""));
            call.begin(users.archive_stream(rows, archived))
        }
        _ => Err(no_bulk(call.args.call())),
    }
}

/// By which field a row finds its person.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum By {
    Ref,
    Email,
}

impl From<By> for UpsertKey {
    fn from(by: By) -> Self {
        match by {
            By::Ref => Self::Ref,
            By::Email => Self::Email,
        }
    }
}

/// A person among others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    id: Option<String>,
    r#ref: Option<String>,
}

impl One {
    fn key(self) -> Result<UserKey, WireError> {
        match (self.id, self.r#ref) {
            (Some(id), _) => Ok(Key::id(id).into()),
            (None, Some(reference)) => Ok(Key::reference(reference).into()),
            (None, None) => Err(WireError::invalid("it has neither id nor ref")),
        }
    }
}
