//! What the schema and the operations say, in a form that no target language has touched.

/// Everything that emitters write from.
#[derive(Debug)]
pub struct Ir {
    pub enums: Vec<Enum>,
    pub objects: Vec<Object>,
    pub unions: Vec<Union>,
    pub inputs: Vec<Input>,
    pub operations: Vec<Operation>,
}

/// How well a definition is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Defined,
    Used,
    Old,
    Inferred,
}

/// A part of a documented definition that is guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Name,
    Kind,
    Type,
    Nullability,
}

/// Where a definition comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub standing: Standing,
    pub pages: Vec<String>,
    pub note: Option<String>,
    pub guessed: Vec<Part>,
    /// Whether the definition has no mark of its own and this is its parent's.
    pub inherited: bool,
}

/// A reference to a type, as GraphQL nests it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
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
pub enum Scalar {
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
pub struct Enum {
    pub name: String,
    pub docs: String,
    pub origin: Origin,
    pub members: Vec<Member>,
}

#[derive(Debug)]
pub struct Member {
    pub name: String,
    pub docs: String,
    pub origin: Origin,
}

/// An object type that holds data: neither a root nor a part of the paging frame.
#[derive(Debug)]
pub struct Object {
    pub name: String,
    pub resource: String,
    pub docs: String,
    pub origin: Origin,
    /// Its fields, without those that have pages of their own.
    pub fields: Vec<Field>,
}

/// A field of an object or of an input.
#[derive(Debug)]
pub struct Field {
    pub name: String,
    pub docs: String,
    pub origin: Origin,
    pub ty: Type,
}

#[derive(Debug)]
pub struct Union {
    pub name: String,
    pub resource: String,
    pub docs: String,
    pub origin: Origin,
    pub members: Vec<Choice>,
}

/// A member of a union.
#[derive(Debug)]
pub struct Choice {
    pub object: String,
    /// The field that no other member has, whose presence tells that this is the member.
    pub tag: String,
    pub docs: String,
}

#[derive(Debug)]
pub struct Input {
    pub name: String,
    pub resource: String,
    pub docs: String,
    pub origin: Origin,
    pub fields: Vec<Field>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationKind {
    Query,
    Mutation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    One,
    List,
    Connection,
}

#[derive(Debug)]
pub struct Operation {
    pub name: String,
    /// The file that it stands in, without its ending.
    pub resource: String,
    pub kind: OperationKind,
    pub repeatable: bool,
    pub scopes: Vec<String>,
    pub docs: String,
    pub origin: Origin,
    pub path: Vec<Segment>,
    pub shape: Shape,
    pub node: String,
    pub selection: Vec<Selection>,
}

#[derive(Debug)]
pub struct Segment {
    pub field: String,
    pub arguments: Vec<Argument>,
}

#[derive(Debug)]
pub struct Argument {
    pub name: String,
    pub variable: String,
    pub ty: Type,
    /// The type as GraphQL writes it.
    pub spelled: String,
    /// Whether the value travels as a literal, because the name of its type is not documented.
    pub literal: bool,
    /// Whether a pager sets it, not the caller.
    pub paging: bool,
    pub docs: String,
    pub origin: Origin,
}

#[derive(Debug)]
pub struct Selection {
    /// The type that has the field.
    pub on: String,
    /// The field, or `... on Name` for a fragment.
    pub name: String,
    pub selection: Vec<Selection>,
}

impl Type {
    /// The type without the statement that it cannot be null.
    pub fn nullable(&self) -> &Type {
        match self {
            Type::NonNull(inner) => inner,
            other => other,
        }
    }

    /// Whether it can never be null.
    pub fn is_required(&self) -> bool {
        matches!(self, Type::NonNull(_))
    }

    /// What a list of lists of it is made of.
    pub fn innermost(&self) -> &Type {
        match self {
            Type::NonNull(inner) | Type::List(inner) => inner.innermost(),
            other => other,
        }
    }
}
