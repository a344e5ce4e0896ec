//! Trainings, and who is in them.

use super::reply::{Call, ListCall, Reading};
use super::{no_call, no_list};
use crate::error::WireError;
use bytes::Bytes;
use pluvo_sdk::model::TrainingRole;

pub(super) async fn call(what: &str, mut call: Call) -> Result<Bytes, WireError> {
    let trainings = call.client.trainings();
    match what {
        "get" => {
            let key = call.args.key()?;
            call.get(trainings.get(key)).await
        }
        "all" => call.listing(trainings.all()).await,
        "create" => {
            let training = call.args.rest()?;
            call.object(trainings.create(training)).await
        }
        "update" => {
            let key = call.args.key()?;
            let change = call.args.rest()?;
            call.object(trainings.update(key, change)).await
        }
        "add_users" => {
            let (key, people) = (call.args.key()?, call.args.members()?);
            let (role, notify) = (call.args.take("role")?, call.args.notify()?);
            let write = trainings.add_users(key, people, role.unwrap_or(TrainingRole::Participant));
            call.membership(write.notify(notify)).await
        }
        "remove_users" => {
            let (key, people) = (call.args.key()?, call.args.members()?);
            call.membership(trainings.remove_users(key, people)).await
        }
        _ => Err(no_call(call.args.call())),
    }
}

pub(super) fn list(what: &str, mut list: ListCall) -> Result<Reading, WireError> {
    let trainings = list.client.trainings();
    match what {
        "list" => list.filtered(trainings.list()),
        "participants" => {
            let (key, q) = (list.args.key()?, list.args.take::<String>("q")?);
            let people = trainings.participants(key);
            list.open(match q {
                Some(text) => people.q(text),
                None => people,
            })
        }
        "trainers" => {
            let (key, q) = (list.args.key()?, list.args.take::<String>("q")?);
            let people = trainings.trainers(key);
            list.open(match q {
                Some(text) => people.q(text),
                None => people,
            })
        }
        _ => Err(no_list(list.args.call())),
    }
}
