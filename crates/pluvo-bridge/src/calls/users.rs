//! People.

use super::reply::{Call, ListCall, Reading};
use super::{no_call, no_list};
use crate::error::WireError;
use bytes::Bytes;

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
            let (key, notify) = (call.args.user_key()?, call.args.notify()?);
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
