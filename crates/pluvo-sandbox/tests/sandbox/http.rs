//! GraphQL over HTTP: paths, methods, media types, scopes and errors.

use pluvo_sandbox::{Sandbox, Settings};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::common::{USERS, body, client, code, data, request, send, start};

const NEW: &str = "application/graphql-response+json";

#[tokio::test]
async fn a_missing_slash_redirects_and_other_paths_are_not_found() {
    let sandbox = start(Sandbox::builder()).await;
    for path in ["/graphql", "/oauth/token"] {
        let answer = client()
            .post(format!("{}{path}", sandbox.url()))
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), StatusCode::MOVED_PERMANENTLY);
        assert_eq!(answer.headers()["location"], format!("{path}/"));
    }
    let answer = client()
        .get(format!("{}/api/", sandbox.url()))
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert_eq!(
        sandbox.log().iter().map(|entry| entry.status).collect::<Vec<_>>(),
        [Some(301), Some(301), Some(404)]
    );
}

#[tokio::test]
async fn tokens_are_needed_and_looked_at() {
    let sandbox = start(Sandbox::builder()).await;
    let post = || {
        client()
            .post(sandbox.graphql_url())
            .json(&json!({ "query": "{ __typename }" }))
    };
    let token = sandbox.issue_token(None);
    for (request, wanted) in [
        (post(), 401),
        (post().bearer_auth("unknown"), 401),
        (post().basic_auth("sandbox", Some("sandbox-secret")), 401),
        (post().bearer_auth(&token), 200),
        (post().header("authorization", format!("bearer {token}")), 200),
    ] {
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), wanted);
        assert_eq!(answer.headers().contains_key("www-authenticate"), wanted == 401);
    }
    sandbox.expire_tokens();
    assert_eq!(
        post()
            .bearer_auth(&token)
            .send()
            .await
            .expect("an answer")
            .status(),
        401
    );
    let open = start(Sandbox::builder().anonymous(true)).await;
    let answer = client()
        .post(open.graphql_url())
        .json(&json!({ "query": "{ __typename }" }))
        .send()
        .await;
    assert_eq!(answer.expect("an answer").status(), 200);
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let sandbox = start(Sandbox::builder()).await;
    let ask = async |query: &str, scopes: &[&str]| {
        let token = sandbox.issue_token(Some(scopes));
        let request = client()
            .post(sandbox.graphql_url())
            .bearer_auth(token)
            .json(&json!({ "query": query }));
        let answer = request.send().await.expect("an answer");
        (
            answer.status().as_u16(),
            answer.json::<Value>().await.expect("JSON"),
        )
    };
    let users = "query A { ...Root } fragment Root on Query { paginatedUsers { count } }";
    let (status, refused) = ask(users, &["groups.read"]).await;
    assert_eq!(status, 403);
    assert_eq!(code(&refused), "PERMISSION_DENIED");
    assert_eq!(
        refused["errors"][0]["extensions"]["requiredScopes"],
        json!(["users.read"])
    );
    assert!(
        refused["errors"][0]["message"]
            .as_str()
            .expect("a message")
            .contains("users.read")
    );
    assert_eq!(ask(users, &["users.read"]).await.0, 200);
    assert_eq!(
        ask("{ __schema { queryType { name } } certificates { count } }", &[])
            .await
            .0,
        200
    );
    let both = "{ paginatedUsers { count } paginatedGroups { count } }";
    assert_eq!(ask(both, &["users.read"]).await.0, 403);
    assert_eq!(ask(both, &["users.read", "groups.read"]).await.0, 200);
}

#[tokio::test]
async fn bad_documents_are_400_in_django_s_words() {
    let sandbox = start(Sandbox::builder()).await;
    let wrong = "{ paginatedUsers { edges { node { shoeSize } } } }";
    for query in [
        wrong,
        "{ paginatedUsers(",
        "{ user(id: \"nobody\") { id } }",
        "query A { a } query B { b }",
        "",
    ] {
        let answer = send(&sandbox, query, json!({})).await;
        assert_eq!(answer.status(), 400, "{query}");
        assert_eq!(
            answer.headers()["content-type"],
            "application/json; charset=utf-8"
        );
        let body: Value = answer.json().await.expect("JSON");
        assert_eq!(body.get("data"), None, "{query}");
        assert!(body["errors"][0]["message"].is_string(), "{query}");
    }
    let body = body(&sandbox, wrong, json!({})).await;
    assert_eq!(
        body["errors"][0]["message"],
        "Cannot query field \"shoeSize\" on type \"User\"."
    );
    assert_eq!(
        body["errors"][0]["locations"],
        json!([{ "line": 1, "column": 35 }])
    );
    let answer = request(&sandbox, wrong, &json!({}))
        .header("accept", NEW)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.headers()["content-type"], format!("{NEW}; charset=utf-8"));

    sandbox.set(Settings {
        invalid_document_status: 200,
        ..Settings::default()
    });
    assert_eq!(send(&sandbox, wrong, json!({})).await.status(), 200);
    let answer = request(&sandbox, wrong, &json!({}))
        .header("accept", NEW)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 400);
}

#[tokio::test]
async fn media_types_and_methods_are_negotiated() {
    let sandbox = start(Sandbox::builder()).await;
    let url = sandbox.graphql_url();
    let token = sandbox.issue_token(None);
    let text = r#"{"query":"{ __typename }"}"#;
    let post = |kind: &str, body: &'static str| {
        client()
            .post(&url)
            .bearer_auth(&token)
            .header("content-type", kind)
            .body(body)
    };
    let query = [("query", "{ __typename }")];
    let get = |pairs: &[(&str, &str)]| {
        let mut url = reqwest::Url::parse(&url).expect("a URL");
        url.query_pairs_mut().extend_pairs(pairs);
        client().get(url).bearer_auth(&token)
    };
    let mutation = "mutation { deleteGroup(id: \"00000000-0000-4000-8000-000000000000\") { ok } }";
    for (what, request, wanted) in [
        ("JSON", post("application/json", text), 200),
        (
            "JSON in UTF-8",
            post("application/json; charset=utf-8", text),
            200,
        ),
        (
            "JSON in Latin 1",
            post("application/json; charset=iso-8859-1", text),
            415,
        ),
        (
            "a form",
            post("application/x-www-form-urlencoded", "query=a"),
            415,
        ),
        ("no type", client().post(&url).bearer_auth(&token).body(text), 415),
        ("half JSON", post("application/json", "{\"query\":"), 400),
        ("a batch", post("application/json", "[]"), 400),
        ("no query", post("application/json", "{}"), 400),
        (
            "a number as query",
            post("application/json", r#"{"query":1}"#),
            400,
        ),
        (
            "a text as variables",
            post(
                "application/json",
                r#"{"query":"{ __typename }","variables":"a"}"#,
            ),
            400,
        ),
        (
            "a list as extensions",
            post(
                "application/json",
                r#"{"query":"{ __typename }","extensions":[]}"#,
            ),
            400,
        ),
        (
            "null variables",
            post(
                "application/json",
                r#"{"query":"{ __typename }","variables":null}"#,
            ),
            200,
        ),
        ("GET", get(&query), 200),
        (
            "GET with variables",
            get(&[query[0], ("variables", "{\"a\":1}")]),
            200,
        ),
        ("GET with half JSON", get(&[query[0], ("variables", "{")]), 400),
        ("GET of a mutation", get(&[("query", mutation)]), 405),
        ("GET of nothing", get(&[]), 400),
        (
            "PUT",
            client().request(Method::PUT, &url).bearer_auth(&token).body(text),
            405,
        ),
        (
            "no type accepted",
            post("application/json", text).header("accept", "text/html"),
            406,
        ),
    ] {
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), wanted, "{what}");
        if wanted == 405 {
            assert!(answer.headers().contains_key("allow"), "{what}");
        }
    }
}

#[tokio::test]
async fn a_named_operation_is_chosen() {
    let sandbox = start(Sandbox::builder()).await;
    let ask = async |name: &str| {
        let query = "query A { a: __typename } query B { b: __typename }";
        let body = json!({ "query": query, "operationName": name });
        let request = client()
            .post(sandbox.graphql_url())
            .bearer_auth(sandbox.issue_token(None))
            .json(&body);
        request
            .send()
            .await
            .expect("an answer")
            .json::<Value>()
            .await
            .expect("JSON")
    };
    assert_eq!(ask("B").await, json!({ "data": { "b": "Query" } }));
    assert!(ask("C").await["errors"].is_array());
    assert_eq!(sandbox.log()[0].operation.as_deref(), Some("B"));
    // A single operation may be named too.
    let body = json!({ "query": USERS, "operationName": "Users" });
    let request = client()
        .post(sandbox.graphql_url())
        .bearer_auth(sandbox.issue_token(None))
        .json(&body);
    let answer = request
        .send()
        .await
        .expect("an answer")
        .json::<Value>()
        .await
        .expect("JSON");
    assert_eq!(answer.get("errors"), None);
}

#[tokio::test]
async fn introspection_shows_the_whole_schema() {
    let sandbox = start(Sandbox::builder()).await;
    let query = "{ __schema { queryType { name } mutationType { name } types { name kind
      fields(includeDeprecated: true) { name isDeprecated deprecationReason args { name defaultValue } } } } }";
    let schema = &data(&sandbox, query, json!({})).await["__schema"];
    let types = schema["types"].as_array().expect("types");
    let find = |list: &Value, name: &str| {
        list.as_array()
            .expect("a list")
            .iter()
            .find(|item| item["name"] == name)
            .cloned()
    };
    for name in [
        "User",
        "ExtraCategoryValue",
        "UpdateUserInput",
        "EnrollmentStatus",
        "UUID",
        "Upload",
    ] {
        assert!(types.iter().any(|ty| ty["name"] == name), "{name}");
    }
    let fields = find(&schema["types"], "Query").expect("Query")["fields"].clone();
    assert_eq!(
        find(&fields, "trainings").expect("trainings")["isDeprecated"],
        true
    );
    let fields = find(&schema["types"], "Mutation").expect("Mutation")["fields"].clone();
    let create = find(&fields, "createUser").expect("createUser");
    assert_eq!(
        find(&create["args"], "sendInvite").expect("sendInvite")["defaultValue"],
        "true"
    );
}

#[tokio::test]
async fn answers_are_compressed_for_clients_that_accept_it() {
    let sandbox = start(Sandbox::builder().compress(true)).await;
    let packed = request(&sandbox, USERS, &json!({}))
        .header("accept-encoding", "gzip")
        .send()
        .await
        .expect("an answer");
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    assert!(packed.bytes().await.expect("bytes").starts_with(&[0x1f, 0x8b]));
    let plain = send(&sandbox, USERS, json!({})).await;
    assert!(!plain.headers().contains_key("content-encoding"));
}
