//! The schema that is known, as far as the command needs it: types of fields, and how well each is known.

mod compare;
mod sdl;
mod server;

pub(crate) use compare::{Difference, What, compare};
pub(crate) use server::introspect;

use pluvo_sandbox::SDL;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Named types.
pub(crate) type Types = BTreeMap<String, Type>;

/// A type: the fields of an object or input, or the members of an enum or union.
#[derive(Debug, Default)]
pub(crate) struct Type {
    pub(crate) standing: Standing,
    /// The name is a guess: the server may well call it otherwise.
    pub(crate) name_guessed: bool,
    pub(crate) members: BTreeMap<String, Member>,
}

/// A field, an input field, or a member of an enum or union.
#[derive(Debug, Default)]
pub(crate) struct Member {
    pub(crate) standing: Standing,
    /// Such as `[Role!]!`; none for members of enums and unions.
    pub(crate) ty: Option<String>,
    /// The arguments of a field, with their types.
    pub(crate) arguments: BTreeMap<String, Member>,
}

/// How well a definition is known, best first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// The newest documentation defines it.
    #[default]
    Defined,
    /// The newest documentation uses it.
    Used,
    /// Only older documentation has it.
    Old,
    /// Nothing documents it.
    Inferred,
}

impl Member {
    fn new(standing: Standing, ty: Option<String>) -> Self {
        Self {
            standing,
            ty,
            arguments: BTreeMap::new(),
        }
    }
}

impl Standing {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Defined => "defined",
            Self::Used => "used",
            Self::Old => "old",
            Self::Inferred => "inferred",
        }
    }
}

/// The schema in `schema/pluvo.graphql`, which is part of the command.
pub(crate) fn known() -> &'static Types {
    static KNOWN: LazyLock<Types> = LazyLock::new(|| sdl::read(SDL));
    &KNOWN
}
