//! The schema, built from the project's SDL: one source for every type, field and argument.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use async_graphql::Value;
use async_graphql::dynamic::{
    Enum, EnumItem, Field, FieldFuture, InputObject, InputValue, Object, Scalar, Schema, TypeRef, Union,
};
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, ConstDirective, FieldDefinition, InputValueDefinition, Type, TypeDefinition, TypeKind,
    TypeSystemDefinition,
};
use async_graphql::{Positioned, dynamic};
use uuid::Uuid;

use crate::{mutate, resolve};

/// Pluvo's schema as its public documentation describes it. Its directives say where each definition comes from and how
/// well it is known.
pub const SDL: &str = include_str!("pluvo.graphql");

/// The schema with what the executor does not tell.
pub(crate) struct Api {
    pub(crate) schema: Schema,
    /// The scopes each root field needs: the one table, read from `@scopes` in the SDL.
    pub(crate) scopes: HashMap<String, Vec<String>>,
    /// Every scope that some field needs.
    pub(crate) all_scopes: Vec<String>,
    /// The type of each field of each object, without list and non-null marks.
    pub(crate) fields: HashMap<String, HashMap<String, String>>,
}

/// The schema, built once in a process.
///
/// # Panics
///
/// If the SDL that was compiled in is not a valid schema; a test holds that it is.
pub(crate) fn api() -> &'static Api {
    static API: OnceLock<Api> = OnceLock::new();
    API.get_or_init(|| build(SDL).unwrap_or_else(|error| panic!("the project's SDL does not build: {error}")))
}

fn build(sdl: &str) -> Result<Api, String> {
    let document = parse_schema(sdl).map_err(|error| error.to_string())?;
    let types: HashMap<String, TypeDefinition> = document
        .definitions
        .into_iter()
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(ty) => Some((ty.node.name.node.to_string(), ty.node)),
            _ => None,
        })
        .collect();
    let mut scopes = HashMap::new();
    let mut fields = HashMap::new();
    let mut builder = Schema::build("Query", Some("Mutation"), None);
    for name in reachable(&types) {
        let ty = &types[name];
        if let TypeKind::Object(object) = &ty.kind {
            if matches!(name, "Query" | "Mutation") {
                scopes.extend(
                    object
                        .fields
                        .iter()
                        .map(|field| (field.node.name.node.to_string(), needs(&field.node))),
                );
            }
            let of = |field: &Positioned<FieldDefinition>| {
                (
                    field.node.name.node.to_string(),
                    base(&field.node.ty.node).to_owned(),
                )
            };
            fields.insert(name.to_owned(), object.fields.iter().map(of).collect());
        }
        builder = builder.register(register(name, ty));
    }
    let mut all_scopes: Vec<String> = scopes.values().flatten().cloned().collect();
    all_scopes.sort();
    all_scopes.dedup();
    let schema = builder
        .disable_suggestions()
        .finish()
        .map_err(|error| error.to_string())?;
    Ok(Api {
        schema,
        scopes,
        all_scopes,
        fields,
    })
}

/// The types that a client can meet: those of the annotations are not among them.
fn reachable(types: &HashMap<String, TypeDefinition>) -> Vec<&str> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut open = vec!["Mutation", "Query"];
    while let Some(name) = open.pop() {
        let Some((name, ty)) = types.get_key_value(name) else {
            continue;
        };
        if !seen.insert(name.as_str()) {
            continue;
        }
        found.push(name.as_str());
        match &ty.kind {
            TypeKind::Object(object) => {
                for field in &object.fields {
                    open.push(base(&field.node.ty.node));
                    open.extend(
                        field
                            .node
                            .arguments
                            .iter()
                            .map(|argument| base(&argument.node.ty.node)),
                    );
                }
            }
            TypeKind::InputObject(input) => {
                open.extend(input.fields.iter().map(|field| base(&field.node.ty.node)));
            }
            TypeKind::Union(union) => open.extend(union.members.iter().map(|member| member.node.as_str())),
            _ => {}
        }
    }
    found
}

fn base(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => base(inner),
    }
}

fn register(name: &str, ty: &TypeDefinition) -> dynamic::Type {
    let description = ty.description.as_ref().map(|text| text.node.clone());
    macro_rules! described {
        ($made:expr) => {{
            let made = $made;
            match description {
                Some(text) => made.description(text).into(),
                None => made.into(),
            }
        }};
    }
    match &ty.kind {
        TypeKind::Scalar => described!(scalar(name)),
        TypeKind::Enum(definition) => {
            let items = definition.values.iter().map(|value| {
                let mut item = EnumItem::new(value.node.value.node.as_str());
                if let Some(text) = &value.node.description {
                    item = item.description(&text.node);
                }
                match deprecation(&value.node.directives) {
                    Some(reason) => item.deprecation(Some(&reason)),
                    None => item,
                }
            });
            described!(Enum::new(name).items(items))
        }
        TypeKind::Union(definition) => {
            let members = definition.members.iter();
            described!(members.fold(Union::new(name), |union, member| {
                union.possible_type(member.node.as_str())
            }))
        }
        TypeKind::InputObject(definition) => {
            let fields = definition.fields.iter();
            described!(fields.fold(InputObject::new(name), |input, field| {
                input.field(input_value(&field.node))
            }))
        }
        TypeKind::Object(definition) => {
            let fields = definition.fields.iter();
            described!(fields.fold(Object::new(name), |object, field| {
                object.field(output(name, &field.node))
            }))
        }
        // Pluvo's API has no interface; one would have to be looked at when it comes.
        TypeKind::Interface(_) => described!(Scalar::new(name)),
    }
}

fn scalar(name: &str) -> Scalar {
    let scalar = Scalar::new(name);
    let checked = |check: fn(&str) -> bool| {
        move |value: &Value| match value {
            Value::String(text) => check(text),
            _ => false,
        }
    };
    match name {
        "UUID" => scalar.validator(checked(|text| Uuid::try_parse(text).is_ok())),
        "DateTime" | "Date" => scalar.validator(checked(|text| resolve::seconds(text).is_some())),
        "JSONString" | "Color" => scalar.validator(checked(|_| true)),
        _ => scalar,
    }
}

fn output(ty: &str, definition: &FieldDefinition) -> Field {
    let name = definition.name.node.as_str();
    let result = type_ref(&definition.ty.node);
    let nullable = definition.ty.node.nullable;
    let mutation = (ty == "Mutation").then(|| mutate::find(name)).flatten();
    let mut field = match (resolve::find(ty, name), mutation) {
        (Some(resolver), _) => Field::new(name, result, move |ctx| resolve::run(resolver, nullable, &ctx)),
        (None, Some(mutation)) => Field::new(name, result, move |ctx| mutate::run(mutation, nullable, &ctx)),
        // A test holds that there is none.
        (None, None) => Field::new(name, result, |_| FieldFuture::Value(None)),
    };
    if let Some(text) = &definition.description {
        field = field.description(&text.node);
    }
    if let Some(reason) = deprecation(&definition.directives) {
        field = field.deprecation(Some(&reason));
    }
    definition.arguments.iter().fold(field, |field, argument| {
        field.argument(input_value(&argument.node))
    })
}

fn input_value(definition: &InputValueDefinition) -> InputValue {
    let mut value = InputValue::new(definition.name.node.as_str(), type_ref(&definition.ty.node));
    if let Some(text) = &definition.description {
        value = value.description(&text.node);
    }
    match &definition.default_value {
        Some(default) => value.default_value(default.node.clone()),
        None => value,
    }
}

fn type_ref(ty: &Type) -> TypeRef {
    let inner = match &ty.base {
        BaseType::Named(name) => TypeRef::named(name.as_str()),
        BaseType::List(inner) => TypeRef::List(Box::new(type_ref(inner))),
    };
    if ty.nullable {
        inner
    } else {
        TypeRef::NonNull(Box::new(inner))
    }
}

fn directive<'a>(directives: &'a [Positioned<ConstDirective>], name: &str) -> Option<&'a ConstDirective> {
    directives
        .iter()
        .map(|directive| &directive.node)
        .find(|directive| directive.name.node == name)
}

fn deprecation(directives: &[Positioned<ConstDirective>]) -> Option<String> {
    let directive = directive(directives, "deprecated")?;
    Some(
        match directive.get_argument("reason").map(|reason| &reason.node) {
            Some(Value::String(reason)) => reason.clone(),
            // What the specification says it is then.
            _ => "No longer supported".to_owned(),
        },
    )
}

fn needs(field: &FieldDefinition) -> Vec<String> {
    let argument = directive(&field.directives, "scopes").and_then(|scopes| scopes.get_argument("needs"));
    match argument.map(|needs| &needs.node) {
        Some(Value::List(scopes)) => scopes
            .iter()
            .filter_map(|scope| match scope {
                Value::String(scope) => Some(scope.clone()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{api, mutate, resolve};

    #[test]
    fn every_field_that_can_be_reached_is_answered() {
        let api = api();
        let mut open = vec!["Query", "Mutation"];
        let mut seen = std::collections::HashSet::new();
        let mut missing = Vec::new();
        while let Some(ty) = open.pop() {
            let Some(fields) = api.fields.get(ty).filter(|_| seen.insert(ty)) else {
                continue;
            };
            for (field, target) in fields {
                let mutation = ty == "Mutation" && mutate::find(field).is_some();
                if !mutation && resolve::find(ty, field).is_none() {
                    missing.push(format!("{ty}.{field}"));
                }
                open.push(target);
            }
            if ty == "User" {
                open.extend(
                    api.fields
                        .keys()
                        .filter(|name| name.starts_with("ExtraCategory"))
                        .map(String::as_str),
                );
            }
        }
        assert_eq!(missing, Vec::<String>::new());
        assert!(seen.len() > 30, "{seen:?}");
    }

    #[test]
    fn scopes_come_from_the_sdl() {
        let api = api();
        assert_eq!(api.scopes["paginatedUsers"], ["users.read"]);
        assert_eq!(api.scopes["certificates"], Vec::<String>::new());
        assert!(api.all_scopes.iter().any(|scope| scope == "events.write"));
    }

    #[test]
    fn annotations_are_not_served() {
        let sdl = api().schema.sdl();
        assert!(sdl.contains("type OfferEvent "));
        assert!(!sdl.contains("Standing"));
    }
}
