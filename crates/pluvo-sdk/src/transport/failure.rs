//! Why an attempt brought no answer, and above all: whether the request can have arrived.

use super::trust::Refused;
use std::error::Error as StdError;
use std::fmt;

/// An attempt without a usable answer.
#[derive(Debug)]
pub struct Failure {
    kind: FailureKind,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// How far an attempt came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureKind {
    /// The request cannot have been acted upon: no name, no connection, no TLS, or the server refused the stream.
    NotSent,
    /// The line broke after the request, or part of it, was on its way.
    Broken,
    /// No answer in time, after sending.
    TimedOut,
    /// The answer is larger than allowed.
    TooLarge,
    /// The answer cannot be decompressed.
    Garbled,
    /// The transport was set up wrongly.
    Config,
}

impl Failure {
    /// A failure of a kind, for transports of one's own.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
        }
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// How far it came.
    pub fn kind(&self) -> FailureKind {
        self.kind
    }

    /// From reqwest's error. Of its URL the host alone is kept, since a URL may hold what nobody should read.
    pub(super) fn from_reqwest(error: reqwest::Error) -> Self {
        let peer = error.url().and_then(|url| {
            let host = url.host_str()?;
            Some(
                url.port()
                    .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
            )
        });
        let peer = peer.unwrap_or_else(|| "the server".to_owned());
        let error = error.without_url();
        let kind = if error.is_builder() {
            FailureKind::Config
        } else if error.is_connect() || refused_by_peer(&error) {
            FailureKind::NotSent
        } else if error.is_timeout() {
            FailureKind::TimedOut
        } else if error.is_decode() && !has_io(&error) {
            FailureKind::Garbled
        } else {
            FailureKind::Broken
        };
        let message = match kind {
            FailureKind::NotSent => format!("no connection to {peer}: {}", words(&error)),
            FailureKind::Garbled => "the answer cannot be decompressed as its headers say".to_owned(),
            FailureKind::Config => format!("the HTTP client cannot be set up: {}", words(&error)),
            _ => format!("the connection broke: {}", words(&error)),
        };
        Self::new(kind, message).with_source(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Failure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| <dyn StdError>::source(*error))
}

/// HTTP/2 says of some failures that the request was not processed: `REFUSED_STREAM`, and a GOAWAY without error.
fn refused_by_peer(error: &reqwest::Error) -> bool {
    chain(error)
        .filter_map(|cause| cause.downcast_ref::<h2::Error>())
        .any(|error| {
            error.is_remote()
                && (error.reason() == Some(h2::Reason::REFUSED_STREAM)
                    || (error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR)))
        })
}

/// A body that ends early comes as a decoding error too, with the socket's error below it.
fn has_io(error: &reqwest::Error) -> bool {
    chain(error).any(|cause| {
        cause.is::<hyper::Error>()
            || cause.downcast_ref::<std::io::Error>().is_some_and(|io| {
                use std::io::ErrorKind::{ConnectionAborted, ConnectionReset, UnexpectedEof};
                matches!(io.kind(), ConnectionReset | ConnectionAborted)
                    || (io.kind() == UnexpectedEof && io.get_ref().is_none())
            })
    })
}

/// The innermost cause in plain words, since outer layers say only "error sending request".
fn words(error: &reqwest::Error) -> String {
    if let Some(tls) = chain(error).find_map(tls_error) {
        return tls_words(tls);
    }
    let text = chain(error).last().map(ToString::to_string).unwrap_or_default();
    if error.is_dns() {
        format!("the name does not resolve ({text}); is the organisation's name right?")
    } else if error.is_timeout() {
        "it did not come about in time".to_owned()
    } else if text.contains("proxy auth") || text.contains("407") {
        "the proxy wants a user name and password".to_owned()
    } else {
        text
    }
}

/// rustls's error travels inside one or more `io::Error`s, whose `source` skips what they hold.
fn tls_error<'a>(cause: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    cause
        .downcast_ref::<rustls::Error>()
        .or_else(|| tls_error(cause.downcast_ref::<std::io::Error>()?.get_ref()?))
}

fn tls_words(error: &rustls::Error) -> String {
    use rustls::{CertificateError as C, Error as E, OtherError};
    match error {
        E::InvalidCertificate(C::UnknownIssuer) => {
            "the server's certificate is signed by nobody this machine trusts; \
            if that is meant to be so, add its authority to the client"
                .to_owned()
        }
        E::InvalidCertificate(C::Expired | C::ExpiredContext { .. }) => {
            "the server's certificate has expired".to_owned()
        }
        E::InvalidCertificate(C::NotValidForName | C::NotValidForNameContext { .. }) => {
            "the server's certificate is for another host".to_owned()
        }
        E::InvalidCertificate(C::Other(OtherError(cause))) if cause.is::<Refused>() => cause.to_string(),
        other => format!("TLS failed: {other}"),
    }
}
