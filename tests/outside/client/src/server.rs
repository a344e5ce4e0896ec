//! The servers that `tests/outside/run` started, and what they hold.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request};
use hyper_util::client::legacy::Client as Http;
use hyper_util::rt::TokioExecutor;
use pluvo_sdk::{Client, ClientBuilder};
use serde::Deserialize;
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
