//! `model/objects/*.rs`: what is read, one struct per object type and one enum per union.

use super::text::{described, field_name, imports, rename, use_model, value_type, variant_name};
use crate::codegen::ir::{Field, Ir, Object, Type, Union};
use crate::codegen::words;

const DOCS: &str = "What can be read, one struct per object type of the schema.\n\
    //!\n\
    //! Pluvo's documentation does not say reliably what can be null, so every field but `id` is an `Option`: a null, or a\n\
    //! field that was not selected, is `None`. Null elements of lists are left out. Fields that a struct does not know are\n\
    //! ignored.
    //!\n\
    //! How well a type is known stands with it; a field says so only where it is known otherwise.";

pub(crate) fn emit(ir: &Ir) -> (&'static str, Vec<(String, String)>) {
    let modules = words::by_resource(&ir.objects, |o| &o.resource)
        .into_iter()
        .map(|(resource, objects)| {
            let fields = objects.iter().flat_map(|o| &o.fields).map(|f| &f.ty);
            let unions: Vec<_> = ir.unions.iter().filter(|u| u.resource == resource).collect();
            let merged: Vec<_> = unions
                .iter()
                .flat_map(|u| merged_fields(ir, u))
                .map(|f| &f.ty)
                .collect();
            let own =
                |name: &str| objects.iter().any(|o| o.name == name) || unions.iter().any(|u| u.name == name);
            let serde = if unions.is_empty() {
                "Serialize"
            } else {
                "{Deserialize, Serialize}"
            };
            let lists = objects.iter().flat_map(|o| &o.fields).any(is_list);
            let mut text = format!("use serde::{serde};\n\n");
            text += "use crate::model::read_object::read_object;\n";
            if lists {
                text += "use crate::model::lenient;\n";
            }
            text += &use_model(&imports(fields.chain(merged), own));
            text += "\n";
            for object in &objects {
                text += &structure(object);
            }
            for union in &unions {
                text += &choice(ir, union);
            }
            (resource, text)
        });
    (DOCS, modules.collect())
}

fn structure(object: &Object) -> String {
    let mut text = described(&object.docs, &object.origin);
    text += "#[derive(Debug, Clone, Default, PartialEq, Serialize)]\n";
    text += "#[serde(rename_all = \"camelCase\")]\n#[non_exhaustive]\n";
    text += &format!("pub struct {} {{\n", object.name);
    let mut reading = format!("read_object!({} {{\n", object.name);
    for field in &object.fields {
        let mut attributes: Vec<String> = rename(&field.name).into_iter().collect();
        let ty = if is_id(field) {
            value_type(&field.ty)
        } else {
            attributes.push("skip_serializing_if = \"Option::is_none\"".to_owned());
            format!("Option<{}>", value_type(&field.ty))
        };
        let name = field_name(&field.name);
        text += &described(&field.docs, &field.origin);
        if !attributes.is_empty() {
            text += &format!("#[serde({})]\n", attributes.join(", "));
        }
        text += &format!("pub {name}: {ty},\n");
        reading += &format!("    {name} = \"{}\"", field.name);
        if is_list(field) {
            reading += " by lenient::list";
        }
        reading += ",\n";
    }
    text + "}\n\n" + &reading + "});\n\n"
}

fn is_list(field: &Field) -> bool {
    matches!(field.ty.nullable(), Type::List(_))
}

fn is_id(field: &Field) -> bool {
    field.name == "id" && field.ty.is_required()
}

/// The fields of all members of a union, each once.
fn merged_fields<'a>(ir: &'a Ir, union: &Union) -> Vec<&'a Field> {
    let mut fields: Vec<&Field> = Vec::new();
    for member in &union.members {
        let object = ir
            .objects
            .iter()
            .find(|o| o.name == member.object)
            .expect("a union's members are objects");
        for field in &object.fields {
            if !fields.iter().any(|f| f.name == field.name) {
                fields.push(field);
            }
        }
    }
    fields
}

/// `String` for the member `ExtraCategoryStringValue` of `ExtraCategoryValue`.
fn short_name(union: &Union, object: &str) -> String {
    let start = object
        .chars()
        .zip(union.name.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let rest = &object[start..];
    let end = rest
        .chars()
        .rev()
        .zip(union.name.chars().rev())
        .take_while(|(a, b)| a == b)
        .count();
    variant_name(&rest[..rest.len() - end])
}

/// A union: nothing but the fields that are there tells which member it is.
fn choice(ir: &Ir, union: &Union) -> String {
    let variant = |object: &str| short_name(union, object);

    let mut text = described(&union.docs, &union.origin);
    text += "#[derive(Debug, Clone, PartialEq, Serialize)]\n#[serde(untagged)]\n#[non_exhaustive]\n";
    text += &format!("pub enum {} {{\n", union.name);
    for member in &union.members {
        text += &format!(
            "/// {}\n{}({}),\n",
            member.docs,
            variant(&member.object),
            member.object
        );
    }
    text += "/// A kind of value that this version does not know.\nOther {},\n}\n\n";

    text += &format!("impl<'de> Deserialize<'de> for {} {{\n", union.name);
    text += "fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {\n";
    text += "/// The fields of every member. Which of them is there tells which member it is.\n";
    text += "#[derive(Deserialize)]\n#[serde(rename_all = \"camelCase\")]\n";
    text += "#[expect(clippy::option_option, reason = \"what is null and what is not there differ\")]\n";
    text += "struct Fields {\n";
    let merged = merged_fields(ir, union);
    let is_tag = |field: &Field| union.members.iter().any(|m| m.tag == field.name);
    for field in &merged {
        let ty = value_type(&field.ty);
        let (attribute, ty) = if is_tag(field) {
            (
                "default, deserialize_with = \"crate::model::lenient::present\"",
                format!("Option<Option<{ty}>>"),
            )
        } else {
            ("default", format!("Option<{ty}>"))
        };
        text += &format!("#[serde({attribute})]\n{}: {ty},\n", field_name(&field.name));
    }
    text += "}\n\nlet fields = Fields::deserialize(deserializer)?;\nOk(";
    for member in &union.members {
        let object = ir
            .objects
            .iter()
            .find(|o| o.name == member.object)
            .expect("a union's members are objects");
        let tag = field_name(&member.tag);
        text += &format!(
            "if let Some({tag}) = fields.{tag} {{\nSelf::{}({} {{\n",
            variant(&member.object),
            object.name
        );
        for field in &object.fields {
            let name = field_name(&field.name);
            text += &(if field.name == member.tag {
                format!("{name},\n")
            } else {
                format!("{name}: fields.{name},\n")
            });
        }
        text += "})\n} else ";
    }
    text += "{\nSelf::Other {}\n})\n}\n}\n\n";
    text
}
