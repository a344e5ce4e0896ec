//! What the rows of a list hold, for tables.

use anyhow::{Context as _, Result, bail};

use crate::codegen::ir::{Call, Ir, Scalar, Selection, Type};

/// The columns of a list's default selection, as the native module reads them.
pub(super) fn columns(ir: &Ir, call: &Call) -> Result<String> {
    let name = call.operations.first().context("a list sends no operation")?;
    let operation = ir.operations.iter().find(|operation| operation.name == *name);
    let operation = operation.with_context(|| format!("there is no operation {name}"))?;
    object(ir, &operation.selection)
}

/// An object of JSON, its members in the order of the selection.
fn object(ir: &Ir, selection: &[Selection]) -> Result<String> {
    let mut columns = Vec::new();
    for selected in selection {
        let object = ir.objects.iter().find(|object| object.name == selected.on);
        let field = object.and_then(|object| object.fields.iter().find(|field| field.name == selected.name));
        let field = field.with_context(|| format!("{} has no field {}", selected.on, selected.name))?;
        let column = column(ir, &field.ty, &selected.inner)?;
        columns.push(format!("{:?}:{column}", selected.name));
    }
    Ok(format!("{{{}}}", columns.join(",")))
}

fn column(ir: &Ir, ty: &Type, inner: &[Selection]) -> Result<String> {
    let word = match ty {
        Type::NonNull(ty) => return column(ir, ty, inner),
        Type::List(item) => return Ok(format!("[{}]", column(ir, item, inner)?)),
        Type::Object(_) => return object(ir, inner),
        Type::Scalar(Scalar::Int) => "integer",
        Type::Scalar(Scalar::Float) => "number",
        Type::Scalar(Scalar::Boolean) => "boolean",
        Type::Scalar(Scalar::Date) => "date",
        Type::Scalar(Scalar::DateTime) => "moment",
        Type::Scalar(Scalar::Decimal) => "decimal",
        Type::Scalar(_) | Type::Enum(_) => "text",
        other => bail!("rows of a list hold {other:?}, for which tables have no column"),
    };
    Ok(format!("{word:?}"))
}
