//! People: creating, changing and archiving them.

use async_graphql::Error;
use uuid::Uuid;

use super::{Change, Mutation, bulk, flag, free_reference, invalid, not_blank, not_found, payload, rows};
use crate::data::Store;
use crate::data::edit::Membership;
use crate::data::member::Member;
use crate::data::people::User;
use crate::resolve::{Got, Input, Node, failure};

pub(super) fn mutation(name: &str) -> Option<Mutation> {
    let mutation: Mutation = match name {
        "createUser" => create,
        "updateUser" => update,
        "updateOrCreateUser" => update_or_create,
        "archiveUsers" => archive,
        _ => return None,
    };
    Some(mutation)
}

/// What is said about a person, checked as far as that can be done without knowing which.
struct Fields<'a> {
    name: Option<&'a str>,
    email: Option<&'a str>,
    reference: Option<&'a str>,
    roles: Option<Vec<Member>>,
    language: Option<Member>,
    archived: Option<bool>,
    image: Option<Uuid>,
    employee: Option<&'a str>,
    person: Option<&'a str>,
    join: [Vec<u32>; 2],
    leave: [Vec<u32>; 2],
}

const MEMBERSHIPS: [Membership; 2] = [Membership::Participant, Membership::Manager];

impl<'a> Fields<'a> {
    fn read(c: &Change<'_>, input: Input<'a>) -> Result<Self, Error> {
        let store = &*c.store;
        c.known_file(input.uuid("profileImage"))?;
        let archived = match (input.flag("archived"), input.flag("isActive")) {
            (Some(archived), Some(active)) if archived == active => {
                return Err(invalid(
                    "`archived` and `isActive` say the opposite of each other.",
                ));
            }
            (archived, active) => archived.or(active.map(|active| !active)),
        };
        let groups = |name| rows(&store.groups, input.uuids(name), "group");
        let fields = Self {
            name: input.str("name"),
            email: input.str("email"),
            reference: input.str("ref"),
            roles: input
                .strs("roles")
                .map(|roles| roles.into_iter().filter_map(Member::find).collect()),
            language: input.str("language").and_then(Member::find),
            archived,
            image: input.uuid("profileImage"),
            employee: input.str("afasEmployeeId"),
            person: input.str("afasPersonId"),
            join: [groups("addParticipantGroups")?, groups("addManagerGroups")?],
            leave: [groups("removeParticipantGroups")?, groups("removeManagerGroups")?],
        };
        not_blank("name", fields.name)?;
        match fields.email {
            Some(email) if !is_address(email) => {
                Err(invalid(format!("\"{email}\" is not an e-mail address.")))
            }
            _ => Ok(fields),
        }
    }

    /// Fails if somebody else has the ref or the address.
    fn unique(&self, store: &Store, own: Option<u32>) -> Result<(), Error> {
        free_reference(&store.users, self.reference, own)?;
        match self.email.and_then(|email| store.users.by_email(email)) {
            Some(other) if Some(other) != own => Err(failure(
                "ALREADY_EXISTS",
                "Another person has this e-mail address.",
            )),
            _ => Ok(()),
        }
    }

    /// Makes the change, which cannot fail any more.
    fn apply(self, store: &mut Store, i: u32, now: i64) {
        for (membership, (join, leave)) in MEMBERSHIPS.into_iter().zip(self.join.into_iter().zip(self.leave))
        {
            for group in leave {
                store.leave(group, i, membership);
            }
            for group in join {
                store.join(group, i, membership);
            }
        }
        store.update_user(i, |user| {
            if let Some(name) = self.name {
                user.name = name.into();
            }
            set(&mut user.email, self.email);
            set(&mut user.reference, self.reference);
            set(&mut user.employee, self.employee);
            set(&mut user.person, self.person);
            if let Some(roles) = self.roles {
                user.roles = roles;
            }
            user.language = self.language.unwrap_or(user.language);
            user.image = self.image.or(user.image);
            if let Some(archived) = self.archived {
                set_archived(user, archived, now);
            }
        });
    }

    /// Makes a person of it.
    fn create(self, store: &mut Store, now: i64) -> Result<u32, Error> {
        let (Some(name), Some(email)) = (self.name, self.email) else {
            return Err(invalid(
                "Nobody matches, and `name` and `email` have to be given to create somebody.",
            ));
        };
        self.unique(store, None)?;
        let id = store.new_id();
        let reference = match self.reference {
            Some(reference) => reference.to_owned(),
            None => store.new_id().to_string(),
        };
        let i = store.users.insert(User {
            id,
            name: name.into(),
            email: Some(email.into()),
            reference: Some(reference.into()),
            employee: None,
            person: None,
            roles: vec![Member("PARTICIPANT")],
            language: Member("NL"),
            archived_at: None,
            invited_on: None,
            last_login: None,
            has_password: false,
            image: None,
            extra: Vec::new(),
            participant_groups: Vec::new(),
            manager_groups: Vec::new(),
        });
        self.apply(store, i, now);
        Ok(i)
    }
}

fn set(field: &mut Option<Box<str>>, value: Option<&str>) {
    if let Some(value) = value {
        *field = Some(value.into());
    }
}

/// When somebody was archived stays as it was if they are archived again.
fn set_archived(user: &mut User, archived: bool, now: i64) {
    user.archived_at = archived.then(|| user.archived_at.unwrap_or(now));
}

fn is_address(text: &str) -> bool {
    let halves = text.rsplit_once('@');
    halves.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
        && !text.contains(char::is_whitespace)
}

fn invite(c: &mut Change<'_>, i: u32) {
    let now = c.now;
    c.store.users.get_mut(i).invited_on = Some(now);
    c.mail("invite", &[i]);
}

fn create(c: &mut Change<'_>) -> Result<Got, Error> {
    let fields = Fields::read(c, c.input("user")?)?;
    let i = fields.create(c.store, c.now)?;
    c.tell("USER_CREATED", &Node::User(i));
    if c.flag("sendInvite").unwrap_or(true) {
        invite(c, i);
    }
    Ok(payload([
        ("user", Got::Node(Node::User(i))),
        ("created", flag(true)),
    ]))
}

fn update(c: &mut Change<'_>) -> Result<Got, Error> {
    let i = c.one_of(&c.store.users)?.ok_or_else(|| not_found("person"))?;
    let fields = Fields::read(c, c.input("user")?)?;
    fields.unique(c.store, Some(i))?;
    fields.apply(c.store, i, c.now);
    c.tell("USER_UPDATED", &Node::User(i));
    Ok(payload([("user", Got::Node(Node::User(i)))]))
}

fn update_or_create(c: &mut Change<'_>) -> Result<Got, Error> {
    let (id, reference, email) = (c.uuid("id"), c.str("ref"), c.str("email"));
    if id.is_none() && reference.is_none() && email.is_none() {
        return Err(invalid("One of `id`, `ref` and `email` has to be given."));
    }
    let users = &c.store.users;
    let mut matches = [
        id.and_then(|id| users.by_id(id)),
        reference.and_then(|reference| users.by_reference(reference)),
        email.and_then(|email| users.by_email(email)),
    ]
    .into_iter()
    .flatten();
    let found = matches.next();
    if matches.any(|other| Some(other) != found) {
        return Err(invalid("`id`, `ref` and `email` name different people."));
    }
    let mut fields = Fields::read(c, c.input("user")?)?;
    if let Some(i) = found {
        fields.unique(c.store, Some(i))?;
        fields.apply(c.store, i, c.now);
        c.tell("USER_UPDATED", &Node::User(i));
        return Ok(payload([
            ("user", Got::Node(Node::User(i))),
            ("created", flag(false)),
        ]));
    }
    if id.is_some() {
        // Nobody can be created with an id of the caller's.
        return Err(not_found("person"));
    }
    if let Some(email) = email.filter(|_| fields.email.is_none()) {
        if !is_address(email) {
            return Err(invalid(format!("\"{email}\" is not an e-mail address.")));
        }
        fields.email = Some(email);
    }
    fields.reference = fields.reference.or(reference);
    let i = fields.create(c.store, c.now)?;
    c.tell("USER_CREATED", &Node::User(i));
    if c.flag("sendInvite").unwrap_or(true) {
        invite(c, i);
    }
    Ok(payload([
        ("user", Got::Node(Node::User(i))),
        ("created", flag(true)),
    ]))
}

fn archive(c: &mut Change<'_>) -> Result<Got, Error> {
    let archived = c.flag("archive").unwrap_or(true);
    let wanted = c.uuids("ids").unwrap_or_default();
    let response = bulk(
        c,
        &wanted,
        |store| &store.users,
        |c, i| {
            set_archived(c.store.users.get_mut(i), archived, c.now);
            c.tell("USER_UPDATED", &Node::User(i));
        },
    );
    Ok(payload([("response", response)]))
}
