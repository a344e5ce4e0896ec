//! The servers that `tests/outside/run` started, and what they hold.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request};
use hyper_util::client::legacy::Client as Http;
use hyper_util::rt::TokioExecutor;
use pluvo_sdk::{Client, ClientBuilder};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::env;

/// How many people every server has, how many of them are archived, and how many are in the one group.
pub(crate) const USERS: usize = 137;
pub(crate) const ARCHIVED: usize = 13;
pub(crate) const MEMBERS: usize = 120;

/// One of the servers.
pub(crate) struct Server {
    url: String,
    id: String,
    secret: String,
}

/// What a server holds.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct State {
    users: Vec<Held>,
    members: BTreeSet<String>,
}

/// A person as a server holds them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Held {
    pub(crate) id: String,
    pub(crate) r#ref: Option<String>,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) archived: bool,
}

impl State {
    /// How many people there are.
    pub(crate) fn count(&self) -> usize {
        self.users.len()
    }

    pub(crate) fn user(&self, reference: &str) -> Option<&Held> {
        self.users
            .iter()
            .find(|user| user.r#ref.as_deref() == Some(reference))
    }

    pub(crate) fn is_member(&self, reference: &str) -> bool {
        self.user(reference)
            .is_some_and(|user| self.members.contains(&user.id))
    }

    /// How many are in the group.
    pub(crate) fn members(&self) -> usize {
        self.members.len()
    }
}

impl Server {
    /// The server called `name` in the environment that `tests/outside/run` sets.
    pub(crate) fn named(name: &str) -> Self {
        let read = |name: String| {
            env::var(&name).unwrap_or_else(|_| panic!("{name} is not set; use tests/outside/run"))
        };
        Self {
            url: read(format!("PLUVO_OUTSIDE_{name}")),
            id: read("PLUVO_OUTSIDE_CLIENT_ID".to_owned()),
            secret: read("PLUVO_OUTSIDE_CLIENT_SECRET".to_owned()),
        }
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder(&self.url)
            .no_proxy()
            .credentials(&self.id, self.secret.as_str())
            .scopes(["users.read"])
    }

    pub(crate) fn client(&self) -> Client {
        self.builder().build().expect("the settings are sound")
    }

    pub(crate) fn client_with_secret(&self, secret: &str) -> Client {
        self.builder()
            .credentials(&self.id, secret)
            .build()
            .expect("the settings are sound")
    }

    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    /// A client that may write, and from now on an organisation as it was at the start.
    pub(crate) async fn writer(&self) -> ClientBuilder {
        self.reset().await;
        self.builder()
            .scopes(["users.read", "users.write", "groups.read", "groups.write"])
    }

    /// Puts everybody back.
    pub(crate) async fn reset(&self) {
        self.control(Method::POST, "test/reset").await;
    }

    /// What the server itself says that it holds.
    pub(crate) async fn state(&self) -> State {
        let body = self.control(Method::GET, "test/state").await;
        serde_json::from_slice(&body).expect("the server tells")
    }

    /// Makes every token given out so far invalid.
    pub(crate) async fn expire_tokens(&self) {
        self.control(Method::POST, "test/expire").await;
    }

    /// How many tokens the server has given out.
    pub(crate) async fn tokens(&self) -> usize {
        #[derive(Deserialize)]
        struct Tokens {
            issued: usize,
        }
        let body = self.control(Method::GET, "test/tokens").await;
        serde_json::from_slice::<Tokens>(&body)
            .expect("the server tells")
            .issued
    }

    async fn control(&self, method: Method, path: &str) -> Bytes {
        let http = Http::builder(TokioExecutor::new()).build_http();
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url));
        let request = request.body(Full::<Bytes>::default()).expect("the URL is sound");
        let answer = http.request(request).await.expect("the server runs");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer
            .into_body()
            .collect()
            .await
            .expect("the server answers")
            .to_bytes()
    }
}
