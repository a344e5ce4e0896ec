//! `Models/*.swift`: what is read, one struct for each object type and one enum for each union.

use super::text::{call, comment, declared, described, label, optional_type, value_type};
use crate::codegen::ir::{Field, Ir, Object, Scalar, Type, Union};

/// The objects and unions that these types are made of, themselves among them.
pub(super) fn reachable<'a>(ir: &'a Ir, roots: impl Iterator<Item = &'a Type>) -> Vec<&'a str> {
    let mut open: Vec<&str> = roots.filter_map(named).collect();
    let mut found: Vec<&str> = Vec::new();
    while let Some(next) = open.pop() {
        if found.contains(&next) {
            continue;
        }
        found.push(next);
        let mut objects = ir.objects.iter().chain(&ir.shared.objects);
        if let Some(object) = objects.find(|object| object.name == next) {
            open.extend(object.fields.iter().filter_map(|field| named(&field.ty)));
        }
        if let Some(union) = ir.unions.iter().find(|union| union.name == next) {
            open.extend(union.members.iter().map(|member| member.object.as_str()));
        }
    }
    found
}

fn named(ty: &Type) -> Option<&str> {
    match ty.innermost() {
        Type::Object(name) | Type::Union(name) => Some(name),
        _ => None,
    }
}

fn is_id(field: &Field) -> bool {
    field.name == "id" && field.ty.is_required()
}

/// An object of the schema. Its documentation does not say reliably what can be null, so all fields but `id` are optional.
pub(super) fn structure(object: &Object) -> String {
    let has_id = object.fields.iter().any(is_id);
    let identifiable = if has_id { ", Identifiable" } else { "" };
    let ty = |field: &Field| {
        let ty = value_type(&field.ty);
        if is_id(field) { ty } else { format!("{ty}?") }
    };
    let mut text = described(2, &object.docs, &object.origin);
    text += &format!(
        "  public struct {}: Codable, Hashable, Sendable{identifiable} {{\n",
        object.name
    );
    text += &properties(object, &ty);
    text += &initializer(object, &ty, &is_id);
    text += &decoded(object);
    if object.fields.iter().any(|field| written(field).is_some()) {
        text += &encoded(object);
    }
    text + "  }\n"
}

/// An object of this project's own, which has what it says. `secret` are fields that no text for debugging shows.
pub(super) fn own(object: &Object, secret: &[&str]) -> String {
    let ty = |field: &Field| optional_type(&field.ty);
    let mut text = described(2, &object.docs, &object.origin);
    text += &format!(
        "  public struct {}: Codable, Hashable, Sendable {{\n",
        object.name
    );
    text += &properties(object, &ty);
    text += &initializer(object, &ty, &|field| field.ty.is_required());
    text += "  }\n";
    if !secret.is_empty() {
        text += &redacted(object, secret);
    }
    text
}

fn properties(object: &Object, ty: &dyn Fn(&Field) -> String) -> String {
    let property = |field: &Field| {
        let docs = described(4, &field.docs, &field.origin);
        format!("{docs}    public var {}: {}\n", declared(&field.name), ty(field))
    };
    object.fields.iter().map(property).collect()
}

fn initializer(object: &Object, ty: &dyn Fn(&Field) -> String, is_needed: &dyn Fn(&Field) -> bool) -> String {
    let parameters: Vec<String> = object
        .fields
        .iter()
        .map(|field| {
            let default = if is_needed(field) { "" } else { " = nil" };
            format!("{}: {}{default}", declared(&field.name), ty(field))
        })
        .collect();
    let mut text = "\n    /// A value of one's own, for tests and previews.\n".to_owned();
    text += &call(4, "public init", &parameters, " {");
    for field in &object.fields {
        text += &format!("      self.{} = {}\n", label(&field.name), declared(&field.name));
    }
    text + "    }\n"
}

/// `init(from:)`, which reads what the schema does not promise too.
fn decoded(object: &Object) -> String {
    let mut text = "\n    public init(from decoder: any Decoder) throws {\n".to_owned();
    text += "      let fields = try decoder.container(keyedBy: CodingKeys.self)\n";
    for field in &object.fields {
        let reader = match field.ty.nullable() {
            Type::List(_) => "list",
            Type::Scalar(Scalar::Id | Scalar::Uuid) if is_id(field) => "id",
            Type::Scalar(Scalar::DateTime) => "moment",
            Type::Scalar(Scalar::Date) => "day",
            Type::Scalar(Scalar::Decimal) => "decimal",
            _ => "value",
        };
        let name = label(&field.name);
        text += &format!("      self.{name} = try fields.{reader}(.{name})\n");
    }
    text + "    }\n"
}

/// How a value is written that no encoder writes as the API does by itself.
fn written(field: &Field) -> Option<&'static str> {
    match field.ty.nullable() {
        Type::Scalar(Scalar::DateTime) => Some("map(Moment.text)"),
        Type::Scalar(Scalar::Decimal) => Some("map(\\.plain)"),
        _ => None,
    }
}

fn encoded(object: &Object) -> String {
    let case = |field: &Field| format!("      case {}\n", declared(&field.name));
    let names: Vec<String> = object.fields.iter().map(case).collect();
    let mut text = "\n    private enum CodingKeys: String, CodingKey {\n".to_owned();
    text += &names.concat();
    text += "    }\n\n    public func encode(to encoder: any Encoder) throws {\n";
    text += "      var fields = encoder.container(keyedBy: CodingKeys.self)\n";
    for field in &object.fields {
        let (name, label) = (declared(&field.name), label(&field.name));
        text += &if is_id(field) {
            format!("      try fields.encode({name}, forKey: .{label})\n")
        } else {
            let value = written(field).map_or(name.clone(), |how| format!("{name}.{how}"));
            format!("      try fields.encodeIfPresent({value}, forKey: .{label})\n")
        };
    }
    text + "    }\n"
}

fn redacted(object: &Object, secret: &[&str]) -> String {
    let shown: Vec<String> = object
        .fields
        .iter()
        .map(|field| {
            let name = label(&field.name);
            if secret.contains(&field.name.as_str()) {
                format!("{name}: …")
            } else {
                format!("{name}: \\({name})")
            }
        })
        .collect();
    let text = format!("{}({})", object.name, shown.join(", "));
    // A mirror is what `dump` and crash reporters look into.
    format!(
        "}}\n\nextension Pluvo.{}: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {{\n  \
         public var description: String {{ \"{text}\" }}\n  \
         public var debugDescription: String {{ description }}\n  \
         public var customMirror: Mirror {{ Mirror(self, children: []) }}\n}}\n\nextension Pluvo {{\n",
        object.name
    )
}

/// The initialiser by which objects are read from bytes.
pub(super) fn scanned(object: &Object) -> String {
    let mut text = format!("extension Pluvo.{}: JSONReadable {{\n", object.name);
    text += "  init(json: inout JSONScanner) throws(JSONScanner.Unusual) {\n";
    let id = if object.fields.iter().any(is_id) {
        "id: .none"
    } else {
        ""
    };
    text += &format!("    self.init({id})\n    try json.enter()\n    while let key = try json.key() {{\n");
    text += "      switch key {\n";
    for field in &object.fields {
        text += &format!(
            "      case {:?}: self.{} = {}\n",
            field.name,
            label(&field.name),
            scan(field)
        );
    }
    text + "      default: try json.skip()\n      }\n    }\n  }\n}\n"
}

fn scan(field: &Field) -> String {
    match field.ty.nullable() {
        Type::List(item) => match item.nullable() {
            Type::Object(_) | Type::Union(_) => "try json.objects()".to_owned(),
            Type::Enum(_) => "try json.members()".to_owned(),
            other => format!(
                "try json.list {{ json throws(JSONScanner.Unusual) in try json.{}() }}",
                scanner(other)
            ),
        },
        Type::Scalar(Scalar::Id | Scalar::Uuid) if is_id(field) => "try json.id()".to_owned(),
        other => format!("try json.{}()", scanner(other)),
    }
}

fn scanner(ty: &Type) -> &'static str {
    match ty {
        Type::Scalar(scalar) => match scalar {
            Scalar::String | Scalar::Upload => "string",
            Scalar::Int => "integer",
            Scalar::Float => "double",
            Scalar::Boolean => "bool",
            Scalar::Id | Scalar::Uuid => "optionalID",
            Scalar::Date => "day",
            Scalar::DateTime => "moment",
            Scalar::Decimal => "decimal",
            Scalar::Json => "jsonText",
        },
        Type::Enum(_) => "member",
        Type::Object(_) | Type::Union(_) | Type::Input(_) | Type::Map(_) | Type::Opaque(_) => "object",
        Type::List(item) | Type::NonNull(item) => scanner(item),
    }
}

/// The case of a union's member: what its object's name has that the union's has not.
fn case(union: &Union, object: &str) -> String {
    let stem = union.name.trim_end_matches("Value");
    let rest = object.strip_prefix(stem).unwrap_or(object);
    declared(
        rest.strip_suffix("Value")
            .filter(|rest| !rest.is_empty())
            .unwrap_or(rest),
    )
}

/// A union, told apart by the one field that each of its members has and no other has.
pub(super) fn choice(union: &Union) -> String {
    let mut text = described(2, &union.docs, &union.origin);
    text += &format!("  public enum {}: Codable, Hashable, Sendable {{\n", union.name);
    for member in &union.members {
        text += &comment(4, &member.docs);
        text += &format!("    case {}({})\n", case(union, &member.object), member.object);
    }
    text +=
        "    /// A kind that this version does not know, or of which nothing was selected that tells it.\n";
    text += "    case other\n\n    private enum Tag: String, CodingKey {\n";
    let tags: Vec<String> = union.members.iter().map(|member| declared(&member.tag)).collect();
    text += &format!("      case {}\n    }}\n", tags.join(", "));
    text += "\n    public init(from decoder: any Decoder) throws {\n";
    text += "      let tags = try decoder.container(keyedBy: Tag.self)\n      ";
    for member in &union.members {
        text += &format!(
            "if tags.contains(.{}) {{\n        self = .{}(try {}(from: decoder))\n      }} else ",
            label(&member.tag),
            case(union, &member.object),
            member.object
        );
    }
    text += "{\n        self = .other\n      }\n    }\n";
    text += "\n    public func encode(to encoder: any Encoder) throws {\n      switch self {\n";
    for member in &union.members {
        let case = case(union, &member.object);
        text += &format!("      case .{case}(let value): try value.encode(to: encoder)\n");
    }
    text += "      case .other: _ = encoder.container(keyedBy: Tag.self)\n      }\n    }\n";
    text + "  }\n"
}

pub(super) fn scanned_choice(union: &Union) -> String {
    let mut text = format!("extension Pluvo.{}: JSONReadable {{\n", union.name);
    text += "  init(json: inout JSONScanner) throws(JSONScanner.Unusual) {\n";
    let tags: Vec<String> = union
        .members
        .iter()
        .map(|member| format!("{:?}", member.tag))
        .collect();
    text += &call(
        4,
        "switch try json.first",
        &[format!("of: [{}]", tags.join(", "))],
        " {",
    );
    for (index, member) in union.members.iter().enumerate() {
        let case = case(union, &member.object);
        text += &format!(
            "    case {index}: self = .{case}(try Pluvo.{}(json: &json))\n",
            member.object
        );
    }
    text + "    default:\n      try json.skip()\n      self = .other\n    }\n  }\n}\n"
}
