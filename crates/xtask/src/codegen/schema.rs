//! From the annotated SDL to the intermediate form.

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use apollo_compiler::ast::{self, Directive};
use apollo_compiler::schema::{ExtendedType, ObjectType, UnionType};
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Node, Schema};

use super::ir::{Choice, Enum, Field, Input, Member, Object, Origin, Part, Scalar, Standing, Type, Union};
use super::pages::PAGES;

/// The types that the schema file has for its own annotations.
const ANNOTATIONS: [&str; 2] = ["Standing", "Part"];

/// The types of a schema, ready for emitters.
#[derive(Debug, Default)]
pub(crate) struct Types {
    pub(crate) enums: Vec<Enum>,
    pub(crate) objects: Vec<Object>,
    pub(crate) unions: Vec<Union>,
    pub(crate) inputs: Vec<Input>,
}

/// Parses and validates the schema file.
pub(crate) fn parse(sdl: &str) -> Result<Valid<Schema>> {
    Schema::parse_and_validate(sdl, "schema/pluvo.graphql").map_err(|e| anyhow!("{}", e.errors))
}

/// Reads every type that holds data.
pub(crate) fn types(schema: &Valid<Schema>) -> Result<Types> {
    let mut types = Types::default();
    for (name, ty) in &schema.types {
        if ty.is_built_in() || ANNOTATIONS.contains(&name.as_str()) {
            continue;
        }
        let at = || format!("type {name}");
        let origin = type_origin(schema, name).with_context(at)?;
        let docs = docs(ty.description()).with_context(at)?;
        match ty {
            ExtendedType::Scalar(_) => {
                scalar(name).with_context(at)?;
            }
            ExtendedType::Enum(def) => types.enums.push(Enum {
                name: name.to_string(),
                members: def
                    .values
                    .values()
                    .map(|v| member(v, &origin))
                    .collect::<Result<_>>()
                    .with_context(at)?,
                docs,
                origin,
            }),
            ExtendedType::Object(def) if is_data(schema, def) => {
                let fields = def
                    .fields
                    .values()
                    .filter(|f| !is_connection(schema, f.ty.inner_named_type()));
                types.objects.push(Object {
                    name: name.to_string(),
                    resource: resource(ty).with_context(at)?,
                    fields: fields
                        .map(|f| field(schema, f, &origin))
                        .collect::<Result<_>>()
                        .with_context(at)?,
                    docs,
                    origin,
                });
            }
            ExtendedType::Object(_) => {}
            ExtendedType::Union(def) => types.unions.push(Union {
                name: name.to_string(),
                resource: resource(ty).with_context(at)?,
                members: choices(schema, def).with_context(at)?,
                docs,
                origin,
            }),
            ExtendedType::InputObject(def) => types.inputs.push(Input {
                name: name.to_string(),
                resource: resource(ty).with_context(at)?,
                fields: def
                    .fields
                    .values()
                    .map(|f| input_field(schema, f, &origin))
                    .collect::<Result<_>>()
                    .with_context(at)?,
                docs,
                origin,
            }),
            ExtendedType::Interface(_) => bail!("{name}: interfaces have no form in the generated code yet"),
        }
    }
    Ok(types)
}

/// Where a type comes from. Every type says so itself.
pub(crate) fn type_origin(schema: &Schema, name: &str) -> Result<Origin> {
    let ty = schema
        .types
        .get(name)
        .with_context(|| format!("no type {name}"))?;
    let get = |directive: &str| ty.directives().get(directive).map(|d| &***d);
    own_origin(get("known").context("no @known")?, get("inferred"))
}

/// Where a field, argument or member comes from: its own mark, or else its parent's standing.
pub(crate) fn origin(directives: &ast::DirectiveList, parent: &Origin) -> Result<Origin> {
    let get = |directive: &str| directives.get(directive).map(|d| &**d);
    match get("known") {
        Some(known) => own_origin(known, get("inferred")),
        None => Ok(Origin {
            note: None,
            guessed: parts(get("inferred"))?,
            inherited: true,
            ..parent.clone()
        }),
    }
}

fn own_origin(known: &Directive, inferred: Option<&Directive>) -> Result<Origin> {
    let value = |name: &str| known.specified_argument_by_name(name);
    let standing = match value("standing").and_then(|v| v.as_enum()).map(Name::as_str) {
        Some("DEFINED") => Standing::Defined,
        Some("USED") => Standing::Used,
        Some("OLD") => Standing::Old,
        Some("INFERRED") => Standing::Inferred,
        other => bail!("@known has standing {other:?}"),
    };
    let pages: Vec<String> = value("pages")
        .and_then(|v| v.as_list())
        .into_iter()
        .flatten()
        .map(|page| {
            page.as_str()
                .map(str::to_owned)
                .context("a page of @known is no string")
        })
        .collect::<Result<_>>()?;
    for page in &pages {
        ensure!(
            PAGES.contains(&page.as_str()),
            "@known names the page {page:?}, which is not in the list of pages"
        );
    }
    ensure!(
        pages.is_empty() == (standing == Standing::Inferred),
        "@known: what is inferred has no page, all else has one"
    );
    let note = value("note").and_then(|v| v.as_str()).map(str::to_owned);
    Ok(Origin {
        standing,
        pages,
        note,
        guessed: parts(inferred)?,
        inherited: false,
    })
}

fn parts(inferred: Option<&Directive>) -> Result<Vec<Part>> {
    let Some(inferred) = inferred else {
        return Ok(Vec::new());
    };
    let list = inferred
        .specified_argument_by_name("parts")
        .and_then(|v| v.as_list())
        .unwrap_or_default();
    list.iter()
        .map(|part| match part.as_enum().map(Name::as_str) {
            Some("NAME") => Ok(Part::Name),
            Some("KIND") => Ok(Part::Kind),
            Some("TYPE") => Ok(Part::Type),
            Some("NULLABILITY") => Ok(Part::Nullability),
            other => bail!("@inferred has part {other:?}"),
        })
        .collect()
}

/// The description that every definition must have.
pub(crate) fn docs(description: Option<&Node<str>>) -> Result<String> {
    let docs = description.context("no description")?.trim();
    ensure!(!docs.is_empty(), "an empty description");
    Ok(docs.to_owned())
}

/// Whether a type is a page of a Relay list.
pub(crate) fn is_connection(schema: &Schema, name: &str) -> bool {
    schema
        .get_object(name)
        .is_some_and(|def| def.fields.contains_key("pageInfo") && def.fields.contains_key("edges"))
}

/// Turns a reference into the intermediate form.
pub(crate) fn type_ref(schema: &Schema, ty: &ast::Type) -> Result<Type> {
    Ok(match ty {
        ast::Type::Named(name) => match schema
            .types
            .get(name)
            .with_context(|| format!("no type {name}"))?
        {
            ExtendedType::Scalar(_) => Type::Scalar(scalar(name)?),
            ExtendedType::Enum(_) => Type::Enum(name.to_string()),
            ExtendedType::Object(_) => Type::Object(name.to_string()),
            ExtendedType::Union(_) => Type::Union(name.to_string()),
            ExtendedType::InputObject(_) => Type::Input(name.to_string()),
            ExtendedType::Interface(_) => bail!("{name} is an interface"),
        },
        ast::Type::NonNullNamed(name) => {
            Type::NonNull(Box::new(type_ref(schema, &ast::Type::Named(name.clone()))?))
        }
        ast::Type::List(item) => Type::List(Box::new(type_ref(schema, item)?)),
        ast::Type::NonNullList(item) => {
            Type::NonNull(Box::new(Type::List(Box::new(type_ref(schema, item)?))))
        }
    })
}

pub(crate) fn scalar(name: &str) -> Result<Scalar> {
    Ok(match name {
        "String" | "Color" => Scalar::String,
        "Int" => Scalar::Int,
        "Float" => Scalar::Float,
        "Boolean" => Scalar::Boolean,
        "ID" => Scalar::Id,
        "UUID" => Scalar::Uuid,
        "Date" => Scalar::Date,
        "DateTime" => Scalar::DateTime,
        "Decimal" => Scalar::Decimal,
        "JSONString" | "GenericScalar" => Scalar::Json,
        "Upload" => Scalar::Upload,
        _ => bail!("no form for the scalar {name}"),
    })
}

fn is_data(schema: &Schema, def: &ObjectType) -> bool {
    let is_root = schema
        .schema_definition
        .iter_root_operations()
        .any(|(_, root)| *root == def.name);
    let is_edge = def.fields.contains_key("node") && def.fields.contains_key("cursor");
    !(is_root || is_edge || def.name == "PageInfo" || is_connection(schema, &def.name))
}

fn resource(ty: &ExtendedType) -> Result<String> {
    let resource = ty.directives().get("resource").context("no @resource")?;
    let name = resource
        .specified_argument_by_name("name")
        .and_then(|v| v.as_str());
    Ok(name.context("@resource has no name")?.to_owned())
}

fn member(value: &ast::EnumValueDefinition, parent: &Origin) -> Result<Member> {
    Ok(Member {
        name: value.value.to_string(),
        docs: docs(value.description.as_ref()).with_context(|| value.value.to_string())?,
        origin: origin(&value.directives, parent)?,
    })
}

fn field(schema: &Schema, field: &ast::FieldDefinition, parent: &Origin) -> Result<Field> {
    let build = || -> Result<Field> {
        ensure!(
            field.arguments.is_empty(),
            "only lists with pages of their own take arguments"
        );
        Ok(Field {
            name: field.name.to_string(),
            docs: docs(field.description.as_ref())?,
            origin: origin(&field.directives, parent)?,
            ty: type_ref(schema, &field.ty)?,
        })
    };
    build().with_context(|| format!("field {}", field.name))
}

fn input_field(schema: &Schema, field: &ast::InputValueDefinition, parent: &Origin) -> Result<Field> {
    let build = || -> Result<Field> {
        Ok(Field {
            name: field.name.to_string(),
            docs: docs(field.description.as_ref())?,
            origin: origin(&field.directives, parent)?,
            ty: type_ref(schema, &field.ty)?,
        })
    };
    build().with_context(|| format!("field {}", field.name))
}

/// A union is told apart by the one field that each member has and no other has.
fn choices(schema: &Schema, union: &UnionType) -> Result<Vec<Choice>> {
    let members: Vec<_> = union
        .members
        .iter()
        .filter_map(|m| schema.get_object(m))
        .collect();
    members
        .iter()
        .map(|member| {
            let others = || members.iter().filter(|other| other.name != member.name);
            let mut own = member
                .fields
                .keys()
                .filter(|field| others().all(|o| !o.fields.contains_key(*field)));
            match (own.next(), own.next()) {
                (Some(tag), None) => Ok(Choice {
                    object: member.name.to_string(),
                    tag: tag.to_string(),
                    docs: docs(member.description.as_ref())?,
                }),
                _ => bail!("{} has not exactly one field of its own", member.name),
            }
        })
        .collect()
}
