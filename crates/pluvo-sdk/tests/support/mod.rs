//! What the tests share: a transport that answers as a test says, a small HTTP server, and child processes.

#![allow(
    dead_code,
    reason = "each test file is a crate of its own and uses a part of this"
)]

pub(crate) mod bulk;
pub(crate) mod http;
pub(crate) mod log;
pub(crate) mod tls;

use pluvo_sdk::time::{BoxFuture, HeldClock};
use pluvo_sdk::transport::{Failure, FailureKind, Request, Response, Transport};
use pluvo_sdk::{Client, ClientBuilder};
use serde_json::{Value, json};
use std::fmt;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex, PoisonError};

pub(crate) type Answer = Result<Response, Failure>;
type Script = dyn Fn(Request, usize) -> BoxFuture<'static, Answer> + Send + Sync;

/// A transport that asks a function for each answer and remembers what was sent.
#[derive(Clone)]
pub(crate) struct Wire {
    script: Arc<Script>,
    sent: Arc<Mutex<Vec<Request>>>,
}

impl Wire {
    /// The function is told the request and how many there were before it.
    pub(crate) fn new(answer: impl Fn(&Request, usize) -> Answer + Send + Sync + 'static) -> Self {
        Self::waiting(move |request, index| {
            let answer = answer(&request, index);
            Box::pin(async { answer })
        })
    }

    /// The same for answers that take their time.
    pub(crate) fn waiting(
        answer: impl Fn(Request, usize) -> BoxFuture<'static, Answer> + Send + Sync + 'static,
    ) -> Self {
        Self {
            script: Arc::new(answer),
            sent: Arc::default(),
        }
    }

    /// Answers every GraphQL request alike, and hands out tokens `token-1`, `token-2` and so on.
    pub(crate) fn always(graphql: impl Fn() -> Answer + Send + Sync + 'static) -> Self {
        let tokens = Mutex::new(0);
        Self::new(move |request, _| {
            if is_token_request(request) {
                let mut count = lock(&tokens);
                *count += 1;
                Ok(token(&format!("token-{count}"), json!(86_400)))
            } else {
                graphql()
            }
        })
    }

    pub(crate) fn sent(&self) -> Vec<Request> {
        lock(&self.sent).clone()
    }

    pub(crate) fn token_requests(&self) -> usize {
        lock(&self.sent)
            .iter()
            .filter(|request| is_token_request(request))
            .count()
    }

    pub(crate) fn graphql_requests(&self) -> usize {
        lock(&self.sent)
            .iter()
            .filter(|request| !is_token_request(request))
            .count()
    }

    /// A client for this transport with a fixed token and a held clock.
    pub(crate) fn client(&self) -> Client {
        self.builder().token("a-token").build().unwrap()
    }

    /// The same without any token yet.
    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder("acme")
            .transport(self.clone())
            .clock(HeldClock::new())
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl Transport for Wire {
    fn send(&self, request: Request) -> BoxFuture<'_, Answer> {
        let index = {
            let mut sent = lock(&self.sent);
            sent.push(request.clone());
            sent.len() - 1
        };
        (self.script)(request, index)
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn is_token_request(request: &Request) -> bool {
    request.url.path() == "/oauth/token/"
}

/// The document and the variables of a GraphQL request.
pub(crate) fn body(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

pub(crate) fn bearer(request: &Request) -> String {
    request
        .bearer
        .as_ref()
        .map(|token| token.expose().to_owned())
        .unwrap_or_default()
}

/// An answer with a status, headers and a body.
pub(crate) fn answer(status: u16, headers: &[(&'static str, &str)], body: impl fmt::Display) -> Response {
    let headers = headers
        .iter()
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .collect();
    Response::new(status, headers, body.to_string())
}

pub(crate) fn ok(body: impl fmt::Display) -> Response {
    answer(200, &[], body)
}

/// An answer of the token endpoint.
pub(crate) fn token(token: &str, expires_in: impl Into<Value>) -> Response {
    ok(json!({"access_token": token, "token_type": "Bearer", "expires_in": expires_in.into()}))
}

pub(crate) fn broken() -> Failure {
    Failure::new(FailureKind::Broken, "the connection broke: reset by the test")
}

pub(crate) fn not_sent() -> Failure {
    Failure::new(FailureKind::NotSent, "no connection: refused by the test")
}

/// A page of users, by their ids.
pub(crate) fn users(ids: &[&str], next: Option<&str>) -> Value {
    let edges: Vec<_> = ids.iter().map(|id| json!({"node": {"id": id}})).collect();
    json!({"data": {"paginatedUsers": {
        "pageInfo": {"hasNextPage": next.is_some(), "endCursor": next},
        "count": ids.len(),
        "edges": edges,
    }}})
}

const CHILD: &str = "PLUVO_TEST_CHILD";

/// What the parent told this process, if it is a child.
pub(crate) fn told_by_parent() -> Option<String> {
    std::env::var(CHILD).ok()
}

/// Runs one test of this binary again in a process of its own, alone, with these variables.
pub(crate) fn child(test: &str, tell: &str, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_ascii_lowercase());
    }
    command.env(CHILD, tell).envs(variables.iter().copied());
    command
}

/// Runs a child to its end without holding up the runtime; fails with what it printed.
pub(crate) async fn run(mut child: Command) {
    let ended: Output = tokio::task::spawn_blocking(move || child.output())
        .await
        .unwrap()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        ended.status.success() && text(&ended.stdout).contains("1 passed"),
        "the child failed:\n{}{}",
        text(&ended.stdout),
        text(&ended.stderr)
    );
}
