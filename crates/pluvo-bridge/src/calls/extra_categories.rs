//! Extra categories and their values.

use super::no_call;
use super::reply::{Call, to_bytes};
use crate::error::WireError;
use crate::values;
use bytes::Bytes;
use pluvo_sdk::model::ContentType;

pub(super) async fn call(what: &str, mut call: Call) -> Result<Bytes, WireError> {
    let categories = call.client.extra_categories();
    match what {
        "list" => call.listing(categories.list()).await,
        "get" => {
            let id: String = call.args.need("id")?;
            call.get(categories.get(id)).await
        }
        "create" => {
            let category = call.args.rest()?;
            call.object(categories.create(category)).await
        }
        "update" => {
            let id: String = call.args.need("id")?;
            let change = call.args.rest()?;
            call.object(categories.update(id, change)).await
        }
        "archive" => {
            let (ids, archive): (Vec<String>, bool) = (call.args.need("ids")?, call.args.need("archive")?);
            call.bulk_result(categories.archive(ids, archive)).await
        }
        "set_values" => {
            let content_type: ContentType = call.args.need("contentType")?;
            let of = call.args.key_of("modelId", "modelRef")?;
            let values: values::Values = call.args.need("values")?;
            call.end_plain()?;
            let set = categories.set_values(content_type, of, values.0);
            to_bytes(&set.options(call.options).await?)
        }
        _ => Err(no_call(call.args.call())),
    }
}
