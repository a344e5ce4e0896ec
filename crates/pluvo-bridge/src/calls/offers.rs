//! Offers.

use super::no_call;
use super::reply::Call;
use crate::error::WireError;
use bytes::Bytes;

pub(super) async fn call(what: &str, mut call: Call) -> Result<Bytes, WireError> {
    let offers = call.client.offers();
    match what {
        "list" => call.listing(offers.list()).await,
        "get" => {
            let key = call.args.key()?;
            call.get(offers.get(key)).await
        }
        "create" => {
            let offer = call.args.rest()?;
            call.object(offers.create(offer)).await
        }
        "update" => {
            let id: String = call.args.need("id")?;
            let change = call.args.rest()?;
            call.object(offers.update(id, change)).await
        }
        "archive" => {
            let (ids, archive): (Vec<String>, bool) = (call.args.need("ids")?, call.args.need("archive")?);
            call.bulk_result(offers.archive(ids, archive)).await
        }
        _ => Err(no_call(call.args.call())),
    }
}
