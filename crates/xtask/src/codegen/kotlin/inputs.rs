//! `Inputs.kt`: what stands inside of arguments, one class for each input type.

use super::text::{declared, described, input};
use crate::codegen::ir::{Input, Ir, Scalar, Type};

pub(super) fn emit(ir: &Ir) -> Vec<String> {
    used(ir).into_iter().map(class).collect()
}

/// The inputs that arguments are made of, and those that only calls have.
fn used(ir: &Ir) -> Vec<&Input> {
    let calls = ir.calls.iter().filter(|call| !call.rust_only);
    let arguments = calls.flat_map(|call| &call.arguments);
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

fn class(input: &Input) -> String {
    let mut text = described(0, &input.docs, &input.origin);
    text += &format!("@Serializable\npublic data class {}(\n", input.name);
    for field in &input.fields {
        text += &described(4, &field.docs, &field.origin);
        let written = match field.ty.nullable() {
            Type::Scalar(Scalar::Date) => "@Serializable(DateArgument::class)\n    ",
            Type::Scalar(Scalar::DateTime) => "@Serializable(MomentArgument::class)\n    ",
            Type::Scalar(Scalar::Decimal) => "@Serializable(DecimalArgument::class)\n    ",
            _ => "",
        };
        text += &format!("    {written}public val {},\n", declared(&field.name, &field.ty));
    }
    text + ")\n"
}
