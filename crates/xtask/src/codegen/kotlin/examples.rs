//! `samples/reference/Examples.kt`: the examples of the reference, which are compiled with the tests.

use super::resources::{example, is_left_open};
use super::text;
use crate::codegen::ir::Ir;
use crate::codegen::words;

/// A function for the example of each call.
pub(super) fn emit(ir: &Ir) -> String {
    let calls = ir
        .calls
        .iter()
        .filter(|call| !call.rust_only && call.resource.is_some());
    let shown = calls.filter(|call| !call.handwritten || !call.example.is_empty());
    let functions: Vec<String> = shown
        .map(|call| {
            let name = words::camel(&call.name.replace('.', "_"));
            let open = call
                .arguments
                .iter()
                .filter(|argument| is_left_open(call, argument));
            let open: String = open
                .map(|argument| format!(", {}", text::declared(&argument.name, &argument.ty)))
                .collect();
            let made = example(ir, call).replace('\n', "\n    ");
            format!("suspend fun {name}(pluvo: Pluvo{open}) {{\n    {made}\n}}\n")
        })
        .collect();
    // What an example makes is shown and not used, and a value may be longer than a line.
    format!(
        "@file:Suppress(\"UNUSED_VARIABLE\", \"ktlint\")\n\n{}",
        text::file("reference", ir, &functions.join("\n"))
    )
}
