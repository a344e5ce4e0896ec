//! Groups, their members and their managers.

use super::reply::{Call, ListCall, Reading};
use super::{no_call, no_list};
use crate::error::WireError;
use bytes::Bytes;

pub(super) async fn call(what: &str, mut call: Call) -> Result<Bytes, WireError> {
    let groups = call.client.groups();
    match what {
        "get" => {
            let key = call.args.key()?;
            call.get(groups.get(key)).await
        }
        "all" => call.listing(groups.all()).await,
        "create" => {
            let group = call.args.rest()?;
            call.object(groups.create(group)).await
        }
        "update" => {
            let key = call.args.key()?;
            let change = call.args.rest()?;
            call.object(groups.update(key, change)).await
        }
        "delete" => {
            let id: String = call.args.need("id")?;
            call.done(groups.delete(id)).await
        }
        "delete_many" => {
            let ids: Vec<String> = call.args.need("ids")?;
            call.bulk_result(groups.delete_many(ids)).await
        }
        "add_users" | "remove_users" | "add_managers" | "remove_managers" => {
            let (key, people) = (call.args.key()?, call.args.members()?);
            let write = match what {
                "add_users" => groups.add_users(key, people),
                "remove_users" => groups.remove_users(key, people),
                "add_managers" => groups.add_managers(key, people),
                _ => groups.remove_managers(key, people),
            };
            call.membership(write).await
        }
        _ => Err(no_call(call.args.call())),
    }
}

pub(super) fn list(what: &str, mut list: ListCall) -> Result<Reading, WireError> {
    let groups = list.client.groups();
    match what {
        "list" => list.filtered(groups.list()),
        "members" => {
            let key = list.args.key()?;
            list.open(groups.members(key))
        }
        "managers" => {
            let key = list.args.key()?;
            list.open(groups.managers(key))
        }
        _ => Err(no_list(list.args.call())),
    }
}
