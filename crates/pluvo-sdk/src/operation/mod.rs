//! What can be asked of Pluvo: one static description per operation, from which documents are printed.
//!
//! The descriptions in [`generated`] come from `schema/operations/*.graphql` through `cargo xtask codegen`.

mod arguments;
mod document;
mod dropped;
pub mod generated;
mod send;

pub(crate) use arguments::Arguments;
pub(crate) use document::{Body, Selection};
pub(crate) use dropped::Dropped;
pub(crate) use send::{Sending, send};

/// Whether an operation reads or writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperationKind {
    /// Reads; may always be repeated.
    Query,
    /// Writes.
    Mutation,
}

/// What stands at the end of an operation's path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// One object, or `null` for nobody.
    One,
    /// A plain list, not paged.
    List,
    /// A Relay connection: `pageInfo`, `count`, `edges { node }`.
    Connection,
}

/// One operation that the SDK can send.
#[derive(Debug)]
pub struct Operation {
    /// The document's operation name, as in `query Users`.
    pub name: &'static str,
    /// Query or mutation.
    pub kind: OperationKind,
    /// Whether sending it twice leaves the organisation as sending it once does.
    pub repeatable: bool,
    /// The variable that decides whether people are mailed. It is sent in any case, `false` unless the caller says
    /// otherwise: Pluvo's own default is to mail.
    pub mail_switch: Option<&'static str>,
    /// Whether a repeat mails people again, so that it is not repeated when it mails.
    pub mails_again: bool,
    /// The OAuth scopes that it needs. None where Pluvo documents none.
    pub scopes: &'static [&'static str],
    /// The fields from the root down to what is read, e.g. `group` and then `users`.
    pub path: &'static [Segment],
    /// What stands at the end of the path.
    pub shape: Shape,
    /// The schema type that [`Operation::selection`] selects from.
    pub node: &'static str,
    /// The default selection: fields that the newest documentation defines or uses, and no others.
    pub selection: &'static [Field],
}

/// One field on the way from the root to the payload.
#[derive(Debug)]
pub struct Segment {
    /// The field's name.
    pub field: &'static str,
    /// The arguments it takes.
    pub arguments: &'static [Argument],
}

/// An argument of a [`Segment`].
#[derive(Debug)]
pub struct Argument {
    /// The argument's name in the schema, e.g. `lastLogin_Gt`.
    pub name: &'static str,
    /// The variable that carries it, unique within the operation, e.g. `lastLoginGt`.
    pub variable: &'static str,
    /// The variable's type, e.g. `[UUID!]`.
    pub ty: &'static str,
    /// Whether the type's name is undocumented, so that the value travels as a literal and `ty` is never sent.
    pub literal: bool,
}

/// A field of a selection.
#[derive(Debug)]
pub struct Field {
    /// The schema type that has the field.
    pub on: &'static str,
    /// The field's name; `... on Name` for an inline fragment.
    pub name: &'static str,
    /// What is selected of it; empty for a leaf.
    pub selection: &'static [Field],
}
