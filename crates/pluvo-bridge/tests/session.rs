//! What holds for every call: settings, callbacks, files, cancelling.

mod support;

use bytes::Bytes;
use futures::FutureExt;
use pluvo_bridge::{BoxFuture, Callbacks, CancelHandle, Content, Session, TestClock, Token, TokenSource};
use pluvo_sandbox::{Effect, Fault, Sandbox};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::{call, open, open_with, parsed, read, sandbox};

#[test]
fn a_wrong_setting_is_named_and_never_repeated() {
    for (settings, says) in [
        (
            json!({"organisation": "acme"}),
            "there is no setting `organisation`; there is organization, baseUrl",
        ),
        (
            json!({"token": 7}),
            "the setting `token` must be a string, not a whole number",
        ),
        (
            json!({"token": "t", "limits": {"inflight": 2}}),
            "the setting `limits` has no `inflight`; it takes inFlight",
        ),
        (
            json!({"token": "t", "timeouts": {"attempt": -1}}),
            "the setting `timeouts.attempt` must be a number of seconds",
        ),
        (
            json!({"token": "t", "proxy": true}),
            "the setting `proxy` must be a URL, or false for none",
        ),
        (
            json!({"token": "t", "scopes": "users.read"}),
            "the setting `scopes` must be a list, not a string",
        ),
        (
            json!({"clientId": "x"}),
            "a client secret is missing: give clientSecret",
        ),
        (json!({"clientSecret": "canary"}), "a client id is missing"),
        (
            json!({"clientId": "x", "clientSecret": "canary", "token": "canary"}),
            "several ways to get a token",
        ),
        (json!({}), "a way to get a token is missing"),
    ] {
        let mut settings = settings;
        if settings.get("organisation").is_none() {
            settings["organization"] = json!("acme");
        }
        let error = Session::open(&settings.to_string(), Callbacks::default()).unwrap_err();
        assert_eq!(error.code, "config");
        assert!(error.message.contains(says), "{error}");
        assert!(!format!("{error:?} {}", error.to_json()).contains("canary"));
    }
    assert!(Session::open("[]", Callbacks::default()).is_err());
    assert!(Session::open("{", Callbacks::default()).is_err());
    let error = Session::open(r#"{"token": "t"}"#, Callbacks::default()).unwrap_err();
    assert!(error.message.contains("organization or baseUrl"), "{error}");
}

#[tokio::test]
async fn nothing_that_describes_a_session_holds_a_secret() {
    let sandbox = sandbox().await;
    let session = open(&sandbox);
    let text = format!("{session:?} {}", session.describe());
    assert!(
        text.contains("/graphql/") && !text.contains(sandbox.client_secret()),
        "{text}"
    );
}

#[tokio::test]
async fn a_derived_client_shares_the_token_and_has_defaults_of_its_own() {
    let sandbox = sandbox().await;
    let clock = TestClock::new();
    let callbacks = Callbacks {
        clock: Some(clock.clone()),
        ..Callbacks::default()
    };
    let session = open_with(&sandbox, &json!({"retry": {"maxAttempts": 3}}), callbacks);
    let once = session
        .with_options(r#"{"maxAttempts": 1, "paging": {"pageSize": 7}}"#)
        .unwrap();
    assert_eq!(
        call(&session, "users.get", &json!({"ref": "x"})).await.unwrap(),
        Value::Null
    );
    let unavailable = Effect::Status {
        status: 503,
        headers: BTreeMap::new(),
        body: None,
        content_type: None,
    };
    sandbox.add_faults([Fault::graphql(unavailable).times(4)]);
    let error = call(&once, "users.get", &json!({"ref": "x"})).await.unwrap_err();
    assert_eq!(
        (error.code, error.attempts, error.status),
        ("server", 1, Some(503))
    );
    let error = call(&session, "users.get", &json!({"ref": "x"}))
        .await
        .unwrap_err();
    assert_eq!((error.attempts, clock.waits().len()), (3, 2));
    let first = once
        .list("users.list", "{}")
        .unwrap()
        .next()
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        serde_json::from_slice::<Vec<Value>>(&first.edges).unwrap().len(),
        7
    );
    let tokens = sandbox
        .log()
        .iter()
        .filter(|entry| entry.path == "/oauth/token/")
        .count();
    assert_eq!(tokens, 1);
    let refused = session
        .with_options(r#"{"limits": {"inFlight": 1}}"#)
        .unwrap_err();
    assert_eq!(refused.code, "config");
    assert!(
        refused
            .message
            .contains("`limits` that a derived client can have"),
        "{refused}"
    );
}

struct Vault(Mutex<Vec<Result<Token, String>>>);

impl TokenSource for Vault {
    fn token(&self) -> BoxFuture<'static, Result<Token, String>> {
        let next = self.0.lock().unwrap().pop();
        async move { next.unwrap_or_else(|| Err("the vault is shut".into())) }.boxed()
    }
}

#[tokio::test]
async fn tokens_may_come_from_the_callers_own_code() {
    let sandbox = sandbox().await;
    let token = Token {
        value: sandbox.issue_token(None),
        expires_in: Some(3600.0),
    };
    assert!(!format!("{token:?}").contains(&token.value));
    let callbacks = Callbacks {
        provider: Some(Arc::new(Vault(Mutex::new(vec![Ok(token)])))),
        ..Callbacks::default()
    };
    let settings = json!({"baseUrl": sandbox.url()}).to_string();
    let session = Session::open(&settings, callbacks).unwrap();
    assert_eq!(read(&session, "users.list", json!({"limit": 1})).await.len(), 1);

    let callbacks = Callbacks {
        provider: Some(Arc::new(Vault(Mutex::default()))),
        ..Callbacks::default()
    };
    let session = Session::open(&settings, callbacks).unwrap();
    let error = call(&session, "users.get", &json!({"ref": "x"}))
        .await
        .unwrap_err();
    assert_eq!(error.code, "auth");
    assert!(format!("{error:?}").contains("the vault is shut"), "{error:?}");
}

#[tokio::test]
async fn attempts_are_told_and_a_listener_that_panics_harms_nobody() {
    let sandbox = sandbox().await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = {
        let told = Arc::clone(&told);
        move |attempt: &str| {
            told.lock().unwrap().push(parsed(attempt));
            panic!("a listener's own fault");
        }
    };
    let callbacks = Callbacks {
        on_attempt: Some(Arc::new(listener)),
        ..Callbacks::default()
    };
    let session = open_with(&sandbox, &json!({}), callbacks);
    assert_eq!(
        call(&session, "users.get", &json!({"ref": "x"})).await.unwrap(),
        Value::Null
    );
    let told = told.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    assert_eq!(
        (&told[0]["operation"], &told[0]["number"], &told[0]["status"]),
        (&json!("User"), &json!(1), &json!(200))
    );
}

struct Panics;

impl TokenSource for Panics {
    fn token(&self) -> BoxFuture<'static, Result<Token, String>> {
        async { panic!("canary") }.boxed()
    }
}

#[tokio::test]
async fn a_panic_is_an_error_without_its_words() {
    let settings = json!({"baseUrl": "http://127.0.0.1:9"}).to_string();
    let callbacks = Callbacks {
        provider: Some(Arc::new(Panics)),
        ..Callbacks::default()
    };
    let session = Session::open(&settings, callbacks).unwrap();
    let error = call(&session, "users.get", &json!({"ref": "x"}))
        .await
        .unwrap_err();
    assert_eq!(error.code, "internal");
    assert!(!error.to_json().contains("canary"));
}

#[tokio::test]
async fn a_call_that_is_given_up_ends_and_the_next_one_goes_on() {
    let sandbox = Sandbox::builder()
        .hold_clock(true)
        .fault(
            Fault::graphql(Effect::Pass)
                .delay(Duration::from_secs(60))
                .times(1),
        )
        .start()
        .await
        .unwrap();
    let session = open(&sandbox);
    let cancel = CancelHandle::new();
    let args = json!({"ref": "x"});
    let (given_up, ()) = tokio::join!(cancel.run(call(&session, "users.get", &args)), async {
        while sandbox.log().iter().all(|entry| entry.path != "/graphql/") {
            tokio::task::yield_now().await;
        }
        cancel.cancel();
    });
    assert_eq!(given_up.unwrap_err().code, "cancelled");
    assert!(cancel.is_cancelled());
    assert_eq!(
        cancel
            .run(call(&session, "users.get", &args))
            .await
            .unwrap_err()
            .code,
        "cancelled"
    );
    assert_eq!(call(&session, "users.get", &args).await.unwrap(), Value::Null);
}

#[tokio::test]
async fn files_are_sent_from_memory_and_from_disk() {
    let sandbox = sandbox().await;
    let session = open(&sandbox);
    let note = || Content::Bytes(Bytes::from_static(b"Hello"));
    let request = r#"{"args": {"name": "note.txt", "mediaType": "text/plain"}}"#;
    let sent = session.upload("files.upload", request, note()).await.unwrap();
    assert!(serde_json::from_slice::<Value>(&sent).unwrap()["id"].is_string());
    let nameless = session.upload("files.upload", "{}", note()).await.unwrap_err();
    assert!(nameless.message.contains("needs name"), "{nameless}");

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.txt");
    std::fs::write(&path, "x".repeat(100_000)).unwrap();
    let sent = session
        .upload(
            "files.upload_large",
            r#"{"args": {"public": true}}"#,
            Content::Path(path),
        )
        .await
        .unwrap();
    assert!(serde_json::from_slice::<Value>(&sent).unwrap()["id"].is_string());

    let prepared = call(&session, "files.create", &json!({"name": "later.txt"}))
        .await
        .unwrap();
    let request = json!({"args": {"prepared": prepared, "name": "later.txt"}}).to_string();
    assert_eq!(
        session.upload("files.store", &request, note()).await.unwrap(),
        "null"
    );
}

#[tokio::test]
async fn a_position_is_kept_and_gone_on_from() {
    let sandbox = sandbox().await;
    let session = open(&sandbox);
    let all = read(&session, "users.list", json!({"select": "id"})).await;
    let pages = session
        .list("users.list", r#"{"pageSize": 20, "select": "id"}"#)
        .unwrap();
    pages.next().await.unwrap();
    let rest = read(
        &session,
        "users.list",
        json!({"after": pages.position(), "select": "id"}),
    )
    .await;
    assert_eq!(rest, all[20..]);
    let other = json!({"after": pages.position(), "args": {"q": "a"}}).to_string();
    assert_eq!(session.list("users.list", &other).unwrap_err().code, "pagination");
}

#[tokio::test]
async fn a_list_is_read_from_the_middle() {
    let sandbox = Sandbox::builder().users(180).start().await.unwrap();
    let session = open(&sandbox);
    let all = read(&session, "users.list", json!({"select": "id"})).await;
    sandbox.clear_log();
    let some = json!({"select": "id", "offset": 30, "limit": 120});
    assert_eq!(read(&session, "users.list", some).await, all[30..150]);
    let log = sandbox.log();
    let asked = log.iter().filter_map(|entry| entry.variables.as_ref());
    let offsets: Vec<_> = asked.map(|variables| variables["offset"].as_u64()).collect();
    assert_eq!(offsets, [Some(30), None, None], "then by cursor");
    let rest = json!({"select": "id", "offset": 170, "all": true});
    assert_eq!(read(&session, "users.list", rest).await, all[170..]);
    let beyond = json!({"select": "id", "offset": 1000});
    assert!(read(&session, "users.list", beyond).await.is_empty());

    for (list, request, word) in [
        ("certificates.list", json!({"offset": 1}), "documents no offset"),
        (
            "users.list",
            json!({"offset": 1, "parallel": 4}),
            "from its start",
        ),
        ("users.list", json!({"offset": -1}), "offset"),
    ] {
        let error = session.list(list, &request.to_string()).unwrap_err();
        assert!(error.code == "invalid" && error.message.contains(word), "{error}");
    }
}

#[tokio::test]
async fn everything_is_read_with_several_pages_in_flight() {
    let sandbox = Sandbox::builder().users(420).start().await.unwrap();
    let session = open(&sandbox);
    let one_by_one = read(&session, "users.list", json!({"select": "id name"})).await;
    for request in [
        json!({"select": "id name", "all": true}),
        json!({"select": "id name", "parallel": 3}),
    ] {
        sandbox.clear_log();
        assert_eq!(read(&session, "users.list", request).await, one_by_one);
        let by_offset = sandbox
            .log()
            .iter()
            .filter(|entry| {
                entry
                    .variables
                    .as_ref()
                    .is_some_and(|variables| variables["offset"].is_u64())
            })
            .count();
        assert!(by_offset > 5, "{by_offset}");
    }
    // Rows without an id cannot be told apart, so it goes by cursor.
    assert_eq!(
        read(&session, "users.list", json!({"select": "name", "all": true}))
            .await
            .len(),
        420
    );
}

#[test]
fn futures_need_no_runtime_of_the_caller() {
    let session = Session::open(
        r#"{"baseUrl": "http://127.0.0.1:9", "token": "t", "retry": {"maxAttempts": 1}}"#,
        Callbacks::default(),
    )
    .unwrap();
    let error = futures::executor::block_on(call(&session, "users.get", &json!({"ref": "x"}))).unwrap_err();
    assert_eq!((error.code, error.retryable), ("connect", true));
    let pages = session.list("users.list", "{}").unwrap();
    assert_eq!(
        futures::executor::block_on(pages.next()).unwrap_err().code,
        "connect"
    );
}

#[test]
fn a_held_clock_moves_as_it_is_told() {
    let clock = TestClock::new();
    clock.set_wall(1_000_000);
    clock.shift_wall(-400);
    clock.advance(1500);
    assert_eq!(clock.wall(), 1_001_100);
    assert!(clock.waits().is_empty());
}
