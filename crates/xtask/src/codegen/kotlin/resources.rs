//! `resource/*.kt`: the calls, one class of methods for each resource.

use super::text::{WIDTH, comment, declared, listed, literal, name, optional_type, reference, value_type};
use crate::codegen::ir::{Call, CallArgument, CallKind, Ir, Type};
use crate::codegen::words;

/// One resource's class of methods.
pub(super) fn emit(ir: &Ir, resource: &str, calls: &[&Call]) -> String {
    let class = words::pascal(resource);
    let methods: Vec<String> = calls.iter().flat_map(|call| methods(ir, call)).collect();
    format!(
        "{}public class {class} internal constructor(private val core: Core) {{\n{}}}\n",
        comment(0, &format!("The calls of `{}`.", words::camel(resource))),
        methods.join("\n"),
    )
}

/// The method of a call, and the other forms that it has.
fn methods(ir: &Ir, call: &Call) -> Vec<String> {
    let mut methods = vec![method(ir, call)];
    if call.select && matches!(call.kind, CallKind::List | CallKind::Listing | CallKind::Get) {
        methods.push(selecting(call));
    }
    if call.kind == CallKind::Bulk {
        methods.push(streaming(call));
    }
    methods
}

fn method(ir: &Ir, call: &Call) -> String {
    let rows = |argument: &CallArgument| match argument.ty.nullable() {
        Type::List(item) => format!("{}: Iterable<{}>", name(&argument.name), value_type(item)),
        _ => unreachable!("rows are a list"),
    };
    let mut parameters: Vec<String> = call
        .arguments
        .iter()
        .map(|argument| {
            if is_rows(call, argument) {
                rows(argument)
            } else {
                declared(&argument.name, &argument.ty)
            }
        })
        .collect();
    if call.kind == CallKind::Bulk {
        parameters.push(PROGRESS.to_owned());
    }
    let returns = match (call.kind, &call.returns) {
        (CallKind::List, Some(row)) => format!("Paged<{}>", value_type(row)),
        (_, Some(ty)) => optional_type(ty),
        (_, None) => "Unit".to_owned(),
    };
    let made = match call.kind {
        CallKind::List => format!("core.list({:?})", call.name),
        CallKind::File if call.returns.is_none() => format!("core.run({:?}, content)", call.name),
        CallKind::File => format!("core.upload({:?}, content)", call.name),
        CallKind::Sync => "core.plan(rows)".to_owned(),
        // Its flow is that of the method that takes one.
        CallKind::Bulk => {
            let given = call.arguments.iter().map(|argument| match &argument.name {
                rows if is_rows(call, argument) => format!("{rows}.asFlow()"),
                other => name(other),
            });
            let given: Vec<String> = given.chain(["progress".to_owned()]).collect();
            let made = format!("{}({})", name(&call.method), given.join(", "));
            return documentation(ir, call) + &function(call, "", &parameters, &returns, &made);
        }
        _ if call.returns.is_none() => format!("core.run({:?})", call.name),
        _ => format!("core.call({:?})", call.name),
    };
    documentation(ir, call) + &function(call, "", &parameters, &returns, &(made + &arguments(call)))
}

/// How far a bulk write is, told while it runs.
const PROGRESS: &str = "progress: ((BulkTotals) -> Unit)? = null";

/// The same, of fields of one's own.
fn selecting(call: &Call) -> String {
    let mut parameters: Vec<String> = call
        .arguments
        .iter()
        .map(|argument| declared(&argument.name, &argument.ty))
        .collect();
    parameters.push("select: Selection<T>".to_owned());
    let (returns, made) = match call.kind {
        CallKind::List => (
            "Paged<T>",
            format!("core.list({:?}, select.serializer", call.name),
        ),
        CallKind::Listing => (
            "List<T>",
            format!("core.call({:?}, ListSerializer(select.serializer)", call.name),
        ),
        _ => (
            "T?",
            format!("core.call({:?}, select.serializer.nullable", call.name),
        ),
    };
    let docs = comment(
        4,
        &format!(
            "As [{}], of fields of one's own. {}",
            name(&call.method),
            call.notes
        ),
    );
    let made = format!("{made}, select.fields){}", arguments(call));
    docs + &function(call, "<T : Any> ", &parameters, returns, &made)
}

/// The same, from rows that arrive by and by.
fn streaming(call: &Call) -> String {
    let mut parameters: Vec<String> = call
        .arguments
        .iter()
        .map(|argument| match argument.ty.nullable() {
            Type::List(item) if is_rows(call, argument) => {
                format!("{}: Flow<{}>", name(&argument.name), value_type(item))
            }
            _ => declared(&argument.name, &argument.ty),
        })
        .collect();
    parameters.push(PROGRESS.to_owned());
    let docs = comment(
        4,
        &format!(
            "As [{}], from rows that arrive by and by. Where the flow ends early, what was sent is finished and reported. {}",
            name(&call.method),
            call.notes
        ),
    );
    let made = format!("core.bulk({:?}, rows, progress){}", call.name, arguments(call));
    docs + &function(call, "", &parameters, "Report", &made)
}

/// A method that is one expression, which begins on the line on which its head ends if there is room.
fn function(call: &Call, generic: &str, parameters: &[String], returns: &str, made: &str) -> String {
    let suspends = if call.kind == CallKind::List {
        ""
    } else {
        "suspend "
    };
    let open = format!("public {suspends}fun {generic}{}(", name(&call.method));
    let head = listed(4, &open, parameters, &format!("): {returns} ="));
    let begins = made.lines().next().unwrap_or_default();
    let last = head.lines().last().unwrap_or_default();
    if last.chars().count() + 1 + begins.chars().count() <= WIDTH {
        format!("{head} {made}\n")
    } else {
        format!("{head}\n        {}\n", made.replace('\n', "\n    "))
    }
}

/// Whether it is the rows of a bulk write or of a sync, which do not stand among the arguments.
fn is_rows(call: &Call, argument: &CallArgument) -> bool {
    argument.name == "rows" && matches!(call.kind, CallKind::Bulk | CallKind::Sync)
}

fn is_content(argument: &CallArgument) -> bool {
    *argument.ty.nullable() == Type::Opaque("Content".to_owned())
}

/// The block that puts the arguments into the request.
fn arguments(call: &Call) -> String {
    let given: String = call
        .arguments
        .iter()
        .filter(|argument| !is_content(argument) && !is_rows(call, argument))
        .map(|argument| format!("        put({:?}, {})\n", argument.name, name(&argument.name)))
        .collect();
    if given.is_empty() {
        String::new()
    } else {
        format!(" {{\n{given}    }}")
    }
}

/// What a call does, an example, and a word on each argument.
fn documentation(ir: &Ir, call: &Call) -> String {
    let mut docs = words::call_docs(call, reference);
    if !call.handwritten || !call.example.is_empty() {
        docs += &format!("\n\n```kotlin\n{}\n```", example(ir, call));
    }
    if !call.arguments.is_empty() {
        docs.push('\n');
    }
    for argument in &call.arguments {
        let about = words::described(&words::refer(&argument.docs, reference), &argument.origin);
        let about = format!(
            "@param {} {}",
            words::camel(&argument.name),
            about.replace("\n\n", " ")
        );
        // Broken here, because the lines of a tag stand indented.
        for (number, line) in words::wrap(&about, WIDTH - 9).iter().enumerate() {
            docs += &format!("\n{}{line}", if number == 0 { "" } else { "  " });
        }
    }
    if call.kind == CallKind::Bulk {
        docs += "\n@param progress Is told how far it is, at most ten times a second.";
    }
    comment(4, &docs)
}

/// Whether an example has to give the argument and the schema has no value for that: it has one of its own then.
pub(super) fn is_left_open(call: &Call, argument: &CallArgument) -> bool {
    argument.ty.is_required() && call.example.iter().all(|(name, _)| *name != argument.name)
}

/// Kotlin that makes the call, as wide as a comment in a class has room for.
pub(super) fn example(ir: &Ir, call: &Call) -> String {
    let given: Vec<String> = call
        .arguments
        .iter()
        .filter_map(|argument| {
            let label = name(&argument.name);
            match call.example.iter().find(|(name, _)| *name == argument.name) {
                Some((_, value)) => Some(format!("{label} = {}", literal(ir, &argument.ty, value))),
                None => is_left_open(call, argument).then(|| format!("{label} = {label}")),
            }
        })
        .collect();
    let (before, after) = match (call.kind, &call.returns) {
        (CallKind::List, _) => (String::new(), ").collect { println(it) }"),
        (_, None) => (String::new(), ")"),
        (_, Some(ty)) => (format!("val {} = ", result(ty)), ")"),
    };
    let open = format!("{before}pluvo.{}(", words::camel_call(&call.name));
    let line = format!("{open}{}{after}", given.join(", "));
    if line.chars().count() <= WIDTH - 7 {
        return line;
    }
    format!("{open}\n    {},\n{after}", given.join(",\n    "))
}

/// A name for what comes of a call.
fn result(ty: &Type) -> String {
    match ty.nullable() {
        Type::List(item) => match item.innermost() {
            Type::Object(name) | Type::Union(name) => words::camel(name) + "s",
            _ => "values".to_owned(),
        },
        Type::Object(name) | Type::Opaque(name) => words::camel(name),
        _ => "result".to_owned(),
    }
}
