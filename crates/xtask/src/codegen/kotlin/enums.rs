//! `Enums.kt`: enums that keep members which they do not know.

use super::text::{described, listed};
use crate::codegen::ir::{Enum, Ir};
use crate::codegen::words::shouty;

pub(super) fn emit(ir: &Ir) -> Vec<String> {
    ir.enums.iter().chain(&ir.shared.enums).map(item).collect()
}

fn item(item: &Enum) -> String {
    let name = &item.name;
    let mut text = described(0, &item.docs, &item.origin);
    text += &format!(
        "@Serializable\n@JvmInline\npublic value class {name}(\n    /** As the API writes it. */\n    \
         public val value: String,\n) {{\n    override fun toString(): String = value\n\n    \
         public companion object {{\n"
    );
    for member in &item.members {
        text += &described(8, &member.docs, &member.origin);
        text += &format!(
            "        public val {}: {name} = {name}({:?})\n\n",
            shouty(&member.name),
            member.name
        );
    }
    let members: Vec<String> = item.members.iter().map(|m| shouty(&m.name)).collect();
    text += "        /** The members that this version knows; a server may send others. */\n";
    let known = format!("public val known: List<{name}> = listOf(");
    text + &listed(8, &known, &members, ")") + "\n    }\n}\n"
}
