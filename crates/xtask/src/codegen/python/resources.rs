//! `resources/*.py`: classes of resources with a method for each call, for threads and for coroutines; and `clients.py`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};

use super::columns::columns;
use super::docs::{docstring, section};
use super::text::{self, Way, argument_name, literal, or_none, quoted, value_type};
use crate::codegen::ir::{Call, CallArgument, CallKind, Ir, OperationKind, Type};
use crate::codegen::words::{call_docs, described, pascal, snake};

/// The longest line, its end included.
const WIDTH: usize = 121;

/// Whether somebody waits as a thread or as a coroutine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Sync,
    Async,
}

impl Mode {
    fn class(self, name: &str) -> String {
        match self {
            Self::Sync => name.to_owned(),
            Self::Async => format!("Async{name}"),
        }
    }

    fn def(self) -> &'static str {
        match self {
            Self::Sync => "def",
            Self::Async => "async def",
        }
    }

    fn wait(self) -> &'static str {
        match self {
            Self::Sync => "",
            Self::Async => "await ",
        }
    }
}

fn grouped(ir: &Ir) -> BTreeMap<&str, Vec<&Call>> {
    let mut resources: BTreeMap<&str, Vec<&Call>> = BTreeMap::new();
    for call in ir.calls.iter().filter(|call| !call.rust_only) {
        // What a client does itself is written by hand.
        if let Some(resource) = &call.resource {
            resources.entry(resource).or_default().push(call);
        }
    }
    resources
}

fn about(resource: &str) -> String {
    format!("Calls of {}.", resource.replace('_', " "))
}

/// The resources of a client. Each is loaded when it is first used.
pub(super) fn clients(ir: &Ir) -> String {
    let resources = grouped(ir);
    let mut code = docstring(0, "The resources of a client.");
    code += "\nfrom __future__ import annotations\n\nfrom functools import cached_property\nfrom typing import TYPE_CHECKING\n\n";
    code += "from .._core import Connected\n\nif TYPE_CHECKING:\n";
    for resource in resources.keys() {
        let class = pascal(resource);
        code += &format!("    from .resources.{resource} import Async{class}, {class}\n");
    }
    for mode in [Mode::Sync, Mode::Async] {
        let name = mode.class("Resources");
        code += &format!("\n\nclass {name}(Connected):\n    \"\"\"The resources of a client.\"\"\"\n");
        for resource in resources.keys() {
            let class = mode.class(&pascal(resource));
            code += &format!("\n    @cached_property\n    def {resource}(self) -> {class}:\n");
            code += &docstring(2, &about(resource));
            code += &format!(
                "        from .resources.{resource} import {class}\n\n        return {class}(self._core)\n"
            );
        }
    }
    code
}

/// The files of all resources, by their names.
pub(super) fn emit(ir: &Ir) -> Result<Vec<(String, String)>> {
    let resources = grouped(ir).into_iter();
    resources
        .map(|(resource, calls)| {
            let text = file(ir, resource, &calls).with_context(|| resource.to_owned())?;
            Ok((resource.to_owned(), text))
        })
        .collect()
}

fn file(ir: &Ir, resource: &str, calls: &[&Call]) -> Result<String> {
    let mut code = docstring(0, &about(resource));
    code += "\nfrom __future__ import annotations\n\n";
    code += &imports(calls);
    for call in calls.iter().filter(|call| call.kind == CallKind::List) {
        code += &format!("\n{} = {}\n", constant(call), quoted_long(&columns(ir, call)?));
    }
    for mode in [Mode::Sync, Mode::Async] {
        let base = mode.class("Resource");
        code += &format!("\n\nclass {}({base}):\n", mode.class(&pascal(resource)));
        code += &docstring(1, &about(resource));
        for call in calls {
            code += &method(ir, call, mode)?;
        }
    }
    Ok(code)
}

/// Text with quotes in it, in lines that are not too long.
fn quoted_long(text: &str) -> String {
    let pieces: Vec<char> = text.chars().collect();
    let lines: Vec<String> = pieces
        .chunks(100)
        .map(|piece| format!("    '{}'\n", piece.iter().collect::<String>()))
        .collect();
    format!("(\n{})", lines.concat())
}

fn constant(call: &Call) -> String {
    format!("_{}", call.method.to_uppercase())
}

fn imports(calls: &[&Call]) -> String {
    let mut uses = BTreeSet::new();
    let mut add = |module: &str, name: &str| {
        uses.insert((module.to_owned(), name.to_owned()));
    };
    add("._resource", "Resource");
    add("._resource", "AsyncResource");
    for call in calls {
        match call.kind {
            CallKind::List => {
                add("._list", "List");
                add("._list", "AsyncList");
            }
            CallKind::Bulk => {
                add("collections.abc", "AsyncIterable");
                add("collections.abc", "Callable");
                add("collections.abc", "Iterable");
                add("collections.abc", "Mapping");
                add("._generated.models", "BulkTotals");
                add("._generated.models", "RowOutcome");
                add("._bulk", "Outcomes");
                add("._bulk", "AsyncOutcomes");
                add("._values", "Report");
                add("typing", "Any");
                add("typing", "Literal");
                add("typing", "overload");
            }
            CallKind::Sync => {
                add("collections.abc", "Iterable");
                add("collections.abc", "Mapping");
                add("._sync", "Sync");
                add("._sync", "AsyncSync");
                add("typing", "Any");
            }
            _ if selectable(call) => {
                add("typing", "Any");
                add("typing", "overload");
            }
            _ => {}
        }
    }
    let mut read = BTreeSet::new();
    for call in calls {
        for argument in &call.arguments {
            match (call.kind, argument.name.as_str()) {
                (CallKind::Bulk | CallKind::Sync, "rows") => {
                    text::uses(argument.ty.innermost(), Way::Given, &mut uses);
                }
                _ => text::uses(&argument.ty, Way::Given, &mut uses),
            }
        }
        if let Some(ty) = &call.returns {
            text::uses(ty, Way::Read, &mut read);
        }
    }
    // What stands in annotations alone is not loaded: dictionaries and words that are given.
    let given =
        |module: &str| ["._bulk", "._generated.enums", "._generated.inputs", "._values"].contains(&module);
    let (annotated, mut uses): (BTreeSet<_>, BTreeSet<_>) =
        uses.into_iter().partition(|(module, _)| given(module));
    let annotated = &annotated - &read;
    uses.extend(read);
    if annotated.is_empty() {
        return text::imports(&uses, "...", 0);
    }
    uses.insert(("typing".to_owned(), "TYPE_CHECKING".to_owned()));
    let annotated = text::imports(&annotated, "...", 4);
    format!(
        "{}\nif TYPE_CHECKING:\n{annotated}",
        text::imports(&uses, "...", 0)
    )
}

/// Whether a call's result can have other fields.
fn selectable(call: &Call) -> bool {
    call.select
        && !matches!(
            call.kind,
            CallKind::List | CallKind::Bulk | CallKind::Sync | CallKind::File
        )
}

fn method(ir: &Ir, call: &Call, mode: Mode) -> Result<String> {
    let docs = docs(ir, call, mode);
    match call.kind {
        CallKind::List => list(call, mode, &docs),
        CallKind::Bulk => bulk(call, mode, &docs),
        CallKind::Sync => sync(call, mode, &docs),
        _ if selectable(call) => selected(call, mode, &docs),
        _ => {
            let (params, args) = parameters(call, None)?;
            let ty = returns(call);
            let mut code = signature(mode.def(), &call.method, &params, &ty);
            code += &docs;
            let method = if call.kind == CallKind::File {
                "upload"
            } else {
                "call"
            };
            let before = format!("return {}self._{method}({}, ", mode.wait(), quoted(&call.name));
            code += &passing(&before, &args, &format!(", {ty})"));
            Ok(code)
        }
    }
}

/// A method whose result is plain where other fields are selected.
fn selected(call: &Call, mode: Mode, docs: &str) -> Result<String> {
    let usual = returns(call);
    let plain = plain(call);
    let mut code = String::new();
    for (select, ty) in [("select: None = None", &usual), ("select: str", &plain)] {
        let (params, _) = parameters(call, Some(select))?;
        code += "\n    @overload";
        code += signature(mode.def(), &call.method, &params, ty).trim_end();
        code += " ...\n";
    }
    let (params, args) = parameters(call, Some("select: str | None = None"))?;
    code += &signature(mode.def(), &call.method, &params, "Any");
    code += docs;
    let before = format!("return {}self._call({}, ", mode.wait(), quoted(&call.name));
    code += &passing(&before, &args, &format!(", {usual}, select)"));
    Ok(code)
}

fn list(call: &Call, mode: Mode, docs: &str) -> Result<String> {
    let (params, args) = parameters(call, None)?;
    let row = returns_value(call);
    let class = mode.class("List");
    let mut code = signature("def", &call.method, &params, &format!("{class}[{row}]"));
    code += docs;
    let before = format!("return {class}(self._core, {}, ", quoted(&call.name));
    code += &passing(&before, &args, &format!(", {row}, {})", constant(call)));
    Ok(code)
}

fn bulk(call: &Call, mode: Mode, docs: &str) -> Result<String> {
    let (mut params, args) = parameters(call, None)?;
    let row = format!("{} | Mapping[str, Any]", row_type(call)?);
    let rows = match mode {
        Mode::Sync => format!("Iterable[{row}]"),
        Mode::Async => format!("Iterable[{row}] | AsyncIterable[{row}]"),
    };
    params.insert(0, format!("rows: {rows}"));
    params.push("on_progress: Callable[[BulkTotals], object] | None = None".to_owned());
    params.push("on_outcome: Callable[[RowOutcome], object] | None = None".to_owned());
    let with = |stream: &str| [params.as_slice(), &[format!("stream: {stream}")]].concat();
    let mut code = String::new();
    for (stream, def, returns) in [
        ("Literal[False] = False", mode.def(), "Report".to_owned()),
        ("Literal[True]", "def", mode.class("Outcomes")),
    ] {
        code += "\n    @overload";
        code += signature(def, &call.method, &with(stream), &returns).trim_end();
        code += " ...\n";
    }
    code += &signature("def", &call.method, &with("bool = False"), "Any");
    code += docs;
    let before = format!("return self._bulk({}, ", quoted(&call.name));
    code += &passing(&before, &args, ", rows, on_progress, on_outcome, stream)");
    Ok(code)
}

fn sync(call: &Call, mode: Mode, docs: &str) -> Result<String> {
    let (mut params, args) = parameters(call, None)?;
    params.insert(
        0,
        format!("rows: Iterable[{} | Mapping[str, Any]]", row_type(call)?),
    );
    let class = mode.class("Sync");
    let mut code = signature("def", &call.method, &params, &class);
    code += docs;
    Ok(code + &passing(&format!("return {class}(self._core, rows, "), &args, ")"))
}

fn row_type(call: &Call) -> Result<String> {
    let rows = call.arguments.iter().find(|argument| argument.name == "rows");
    let rows = rows.context("there are no rows")?;
    Ok(value_type(rows.ty.innermost(), Way::Given))
}

/// Arguments that are passed by their names, required ones first.
fn keywords(call: &Call) -> Vec<&CallArgument> {
    let by_itself = matches!(call.kind, CallKind::Bulk | CallKind::Sync);
    let all = call.arguments.iter();
    let mut all: Vec<&CallArgument> = all
        .filter(|argument| !(by_itself && argument.name == "rows"))
        .collect();
    all.sort_by_key(|argument| !argument.ty.is_required());
    all
}

/// The parameters, and the members of the dictionary that passes them on.
fn parameters(call: &Call, more: Option<&str>) -> Result<(Vec<String>, Vec<String>)> {
    let mut params = Vec::new();
    let mut args = Vec::new();
    for argument in keywords(call) {
        let name = argument_name(&argument.name)?;
        let ty = value_type(&argument.ty, Way::Given);
        params.push(if argument.ty.is_required() {
            format!("{name}: {ty}")
        } else {
            format!("{name}: {} = None", or_none(&ty))
        });
        args.push(format!("{}: {name}", quoted(&argument.name)));
    }
    params.extend(more.map(str::to_owned));
    if !params.is_empty() {
        params.insert(0, "*".to_owned());
    }
    Ok((params, args))
}

/// A statement with a dictionary in it.
fn passing(before: &str, args: &[String], after: &str) -> String {
    let line = format!("        {before}{{{}}}{after}\n", args.join(", "));
    if line.len() <= WIDTH {
        return line;
    }
    let args: String = args.iter().map(|arg| format!("            {arg},\n")).collect();
    format!("        {before}{{\n{args}        }}{after}\n")
}

fn signature(def: &str, name: &str, params: &[String], returns: &str) -> String {
    let inner = params.join(", ");
    let comma = if params.is_empty() { "" } else { ", " };
    let line = format!("    {def} {name}(self{comma}{inner}) -> {returns}:\n");
    // An overload ends in dots.
    if line.len() + " ...".len() <= WIDTH {
        return format!("\n{line}");
    }
    let params: String = params.iter().map(|param| format!("        {param},\n")).collect();
    format!("\n    {def} {name}(\n        self,\n{params}    ) -> {returns}:\n")
}

fn returns_value(call: &Call) -> String {
    call.returns
        .as_ref()
        .map_or_else(|| "None".to_owned(), |ty| value_type(ty, Way::Read))
}

fn returns(call: &Call) -> String {
    match &call.returns {
        Some(ty) if !ty.is_required() => or_none(&returns_value(call)),
        _ => returns_value(call),
    }
}

/// The result where the caller says which fields it has.
fn plain(call: &Call) -> String {
    let usual = call
        .returns
        .as_ref()
        .map(|ty| value_type(ty.innermost(), Way::Read));
    usual.map_or_else(
        || "Any".to_owned(),
        |usual| returns(call).replace(&usual, "dict[str, Any]"),
    )
}

fn docs(ir: &Ir, call: &Call, mode: Mode) -> String {
    let spell = |name: &str| format!("`{name}`");
    let mut docs = call_docs(call, spell);
    let mut args: Vec<(String, String)> = Vec::new();
    if matches!(call.kind, CallKind::Bulk | CallKind::Sync) {
        let rows = call.arguments.iter().find(|argument| argument.name == "rows");
        args.extend(rows.map(|rows| ("rows".to_owned(), rows.docs.clone())));
    }
    for argument in keywords(call) {
        args.push((
            text::name(&argument.name),
            described(&argument.docs, &argument.origin),
        ));
    }
    if call.kind == CallKind::Bulk {
        let hooks = [
            (
                "on_progress",
                "Is told how far it is, ten times a second at most.",
            ),
            (
                "on_outcome",
                "Is told what became of each row as soon as that is known, in the order of the rows.",
            ),
            (
                "stream",
                "Whether outcomes are given one by one as they become known, instead of a report. Then rows are taken \
                 as outcomes are asked for, and neither are kept.",
            ),
        ];
        args.extend(hooks.map(|(name, docs)| (name.to_owned(), docs.to_owned())));
    }
    if selectable(call) {
        let docs = "Other fields than the default ones, as GraphQL: `id name`. The result is plain then.";
        args.push(("select".to_owned(), docs.to_owned()));
    }
    docs += &section("Args", 2, &args);
    docs += &section("Raises", 2, &raises(ir, call));
    docs += "\n\nExample:";
    for line in example(call, mode) {
        docs += &format!("\n    {line}");
    }
    docstring(2, &docs)
}

fn raises(ir: &Ir, call: &Call) -> Vec<(String, String)> {
    let mut raises: Vec<(&str, &str)> = Vec::new();
    if call.kind == CallKind::List {
        raises.push((
            "PluvoError",
            "Reading it, whatever can befall a request. Nothing is sent before it is read.",
        ));
        return owned(&raises);
    }
    let sent = |name: &String| ir.operations.iter().find(|operation| operation.name == *name);
    let writes: Vec<_> = call
        .operations
        .iter()
        .filter_map(sent)
        .filter(|operation| operation.kind == OperationKind::Mutation)
        .collect();
    if !call.one_of.is_empty() || call.required().next().is_some() {
        raises.push((
            "InvalidRequestError",
            "An argument is lacking or wrong, or Pluvo refuses it.",
        ));
    }
    if writes.iter().any(|operation| !operation.repeatable) {
        raises.push((
            "IndeterminateError",
            "It was sent, and nobody knows whether it was carried out.",
        ));
    }
    if !call.scopes.is_empty() {
        raises.push(("PermissionDeniedError", "The token may not do it."));
    }
    raises.push(("PluvoError", "Whatever else can befall a request."));
    owned(&raises)
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, docs)| ((*name).to_owned(), (*docs).to_owned()))
        .collect()
}

/// The longest line of an example, which stands three levels deep.
const EXAMPLE: usize = 108;

/// How a call is made.
fn example(call: &Call, mode: Mode) -> Vec<String> {
    let place = format!("pluvo.{}", call.name);
    let shown = call
        .example
        .iter()
        .filter(|(name, _)| name != "rows" || !is_rows(call));
    let mut shown: Vec<String> = shown
        .map(|(name, value)| format!("{}={}", text::name(name), literal(value)))
        .collect();
    if call.example.is_empty() {
        // What it takes comes from elsewhere.
        let required = call.required().map(|argument| text::name(&argument.name));
        shown.extend(required.map(|name| format!("{name}={name}")));
    }
    let rows = call
        .example
        .iter()
        .find(|(name, _)| name == "rows" && is_rows(call));
    let rows = rows.map(|(_, rows)| format!(">>> rows = {}", literal(rows)));
    let wait = mode.wait();
    let arguments = |first: &str| {
        let first = (!first.is_empty()).then(|| first.to_owned());
        first
            .into_iter()
            .chain(shown.iter().cloned())
            .collect::<Vec<_>>()
            .join(", ")
    };
    match call.kind {
        CallKind::List => {
            let each = match mode {
                Mode::Sync => "for",
                Mode::Async => "async for",
            };
            vec![
                format!(">>> {each} row in {place}({}):", arguments("")),
                "...     print(row)".to_owned(),
            ]
        }
        CallKind::Bulk => rows
            .into_iter()
            .chain([
                format!(">>> report = {wait}{place}({})", arguments("rows")),
                ">>> print(report.created, report.failed)".to_owned(),
            ])
            .collect(),
        CallKind::Sync => rows
            .into_iter()
            .chain([
                format!(">>> plan = {wait}{place}({}).plan()", arguments("rows")),
                ">>> print(plan.summary)".to_owned(),
                format!(">>> applied = {wait}plan.apply()"),
            ])
            .collect(),
        _ => {
            let begin = match &call.returns {
                None => format!(">>> {wait}{place}("),
                Some(ty) => format!(">>> {} = {wait}{place}(", result_name(ty)),
            };
            let line = format!("{begin}{})", arguments(""));
            if line.chars().count() <= EXAMPLE {
                return vec![line];
            }
            let arguments = shown.iter().map(|argument| format!("...     {argument},"));
            let end = std::iter::once("... )".to_owned());
            std::iter::once(begin).chain(arguments).chain(end).collect()
        }
    }
}

fn is_rows(call: &Call) -> bool {
    matches!(call.kind, CallKind::Bulk | CallKind::Sync)
}

/// What a result is called in an example.
fn result_name(ty: &Type) -> String {
    match ty.nullable() {
        Type::List(_) => "rows".to_owned(),
        Type::Object(name) => snake(name),
        _ => "result".to_owned(),
    }
}
