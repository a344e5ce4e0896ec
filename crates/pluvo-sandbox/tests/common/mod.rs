//! What the integration tests share: a plain client.

#![allow(dead_code, reason = "not every test file uses every helper")]

use pluvo_sandbox::Sandbox;
use reqwest::{Client, Response};
use serde_json::{Value, json};

/// A client that does nothing on its own: no redirects, no proxies from the environment.
pub(crate) fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    builder().build().expect("a client")
}

/// The same, to be changed.
pub(crate) fn builder() -> reqwest::ClientBuilder {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .no_gzip()
        .no_brotli()
}

/// Sends a GraphQL request with a token for everything.
pub(crate) async fn send(sandbox: &Sandbox, query: &str, variables: Value) -> Response {
    request(sandbox, query, variables)
        .send()
        .await
        .expect("an answer")
}

/// The request of [`send`], not sent yet.
pub(crate) fn request(sandbox: &Sandbox, query: &str, variables: Value) -> reqwest::RequestBuilder {
    client()
        .post(sandbox.graphql_url())
        .bearer_auth(sandbox.issue_token(None))
        .json(&json!({ "query": query, "variables": variables }))
}

/// The whole body of [`send`] as JSON.
pub(crate) async fn body(sandbox: &Sandbox, query: &str, variables: Value) -> Value {
    send(sandbox, query, variables).await.json().await.expect("JSON")
}

/// The data of a query that has to succeed.
pub(crate) async fn data(sandbox: &Sandbox, query: &str, variables: Value) -> Value {
    let body = body(sandbox, query, variables).await;
    assert_eq!(body.get("errors"), None, "{query}");
    body["data"].clone()
}
