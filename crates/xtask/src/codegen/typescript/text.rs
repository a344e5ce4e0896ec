//! Types, values and documentation in TypeScript.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::codegen::ir::{Scalar, Type};
use crate::codegen::words::{camel_call, refer, wrap};

/// The longest line of a comment, its mark and indent included.
const WIDTH: usize = 118;

/// Whether a type is read from the API or given to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Read,
    Given,
}

/// The type of a value that is there.
pub(super) fn value_type(ty: &Type, way: Way) -> String {
    match ty {
        Type::Scalar(scalar) => match scalar {
            Scalar::Int | Scalar::Float => "number",
            Scalar::Boolean => "boolean",
            Scalar::DateTime if way == Way::Given => "string | Date",
            Scalar::String
            | Scalar::Id
            | Scalar::Uuid
            | Scalar::Date
            | Scalar::DateTime
            | Scalar::Decimal
            | Scalar::Json
            | Scalar::Upload => "string",
        }
        .to_owned(),
        Type::Enum(name) | Type::Object(name) | Type::Union(name) | Type::Input(name) => name.clone(),
        Type::Opaque(name) => opaque(name).to_owned(),
        Type::List(item) => {
            let read_only = if way == Way::Given { "readonly " } else { "" };
            match value_type(item, way) {
                item if item.contains(' ') => format!("{read_only}({item})[]"),
                item => format!("{read_only}{item}[]"),
            }
        }
        Type::NonNull(inner) => value_type(inner, way),
        Type::Map(value) => {
            let map = format!("Record<string, {}>", value_type(value, way));
            if way == Way::Given {
                format!("Readonly<{map}>")
            } else {
                map
            }
        }
    }
}

/// What a type is called that is written by hand.
pub(super) fn opaque(name: &str) -> &str {
    match name {
        "JSON" => "unknown",
        "Error" => "PluvoError",
        "Report" => "BulkReport",
        other => other,
    }
}

/// The names that a type stands on, but for those that the language has.
pub(super) fn names(ty: &Type, into: &mut BTreeSet<String>) {
    match ty.innermost() {
        Type::Enum(name) | Type::Object(name) | Type::Union(name) | Type::Input(name) => {
            into.insert(name.clone());
        }
        _ => {}
    }
}

/// The types written by hand that a type stands on, and the file of each.
pub(super) fn handwritten(ty: &Type) -> Option<(&'static str, &'static str)> {
    match ty.innermost() {
        Type::Opaque(name) => match name.as_str() {
            "Error" => Some(("PluvoError", "errors")),
            "Content" => Some(("Content", "values")),
            "ExtraValue" => Some(("ExtraValue", "values")),
            _ => None,
        },
        _ => None,
    }
}

/// Imports of types from the files that are generated.
pub(super) fn imports(names: &BTreeSet<String>, own: &[&str], path: &str) -> String {
    let names: Vec<&str> = names
        .iter()
        .map(String::as_str)
        .filter(|name| !own.contains(name))
        .collect();
    if names.is_empty() {
        String::new()
    } else {
        format!("import type {{ {} }} from '{path}';\n", names.join(", "))
    }
}

/// A doc comment, so many levels deep.
pub(super) fn doc(depth: usize, docs: &str) -> String {
    let indent = "  ".repeat(depth);
    let docs = refer(docs, |name| format!("`{}`", camel_call(name)));
    let mut lines = Vec::new();
    let mut is_code = false;
    for line in docs.lines() {
        let is_fence = line.starts_with("```");
        if is_code || is_fence {
            // Code is as it is.
            lines.push(line.to_owned());
        } else {
            lines.extend(wrap(line, WIDTH - indent.len() - 3));
            if line.is_empty() {
                lines.push(String::new());
            }
        }
        is_code ^= is_fence;
    }
    if let [line] = lines.as_slice()
        && indent.len() + line.chars().count() + 7 <= WIDTH
    {
        return format!("{indent}/** {line} */\n");
    }
    let lines: String = lines
        .iter()
        .map(|line| format!("{}\n", format!("{indent} * {line}").trim_end()))
        .collect();
    format!("{indent}/**\n{lines}{indent} */\n")
}

/// A value as it is written.
pub(super) fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => object(fields.iter()),
        other => other.to_string(),
    }
}

/// An object as it is written.
pub(super) fn object<'a>(fields: impl Iterator<Item = (&'a String, &'a Value)>) -> String {
    let fields: Vec<String> = fields
        .map(|(name, value)| format!("{name}: {}", literal(value)))
        .collect();
    if fields.is_empty() {
        "{}".to_owned()
    } else {
        format!("{{ {} }}", fields.join(", "))
    }
}

fn quoted(text: &str) -> String {
    if text.contains('\'') {
        format!("{text:?}")
    } else {
        format!("'{text}'")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_written_as_typescript_has_them() {
        let value = json!({"a": ["b", 1, true, null], "c": {"d": "it's"}});
        assert_eq!(
            literal(&value),
            r#"{ a: ['b', 1, true, null], c: { d: "it's" } }"#
        );
        assert_eq!(literal(&json!({})), "{}");
    }

    #[test]
    fn types_differ_by_the_way_they_go() {
        let moments = Type::List(Box::new(Type::NonNull(Box::new(Type::Scalar(Scalar::DateTime)))));
        assert_eq!(value_type(&moments, Way::Read), "string[]");
        assert_eq!(value_type(&moments, Way::Given), "readonly (string | Date)[]");
    }

    #[test]
    fn long_documentation_is_broken_and_short_is_not() {
        assert_eq!(doc(1, "Short."), "  /** Short. */\n");
        let long = "word ".repeat(40);
        assert!(doc(1, &long).lines().all(|line| line.len() <= WIDTH));
        assert_eq!(
            doc(0, "See [users.set_archived]."),
            "/** See `users.setArchived`. */\n"
        );
    }
}
