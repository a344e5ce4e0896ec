//! Offer events.

use super::no_call;
use super::reply::Call;
use crate::error::WireError;
use bytes::Bytes;

pub(super) async fn call(what: &str, mut call: Call) -> Result<Bytes, WireError> {
    let events = call.client.offer_events();
    match what {
        "get" => {
            let key = call.args.key()?;
            call.get(events.get(key)).await
        }
        "create" => {
            let offer = call.args.key_of("offerId", "offerRef")?;
            let event = call.args.rest()?;
            call.object(events.create(offer, event)).await
        }
        "update" => {
            let (key, notify) = (call.args.key()?, call.args.notify()?);
            let change = call.args.rest()?;
            call.object(events.update(key, change).notify(notify)).await
        }
        "delete" => {
            let key = call.args.key()?;
            call.done(events.delete(key)).await
        }
        _ => Err(no_call(call.args.call())),
    }
}
