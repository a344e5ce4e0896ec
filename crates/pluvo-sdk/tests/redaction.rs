//! Canaries are sent through everything that can fail or print, and looked for.

mod support;

use pluvo_sdk::auth::{AccessToken, FileStore, StoredToken};
use pluvo_sdk::transport::{Failure, FailureKind};
use pluvo_sdk::{
    Auth, Client, ClientBuilder, Error, ErrorKind as K, GraphqlError, RetryPolicy, Secret, UserKey,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::error::Error as _;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;
use support::log::Log;
use support::{Answer, Wire, answer, broken, is_token_request, lock, not_sent, ok, token};

const SECRET: &str = "canary-secret-5d1f";
const TOKEN: &str = "canary-token-77ab";
const EMAIL: &str = "canary.person@canary.example";
const VARIABLE: &str = "canary-variable-c0de";

/// Everything an error says, in every way in which it can be asked.
fn everything(error: &Error) -> String {
    let mut text = format!(
        "{error} {error:#} {error:?} {error:#?} {} {}",
        error.message(),
        error.kind()
    );
    let mut cause = error.source();
    while let Some(inner) = cause {
        let _ = write!(text, " {inner} {inner:?}");
        cause = inner.source();
    }
    text + &format!(" {:?}", error.graphql())
}

#[track_caller]
fn assert_clean(text: &str) {
    for canary in [SECRET, TOKEN, EMAIL, VARIABLE, "canary.person", "canary-"] {
        assert!(!text.contains(canary), "{canary} in: {text}");
    }
}

fn builder(wire: &Wire) -> ClientBuilder {
    wire.builder().credentials("an-id", SECRET).retry(RetryPolicy {
        max_attempts: 2,
        ..RetryPolicy::default()
    })
}

/// A server that hands out the canary token and answers everything else in one way.
fn serving(graphql: impl Fn() -> Answer + Send + Sync + 'static) -> Wire {
    Wire::new(move |request, _| {
        if is_token_request(request) {
            Ok(token(TOKEN, json!(86_400)))
        } else {
            graphql()
        }
    })
}

/// A server without tokens to give.
fn refusing(tokens: impl Fn() -> Answer + Send + Sync + 'static) -> Wire {
    Wire::new(move |_, _| tokens())
}

fn graphql_error(code: &str) -> Value {
    let message = format!("{EMAIL} collides");
    json!({"errors": [{"message": message, "extensions": {"code": code, "value": VARIABLE}}], "data": null})
}

/// Fails in one way, and is asked by a query, a mutation, a list and for one person.
async fn errors_of(client: &Client) -> Vec<Error> {
    let query = || {
        client
            .query("query($v: String!) { user(ref: $v) { id } }")
            .var("v", VARIABLE)
    };
    let mutation = client
        .query("mutation($v: String!) { archive(email: $v) { ok } }")
        .var("v", EMAIL);
    let outcomes = [
        query().send::<Vec<u8>>().await.map(drop),
        query().send_partial::<Vec<u8>>().await.map(drop),
        mutation.send::<Vec<u8>>().await.map(drop),
        client.users().list().q(VARIABLE).to_vec().await.map(drop),
        client.users().get(UserKey::email(EMAIL)).await.map(drop),
        client.users().list().q(EMAIL).count().await.map(drop),
    ];
    outcomes.into_iter().filter_map(Result::err).collect()
}

#[tokio::test]
async fn no_error_of_any_kind_and_no_log_at_any_level_holds_a_canary() {
    let page = format!("<html><b>Log in</b> as {EMAIL}</html>");
    let wrong = json!({"data": {
        "user": {"id": {"deep": VARIABLE}, "name": [EMAIL]},
        "paginatedUsers": {"pageInfo": {"hasNextPage": VARIABLE}, "count": EMAIL, "edges": [{"node": EMAIL}]}
    }});
    let stuck = json!({"data": {"paginatedUsers": {
        "pageInfo": {"hasNextPage": true, "endCursor": null}, "count": 9, "edges": [{"node": {"name": EMAIL}}]
    }}});
    let truncated = format!(r#"{{"data":{{"user":{{"name":"{EMAIL}"#);
    let echo =
        json!({"error": "invalid_client", "error_description": format!("{SECRET} is wrong"), "got": TOKEN});
    let statuses = [301, 400, 401, 403, 404, 407, 409, 413, 429, 500, 503];
    let mut wires = vec![
        serving(move || Ok(ok(page.clone()))),
        serving(move || Ok(ok(wrong.clone()))),
        serving(move || Ok(ok(stuck.clone()))),
        serving(move || Ok(ok(truncated.clone()))),
        serving(|| Ok(ok(""))),
        serving(|| Err(broken())),
        serving(|| Err(not_sent())),
        serving(|| Err(Failure::new(FailureKind::TimedOut, "no answer"))),
        serving(|| Err(Failure::new(FailureKind::TooLarge, "too large"))),
        serving(|| Err(Failure::new(FailureKind::Config, "no TLS"))),
        refusing(|| Err(broken())),
        refusing(|| Ok(ok(format!("{{\"access_token\": [\"{TOKEN}\"]}}")))),
        refusing(|| {
            Ok(ok(format!(
                "{{\"token_type\": \"mac\", \"access_token\": \"{TOKEN}\"}}"
            )))
        }),
        refusing(|| Ok(ok(format!("<p>{SECRET} {TOKEN}")))),
    ];
    for status in statuses {
        wires.push(serving(move || {
            Ok(answer(
                status,
                &[("location", "https://elsewhere.example/")],
                format!("mail {EMAIL}"),
            ))
        }));
        let echo = echo.clone();
        wires.push(refusing(move || Ok(answer(status, &[], &echo))));
    }
    for code in [
        "AuthError",
        "FORBIDDEN",
        "NOT_FOUND",
        "CONFLICT",
        "RATE_LIMITED",
        "BAD_USER_INPUT",
        "INTERNAL",
        "X",
    ] {
        wires.push(serving(move || Ok(ok(graphql_error(code)))));
        wires.push(serving(move || Ok(answer(400, &[], graphql_error(code)))));
    }
    let log = Log::start();
    let mut kinds = BTreeSet::new();
    for wire in wires {
        let attempts = Arc::new(Mutex::new(String::new()));
        let told = Arc::clone(&attempts);
        let client = builder(&wire)
            .on_attempt(move |attempt| write!(lock(&told), "{attempt:?}").unwrap())
            .build()
            .unwrap();
        for error in errors_of(&client).await {
            kinds.insert(error.kind());
            assert_clean(&everything(&error));
        }
        assert_clean(&lock(&attempts));
    }
    assert!(log.count("attempt") > 100, "something was told");
    assert_clean(&log.text());
    let provoked = [
        K::Config,
        K::Auth,
        K::Permission,
        K::NotFound,
        K::Invalid,
        K::Conflict,
        K::RateLimited,
        K::Timeout,
        K::Connect,
        K::Server,
        K::Indeterminate,
        K::Graphql,
        K::Decode,
        K::Pagination,
    ];
    assert_eq!(kinds, BTreeSet::from(provoked));
}

#[tokio::test]
async fn a_real_connection_logs_no_canary_at_any_level() {
    let server = support::http::Server::start(|mut stream, _| async move {
        while let Some(request) = support::http::read(&mut stream).await {
            let tokens = request.head.starts_with("POST /oauth/");
            let token = json!({"access_token": TOKEN, "expires_in": 9999}).to_string();
            let body = if tokens {
                token
            } else {
                graphql_error("X").to_string()
            };
            support::http::write(&mut stream, "200 OK", &body).await;
        }
    })
    .await;
    let log = Log::start();
    let client = Client::builder(format!("http://{}", server.address))
        .credentials("an-id", SECRET)
        .no_proxy();
    let client = client.build().unwrap();
    for error in errors_of(&client).await {
        assert_clean(&everything(&error));
    }
    assert!(log.text().lines().count() > 10, "everybody's logs are collected");
    assert_clean(&log.text());
}

#[test]
fn what_is_wrong_before_anything_is_sent_holds_no_canary() {
    let client = Client::builder("acme");
    let broken_settings = [
        Client::builder(format!("https://user:{SECRET}@acme.example")).token(TOKEN),
        Client::builder(format!("http://{TOKEN}.example")).token(TOKEN),
        Client::builder("acme").credentials("", SECRET),
        Client::builder("acme").token(TOKEN).proxy(format!("{SECRET}:x")),
        Client::builder("acme").token(TOKEN).user_agent("\u{7f}"),
        Client::builder("acme").token(TOKEN).certificate_authority(SECRET),
        client,
    ];
    for builder in broken_settings {
        let settings = format!("{builder:?}");
        let error = builder.build().unwrap_err();
        let text = everything(&error);
        // The organisation is no secret; all else is.
        for canary in [SECRET, EMAIL, VARIABLE] {
            assert!(!text.contains(canary), "{text}");
        }
        assert!(!settings.contains("proxy: canary"), "{settings}");
    }
}

#[tokio::test]
async fn nothing_that_can_be_printed_holds_a_canary() {
    fn print(value: &impl Debug) -> String {
        format!("{value:?} {value:#?}")
    }
    let requests: Arc<Mutex<String>> = Arc::default();
    let seen = Arc::clone(&requests);
    let wire = Wire::new(move |request, _| {
        let answer = if is_token_request(request) {
            token(TOKEN, json!(86_400))
        } else {
            ok(json!({"data": {"v": EMAIL}}))
        };
        lock(&seen).push_str(&(print(request) + &print(&answer)));
        Ok(answer)
    });
    let builder = builder(&wire)
        .proxy(format!("http://user:{SECRET}@proxy.example"))
        .token_store(FileStore::new("/nowhere/token.json"));
    assert_clean(&print(&builder));
    let client = builder.build().unwrap();
    assert_clean(&print(&client));
    let query = || {
        client
            .query("query($v: String!) { user(ref: $v) { id } }")
            .var("v", VARIABLE)
    };
    assert_clean(&print(&query()));
    query().send::<Value>().await.unwrap();
    assert_clean(&lock(&requests));
    assert_clean(&print(&client));
    let list = client.users().list().q(EMAIL);
    assert_clean(&print(&list));
    let mut pager = list.clone().pager().unwrap();
    pager.next_page().await.unwrap_err();
    assert_clean(&print(&pager));
    let mut items = list.clone().items();
    items.next().await.unwrap().unwrap_err();
    assert_clean(&print(&items));
    let mut raw = list.raw_pager().unwrap();
    raw.next_page().await.unwrap_err();
    assert_clean(&print(&raw));
    assert_clean(&print(&client.users().get(UserKey::email(EMAIL))));
    assert_clean(&print(&Auth::Token(TOKEN.into())));
    let credentials = Auth::ClientCredentials {
        id: "an-id".into(),
        secret: SECRET.into(),
        scopes: vec!["users.read".into()],
    };
    assert_clean(&print(&credentials));
    assert_clean(&print(&AccessToken::new(TOKEN)));
    let stored = StoredToken {
        key: "k".into(),
        token: TOKEN.into(),
        expires_at: SystemTime::now(),
        scopes: None,
    };
    assert_clean(&print(&stored));
    let error: GraphqlError = serde_json::from_value(graphql_error("X")["errors"][0].clone()).unwrap();
    assert_clean(&print(&error));
}

proptest! {
    #[test]
    fn a_secret_never_shows(text in "[^* ]{4,40}", width in 0_usize..60) {
        let secret = Secret::new(text.clone());
        prop_assert_eq!(secret.expose(), &text);
        let printed = [
            format!("{secret}"),
            format!("{secret:?}"),
            format!("{secret:#?}"),
            format!("{secret:width$}"),
            format!("{secret:>width$?}"),
            format!("{:?}", Some(&secret)),
            format!("{:?}", vec![secret.clone()]),
            format!("{:?}", Auth::Token(secret.clone())),
            format!("{:?}", AccessToken::new(secret)),
        ];
        for printed in printed {
            // What the wrappers themselves say is not the secret's.
            let rest = printed.replace("AccessToken", "").replace("ClientCredentials", "").replace("Token(", "");
            let rest = rest.replace("secret", "").replace("expires_in", "").replace("scopes", "").replace("None", "");
            prop_assert!(!rest.contains(&text), "{}", printed);
        }
    }
}
