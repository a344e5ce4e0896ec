//! One call: attempts, waits and renewals until there is an answer or an error.

use super::status::Outcome;
use super::{CallOptions, Core};
use crate::auth::Token;
use crate::error::{Error, ErrorKind, Result};
use crate::observe::{self, Attempt};
use crate::redact;
use crate::response::{GraphqlError, Meta, Verdict, verdict};
use crate::retry::{Again, RetryPolicy, Stage, again};
use crate::transport::{Failure, FailureKind, Request, Response};
use bytes::Bytes;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What nearly every body is.
pub(crate) const JSON: &str = "application/json";

/// What to send, and what may be done with it.
pub(crate) struct Exchange<'a> {
    pub operation: &'a str,
    pub repeatable: bool,
    pub scopes: &'a [&'a str],
    pub options: &'a CallOptions,
    /// The body's media type: [`JSON`], but for files.
    pub content_type: &'a str,
    /// The body for an attempt, told how often a gateway has given up on this call so far.
    pub body: &'a (dyn Fn(u32) -> Bytes + Send + Sync),
}

/// An answer of the GraphQL endpoint. Whether its errors matter is the caller's decision.
#[derive(Debug)]
pub(crate) struct Reply {
    pub body: Bytes,
    pub errors: Vec<GraphqlError>,
    pub meta: Meta,
    pub gateway_failures: u32,
    /// Texts among the variables, which the server's words may repeat; looked for only where there are errors.
    variables: Vec<String>,
}

/// How often a call was tried.
struct Tally {
    started: Instant,
    attempts: u32,
    renewed: bool,
    gateway_failures: u32,
    /// Whether an attempt broke off of which nobody knows whether it was carried out.
    lost: bool,
}

impl Tally {
    fn mark(&self, error: Error) -> Error {
        if self.lost { error.lost() } else { error }
    }
}

impl Core {
    pub(crate) async fn execute(&self, exchange: Exchange<'_>) -> Result<Reply> {
        self.attempts(&exchange).await.map_err(|error| {
            let variables = redact::variables(&(exchange.body)(0));
            let message = redact::without(error.message(), &variables);
            error
                .with_message(message)
                .with_operation(exchange.operation.to_owned())
        })
    }

    async fn attempts(&self, exchange: &Exchange<'_>) -> Result<Reply> {
        let policy = exchange.options.retry.as_ref().unwrap_or(&self.retry);
        let mut tally = Tally {
            started: self.clock.now(),
            attempts: 0,
            renewed: false,
            gateway_failures: 0,
            lost: false,
        };
        self.budget.request(&*self.clock);
        loop {
            let token = self.tokens.get().await.map_err(|error| tally.mark(error))?;
            let permit = self.limiter.acquire().await;
            let sent = permit.sent;
            tally.attempts += 1;
            let answer = self
                .transport
                .send(self.request(exchange, &token, tally.gateway_failures))
                .await;
            drop(permit);
            let (outcome, response) = match answer {
                Ok(response) => (self.judge(&response, &token, exchange.scopes), Some(response)),
                Err(failure) => (failed(failure), None),
            };
            let retry_in = match &outcome {
                Outcome::Answered(_) | Outcome::Final(_) => None,
                Outcome::Unauthorized(_) => self.renew(&token, &mut tally),
                Outcome::RateLimited(error) => {
                    let wait = self.wait(error, policy, &tally);
                    self.limiter.refused(sent, wait.unwrap_or_default());
                    wait
                }
                Outcome::Failed(error, stage) => self.wait_to_repeat(error, *stage, exchange, policy, &tally),
            };
            let rate_limited = matches!(outcome, Outcome::RateLimited(_));
            tally.lost |= matches!(outcome, Outcome::Failed(_, Stage::Unknown));
            if !rate_limited {
                self.limiter.answered();
            }
            self.tell(exchange, &tally, sent, response.as_ref(), &outcome, retry_in);
            let error = match (outcome, response) {
                (Outcome::Answered(errors), Some(response)) => {
                    return Ok(self.reply(response, errors, exchange, &tally));
                }
                (outcome, _) => outcome.into_error(exchange),
            };
            let Some(delay) = retry_in else {
                return Err(tally.mark(error.with_attempts(tally.attempts)));
            };
            // After a 429 the limiter holds everybody back, this call too.
            if !delay.is_zero() && !rate_limited {
                self.clock.sleep(delay).await;
            }
            // A gateway gives up on pages that take the server behind it too long.
            tally.gateway_failures += u32::from(matches!(error.status(), Some(502 | 504)));
        }
    }

    fn request(&self, exchange: &Exchange<'_>, token: &Token, gateway_failures: u32) -> Request {
        Request {
            url: self.endpoint.graphql().clone(),
            content_type: exchange.content_type.to_owned().into(),
            accept: "application/graphql-response+json, application/json;q=0.9",
            bearer: Some(token.secret.clone()),
            body: (exchange.body)(gateway_failures),
            rest: None,
            timeouts: exchange.options.timeouts.unwrap_or(self.timeouts),
            max_body: exchange.options.max_body.unwrap_or(self.max_body),
        }
    }

    /// After a 401: once, with another token. It does not count as a retry.
    fn renew(&self, token: &Arc<Token>, tally: &mut Tally) -> Option<Duration> {
        self.tokens.refused(token);
        if tally.renewed || !self.tokens.can_renew() {
            return None;
        }
        tally.renewed = true;
        tally.attempts -= 1;
        Some(Duration::ZERO)
    }

    /// The wait before the next attempt: what the server asks for, or a drawn one. None where there is to be none.
    fn wait(&self, error: &Error, policy: &RetryPolicy, tally: &Tally) -> Option<Duration> {
        let delay = error
            .retry_after()
            .unwrap_or_else(|| policy.delay(tally.attempts));
        let elapsed = self.clock.now().saturating_duration_since(tally.started);
        let allowed = tally.attempts < policy.max_attempts
            && delay <= policy.max_retry_after
            && elapsed + delay <= policy.total;
        allowed.then_some(delay)
    }

    fn wait_to_repeat(
        &self,
        error: &Error,
        stage: Stage,
        exchange: &Exchange<'_>,
        policy: &RetryPolicy,
        tally: &Tally,
    ) -> Option<Duration> {
        if again(stage, exchange.repeatable) == Again::Indeterminate {
            return None;
        }
        let delay = self.wait(error, policy, tally)?;
        self.budget.withdraw(&*self.clock).then_some(delay)
    }

    fn reply(
        &self,
        response: Response,
        errors: Vec<GraphqlError>,
        exchange: &Exchange<'_>,
        tally: &Tally,
    ) -> Reply {
        let meta = Meta {
            status: response.status,
            request_id: response.request_id(),
            attempts: tally.attempts,
            elapsed: self.clock.now().saturating_duration_since(tally.started),
            bytes: response.body.len(),
        };
        let variables = if errors.is_empty() {
            Vec::new()
        } else {
            redact::variables(&(exchange.body)(0))
        };
        Reply {
            body: response.body,
            errors,
            meta,
            gateway_failures: tally.gateway_failures,
            variables,
        }
    }

    fn tell(
        &self,
        exchange: &Exchange<'_>,
        tally: &Tally,
        sent: Instant,
        response: Option<&Response>,
        outcome: &Outcome,
        retry_in: Option<Duration>,
    ) {
        observe::attempt(self.hook.as_ref(), || Attempt {
            operation: exchange.operation.to_owned(),
            number: tally.attempts.max(1),
            status: response.map(|response| response.status),
            error: outcome.error().map(Error::kind),
            retry_in,
            elapsed: self.clock.now().saturating_duration_since(sent),
            request_id: response.and_then(Response::request_id),
            bytes: response.map_or(0, |response| response.body.len()),
        });
    }
}

fn failed(failure: Failure) -> Outcome {
    let stage = failure.kind();
    let of = |kind| Error::new(kind, failure.to_string()).with_source(failure);
    match stage {
        FailureKind::NotSent => Outcome::Failed(of(ErrorKind::Connect).retryable(), Stage::Refused),
        FailureKind::Broken => Outcome::Failed(of(ErrorKind::Connect).retryable(), Stage::Unknown),
        FailureKind::TimedOut => Outcome::Failed(of(ErrorKind::Timeout).retryable(), Stage::Unknown),
        FailureKind::TooLarge | FailureKind::Garbled => Outcome::Final(of(ErrorKind::Decode)),
        FailureKind::Config => Outcome::Final(of(ErrorKind::Config)),
    }
}

impl Outcome {
    fn error(&self) -> Option<&Error> {
        match self {
            Self::Answered(_) => None,
            Self::Unauthorized(error)
            | Self::RateLimited(error)
            | Self::Failed(error, _)
            | Self::Final(error) => Some(error),
        }
    }

    fn into_error(self, exchange: &Exchange<'_>) -> Error {
        match self {
            Self::Failed(error, stage) if again(stage, exchange.repeatable) == Again::Indeterminate => {
                error.into_indeterminate()
            }
            Self::Unauthorized(error)
            | Self::RateLimited(error)
            | Self::Failed(error, _)
            | Self::Final(error) => error,
            Self::Answered(errors) => Reply::error(&errors),
        }
    }
}

impl Reply {
    /// The error that an `errors` list amounts to.
    pub(crate) fn error(errors: &[GraphqlError]) -> Error {
        let kind = match verdict(errors) {
            Verdict::Auth => ErrorKind::Auth,
            Verdict::RateLimited => ErrorKind::RateLimited,
            Verdict::Permission => ErrorKind::Permission,
            Verdict::NotFound => ErrorKind::NotFound,
            Verdict::Conflict => ErrorKind::Conflict,
            Verdict::Invalid => ErrorKind::Invalid,
            Verdict::Server => ErrorKind::Server,
            Verdict::Other => ErrorKind::Graphql,
        };
        let first = errors
            .first()
            .map(|error| redact::emails(&error.message))
            .unwrap_or_default();
        let message = match errors.len() {
            0 | 1 => format!("Pluvo answers: {first}"),
            more => format!("Pluvo answers: {first} (and {} more)", more - 1),
        };
        Error::new(kind, message).with_graphql(errors.to_vec())
    }

    /// The error that this answer's errors amount to, with what is known of the request.
    pub(crate) fn into_error(self, operation: &str) -> Error {
        let error = Self::error(&self.errors);
        let message = redact::without(error.message(), &self.variables);
        self.attach(error.with_message(message), operation)
    }

    /// Adds what is known of the request to an error that was found in its answer.
    pub(crate) fn attach(&self, error: Error, operation: &str) -> Error {
        error
            .with_operation(operation.to_owned())
            .with_status(self.meta.status)
            .with_attempts(self.meta.attempts)
            .with_request_id(self.meta.request_id.clone())
    }
}
