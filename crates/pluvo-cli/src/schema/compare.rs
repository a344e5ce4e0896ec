//! What the server's schema and the known one have and lack.

use super::{Member, Standing, Types};
use serde::Serialize;
use std::collections::BTreeMap;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Difference {
    pub(crate) what: What,
    /// Such as `User`, `User.name`, `Query.user(email)` or `Role.PLANNER`.
    pub(crate) name: String,
    /// How well it is known, where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) standing: Option<Standing>,
    /// The type that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) known: Option<String>,
    /// The server's type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) server: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    /// Known, and the server lacks it.
    Lacking,
    /// Both have it, with another type.
    Other,
    /// The server has it, and it is not known.
    New,
}

impl What {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Lacking => "server lacks",
            Self::Other => "other type",
            Self::New => "server adds",
        }
    }
}

/// All differences: first what the server lacks, then other types, then what is new.
pub(crate) fn compare(known: &Types, server: &Types) -> Vec<Difference> {
    let mut found = Vec::new();
    for (name, ty) in known {
        match server.get(name) {
            Some(other) => members(&mut found, name, &ty.members, &other.members),
            // A type whose name is a guess may be there under another one.
            None if ty.name_guessed => {}
            None => found.push(lacking(name.clone(), ty.standing)),
        }
    }
    for name in server.keys().filter(|name| !known.contains_key(*name)) {
        found.push(new(name.clone(), None));
    }
    found.sort();
    found
}

fn members(
    found: &mut Vec<Difference>,
    on: &str,
    known: &BTreeMap<String, Member>,
    server: &BTreeMap<String, Member>,
) {
    for (name, member) in known {
        let full = format!("{on}.{name}");
        let Some(other) = server.get(name) else {
            found.push(lacking(full, member.standing));
            continue;
        };
        types(found, full.clone(), member, other);
        for (argument, expected) in &member.arguments {
            let full = format!("{full}({argument})");
            match other.arguments.get(argument) {
                Some(there) => types(found, full, expected, there),
                None => found.push(lacking(full, expected.standing)),
            }
        }
        for (argument, there) in &other.arguments {
            if !member.arguments.contains_key(argument) {
                found.push(new(format!("{full}({argument})"), there.ty.clone()));
            }
        }
    }
    for (name, there) in server.iter().filter(|(name, _)| !known.contains_key(*name)) {
        found.push(new(format!("{on}.{name}"), there.ty.clone()));
    }
}

/// Whether a value may be null is not compared: reading allows for it everywhere.
fn types(found: &mut Vec<Difference>, name: String, known: &Member, server: &Member) {
    let bare = |member: &Member| member.ty.as_deref().map(|ty| ty.replace('!', ""));
    if bare(known) != bare(server) {
        found.push(Difference {
            what: What::Other,
            name,
            standing: Some(known.standing),
            known: known.ty.clone(),
            server: server.ty.clone(),
        });
    }
}

fn lacking(name: String, standing: Standing) -> Difference {
    Difference {
        what: What::Lacking,
        name,
        standing: Some(standing),
        known: None,
        server: None,
    }
}

fn new(name: String, server: Option<String>) -> Difference {
    Difference {
        what: What::New,
        name,
        standing: None,
        known: None,
        server,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sdl::read;
    use super::*;

    #[test]
    fn every_kind_of_difference_is_found_once() {
        let known = read(
            "type User @known(standing: USED) { id: ID! age: Int old: Int @known(standing: OLD) f(a: Int, b: Int): Int }
             enum Role @known(standing: DEFINED) { A B }
             type Gone @known(standing: DEFINED) { x: Int }
             input Guess @known(standing: USED) @inferred(parts: [NAME]) { x: Int }",
        );
        let server = read(
            "type User @known(standing: USED) { id: ID age: String f(a: Int, c: Int!): Int more: [Int!]! }
             enum Role @known(standing: USED) { A C }
             type Extra @known(standing: USED) { x: Int }",
        );
        let told: Vec<_> = compare(&known, &server)
            .into_iter()
            .map(|found| {
                format!(
                    "{} {} {:?} {:?}",
                    found.what.as_str(),
                    found.name,
                    found.standing,
                    found.server
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                "server lacks Gone Some(Defined) None",
                "server lacks Role.B Some(Defined) None",
                "server lacks User.f(b) Some(Used) None",
                "server lacks User.old Some(Old) None",
                "other type User.age Some(Used) Some(\"String\")",
                "server adds Extra None None",
                "server adds Role.C None None",
                "server adds User.f(c) None Some(\"Int!\")",
                "server adds User.more None Some(\"[Int!]!\")",
            ]
        );
    }
}
