//! From `schema/calls.json` and the operations to the calls that every language has.

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::ir::{
    Call, CallArgument, CallKind, Input, Ir, Operation, OperationKind, Origin, Scalar, Shape, Shared,
    Standing, Type,
};
use super::shapes::{self, Names, ShapeEntry};
use super::words;

/// The arguments by which a thing is found. The first that is given is the key.
const KEYS: [&str; 3] = ["id", "ref", "email"];

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    shapes: Vec<ShapeEntry>,
    calls: Vec<Entry>,
}

/// A call. What is absent follows from its last operation.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Entry {
    name: String,
    operations: Vec<String>,
    uses: Vec<String>,
    kind: Option<String>,
    docs: Option<String>,
    arguments: Option<Vec<shapes::FieldEntry>>,
    without: Vec<String>,
    required: Vec<String>,
    one_of: Option<Vec<Vec<String>>>,
    returns: Option<String>,
    select: Option<bool>,
    handwritten: bool,
    example: Map<String, Value>,
    cli: Option<String>,
    only: Vec<String>,
}

/// Reads the file into `ir`, whose schema and operations are there already.
pub(crate) fn read(ir: &mut Ir, source: &str) -> Result<()> {
    let document: Document = serde_json::from_str(source)?;
    let names = Names::new(ir, &document.shapes)?;
    let mut shared = shapes::read(&names, &document.shapes)?;
    let mut calls: Vec<Call> = Vec::new();
    for entry in document.calls {
        let name = entry.name.clone();
        ensure!(
            calls.iter().all(|call| call.name != name),
            "two calls are called {name}"
        );
        calls.push(call(ir, &names, entry).with_context(|| name)?);
    }
    rows(&mut shared, &document.shapes, &calls)?;
    ir.shared = shared;
    for call in &calls {
        for (name, value) in &call.example {
            let argument = call.arguments.iter().find(|argument| argument.name == *name);
            let argument =
                argument.with_context(|| format!("{}: no argument {name} for its example", call.name))?;
            fits(ir, &argument.ty, value).with_context(|| format!("{}: the example's {name}", call.name))?;
        }
        for argument in call.required() {
            let is_given = call.example.iter().any(|(name, _)| *name == argument.name);
            ensure!(
                is_given || call.handwritten || call.rust_only || call.kind == CallKind::File,
                "{}: the example lacks {}",
                call.name,
                argument.name
            );
        }
    }
    ir.calls = calls;
    Ok(())
}

/// Fills the shapes that have the arguments of a call.
fn rows(shared: &mut Shared, entries: &[ShapeEntry], calls: &[Call]) -> Result<()> {
    for entry in entries {
        let Some(of) = &entry.arguments_of else { continue };
        let call = calls.iter().find(|call| call.name == *of);
        let call = call.with_context(|| format!("{}: there is no call {of}", entry.name))?;
        let arguments = call.arguments.iter().filter(|argument| argument.name != "notify");
        shared.inputs.push(Input {
            name: entry.name.clone(),
            resource: "shared".to_owned(),
            docs: entry.docs.clone(),
            origin: Origin::own(),
            fields: arguments.map(CallArgument::field).collect(),
        });
    }
    Ok(())
}

fn call(ir: &Ir, names: &Names, entry: Entry) -> Result<Call> {
    let find = |name: &String| {
        let found = ir.operations.iter().find(|operation| operation.name == *name);
        found.with_context(|| format!("there is no operation {name}"))
    };
    let sent: Vec<&Operation> = entry.operations.iter().map(find).collect::<Result<_>>()?;
    let used: Vec<&Operation> = entry.uses.iter().map(find).collect::<Result<_>>()?;
    let main = sent.last().copied();
    let all: Vec<&Operation> = sent.into_iter().chain(used).collect();

    let (resource, method) = match entry.name.split_once('.') {
        Some((resource, method)) => (Some(resource.to_owned()), method.to_owned()),
        None => (None, entry.name.clone()),
    };
    let kind = kind(entry.kind.as_deref(), main)?;
    let (mut arguments, derived) = match (&entry.arguments, main) {
        (Some(given), _) => {
            let read = given.iter().map(|field| field.argument(names));
            (read.collect::<Result<Vec<_>>>()?, Vec::new())
        }
        (None, Some(operation)) => flat(ir, operation, &entry.without)?,
        (None, None) => (Vec::new(), Vec::new()),
    };
    for name in &entry.required {
        let argument = arguments.iter_mut().find(|argument| argument.name == *name);
        let argument = argument.with_context(|| format!("no argument {name} to require"))?;
        ensure!(
            !argument.ty.is_required(),
            "{name} is required without being said so"
        );
        argument.ty = Type::NonNull(Box::new(argument.ty.clone()));
    }
    let switch = main.and_then(|operation| operation.mail.as_ref());
    if let Some(switch) = switch.filter(|_| entry.arguments.is_none()) {
        arguments.push(CallArgument {
            name: "notify".to_owned(),
            docs: format!("{} Nobody is mailed where nothing is said.", switch.docs),
            origin: Origin::own(),
            ty: Type::Scalar(Scalar::Boolean),
        });
    }
    let mails = arguments.iter().any(|argument| argument.name == "notify");
    let returns = match (&entry.returns, main) {
        (Some(spelled), _) => Some(names.resolve(spelled)?),
        (None, Some(operation)) => returns(ir, operation)?,
        (None, None) => None,
    };
    arguments.extend(in_parts(returns.as_ref()));
    let one_of = match entry.one_of {
        Some(groups) => groups,
        None => match (&entry.arguments, main) {
            (Some(_), _) => alternatives(&arguments),
            (None, Some(_)) => alternatives(&derived),
            (None, None) => Vec::new(),
        },
    };
    let docs = entry
        .docs
        .or_else(|| main.map(|operation| operation.docs.clone()));
    let mut example = entry.example;
    let in_order = arguments.iter().map(|argument| argument.name.clone());
    let mut shown: Vec<(String, Value)> = in_order
        .filter_map(|name| example.remove(&name).map(|value| (name, value)))
        .collect();
    shown.extend(example);
    Ok(Call {
        resource,
        method,
        kind,
        docs: docs.context("no docs")?,
        notes: notes(main, &all, mails),
        scopes: scopes(&all),
        one_of,
        select: entry
            .select
            .unwrap_or_else(|| main.is_some() && is_selectable(kind, returns.as_ref())),
        returns,
        handwritten: entry.handwritten,
        example: shown,
        cli: entry.cli,
        rust_only: match &entry.only[..] {
            [] => false,
            [face] if face == "rust" => true,
            other => bail!("only {other:?}: there are calls for Rust only, and for all"),
        },
        operations: entry.operations,
        arguments,
        name: entry.name,
    })
}

/// What calls take whose long lists go out in parts: those that tell of many at once.
fn in_parts(returns: Option<&Type>) -> Vec<CallArgument> {
    let of_many = |name: &str| name == "Membership" || name == "BulkResult";
    if !matches!(returns.map(Type::innermost), Some(Type::Object(name)) if of_many(name)) {
        return Vec::new();
    }
    let settings = [
        (
            "chunk",
            "How many of a long list go in one request, 100 where nothing is said.",
        ),
        (
            "inFlight",
            "How many requests of a long list are in flight, 4 where nothing is said.",
        ),
    ];
    let argument = |(name, docs): (&str, &str)| CallArgument {
        name: name.to_owned(),
        docs: docs.to_owned(),
        origin: Origin::own(),
        ty: Type::Scalar(Scalar::Int),
    };
    settings.map(argument).into()
}

fn kind(given: Option<&str>, main: Option<&Operation>) -> Result<CallKind> {
    Ok(match (given, main) {
        (Some("bulk"), _) => CallKind::Bulk,
        (Some("sync"), _) => CallKind::Sync,
        (Some("file"), _) => CallKind::File,
        (Some("special"), _) => CallKind::Special,
        (Some(other), _) => bail!("{other} is no kind that is said: bulk, sync, file, special"),
        (None, None) => bail!("neither a kind nor an operation"),
        (None, Some(operation)) => match (operation.kind, operation.shape) {
            (OperationKind::Mutation, _) => CallKind::Write,
            (OperationKind::Query, Shape::Connection) => CallKind::List,
            (OperationKind::Query, Shape::List) => CallKind::Listing,
            (OperationKind::Query, Shape::One) => CallKind::Get,
        },
    })
}

/// The operation's arguments, keys first, with the fields of its input object beside them; and the keys alone.
fn flat(
    ir: &Ir,
    operation: &Operation,
    without: &[String],
) -> Result<(Vec<CallArgument>, Vec<CallArgument>)> {
    let own = singular(&operation.resource);
    let mut arguments: Vec<CallArgument> = Vec::new();
    let mut fields: Vec<CallArgument> = Vec::new();
    let given = operation.path.iter().flat_map(|segment| &segment.arguments);
    for argument in given.filter(|argument| !argument.internal) {
        match argument.ty.nullable() {
            Type::Input(name) if operation.kind == OperationKind::Mutation => {
                let input = ir.inputs.iter().find(|input| input.name == *name);
                let input = input.with_context(|| format!("there is no input {name}"))?;
                fields.extend(input.fields.iter().map(CallArgument::from));
            }
            _ => {
                // Of the thing itself the resource has said what it is: `id` where the API says `groupId`.
                let short = argument.variable.strip_prefix(&own).map(words::camel);
                let name = short.filter(|name| KEYS.contains(&name.as_str()));
                arguments.push(CallArgument {
                    name: name.unwrap_or_else(|| argument.variable.clone()),
                    docs: argument.docs.clone(),
                    origin: argument.origin.clone(),
                    ty: argument.ty.clone(),
                });
            }
        }
    }
    for name in without {
        let place = arguments.iter().position(|argument| argument.name == *name);
        arguments.remove(place.with_context(|| format!("no argument {name} to leave out"))?);
    }
    let keys = arguments.clone();
    // A key that is a field too is one argument: which of both it is, is told by what else is given.
    fields.retain(|field| keys.iter().all(|key| key.name != field.name));
    arguments.extend(fields);
    Ok((arguments, keys))
}

/// `group` for the resource `groups`.
fn singular(resource: &str) -> String {
    words::camel(resource.strip_suffix('s').unwrap_or(resource))
}

/// Which arguments stand for one another: the keys, and pairs such as `userIds` and `userRefs`.
fn alternatives(arguments: &[CallArgument]) -> Vec<Vec<String>> {
    let optional = |name: &str| {
        arguments
            .iter()
            .any(|argument| argument.name == name && !argument.ty.is_required())
    };
    let mut groups = Vec::new();
    let keys: Vec<String> = KEYS
        .into_iter()
        .filter(|key| optional(key))
        .map(str::to_owned)
        .collect();
    if keys.len() > 1 {
        groups.push(keys);
    }
    for argument in arguments {
        for (by_id, by_ref) in [("Id", "Ref"), ("Ids", "Refs")] {
            let other = argument
                .name
                .strip_suffix(by_id)
                .map(|stem| format!("{stem}{by_ref}"));
            if let Some(other) = other.filter(|other| optional(other) && optional(&argument.name)) {
                groups.push(vec![argument.name.clone(), other]);
            }
        }
    }
    groups
}

/// What comes of an operation, by the shape of what it selects.
fn returns(ir: &Ir, operation: &Operation) -> Result<Option<Type>> {
    let required = |ty: Type| Type::NonNull(Box::new(ty));
    let node = || Type::Object(operation.node.clone());
    let list = || required(Type::List(Box::new(required(node()))));
    Ok(Some(match (operation.kind, operation.shape) {
        (_, Shape::List) => list(),
        (OperationKind::Query, Shape::Connection) => required(node()),
        (OperationKind::Query, Shape::One) => node(),
        (OperationKind::Mutation, _) => {
            let first = operation.selection.first().context("nothing is selected")?;
            match first.inner.first() {
                Some(inner) if inner.on == "BulkAction" => required(Type::Object("BulkResult".to_owned())),
                Some(inner) => {
                    let is_object = ir.objects.iter().any(|object| object.name == inner.on);
                    ensure!(
                        is_object,
                        "what it returns has to be said: {} is no object",
                        inner.on
                    );
                    required(Type::Object(inner.on.clone()))
                }
                None if ["ok", "success"].contains(&first.name.as_str()) => return Ok(None),
                None if ["addedIds", "removedIds"].contains(&first.name.as_str()) => {
                    required(Type::Object("Membership".to_owned()))
                }
                None => bail!("what it returns has to be said: it selects {}", first.name),
            }
        }
    }))
}

fn is_selectable(kind: CallKind, returns: Option<&Type>) -> bool {
    match kind {
        CallKind::List | CallKind::Listing | CallKind::Get => true,
        CallKind::Write => {
            matches!(returns.map(Type::innermost), Some(Type::Object(name)) if name != "BulkResult")
        }
        CallKind::Bulk | CallKind::Sync | CallKind::File | CallKind::Special => false,
    }
}

fn scopes(operations: &[&Operation]) -> Vec<String> {
    let mut scopes: Vec<String> = operations.iter().flat_map(|o| o.scopes.clone()).collect();
    scopes.sort();
    scopes.dedup();
    scopes
}

/// Needed scopes, repeats, mail and standing, in sentences.
fn notes(main: Option<&Operation>, all: &[&Operation], mails: bool) -> String {
    let mut notes = Vec::new();
    let scopes: Vec<String> = scopes(all).iter().map(|scope| format!("`{scope}`")).collect();
    match &scopes[..] {
        [] if all.is_empty() => {}
        [] => notes.push("Which scope it needs is not documented.".to_owned()),
        [scope] => notes.push(format!("Needs the scope {scope}.")),
        scopes => notes.push(format!("Needs the scopes {}.", scopes.join(", "))),
    }
    if mails {
        notes.push("Nobody is mailed unless `notify` is true.".to_owned());
    }
    if let Some(operation) = main {
        if operation.mail.as_ref().is_some_and(|mail| mail.again) {
            notes.push("A call that mails is not repeated when it fails on the way.".to_owned());
        } else if !operation.repeatable {
            notes.push("Not repeated when it fails on the way.".to_owned());
        }
        let origin = Origin {
            inherited: false,
            ..operation.origin.clone()
        };
        notes.push(words::about(&origin));
        if operation.old && origin.standing != Standing::Old {
            notes.push("What it selects is known from older pages only.".to_owned());
        }
    }
    notes.join(" ")
}

/// Whether a value is one that the type takes.
fn fits(ir: &Ir, ty: &Type, value: &Value) -> Result<()> {
    let is_one = match (ty, value) {
        (Type::NonNull(inner), _) => return fits(ir, inner, value),
        (Type::List(item), Value::Array(values)) => {
            return values.iter().try_for_each(|value| fits(ir, item, value));
        }
        (Type::Map(item), Value::Object(fields)) => {
            return fields.values().try_for_each(|value| fits(ir, item, value));
        }
        (Type::Input(name), Value::Object(fields)) => {
            let mut inputs = ir.inputs.iter().chain(&ir.shared.inputs);
            let input = inputs.find(|input| input.name == *name);
            let input = input.with_context(|| format!("there is no input {name}"))?;
            for (name, value) in fields {
                let field = input.fields.iter().find(|field| field.name == *name);
                fits(
                    ir,
                    &field.with_context(|| format!("there is no field {name}"))?.ty,
                    value,
                )?;
            }
            true
        }
        (Type::Enum(name), Value::String(text)) => {
            let mut enums = ir.enums.iter().chain(&ir.shared.enums);
            enums.any(|e| e.name == *name && e.members.iter().any(|member| member.name == *text))
        }
        (Type::Scalar(Scalar::Boolean), value) => value.is_boolean(),
        (Type::Scalar(Scalar::Int), value) => value.is_i64(),
        (Type::Scalar(Scalar::Float), value) => value.is_number(),
        (Type::Scalar(_), value) => value.is_string(),
        (Type::Opaque(_), _) => true,
        _ => false,
    };
    ensure!(is_one, "{value} is no {ty:?}");
    Ok(())
}
