//! The types of `schema/calls.json`: results and rows that are this project's own, and how types are spelled there.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;

use super::ir::{CallArgument, Enum, Field, Input, Ir, Member, Object, Origin, Scalar, Shared, Type};
use super::schema;

/// A type that is not the API's own.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ShapeEntry {
    pub(crate) name: String,
    pub(crate) docs: String,
    /// Of an enum.
    members: Vec<MemberEntry>,
    /// Of an object.
    fields: Vec<FieldEntry>,
    /// Fields that a text for debugging must not show.
    secret: Vec<String>,
    /// Whether callers give it.
    input: bool,
    /// Whether every language writes it by hand.
    opaque: bool,
    /// The call whose arguments it has, but for the mail switch.
    pub(crate) arguments_of: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MemberEntry {
    name: String,
    docs: String,
}

/// A field of a shape, or an argument of a call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldEntry {
    name: String,
    #[serde(rename = "type")]
    ty: String,
    docs: String,
}

/// What each name of a type stands for.
pub(crate) struct Names(BTreeMap<String, Type>);

impl Names {
    pub(crate) fn new(ir: &Ir, shapes: &[ShapeEntry]) -> Result<Self> {
        let mut names = BTreeMap::new();
        let mut add = |name: &String, ty: fn(String) -> Type| {
            let before = names.insert(name.clone(), ty(name.clone()));
            ensure!(before.is_none(), "two types are called {name}");
            Ok(())
        };
        ir.enums.iter().try_for_each(|e| add(&e.name, Type::Enum))?;
        ir.objects.iter().try_for_each(|o| add(&o.name, Type::Object))?;
        ir.unions.iter().try_for_each(|u| add(&u.name, Type::Union))?;
        ir.inputs.iter().try_for_each(|i| add(&i.name, Type::Input))?;
        for shape in shapes {
            add(&shape.name, shape.ty().with_context(|| shape.name.clone())?)?;
        }
        Ok(Self(names))
    }

    /// Reads a type: `[UUID!]!` as in GraphQL, and `{String!}` for an object with any keys.
    pub(crate) fn resolve(&self, spelled: &str) -> Result<Type> {
        if let Some(inner) = spelled.strip_suffix('!') {
            return Ok(Type::NonNull(Box::new(self.resolve(inner)?)));
        }
        let between = |open, close| spelled.strip_prefix(open)?.strip_suffix(close);
        if let Some(item) = between('[', ']') {
            return Ok(Type::List(Box::new(self.resolve(item)?)));
        }
        if let Some(item) = between('{', '}') {
            return Ok(Type::Map(Box::new(self.resolve(item)?)));
        }
        if let Some(ty) = self.0.get(spelled) {
            return Ok(ty.clone());
        }
        schema::scalar(spelled).map(Type::Scalar)
    }
}

impl ShapeEntry {
    /// Which kind of type it is.
    fn ty(&self) -> Result<fn(String) -> Type> {
        ensure!(!self.docs.is_empty(), "no docs");
        let is_input = self.input || self.arguments_of.is_some();
        Ok(match (self.members.is_empty(), self.fields.is_empty()) {
            (false, true) => Type::Enum,
            (true, true) if self.opaque => Type::Opaque,
            (true, empty) if is_input && empty == self.arguments_of.is_some() => Type::Input,
            (true, false) => Type::Object,
            _ => bail!("it must be one of: members, fields, argumentsOf, opaque"),
        })
    }

    fn read(&self, names: &Names, into: &mut Shared) -> Result<()> {
        let (name, docs, origin) = (self.name.clone(), self.docs.clone(), Origin::own());
        let resource = "shared".to_owned();
        let fields: Vec<Field> = self
            .fields
            .iter()
            .map(|field| Ok(field.argument(names)?.field()))
            .collect::<Result<_>>()?;
        match self.ty()?(name.clone()) {
            Type::Enum(_) => into.enums.push(Enum {
                name,
                docs,
                origin,
                members: self.members.iter().map(MemberEntry::member).collect(),
            }),
            // Every language has its own, and the file says what it is like.
            Type::Opaque(_) => {}
            // Its fields are read with the call that it is made from.
            Type::Input(_) if self.arguments_of.is_some() => {}
            Type::Input(_) => into.inputs.push(Input {
                name,
                resource,
                docs,
                origin,
                fields,
            }),
            _ => {
                for secret in &self.secret {
                    ensure!(
                        fields.iter().any(|field| field.name == *secret),
                        "no field {secret} to hide"
                    );
                    into.secret.push((name.clone(), secret.clone()));
                }
                into.objects.push(Object {
                    name,
                    resource,
                    docs,
                    origin,
                    fields,
                });
            }
        }
        Ok(())
    }
}

/// Reads the shapes that stand for themselves.
pub(crate) fn read(names: &Names, entries: &[ShapeEntry]) -> Result<Shared> {
    let mut shared = Shared::default();
    for entry in entries {
        entry
            .read(names, &mut shared)
            .with_context(|| entry.name.clone())?;
    }
    Ok(shared)
}

impl MemberEntry {
    fn member(&self) -> Member {
        Member {
            name: self.name.clone(),
            docs: self.docs.clone(),
            origin: Origin::own(),
        }
    }
}

impl FieldEntry {
    pub(crate) fn argument(&self, names: &Names) -> Result<CallArgument> {
        let ty = names.resolve(&self.ty).with_context(|| self.name.clone())?;
        ensure!(
            *ty.innermost() != Type::Scalar(Scalar::Upload),
            "{}: the content of a file is a Content",
            self.name
        );
        Ok(CallArgument {
            name: self.name.clone(),
            docs: self.docs.clone(),
            origin: Origin::own(),
            ty,
        })
    }
}

impl CallArgument {
    /// As a field of an input.
    pub(crate) fn field(&self) -> Field {
        Field {
            name: self.name.clone(),
            docs: self.docs.clone(),
            origin: self.origin.clone(),
            ty: self.ty.clone(),
        }
    }
}

impl From<&Field> for CallArgument {
    fn from(field: &Field) -> Self {
        Self {
            name: field.name.clone(),
            docs: field.docs.clone(),
            origin: field.origin.clone(),
            ty: field.ty.clone(),
        }
    }
}
