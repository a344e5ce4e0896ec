//! Names, types and documentation in Kotlin.

use serde_json::Value;

use crate::codegen::ir::{Input, Ir, Origin, Scalar, Type};
use crate::codegen::words;

/// The longest line of generated Kotlin.
pub(super) const WIDTH: usize = 120;

/// Words that can be a name between backticks only.
const RESERVED: &[&str] = &[
    "as",
    "break",
    "class",
    "continue",
    "do",
    "else",
    "false",
    "for",
    "fun",
    "if",
    "in",
    "interface",
    "is",
    "null",
    "object",
    "package",
    "return",
    "super",
    "this",
    "throw",
    "true",
    "try",
    "typealias",
    "typeof",
    "val",
    "var",
    "when",
    "while",
];

/// What generated code may name that is not in its own package, but for models.
const IMPORTS: &[&str] = &[
    "io.github.pluvosdk.Content",
    "io.github.pluvosdk.Core",
    "io.github.pluvosdk.DateArgument",
    "io.github.pluvosdk.DecimalArgument",
    "io.github.pluvosdk.ExtraValue",
    "io.github.pluvosdk.Id",
    "io.github.pluvosdk.JsonString",
    "io.github.pluvosdk.MomentArgument",
    "io.github.pluvosdk.Paged",
    "io.github.pluvosdk.Pluvo",
    "io.github.pluvosdk.PluvoException",
    "io.github.pluvosdk.PluvoExceptionSerializer",
    "io.github.pluvosdk.PresentList",
    "io.github.pluvosdk.ReadDate",
    "io.github.pluvosdk.ReadDecimal",
    "io.github.pluvosdk.ReadInstant",
    "io.github.pluvosdk.Report",
    "io.github.pluvosdk.Selection",
    "io.github.pluvosdk.SyncPlan",
    "io.github.pluvosdk.UnknownFields",
    "java.math.BigDecimal",
    "java.time.Instant",
    "java.time.LocalDate",
    "kotlinx.coroutines.flow.Flow",
    "kotlinx.coroutines.flow.asFlow",
    "kotlinx.serialization.DeserializationStrategy",
    "kotlinx.serialization.Serializable",
    "kotlinx.serialization.builtins.ListSerializer",
    "kotlinx.serialization.builtins.nullable",
    "kotlinx.serialization.json.JsonContentPolymorphicSerializer",
    "kotlinx.serialization.json.JsonElement",
    "kotlinx.serialization.json.JsonObject",
    "kotlinx.serialization.json.jsonObject",
];

/// A file of a package with what it imports.
pub(super) fn file(package: &str, ir: &Ir, body: &str) -> String {
    let code: Vec<&str> = body
        .lines()
        .filter(|line| !matches!(line.trim_start().as_bytes(), [b'/' | b'*', ..]))
        .collect();
    let code = code.join("\n");
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let is_used = |name: &str| code.split(|c| !is_name(c)).any(|word| word == name);
    let mut imports: Vec<String> = IMPORTS.iter().map(|&name| name.to_owned()).collect();
    if package != "model" {
        let enums = ir.enums.iter().chain(&ir.shared.enums).map(|item| &item.name);
        let objects = ir.objects.iter().chain(&ir.shared.objects).map(|item| &item.name);
        let inputs = ir.inputs.iter().chain(&ir.shared.inputs).map(|item| &item.name);
        let unions = ir.unions.iter().map(|item| &item.name);
        let models = enums.chain(objects).chain(inputs).chain(unions);
        imports.extend(models.map(|name| format!("io.github.pluvosdk.model.{name}")));
    }
    if package == "reference" {
        // The files of examples are those that are sent.
        imports.retain(|path| path != "io.github.pluvosdk.model.File");
        imports.push("java.io.File".to_owned());
    }
    imports.retain(|path| is_used(path.rsplit('.').next().unwrap_or_default()));
    // As IntelliJ orders them: those of the JVM and of Kotlin itself come last.
    let is_platform = |path: &String| ["java.", "javax.", "kotlin."].iter().any(|p| path.starts_with(p));
    imports.sort_by_key(|path| (is_platform(path), path.clone()));
    let imports: String = imports.iter().map(|path| format!("import {path}\n")).collect();
    format!("package io.github.pluvosdk.{package}\n\n{imports}\n{body}")
}

/// The name of a property, a parameter or a method.
pub(super) fn name(name: &str) -> String {
    words::escaped(words::camel(name), RESERVED, |name| format!("`{name}`"))
}

/// The type of a value that is there.
pub(super) fn value_type(ty: &Type) -> String {
    match ty {
        Type::Scalar(scalar) => match scalar {
            Scalar::String => "String",
            Scalar::Int => "Int",
            Scalar::Float => "Double",
            Scalar::Boolean => "Boolean",
            Scalar::Id | Scalar::Uuid => "Id",
            Scalar::Date => "LocalDate",
            Scalar::DateTime => "Instant",
            Scalar::Decimal => "BigDecimal",
            Scalar::Json => "JsonString",
            Scalar::Upload => "Content",
        }
        .to_owned(),
        Type::Opaque(name) if name == "Error" => "PluvoException".to_owned(),
        Type::Opaque(name) if name == "JSON" => "JsonElement".to_owned(),
        Type::Enum(name)
        | Type::Object(name)
        | Type::Union(name)
        | Type::Input(name)
        | Type::Opaque(name) => name.clone(),
        Type::List(item) => format!("List<{}>", value_type(item)),
        Type::Map(item) => format!("Map<String, {}>", value_type(item)),
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

/// A parameter or property, with nothing as its default where it may not be there.
pub(super) fn declared(label: &str, ty: &Type) -> String {
    let default = if ty.is_required() { "" } else { " = null" };
    format!("{}: {}{default}", name(label), optional_type(ty))
}

/// A documentation comment at an indent, broken into lines.
pub(super) fn comment(indent: usize, docs: &str) -> String {
    let margin = " ".repeat(indent);
    // A comment that speaks of `*/` would end there.
    let docs = docs.replace("*/", "*&#47;");
    let lines = broken(&docs, WIDTH - indent - 3);
    match &lines[..] {
        [line] if line.chars().count() + indent + 7 <= WIDTH => format!("{margin}/** {line} */\n"),
        _ => {
            let mut text = format!("{margin}/**\n");
            for line in lines {
                text += format!("{margin} * {line}").trim_end();
                text.push('\n');
            }
            text + &format!("{margin} */\n")
        }
    }
}

/// Lines of documentation; those of code stay as they are.
fn broken(docs: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut in_code = false;
    for line in docs.lines() {
        let is_fence = line.starts_with("```");
        if in_code || is_fence || line.is_empty() {
            lines.push(line.to_owned());
        } else {
            lines.extend(words::wrap(line, width));
        }
        in_code ^= is_fence;
    }
    lines
}

/// What a definition is and how well that is known.
pub(super) fn described(indent: usize, docs: &str, origin: &Origin) -> String {
    comment(indent, &words::described(docs, origin))
}

/// How documentation refers to a call.
pub(super) fn reference(call: &str) -> String {
    format!("`{}`", words::camel_call(call))
}

/// Items between an opening and a closing: on one line or, where that is too long, on one each.
pub(super) fn listed(indent: usize, open: &str, items: &[String], close: &str) -> String {
    let margin = " ".repeat(indent);
    let line = format!("{margin}{open}{}{close}", items.join(", "));
    if line.chars().count() <= WIDTH {
        return line;
    }
    let inner = format!("{margin}    ");
    format!(
        "{margin}{open}\n{inner}{},\n{margin}{close}",
        items.join(&format!(",\n{inner}"))
    )
}

/// A value of an example.
pub(super) fn literal(ir: &Ir, ty: &Type, value: &Value) -> String {
    let list = |item: &Type, values: &[Value]| {
        let values: Vec<String> = values.iter().map(|value| literal(ir, item, value)).collect();
        format!("listOf({})", values.join(", "))
    };
    match (ty, value) {
        (Type::NonNull(inner), _) => literal(ir, inner, value),
        (Type::Enum(name), Value::String(member)) => format!("{name}.{}", words::shouty(member)),
        (Type::Scalar(Scalar::Id | Scalar::Uuid), Value::String(text)) => format!("Id({text:?})"),
        (Type::Opaque(name), Value::String(path)) if name == "Content" => {
            format!("Content.of(File({path:?}))")
        }
        (Type::Opaque(name), _) if name == "ExtraValue" => match value {
            Value::Array(values) => format!("ExtraValue.of({})", list(&Type::Scalar(Scalar::String), values)),
            other => format!("ExtraValue.of({other})"),
        },
        (Type::List(item), Value::Array(values)) => list(item, values),
        (Type::Input(name), Value::Object(fields)) => {
            let given = input(ir, name).fields.iter().filter_map(|field| {
                let value = literal(ir, &field.ty, fields.get(&field.name)?);
                Some(format!("{} = {value}", self::name(&field.name)))
            });
            format!("{name}({})", given.collect::<Vec<_>>().join(", "))
        }
        (Type::Map(item), Value::Object(fields)) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{name:?} to {}", literal(ir, item, value)))
                .collect();
            format!("mapOf({})", fields.join(", "))
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
