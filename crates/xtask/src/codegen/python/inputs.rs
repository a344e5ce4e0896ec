//! `inputs.py`: what is given, as typed dictionaries.

use std::collections::BTreeSet;

use anyhow::Result;

use super::docs::docstring;
use super::text::{self, Way, argument_name, quoted, value_type};
use crate::codegen::ir::{Field, Input, Ir, Type};
use crate::codegen::words::described;

pub(super) fn emit(ir: &Ir) -> Result<String> {
    let inputs: Vec<&Input> = ir.inputs.iter().chain(&ir.shared.inputs).collect();
    let mut uses = BTreeSet::from([("typing".to_owned(), "TypedDict".to_owned())]);
    for field in inputs.iter().flat_map(|input| &input.fields) {
        text::uses(&field.ty, Way::Given, &mut uses);
    }
    uses.retain(|(module, _)| module != "._generated.inputs");
    let mut code = docstring(
        0,
        "What can be given, one dictionary per input type. A key that is not there is not sent.",
    );
    code += "\nfrom __future__ import annotations\n\n";
    code += &text::imports(&uses, "..", 0);
    for input in inputs {
        code += &dictionary(input)?;
    }
    Ok(code)
}

/// `mappings.py`: what whoever sends something has to know of it.
pub(super) fn mappings(ir: &Ir) -> String {
    let fields = ir.inputs.iter().chain(&ir.shared.inputs);
    let fields = fields
        .flat_map(|input| &input.fields)
        .map(|field| (&field.name, &field.ty));
    let arguments = ir.calls.iter().flat_map(|call| &call.arguments);
    let all = fields.chain(arguments.map(|argument| (&argument.name, &argument.ty)));
    let maps = all.filter(|(_, ty)| matches!(ty.nullable(), Type::Map(_)));
    let names: BTreeSet<String> = maps.map(|(name, _)| quoted(name)).collect();
    let names: Vec<String> = names.into_iter().collect();
    format!(
        "{}\nMAPPINGS = frozenset({{{}}})\n",
        docstring(
            0,
            "Keys, as the API names them, whose value is a mapping of the caller's own keys."
        ),
        names.join(", ")
    )
}

fn dictionary(input: &Input) -> Result<String> {
    let docs = described(&input.docs, &input.origin);
    let (required, optional): (Vec<&Field>, Vec<&Field>) =
        input.fields.iter().partition(|field| field.ty.is_required());
    let mut code = String::new();
    let base = if required.is_empty() {
        "TypedDict".to_owned()
    } else {
        let name = format!("_{}Required", input.name);
        code += &format!("\n\nclass {name}(TypedDict):\n");
        code += &members(&required)?;
        name
    };
    code += &format!(
        "\n\nclass {}({base}, total=False):\n{}",
        input.name,
        docstring(1, &docs)
    );
    if !optional.is_empty() {
        code += "\n";
        code += &members(&optional)?;
    }
    Ok(code)
}

fn members(fields: &[&Field]) -> Result<String> {
    let mut code = String::new();
    for field in fields {
        let name = argument_name(&field.name)?;
        let ty = value_type(&field.ty, Way::Given);
        let ty = if field.ty.is_required() {
            ty
        } else {
            text::or_none(&ty)
        };
        code += &format!("    {name}: {ty}\n");
        code += &docstring(1, &described(&field.docs, &field.origin));
    }
    Ok(code)
}
