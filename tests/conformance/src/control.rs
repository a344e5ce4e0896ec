//! The sandbox as a runner in any language has it: by its control API, and by plain GraphQL without the SDK.

use std::collections::BTreeMap;

use pluvo_sandbox::{LogEntry, PlannedFault};
use reqwest::{Client, Method};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// What went wrong, in words.
pub type Result<T> = std::result::Result<T, String>;

/// A sandbox's control API.
#[derive(Debug, Clone)]
pub struct Control {
    http: Client,
    url: String,
    /// Where the control API is, out of reach of faults.
    base: String,
}

impl Control {
    /// That of the sandbox at the first base URL, with its control API at the second.
    pub fn new(url: &str, control: &str) -> Result<Self> {
        // Fails where another scenario has set it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder().no_proxy().tls_danger_accept_invalid_certs(true);
        let http = builder.build().map_err(|error| error.to_string())?;
        let (url, base) = (url.to_owned(), control.to_owned());
        Ok(Self { http, url, base })
    }

    /// The sandbox's base URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Asks something and gives the JSON of the answer, null where it is empty.
    pub async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        let wrong = |error: &dyn std::fmt::Display| format!("{method} {path}: {error}");
        let method = Method::from_bytes(method.as_bytes()).map_err(|error| wrong(&error))?;
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(|error| wrong(&error))?;
        let status = response.status();
        let text = response.text().await.map_err(|error| wrong(&error))?;
        if !status.is_success() {
            return Err(wrong(&format!("{status}: {text}")));
        }
        if text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).map_err(|error| wrong(&error))
    }

    /// The requests that came in.
    pub async fn log(&self) -> Result<Vec<LogEntry>> {
        typed(self.send("GET", "/__sandbox/log", None).await?)
    }

    /// What the sandbox would have mailed.
    pub async fn outbox(&self) -> Result<Vec<pluvo_sandbox::Mail>> {
        typed(self.send("GET", "/__sandbox/outbox", None).await?)
    }

    /// The planned faults and their hits.
    pub async fn faults(&self) -> Result<Vec<PlannedFault>> {
        typed(self.send("GET", "/__sandbox/faults", None).await?["faults"].take())
    }

    /// A token of the sandbox, without its token endpoint.
    pub async fn token(&self) -> Result<String> {
        typed(self.send("POST", "/__sandbox/tokens", Some(&json!({}))).await?["access_token"].take())
    }

    /// Lets time pass on the sandbox's clock.
    pub async fn advance(&self, by: std::time::Duration) -> Result<()> {
        let body = json!({ "advance": format!("{}ms", by.as_millis()) });
        self.send("POST", "/__sandbox/clock", Some(&body)).await.map(drop)
    }

    /// All rows of a list as a plain client reads them: with the document of `truth.json`, page after page.
    pub async fn rows(&self, list: &str, args: &Map<String, Value>) -> Result<Vec<Value>> {
        let truth = truth()?
            .remove(list)
            .ok_or_else(|| format!("truth.json has nothing for {list}"))?;
        let token = self.token().await?;
        let (mut rows, mut after) = (Vec::new(), Value::Null);
        loop {
            let mut variables = Map::from_iter([("after".to_owned(), after)]);
            variables.extend(
                args.iter()
                    .filter(|(name, _)| ["id", "ref"].contains(&name.as_str()))
                    .map(own),
            );
            let body = json!({ "query": truth.query, "variables": variables });
            let request = self
                .http
                .post(format!("{}/graphql/", self.url))
                .bearer_auth(&token)
                .json(&body);
            let response = request.send().await.map_err(|error| error.to_string())?;
            let mut answer: Value = response.json().await.map_err(|error| error.to_string())?;
            let list = truth
                .path
                .iter()
                .fold(&mut answer["data"], |value, field| &mut value[field]);
            let Value::Array(edges) = list["edges"].take() else {
                return Err(format!("the plain reading got no list: {answer}"));
            };
            rows.extend(edges.into_iter().map(|mut edge| edge["node"].take()));
            if list["pageInfo"]["hasNextPage"] != json!(true) {
                return Ok(rows);
            }
            after = list["pageInfo"]["endCursor"].take();
        }
    }
}

fn own((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

fn typed<T: serde::de::DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}

/// Whether a call reads a list.
pub fn is_list(call: &str) -> bool {
    truth().is_ok_and(|truth| truth.contains_key(call))
}

/// How a list is read without the SDK.
#[derive(Debug, Deserialize)]
struct Truth {
    query: String,
    path: Vec<String>,
}

fn truth() -> Result<BTreeMap<String, Truth>> {
    serde_json::from_str(include_str!("../truth.json")).map_err(|error| error.to_string())
}
