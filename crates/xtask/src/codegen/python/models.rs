//! `enums.py` and `models.py`: what is read.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};

use super::docs::docstring;
use super::text::{self, Way, is_regular, name, or_none, quoted, value_type};
use crate::codegen::ir::{Enum, Field, Ir, Object, Union};
use crate::codegen::words::{described, shouty};

/// Enums are open: a member that is not known is kept by its name.
pub(super) fn enums(ir: &Ir) -> String {
    let mut code = docstring(
        0,
        "Words with a meaning, one enum each. A word that is not known here is a member all the same.",
    );
    code += "\nfrom __future__ import annotations\n\nfrom typing import Literal, TypeAlias\n\nfrom .._enum import OpenEnum\n";
    for item in ir.enums.iter().chain(&ir.shared.enums) {
        code += &open(item);
    }
    code
}

fn open(item: &Enum) -> String {
    let docs = described(&item.docs, &item.origin);
    let mut code = format!("\n\nclass {}(OpenEnum):\n{}\n", item.name, docstring(1, &docs));
    for member in &item.members {
        code += &format!("    {} = {}\n", shouty(&member.name), quoted(&member.name));
        code += &docstring(1, &described(&member.docs, &member.origin));
    }
    let words: Vec<String> = item.members.iter().map(|member| quoted(&member.name)).collect();
    let line = format!(
        "\n\n{0}Like: TypeAlias = {0} | Literal[{1}]\n",
        item.name,
        words.join(", ")
    );
    code += &if line.len() <= 123 {
        line
    } else {
        let words: String = words.iter().map(|word| format!("    {word},\n")).collect();
        format!("\n\n{0}Like: TypeAlias = {0} | Literal[\n{words}]\n", item.name)
    };
    code + &docstring(0, &format!("A member of `{}`, or its word.", item.name))
}

pub(super) fn models(ir: &Ir) -> Result<String> {
    let mut uses = BTreeSet::from([
        ("typing".to_owned(), "Any".to_owned()),
        ("._model".to_owned(), "Model".to_owned()),
    ]);
    let objects = || ir.objects.iter().chain(&ir.shared.objects);
    for field in objects().flat_map(|object| &object.fields) {
        text::uses(&field.ty, Way::Read, &mut uses);
        if !is_regular(&field.name) {
            uses.insert(("msgspec".to_owned(), "field as named".to_owned()));
        }
    }
    uses.retain(|(module, _)| module != "._generated.models");
    if !ir.shared.secret.is_empty() {
        uses.insert(("._model".to_owned(), "hidden".to_owned()));
    }
    let mut code = docstring(
        0,
        "What can be read, one class per object type.\n\nPluvo's documentation does not say reliably what can be null, so every \
         field of its types but `id` can be None: where it is null, and where it was not selected.",
    );
    code += "\nfrom __future__ import annotations\n\n";
    code += &text::imports(&uses, "..", 0);
    // Bases stand before what is made of them.
    for union in &ir.unions {
        code += &format!(
            "\n\nclass {}:\n{}\n    __slots__ = ()\n",
            union.name,
            docstring(1, &union_docs(union))
        );
    }
    for object in &ir.objects {
        code += &class(ir, object, false);
    }
    for union in &ir.unions {
        code += &other(union);
    }
    for object in &ir.shared.objects {
        code += &class(ir, object, true);
    }
    code += "\n\n#: How the members of a union are told apart: by the one field that no other has.\n";
    code += "UNIONS: dict[type, tuple[type[Model], dict[str, type[Model]]]] = {\n";
    for union in &ir.unions {
        let members: Vec<String> = union
            .members
            .iter()
            .map(|member| format!("{}: {}", quoted(&member.tag), member.object))
            .collect();
        code += &format!(
            "    {}: (\n        {},\n        {{\n            {},\n        }},\n    ),\n",
            union.name,
            other_name(union).with_context(|| union.name.clone())?,
            members.join(",\n            ")
        );
    }
    Ok(code + "}\n")
}

fn union_docs(union: &Union) -> String {
    let members = union
        .members
        .iter()
        .map(|member| format!("\n- `{}`: {}", member.object, member.docs));
    format!(
        "{}\n{}",
        described(&union.docs, &union.origin),
        members.collect::<String>()
    )
}

/// The class for members that are not known.
fn other_name(union: &Union) -> Option<String> {
    Some(format!("{}OtherValue", union.name.strip_suffix("Value")?))
}

fn other(union: &Union) -> String {
    let name = other_name(union).unwrap_or_else(|| format!("{}Other", union.name));
    format!(
        "\n\nclass {name}(Model, {}, frozen=True, kw_only=True):\n    \"\"\"A kind that this version does not know.\"\"\"\n\n    \
         raw: dict[str, Any]\n    \"\"\"What came, with the API's names.\"\"\"\n",
        union.name
    )
}

/// A class. With `exact` the word of the schema is taken for what is always there.
fn class(ir: &Ir, object: &Object, exact: bool) -> String {
    let unions = ir
        .unions
        .iter()
        .filter(|union| union.members.iter().any(|member| member.object == object.name));
    let bases: String = unions.map(|union| format!(", {}", union.name)).collect();
    let docs = described(&object.docs, &object.origin);
    let mut code = format!(
        "\n\nclass {}(Model{bases}, frozen=True, kw_only=True):\n{}\n",
        object.name,
        docstring(1, &docs)
    );
    for field in &object.fields {
        code += &member(field, exact);
    }
    let secret: Vec<String> = ir
        .shared
        .secret
        .iter()
        .filter(|(of, _)| *of == object.name)
        .map(|(_, field)| quoted(&name(field)))
        .collect();
    if !secret.is_empty() {
        code += &format!(
            "\n    def __repr__(self) -> str:\n        return hidden(self, {})\n",
            secret.join(", ")
        );
    }
    code
}

fn member(field: &Field, exact: bool) -> String {
    let is_there = field.ty.is_required() && (exact || field.name == "id");
    let ty = value_type(&field.ty, Way::Read);
    let regular = is_regular(&field.name);
    let (ty, default) = match (is_there, regular) {
        (true, true) => (ty, String::new()),
        (true, false) => (ty, format!(" = named(name={})", quoted(&field.name))),
        (false, true) => (or_none(&ty), " = None".to_owned()),
        (false, false) => (
            or_none(&ty),
            format!(" = named(default=None, name={})", quoted(&field.name)),
        ),
    };
    let docs = docstring(1, &described(&field.docs, &field.origin));
    format!("    {}: {ty}{default}\n{docs}", name(&field.name))
}
