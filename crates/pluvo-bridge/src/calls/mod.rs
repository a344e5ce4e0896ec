//! From a name to a call of the typed SDK: a file for each resource.

mod certificates;
mod client;
mod enrollments;
mod extra_categories;
mod files;
mod groups;
mod offer_events;
mod offers;
mod portfolio;
mod reply;
mod trainings;
mod users;

pub use files::Content;
pub(crate) use reply::{Call, ListCall, Reading};

use crate::bulk::{Bulk, BulkCall};
use crate::error::WireError;
use bytes::Bytes;

/// A call that is answered at once.
pub(crate) async fn call(call: Call) -> Result<Bytes, WireError> {
    let name = call.args.call().to_owned();
    match name.split_once('.') {
        Some(("users", what)) => users::call(what, call).await,
        Some(("groups", what)) => groups::call(what, call).await,
        Some(("trainings", what)) => trainings::call(what, call).await,
        Some(("offers", what)) => offers::call(what, call).await,
        Some(("offer_events", what)) => offer_events::call(what, call).await,
        Some(("enrollments", what)) => enrollments::call(what, call).await,
        Some(("certificates", what)) => certificates::call(what, call).await,
        Some(("portfolio", what)) => portfolio::call(what, call).await,
        Some(("extra_categories", what)) => extra_categories::call(what, call).await,
        Some(("files", what)) => files::call(what, call).await,
        _ => client::call(&name, call).await,
    }
}

/// A list with pages.
pub(crate) fn list(list: ListCall) -> Result<Reading, WireError> {
    let name = list.args.call().to_owned();
    match name.split_once('.') {
        Some(("users", what)) => users::list(what, list),
        Some(("groups", what)) => groups::list(what, list),
        Some(("trainings", what)) => trainings::list(what, list),
        Some(("certificates", what)) => certificates::list(what, list),
        Some(("portfolio_report", what)) => portfolio::report(what, list),
        _ => Err(no_list(&name)),
    }
}

/// Many writes.
pub(crate) fn bulk(call: BulkCall) -> Result<Bulk, WireError> {
    let name = call.args.call().to_owned();
    match name.split_once('.') {
        Some(("users", what)) => users::bulk(what, call),
        Some(("extra_categories", what)) => extra_categories::bulk(what, call),
        _ => Err(no_bulk(&name)),
    }
}

/// A call that sends a file.
pub(crate) async fn upload(call: Call, content: Content) -> Result<Bytes, WireError> {
    let name = call.args.call().to_owned();
    match name.split_once('.') {
        Some(("files", what)) => files::upload(what, call, content).await,
        _ => Err(files::no_upload(&name)),
    }
}

fn no_call(name: &str) -> WireError {
    WireError::invalid(format!("there is no call {name} that is answered at once"))
}

fn no_list(name: &str) -> WireError {
    WireError::invalid(format!("there is no list {name} that has pages"))
}

fn no_bulk(name: &str) -> WireError {
    WireError::invalid(format!("there is no call {name} that takes many rows"))
}
