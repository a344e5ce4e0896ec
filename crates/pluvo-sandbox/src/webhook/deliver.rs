//! One delivery: tried until it is taken, refused for good, or out of retries.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

use super::sign::signature;
use super::{Attempt, Book, Delivery, DeliveryState, Target, lock};
use crate::clock::Clock;
use crate::data::Rng;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How often a delivery is tried again.
const RETRIES: u32 = 72;
/// The pause after the first attempt; each next one is twice as long, up to the longest. Pluvo says only that it is
/// exponential.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

pub(super) async fn run(
    target: Arc<Target>,
    delivery: Arc<Mutex<Delivery>>,
    book: Arc<Mutex<Book>>,
    clock: Arc<Clock>,
) {
    let mut due = clock.elapsed();
    for attempt in 0..=RETRIES {
        // Counted from when it was due: a clock that is moved on by a day meets all attempts of that day.
        clock.sleep_until(due).await;
        if target.disabled.load(Ordering::Relaxed) {
            lock(&delivery).state = DeliveryState::Disabled;
            return;
        }
        let at_ms = u64::try_from(due.as_millis()).unwrap_or(u64::MAX);
        let salt = salt(&book);
        let body = lock(&delivery).body.clone();
        let answer = tokio::select! {
            answer = post(&target, &salt, body) => answer,
            () = clock.sleep(TIMEOUT) => {
                due += TIMEOUT;
                Err("no answer within 30 s".to_owned())
            }
        };
        let state = match &answer {
            Ok(410) => {
                target.disabled.store(true, Ordering::Relaxed);
                DeliveryState::Disabled
            }
            Ok(200..300) => DeliveryState::Delivered,
            _ if attempt == RETRIES => DeliveryState::Failed,
            _ => DeliveryState::Pending,
        };
        {
            let mut delivery = lock(&delivery);
            delivery.state = state;
            delivery.attempts.push(Attempt {
                at_ms,
                status: answer.as_ref().ok().copied(),
                error: answer.err(),
            });
        }
        if state != DeliveryState::Pending {
            return;
        }
        due += LONGEST_PAUSE.min(FIRST_PAUSE * 2_u32.saturating_pow(attempt.min(12)));
    }
}

fn salt(book: &Mutex<Book>) -> String {
    let mut book = lock(book);
    book.salts += 1;
    format!("{:016x}", Rng::new(0, "salt", book.salts).next())
}

/// Posts it and gives the status.
async fn post(target: &Target, salt: &str, body: String) -> Result<u16, String> {
    let subscription = &target.subscription;
    let request = Request::post(&subscription.url)
        .header("content-type", "application/json")
        .header("x-signature", signature(salt, &subscription.key, body.as_bytes()))
        .header("x-signature-salt", salt)
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| error.to_string())?;
    let client = Client::builder(TokioExecutor::new()).build_http();
    let answer = client.request(request).await.map_err(|error| error.to_string())?;
    let status = answer.status().as_u16();
    // An answer that breaks off is an answer all the same: its status was read.
    let _ = answer.into_body().collect().await;
    Ok(status)
}
