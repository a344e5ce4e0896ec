//! `model/enums.rs`: open enums, written through a macro of the SDK.

use super::text::{described, variant_name};
use crate::codegen::ir::Ir;

pub(crate) fn emit(ir: &Ir) -> String {
    let mut text = "//! The enums of the schema. Each keeps members that it does not know.\n\n".to_owned();
    text += "use super::open_enum::open_enum;\n\n";
    for item in &ir.enums {
        text += "open_enum! {\n";
        text += &indented(1, &described(&item.docs, &item.origin));
        text += &format!("    pub enum {} {{\n", item.name);
        for member in &item.members {
            text += &indented(2, &described(&member.docs, &member.origin));
            text += &format!("        {} = {:?},\n", variant_name(&member.name), member.name);
        }
        text += "    }\n}\n\n";
    }
    text
}

/// Indents what rustfmt will not, because it leaves the inside of a macro as it is.
fn indented(depth: usize, text: &str) -> String {
    text.lines()
        .map(|line| format!("{:1$}{line}\n", "", 4 * depth))
        .collect()
}
