//! reqwest, set up as its users do, with `serde_json` or none.

use super::Tally;
use super::peer::{ONE, Page, Peer, TOKEN, UPSERT, USERS, Variables, find_next};
use crate::server::pages::known;
use crate::server::{Address, GRAPHQL};
use anyhow::{Context, Result, bail, ensure};
use reqwest::{Certificate, Client, Response, StatusCode};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::time::Duration;

/// What all that stand on reqwest have in common.
pub(super) struct Http {
    client: Client,
    url: String,
}

impl Http {
    pub(super) fn new(server: &Address) -> Result<Self> {
        // reqwest asks for the process's provider, which is the program's to choose.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder().no_proxy();
        if let Some(pem) = &server.certificate {
            builder = builder.tls_certs_merge([Certificate::from_pem(pem.as_bytes())?]);
        }
        Ok(Self {
            client: builder.build()?,
            url: format!("{}{GRAPHQL}", server.url),
        })
    }

    /// Sends it, and again after a 429 once the time is up that the server asks for.
    pub(super) async fn post(&self, body: &impl Serialize) -> Result<Response> {
        loop {
            let sent = self.client.post(&self.url).bearer_auth(TOKEN).json(body);
            let response = sent.send().await?;
            if response.status() != StatusCode::TOO_MANY_REQUESTS {
                return Ok(response.error_for_status()?);
            }
            let after = response.headers().get(reqwest::header::RETRY_AFTER);
            let seconds: f64 = after.context("no Retry-After")?.to_str()?.parse()?;
            tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
        }
    }

    async fn users(&self, variables: Variables<'_>) -> Result<Response> {
        self.post(&Request {
            query: USERS,
            variables,
        })
        .await
    }

    async fn one(&self) -> Result<Response> {
        self.post(&Request {
            query: ONE,
            variables: One { r#ref: "EMP-000001" },
        })
        .await
    }
}

#[derive(Serialize)]
struct Request<V> {
    query: &'static str,
    variables: V,
}

#[derive(Serialize)]
struct One {
    r#ref: &'static str,
}

#[derive(Deserialize)]
struct Answer<T> {
    data: Option<T>,
    #[serde(default)]
    errors: Vec<serde_json::Value>,
}

impl<T> Answer<T> {
    fn data(self) -> Result<T> {
        match self.data {
            Some(data) if self.errors.is_empty() => Ok(data),
            _ => bail!("errors: {:?}", self.errors),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Users<U> {
    paginated_users: Connection<U>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Connection<U> {
    page_info: PageInfo,
    edges: Vec<Edge<U>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

#[derive(Deserialize)]
struct Edge<U> {
    node: U,
}

/// A person whose texts are its own.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    dead_code,
    reason = "decoded as a user of the client would have them, and then only counted"
)]
pub(super) struct OwnedUser {
    id: String,
    name: String,
    email: Option<String>,
    pub r#ref: Option<String>,
    archived: bool,
    is_active: bool,
    roles: Vec<String>,
    language: String,
    last_login: Option<String>,
    invited_on: Option<String>,
    group_count: i64,
}

/// A person whose texts are the answer's.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    dead_code,
    reason = "decoded as a user of the client would have them, and then only counted"
)]
struct BorrowedUser<'a> {
    id: &'a str,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    email: Option<Cow<'a, str>>,
    #[serde(borrow)]
    r#ref: Option<Cow<'a, str>>,
    archived: bool,
    is_active: bool,
    roles: Vec<&'a str>,
    language: &'a str,
    last_login: Option<&'a str>,
    invited_on: Option<&'a str>,
    group_count: i64,
}

#[derive(Serialize)]
struct Row {
    r#ref: String,
    name: String,
    email: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Upserted {
    update_or_create_user: Created,
}

#[derive(Deserialize)]
struct Created {
    created: bool,
}

#[derive(Deserialize)]
struct OneUser {
    user: Option<Name>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded as a user of the client would have it")]
struct Name {
    id: String,
    name: String,
}

fn page<U>(answer: Answer<Users<U>>, reference: impl Fn(&U) -> Option<&str>) -> Result<Page> {
    let Connection { page_info, edges } = answer.data()?.paginated_users;
    let mut tally = Tally::default();
    tally.page();
    for edge in &edges {
        tally.row(reference(&edge.node));
    }
    Ok(Page {
        tally,
        next: page_info.end_cursor.filter(|_| page_info.has_next_page),
    })
}

/// Reads the bytes and decodes nothing.
pub(super) struct Bytes(Http);

impl Bytes {
    pub(super) fn new(server: &Address) -> Result<Self> {
        Http::new(server).map(Self)
    }
}

impl Peer for Bytes {
    async fn page(&self, variables: Variables<'_>) -> Result<Page> {
        let body = self.0.users(variables).await?.bytes().await?;
        let mut tally = Tally::default();
        tally.page();
        Ok(Page {
            tally,
            next: find_next(&body)?,
        })
    }

    async fn one(&self) -> Result<()> {
        let body = self.0.one().await?.bytes().await?;
        ensure!(!body.is_empty(), "an empty answer");
        Ok(())
    }
}

/// `serde_json` into structs of their own, by `Response::json`.
pub(super) struct Owned(Http);

impl Owned {
    pub(super) fn new(server: &Address) -> Result<Self> {
        Http::new(server).map(Self)
    }
}

impl Peer for Owned {
    async fn page(&self, variables: Variables<'_>) -> Result<Page> {
        let answer: Answer<Users<OwnedUser>> = self.0.users(variables).await?.json().await?;
        page(answer, |user| user.r#ref.as_deref())
    }

    async fn one(&self) -> Result<()> {
        let answer: Answer<OneUser> = self.0.one().await?.json().await?;
        answer.data()?.user.context("nobody").map(drop)
    }

    async fn upsert(&self, row: usize) -> Result<()> {
        let known = known(row);
        let variables = Row {
            r#ref: known.reference,
            name: known.name,
            email: known.email,
        };
        let query = UPSERT;
        let sent = self.0.post(&Request { query, variables }).await?;
        let answer: Answer<Upserted> = sent.json().await?;
        ensure!(answer.data()?.update_or_create_user.created, "not created");
        Ok(())
    }
}

/// `serde_json` into structs that point into the answer.
pub(super) struct Borrowed(Http);

impl Borrowed {
    pub(super) fn new(server: &Address) -> Result<Self> {
        Http::new(server).map(Self)
    }
}

impl Peer for Borrowed {
    async fn page(&self, variables: Variables<'_>) -> Result<Page> {
        let body = self.0.users(variables).await?.bytes().await?;
        let answer: Answer<Users<BorrowedUser<'_>>> = serde_json::from_slice(&body)?;
        page(answer, |user| user.r#ref.as_deref())
    }

    async fn one(&self) -> Result<()> {
        let body = self.0.one().await?.bytes().await?;
        let answer: Answer<OneUser> = serde_json::from_slice(&body)?;
        answer.data()?.user.context("nobody").map(drop)
    }
}
