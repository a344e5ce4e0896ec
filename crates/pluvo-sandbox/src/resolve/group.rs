//! Fields of `Group` and `SkillListItem`.

use super::{Call, Node, Resolver, connection, extra, flag, id, int, maybe_text, nodes, text};
use crate::data::groups::Group;
use crate::data::table::Record;

impl<'a> Call<'a> {
    fn group(&self) -> &'a Group {
        match self.node {
            Node::Group(i) => self.store.groups.get(*i),
            other => unreachable!("{other:?} is not a group"),
        }
    }
}

pub(super) fn field(ty: &str, name: &str) -> Option<Resolver> {
    if ty == "SkillListItem" {
        return super::training::named(name);
    }
    let resolver: Resolver = match name {
        "id" => |c| id(c.group().id),
        "name" => |c| text(&c.group().name),
        "ref" => |c| maybe_text(c.group().reference()),
        "maxUsers" => |c| int(c.group().max_users),
        "enableChat" => |c| flag(c.group().enable_chat),
        "isEditable" => |c| flag(c.group().is_editable),
        "users" => |c| {
            let people = &c.group().participants;
            connection::page(c, "users", people.len(), false, |i| Node::User(people[i]))
        },
        "managers" => |c| {
            let people = &c.group().managers;
            connection::page(c, "managers", people.len(), false, |i| Node::User(people[i]))
        },
        "trainings" => |c| nodes(c.group().trainings.iter().map(|&i| Node::TrainingItem(i, None))),
        "extraCategoryValues" => |c| nodes(extra::values(c.group().id, &c.group().extra)),
        "userCount" => |c| int(c.group().participants.len()),
        "managerCount" => |c| int(c.group().managers.len()),
        "permissions" => |c| {
            let editable = c.group().is_editable;
            text(format!(
                r#"{{"change": {editable}, "delete": {editable}, "view": true}}"#
            ))
        },
        "skills" => |c| {
            nodes(
                c.group()
                    .skills
                    .iter()
                    .map(|(id, title)| Node::Module(*id, title.clone())),
            )
        },
        _ => return None,
    };
    Some(resolver)
}
