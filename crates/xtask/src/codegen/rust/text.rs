//! Names, types and documentation in Rust.

use heck::{ToLowerCamelCase as _, ToSnakeCase as _, ToUpperCamelCase as _};

use crate::codegen::ir::{Field, Origin, Scalar, Type};
use crate::codegen::words;

/// The longest line of a comment, without its mark and indent.
const WIDTH: usize = 100;

/// A field's name.
pub(crate) fn field_name(name: &str) -> String {
    let name = name.to_snake_case();
    if matches!(name.as_str(), "type" | "ref") {
        format!("r#{name}")
    } else {
        name
    }
}

/// The `rename` that serde needs beside `rename_all = "camelCase"`, if it needs one.
pub(crate) fn rename(name: &str) -> Option<String> {
    (name.to_snake_case().to_lower_camel_case() != name).then(|| format!("rename = {name:?}"))
}

/// A variant's name.
pub(crate) fn variant_name(name: &str) -> String {
    name.to_upper_camel_case()
}

/// The type of a value that is there.
pub(crate) fn value_type(ty: &Type) -> String {
    match ty {
        Type::Scalar(scalar) => match scalar {
            Scalar::String => "String".to_owned(),
            Scalar::Int => "i64".to_owned(),
            Scalar::Float => "f64".to_owned(),
            Scalar::Boolean => "bool".to_owned(),
            Scalar::Id | Scalar::Uuid => "Id".to_owned(),
            Scalar::Date => "Date".to_owned(),
            Scalar::DateTime => "DateTime".to_owned(),
            Scalar::Decimal => "Decimal".to_owned(),
            Scalar::Json => "JsonString".to_owned(),
            Scalar::Upload => "Upload".to_owned(),
        },
        Type::Enum(name) | Type::Object(name) | Type::Union(name) | Type::Input(name) => name.clone(),
        Type::List(item) => format!("Vec<{}>", value_type(item)),
        Type::NonNull(inner) => value_type(inner),
        Type::Map(_) | Type::Opaque(_) => unreachable!("only calls have it, which Rust writes by hand"),
    }
}

/// A doc comment, broken into lines of a comfortable length.
pub(crate) fn comment(docs: &str) -> String {
    words::wrap(docs, WIDTH)
        .iter()
        .map(|line| format!("/// {line}").trim_end().to_owned() + "\n")
        .collect()
}

/// What a definition is and how well that is known. A definition that is known as its parent is says nothing.
pub(crate) fn described(docs: &str, origin: &Origin) -> String {
    comment(&words::described(docs, origin))
}

/// The types that a module must import for the fields it holds.
pub(crate) fn imports<'a>(fields: impl Iterator<Item = &'a Type>, own: impl Fn(&str) -> bool) -> Vec<String> {
    let mut names: Vec<String> = fields
        .map(Type::innermost)
        .filter(|ty| {
            !matches!(
                ty,
                Type::Scalar(Scalar::String | Scalar::Int | Scalar::Float | Scalar::Boolean)
            )
        })
        .map(value_type)
        .filter(|name| !own(name))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The line that imports model types.
pub(crate) fn use_model(names: &[String]) -> String {
    if names.is_empty() {
        String::new()
    } else {
        format!("use crate::model::{{{}}};\n", names.join(", "))
    }
}

/// A struct whose fields are all sent: those that may be missing are left out when they are.
pub(crate) fn sent_struct(name: &str, docs: &str, fields: &[SentField]) -> String {
    let required: Vec<&SentField> = fields.iter().filter(|f| f.required).collect();
    let default = if required.is_empty() { "Default, " } else { "" };
    let mut text = format!("{docs}#[derive(Debug, Clone, {default}PartialEq, Serialize, Deserialize)]\n");
    text += "#[serde(rename_all = \"camelCase\", deny_unknown_fields)]\n";
    text += &format!("pub struct {name} {{\n");
    for field in fields {
        let mut attributes: Vec<String> = rename(&field.name).into_iter().collect();
        if !field.required {
            attributes.push("skip_serializing_if = \"Option::is_none\"".to_owned());
        }
        text += &field.docs;
        if !attributes.is_empty() {
            text += &format!("#[serde({})]\n", attributes.join(", "));
        }
        let ty = if field.required {
            field.ty.clone()
        } else {
            format!("Option<{}>", field.ty)
        };
        text += &format!("pub {}: {ty},\n", field_name(&field.name));
    }
    text += "}\n\n";
    if !required.is_empty() {
        let parameters = required
            .iter()
            .map(|f| format!("{}: impl Into<{}>", field_name(&f.name), f.ty));
        text += &format!("impl {name} {{\n/// With what is required, and nothing else.\n");
        text += &format!(
            "pub fn new({}) -> Self {{\nSelf {{\n",
            parameters.collect::<Vec<_>>().join(", ")
        );
        for field in fields {
            let value = if field.required {
                format!("{}.into()", field_name(&field.name))
            } else {
                "None".to_owned()
            };
            text += &format!("{}: {value},\n", field_name(&field.name));
        }
        text += "}\n}\n}\n\n";
    }
    text
}

/// A field of a [`sent_struct`].
pub(crate) struct SentField {
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) ty: String,
    pub(crate) required: bool,
}

impl From<&Field> for SentField {
    fn from(field: &Field) -> Self {
        Self {
            name: field.name.clone(),
            docs: described(&field.docs, &field.origin),
            ty: value_type(&field.ty),
            required: field.ty.is_required(),
        }
    }
}
