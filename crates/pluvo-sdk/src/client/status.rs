//! What an answer's status means.

use super::Core;
use crate::auth::Token;
use crate::error::{Error, ErrorKind};
use crate::redact;
use crate::response::{GraphqlError, Verdict, decode, verdict};
use crate::retry::{self, Stage};
use crate::transport::Response;
use url::Url;

/// How an attempt ended.
#[derive(Debug)]
pub(super) enum Outcome {
    /// With a GraphQL answer, errors in it included.
    Answered(Vec<GraphqlError>),
    /// The token is not accepted.
    Unauthorized(Error),
    /// 429, by status or by code.
    RateLimited(Error),
    /// It may be repeated, as far as its operation allows.
    Failed(Error, Stage),
    /// Repeating it changes nothing.
    Final(Error),
}

impl Core {
    /// Reads status, headers and as much of the body as is needed to know what to do next.
    pub(super) fn judge(&self, response: &Response, token: &Token, scopes: &[&str]) -> Outcome {
        let status = response.status;
        let outcome = match status {
            200..=299 => self.judge_body(response, token, scopes),
            300..=399 => Outcome::Final(redirected(response, self.endpoint.graphql())),
            _ => self.judge_refusal(response, token, scopes),
        };
        outcome.map(|error| error.with_status(status).with_request_id(response.request_id()))
    }

    fn judge_body(&self, response: &Response, token: &Token, scopes: &[&str]) -> Outcome {
        if !decode::may_hold_errors(&response.body) {
            return Outcome::Answered(Vec::new());
        }
        match decode::errors(&response.body) {
            Err(error) => Outcome::Final(error),
            Ok(errors) if errors.is_empty() => Outcome::Answered(errors),
            Ok(errors) => match verdict(&errors) {
                Verdict::Auth => Outcome::Unauthorized(unauthorized().with_graphql(errors)),
                Verdict::RateLimited => {
                    Outcome::RateLimited(self.rate_limited(response).with_graphql(errors))
                }
                Verdict::Permission => Outcome::Final(permission(token, scopes).with_graphql(errors)),
                _ => Outcome::Answered(errors),
            },
        }
    }

    fn judge_refusal(&self, response: &Response, token: &Token, scopes: &[&str]) -> Outcome {
        let status = response.status;
        let errors = decode::errors(&response.body).unwrap_or_default();
        let url = self.endpoint.graphql();
        match status {
            401 => Outcome::Unauthorized(unauthorized().with_graphql(errors)),
            403 => Outcome::Final(permission(token, scopes).with_graphql(errors)),
            429 => Outcome::RateLimited(self.rate_limited(response).with_graphql(errors)),
            408 | 425 | 500 | 502 | 503 | 504 => {
                let after = self.asked_wait(response);
                let error = Error::new(ErrorKind::Server, "Pluvo answered with a server error").retryable();
                Outcome::Failed(error.with_graphql(errors).with_retry_after(after), Stage::Unknown)
            }
            407 => Outcome::Final(Error::new(
                ErrorKind::Connect,
                "the proxy wants a user name and password; put them into the proxy's URL",
            )),
            // Django's GraphQL stack answers a wrong document with 400 and a GraphQL body.
            _ if !errors.is_empty() => match verdict(&errors) {
                Verdict::Auth => Outcome::Unauthorized(unauthorized().with_graphql(errors)),
                _ => Outcome::Answered(errors),
            },
            404 | 405 | 415 => Outcome::Final(Error::config(format!(
                "there is no GraphQL endpoint at {url}; is the organisation's name right?"
            ))),
            409 => Outcome::Final(Error::new(ErrorKind::Conflict, "it collides with what is there")),
            500..=599 => Outcome::Final(Error::new(
                ErrorKind::Server,
                "Pluvo cannot carry out the request",
            )),
            _ => {
                let excerpt = redact::excerpt(&response.body);
                Outcome::Final(Error::invalid(format!("Pluvo refuses the request: {excerpt}")))
            }
        }
    }

    fn rate_limited(&self, response: &Response) -> Error {
        Error::new(ErrorKind::RateLimited, "Pluvo asks for fewer requests")
            .with_retry_after(self.asked_wait(response))
            .retryable()
    }

    fn asked_wait(&self, response: &Response) -> Option<std::time::Duration> {
        response
            .header("retry-after")
            .and_then(|value| retry::retry_after(value, self.clock.wall()))
    }
}

impl Outcome {
    fn map(self, f: impl FnOnce(Error) -> Error) -> Self {
        match self {
            Self::Answered(errors) => Self::Answered(errors),
            Self::Unauthorized(error) => Self::Unauthorized(f(error)),
            Self::RateLimited(error) => Self::RateLimited(f(error)),
            Self::Failed(error, stage) => Self::Failed(f(error), stage),
            Self::Final(error) => Self::Final(f(error)),
        }
    }
}

fn unauthorized() -> Error {
    Error::new(ErrorKind::Auth, "Pluvo does not accept the token")
}

/// Names what is missing, where the token's scopes are known, and what is needed, where they are not.
fn permission(token: &Token, scopes: &[&str]) -> Error {
    let missing: Vec<_> = match &token.scopes {
        Some(granted) => scopes
            .iter()
            .filter(|scope| !granted.iter().any(|have| have == *scope))
            .copied()
            .collect(),
        None => Vec::new(),
    };
    let message = if !missing.is_empty() {
        format!(
            "the token lacks the scope {}; ask for it, and have Pluvo allow it to this client",
            missing.join(" ")
        )
    } else if scopes.is_empty() {
        "the token may not do this; which scope it needs is not documented".to_owned()
    } else {
        format!(
            "the token may not do this; it takes the scope {}",
            scopes.join(" ")
        )
    };
    Error::new(ErrorKind::Permission, message)
}

/// A redirect is never followed: most HTTP stacks turn a redirected POST into a GET, or send the token elsewhere.
pub(crate) fn redirected(response: &Response, url: &Url) -> Error {
    let target = response
        .header("location")
        .and_then(|location| url.join(location).ok());
    let advice = match target.as_ref() {
        None => "it does not say where to".to_owned(),
        Some(target) => match target.host_str() {
            Some(host) if Some(host) != url.host_str() => {
                format!("to {host}; if the organisation lives there now, use that as its address")
            }
            _ => "on the same host; the path or the scheme of the organisation's address is not right"
                .to_owned(),
        },
    };
    Error::config(format!("{url} redirects and nothing was sent on: {advice}"))
}
