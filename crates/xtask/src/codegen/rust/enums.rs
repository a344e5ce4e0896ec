//! `model/enums.rs`: open enums, written through a macro of the SDK.

use super::text::{described, variant_name};
use crate::codegen::ir::Ir;

pub(crate) fn emit(ir: &Ir) -> String {
    let mut text = "//! The enums of the schema. Each keeps members that it does not know.\n\n".to_owned();
    text += "use super::open_enum::open_enum;\n\n";
    for item in &ir.enums {
        text += &format!(
            "open_enum! {{\n{}pub enum {} {{\n",
            described(&item.docs, &item.origin),
            item.name
        );
        for member in &item.members {
            text += &indented(&described(&member.docs, &member.origin));
            text += &format!("        {} = {:?},\n", variant_name(&member.name), member.name);
        }
        text += "    }\n}\n\n";
    }
    text
}

/// rustfmt leaves the inside of a macro as it is.
fn indented(text: &str) -> String {
    text.lines().map(|line| format!("        {line}\n")).collect()
}
