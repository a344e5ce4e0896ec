//! What the schema and the operations say, in a form that no target language has touched.

/// Everything that emitters write from.
#[derive(Debug)]
pub(crate) struct Ir {
    /// The schema as it is written.
    pub(crate) sdl: String,
    pub(crate) enums: Vec<Enum>,
    pub(crate) objects: Vec<Object>,
    pub(crate) unions: Vec<Union>,
    pub(crate) inputs: Vec<Input>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) shared: Shared,
    pub(crate) calls: Vec<Call>,
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
    /// An object with any keys and values of one type. Only calls have it.
    Map(Box<Type>),
    /// A type that every language writes by hand. Only calls have it.
    Opaque(String),
}

/// The scalars of the schema, by what they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    String,
    Int,
    Float,
    Boolean,
    Id,
    /// An id that is a UUID for certain.
    Uuid,
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
    pub(crate) docs: String,
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

/// The types that only calls have: what they take and give beside the schema's own. Their names are unique among all types.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(crate) enums: Vec<Enum>,
    pub(crate) objects: Vec<Object>,
    pub(crate) inputs: Vec<Input>,
    /// Fields of [`Self::objects`] that a text for debugging must not show, as (object, field).
    pub(crate) secret: Vec<(String, String)>,
}

/// How a call is made and what comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CallKind {
    /// Pages by cursor.
    List,
    /// All rows in one answer.
    Listing,
    /// One or none.
    Get,
    Write,
    /// Many rows, each with an outcome.
    Bulk,
    /// A plan, to be applied.
    Sync,
    /// Takes the content of a file.
    File,
    /// Unlike any other.
    Special,
}

/// A public operation: a method that every language has.
#[derive(Debug)]
pub(crate) struct Call {
    /// As scenarios and the bridge know it, `groups.add_users`.
    pub(crate) name: String,
    /// `groups`; none for a method of the client itself.
    pub(crate) resource: Option<String>,
    /// `add_users`.
    pub(crate) method: String,
    pub(crate) kind: CallKind,
    /// The operations that it sends by their own names; a batch sends none.
    pub(crate) operations: Vec<String>,
    /// What it does. Other calls stand in it as `[users.list]`: see `words::refer`.
    pub(crate) docs: String,
    /// Needed scopes, standing, repeats and mail, as sentences.
    pub(crate) notes: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) arguments: Vec<CallArgument>,
    /// Groups of arguments of which one must be given: `id` and `ref`, for example.
    pub(crate) one_of: Vec<Vec<String>>,
    /// The result; of a [`CallKind::List`] a row. None where there is nothing to give.
    pub(crate) returns: Option<Type>,
    /// Whether the caller can select other fields than the default ones.
    pub(crate) select: bool,
    /// Whether its arguments or its result have a form of their own in each language.
    pub(crate) handwritten: bool,
    /// Arguments with values to show, in the order of the arguments.
    pub(crate) example: Vec<(String, serde_json::Value)>,
    /// Its subcommand of `pluvo`.
    pub(crate) cli: Option<String>,
    /// Whether only Rust has it.
    pub(crate) rust_only: bool,
}

/// An argument of a call: flat, whatever the operation makes of it.
#[derive(Debug, Clone)]
pub(crate) struct CallArgument {
    /// In camelCase, as requests to the bridge have it.
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) origin: Origin,
    pub(crate) ty: Type,
}

impl Call {
    /// The call's arguments that must be given, whatever else is.
    pub(crate) fn required(&self) -> impl Iterator<Item = &CallArgument> {
        self.arguments.iter().filter(|argument| argument.ty.is_required())
    }
}

impl Origin {
    /// Of what is not the API's but this project's.
    pub(crate) fn own() -> Self {
        Self {
            standing: Standing::Defined,
            pages: Vec::new(),
            note: None,
            guessed: Vec::new(),
            inherited: true,
        }
    }
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
            Type::NonNull(inner) | Type::List(inner) | Type::Map(inner) => inner.innermost(),
            other => other,
        }
    }
}
