//! Enrolments.

use super::no_call;
use super::reply::Call;
use crate::error::WireError;
use bytes::Bytes;

pub(super) async fn call(what: &str, mut call: Call) -> Result<Bytes, WireError> {
    let enrollments = call.client.enrollments();
    match what {
        "list" => call.listing(enrollments.list()).await,
        "get" => {
            let (user, event): (String, String) =
                (call.args.need("userId")?, call.args.need("offerEventId")?);
            call.get(enrollments.get(user, event)).await
        }
        "enroll_many" => {
            let event = call.args.key_of("offerEventId", "offerEventRef")?;
            let (people, notify) = (call.args.members()?, call.args.notify()?);
            call.objects(enrollments.enroll_many(event, people).notify(notify))
                .await
        }
        "enroll" => {
            let enrollment = call.args.rest()?;
            call.object(enrollments.enroll(enrollment)).await
        }
        "unenroll" => {
            let (user, event): (String, String) =
                (call.args.need("userId")?, call.args.need("offerEventId")?);
            call.done(enrollments.unenroll(user, event)).await
        }
        _ => Err(no_call(call.args.call())),
    }
}
