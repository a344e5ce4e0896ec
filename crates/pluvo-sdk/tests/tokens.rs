//! How tokens are got, shared and renewed.

mod support;

use pluvo_sdk::auth::AccessToken;
use pluvo_sdk::time::{Clock, HeldClock};
use pluvo_sdk::{Client, ClientBuilder, Error, ErrorKind, Renewal};
use serde_json::{Value, json};
use std::error::Error as _;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use support::{Wire, answer, bearer, broken, is_token_request, ok, token};
use tokio::sync::Notify;

const DAY: Duration = Duration::from_secs(DAY_SECONDS);
const DAY_SECONDS: u64 = 86_400;

async fn ask(client: &Client) -> Result<Value, Error> {
    client.query("{ ok }").send().await
}

fn data() -> pluvo_sdk::transport::Response {
    ok(json!({"data": {"ok": true}}))
}

fn with_credentials(wire: &Wire, clock: &HeldClock) -> Client {
    wire.builder()
        .credentials("an-id", "a-secret")
        .clock(clock.clone())
        .build()
        .unwrap()
}

/// A wire whose token requests wait until they are let through, one permit each.
fn gated(gate: &Arc<Notify>) -> Wire {
    let (gate, count) = (Arc::clone(gate), Arc::new(AtomicUsize::new(0)));
    Wire::waiting(move |request, _| {
        let (gate, count) = (Arc::clone(&gate), Arc::clone(&count));
        Box::pin(async move {
            if !is_token_request(&request) {
                return Ok(data());
            }
            let number = count.fetch_add(1, Ordering::SeqCst) + 1;
            gate.notified().await;
            Ok(token(&format!("token-{number}"), json!(86_400)))
        })
    })
}

/// Lets all other tasks run as far as they come by themselves.
async fn settle() {
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn sixty_four_callers_without_a_token_make_one_request() {
    let gate = Arc::new(Notify::new());
    let wire = gated(&gate);
    let client = with_credentials(&wire, &HeldClock::new());
    let calls: Vec<_> = (0..64)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { ask(&client).await })
        })
        .collect();
    settle().await;
    assert_eq!(wire.sent().len(), 1);
    gate.notify_one();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap()["ok"], true);
    }
    assert_eq!((wire.token_requests(), wire.graphql_requests()), (1, 64));
}

#[tokio::test]
async fn when_the_fetching_caller_is_cancelled_the_others_get_a_token() {
    let gate = Arc::new(Notify::new());
    let wire = gated(&gate);
    let client = with_credentials(&wire, &HeldClock::new());
    let calls: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { ask(&client).await })
        })
        .collect();
    settle().await;
    assert_eq!(wire.token_requests(), 1);
    calls[0].abort();
    settle().await;
    assert_eq!(wire.token_requests(), 2, "the next in line has taken over");
    gate.notify_one();
    for (number, call) in calls.into_iter().enumerate() {
        match call.await {
            Ok(answered) => assert_eq!(answered.unwrap()["ok"], true),
            Err(cancelled) => assert!(number == 0 && cancelled.is_cancelled()),
        }
    }
    assert_eq!(wire.token_requests(), 2);
}

#[tokio::test]
async fn an_invalid_client_fails_all_who_wait_with_one_request() {
    let gate = Arc::new(Notify::new());
    let opened = Arc::clone(&gate);
    let wire = Wire::waiting(move |_, _| {
        let gate = Arc::clone(&gate);
        Box::pin(async move {
            gate.notified().await;
            Ok(answer(401, &[], json!({"error": "invalid_client"})))
        })
    });
    let clock = HeldClock::new();
    let client = with_credentials(&wire, &clock);
    let calls: Vec<_> = (0..32)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { ask(&client).await })
        })
        .collect();
    settle().await;
    opened.notify_one();
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Auth);
        assert!(
            error.message().contains("invalid_client") && !error.is_retryable(),
            "{error:?}"
        );
    }
    assert_eq!(wire.sent().len(), 1);
    assert!(clock.waits().is_empty());
}

#[tokio::test]
async fn a_provider_that_fails_is_the_cause() {
    let wire = Wire::always(|| Ok(data()));
    let client = wire
        .builder()
        .token_provider(|| async { Err::<String, _>(io::Error::other("the vault is sealed")) })
        .build()
        .unwrap();
    let error = ask(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    let cause = error
        .source()
        .and_then(|cause| cause.downcast_ref::<io::Error>())
        .unwrap();
    assert_eq!(cause.to_string(), "the vault is sealed");
    assert_eq!(wire.sent().len(), 0, "no request goes out without a token");
}

#[tokio::test]
async fn a_provider_that_hangs_is_given_up_on() {
    let wire = Wire::always(|| Ok(data()));
    let client = wire
        .builder()
        .token_provider(std::future::pending::<Result<String, io::Error>>)
        .renewal(Renewal {
            provider_timeout: Duration::from_millis(20),
            ..Renewal::default()
        })
        .build()
        .unwrap();
    let error = ask(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(
        error.message().contains("gave no token within") && error.is_retryable(),
        "{error:?}"
    );
    assert_eq!(wire.sent().len(), 0);
}

#[tokio::test]
async fn an_empty_or_expired_token_of_a_provider_is_refused() {
    for (given, words) in [
        (AccessToken::new(""), "empty token"),
        (AccessToken::new("old").expires_in(Duration::ZERO), "has expired"),
    ] {
        let wire = Wire::always(|| Ok(data()));
        let client = wire
            .builder()
            .token_provider(move || {
                let given = given.clone();
                async { Ok::<_, io::Error>(given) }
            })
            .build()
            .unwrap();
        let error = ask(&client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Auth);
        assert!(error.message().contains(words), "{error:?}");
        assert_eq!(wire.sent().len(), 0);
    }
}

#[tokio::test]
async fn a_token_that_no_header_can_hold_is_an_error_without_the_token() {
    let client = Client::builder("http://127.0.0.1:9")
        .token("bad\ntoken")
        .build()
        .unwrap();
    let error = ask(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.message().contains("no header can hold"), "{error:?}");
    assert!(!format!("{error:?}").contains("bad"));
}

/// A provider that hands out `one`, `two` and so on, and a server that accepts what it is told to.
fn rotating(wire: &Wire) -> ClientBuilder {
    let asked = AtomicUsize::new(0);
    wire.builder().token_provider(move || {
        let number = asked.fetch_add(1, Ordering::SeqCst);
        async move { Ok::<_, io::Error>(["one", "two", "three", "four"][number]) }
    })
}

#[tokio::test]
async fn a_rotated_token_is_asked_for_again_after_a_401() {
    let wire = Wire::new(|request, _| match bearer(request).as_str() {
        "two" => Ok(data()),
        _ => Ok(answer(401, &[], "")),
    });
    let client = rotating(&wire).build().unwrap();
    assert_eq!(ask(&client).await.unwrap()["ok"], true);
    assert_eq!(ask(&client).await.unwrap()["ok"], true);
    let sent: Vec<_> = wire.sent().iter().map(bearer).collect();
    assert_eq!(sent, ["one", "two", "two"]);
}

#[tokio::test]
async fn many_calls_that_are_refused_at_once_make_one_renewal() {
    let wire = Wire::new(|request, _| match bearer(request).as_str() {
        "one" => Ok(answer(401, &[], "")),
        _ => Ok(data()),
    });
    let client = rotating(&wire).build().unwrap();
    let calls = (0..50).map(|_| ask(&client));
    for outcome in futures::future::join_all(calls).await {
        outcome.unwrap();
    }
    assert!(
        wire.sent()
            .iter()
            .all(|request| ["one", "two"].contains(&bearer(request).as_str()))
    );
}

#[tokio::test]
async fn a_token_that_is_refused_again_after_renewal_ends_the_call() {
    let wire = Wire::new(|_, _| Ok(answer(401, &[], "")));
    let client = rotating(&wire).build().unwrap();
    assert_eq!(ask(&client).await.unwrap_err().kind(), ErrorKind::Auth);
    let sent: Vec<_> = wire.sent().iter().map(bearer).collect();
    assert_eq!(sent, ["one", "two"]);
}

#[tokio::test]
async fn a_fixed_token_that_is_refused_is_not_renewed() {
    let wire = Wire::new(|_, _| Ok(answer(401, &[], "")));
    let client = wire.client();
    for _ in 0..2 {
        let error = ask(&client).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Auth, Some(401)));
    }
    assert_eq!(wire.sent().len(), 2);
    assert!(wire.sent().iter().all(|request| bearer(request) == "a-token"));
}

#[tokio::test]
async fn a_due_token_is_renewed_by_one_caller_while_the_others_go_on() {
    let gate = Arc::new(Notify::new());
    let (wire, clock) = (gated(&gate), HeldClock::new());
    let client = with_credentials(&wire, &clock);
    gate.notify_one();
    ask(&client).await.unwrap();
    clock.advance(Duration::from_secs(DAY_SECONDS - 1800));
    let renewing = tokio::spawn({
        let client = client.clone();
        async move { ask(&client).await }
    });
    settle().await;
    assert_eq!(wire.token_requests(), 2);
    for _ in 0..10 {
        ask(&client).await.unwrap();
    }
    assert_eq!(wire.token_requests(), 2);
    assert_eq!(bearer(wire.sent().last().unwrap()), "token-1");
    gate.notify_one();
    renewing.await.unwrap().unwrap();
    ask(&client).await.unwrap();
    assert_eq!(bearer(wire.sent().last().unwrap()), "token-2");
}

/// Hands out a token, and fails for good once it is told to.
fn failing_later(fails: &Arc<AtomicBool>) -> Wire {
    let fails = Arc::clone(fails);
    Wire::new(move |request, _| {
        if !is_token_request(request) {
            Ok(data())
        } else if fails.load(Ordering::SeqCst) {
            Ok(answer(400, &[], json!({"error": "invalid_scope"})))
        } else {
            Ok(token("a-token", json!(86_400)))
        }
    })
}

#[tokio::test]
async fn a_failed_renewal_ahead_of_time_is_no_error_and_is_left_alone_for_five_seconds() {
    let fails = Arc::new(AtomicBool::new(false));
    let (wire, clock) = (failing_later(&fails), HeldClock::new());
    let client = with_credentials(&wire, &clock);
    ask(&client).await.unwrap();
    fails.store(true, Ordering::SeqCst);
    clock.advance(Duration::from_secs(DAY_SECONDS - 1800));
    for _ in 0..5 {
        ask(&client).await.unwrap();
    }
    assert_eq!(wire.token_requests(), 2);
    clock.advance(Duration::from_millis(4_900));
    ask(&client).await.unwrap();
    assert_eq!(wire.token_requests(), 2);
    clock.advance(Duration::from_millis(200));
    ask(&client).await.unwrap();
    assert_eq!(wire.token_requests(), 3);
    fails.store(false, Ordering::SeqCst);
    clock.advance(Duration::from_secs(6));
    for _ in 0..3 {
        ask(&client).await.unwrap();
    }
    assert_eq!(wire.token_requests(), 4);
}

#[tokio::test]
async fn a_failed_renewal_is_an_error_once_the_token_is_over() {
    let fails = Arc::new(AtomicBool::new(false));
    let (wire, clock) = (failing_later(&fails), HeldClock::new());
    let client = with_credentials(&wire, &clock);
    ask(&client).await.unwrap();
    fails.store(true, Ordering::SeqCst);
    clock.advance(Duration::from_secs(DAY_SECONDS - 59));
    let error = ask(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(error.message().contains("invalid_scope"), "{error:?}");
    assert_eq!(
        wire.graphql_requests(),
        1,
        "a token that is about to end is not sent"
    );
}

#[tokio::test]
async fn in_the_last_minute_everybody_waits_for_the_next_token() {
    let gate = Arc::new(Notify::new());
    let (wire, clock) = (gated(&gate), HeldClock::new());
    let client = with_credentials(&wire, &clock);
    gate.notify_one();
    ask(&client).await.unwrap();
    clock.advance(Duration::from_secs(DAY_SECONDS - 60));
    let calls: Vec<_> = (0..10)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { ask(&client).await })
        })
        .collect();
    settle().await;
    assert_eq!((wire.token_requests(), wire.graphql_requests()), (2, 1));
    gate.notify_one();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let sent = wire.sent();
    assert!(sent[3..].iter().all(|request| bearer(request) == "token-2"));
    assert_eq!((wire.token_requests(), wire.graphql_requests()), (2, 11));
}

#[tokio::test]
async fn a_date_that_jumps_changes_nothing() {
    for jump in [1_i64, -1] {
        let (wire, clock) = (Wire::always(|| Ok(data())), HeldClock::new());
        let client = with_credentials(&wire, &clock);
        ask(&client).await.unwrap();
        let wall = clock.wall();
        clock.set_wall(if jump > 0 {
            wall + DAY
        } else {
            wall.checked_sub(DAY).unwrap()
        });
        ask(&client).await.unwrap();
        clock.advance(Duration::from_secs(3600));
        ask(&client).await.unwrap();
        assert_eq!(wire.token_requests(), 1, "jump of {jump} days");
        clock.advance(DAY);
        ask(&client).await.unwrap();
        assert_eq!(wire.token_requests(), 2, "jump of {jump} days");
    }
}

#[tokio::test]
async fn no_form_of_expires_in_makes_every_call_renew() {
    let forms = [
        json!(86_400),
        json!("86400"),
        json!(86_400.0),
        json!(" 3600 "),
        json!(null),
        json!(0),
        json!("0"),
        json!(-1),
        json!(-1e300),
        json!(1e300),
        json!(u64::MAX),
        json!("soon"),
        json!({}),
        json!([1]),
        json!(true),
    ];
    for form in forms {
        let expires_in = form.clone();
        let wire = Wire::new(move |request, _| {
            if is_token_request(request) {
                Ok(token("a-token", expires_in.clone()))
            } else {
                Ok(data())
            }
        });
        let clock = HeldClock::new();
        let client = with_credentials(&wire, &clock);
        for _ in 0..20 {
            ask(&client).await.unwrap();
            clock.advance(Duration::from_secs(1));
        }
        assert_eq!(wire.token_requests(), 1, "{form}");
    }
}

#[tokio::test]
async fn a_missing_expires_in_means_used_until_refused() {
    let refuse = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&refuse);
    let count = AtomicUsize::new(0);
    let wire = Wire::new(move |request, _| {
        if is_token_request(request) {
            let number = count.fetch_add(1, Ordering::SeqCst);
            Ok(ok(json!({"access_token": format!("token-{number}")})))
        } else if refuse.swap(false, Ordering::SeqCst) {
            Ok(answer(401, &[], ""))
        } else {
            Ok(data())
        }
    });
    let clock = HeldClock::new();
    let client = with_credentials(&wire, &clock);
    ask(&client).await.unwrap();
    clock.advance(100 * DAY);
    ask(&client).await.unwrap();
    assert_eq!(wire.token_requests(), 1);
    told.store(true, Ordering::SeqCst);
    ask(&client).await.unwrap();
    assert_eq!(wire.token_requests(), 2);
}

#[tokio::test]
async fn a_broken_token_endpoint_is_asked_again_and_then_told_with_its_cause() {
    let wire = Wire::new(|_, _| Err(broken()));
    let clock = HeldClock::new();
    let error = ask(&with_credentials(&wire, &clock)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Auth, 5));
    assert!(
        error.message().contains("reset by the test") && error.source().is_some(),
        "{error:?}"
    );
    assert_eq!((wire.sent().len(), clock.waits().len()), (5, 4));
}

#[tokio::test]
async fn the_secret_goes_in_the_body_and_nowhere_else() {
    let wire = Wire::always(|| Ok(data()));
    let client = wire
        .builder()
        .credentials("an id", "a secret&more=1")
        .scopes(["users.read", "groups.read"])
        .build()
        .unwrap();
    ask(&client).await.unwrap();
    let request = &wire.sent()[0];
    assert_eq!(request.url.as_str(), "https://acme.pluvo.com/oauth/token/");
    assert!(request.bearer.is_none());
    assert_eq!(request.content_type, "application/x-www-form-urlencoded");
    assert_eq!(
        request.body,
        "grant_type=client_credentials&client_id=an+id&client_secret=a+secret%26more%3D1&scope=users.read+groups.read"
    );
}
