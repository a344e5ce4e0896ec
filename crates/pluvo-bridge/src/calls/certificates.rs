//! Certificates.

use super::reply::{Call, ListCall, Parts, Reading};
use super::{no_call, no_list};
use crate::error::WireError;
use bytes::Bytes;
use pluvo_sdk::resources::CertificateIssue;

pub(super) async fn call(what: &str, mut call: Call) -> Result<Bytes, WireError> {
    let certificates = call.client.certificates();
    match what {
        "issue" => {
            let parts = Parts::take(&mut call.args)?;
            let issue: CertificateIssue = call.args.rest()?;
            call.bulk_result(parts.of(certificates.issue(&issue))).await
        }
        _ => Err(no_call(call.args.call())),
    }
}

pub(super) fn list(what: &str, list: ListCall) -> Result<Reading, WireError> {
    let certificates = list.client.certificates();
    match what {
        "list" => list.filtered(certificates.list()),
        _ => Err(no_list(list.args.call())),
    }
}
