//! Files.

use super::no_call;
use super::reply::{Call, to_bytes};
use crate::error::WireError;
use bytes::Bytes;
use pluvo_sdk::model::File;
use pluvo_sdk::resources::{FileUpload, PreparedUpload};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// What a file holds.
#[derive(Clone)]
pub enum Content {
    /// In memory.
    Bytes(Bytes),
    /// In a file, which is opened when it is sent.
    Path(PathBuf),
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Path(path) => path.fmt(f),
        }
    }
}

pub(super) async fn call(what: &str, mut call: Call) -> Result<Bytes, WireError> {
    let files = call.client.files();
    match what {
        "create" => {
            let file = call.args.rest()?;
            call.end_plain()?;
            let prepared = files.create(file).options(call.options).await?;
            let fields: BTreeMap<_, _> = prepared.fields().collect();
            to_bytes(&json!({
                "file": prepared.file(),
                "url": prepared.url().as_str(),
                "fields": fields,
            }))
        }
        _ => Err(no_call(call.args.call())),
    }
}

pub(super) async fn upload(what: &str, mut call: Call, content: Content) -> Result<Bytes, WireError> {
    let files = call.client.files();
    match what {
        "upload" => {
            let file = file(&mut call, content)?;
            call.end_plain()?;
            to_bytes(&files.upload(file).options(call.options).await?)
        }
        "upload_large" => {
            let (file, public) = (file(&mut call, content)?, call.args.take("public")?);
            call.end_plain()?;
            let upload = files.upload_large(file, public.unwrap_or(false));
            to_bytes(&upload.options(call.options).await?)
        }
        "store" => {
            let prepared: Prepared = call.args.need("prepared")?;
            let file = file(&mut call, content)?;
            call.end_plain()?;
            let prepared = PreparedUpload::new(prepared.file, &prepared.url, prepared.fields)?;
            files.store(&prepared, file).options(call.options).await?;
            Ok(Bytes::from_static(b"null"))
        }
        _ => Err(no_upload(call.args.call())),
    }
}

pub(super) fn no_upload(name: &str) -> WireError {
    WireError::invalid(format!("there is no call {name} that takes a file"))
}

/// What `files.create` gave.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Prepared {
    file: File,
    url: String,
    fields: BTreeMap<String, String>,
}

fn file(call: &mut Call, content: Content) -> Result<FileUpload, WireError> {
    let (name, media_type): (Option<String>, Option<String>) =
        (call.args.take("name")?, call.args.take("mediaType")?);
    let file = match (content, name) {
        (Content::Path(path), None) => FileUpload::path(path),
        (Content::Path(path), Some(name)) => FileUpload::path(path).with_name(name),
        (Content::Bytes(bytes), Some(name)) => FileUpload::bytes(name, bytes),
        (Content::Bytes(_), None) => {
            let call = call.args.call();
            return Err(WireError::invalid(format!(
                "{call} needs name: bytes have none of their own"
            )));
        }
    };
    Ok(match media_type {
        Some(media_type) => file.media_type(media_type),
        None => file,
    })
}
