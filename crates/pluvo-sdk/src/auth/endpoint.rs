//! Client credentials: asking `/oauth/token/` for a token.

use super::AccessToken;
use crate::error::{Error, ErrorKind, Result};
use crate::retry::{self, RetryPolicy};
use crate::secret::Secret;
use crate::time::Clock;
use crate::transport::{FailureKind, Request, Response, Timeouts, Transport};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

#[derive(Debug)]
pub(crate) struct TokenEndpoint {
    pub url: Url,
    pub client_id: String,
    pub client_secret: Secret,
    pub scopes: Vec<String>,
    pub transport: Arc<dyn Transport>,
    pub clock: Arc<dyn Clock>,
    pub retry: RetryPolicy,
    pub timeouts: Timeouts,
}

/// An answer of the token endpoint is small; more than this is something else.
const MAX_BODY: usize = 1 << 20;

/// What Pluvo's documentation shows, read as leniently as it can be.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    access_token: Option<String>,
    #[serde(default)]
    token_type: Option<String>,
    #[serde(default)]
    expires_in: Value,
    #[serde(default)]
    scope: Value,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
}

impl TokenEndpoint {
    /// Asks for a token, again and again where that can help.
    pub(crate) async fn fetch(&self) -> Result<AccessToken> {
        let started = self.clock.now();
        let mut attempts = 0;
        loop {
            attempts += 1;
            let (error, asked) = match self.attempt().await {
                Ok(token) => return Ok(token),
                Err(error) => {
                    let asked = error.retry_after();
                    (error.with_attempts(attempts), asked)
                }
            };
            let delay = asked.unwrap_or_else(|| self.retry.delay(attempts));
            let elapsed = self.clock.now().saturating_duration_since(started);
            if !error.is_retryable()
                || attempts >= self.retry.max_attempts
                || delay > self.retry.max_retry_after
                || elapsed + delay > self.retry.total
            {
                return Err(error);
            }
            self.clock.sleep(delay).await;
        }
    }

    async fn attempt(&self) -> Result<AccessToken> {
        let sent = self.transport.send(self.request()?).await;
        let response = sent.map_err(|failure| {
            let kind = match failure.kind() {
                FailureKind::Config => ErrorKind::Config,
                FailureKind::NotSent => ErrorKind::Connect,
                _ => ErrorKind::Auth,
            };
            let error = Error::new(kind, format!("no token: {failure}")).with_source(failure);
            if kind == ErrorKind::Config {
                error
            } else {
                error.retryable()
            }
        })?;
        if response.status == 200 {
            self.read(&response)
        } else {
            Err(self.refused(&response))
        }
    }

    fn request(&self) -> Result<Request> {
        let scope = self.scopes.join(" ");
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", &self.client_id),
            ("client_secret", self.client_secret.expose()),
        ];
        if !scope.is_empty() {
            form.push(("scope", &scope));
        }
        let body = serde_urlencoded::to_string(form)
            .map_err(|_| Error::new(ErrorKind::Internal, "the token request cannot be encoded"))?;
        Ok(Request {
            url: self.url.clone(),
            content_type: "application/x-www-form-urlencoded".into(),
            accept: "application/json",
            bearer: None,
            body: Bytes::from(body),
            rest: None,
            timeouts: self.timeouts,
            max_body: MAX_BODY,
        })
    }

    fn read(&self, response: &Response) -> Result<AccessToken> {
        // The decoder's own complaint may repeat the body, so it is not kept.
        let answer: Answer = serde_json::from_slice(&response.body).map_err(|_| {
            self.error(
                response,
                "the token endpoint's answer is not the JSON of RFC 6749; is the organisation's name right?",
            )
        })?;
        let token = answer
            .access_token
            .filter(|token| !token.is_empty())
            .ok_or_else(|| self.error(response, "the token endpoint's answer holds no access_token"))?;
        if answer
            .token_type
            .is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer"))
        {
            return Err(self.error(response, "the token endpoint's answer is not a bearer token"));
        }
        let scopes = match &answer.scope {
            Value::String(text) => Some(text.split_whitespace().map(str::to_owned).collect()),
            Value::Array(list) => Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
            // RFC 6749, section 5.1: left out where it is what was asked for.
            _ if self.scopes.is_empty() => None,
            _ => Some(self.scopes.clone()),
        };
        Ok(AccessToken {
            secret: Secret::new(token),
            expires_in: lifetime(&answer.expires_in),
            scopes,
        })
    }

    fn refused(&self, response: &Response) -> Error {
        let status = response.status;
        if (300..400).contains(&status) {
            return crate::client::redirected(response, &self.url).with_status(status);
        }
        if status == 429 || status == 408 || status == 425 || status >= 500 {
            let after = response
                .header("retry-after")
                .and_then(|value| retry::retry_after(value, self.clock.wall()));
            let kind = if status == 429 {
                ErrorKind::RateLimited
            } else {
                ErrorKind::Auth
            };
            return self
                .error(response, "the token endpoint has no token at present")
                .with_kind(kind)
                .with_retry_after(after)
                .retryable();
        }
        let code = serde_json::from_slice::<Refusal>(&response.body)
            .map(|refusal| refusal.error)
            .unwrap_or_default();
        let advice = match code.as_str() {
            "invalid_client" => {
                "invalid_client: the client id or the secret is not accepted; check both, and that they belong to this organisation"
            }
            "invalid_scope" => {
                "invalid_scope: a scope that was asked for does not exist or is not allowed to this client"
            }
            "unauthorized_client" => "unauthorized_client: this client may not use client credentials",
            "unsupported_grant_type" => {
                "unsupported_grant_type: the server does not offer client credentials"
            }
            "invalid_request" => "invalid_request: the server cannot read the token request",
            "invalid_grant" => "invalid_grant: the server refuses the credentials",
            "access_denied" => "access_denied: the server refuses the credentials",
            _ if status == 404 || status == 405 => {
                "there is no token endpoint here; is the organisation's name right?"
            }
            _ => "the token endpoint refuses without a reason that it names",
        };
        self.error(response, advice)
    }

    fn error(&self, response: &Response, what: &'static str) -> Error {
        Error::new(ErrorKind::Auth, format!("no token from {}: {what}", self.url))
            .with_status(response.status)
            .with_request_id(response.request_id())
    }
}

/// A lifetime in seconds as a number, a float or a string. None, nothing and less than nothing all mean that it is
/// not known: the token is then used until it is refused.
fn lifetime(value: &Value) -> Option<Duration> {
    let seconds = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    if seconds > 0.0 {
        Duration::try_from_secs_f64(seconds).ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lifetimes_in_every_form() {
        for (value, expected) in [
            (json!(86400), Some(86400.0)),
            (json!(86400.5), Some(86400.5)),
            (json!("86400"), Some(86400.0)),
            (json!(0), None),
            (json!(-5), None),
            (json!("soon"), None),
            (json!(1e300), None),
            (Value::Null, None),
            (json!([]), None),
        ] {
            assert_eq!(lifetime(&value), expected.map(Duration::from_secs_f64), "{value}");
        }
    }
}
