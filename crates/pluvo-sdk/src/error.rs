//! The one error type, and what can be asked of it.

use crate::response::GraphqlError;
use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The result of everything that can fail here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of failure an [`Error`] is. [`ErrorKind::code`] is the same word in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client was set up wrongly: an unusable organisation, URL, setting or environment.
    Config,
    /// No token could be had, or Pluvo does not accept it.
    Auth,
    /// The token is accepted but may not do this: a scope or a role is missing.
    Permission,
    /// What was addressed does not exist.
    NotFound,
    /// The request is wrong: a malformed document, a missing variable, a refused argument.
    Invalid,
    /// It collides with what is there.
    Conflict,
    /// Pluvo asks for fewer requests. [`Error::retry_after`] says how long to wait, where it was told.
    RateLimited,
    /// It took too long.
    Timeout,
    /// No connection: name, network, proxy or certificate.
    Connect,
    /// Pluvo answered with a server error.
    Server,
    /// A write was sent and nobody can say whether it was carried out. It is never repeated by itself.
    Indeterminate,
    /// Pluvo answered with GraphQL errors of no more special kind.
    Graphql,
    /// The answer could not be read.
    Decode,
    /// A list could not be read to its end without doubt.
    Pagination,
    /// A webhook could not be verified.
    Webhook,
    /// The caller cancelled it.
    Cancelled,
    /// A fault of the SDK itself.
    Internal,
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: [Self; 17] = [
        Self::Config,
        Self::Auth,
        Self::Permission,
        Self::NotFound,
        Self::Invalid,
        Self::Conflict,
        Self::RateLimited,
        Self::Timeout,
        Self::Connect,
        Self::Server,
        Self::Indeterminate,
        Self::Graphql,
        Self::Decode,
        Self::Pagination,
        Self::Webhook,
        Self::Cancelled,
        Self::Internal,
    ];

    /// The kind's name, the same in every language.
    ///
    /// ```
    /// assert_eq!(pluvo_sdk::ErrorKind::RateLimited.code(), "rate_limited");
    /// ```
    pub const fn code(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Auth => "auth",
            Self::Permission => "permission",
            Self::NotFound => "not_found",
            Self::Invalid => "invalid",
            Self::Conflict => "conflict",
            Self::RateLimited => "rate_limited",
            Self::Timeout => "timeout",
            Self::Connect => "connect",
            Self::Server => "server",
            Self::Indeterminate => "indeterminate",
            Self::Graphql => "graphql",
            Self::Decode => "decode",
            Self::Pagination => "pagination",
            Self::Webhook => "webhook",
            Self::Cancelled => "cancelled",
            Self::Internal => "internal",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What went wrong, with what, and what can be done.
///
/// Cheap to clone, since everybody who waited for one token gets the same failure. Its text holds no token,
/// secret, variable or e-mail address; [`Error::graphql`] has the server's own words.
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    operation: Option<Cow<'static, str>>,
    status: Option<u16>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    attempts: u32,
    graphql: Vec<GraphqlError>,
    retryable: bool,
    /// Whether an attempt was lost of which nobody knows whether it was carried out.
    lost: bool,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of a kind. For implementations of this crate's traits, such as a token provider.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Arc::new(Inner {
            kind,
            message: message.into(),
            operation: None,
            status: None,
            request_id: None,
            retry_after: None,
            attempts: 0,
            graphql: Vec::new(),
            retryable: false,
            lost: false,
            source: None,
        }))
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What happened, without operation, status and attempts.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The operation that failed, e.g. `Users`.
    pub fn operation(&self) -> Option<&str> {
        self.0.operation.as_deref()
    }

    /// The HTTP status of the last attempt.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The server's id of the last attempt, where it sent one.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long the server asked to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How many attempts were made; 0 where nothing was sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The GraphQL errors of the last answer, in the server's own words.
    pub fn graphql(&self) -> &[GraphqlError] {
        &self.0.graphql
    }

    /// Whether the same call may succeed later without any change.
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// Whether a write may or may not have been carried out.
    pub fn is_indeterminate(&self) -> bool {
        self.0.kind == ErrorKind::Indeterminate
    }

    /// Whether every other request of this client would meet it too, whatever it says.
    pub(crate) fn is_hopeless(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::Auth | ErrorKind::Permission | ErrorKind::Config
        )
    }

    /// Whether an attempt was lost: a write may have been carried out, although repeating it does no harm.
    pub(crate) fn is_lost(&self) -> bool {
        self.0.lost
    }

    fn edit(mut self, f: impl FnOnce(&mut Inner)) -> Self {
        f(Arc::make_mut(&mut self.0));
        self
    }

    pub(crate) fn with_kind(self, kind: ErrorKind) -> Self {
        self.edit(|inner| inner.kind = kind)
    }

    pub(crate) fn with_operation(self, operation: impl Into<Cow<'static, str>>) -> Self {
        self.edit(|inner| inner.operation = Some(operation.into()))
    }

    pub(crate) fn with_status(self, status: u16) -> Self {
        self.edit(|inner| inner.status = Some(status))
    }

    pub(crate) fn with_request_id(self, id: Option<String>) -> Self {
        self.edit(|inner| inner.request_id = id)
    }

    pub(crate) fn with_retry_after(self, after: Option<Duration>) -> Self {
        self.edit(|inner| inner.retry_after = after)
    }

    pub(crate) fn with_attempts(self, attempts: u32) -> Self {
        self.edit(|inner| inner.attempts = attempts)
    }

    pub(crate) fn with_graphql(self, errors: Vec<GraphqlError>) -> Self {
        self.edit(|inner| inner.graphql = errors)
    }

    pub(crate) fn retryable(self) -> Self {
        self.edit(|inner| inner.retryable = true)
    }

    pub(crate) fn lost(self) -> Self {
        self.edit(|inner| inner.lost = true)
    }

    pub(crate) fn with_message(self, message: impl Into<Cow<'static, str>>) -> Self {
        self.edit(|inner| inner.message = message.into())
    }

    /// Turns a failure whose outcome nobody knows into [`ErrorKind::Indeterminate`], with that failure as its cause.
    pub(crate) fn into_indeterminate(self) -> Self {
        self.unknown("look before you send it again")
            .edit(|inner| inner.retryable = false)
    }

    /// The same of a write that does no harm when it is made again.
    pub(crate) fn into_repeatable_indeterminate(self) -> Self {
        self.unknown("to send it again does no harm")
    }

    fn unknown(self, advice: &str) -> Self {
        let cause = self.clone();
        self.edit(|inner| {
            inner.message = format!(
                "it was sent, but whether it was carried out is not known ({}); {advice}",
                inner.message
            )
            .into();
            inner.kind = ErrorKind::Indeterminate;
            inner.source = Some(Arc::new(cause));
        })
    }

    /// Adds the cause. It is reachable through [`std::error::Error::source`] and printed by `{:?}`.
    #[must_use]
    pub fn with_source(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let source: Arc<dyn StdError + Send + Sync> = Arc::from(source.into());
        self.edit(|inner| inner.source = Some(source))
    }

    pub(crate) fn config(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Config, message)
    }

    pub(crate) fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Invalid, message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(operation) = &inner.operation {
            write!(f, "{operation}: ")?;
        }
        f.write_str(&inner.message)?;
        let mut facts = Vec::new();
        facts.extend(inner.status.map(|status| format!("HTTP {status}")));
        facts.extend(
            inner
                .retry_after
                .map(|after| format!("retry after {:.1} s", after.as_secs_f64())),
        );
        if inner.attempts > 1 {
            facts.push(format!("{} attempts", inner.attempts));
        }
        facts.extend(inner.request_id.as_ref().map(|id| format!("request {id}")));
        if facts.is_empty() {
            Ok(())
        } else {
            write!(f, " ({})", facts.join(", "))
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {self}", self.0.kind)?;
        let mut source = self.source();
        while let Some(cause) = source {
            write!(f, "\n  caused by: {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_cover_every_kind() {
        let codes: std::collections::BTreeSet<_> = ErrorKind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), ErrorKind::ALL.len());
    }

    #[test]
    fn text_says_what_with_what_and_how_often() {
        let error = Error::new(ErrorKind::Server, "Pluvo answered with a server error")
            .with_operation("Users")
            .with_status(503)
            .with_attempts(5)
            .with_request_id(Some("r-1".into()));
        assert_eq!(
            error.to_string(),
            "Users: Pluvo answered with a server error (HTTP 503, 5 attempts, request r-1)"
        );
    }

    #[test]
    fn indeterminate_keeps_its_cause() {
        let error = Error::new(ErrorKind::Timeout, "no answer within 30 s")
            .retryable()
            .into_indeterminate();
        assert!(error.is_indeterminate() && !error.is_retryable());
        assert!(format!("{error:?}").contains("caused by: no answer within 30 s"));
    }
}
