//! Interfaces of what is read and given, and unions of strings for enums.

use std::collections::{BTreeMap, BTreeSet};

use super::text::{self, Way, doc, value_type};
use crate::codegen::ir::{Enum, Field, Input, Object, Shared, Type, Union};
use crate::codegen::words::described;

/// `enums.ts`: the members that are known, open for those that are not.
pub(super) fn enums(enums: &[Enum]) -> String {
    let mut code = "import type { Open } from '../values.js';\n".to_owned();
    for item in enums {
        code += &format!("\n{}", open(item, "Open"));
    }
    code
}

fn open(item: &Enum, of: &str) -> String {
    let members: String = item
        .members
        .iter()
        .map(|member| {
            let docs = described(&member.docs, &member.origin).replace("\n\n", " ");
            format!("\n- `{}`: {docs}", member.name)
        })
        .collect();
    let docs = format!("{}\n{members}", described(&item.docs, &item.origin));
    let names = item.members.iter().map(|member| format!("'{}'", member.name));
    let names = names.collect::<Vec<_>>().join(" | ");
    let ty = if of.is_empty() {
        names
    } else {
        format!("{of}<{names}>")
    };
    format!("{}export type {} = {ty};\n", doc(0, &docs), item.name)
}

/// `shared.ts`: what calls take and give beside the API's own types.
pub(super) fn shared(shared: &Shared) -> String {
    let objects = shared.objects.iter().flat_map(|object| &object.fields);
    let inputs = shared.inputs.iter().flat_map(|input| &input.fields);
    let own = shared.enums.iter().map(|e| e.name.as_str());
    let own = own.chain(shared.objects.iter().map(|o| o.name.as_str()));
    let own: Vec<&str> = own.chain(shared.inputs.iter().map(|i| i.name.as_str())).collect();
    let mut code = head(objects.chain(inputs), &own, "./index.js", "../");
    for item in &shared.enums {
        // These are this project's own, so there are no others.
        code += &format!("\n{}", open(item, ""));
    }
    for object in &shared.objects {
        let docs = described(&object.docs, &object.origin);
        code += &interface(&object.name, &docs, &object.fields, Way::Read, true);
    }
    for input in &shared.inputs {
        let docs = described(&input.docs, &input.origin);
        code += &interface(&input.name, &docs, &input.fields, Way::Given, false);
    }
    code
}

/// `models/*.ts`: what is read.
pub(super) fn models<'a>(objects: &[&Object], unions: impl Iterator<Item = &'a Union>) -> String {
    let unions: Vec<&Union> = unions.collect();
    let fields = objects.iter().flat_map(|object| &object.fields);
    let own = objects.iter().map(|object| object.name.as_str());
    let own: Vec<&str> = own
        .chain(unions.iter().map(|union| union.name.as_str()))
        .collect();
    let mut code = head(fields, &own, "../index.js", "../../");
    for object in objects {
        let docs = described(&object.docs, &object.origin);
        code += &interface(&object.name, &docs, &object.fields, Way::Read, false);
    }
    for union in unions {
        let members = union.members.iter().map(|member| {
            format!(
                "\n- `{}`, where it has `{}`: {}",
                member.object, member.tag, member.docs
            )
        });
        let docs = format!(
            "{}\n{}",
            described(&union.docs, &union.origin),
            members.collect::<String>()
        );
        let members: Vec<&str> = union
            .members
            .iter()
            .map(|member| member.object.as_str())
            .collect();
        code += &format!(
            "\n{}export type {} = {};\n",
            doc(0, &docs),
            union.name,
            members.join(" | ")
        );
    }
    code
}

/// `inputs/*.ts`: what is given.
pub(super) fn inputs(inputs: &[&Input]) -> String {
    let own: Vec<&str> = inputs.iter().map(|input| input.name.as_str()).collect();
    let fields = inputs.iter().flat_map(|input| &input.fields);
    let mut code = head(fields, &own, "../index.js", "../../");
    for input in inputs {
        let docs = described(&input.docs, &input.origin);
        code += &interface(&input.name, &docs, &input.fields, Way::Given, false);
    }
    code
}

/// What a file of types imports. `hand` leads from it to the files that are written by hand.
fn head<'a>(fields: impl Iterator<Item = &'a Field>, own: &[&str], generated: &str, hand: &str) -> String {
    let (mut names, mut hands) = (BTreeSet::new(), BTreeMap::new());
    for field in fields {
        text::names(&field.ty, &mut names);
        hands.extend(text::handwritten(&field.ty));
    }
    let mut code: String = hands
        .into_iter()
        .map(|(name, file)| format!("import type {{ {name} }} from '{hand}{file}.js';\n"))
        .collect();
    code += &text::imports(&names, own, generated);
    code
}

/// An interface. In what Pluvo answers everything but an id may be lacking, whatever the schema says; with `exact` its
/// word is taken.
pub(super) fn interface(name: &str, docs: &str, fields: &[Field], way: Way, exact: bool) -> String {
    let mut code = format!("\n{}export interface {name} {{\n", doc(0, docs));
    for field in fields {
        let is_there = field.ty.is_required() && (way == Way::Given || exact || field.name == "id");
        code += &doc(1, &described(&field.docs, &field.origin));
        code += &member(&field.name, &field.ty, way, is_there);
    }
    code + "}\n"
}

/// A member of an interface.
pub(super) fn member(name: &str, ty: &Type, way: Way, is_there: bool) -> String {
    let (read_only, mark) = (
        if way == Way::Given { "readonly " } else { "" },
        if is_there { "" } else { "?" },
    );
    // What is given and undefined is not sent; what is read may be null.
    let or = match (is_there, way) {
        (true, _) => "",
        (false, Way::Given) => " | undefined",
        (false, Way::Read) => " | null",
    };
    format!("  {read_only}{name}{mark}: {}{or};\n", value_type(ty, way))
}
