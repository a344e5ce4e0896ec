//! Names, types and documentation in Swift.

use serde_json::Value;

use crate::codegen::ir::{Input, Ir, Origin, Scalar, Type};
use crate::codegen::words;

/// The longest line of generated Swift.
pub(super) const WIDTH: usize = 120;

/// Words that can be a name between backticks only.
const RESERVED: &[&str] = &[
    "case",
    "class",
    "default",
    "do",
    "enum",
    "extension",
    "false",
    "for",
    "func",
    "if",
    "import",
    "in",
    "init",
    "is",
    "nil",
    "operator",
    "private",
    "protocol",
    "public",
    "repeat",
    "return",
    "self",
    "static",
    "struct",
    "switch",
    "throw",
    "throws",
    "true",
    "try",
    "var",
    "where",
    "while",
];

/// The name of a property, a parameter, a method or a member, as it is declared.
pub(super) fn declared(name: &str) -> String {
    words::escaped(words::camel(name), RESERVED, |name| format!("`{name}`"))
}

/// The same where no backticks are needed: after a dot, and as the label of an argument.
pub(super) fn label(name: &str) -> String {
    words::camel(name)
}

/// The type of a value that is there, as it is written inside of `Pluvo`.
pub(super) fn value_type(ty: &Type) -> String {
    match ty {
        Type::Scalar(scalar) => match scalar {
            Scalar::String => "String",
            Scalar::Int => "Int",
            Scalar::Float => "Double",
            Scalar::Boolean => "Bool",
            Scalar::Id | Scalar::Uuid => "ID",
            Scalar::Date => "Day",
            Scalar::DateTime => "Date",
            Scalar::Decimal => "Decimal",
            Scalar::Json => "JSONText",
            Scalar::Upload => "Content",
        }
        .to_owned(),
        Type::Opaque(name) if name == "Error" => "PluvoError".to_owned(),
        Type::Enum(name)
        | Type::Object(name)
        | Type::Union(name)
        | Type::Input(name)
        | Type::Opaque(name) => name.clone(),
        Type::List(item) => format!("[{}]", value_type(item)),
        Type::Map(item) => format!("[String: {}]", value_type(item)),
        Type::NonNull(inner) => value_type(inner),
    }
}

/// The type of a value that may not be there unless it is required.
pub(super) fn optional_type(ty: &Type) -> String {
    let name = value_type(ty);
    if ty.is_required() {
        name
    } else {
        format!("{name}?")
    }
}

/// A documentation comment at an indent, broken into lines.
pub(super) fn comment(indent: usize, docs: &str) -> String {
    let margin = " ".repeat(indent);
    words::wrap(docs, WIDTH - indent - 4)
        .iter()
        .map(|line| format!("{margin}/// {line}").trim_end().to_owned() + "\n")
        .collect()
}

/// What a definition is and how well that is known.
pub(super) fn described(indent: usize, docs: &str, origin: &Origin) -> String {
    comment(indent, &words::described(docs, origin))
}

/// How documentation refers to a call.
pub(super) fn reference(call: &str) -> String {
    match call.split_once('.') {
        Some((resource, method)) => format!("`{}.{}`", words::camel(resource), words::camel(method)),
        None => format!("`{call}`"),
    }
}

/// `head(items)tail` on one line, or where that is too long with the items on lines of their own.
pub(super) fn call(indent: usize, head: &str, items: &[String], tail: &str) -> String {
    listed(indent, &format!("{head}("), items, &format!("){tail}"))
}

/// Items between an opening and a closing, on one line or, where that is too long, on one each.
pub(super) fn listed(indent: usize, open: &str, items: &[String], close: &str) -> String {
    let margin = " ".repeat(indent);
    let line = format!("{margin}{open}{}{close}", items.join(", "));
    if line.chars().count() <= WIDTH {
        return format!("{line}\n");
    }
    let inner = format!("{margin}  ");
    format!(
        "{margin}{open}\n{inner}{}\n{margin}{close}\n",
        items.join(&format!(",\n{inner}"))
    )
}

/// A value of an example.
pub(super) fn literal(ir: &Ir, ty: &Type, value: &Value) -> String {
    match (ty, value) {
        (Type::NonNull(inner), _) => literal(ir, inner, value),
        (Type::Enum(_), Value::String(member)) => format!(".{}", label(member)),
        (Type::Opaque(name), Value::String(path)) if name == "Content" => format!(".file({path:?})"),
        (Type::List(item), Value::Array(values)) => {
            let values: Vec<String> = values.iter().map(|value| literal(ir, item, value)).collect();
            format!("[{}]", values.join(", "))
        }
        (Type::Input(name), Value::Object(fields)) => {
            let fields = input(ir, name).fields.iter().filter_map(|field| {
                let value = fields.get(&field.name)?;
                Some(format!(
                    "{}: {}",
                    label(&field.name),
                    literal(ir, &field.ty, value)
                ))
            });
            format!(".init({})", fields.collect::<Vec<_>>().join(", "))
        }
        (Type::Map(item), Value::Object(fields)) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{name:?}: {}", literal(ir, item, value)))
                .collect();
            format!("[{}]", fields.join(", "))
        }
        (_, Value::Array(values)) => {
            let values: Vec<String> = values.iter().map(|value| literal(ir, ty, value)).collect();
            format!("[{}]", values.join(", "))
        }
        _ => value.to_string(),
    }
}

/// An input of the schema or of the calls.
pub(super) fn input<'a>(ir: &'a Ir, name: &str) -> &'a Input {
    let mut inputs = ir.inputs.iter().chain(&ir.shared.inputs);
    inputs
        .find(|input| input.name == name)
        .expect("inputs are resolved when calls are read")
}
