//! Faults in what an answer says.

use std::collections::BTreeMap;
use std::io::Read;
use std::time::Duration;

use pluvo_sandbox::{Canned, DataPart, Edit, Effect, Encoding, Fault, Place, Sandbox};
use reqwest::Response;
use serde_json::{Value, json};

use crate::common::{USERS, body, client, code, column, page, send, start};

/// The answer of a GraphQL request that this effect hits.
async fn broken(effect: Effect) -> Response {
    hit(effect).await.1
}

/// The same with the sandbox, which has to live on for bodies that are not sent at once.
async fn hit(effect: Effect) -> (Sandbox, Response) {
    let sandbox = start(Sandbox::builder().fault(Fault::graphql(effect))).await;
    let answer = send(&sandbox, USERS, json!({ "first": 3 })).await;
    assert_eq!(sandbox.faults()[0].hits, 1);
    assert!(sandbox.log()[0].fault.is_some());
    (sandbox, answer)
}

async fn text(effect: Effect) -> String {
    let (_sandbox, answer) = hit(effect).await;
    String::from_utf8_lossy(&answer.bytes().await.expect("a body")).into_owned()
}

async fn json(effect: Effect) -> Value {
    broken(effect).await.json().await.expect("JSON")
}

fn status(status: u16) -> Effect {
    Effect::Status {
        status,
        headers: BTreeMap::new(),
        body: None,
        content_type: None,
    }
}

#[tokio::test]
async fn any_status_with_any_headers_and_body() {
    for wanted in [400, 403, 404, 405, 407, 408, 415, 425, 429, 500, 502, 503, 504] {
        assert_eq!(broken(status(wanted)).await.status(), wanted);
    }
    for value in ["3", "0.25", "Wed, 21 Oct 2015 07:28:00 GMT", "soon", "-1"] {
        let headers = BTreeMap::from([("Retry-After".to_owned(), value.to_owned())]);
        let answer = broken(Effect::Status {
            status: 429,
            headers,
            body: None,
            content_type: None,
        })
        .await;
        assert_eq!(answer.headers()["retry-after"], value);
    }
    let page = Effect::Status {
        status: 502,
        headers: BTreeMap::new(),
        body: Some("<h1>Bad Gateway</h1>".to_owned()),
        content_type: Some("text/html".to_owned()),
    };
    let answer = broken(page).await;
    assert_eq!(answer.headers()["content-type"], "text/html");
    assert_eq!(answer.text().await.expect("text"), "<h1>Bad Gateway</h1>");
}

#[tokio::test]
async fn redirects_on_both_paths() {
    for status in [301, 302, 307, 308] {
        let effect = Effect::Redirect {
            status,
            location: "https://elsewhere.example/graphql/".to_owned(),
        };
        let answer = broken(effect.clone()).await;
        assert_eq!(answer.status(), status);
        assert_eq!(answer.headers()["location"], "https://elsewhere.example/graphql/");
        let sandbox = start(Sandbox::builder().fault(Fault::token(effect))).await;
        let answer = client()
            .post(sandbox.token_url())
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), status);
    }
}

#[tokio::test]
async fn authentication_fails_in_every_way() {
    assert_eq!(broken(Effect::Unauthorized).await.status(), 401);
    assert_eq!(broken(Effect::ExpireTokens).await.status(), 401);
    let error = |code: &str, data| Effect::Errors {
        code: Some(code.to_owned()),
        message: Some("No.".to_owned()),
        status: 200,
        data,
        path: Vec::new(),
    };
    let auth = json(error("AuthenticationError", DataPart::Null)).await;
    assert_eq!(
        auth,
        json!({ "errors": [{ "message": "No.", "extensions": { "code": "AuthenticationError" } }], "data": null })
    );
    let limited = json(error("RATE_LIMITED", DataPart::Absent)).await;
    assert_eq!((code(&limited), limited.get("data")), ("RATE_LIMITED", None));
}

#[tokio::test]
async fn errors_come_with_partial_data_or_none() {
    let partial = json(Effect::Errors {
        code: None,
        message: None,
        status: 200,
        data: DataPart::Partial,
        path: vec![
            "paginatedUsers".into(),
            "edges".into(),
            1.into(),
            "node".into(),
            "email".into(),
        ],
    })
    .await;
    assert_eq!(partial["errors"][0]["path"][2], 1);
    let emails = column(&partial["data"]["paginatedUsers"], "email");
    assert_eq!(emails[1], Value::Null);
    assert!(emails[0].is_string());
    assert_eq!(json(Effect::Neither).await, json!({}));
}

#[tokio::test]
async fn bodies_are_not_what_was_asked_for() {
    let whole = text(Effect::Pass).await;
    assert_eq!(text(Effect::Truncate { at: 40 }).await, whole[..40]);
    assert_eq!(text(Effect::Body { what: Canned::Empty }).await, "");
    let login = broken(Effect::Body { what: Canned::Html }).await;
    assert_eq!(login.status(), 200);
    assert!(
        login.headers()["content-type"]
            .to_str()
            .expect("text")
            .starts_with("text/html")
    );
    assert!(
        serde_json::from_str::<Value>(
            &text(Effect::Body {
                what: Canned::Garbage
            })
            .await
        )
        .is_err()
    );
    assert!(
        json(Effect::Body {
            what: Canned::OtherShape
        })
        .await
        .is_array()
    );
    assert_eq!(text(Effect::Bom).await, format!("\u{feff}{whole}"));
    let bytes = broken(Effect::InvalidUtf8).await.bytes().await.expect("bytes");
    assert!(std::str::from_utf8(&bytes).is_err());
}

#[tokio::test]
async fn json_is_edited() {
    let edited =
        async |edits: Vec<Edit>| json(Effect::Edit { edits }).await["data"]["paginatedUsers"].clone();
    let node = "data.*.edges.*.node";
    let added = edited(vec![Edit::set(format!("{node}.shoeSize"), 43)]).await;
    assert_eq!(column(&added, "shoeSize"), [43, 43, 43]);
    let role = edited(vec![Edit::set(format!("{node}.roles"), json!(["ASTRONAUT"]))]).await;
    assert_eq!(column(&role, "roles")[0], json!(["ASTRONAUT"]));
    let null = edited(vec![Edit::set("data.*.edges.0.node.name", Value::Null)]).await;
    assert_eq!(column(&null, "name")[0], Value::Null);
    let edges = edited(vec![Edit::set("data.*.edges", json!([null]))]).await;
    assert_eq!(edges["edges"], json!([null]));
    let nodes = edited(vec![Edit::set(node, Value::Null)]).await;
    assert_eq!(nodes["edges"][2]["node"], Value::Null);
    assert_eq!(edited(vec![Edit::set("data.*", Value::Null)]).await, Value::Null);
    assert_eq!(
        edited(vec![Edit::remove("data.*.pageInfo")])
            .await
            .get("pageInfo"),
        None
    );
}

#[tokio::test]
async fn json_is_edited_beyond_what_serialisers_write() {
    let raw = async |text_: &str| {
        text(Effect::Edit {
            edits: vec![Edit::raw("data.*.edges.0.node.name", text_)],
        })
        .await
    };
    assert!(
        raw("\"a\",\"name\":\"b\"")
            .await
            .contains(r#""name":"a","name":"b""#)
    );
    assert!(
        raw("123456789012345678901234567890")
            .await
            .contains(":123456789012345678901234567890")
    );
    assert!(raw(r#""\ud800""#).await.contains(r#":"\ud800""#));
    let edit = |change: Value| serde_json::from_value::<Edit>(change).expect("an edit");
    let path = "data.*.edges.0.node.extra";
    let deep = text(Effect::Edit {
        edits: vec![edit(json!({ "path": path, "nest": 10_000 }))],
    })
    .await;
    assert!(deep.contains(&"[".repeat(10_000)));
    let long = text(Effect::Edit {
        edits: vec![edit(json!({ "path": path, "letters": 5_000_000 }))],
    })
    .await;
    assert!(long.len() > 5_000_000);
}

#[tokio::test]
async fn headers_are_changed_and_taken_out() {
    let set = |name: &str, value: Option<&str>| Effect::Headers {
        set: BTreeMap::from([(name.to_owned(), value.map(str::to_owned))]),
    };
    assert_eq!(
        broken(set("content-type", Some("text/plain"))).await.headers()["content-type"],
        "text/plain"
    );
    assert!(
        !broken(set("content-type", None))
            .await
            .headers()
            .contains_key("content-type")
    );
    let lied = broken(set("content-encoding", Some("gzip"))).await;
    assert_eq!(lied.headers()["content-encoding"], "gzip");
    assert!(lied.bytes().await.expect("bytes").starts_with(b"{"));
}

#[tokio::test]
async fn bodies_are_compressed() {
    let whole = text(Effect::Pass).await;
    let gzip = broken(Effect::Encode { with: Encoding::Gzip }).await;
    assert_eq!(gzip.headers()["content-encoding"], "gzip");
    let mut plain = String::new();
    let bytes = gzip.bytes().await.expect("bytes");
    flate2::read::GzDecoder::new(&bytes[..])
        .read_to_string(&mut plain)
        .expect("gzip");
    assert_eq!(plain, whole);
    let br = broken(Effect::Encode { with: Encoding::Br }).await;
    assert_eq!(br.headers()["content-encoding"], "br");
    let bytes = br.bytes().await.expect("bytes");
    let mut plain = Vec::new();
    brotli::BrotliDecompress(&mut &bytes[..], &mut plain).expect("brotli");
    assert_eq!(plain, whole.as_bytes());
}

#[tokio::test]
async fn bodies_grow_beyond_every_limit() {
    let (_sandbox, bomb) = hit(Effect::Bomb { mib: 30 }).await;
    assert_eq!(bomb.headers()["content-encoding"], "gzip");
    let bytes = bomb.bytes().await.expect("bytes");
    assert!(bytes.len() < 1 << 20, "{}", bytes.len());
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(&bytes[..])
        .read_to_end(&mut plain)
        .expect("gzip");
    assert_eq!(plain.len(), 30 << 20);
    assert_eq!(serde_json::from_slice::<Value>(&plain).expect("JSON"), json!({}));
    for declared in [true, false] {
        let (_sandbox, flood) = hit(Effect::Flood { mib: 5, declared }).await;
        assert_eq!(flood.content_length(), declared.then_some(5 << 20));
        assert_eq!(flood.bytes().await.expect("bytes").len(), 5 << 20);
    }
}

#[tokio::test]
async fn an_unknown_field_hits_only_who_selects_it() {
    let unknown = Effect::UnknownField {
        on: "User".to_owned(),
        field: "ref".to_owned(),
    };
    let sandbox = start(Sandbox::builder().fault(Fault::graphql(unknown).always())).await;
    let bad = send(&sandbox, USERS, json!({})).await;
    assert_eq!(bad.status(), 400);
    let bad: Value = bad.json().await.expect("JSON");
    assert_eq!(
        bad["errors"][0]["message"],
        "Cannot query field \"ref\" on type \"User\"."
    );
    assert_eq!(
        bad["errors"][0]["locations"],
        json!([{ "line": 4, "column": 30 }])
    );
    let spread = "{ group(ref: \"GRP-001\") { ref users { edges { node { ...Fields } } } } } fragment Fields on User { id ref }";
    assert!(body(&sandbox, spread, json!({})).await["errors"].is_array());
    let without = "{ paginatedUsers { edges { node { id } } } group(ref: \"GRP-001\") { ref } }";
    assert_eq!(body(&sandbox, without, json!({})).await.get("errors"), None);
    assert_eq!((sandbox.faults()[0].seen, sandbox.faults()[0].hits), (2, 2));
}

#[tokio::test]
async fn pages_lie_about_what_follows() {
    let sandbox = start(Sandbox::builder()).await;
    let first = page(&sandbox, json!({ "first": 3 })).await;
    let cursor = first["pageInfo"]["endCursor"].clone();
    let next = page(&sandbox, json!({ "first": 3, "after": cursor })).await;
    sandbox.add_faults([
        Fault::graphql(Effect::StuckCursor),
        Fault::graphql(Effect::NullCursor),
        Fault::graphql(Effect::EmptyPage).times(2),
        Fault::graphql(Effect::EmptyPage),
        Fault::graphql(Effect::PageLimit { rows: 2 }),
    ]);
    let stuck = page(&sandbox, json!({ "first": 3, "after": cursor })).await;
    assert_eq!(
        (&stuck["pageInfo"]["endCursor"], &stuck["pageInfo"]["hasNextPage"]),
        (&cursor, &json!(true))
    );
    assert_eq!(stuck["edges"], next["edges"]);
    let null = page(&sandbox, json!({ "first": 3 })).await;
    assert_eq!(
        (&null["pageInfo"]["endCursor"], &null["pageInfo"]["hasNextPage"]),
        (&Value::Null, &json!(true))
    );
    let mut after = cursor.clone();
    for _ in 0..2 {
        let empty = page(&sandbox, json!({ "first": 3, "after": after })).await;
        assert_eq!(
            (&empty["edges"], &empty["pageInfo"]["hasNextPage"]),
            (&json!([]), &json!(true))
        );
        assert_ne!(empty["pageInfo"]["endCursor"], after);
        after = empty["pageInfo"]["endCursor"].clone();
    }
    let empty = page(&sandbox, json!({ "first": 3 })).await;
    let limited = page(
        &sandbox,
        json!({ "first": 3, "after": empty["pageInfo"]["endCursor"] }),
    )
    .await;
    assert_eq!(column(&limited, "id"), column(&first, "id")[..2]);
    assert_eq!(
        page(&sandbox, json!({ "first": 3, "after": after })).await["edges"],
        next["edges"]
    );
    assert!(sandbox.faults().iter().all(|planned| planned.hits > 0));
}

#[tokio::test]
async fn faults_choose_by_operation_text_and_page_size() {
    let sandbox = start(Sandbox::builder()).await;
    sandbox.add_faults([
        Fault {
            first_above: Some(12),
            ..Fault::graphql(status(504)).always()
        },
        Fault {
            contains: Some("shared".to_owned()),
            ..Fault::graphql(status(500)).always()
        },
        Fault::graphql(status(503)).operation("Other"),
        serde_json::from_value(
            json!({ "variables": { "offset": 5 }, "do": { "kind": "status", "status": 502 } }),
        )
        .expect("a fault"),
    ]);
    for (query, variables, wanted) in [
        (USERS, json!({ "first": 50 }), 504),
        (USERS, json!({ "first": 13 }), 504),
        (USERS, json!({ "first": 12 }), 200),
        ("{ paginatedUsers(first: 20) { count } }", json!({}), 504),
        (USERS, json!({ "first": 4, "offset": 6 }), 200),
        (USERS, json!({ "first": 4, "offset": 5 }), 502),
        ("query shared { __typename }", json!({}), 500),
        ("query Other { __typename }", json!({}), 503),
        ("query Other { __typename }", json!({}), 200),
    ] {
        assert_eq!(send(&sandbox, query, variables).await.status(), wanted, "{query}");
    }
}

#[tokio::test]
async fn the_token_endpoint_says_strange_things() {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "sandbox"),
        ("client_secret", "sandbox-secret"),
    ];
    let ask = async |effect: Effect| {
        let sandbox = start(Sandbox::builder().fault(Fault::token(effect))).await;
        let answer = client()
            .post(sandbox.token_url())
            .form(&form)
            .send()
            .await
            .expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("text"))
    };
    let edit = |edit| Effect::Edit { edits: vec![edit] };
    for (effect, wanted) in [
        (edit(Edit::set("expires_in", "86400")), r#""expires_in":"86400""#),
        (
            edit(Edit::raw("expires_in", "86400.0")),
            r#""expires_in":86400.0"#,
        ),
        (edit(Edit::set("expires_in", 0)), r#""expires_in":0"#),
        (edit(Edit::set("expires_in", -5)), r#""expires_in":-5"#),
        (
            Effect::Grant {
                scopes: vec!["users.read".to_owned()],
            },
            r#""scope":"users.read""#,
        ),
        (Effect::Body { what: Canned::Html }, "<form"),
        (Effect::Truncate { at: 20 }, ""),
        (Effect::Body { what: Canned::Empty }, ""),
    ] {
        let (status, text) = ask(effect.clone()).await;
        assert_eq!(status, 200);
        assert!(text.contains(wanted), "{effect:?}: {text}");
    }
    assert!(
        !ask(edit(Edit::remove("expires_in")))
            .await
            .1
            .contains("expires_in")
    );
    let invalid = Effect::Status {
        status: 400,
        headers: BTreeMap::new(),
        body: Some(r#"{"error":"invalid_client"}"#.to_owned()),
        content_type: Some("application/json".to_owned()),
    };
    assert_eq!(
        ask(invalid).await,
        (400, r#"{"error":"invalid_client"}"#.to_owned())
    );
}

#[tokio::test]
async fn rows_come_and_go_between_pages() {
    let change = |insert, remove| {
        Fault::graphql(Effect::Data {
            insert,
            remove,
            at: Place::Front,
        })
    };
    let sandbox = start(Sandbox::builder().fault(change(2, 0)).fault(change(0, 5))).await;
    let first = page(&sandbox, json!({ "first": 10 })).await;
    assert_eq!(first["count"], 60);
    let second = page(&sandbox, json!({ "first": 10 })).await;
    assert_eq!(second["count"], 62);
    assert_eq!(column(&second, "id")[2..], column(&first, "id")[..8]);
    let third = page(&sandbox, json!({ "first": 10 })).await;
    assert_eq!(third["count"], 57);
    assert_eq!(column(&third, "id")[..7], column(&first, "id")[3..]);
}

#[tokio::test]
async fn delays_pass_with_the_clock() {
    let delay = Fault::graphql(status(503)).delay(Duration::from_secs(30));
    let sandbox = start(Sandbox::builder().hold_clock(true).fault(delay)).await;
    let answer = tokio::spawn(crate::common::request(&sandbox, USERS, &json!({})).send());
    while sandbox.log().is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(!answer.is_finished());
    sandbox.advance(Duration::from_secs(30));
    assert_eq!(answer.await.expect("no panic").expect("an answer").status(), 503);
}
