//! Portfolio items, and the portfolio report.

use super::reply::{Call, ListCall, Reading};
use super::{no_call, no_list};
use crate::error::WireError;
use bytes::Bytes;

pub(super) async fn call(what: &str, mut call: Call) -> Result<Bytes, WireError> {
    let portfolio = call.client.portfolio();
    match what {
        "list" => call.listing(portfolio.list()).await,
        "get" => {
            let id: String = call.args.need("id")?;
            call.get(portfolio.get(id)).await
        }
        "create" => {
            let item = call.args.rest()?;
            call.object(portfolio.create(item)).await
        }
        "update" => {
            let id: String = call.args.need("id")?;
            let change = call.args.rest()?;
            call.object(portfolio.update(id, change)).await
        }
        "delete" => {
            let id: String = call.args.need("id")?;
            call.done(portfolio.delete(id)).await
        }
        _ => Err(no_call(call.args.call())),
    }
}

pub(super) fn report(what: &str, list: ListCall) -> Result<Reading, WireError> {
    let report = list.client.portfolio_report();
    match what {
        "list" => list.filtered(report.list()),
        _ => Err(no_list(list.args.call())),
    }
}
