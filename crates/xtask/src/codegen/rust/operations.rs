//! `operation/generated.rs` and its folder: a description and the variables of every operation.

use heck::ToShoutySnakeCase as _;

use super::text::{SentField, comment, described, imports, sent_struct, use_model, value_type};
use crate::codegen::ir::{Argument, Ir, Operation, OperationKind, Selection, Shape};
use crate::codegen::words;

/// The short forms that the modules are written in: a selection alone would be five lines a field.
const MACROS: &str = r#"
macro_rules! arguments {
    ($($name:literal as $variable:ident: $ty:literal $($literal:ident)?;)*) => {
        &[$($crate::operation::Argument {
            name: $name,
            variable: stringify!($variable),
            ty: $ty,
            literal: arguments!(@ $($literal)?),
        }),*]
    };
    (@ literal) => { true };
    (@) => { false };
}

macro_rules! fields {
    ($on:ident: $($(...on $fragment:ident)? $($name:ident)? $({ $($inner:tt)* })?;)*) => {
        &[$($crate::operation::Field {
            on: stringify!($on),
            name: concat!($("... on ", stringify!($fragment))? $(stringify!($name))?),
            selection: fields!($($($inner)*)?),
        }),*]
    };
    () => { &[] };
}

"#;

/// The root module, and the modules of the resources.
pub(crate) fn emit(ir: &Ir) -> (String, Vec<(String, String)>) {
    let modules: Vec<_> = words::by_resource(&ir.operations, |o| &o.resource)
        .into_iter()
        .map(|(resource, operations)| (resource, module(&operations)))
        .collect();
    let mut root = format!("//! The operations of `schema/operations`, by resource.\n\n{MACROS}");
    for (resource, _) in &modules {
        root += &format!("mod {resource};\n");
    }
    root += "\n";
    for (resource, _) in &modules {
        root += &format!("pub use {resource}::*;\n");
    }
    root += "\nuse super::Operation;\n\n/// Every operation.\npub static ALL: &[&Operation] = &[\n";
    for operation in &ir.operations {
        root += &format!("&{},\n", operation.name.to_shouty_snake_case());
    }
    root += "];\n";
    (root, modules)
}

fn module(operations: &[&Operation]) -> String {
    let all = || operations.iter().flat_map(|o| variables(o)).map(|a| &a.ty);
    let mut text = "use serde::{Deserialize, Serialize};\n\n".to_owned();
    text += &use_model(&imports(all(), |_| false));
    text += "use crate::operation::{Operation, OperationKind, Segment, Shape};\n\n";
    for operation in operations {
        text += &description(operation);
        text += &variables_struct(operation);
    }
    text
}

/// The arguments that the caller sets.
fn variables(operation: &Operation) -> impl Iterator<Item = &Argument> {
    operation
        .path
        .iter()
        .flat_map(|segment| &segment.arguments)
        .filter(|a| !a.internal)
}

fn description(operation: &Operation) -> String {
    let kind = match operation.kind {
        OperationKind::Query => "Query",
        OperationKind::Mutation => "Mutation",
    };
    let shape = match operation.shape {
        Shape::One => "One",
        Shape::List => "List",
        Shape::Connection => "Connection",
    };
    let mut about = operation.origin.clone();
    about.inherited = false;
    let old = if operation.old {
        " What it selects is known from older pages only."
    } else {
        ""
    };
    let mut text = comment(&format!("{}\n\n{}{old}", operation.docs, words::about(&about)));
    text += &format!(
        "pub static {}: Operation = Operation {{\n",
        operation.name.to_shouty_snake_case()
    );
    text += &format!("name: {:?},\nkind: OperationKind::{kind},\n", operation.name);
    let mail_switch = operation.mail.as_ref().map(|mail| &mail.variable);
    let mails_again = operation.mail.as_ref().is_some_and(|mail| mail.again);
    text += &format!(
        "repeatable: {},\nmail_switch: {mail_switch:?},\nmails_again: {mails_again},\nscopes: &{:?},\npath: &[\n",
        operation.repeatable, operation.scopes
    );
    for segment in &operation.path {
        text += &format!(
            "Segment {{ field: {:?}, arguments: arguments! {{\n",
            segment.field
        );
        for argument in &segment.arguments {
            let literal = if argument.literal { " literal" } else { "" };
            text += &format!(
                "            {:?} as {}: {:?}{literal};\n",
                argument.name, argument.variable, argument.spelled
            );
        }
        text += "        } },\n";
    }
    text += &format!("],\nshape: Shape::{shape},\nnode: {:?},\n", operation.node);
    text += &format!(
        "selection: fields! {{\n{}    }},\n}};\n\n",
        selection(&operation.selection, 2)
    );
    text
}

/// The inside of `fields!`, indented here because rustfmt leaves the inside of a macro as it is.
fn selection(fields: &[Selection], depth: usize) -> String {
    let indent = "    ".repeat(depth);
    let mut text = fields
        .first()
        .map(|field| format!("{indent}{}:\n", field.on))
        .unwrap_or_default();
    for field in fields {
        let inner = if field.inner.is_empty() {
            String::new()
        } else {
            format!(" {{\n{}{indent}}}", selection(&field.inner, depth + 1))
        };
        text += &format!("{indent}{}{inner};\n", field.name);
    }
    text
}

fn variables_struct(operation: &Operation) -> String {
    let fields: Vec<SentField> = variables(operation)
        .map(|argument| SentField {
            name: argument.variable.clone(),
            docs: described(&argument.docs, &argument.origin),
            ty: value_type(&argument.ty),
            required: argument.ty.is_required(),
        })
        .collect();
    let docs = format!(
        "/// What [`{}`] can be asked with.\n",
        operation.name.to_shouty_snake_case()
    );
    sent_struct(&format!("{}Variables", operation.name), &docs, &fields)
}
