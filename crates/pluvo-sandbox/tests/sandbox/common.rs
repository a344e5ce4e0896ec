//! What the tests share: a plain client.

use pluvo_sandbox::{Builder, Sandbox};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

/// A page of people.
pub(crate) const USERS: &str = "query Users($first: Int, $after: String, $offset: Int) {
  paginatedUsers(first: $first, after: $after, offset: $offset) {
    count pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { id ref name email roles } }
  }
}";

/// A client that does nothing on its own: it follows no redirect, reads no environment, unpacks nothing.
pub(crate) fn plain() -> reqwest::ClientBuilder {
    // Another test of this process may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .no_gzip()
        .no_brotli()
}

/// [`plain`], made.
pub(crate) fn client() -> Client {
    plain().build().expect("a client")
}

/// Starts what was built.
pub(crate) async fn start(builder: Builder) -> Sandbox {
    builder.start().await.expect("a sandbox")
}

/// A GraphQL request with a token for everything.
pub(crate) fn request(sandbox: &Sandbox, query: &str, variables: &Value) -> RequestBuilder {
    with(&client(), sandbox, query, variables)
}

/// The same by a client of the caller's.
pub(crate) fn with(client: &Client, sandbox: &Sandbox, query: &str, variables: &Value) -> RequestBuilder {
    let body = json!({ "query": query, "variables": variables });
    client
        .post(sandbox.graphql_url())
        .bearer_auth(sandbox.issue_token(None))
        .json(&body)
}

/// Sends [`request`].
pub(crate) async fn send(sandbox: &Sandbox, query: &str, variables: Value) -> Response {
    request(sandbox, query, &variables)
        .send()
        .await
        .expect("an answer")
}

/// The answer to a request as JSON.
pub(crate) async fn body(sandbox: &Sandbox, query: &str, variables: Value) -> Value {
    send(sandbox, query, variables).await.json().await.expect("JSON")
}

/// The data of a query that has to succeed.
pub(crate) async fn data(sandbox: &Sandbox, query: &str, variables: Value) -> Value {
    let body = body(sandbox, query, variables).await;
    assert_eq!(body.get("errors"), None, "{query}");
    body["data"].clone()
}

/// The first page of people.
pub(crate) async fn page(sandbox: &Sandbox, variables: Value) -> Value {
    data(sandbox, USERS, variables).await["paginatedUsers"].clone()
}

/// The code of the first error.
pub(crate) fn code(body: &Value) -> &str {
    body["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap_or_default()
}

/// The values of a field of a connection's nodes.
pub(crate) fn column(list: &Value, field: &str) -> Vec<Value> {
    let edges = list["edges"].as_array().expect("edges");
    edges.iter().map(|edge| edge["node"][field].clone()).collect()
}
