//! `Inputs.swift`: what stands inside of arguments, one struct for each input type.

use super::text::{call, declared, described, input, label, optional_type};
use crate::codegen::ir::{Field, Input, Ir, Scalar, Type};

pub(super) fn emit(ir: &Ir) -> String {
    let items: Vec<String> = used(ir).into_iter().map(structure).collect();
    format!(
        "import Foundation\n\nextension Pluvo {{\n{}}}\n",
        items.join("\n")
    )
}

/// The inputs that arguments are made of, and those of the calls that are written by hand.
fn used(ir: &Ir) -> Vec<&Input> {
    let arguments = ir
        .calls
        .iter()
        .filter(|call| !call.rust_only)
        .flat_map(|call| &call.arguments);
    let mut open: Vec<&str> = arguments.filter_map(|argument| named(&argument.ty)).collect();
    open.extend(ir.shared.inputs.iter().map(|input| input.name.as_str()));
    let mut names: Vec<&str> = Vec::new();
    while let Some(name) = open.pop() {
        if !names.contains(&name) {
            names.push(name);
            open.extend(input(ir, name).fields.iter().filter_map(|field| named(&field.ty)));
        }
    }
    let all = ir.inputs.iter().chain(&ir.shared.inputs);
    all.filter(|input| names.contains(&input.name.as_str())).collect()
}

fn named(ty: &Type) -> Option<&str> {
    match ty.innermost() {
        Type::Input(name) => Some(name),
        _ => None,
    }
}

fn structure(input: &Input) -> String {
    let mut text = described(2, &input.docs, &input.origin);
    text += &format!("  public struct {}: Codable, Hashable, Sendable {{\n", input.name);
    for field in &input.fields {
        text += &described(4, &field.docs, &field.origin);
        text += &format!(
            "    public var {}: {}\n",
            declared(&field.name),
            optional_type(&field.ty)
        );
    }
    text += &initializer(&input.fields);
    if input
        .fields
        .iter()
        .any(|field| *field.ty.nullable() == Type::Scalar(Scalar::Decimal))
    {
        text += &encoded(&input.fields);
    }
    text + "  }\n"
}

/// The initialiser that takes what is required and whatever else there is.
fn initializer(fields: &[Field]) -> String {
    let parameters: Vec<String> = fields
        .iter()
        .map(|field| {
            let default = if field.ty.is_required() { "" } else { " = nil" };
            format!("{}: {}{default}", declared(&field.name), optional_type(&field.ty))
        })
        .collect();
    let mut text = "\n    /// What is not given is not sent.\n".to_owned();
    text += &call(4, "public init", &parameters, " {");
    for field in fields {
        text += &format!("      self.{} = {}\n", label(&field.name), declared(&field.name));
    }
    text + "    }\n"
}

/// Decimal numbers travel as text.
fn encoded(fields: &[Field]) -> String {
    let mut text = "\n    private enum CodingKeys: String, CodingKey {\n".to_owned();
    let names: Vec<String> = fields.iter().map(|field| declared(&field.name)).collect();
    text += &format!("      case {}\n    }}\n", names.join(", "));
    text += "\n    public func encode(to encoder: any Encoder) throws {\n";
    text += "      var fields = encoder.container(keyedBy: CodingKeys.self)\n";
    for field in fields {
        let (name, label) = (declared(&field.name), label(&field.name));
        let is_decimal = *field.ty.nullable() == Type::Scalar(Scalar::Decimal);
        let value = if is_decimal {
            format!("{name}.map(\\.plain)")
        } else {
            name
        };
        text += &format!("      try fields.encodeIfPresent({value}, forKey: .{label})\n");
    }
    text + "    }\n"
}
