//! `tests/conformance/surface.json`: every call with its name in each face.

use serde_json::{Value, json};

use super::File;
use super::ir::{Call, Ir};
use super::words::camel_call;

/// Writes the file, a line for each call.
pub(crate) fn emit(ir: &Ir) -> Vec<File> {
    let lines: Vec<String> = ir.calls.iter().map(line).collect();
    vec![File {
        path: "tests/conformance/surface.json".into(),
        text: format!("{{\n{}\n}}\n", lines.join(",\n")),
    }]
}

fn line(call: &Call) -> String {
    let rust = match &call.resource {
        Some(resource) => format!("client.{resource}().{}", call.method),
        None => format!("client.{}", call.method),
    };
    let everywhere = |name: String| if call.rust_only { Value::Null } else { json!(name) };
    let camel = everywhere(camel_call(&call.name));
    let names = [
        ("operations", json!(call.operations)),
        ("rust", json!(rust)),
        ("python", everywhere(call.name.clone())),
        ("node", camel.clone()),
        ("kotlin", camel.clone()),
        ("swift", camel),
        ("cli", json!(call.cli)),
    ];
    let names: Vec<String> = names
        .iter()
        .map(|(face, name)| format!("{face:?}: {name}"))
        .collect();
    format!("  {:?}: {{{}}}", call.name, names.join(", "))
}
