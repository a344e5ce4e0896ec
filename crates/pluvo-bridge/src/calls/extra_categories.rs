//! Extra categories and their values.

use super::reply::{Call, to_bytes};
use super::{no_bulk, no_call};
use crate::bulk::{Bulk, BulkCall};
use crate::error::WireError;
use crate::values::{self, Values};
use bytes::Bytes;
use pluvo_sdk::Key;
use pluvo_sdk::bulk::ExtraValues;
use pluvo_sdk::model::{ContentType, ExtraCategory, ExtraFieldType};
use pluvo_sdk::resources::ExtraValue;
use serde::Deserialize;
use std::collections::BTreeMap;

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
        "kinds" => {
            let content_type: ContentType = call.args.need("contentType")?;
            call.end_plain()?;
            let list = categories.list().content_type(content_type);
            to_bytes(&kinds(&list.options(call.options).await?))
        }
        "set_values" => {
            let content_type: ContentType = call.args.need("contentType")?;
            let of = call.args.key()?;
            let values: (Option<Values>, _) = (call.args.take("values")?, call.args.take("valuesById")?);
            call.end_plain()?;
            let set = categories.set_values(content_type, of, values::pairs(values.0, values.1));
            to_bytes(&set.options(call.options).await?)
        }
        _ => Err(no_call(call.args.call())),
    }
}

pub(super) fn bulk(what: &str, mut call: BulkCall) -> Result<Bulk, WireError> {
    let categories = call.client.extra_categories();
    match what {
        "set_values_many" => {
            let content_type: ContentType = call.args.need("contentType")?;
            // Text for a category that is not there is never sent, so a row that cannot be read is not either.
            let unsendable =
                || ExtraValues::new(Key::id(""), [(Key::id(""), ExtraValue::Plain(String::new()))]);
            let rows = call.rows(Row::values, unsendable);
            call.begin(categories.set_values_stream(content_type, rows))
        }
        _ => Err(no_bulk(call.args.call())),
    }
}

/// A thing among others, and its values.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Row {
    id: Option<String>,
    r#ref: Option<String>,
    values: Option<Values>,
    values_by_id: Option<Values>,
}

impl Row {
    fn values(self) -> Result<ExtraValues, WireError> {
        let of = match (self.id, self.r#ref) {
            (Some(id), _) => Key::id(id),
            (None, Some(reference)) => Key::reference(reference),
            (None, None) => return Err(WireError::invalid("it has neither id nor ref")),
        };
        Ok(ExtraValues::new(
            of,
            values::pairs(self.values, self.values_by_id),
        ))
    }
}

/// By id, and by ref where there is one.
fn kinds(categories: &[ExtraCategory]) -> BTreeMap<String, Option<&ExtraFieldType>> {
    let keys = |category: &ExtraCategory| [Some(category.id.to_string()), category.r#ref.clone()];
    categories
        .iter()
        .flat_map(|category| {
            let kind = category.category_type.as_ref();
            keys(category).into_iter().flatten().map(move |key| (key, kind))
        })
        .collect()
}
