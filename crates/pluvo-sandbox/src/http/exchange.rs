//! One request and its answer: log, fault, latency, and whichever endpoint it is for.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, header};
use axum::response::Response;
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use tower::ServiceExt;

use super::graphql::{Asked, typed};
use super::wire::Line;
use super::{Answer, negotiate};
use crate::control;
use crate::fault::{self, Effect, Encoding, Facts, Fault, Target};
use crate::log::{Authorization, LogEntry};
use crate::settings::{Rules, Settings};
use crate::state::Inner;
use crate::token::{self, Issuer};

/// The path of the GraphQL endpoint.
pub(crate) const GRAPHQL_PATH: &str = "/graphql/";
/// The path of the token endpoint.
pub(crate) const TOKEN_PATH: &str = "/oauth/token/";
/// Where the control API starts.
pub(crate) const CONTROL_PATH: &str = "/__sandbox/";

/// The most that a request may hold.
const REQUEST_LIMIT: usize = 64 << 20;

/// Answers one request.
pub(crate) async fn serve(
    inner: Arc<Inner>,
    line: Arc<Line>,
    request: Request<Incoming>,
) -> Result<Response, fault::Refusal> {
    line.pace(None);
    let path = request.uri().path();
    if path.starts_with(CONTROL_PATH) {
        return match control::router(inner).oneshot(request.map(Body::new)).await {
            Ok(response) => Ok(response),
            Err(never) => match never {},
        };
    }
    let target = match path {
        GRAPHQL_PATH => Target::Graphql,
        TOKEN_PATH => Target::Token,
        _ => return Ok(elsewhere(&inner, &line, &request).into_response()),
    };
    endpoint(&inner, &line, target, request).await
}

/// Paths without a trailing slash lead on, others nowhere.
fn elsewhere(inner: &Arc<Inner>, line: &Line, request: &Request<Incoming>) -> Answer {
    let path = request.uri().path();
    let with_slash = format!("{path}/");
    let answer = match with_slash.as_str() {
        GRAPHQL_PATH | TOKEN_PATH => {
            let query = request
                .uri()
                .query()
                .map(|query| format!("?{query}"))
                .unwrap_or_default();
            Answer::new(301, "text/html", "").with("location", &format!("{with_slash}{query}"))
        }
        _ => Answer::new(404, "text/html; charset=utf-8", "<h1>Not Found</h1>"),
    };
    let mut entry = entry(inner, line, request);
    entry.status = Some(answer.status.as_u16());
    entry.response_bytes = Some(answer.body.len() as u64);
    inner.log.add(entry, inner.settings().log_capacity);
    answer
}

async fn endpoint(
    inner: &Arc<Inner>,
    line: &Arc<Line>,
    target: Target,
    request: Request<Incoming>,
) -> Result<Response, fault::Refusal> {
    let (_guard, in_flight) = inner.enter();
    let settings = inner.settings();
    let mut entry = LogEntry {
        in_flight,
        ..entry(inner, line, &request)
    };
    let (head, body) = request.into_parts();
    let body = match Limited::new(body, REQUEST_LIMIT).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => {
            inner.log.add(entry, settings.log_capacity);
            return Ok(Answer::new(413, "text/plain", error.to_string()).into_response());
        }
    };
    entry.request_bytes = body.len() as u64;
    let mut exchange = Exchange {
        inner,
        settings,
        method: head.method,
        headers: head.headers,
        body,
    };
    let (seq, effect, answer) = match target {
        Target::Token => exchange.token(entry).await,
        _ => exchange.graphql(entry, head.uri.query()).await,
    };
    inner.log.edit(seq, |entry| {
        let sent = !matches!(
            effect,
            Effect::RefusedStream
                | Effect::Connection {
                    at: fault::At::Point(fault::Point::Start),
                    ..
                }
        );
        entry.status = sent.then(|| answer.status.as_u16());
        entry.response_bytes = sent.then_some(answer.body.len() as u64);
    });
    if let Effect::Data { insert, remove, at } = effect {
        inner.edit(|store| {
            store.insert_users(insert, at);
            store.remove_users(remove, at);
        });
    }
    fault::deliver(&effect, answer, line).await
}

/// What the log says of a request before its body is read.
fn entry(inner: &Inner, line: &Line, request: &Request<Incoming>) -> LogEntry {
    let mut headers = BTreeMap::new();
    let mut authorization = None;
    for (name, value) in request.headers() {
        let mut text = String::from_utf8_lossy(value.as_bytes()).into_owned();
        if name == header::AUTHORIZATION {
            let said = authorization_of(inner, &text);
            text = match said.token {
                Some(token) => format!("{} [token {token}]", said.scheme),
                None => format!("{} [redacted]", said.scheme),
            };
            authorization = Some(said);
        } else if name == header::PROXY_AUTHORIZATION || name == header::COOKIE {
            "[redacted]".clone_into(&mut text);
        }
        headers.insert(name.to_string(), text);
    }
    LogEntry {
        at_ms: inner.now_ms(),
        connection: line.number,
        in_flight: 1,
        version: format!("{:?}", request.version()),
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        headers,
        authorization,
        ..LogEntry::default()
    }
}

fn authorization_of(inner: &Inner, value: &str) -> Authorization {
    match value.split_once(' ') {
        Some((scheme, secret)) => Authorization {
            scheme: scheme.to_owned(),
            token: inner.tokens.number(secret.trim()),
        },
        // A header that is nothing but a secret must not be taken for a scheme.
        None => Authorization {
            scheme: String::new(),
            token: None,
        },
    }
}

struct Exchange<'a> {
    inner: &'a Arc<Inner>,
    settings: Arc<Settings>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
}

impl Exchange<'_> {
    /// Counts the request for the faults, logs it, and waits as long as it takes.
    async fn begin(&self, mut entry: LogEntry, facts: &Facts<'_>) -> (u64, Effect) {
        // Delays count from here: who sees the request in the log may advance a held clock at once.
        let arrived = self.inner.clock.elapsed();
        let Fault { effect, delay, .. } = match self.inner.faults.take(facts) {
            Some(fault) => {
                entry.fault = Some(fault.label());
                fault
            }
            None => Fault::default(),
        };
        let seq = self.inner.log.add(entry, self.settings.log_capacity);
        let wait = self.settings.latency + delay;
        self.inner.clock.sleep_until(arrived + wait).await;
        if effect == Effect::ExpireTokens {
            self.inner.tokens.expire();
        }
        (seq, effect)
    }

    async fn token(&mut self, mut entry: LogEntry) -> (u64, Effect, Answer) {
        let form = negotiate::is(&self.headers, "application/x-www-form-urlencoded");
        let form = form
            .then(|| serde_urlencoded::from_bytes::<BTreeMap<String, String>>(&self.body).ok())
            .flatten();
        entry.form = form.clone().map(|mut form| {
            form.entry("client_secret".to_owned())
                .and_modify(|secret| "[redacted]".clone_into(secret));
            form
        });
        let facts = Facts::new(Target::Token);
        let (seq, effect) = self.begin(entry, &facts).await;
        let answer = fault::before(&effect, &facts).unwrap_or_else(|| self.grant(form.as_ref(), &effect));
        let answer = fault::after(&effect, &facts, answer);
        (seq, effect, answer)
    }

    fn grant(&self, form: Option<&BTreeMap<String, String>>, effect: &Effect) -> Answer {
        if self.method != Method::POST {
            return Answer::new(405, "text/plain", "Method Not Allowed").with("allow", "POST");
        }
        let Some(form) = form else {
            let body = serde_json::json!({
                "error": "invalid_request",
                "error_description": "Send a form (application/x-www-form-urlencoded).",
            });
            return Answer::json(400, &body).with("cache-control", "no-store");
        };
        let grant = match effect {
            Effect::Grant { scopes } => Some(scopes.as_slice()),
            _ => self.settings.grant.as_deref(),
        };
        let issuer = Issuer {
            clients: &self.inner.clients(),
            tokens: &self.inner.tokens,
            grant,
            lifetime: self.settings.token_lifetime,
            now: self.inner.clock.elapsed(),
        };
        token::answer(form, &issuer)
    }

    async fn graphql(&mut self, mut entry: LogEntry, uri_query: Option<&str>) -> (u64, Effect, Answer) {
        let asked = Asked::read(
            &self.inner.documents,
            &self.method,
            uri_query,
            &self.headers,
            &self.body,
        )
        .await;
        entry.operation.clone_from(&asked.operation);
        entry.query.clone_from(&asked.query);
        entry.variables = Some(asked.variables.clone()).filter(|variables| !variables.is_null());
        let (query, operation) = (asked.query.clone(), asked.operation.clone());
        let (document, variables) = (asked.document.clone(), asked.variables.clone());
        let facts = Facts::graphql(
            query.as_deref(),
            operation.as_deref(),
            document.as_deref(),
            &variables,
        );
        let (seq, effect) = self.begin(entry, &facts).await;
        let answer = match fault::before(&effect, &facts) {
            Some(answer) => answer,
            None => self.execute(asked, &effect).await,
        };
        let mut answer = fault::after(&effect, &facts, answer);
        if self.settings.compress && !answer.headers.contains_key(header::CONTENT_ENCODING) {
            let encodings = [("gzip", Encoding::Gzip), ("br", Encoding::Br)];
            if let Some((_, with)) = encodings
                .into_iter()
                .find(|(name, _)| negotiate::takes(&self.headers, name))
            {
                answer = fault::encode(answer, with);
            }
        }
        (seq, effect, answer)
    }

    async fn execute(&self, asked: Asked, effect: &Effect) -> Answer {
        let now = self.inner.clock.elapsed();
        let secret = self
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let secret = secret.and_then(|value| value.split_once(' '));
        let secret = secret
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, secret)| secret.trim());
        let token = secret.and_then(|secret| self.inner.tokens.valid(secret, now));
        if token.is_none() && !self.settings.anonymous {
            return Answer::unauthorized();
        }
        if let Some(limit) = self.settings.rate_limit {
            let client = token.as_ref().map_or("", |token| token.client.as_str());
            if let Err(wait) = self.inner.limiter.take(client, limit, now) {
                return self.too_many(wait);
            }
        }
        let mut rules = Rules::from(&*self.settings);
        if let Effect::PageLimit { rows } = effect {
            rules.page_limit = Some(*rows);
        }
        self.inner.settle();
        let answer = asked
            .answer(self.inner, rules, &self.method, token.as_ref())
            .await;
        typed(answer, &self.headers, self.settings.invalid_document_status)
    }

    fn too_many(&self, wait: Duration) -> Answer {
        let seconds = wait.as_secs_f64();
        let text = if self.settings.retry_after_fraction {
            format!("{seconds:.3}")
        } else {
            format!("{:.0}", seconds.ceil())
        };
        Answer::error(429, "RATE_LIMITED", "Too many requests of this API client.").with("retry-after", &text)
    }
}
