//! `model/inputs/*.rs`: what is sent.

use super::text::{SentField, described, imports, sent_struct, use_model};
use crate::codegen::ir::Ir;
use crate::codegen::words;

const DOCS: &str = "What can be sent, one struct per input type of the schema.\n\
    //!\n\
    //! A field that is `None` is left out of the request.";

pub(crate) fn emit(ir: &Ir) -> (&'static str, Vec<(String, String)>) {
    let modules = words::by_resource(&ir.inputs, |i| &i.resource)
        .into_iter()
        .map(|(resource, inputs)| {
            let fields = inputs.iter().flat_map(|i| &i.fields).map(|f| &f.ty);
            let own = |name: &str| inputs.iter().any(|i| i.name == name);
            let mut text = "use serde::{Deserialize, Serialize};\n\n".to_owned();
            text += &use_model(&imports(fields, own));
            text += "\n";
            for input in &inputs {
                let fields: Vec<SentField> = input.fields.iter().map(SentField::from).collect();
                text += &sent_struct(&input.name, &described(&input.docs, &input.origin), &fields);
            }
            (resource, text)
        });
    (DOCS, modules.collect())
}
