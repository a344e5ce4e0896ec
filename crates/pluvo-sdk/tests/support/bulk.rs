//! Rows to upsert, and a server that does as it is told.

use super::{Answer, Wire, body};
use pluvo_sdk::model::UpdateUserInput;
use serde_json::{Map, Value, json};

pub(crate) fn row(reference: &str) -> UpdateUserInput {
    UpdateUserInput {
        r#ref: Some(reference.into()),
        name: Some(format!("Name of {reference}")),
        ..Default::default()
    }
}

pub(crate) fn rows(count: usize) -> Vec<UpdateUserInput> {
    (0..count).map(|n| row(&format!("EMP-{n}"))).collect()
}

/// The refs of a batch, by alias.
pub(crate) fn refs(document: &str) -> Vec<String> {
    let fields = document.split("updateOrCreateUser(ref:\"").skip(1);
    fields
        .map(|field| field[..field.find('"').unwrap()].to_owned())
        .collect()
}

/// Creates everybody whose ref ends in an even digit, updates the others.
pub(crate) fn carry_out(document: &str) -> Value {
    let row = |(place, reference): (usize, String)| {
        let created = reference.ends_with(['0', '2', '4', '6', '8']);
        (
            format!("r{place}"),
            json!({"user": {"id": format!("id-{reference}")}, "created": created}),
        )
    };
    json!({"data": refs(document).into_iter().enumerate().map(row).collect::<Map<_, _>>()})
}

pub(crate) fn server(answer: impl Fn(&str, usize) -> Answer + Send + Sync + 'static) -> Wire {
    Wire::new(move |request, index| answer(body(request)["query"].as_str().unwrap(), index))
}
