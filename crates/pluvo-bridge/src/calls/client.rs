//! What is asked of the client itself: a document of the caller's own, and what the token may do.

use super::no_call;
use super::reply::{Call, to_bytes};
use crate::error::WireError;
use bytes::Bytes;
use pluvo_sdk::Meta;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

pub(super) async fn call(name: &str, call: Call) -> Result<Bytes, WireError> {
    match name {
        "query" => query(call).await,
        "check" => {
            call.end_plain()?;
            let access = call.client.check().await?;
            to_bytes(&json!({"granted": access.granted, "missing": access.missing}))
        }
        _ => Err(no_call(name)),
    }
}

async fn query(mut call: Call) -> Result<Bytes, WireError> {
    let args = &mut call.args;
    let document: String = args.need("document")?;
    let variables: Option<Map<String, Value>> = args.take("variables")?;
    let operation_name: Option<String> = args.take("operationName")?;
    let repeatable: Option<bool> = args.take("repeatable")?;
    let partial: bool = args.take("partial")?.unwrap_or(false);
    args.end()?;
    if call.select.is_some() {
        return Err(WireError::invalid(
            "query takes no select: its document says what it reads",
        ));
    }
    let mut query = call
        .client
        .query(document)
        .variables(variables.unwrap_or_default())
        .options(call.options);
    if let Some(name) = operation_name {
        query = query.operation_name(name);
    }
    if let Some(repeatable) = repeatable.or(call.repeatable) {
        query = query.repeatable(repeatable);
    }
    if partial {
        let answer = query.send_partial::<Box<RawValue>>().await?;
        return to_bytes(&Partial {
            data: answer.data,
            errors: &answer.errors,
            meta: meta(&answer.meta),
        });
    }
    let data: Box<RawValue> = query.send().await?;
    Ok(String::from(Box::<str>::from(data)).into())
}

#[derive(serde::Serialize)]
struct Partial<'a> {
    data: Option<Box<RawValue>>,
    errors: &'a [pluvo_sdk::GraphqlError],
    meta: Value,
}

fn meta(meta: &Meta) -> Value {
    json!({
        "status": meta.status,
        "requestId": meta.request_id,
        "attempts": meta.attempts,
        "elapsed": meta.elapsed.as_secs_f64(),
        "bytes": meta.bytes,
    })
}
