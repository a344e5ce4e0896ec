//! The control API, as test helpers in other languages use it.

use pluvo_sandbox::Sandbox;
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{USERS, client, column, page, send, start};

async fn call(sandbox: &Sandbox, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
    let mut request = client().request(method, format!("{}/__sandbox/{path}", sandbox.url()));
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    let text = answer.text().await.expect("text");
    (
        status,
        if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).expect("JSON")
        },
    )
}

async fn get(sandbox: &Sandbox, path: &str) -> Value {
    let (status, body) = call(sandbox, Method::GET, path, None).await;
    assert_eq!(status, 200, "{path}");
    body
}

async fn post(sandbox: &Sandbox, path: &str, body: Value) -> (u16, Value) {
    call(sandbox, Method::POST, path, Some(body)).await
}

#[tokio::test]
async fn faults_are_planned_counted_and_forgotten() {
    let sandbox = start(Sandbox::builder()).await;
    let faults = json!([
        { "name": "busy", "from": 2, "do": { "kind": "status", "status": 503, "headers": { "Retry-After": "0.5" } } },
        { "on": "token", "do": { "kind": "body", "what": "html" } },
    ]);
    assert_eq!(post(&sandbox, "faults", faults).await, (204, Value::Null));
    let one = json!({ "operation": "Other", "times": null, "delay": "2s", "do": { "kind": "pass" } });
    assert_eq!(post(&sandbox, "faults", one).await, (204, Value::Null));
    for wanted in [200, 503, 200] {
        assert_eq!(send(&sandbox, USERS, json!({})).await.status(), wanted);
    }
    let planned = get(&sandbox, "faults").await;
    assert_eq!(planned["all_hit"], false);
    let counts: Vec<_> = planned["faults"]
        .as_array()
        .expect("faults")
        .iter()
        .map(|p| (&p["seen"], &p["hits"]))
        .collect();
    assert_eq!(
        counts,
        [
            (&json!(3), &json!(1)),
            (&json!(0), &json!(0)),
            (&json!(0), &json!(0))
        ]
    );
    assert_eq!(planned["faults"][2]["fault"]["times"], Value::Null);
    assert_eq!(sandbox.faults()[0].hits, 1);
    assert_eq!(call(&sandbox, Method::DELETE, "faults", None).await.0, 204);
    assert_eq!(
        get(&sandbox, "faults").await,
        json!({ "faults": [], "all_hit": true })
    );
}

#[tokio::test]
async fn mistakes_are_named() {
    let sandbox = start(Sandbox::builder()).await;
    for (path, body, word) in [
        ("faults", json!({ "do": { "kind": "explode" } }), "explode"),
        ("faults", json!([{ "form": 3, "do": { "kind": "pass" } }]), "form"),
        (
            "faults",
            json!({ "delay": "soon", "do": { "kind": "pass" } }),
            "duration",
        ),
        ("settings", json!({ "latencey": "1s" }), "latencey"),
        ("settings", json!({ "rate_limit": "fast" }), "fast"),
        ("clock", json!({ "advance": "tomorrow" }), "duration"),
        ("clock", json!({ "stop": true }), "stop"),
        ("data", json!({ "at": "middle" }), "middle"),
        ("tokens", json!({ "scope": [] }), "scope"),
        ("clients", json!({ "id": "a" }), "secret"),
    ] {
        let (status, answer) = post(&sandbox, path, body.clone()).await;
        assert_eq!(status, 400, "{path} {body}");
        assert!(
            answer["error"].as_str().expect("an error").contains(word),
            "{answer}"
        );
    }
    assert_eq!(call(&sandbox, Method::GET, "nothing", None).await.0, 404);
    assert_eq!(call(&sandbox, Method::PUT, "clock", None).await.0, 405);
}

#[tokio::test]
async fn the_clock_is_held_and_moved() {
    let sandbox = start(Sandbox::builder()).await;
    let (status, held) = post(&sandbox, "clock", json!({ "hold": true })).await;
    assert_eq!((status, &held["held"]), (200, &json!(true)));
    let before = held["now_ms"].as_u64().expect("a number");
    let (_, moved) = post(&sandbox, "clock", json!({ "advance": "25h" })).await;
    assert_eq!(moved["now_ms"], before + 25 * 3_600_000);
    assert_eq!(get(&sandbox, "clock").await, moved);
    assert_eq!(
        post(&sandbox, "clock", json!({ "hold": false })).await.1["held"],
        false
    );
}

#[tokio::test]
async fn settings_are_changed_one_by_one() {
    let sandbox = start(Sandbox::builder()).await;
    let (_, settings) = post(
        &sandbox,
        "settings",
        json!({ "page_cap": "cap", "token_lifetime": "90s" }),
    )
    .await;
    assert_eq!(settings["page_cap"], "cap");
    let (_, settings) = post(
        &sandbox,
        "settings",
        json!({ "rate_limit": "100/s", "latency": "0s" }),
    )
    .await;
    assert_eq!(
        (&settings["page_cap"], &settings["rate_limit"]),
        (&json!("cap"), &json!("100/s"))
    );
    assert_eq!(settings["token_lifetime"], "1m 30s");
    assert_eq!(get(&sandbox, "settings").await, settings);
    assert_eq!(
        column(&page(&sandbox, json!({ "first": 1000 })).await, "id").len(),
        50
    );
}

#[tokio::test]
async fn tokens_are_handed_out_and_ended() {
    let sandbox = start(Sandbox::builder()).await;
    let (_, token) = post(&sandbox, "tokens", json!({ "scopes": ["users.read"] })).await;
    let token = token["access_token"].as_str().expect("a token").to_owned();
    let (_, whole) = call(&sandbox, Method::POST, "tokens", None).await;
    assert!(whole["access_token"].is_string());
    let status = async |query: &str| {
        let request = client()
            .post(sandbox.graphql_url())
            .bearer_auth(&token)
            .json(&json!({ "query": query }));
        request.send().await.expect("an answer").status().as_u16()
    };
    assert_eq!(status("{ paginatedUsers { count } }").await, 200);
    assert_eq!(status("{ paginatedGroups { count } }").await, 403);
    let client = json!({ "id": "other", "secret": "s", "scopes": ["users.read"] });
    assert_eq!(post(&sandbox, "clients", client).await.0, 204);
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "other"),
        ("client_secret", "s"),
    ];
    let granted = crate::common::client()
        .post(sandbox.token_url())
        .form(&form)
        .send()
        .await;
    assert_eq!(granted.expect("an answer").status(), 200);
    assert_eq!(call(&sandbox, Method::POST, "tokens/expire", None).await.0, 204);
    assert_eq!(status("{ paginatedUsers { count } }").await, 401);
}

#[tokio::test]
async fn data_changes_and_everything_is_reset() {
    let sandbox = start(Sandbox::builder()).await;
    let before = page(&sandbox, json!({})).await;
    let state = get(&sandbox, "state").await;
    assert_eq!(state["counts"]["users"], 60);
    let (_, state) = post(&sandbox, "data", json!({ "insert": 3, "at": "front" })).await;
    assert_eq!(state["counts"]["users"], 63);
    let (_, state) = post(&sandbox, "data", json!({ "remove": 5, "at": "spread" })).await;
    assert_eq!(state["counts"]["users"], 58);
    post(&sandbox, "settings", json!({ "page_size": 7 })).await;
    post(&sandbox, "faults", json!({ "do": { "kind": "unauthorized" } })).await;
    assert_eq!(get(&sandbox, "log").await.as_array().expect("a list").len(), 1);
    assert_eq!(call(&sandbox, Method::POST, "reset", None).await.0, 204);
    assert_eq!(get(&sandbox, "log").await, json!([]));
    assert_eq!(page(&sandbox, json!({})).await, before);
    assert_eq!(get(&sandbox, "log").await[0]["operation"], "Users");
    assert_eq!(call(&sandbox, Method::DELETE, "log", None).await.0, 204);
    assert_eq!(get(&sandbox, "log").await, json!([]));
}

#[tokio::test]
async fn many_sandboxes_live_beside_each_other_and_end_when_dropped() {
    let one = start(Sandbox::builder().users(5)).await;
    let other = start(Sandbox::builder().users(6)).await;
    assert_eq!(page(&one, json!({})).await["count"], 5);
    assert_eq!(page(&other, json!({})).await["count"], 6);
    let address = other.address();
    other.stop();
    // The listener goes when its task has seen the end.
    while std::net::TcpStream::connect(address).is_ok() {
        tokio::task::yield_now().await;
    }
    assert_eq!(page(&one, json!({})).await["count"], 5);
}
