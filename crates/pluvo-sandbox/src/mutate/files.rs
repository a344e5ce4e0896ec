//! Uploads.

use async_graphql::{Error, Name, Value};

use super::{Change, Mutation, flag, invalid, not_blank, payload};
use crate::data::files::File;
use crate::resolve::{Got, Node};

pub(super) fn mutation(name: &str) -> Option<Mutation> {
    let mutation: Mutation = match name {
        "uploadFile" => upload,
        "createFile" => create,
        _ => return None,
    };
    Some(mutation)
}

fn upload(c: &mut Change<'_>) -> Result<Got, Error> {
    let part = c
        .str("file")
        .and_then(|name| c.uploads.iter().find(|upload| upload.variable == name));
    let part = part.ok_or_else(|| invalid("`file` is not a part of a multipart request."))?;
    let id = c.store.new_id();
    c.store.files.insert(File {
        id,
        name: part.name.clone(),
        public: false,
        content: Some(part.content.to_vec()),
    });
    Ok(payload([("ok", flag(true)), ("file", Got::Node(Node::File(id)))]))
}

fn create(c: &mut Change<'_>) -> Result<Got, Error> {
    let input = c.input("file")?;
    not_blank("name", input.str("name"))?;
    let id = c.store.new_id();
    c.store.files.insert(File {
        id,
        name: input.str("name").unwrap_or_default().to_owned(),
        public: input.flag("public").unwrap_or(false),
        content: None,
    });
    let fields = crate::storage::fields(id);
    let fields = fields
        .into_iter()
        .map(|(name, value)| (Name::new(name), Value::String(value)));
    Ok(payload([
        ("file", Got::Node(Node::File(id))),
        (
            "s3Url",
            Got::Value(Value::String(crate::storage::url(&c.inner.url, id))),
        ),
        ("s3Data", Got::Value(Value::Object(fields.collect()))),
    ]))
}
