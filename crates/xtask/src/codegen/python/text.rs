//! Names, types and values in Python.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::codegen::ir::{Scalar, Type};
use crate::codegen::words::{camel, escaped, snake};

/// The words of the language.
const KEYWORDS: &[&str] = &[
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else",
    "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not",
    "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Whether a type is read from the API or given to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Read,
    Given,
}

/// A field or argument: `lastLogin` as `last_login`.
pub(super) fn name(name: &str) -> String {
    escaped(snake(name), KEYWORDS, |word| format!("{word}_"))
}

/// Whether the name on the wire follows from the one in Python.
pub(super) fn is_regular(wire: &str) -> bool {
    let name = name(wire);
    camel(&name) == wire && !name.ends_with('_')
}

/// The same for arguments, which are always told by rule.
pub(super) fn argument_name(wire: &str) -> Result<String> {
    let name = name(wire);
    ensure!(
        camel(name.trim_end_matches('_')) == wire,
        "the argument {wire} does not follow from {name}"
    );
    Ok(name)
}

/// The type of a value that is there.
pub(super) fn value_type(ty: &Type, way: Way) -> String {
    let given = way == Way::Given;
    match ty {
        Type::Scalar(scalar) => match scalar {
            Scalar::Int => "int",
            Scalar::Float => "float",
            Scalar::Boolean => "bool",
            Scalar::Id | Scalar::Uuid if given => "str | UUID",
            Scalar::String | Scalar::Upload | Scalar::Id => "str",
            Scalar::Uuid => "UUID",
            Scalar::Date if given => "date | str",
            Scalar::Date => "date",
            Scalar::DateTime if given => "datetime | str",
            Scalar::DateTime => "datetime",
            Scalar::Decimal if given => "Decimal | str",
            Scalar::Decimal => "Decimal",
            // Text that holds JSON, or the JSON itself: the documentation has both.
            Scalar::Json => "Any",
        }
        .to_owned(),
        Type::Enum(name) if given => format!("{name}Like"),
        Type::Enum(name) | Type::Object(name) | Type::Union(name) | Type::Input(name) => name.clone(),
        Type::Opaque(name) => opaque(name).to_owned(),
        Type::List(item) if given => format!("Sequence[{}]", value_type(item, way)),
        Type::List(item) => format!("builtins.list[{}]", value_type(item, way)),
        Type::NonNull(inner) => value_type(inner, way),
        Type::Map(value) if given => format!("Mapping[str, {}]", value_type(value, way)),
        Type::Map(value) => format!("dict[str, {}]", value_type(value, way)),
    }
}

/// The same, or none.
pub(super) fn or_none(ty: &str) -> String {
    if ty == "Any" {
        ty.to_owned()
    } else {
        format!("{ty} | None")
    }
}

/// What a type is called that is written by hand.
pub(super) fn opaque(name: &str) -> &str {
    match name {
        "JSON" => "Any",
        "Error" => "PluvoError",
        "SyncPlan" => "Plan",
        other => other,
    }
}

/// What a type stands on, each as `module name`; modules are told from the package's root.
pub(super) fn uses(ty: &Type, way: Way, into: &mut BTreeSet<(String, String)>) {
    let mut add = |module: &str, name: &str| {
        into.insert((module.to_owned(), name.to_owned()));
    };
    let mut outer = ty;
    while let Type::List(inner) | Type::NonNull(inner) | Type::Map(inner) = outer {
        match (outer, way) {
            (Type::List(_), Way::Read) => add("builtins", ""),
            (Type::List(_), Way::Given) => add("collections.abc", "Sequence"),
            (Type::Map(_), Way::Given) => add("collections.abc", "Mapping"),
            _ => {}
        }
        outer = inner;
    }
    match outer {
        Type::Scalar(scalar) => match scalar {
            Scalar::Id if way == Way::Given => add("uuid", "UUID"),
            Scalar::Uuid => add("uuid", "UUID"),
            Scalar::Date => add("datetime", "date"),
            Scalar::DateTime => add("datetime", "datetime"),
            Scalar::Decimal => add("decimal", "Decimal"),
            Scalar::Json => add("typing", "Any"),
            _ => {}
        },
        Type::Enum(name) if way == Way::Given => add("._generated.enums", &format!("{name}Like")),
        Type::Enum(name) => add("._generated.enums", name),
        Type::Object(name) | Type::Union(name) => add("._generated.models", name),
        Type::Input(name) => add("._generated.inputs", name),
        Type::Opaque(name) => match name.as_str() {
            "JSON" => add("typing", "Any"),
            "Error" => add(".errors", "PluvoError"),
            "SyncPlan" => {}
            other => add("._values", other),
        },
        Type::List(_) | Type::NonNull(_) | Type::Map(_) => {}
    }
}

/// Import lines. `root` leads to the package: `..` from a folder in it.
pub(super) fn imports(uses: &BTreeSet<(String, String)>, root: &str, indent: usize) -> String {
    let mut modules: Vec<(&str, Vec<&str>)> = Vec::new();
    for (module, name) in uses {
        match modules.last_mut() {
            Some((last, names)) if last == module => names.push(name),
            _ => modules.push((module, vec![name])),
        }
    }
    let line = |(module, names): &(&str, Vec<&str>)| match module.strip_prefix('.') {
        _ if names == &[""] => format!("{:indent$}import {module}\n", ""),
        Some(inner) => import(&format!("{root}{inner}"), names, indent),
        None => import(module, names, indent),
    };
    let (own, standard): (Vec<_>, Vec<_>) = modules
        .into_iter()
        .partition(|(module, _)| module.starts_with('.'));
    let standard: String = standard.iter().map(line).collect();
    let own: String = own.iter().map(line).collect();
    if standard.is_empty() || own.is_empty() {
        standard + &own
    } else {
        format!("{standard}\n{own}")
    }
}

fn import(module: &str, names: &[&str], indent: usize) -> String {
    let before = " ".repeat(indent);
    let line = format!("{before}from {module} import {}\n", names.join(", "));
    if line.len() <= 121 {
        return line;
    }
    let names: String = names
        .iter()
        .map(|name| format!("{before}    {name},\n"))
        .collect();
    format!("{before}from {module} import (\n{names}{before})\n")
}

/// A value as it is written, with names as Python has them.
pub(super) fn literal(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => {
            let field =
                |(key, value): (&String, &Value)| format!("{}: {}", quoted(&name(key)), literal(value));
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
    }
}

/// Text as it is written.
pub(super) fn quoted(text: &str) -> String {
    format!("{text:?}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_written_as_python_has_them() {
        let value = json!({"lastLogin": ["b", 1, true, null, {"d": "it's"}]});
        assert_eq!(
            literal(&value),
            r#"{"last_login": ["b", 1, True, None, {"d": "it's"}]}"#
        );
    }

    #[test]
    fn types_differ_by_the_way_they_go() {
        let moments = Type::List(Box::new(Type::NonNull(Box::new(Type::Scalar(Scalar::DateTime)))));
        assert_eq!(value_type(&moments, Way::Read), "builtins.list[datetime]");
        assert_eq!(value_type(&moments, Way::Given), "Sequence[datetime | str]");
        assert_eq!(value_type(&Type::Enum("Role".to_owned()), Way::Given), "RoleLike");
    }

    #[test]
    fn words_of_the_language_are_escaped() {
        assert_eq!(name("from"), "from_");
        assert_eq!(name("lastLoginGt"), "last_login_gt");
        assert!(argument_name("inFlight").is_ok());
        assert!(argument_name("s3_Url").is_err());
    }
}
