//! What the schema and the operations say, in a form that no target language has touched.

/// Everything that emitters write from.
#[derive(Debug)]
pub(crate) struct Ir {
    pub(crate) enums: Vec<Enum>,
    pub(crate) objects: Vec<Object>,
    pub(crate) unions: Vec<Union>,
    pub(crate) inputs: Vec<Input>,
    pub(crate) operations: Vec<Operation>,
}

/// How well a definition is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Defined,
    Used,
    Old,
    Inferred,
}

/// A part of a documented definition that is guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Name,
    Kind,
    Type,
    Nullability,
}

/// Where a definition comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) standing: Standing,
    pub(crate) pages: Vec<String>,
    pub(crate) note: Option<String>,
    pub(crate) guessed: Vec<Part>,
    /// Whether the definition has no mark of its own and this is its parent's.
    pub(crate) inherited: bool,
}

/// A reference to a type, as GraphQL nests it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    Scalar(Scalar),
    Enum(String),
    Object(String),
    Union(String),
    Input(String),
    List(Box<Type>),
    NonNull(Box<Type>),
}

/// The scalars of the schema, by what they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    String,
    Int,
    Float,
    Boolean,
    Id,
    Date,
    DateTime,
    Decimal,
    Json,
    Upload,
}

#[derive(Debug)]
pub(crate) struct Enum {
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) origin: Origin,
    pub(crate) members: Vec<Member>,
}

#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) origin: Origin,
}

/// An object type that holds data: neither a root nor a part of the paging frame.
#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) name: String,
    pub(crate) resource: String,
    pub(crate) docs: String,
    pub(crate) origin: Origin,
    /// Its fields, without those that have pages of their own.
    pub(crate) fields: Vec<Field>,
}

/// A field of an object or of an input.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) origin: Origin,
    pub(crate) ty: Type,
}

#[derive(Debug)]
pub(crate) struct Union {
    pub(crate) name: String,
    pub(crate) resource: String,
    pub(crate) docs: String,
    pub(crate) origin: Origin,
    pub(crate) members: Vec<Choice>,
}

/// A member of a union.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) object: String,
    /// The field that no other member has, whose presence tells that this is the member.
    pub(crate) tag: String,
    pub(crate) docs: String,
}

#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) resource: String,
    pub(crate) docs: String,
    pub(crate) origin: Origin,
    pub(crate) fields: Vec<Field>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OperationKind {
    Query,
    Mutation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    One,
    List,
    Connection,
}

#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: String,
    /// The file that it stands in, without its ending.
    pub(crate) resource: String,
    pub(crate) kind: OperationKind,
    pub(crate) repeatable: bool,
    pub(crate) mail: Option<MailSwitch>,
    pub(crate) scopes: Vec<String>,
    pub(crate) docs: String,
    pub(crate) origin: Origin,
    /// Whether only older pages know it or what it reads, so that it selects what they have.
    pub(crate) old: bool,
    pub(crate) path: Vec<Segment>,
    pub(crate) shape: Shape,
    pub(crate) node: String,
    pub(crate) selection: Vec<Selection>,
}

/// The argument that decides whether people are mailed.
#[derive(Debug)]
pub(crate) struct MailSwitch {
    pub(crate) variable: String,
    /// Whether a repeat mails people again.
    pub(crate) again: bool,
}

#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) field: String,
    pub(crate) arguments: Vec<Argument>,
}

#[derive(Debug)]
pub(crate) struct Argument {
    pub(crate) name: String,
    pub(crate) variable: String,
    pub(crate) ty: Type,
    /// The type as GraphQL writes it.
    pub(crate) spelled: String,
    /// Whether the value travels as a literal, because the name of its type is not documented.
    pub(crate) literal: bool,
    /// Whether the SDK sets it by itself: a pager, a mail switch or the content of a file.
    pub(crate) internal: bool,
    pub(crate) docs: String,
    pub(crate) origin: Origin,
}

#[derive(Debug)]
pub(crate) struct Selection {
    /// The type that has the field.
    pub(crate) on: String,
    /// The field, or `... on Name` for a fragment.
    pub(crate) name: String,
    /// What is selected of it; empty for a leaf.
    pub(crate) inner: Vec<Selection>,
}

impl Type {
    /// The type without the statement that it cannot be null.
    pub(crate) fn nullable(&self) -> &Type {
        match self {
            Type::NonNull(inner) => inner,
            other => other,
        }
    }

    /// Whether it can never be null.
    pub(crate) fn is_required(&self) -> bool {
        matches!(self, Type::NonNull(_))
    }

    /// What a list of lists of it is made of.
    pub(crate) fn innermost(&self) -> &Type {
        match self {
            Type::NonNull(inner) | Type::List(inner) => inner.innermost(),
            other => other,
        }
    }
}
