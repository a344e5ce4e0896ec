//! The token endpoint.

use std::time::Duration;

use pluvo_sandbox::{OAuthClient, Sandbox, Settings};
use serde_json::{Value, json};

use crate::common::{client, start};

async fn ask(sandbox: &Sandbox, form: &[(&str, &str)]) -> (u16, Value) {
    let answer = client()
        .post(sandbox.token_url())
        .form(form)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

const GOOD: [(&str, &str); 3] = [
    ("grant_type", "client_credentials"),
    ("client_id", "sandbox"),
    ("client_secret", "sandbox-secret"),
];

#[tokio::test]
async fn credentials_give_a_token_that_works_for_its_lifetime() {
    let sandbox = start(Sandbox::builder().hold_clock(true)).await;
    assert_eq!(
        (sandbox.client_id(), sandbox.client_secret()),
        ("sandbox", "sandbox-secret")
    );
    let (status, answer) = ask(&sandbox, &GOOD).await;
    assert_eq!(status, 200);
    assert_eq!(answer["token_type"], "Bearer");
    assert_eq!(answer["expires_in"], 86_400);
    assert!(
        answer["scope"]
            .as_str()
            .expect("scopes")
            .contains("extra_categories.write")
    );
    let status = async || {
        let request = client()
            .post(sandbox.graphql_url())
            .json(&json!({ "query": "{ paginatedUsers { count } }" }));
        let token = answer["access_token"].as_str().expect("a token");
        request
            .bearer_auth(token)
            .send()
            .await
            .expect("an answer")
            .status()
            .as_u16()
    };
    assert_eq!(status().await, 200);
    sandbox.advance(Duration::from_secs(86_399));
    assert_eq!(status().await, 200);
    sandbox.advance(Duration::from_secs(1));
    assert_eq!(status().await, 401);
    let short = start(Sandbox::builder().token_lifetime(Duration::from_secs(90))).await;
    assert_eq!(ask(&short, &GOOD).await.1["expires_in"], 90);
}

#[tokio::test]
async fn scopes_are_granted_as_far_as_allowed() {
    let sandbox =
        start(Sandbox::builder().client("reader", "secret", Some(&["users.read", "groups.read"]))).await;
    let reader = |scope: &'static str| {
        [
            ("grant_type", "client_credentials"),
            ("client_id", "reader"),
            ("client_secret", "secret"),
            ("scope", scope),
        ]
    };
    assert_eq!(
        ask(&sandbox, &reader("users.read")).await.1["scope"],
        "users.read"
    );
    assert_eq!(
        ask(&sandbox, &reader("")).await.1["scope"],
        "users.read groups.read"
    );
    let (status, refused) = ask(&sandbox, &reader("users.read users.write")).await;
    assert_eq!((status, refused["error"].as_str()), (400, Some("invalid_scope")));
    sandbox.set(Settings {
        grant: Some(vec!["groups.read".to_owned()]),
        ..Settings::default()
    });
    assert_eq!(
        ask(&sandbox, &reader("users.read groups.read")).await.1["scope"],
        "groups.read"
    );
}

#[tokio::test]
async fn a_secret_is_rotated() {
    let sandbox = start(Sandbox::builder()).await;
    let rotated = OAuthClient {
        id: "sandbox".to_owned(),
        secret: "rotated".to_owned(),
        scopes: None,
    };
    assert_eq!(ask(&sandbox, &GOOD).await.0, 200);
    sandbox.set_client(rotated);
    assert_eq!(ask(&sandbox, &GOOD).await.0, 401);
    let [grant, id, _] = GOOD;
    assert_eq!(
        ask(&sandbox, &[grant, id, ("client_secret", "rotated")]).await.0,
        200
    );
}

#[tokio::test]
async fn everything_else_is_refused_as_rfc_6749_says() {
    let sandbox = start(Sandbox::builder()).await;
    let [grant, id, secret] = GOOD;
    for (form, wanted) in [
        (vec![id, secret], (400, "invalid_request")),
        (
            vec![("grant_type", "password"), id, secret],
            (400, "unsupported_grant_type"),
        ),
        (vec![grant, secret], (401, "invalid_client")),
        (vec![grant, id], (401, "invalid_client")),
        (
            vec![grant, id, ("client_secret", "wrong")],
            (401, "invalid_client"),
        ),
        (
            vec![grant, ("client_id", "nobody"), secret],
            (401, "invalid_client"),
        ),
        (
            vec![grant, id, secret, ("scope", "users.rule")],
            (400, "invalid_scope"),
        ),
    ] {
        let (status, answer) = ask(&sandbox, &form).await;
        assert_eq!(
            (status, answer["error"].as_str().expect("an error")),
            wanted,
            "{form:?}"
        );
    }
    let json = client()
        .post(sandbox.token_url())
        .json(&json!({ "grant_type": "client_credentials" }));
    assert_eq!(json.send().await.expect("an answer").status(), 400);
    assert_eq!(
        client()
            .get(sandbox.token_url())
            .send()
            .await
            .expect("an answer")
            .status(),
        405
    );
}
