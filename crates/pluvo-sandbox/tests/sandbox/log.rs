//! The request log.

use pluvo_sandbox::{Authorization, Effect, Fault, Sandbox, Settings};
use serde_json::json;

use crate::common::{USERS, client, page, start, with};

#[tokio::test]
async fn requests_are_told_without_their_secrets() {
    let sandbox = start(Sandbox::builder().fault(Fault::graphql(Effect::Pass).from(2))).await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "sandbox"),
        ("client_secret", "sandbox-secret"),
        ("scope", "users.read"),
    ];
    let token = client()
        .post(sandbox.token_url())
        .form(&form)
        .send()
        .await
        .expect("an answer");
    let token = token.json::<serde_json::Value>().await.expect("JSON");
    let token = token["access_token"].as_str().expect("a token");
    let ask = |token: &str| {
        let body = json!({ "query": USERS, "variables": { "first": 3 } });
        client()
            .post(sandbox.graphql_url())
            .bearer_auth(token)
            .header("x-request-id", "abc")
            .json(&body)
    };
    for token in [token, "a-stranger"] {
        ask(token)
            .send()
            .await
            .expect("an answer")
            .bytes()
            .await
            .expect("a body");
    }
    client()
        .post(sandbox.graphql_url())
        .header("authorization", "naked-secret")
        .send()
        .await
        .expect("an answer");

    let log = sandbox.log();
    let [first, second, third, fourth] = log.as_slice() else {
        panic!("{log:#?}")
    };
    assert_eq!((first.path.as_str(), first.status), ("/oauth/token/", Some(200)));
    assert_eq!(
        first.form.as_ref().expect("a form")["client_secret"],
        "[redacted]"
    );
    assert_eq!(first.form.as_ref().expect("a form")["scope"], "users.read");
    assert_eq!(
        (second.seq, second.method.as_str(), second.status),
        (2, "POST", Some(200))
    );
    assert_eq!(second.operation.as_deref(), Some("Users"));
    assert_eq!(second.query.as_deref(), Some(USERS));
    assert_eq!(second.variables, Some(json!({ "first": 3 })));
    assert_eq!(second.headers["x-request-id"], "abc");
    assert_eq!(second.headers["authorization"], "Bearer [token 1]");
    assert_eq!(
        second.authorization,
        Some(Authorization {
            scheme: "Bearer".to_owned(),
            token: Some(1)
        })
    );
    assert!(second.response_bytes > Some(500) && second.request_bytes > 100);
    assert_eq!(second.fault, None);
    assert_eq!((third.status, third.fault.as_deref()), (Some(401), Some("pass")));
    assert_eq!(
        third.authorization,
        Some(Authorization {
            scheme: "Bearer".to_owned(),
            token: None
        })
    );
    assert_eq!(fourth.status, Some(401));
    let whole = serde_json::to_string(&log).expect("JSON");
    for secret in [token, "sandbox-secret", "a-stranger", "naked-secret"] {
        assert!(!whole.contains(secret), "{secret} is in the log");
    }
    let debug = format!("{sandbox:?} {log:?}");
    for secret in ["sandbox-secret", "a-stranger"] {
        assert!(!debug.contains(secret), "{secret} is in Debug");
    }
}

#[tokio::test]
async fn the_log_has_an_end_and_can_be_cleared() {
    let sandbox = start(Sandbox::builder().settings(Settings {
        log_capacity: 3,
        ..Settings::default()
    }))
    .await;
    for _ in 0..5 {
        page(&sandbox, json!({})).await;
    }
    assert_eq!(
        sandbox.log().iter().map(|entry| entry.seq).collect::<Vec<_>>(),
        [3, 4, 5]
    );
    sandbox.clear_log();
    page(&sandbox, json!({})).await;
    assert_eq!(
        sandbox.log().iter().map(|entry| entry.seq).collect::<Vec<_>>(),
        [6]
    );
}

#[tokio::test]
async fn connections_are_told_apart() {
    let sandbox = start(Sandbox::builder()).await;
    let one = client();
    for client in [&one, &one, &client()] {
        with(client, &sandbox, USERS, &json!({}))
            .send()
            .await
            .expect("an answer")
            .bytes()
            .await
            .expect("a body");
    }
    assert_eq!(
        sandbox
            .log()
            .iter()
            .map(|entry| entry.connection)
            .collect::<Vec<_>>(),
        [1, 1, 2]
    );
}
