//! Groups, their members and their managers.

use async_graphql::Error;
use uuid::Uuid;

use super::people::{People, by_id_or_ref, named};
use super::{Change, Mutation, bulk, flag, free_reference, ids, invalid, not_blank, not_found, payload};
use crate::data::edit::{Membership, Slow};
use crate::data::groups::Group;
use crate::resolve::{Got, Input, Node};

pub(super) fn mutation(name: &str) -> Option<Mutation> {
    let mutation: Mutation = match name {
        "createGroup" => create,
        "updateGroup" => update,
        "deleteGroup" => delete,
        "deleteGroups" => delete_many,
        "addUsersToGroup" => |c| members(c, true, ADDED),
        "removeUsersFromGroup" => |c| members(c, false, REMOVED),
        "addManagersToGroup" => |c| managers(c, true),
        "removeManagersFromGroup" => |c| managers(c, false),
        _ => return None,
    };
    Some(mutation)
}

/// The names of a result: done, and already so.
pub(super) type Names = [[&'static str; 2]; 2];
pub(super) const ADDED: Names = [["addedIds", "addedRefs"], ["alreadyAddedIds", "alreadyAddedRefs"]];
pub(super) const REMOVED: Names = [
    ["removedIds", "removedRefs"],
    ["alreadyRemovedIds", "alreadyRemovedRefs"],
];

fn check(c: &Change<'_>, input: Input<'_>, own: Option<u32>) -> Result<(), Error> {
    not_blank("name", input.str("name"))?;
    if input.int("maxUsers").is_some_and(|most| most < 0) {
        return Err(invalid("`maxUsers` must not be negative."));
    }
    free_reference(&c.store.groups, input.str("ref"), own)
}

fn apply(group: &mut Group, input: Input<'_>) {
    if let Some(name) = input.str("name") {
        name.clone_into(&mut group.name);
    }
    if let Some(reference) = input.str("ref") {
        group.reference = Some(reference.to_owned());
    }
    if let Some(most) = input.int("maxUsers") {
        group.max_users = i32::try_from(most).unwrap_or(i32::MAX);
    }
    group.enable_chat = input.flag("enableChat").unwrap_or(group.enable_chat);
    group.is_editable = input.flag("isEditable").unwrap_or(group.is_editable);
}

fn create(c: &mut Change<'_>) -> Result<Got, Error> {
    let input = c.input("group")?;
    check(c, input, None)?;
    let mut group = Group {
        id: c.store.new_id(),
        reference: Some(c.store.new_id().to_string()),
        name: String::new(),
        max_users: 1_000_000,
        enable_chat: false,
        is_editable: true,
        participants: Vec::new(),
        managers: Vec::new(),
        trainings: Vec::new(),
        skills: Vec::new(),
        extra: Vec::new(),
    };
    apply(&mut group, input);
    let i = c.store.groups.insert(group);
    c.tell("GROUP_CREATED", &Node::Group(i));
    Ok(payload([("group", Got::Node(Node::Group(i)))]))
}

fn update(c: &mut Change<'_>) -> Result<Got, Error> {
    let i = c.one_of(&c.store.groups)?.ok_or_else(|| not_found("group"))?;
    let input = c.input("group")?;
    check(c, input, Some(i))?;
    c.store.groups.update(i, |group| apply(group, input));
    c.tell("GROUP_UPDATED", &Node::Group(i));
    Ok(payload([("group", Got::Node(Node::Group(i)))]))
}

fn delete(c: &mut Change<'_>) -> Result<Got, Error> {
    let i = c.one_of(&c.store.groups)?.ok_or_else(|| not_found("group"))?;
    c.tell("GROUP_DELETED", &Node::Group(i));
    c.store.delete_group(i);
    Ok(payload([("ok", flag(true))]))
}

fn delete_many(c: &mut Change<'_>) -> Result<Got, Error> {
    let wanted = c.uuids("ids").unwrap_or_default();
    let done = bulk(
        c,
        &wanted,
        |store| &store.groups,
        |c, i| {
            c.tell("GROUP_DELETED", &Node::Group(i));
            c.store.delete_group(i);
        },
    );
    Ok(payload([("bulkDelete", done)]))
}

fn members(c: &mut Change<'_>, join: bool, names: Names) -> Result<Got, Error> {
    let group = by_id_or_ref(&c.store.groups, c.args, "groupId", "groupRef", "group")?;
    let people = People::of(c)?;
    let (mut done, mut already) = (Vec::new(), Vec::new());
    for &i in &people.found {
        let is_in = c.store.users.get(i).participant_groups.contains(&group);
        if is_in == join || done.contains(&i) {
            already.push(i);
        } else {
            done.push(i);
        }
    }
    let slow = c.inner.settings().slow_membership;
    let change = Slow {
        due_ms: c.inner.now_ms() + u64::try_from(slow.as_millis()).unwrap_or(u64::MAX),
        group,
        users: done.clone(),
        join,
    };
    if slow.is_zero() {
        c.store.carry_out(&change);
    } else if !done.is_empty() {
        c.store.slow.push(change);
    }
    let [one, two] = named(c.store, names[0], &done);
    let [three, four] = named(c.store, names[1], &already);
    let [five, six] = people.failed();
    Ok(payload([one, two, three, four, five, six]))
}

/// Repeats succeed: the documentation does not say what else they could do.
fn managers(c: &mut Change<'_>, join: bool) -> Result<Got, Error> {
    let group = by_id_or_ref(&c.store.groups, c.args, "groupId", "groupRef", "group")?;
    let people = People::of(c)?.known_by_ref()?;
    for &i in &people.found {
        if join {
            c.store.join(group, i, Membership::Manager);
        } else {
            c.store.leave(group, i, Membership::Manager);
        }
    }
    let done: Vec<Uuid> = people.found.iter().map(|&i| c.store.users.get(i).id).collect();
    let response = payload([
        ("succeededIds", ids(done)),
        ("failedIds", ids(people.unknown_ids)),
    ]);
    Ok(payload([("response", response)]))
}
