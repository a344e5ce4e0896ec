//! `Enums.swift`: enums that keep members which they do not know.

use super::text::{declared, described, label};
use crate::codegen::ir::{Enum, Ir};

pub(super) fn emit(ir: &Ir) -> String {
    let items: Vec<String> = ir.enums.iter().chain(&ir.shared.enums).map(item).collect();
    format!("extension Pluvo {{\n{}}}\n", items.join("\n"))
}

fn item(item: &Enum) -> String {
    let mut text = described(2, &item.docs, &item.origin);
    text += &format!("  public struct {}: OpenEnum {{\n", item.name);
    text += "    public let rawValue: String\n\n";
    text += "    public init(rawValue: String) {\n      self.rawValue = rawValue\n    }\n\n";
    for member in &item.members {
        text += &described(4, &member.docs, &member.origin);
        text += &format!(
            "    public static let {} = Self(rawValue: {:?})\n",
            declared(&member.name),
            member.name
        );
    }
    let members: Vec<String> = item
        .members
        .iter()
        .map(|m| format!(".{}", label(&m.name)))
        .collect();
    text += "\n    /// The members that this version knows.\n";
    text += &format!(
        "    public static let known: [Self] = [{}]\n  }}\n",
        members.join(", ")
    );
    text
}
