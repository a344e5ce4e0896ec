//! From the documents that are sent to the intermediate form.

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use apollo_compiler::ast::{InputValueDefinition, OperationType, Type as AstType, Value};
use apollo_compiler::executable::{self, ExecutableDocument, SelectionSet};
use apollo_compiler::validation::Valid;
use apollo_compiler::{Node, Schema};

use super::ir::{
    Argument, MailSwitch, Operation, OperationKind, Origin, Part, Scalar, Segment, Selection, Shape,
    Standing, Type,
};
use super::schema::{docs, is_connection, origin, type_origin, type_ref};

/// The arguments that a pager sets.
const PAGING: [&str; 5] = ["first", "after", "last", "before", "offset"];

/// Reads the documents of one file, which is named after its resource.
pub(crate) fn read(schema: &Valid<Schema>, resource: &str, source: &str) -> Result<Vec<Operation>> {
    let path = format!("schema/operations/{resource}.graphql");
    let document =
        ExecutableDocument::parse_and_validate(schema, source, &path).map_err(|e| anyhow!("{}", e.errors))?;
    ensure!(
        document.operations.anonymous.is_none(),
        "{path}: every operation needs a name"
    );
    ensure!(
        document.fragments.is_empty(),
        "{path}: named fragments have no form in the generated code"
    );
    document
        .operations
        .named
        .iter()
        .map(|(name, operation)| {
            operation_of(schema, resource, name, operation).with_context(|| format!("{path}: {name}"))
        })
        .collect()
}

fn operation_of(
    schema: &Schema,
    resource: &str,
    name: &str,
    operation: &executable::Operation,
) -> Result<Operation> {
    let kind = match operation.operation_type {
        OperationType::Query => OperationKind::Query,
        OperationType::Mutation => OperationKind::Mutation,
        OperationType::Subscription => bail!("Pluvo has no subscriptions"),
    };
    let mut on = operation.selection_set.ty.as_str();
    let mut field = only_field(&operation.selection_set)?;
    let root = &field.definition;
    let mut field_origin = origin(&root.directives, &type_origin(schema, on)?)?;
    let mut segments = vec![segment(schema, field, &field_origin)?];
    let root_origin = field_origin.clone();

    while let Some(next) = leads_to_connection(schema, field) {
        on = field.ty().inner_named_type();
        field_origin = origin(&next.definition.directives, &type_origin(schema, on)?)?;
        segments.push(segment(schema, next, &field_origin)?);
        field = next;
    }

    let inner = field.ty().inner_named_type().as_str();
    let (shape, selected) = if is_connection(schema, inner) {
        (Shape::Connection, rows(&field.selection_set)?)
    } else if field.ty().is_list() {
        (Shape::List, &field.selection_set)
    } else {
        (Shape::One, &field.selection_set)
    };
    let scopes = root
        .directives
        .get("scopes")
        .and_then(|d| d.specified_argument_by_name("needs"));
    let scopes = scopes.and_then(|v| v.as_list()).unwrap_or_default();

    let result = Operation {
        name: name.to_owned(),
        resource: resource.to_owned(),
        kind,
        repeatable: kind == OperationKind::Query || root.directives.has("repeatable"),
        mail: mail_switch(only_field(&operation.selection_set)?)?,
        scopes: scopes
            .iter()
            .filter_map(|v| v.as_str().map(str::to_owned))
            .collect(),
        docs: docs(field.definition.description.as_ref())?,
        old: [&root_origin, &type_origin(schema, &selected.ty)?]
            .iter()
            .any(|o| o.standing == Standing::Old),
        origin: field_origin,
        path: segments,
        shape,
        node: selected.ty.to_string(),
        selection: selection(selected)?,
    };
    check_variables(&result, operation)?;
    Ok(result)
}

/// The argument of a field that decides whether people are mailed.
fn mail_switch(field: &executable::Field) -> Result<Option<MailSwitch>> {
    let mut switches = field.definition.arguments.iter().filter_map(|argument| {
        let directive = argument.directives.get("mailSwitch")?;
        Some((argument, directive))
    });
    let Some((argument, directive)) = switches.next() else {
        return Ok(None);
    };
    ensure!(switches.next().is_none(), "{} has two mail switches", field.name);
    let variable = field
        .specified_argument_by_name(&argument.name)
        .and_then(|value| value.as_variable())
        .with_context(|| format!("the document does not pass {}", argument.name))?;
    let again = directive.specified_argument_by_name("again");
    Ok(Some(MailSwitch {
        variable: variable.to_string(),
        docs: docs(argument.description.as_ref())?,
        again: again.and_then(|value| value.to_bool()).unwrap_or_default(),
    }))
}

/// The one field that a selection on the way to the payload may hold.
fn only_field(set: &SelectionSet) -> Result<&executable::Field> {
    match &set.selections[..] {
        [executable::Selection::Field(field)] => plain(field),
        _ => bail!("the selection on {} must be one field", set.ty),
    }
}

/// A field under its own name, asked for without conditions.
fn plain(field: &executable::Field) -> Result<&executable::Field> {
    ensure!(
        field.alias.is_none(),
        "{}: aliases have no form in the generated code",
        field.name
    );
    ensure!(
        field.directives.is_empty(),
        "{}: directives have no form in the generated code",
        field.name
    );
    Ok(field)
}

/// The connection that is all that an object is asked for, as in `group { users { … } }`.
fn leads_to_connection<'a>(schema: &Schema, field: &'a executable::Field) -> Option<&'a executable::Field> {
    if is_connection(schema, field.ty().inner_named_type()) {
        return None;
    }
    let next = only_field(&field.selection_set).ok()?;
    is_connection(schema, next.ty().inner_named_type()).then_some(next)
}

/// The selection of a connection's rows. The cursor must come before them: the client reads it first.
fn rows(set: &SelectionSet) -> Result<&SelectionSet> {
    let names = |set: &SelectionSet| set.fields().map(|f| f.name.to_string()).collect::<Vec<_>>();
    let frame = names(set);
    ensure!(
        frame == ["pageInfo", "count", "edges"],
        "{} must select pageInfo, count and edges, in this order",
        set.ty
    );
    for field in set.fields() {
        plain(field)?;
        let inside = names(&field.selection_set);
        match field.name.as_str() {
            "pageInfo" => {
                ensure!(
                    inside == ["hasNextPage", "endCursor"],
                    "pageInfo must select hasNextPage and endCursor"
                );
            }
            "edges" => return Ok(&only_field(&field.selection_set).context("edges")?.selection_set),
            _ => {}
        }
    }
    bail!("{} has no edges", set.ty)
}

fn segment(schema: &Schema, field: &executable::Field, field_origin: &Origin) -> Result<Segment> {
    let arguments = field.definition.arguments.iter();
    Ok(Segment {
        field: field.name.to_string(),
        arguments: arguments
            .map(|definition| {
                argument(schema, field, definition, field_origin)
                    .with_context(|| format!("argument {}", definition.name))
            })
            .collect::<Result<_>>()?,
    })
}

fn argument(
    schema: &Schema,
    field: &executable::Field,
    definition: &InputValueDefinition,
    field_origin: &Origin,
) -> Result<Argument> {
    let value = field
        .specified_argument_by_name(&definition.name)
        .context("the document does not pass it")?;
    let Value::Variable(variable) = &**value else {
        bail!("only variables have a form in the generated code")
    };
    let inner: &str = definition.ty.inner_named_type();
    let is_built_in = schema
        .types
        .get(inner)
        .is_some_and(apollo_compiler::schema::ExtendedType::is_built_in);
    let ty = type_ref(schema, &definition.ty)?;
    let literal = !is_built_in && type_origin(schema, inner)?.guessed.contains(&Part::Name);
    Ok(Argument {
        name: definition.name.to_string(),
        variable: variable.to_string(),
        internal: PAGING.contains(&definition.name.as_str())
            || definition.directives.has("mailSwitch")
            || *ty.innermost() == Type::Scalar(Scalar::Upload),
        ty,
        spelled: definition.ty.to_string(),
        literal,
        docs: docs(definition.description.as_ref())?,
        origin: origin(&definition.directives, field_origin)?,
    })
}

fn selection(set: &SelectionSet) -> Result<Vec<Selection>> {
    set.selections
        .iter()
        .map(|selected| match selected {
            executable::Selection::Field(field) => {
                let field = plain(field)?;
                ensure!(
                    field.arguments.is_empty(),
                    "{}: a selected field takes no arguments",
                    field.name
                );
                Ok(Selection {
                    on: set.ty.to_string(),
                    name: field.name.to_string(),
                    inner: selection(&field.selection_set)?,
                })
            }
            executable::Selection::InlineFragment(fragment) => {
                let condition = fragment
                    .type_condition
                    .as_ref()
                    .context("a fragment needs a type")?;
                Ok(Selection {
                    on: set.ty.to_string(),
                    name: format!("... on {condition}"),
                    inner: selection(&fragment.selection_set)?,
                })
            }
            executable::Selection::FragmentSpread(_) => {
                bail!("named fragments have no form in the generated code")
            }
        })
        .collect()
}

/// Documents are printed anew from the schema's types, so the file must say the same ones.
fn check_variables(result: &Operation, operation: &executable::Operation) -> Result<()> {
    let arguments: Vec<&Argument> = result.path.iter().flat_map(|s| &s.arguments).collect();
    for variable in &operation.variables {
        let declared: &Node<AstType> = &variable.ty;
        ensure!(
            variable.default_value.is_none(),
            "${}: defaults belong to the server",
            variable.name
        );
        let users: Vec<_> = arguments
            .iter()
            .filter(|a| a.variable == variable.name.as_str())
            .collect();
        ensure!(users.len() == 1, "${} must be passed exactly once", variable.name);
        ensure!(
            users[0].spelled == declared.to_string(),
            "${} is declared as {declared}, but the argument is of type {}",
            variable.name,
            users[0].spelled
        );
    }
    Ok(())
}
