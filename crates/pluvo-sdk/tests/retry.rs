//! What is sent again, when, and how often.

mod support;

use pluvo_sdk::time::{Clock, HeldClock};
use pluvo_sdk::transport::{Failure, FailureKind};
use pluvo_sdk::{CallOptions, Client, Error, ErrorKind, RetryBudget, RetryPolicy, Timeouts};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use support::{Answer, Wire, answer, broken, not_sent, ok};

const QUERY: &str = "{ ok }";
const MUTATION: &str = "mutation { createUser(email: \"a@b.example\") { ok } }";

async fn send(client: &Client, document: &str) -> Result<Value, Error> {
    client.query(document).send().await
}

/// Fails once in a way, and answers from then on.
fn once(failure: impl Fn() -> Answer + Send + Sync + 'static) -> Wire {
    Wire::new(move |_, index| {
        if index == 0 {
            failure()
        } else {
            Ok(ok(json!({"data": {"ok": true}})))
        }
    })
}

fn timed_out() -> Failure {
    Failure::new(FailureKind::TimedOut, "no answer within 30.0 s")
}

/// Delays so short that a thousand of them fit into one window of the budget.
fn brisk() -> RetryPolicy {
    RetryPolicy {
        base_delay: Duration::from_micros(10),
        ..RetryPolicy::default()
    }
}

/// Requests beyond one a call.
async fn extra(client: &Client, wire: &Wire, calls: usize) -> usize {
    let before = wire.sent().len();
    for _ in 0..calls {
        send(client, QUERY).await.unwrap_err();
    }
    wire.sent().len() - before - calls
}

#[tokio::test]
async fn an_outage_under_a_thousand_calls_costs_a_fifth_more_and_the_budget_refills() {
    let (wire, clock) = (Wire::new(|_, _| Err(broken())), HeldClock::new());
    let client = wire
        .builder()
        .token("a-token")
        .clock(clock.clone())
        .retry(brisk())
        .build()
        .unwrap();
    let first = extra(&client, &wire, 1000).await;
    assert!((190..=200).contains(&first), "{first} requests more");
    assert_eq!(extra(&client, &wire, 4).await, 0, "nothing is left");
    clock.advance(Duration::from_secs(61));
    // The reserve of a new window, and then a fifth again.
    assert_eq!(extra(&client, &wire, 20).await, 10);
    assert!((180..=200).contains(&extra(&client, &wire, 980).await));
}

#[tokio::test]
async fn a_thousand_calls_at_once_keep_to_the_budget_too() {
    let wire = Wire::new(|_, _| Err(broken()));
    let client = wire.builder().token("a-token").retry(brisk()).build().unwrap();
    let calls: Vec<_> = (0..1000)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { send(&client, QUERY).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap_err();
    }
    assert!(wire.sent().len() <= 1200, "{} requests", wire.sent().len());
    assert!(wire.sent().len() > 1100, "{} requests", wire.sent().len());
}

#[tokio::test]
async fn a_budget_of_nothing_never_repeats() {
    let wire = Wire::new(|_, _| Err(broken()));
    let none = RetryBudget {
        ratio: 0.0,
        reserve: 0,
        ..RetryBudget::default()
    };
    let client = wire
        .builder()
        .token("a-token")
        .retry_budget(none)
        .build()
        .unwrap();
    assert_eq!(extra(&client, &wire, 50).await, 0);
}

#[tokio::test]
async fn when_all_attempts_fail_there_is_one_error_with_the_last_cause() {
    let clock = HeldClock::new();
    let wire = Wire::new(|_, index| match index {
        4 => Ok(answer(503, &[("x-request-id", "r-5")], "")),
        _ => Err(broken()),
    });
    let client = wire
        .builder()
        .token("a-token")
        .clock(clock.clone())
        .build()
        .unwrap();
    let error = send(&client, QUERY).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts(), error.status()),
        (ErrorKind::Server, 5, Some(503))
    );
    assert_eq!(error.request_id(), Some("r-5"));
    let waits = clock.waits();
    assert_eq!(waits.len(), 4);
    for (number, wait) in waits.iter().enumerate() {
        assert!(*wait <= Duration::from_millis(250 << number), "{waits:?}");
    }
}

#[tokio::test]
async fn the_total_time_bounds_the_repeats() {
    let clock = HeldClock::new();
    let passing = clock.clone();
    let wire = Wire::new(move |_, _| {
        passing.advance(Duration::from_secs(40));
        Err(timed_out())
    });
    let patient = RetryPolicy {
        max_attempts: 100,
        total: Duration::from_secs(100),
        ..RetryPolicy::default()
    };
    let start = clock.now();
    let client = wire
        .builder()
        .token("a-token")
        .clock(clock.clone())
        .retry(patient)
        .build()
        .unwrap();
    let error = send(&client, QUERY).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 3));
    // Two repeats begin within the limit; the last attempt is let end.
    assert!(clock.now() - start < Duration::from_secs(100 + 40));
}

#[tokio::test]
async fn a_retry_after_beyond_the_cap_ends_the_call_at_once() {
    let clock = HeldClock::new();
    let wire = Wire::new(|_, _| Ok(answer(429, &[("retry-after", "121")], "")));
    let client = wire
        .builder()
        .token("a-token")
        .clock(clock.clone())
        .build()
        .unwrap();
    for document in [QUERY, MUTATION] {
        let error = send(&client, document).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimited, 1));
        assert_eq!(error.retry_after(), Some(Duration::from_secs(121)));
        assert!(error.is_retryable());
    }
    assert_eq!(wire.sent().len(), 2);
}

#[tokio::test]
async fn a_retry_after_below_the_cap_holds_up_every_call_of_the_client() {
    let clock = HeldClock::new();
    let wire = once(|| Ok(answer(429, &[("retry-after", "120")], "")));
    let client = wire
        .builder()
        .token("a-token")
        .clock(clock.clone())
        .build()
        .unwrap();
    let start = clock.now();
    let (one, other) = futures::future::join(send(&client, MUTATION), send(&client, MUTATION)).await;
    one.unwrap();
    other.unwrap();
    assert!(clock.now() - start >= Duration::from_secs(120));
    assert_eq!(wire.sent().len(), 3);
}

#[tokio::test]
async fn a_write_that_was_sent_is_not_sent_again() {
    let failures: [fn() -> Answer; 6] = [
        || Err(broken()),
        || Err(timed_out()),
        || Ok(answer(500, &[], "")),
        || Ok(answer(502, &[], "<html>")),
        || Ok(answer(503, &[("retry-after", "1")], "")),
        || Ok(answer(504, &[], "")),
    ];
    for failure in failures {
        let wire = once(failure);
        let error = send(&wire.client(), MUTATION).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::Indeterminate, 1),
            "{error:?}"
        );
        assert!(error.is_indeterminate() && !error.is_retryable());
        assert!(error.message().contains("look before you send it again"));
        assert_eq!(wire.sent().len(), 1);
    }
}

#[tokio::test]
async fn a_write_that_was_not_sent_or_was_refused_is_sent_again() {
    let failures: [fn() -> Answer; 3] = [
        || Err(not_sent()),
        || Ok(answer(429, &[], "")),
        || {
            Ok(ok(
                json!({"errors": [{"message": "slow down", "extensions": {"code": "RATE_LIMITED"}}]}),
            ))
        },
    ];
    for failure in failures {
        let wire = once(failure);
        assert_eq!(send(&wire.client(), MUTATION).await.unwrap()["ok"], true);
        assert_eq!(wire.sent().len(), 2);
    }
}

#[tokio::test]
async fn a_write_that_was_never_sent_is_not_indeterminate_either() {
    let wire = Wire::new(|_, _| Err(not_sent()));
    let error = send(&wire.client(), MUTATION).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 5));
    assert!(!error.is_indeterminate() && error.is_retryable());
}

#[tokio::test]
async fn a_write_that_may_be_repeated_is_repeated() {
    let wire = once(|| Err(broken()));
    let data: Value = wire
        .client()
        .query(MUTATION)
        .repeatable(true)
        .send()
        .await
        .unwrap();
    assert_eq!(data["ok"], true);
    assert_eq!(wire.sent().len(), 2);
}

#[tokio::test]
async fn a_query_that_must_not_be_repeated_is_not() {
    let wire = once(|| Err(broken()));
    let error = wire
        .client()
        .query(QUERY)
        .repeatable(false)
        .send::<Value>()
        .await
        .unwrap_err();
    assert!(error.is_indeterminate());
    assert_eq!(wire.sent().len(), 1);
}

#[tokio::test]
async fn the_chosen_operation_decides_whether_a_document_may_be_repeated() {
    let both = format!("query Read {QUERY} mutation Write {{ archive }}");
    for (name, expected) in [("Read", 2), ("Write", 1)] {
        let wire = once(|| Err(broken()));
        let outcome = wire
            .client()
            .query(&both)
            .operation_name(name)
            .send::<Value>()
            .await;
        assert_eq!(outcome.is_ok(), expected == 2);
        assert_eq!(wire.sent().len(), expected);
    }
}

#[tokio::test]
async fn what_is_wrong_for_good_is_not_sent_again() {
    let refusals: [(fn() -> Answer, ErrorKind); 7] = [
        (|| Ok(answer(400, &[], "no")), ErrorKind::Invalid),
        (|| Ok(answer(403, &[], "")), ErrorKind::Permission),
        (|| Ok(answer(404, &[], "")), ErrorKind::Config),
        (|| Ok(answer(409, &[], "")), ErrorKind::Conflict),
        (|| Ok(ok("<html>log in</html>")), ErrorKind::Decode),
        (
            || Err(Failure::new(FailureKind::TooLarge, "too large")),
            ErrorKind::Decode,
        ),
        (
            || Err(Failure::new(FailureKind::Garbled, "garbled")),
            ErrorKind::Decode,
        ),
    ];
    for (refusal, kind) in refusals {
        let wire = Wire::new(move |_, _| refusal());
        assert_eq!(send(&wire.client(), QUERY).await.unwrap_err().kind(), kind);
        assert_eq!(wire.sent().len(), 1, "{kind}");
    }
}

#[tokio::test]
async fn a_call_may_have_a_policy_and_time_outs_of_its_own() {
    let wire = Wire::new(|_, _| Err(broken()));
    let client = wire.client();
    let timeouts = Timeouts {
        attempt: Duration::from_secs(7),
        ..Timeouts::default()
    };
    let options = CallOptions {
        retry: Some(RetryPolicy::never()),
        timeouts: Some(timeouts),
        max_body: Some(1234),
    };
    client
        .query(QUERY)
        .options(options.clone())
        .send::<Value>()
        .await
        .unwrap_err();
    let request = wire.sent().remove(0);
    assert_eq!((request.timeouts, request.max_body), (timeouts, 1234));
    assert_eq!(wire.sent().len(), 1);
    client.users().list().options(options).to_vec().await.unwrap_err();
    assert_eq!(wire.sent().len(), 2);
    client
        .query(QUERY)
        .timeout(Duration::from_secs(3))
        .send::<Value>()
        .await
        .unwrap_err();
    let request = wire.sent().remove(2);
    assert_eq!(request.timeouts.attempt, Duration::from_secs(3));
    assert_eq!(request.timeouts.read, Duration::from_secs(3));
    assert_eq!(wire.sent().len(), 2 + 5, "the client's own policy is as it was");
}

#[tokio::test]
async fn a_hook_is_told_of_every_attempt_and_of_the_wait_before_the_next() {
    let (told, repeats) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let ended = Arc::new(AtomicBool::new(false));
    let wire = once(|| Ok(answer(503, &[], "")));
    let hook = (Arc::clone(&told), Arc::clone(&repeats), Arc::clone(&ended));
    let client = wire
        .builder()
        .token("a-token")
        .on_attempt(move |attempt| {
            let number = hook.0.fetch_add(1, Ordering::SeqCst) + 1;
            assert_eq!(usize::try_from(attempt.number).unwrap(), number);
            hook.1
                .fetch_add(usize::from(attempt.retry_in.is_some()), Ordering::SeqCst);
            hook.2.store(
                attempt.error.is_none() && attempt.status == Some(200),
                Ordering::SeqCst,
            );
        })
        .build()
        .unwrap();
    send(&client, QUERY).await.unwrap();
    assert_eq!(
        (told.load(Ordering::SeqCst), repeats.load(Ordering::SeqCst)),
        (2, 1)
    );
    assert!(ended.load(Ordering::SeqCst));
}
