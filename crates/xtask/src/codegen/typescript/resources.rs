//! Classes of resources: a method for each call.

use std::collections::{BTreeMap, BTreeSet};

use super::text::{self, Way, doc, value_type};
use super::types::member;
use crate::codegen::ir::{Call, CallArgument, CallKind, Ir, Type};
use crate::codegen::words::{call_docs, camel, camel_call, described, pascal};

/// What a resource is, in a sentence.
pub(super) fn about(resource: &str) -> String {
    format!("Calls of {}.", resource.replace('_', " "))
}

/// The files of all resources, by their names.
pub(super) fn emit(ir: &Ir) -> Vec<(String, String)> {
    let mut resources: BTreeMap<&str, Vec<&Call>> = BTreeMap::new();
    for call in ir.calls.iter().filter(|call| !call.rust_only) {
        // What a client does itself is written by hand.
        if let Some(resource) = &call.resource {
            resources.entry(resource).or_default().push(call);
        }
    }
    resources
        .into_iter()
        .map(|(resource, calls)| (resource.to_owned(), file(resource, &calls)))
        .collect()
}

fn file(resource: &str, calls: &[&Call]) -> String {
    let mut code = imports(calls);
    for call in calls {
        code += &arguments(call);
    }
    code += &format!("\n{}", doc(0, &about(resource)));
    code += &format!("export class {} extends Resource {{\n", pascal(resource));
    let methods: Vec<String> = calls.iter().map(|call| method(call)).collect();
    code + &methods.join("\n") + "}\n"
}

fn imports(calls: &[&Call]) -> String {
    let uses = |kinds: &[CallKind]| calls.iter().any(|call| kinds.contains(&call.kind));
    let mut needed: Vec<&str> = Vec::new();
    let mut hands: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut names = BTreeSet::new();
    for call in calls {
        needed.extend(
            options(call)
                .map(|(name, _)| name)
                .filter(|name| *name != "ListOptions"),
        );
        for ty in call
            .arguments
            .iter()
            .map(|argument| &argument.ty)
            .chain(&call.returns)
        {
            text::names(ty, &mut names);
            if let Some((name, file)) = text::handwritten(ty) {
                hands.entry(file).or_default().insert(name);
            }
        }
        if call.one_of.iter().any(|names| names.len() > 1) {
            hands.entry("values").or_default().insert("OneOf");
        }
    }
    needed.sort_unstable();
    needed.dedup();
    let imported: String = needed.iter().map(|name| format!(", type {name}")).collect();
    let mut code = String::new();
    if uses(&[CallKind::Bulk]) {
        code += "import { type BulkOptions, BulkRun, type Rows } from '../../bulk.js';\n";
    }
    code += &format!("import {{ Resource{imported} }} from '../../core.js';\n");
    if uses(&[CallKind::Bulk]) {
        code += "import { callSite } from '../../errors.js';\n";
    }
    if uses(&[CallKind::List]) {
        code += "import { List, type ListOptions } from '../../list.js';\n";
    }
    if uses(&[CallKind::Sync]) {
        code += "import { Sync } from '../../sync.js';\n";
    }
    for (file, names) in hands {
        let names = names.into_iter().collect::<Vec<_>>().join(", ");
        code += &format!("import type {{ {names} }} from '../../{file}.js';\n");
    }
    code + &text::imports(&names, &[], "../index.js")
}

/// What a call is made with beside its arguments: the type, and whether its result can be another one.
fn options(call: &Call) -> impl Iterator<Item = (&'static str, bool)> {
    let name = match call.kind {
        CallKind::List => "ListOptions",
        CallKind::Bulk | CallKind::Sync => return None.into_iter(),
        _ if call.select => "SelectOptions",
        _ => "CallOptions",
    };
    Some((name, call.select)).into_iter()
}

/// Arguments that stand in the object, not by themselves.
fn given(call: &Call) -> impl Iterator<Item = &CallArgument> {
    let by_itself = matches!(call.kind, CallKind::Bulk | CallKind::Sync);
    call.arguments
        .iter()
        .filter(move |argument| !(by_itself && argument.name == "rows"))
}

/// The interface of a call's arguments.
fn arguments(call: &Call) -> String {
    let name = arguments_type(call);
    let docs = format!("What `{}` takes.", camel_call(&call.name));
    if given(call).next().is_none() {
        return format!(
            "\n{}export type {name} = Readonly<Record<string, never>>;\n",
            doc(0, &format!("{docs} There is nothing to say."))
        );
    }
    let mut code = format!("\n{}export interface {name} {{\n", doc(0, &docs));
    for argument in given(call) {
        code += &doc(1, &described(&argument.docs, &argument.origin));
        code += &member(
            &argument.name,
            &argument.ty,
            Way::Given,
            argument.ty.is_required(),
        );
    }
    code + "}\n"
}

fn arguments_type(call: &Call) -> String {
    format!("{}Args", pascal(&call.name.replace('.', "_")))
}

/// The type of the parameter: of some arguments one has to be there.
fn parameter_type(call: &Call) -> String {
    let groups = call.one_of.iter().filter(|names| names.len() > 1);
    groups.fold(arguments_type(call), |ty, names| {
        let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
        format!("OneOf<{ty}, {}>", names.join(" | "))
    })
}

fn method(call: &Call) -> String {
    let docs = call_docs(call, |name| format!("`{}`", camel_call(name)));
    let docs = format!("{docs}\n\n@example\n```ts\n{}\n```", example(call));
    let mut code = doc(1, &docs);
    let name = camel(&call.method);
    let can_be_empty = call.required().next().is_none() && call.one_of.is_empty();
    let default = if can_be_empty { " = {}" } else { "" };
    let args = parameter_type(call);
    let returns = returns(call);
    code += &match call.kind {
        CallKind::List => format!(
            "  {name}(args: {args}{default}, options: ListOptions = {{}}): List<{returns}> {{\n    \
             return new List({{ core: this.core, name: '{}', args, select: undefined, parallel: undefined }}, options);\n  }}\n",
            call.name
        ),
        CallKind::Bulk => {
            let rows = row_type(call);
            // The rows stand by themselves and are required in any case.
            let default = if call.required().any(|argument| argument.name != "rows") {
                ""
            } else {
                " = {}"
            };
            format!(
                "  {name}(rows: Rows<{rows}>, options: {args} & BulkOptions{default}): BulkRun<{rows}> {{\n    \
                 return new BulkRun(this.core, '{}', rows, options, callSite(this.{name}));\n  }}\n",
                call.name
            )
        }
        CallKind::Sync => {
            let rows = row_type(call);
            format!(
                "  {name}(rows: Iterable<{rows}> | AsyncIterable<{rows}>, args: {args} = {{}}): Sync {{\n    \
                 return new Sync(this.core, rows, args);\n  }}\n"
            )
        }
        CallKind::File => format!(
            "  {name}(args: {args}, options?: CallOptions): Promise<{returns}> {{\n    \
             return this.sendFile('{}', args, options);\n  }}\n",
            call.name
        ),
        CallKind::Get | CallKind::Listing | CallKind::Write | CallKind::Special => {
            let (options, other) = options(call).next().unwrap_or(("CallOptions", false));
            let (generic, returns) = if other {
                selectable(call)
            } else {
                (String::new(), returns)
            };
            format!(
                "  {name}{generic}(args: {args}{default}, options?: {options}): Promise<{returns}> {{\n    \
                 return this.send('{}', args, options);\n  }}\n",
                call.name
            )
        }
    };
    code
}

/// What a call gives.
fn returns(call: &Call) -> String {
    let Some(ty) = &call.returns else {
        return "void".to_owned();
    };
    let value = value_type(ty, Way::Read);
    if ty.is_required() || call.kind == CallKind::List {
        value
    } else {
        format!("{value} | null")
    }
}

/// A result of which other fields can be selected: its type is a parameter, the usual one where nothing is said.
fn selectable(call: &Call) -> (String, String) {
    let Some(ty) = &call.returns else {
        return (String::new(), "void".to_owned());
    };
    let usual = value_type(ty.innermost(), Way::Read);
    let generic = format!("<Result = {usual}>");
    (generic, returns(call).replace(&usual, "Result"))
}

fn row_type(call: &Call) -> String {
    let rows = call.arguments.iter().find(|argument| argument.name == "rows");
    rows.map_or_else(
        || "unknown".to_owned(),
        |rows| value_type(rows.ty.innermost(), Way::Given),
    )
}

/// How a call is made.
fn example(call: &Call) -> String {
    let place = format!("pluvo.{}", camel_call(&call.name));
    let shown = |skip: &str| {
        let shown = call.example.iter().filter(|(name, _)| name != skip);
        text::object(shown.map(|(name, value)| (name, value)))
    };
    let rows = || {
        let rows = call.example.iter().find(|(name, _)| name == "rows");
        rows.map_or_else(|| "rows".to_owned(), |(_, rows)| text::literal(rows))
    };
    let more = |text: String| {
        if text == "{}" {
            String::new()
        } else {
            format!(", {text}")
        }
    };
    match call.kind {
        CallKind::List => format!(
            "for await (const row of {place}({})) console.log(row);",
            shown("").replace("{}", "")
        ),
        CallKind::Bulk => format!(
            "const rows = {};\nconst report = await {place}(rows{});",
            rows(),
            more(shown("rows"))
        ),
        CallKind::Sync => format!(
            "const rows = {};\nconst plan = await {place}(rows{}).plan();\nconsole.log(plan.summary);\nawait plan.apply();",
            rows(),
            more(shown("rows"))
        ),
        _ => {
            let mut shown = shown("").replace("{}", "");
            if shown.is_empty() {
                // Values that an earlier call gave.
                let names: Vec<&str> = call.required().map(|argument| argument.name.as_str()).collect();
                if !names.is_empty() {
                    shown = format!("{{ {} }}", names.join(", "));
                }
            }
            let call_text = format!("await {place}({shown});");
            match &call.returns {
                None => call_text,
                Some(ty) => format!("const {} = {call_text}", result_name(ty)),
            }
        }
    }
}

/// What a result is called in an example.
fn result_name(ty: &Type) -> String {
    match ty.nullable() {
        Type::List(_) => "rows".to_owned(),
        Type::Object(name) => camel(name),
        _ => "result".to_owned(),
    }
}
