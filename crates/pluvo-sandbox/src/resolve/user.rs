//! Fields of `User` and `File`.

use super::{
    Call, Got, Node, Resolver, extra, flag, id, int, maybe_moment, maybe_node, maybe_text, member, members,
    nodes, text,
};
use crate::data::people::User;
use crate::data::table::Record;

impl<'a> Call<'a> {
    pub(super) fn user(&self) -> &'a User {
        match self.node {
            Node::User(i) => self.store.users.get(*i),
            other => unreachable!("{other:?} is not a user"),
        }
    }
}

pub(super) fn field(name: &str) -> Option<Resolver> {
    let resolver: Resolver = match name {
        "id" | "modelId" => |c| id(c.user().id),
        "name" => |c| text(&*c.user().name),
        "email" => |c| maybe_text(c.user().email()),
        "ref" => |c| maybe_text(c.user().reference()),
        "archived" => |c| flag(c.user().archived_at.is_some()),
        "archivedAt" => |c| maybe_moment(c.user().archived_at),
        "isActive" => |c| flag(c.user().archived_at.is_none()),
        "roles" => |c| members(&c.user().roles),
        "language" => |c| member(&c.user().language),
        "profileImage" => |c| maybe_node(c.user().image.map(Node::File)),
        "extraFields" | "extraFieldsProfile" => |c| text(extra::as_json(c, &c.user().extra)),
        "extraCategoryValues" => |c| nodes(extra::values(c.user().id, &c.user().extra)),
        "hasPassword" => |c| flag(c.user().has_password),
        "afasEmployeeId" => |c| maybe_text(c.user().employee.as_deref()),
        "afasPersonId" => |c| maybe_text(c.user().person.as_deref()),
        "afasContactId" | "afasConnectionId" | "userVia" => |_| Ok(Got::Nothing),
        "participantGroups" => |c| nodes(c.user().participant_groups.iter().map(|&i| Node::Group(i))),
        "managerGroups" => |c| nodes(c.user().manager_groups.iter().map(|&i| Node::Group(i))),
        "groupCount" => |c| int(c.user().participant_groups.len()),
        "invitedOn" => |c| maybe_moment(c.user().invited_on),
        "lastLogin" => |c| maybe_moment(c.user().last_login),
        _ => return None,
    };
    Some(resolver)
}

pub(super) fn file(name: &str) -> Option<Resolver> {
    let resolver: Resolver = match name {
        "id" => |c| match c.node {
            Node::File(file) => id(*file),
            _ => Ok(Got::Nothing),
        },
        "url" => |c| match c.node {
            Node::File(file) => match c.store.files.by_id(*file).map(|i| c.store.files.get(i)) {
                Some(stored) if stored.content.is_some() => text(crate::storage::url(c.url, *file)),
                Some(_) => Ok(Got::Nothing),
                None => text(format!("https://files.example.com/{file}.png")),
            },
            _ => Ok(Got::Nothing),
        },
        _ => return None,
    };
    Some(resolver)
}
