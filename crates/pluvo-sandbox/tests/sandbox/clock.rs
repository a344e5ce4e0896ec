//! Latency and rate limits by the sandbox's clock.

use std::time::Duration;

use pluvo_sandbox::{Sandbox, Settings};
use serde_json::json;

use crate::common::{USERS, code, request, send, start};

/// Waits until the sandbox is busy with so many requests.
async fn busy(sandbox: &Sandbox, requests: usize) {
    while sandbox.log().len() < requests {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn latency_passes_with_the_clock() {
    let sandbox = start(
        Sandbox::builder()
            .hold_clock(true)
            .latency(Duration::from_secs(5)),
    )
    .await;
    let answer = tokio::spawn(request(&sandbox, USERS, &json!({})).send());
    busy(&sandbox, 1).await;
    sandbox.advance(Duration::from_millis(4999));
    tokio::task::yield_now().await;
    assert!(!answer.is_finished());
    assert_eq!(sandbox.state().in_flight, 1);
    assert_eq!(sandbox.log()[0].status, None);
    sandbox.advance(Duration::from_millis(1));
    assert_eq!(answer.await.expect("no panic").expect("an answer").status(), 200);
    assert_eq!(sandbox.now(), Duration::from_secs(5));
}

#[tokio::test]
async fn letting_the_clock_run_ends_the_wait() {
    let sandbox = start(
        Sandbox::builder()
            .hold_clock(true)
            .latency(Duration::from_millis(1)),
    )
    .await;
    let answer = tokio::spawn(request(&sandbox, USERS, &json!({})).send());
    busy(&sandbox, 1).await;
    sandbox.hold_clock(false);
    assert_eq!(answer.await.expect("no panic").expect("an answer").status(), 200);
}

#[tokio::test]
async fn a_rate_limit_is_a_bucket_that_refills() {
    let limit = "2/s".parse().expect("a rate");
    let sandbox = start(Sandbox::builder().hold_clock(true).rate_limit(limit)).await;
    for wanted in [200, 200, 429] {
        assert_eq!(send(&sandbox, USERS, json!({})).await.status(), wanted);
    }
    let refused = send(&sandbox, USERS, json!({})).await;
    assert_eq!(refused.headers()["retry-after"], "1");
    assert_eq!(code(&refused.json().await.expect("JSON")), "RATE_LIMITED");
    sandbox.advance(Duration::from_millis(500));
    assert_eq!(send(&sandbox, USERS, json!({})).await.status(), 200);
    assert_eq!(send(&sandbox, USERS, json!({})).await.status(), 429);

    sandbox.set(Settings {
        retry_after_fraction: true,
        ..sandbox.settings()
    });
    send(&sandbox, USERS, json!({})).await;
    send(&sandbox, USERS, json!({})).await;
    assert_eq!(
        send(&sandbox, USERS, json!({})).await.headers()["retry-after"],
        "0.500"
    );
}
