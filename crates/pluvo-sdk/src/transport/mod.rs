//! One HTTP attempt. Everything above it is the same whoever carries the bytes.

mod failure;
mod http;
mod patience;
mod streamed;
mod tls;
mod trust;

pub use failure::{Failure, FailureKind};
pub use http::HttpTransport;
pub(crate) use http::{HttpOptions, ProxyChoice};
pub use streamed::Streamed;
pub(crate) use tls::{Trusted, certificates};
pub use trust::ServerTrust;

use crate::secret::Secret;
use crate::time::BoxFuture;
use bytes::Bytes;
use reqwest::header::HeaderMap;
use std::borrow::Cow;
use std::fmt;
use std::time::Duration;
use url::Url;

/// A POST to send once.
#[derive(Clone)]
#[non_exhaustive]
pub struct Request {
    /// Where to.
    pub url: Url,
    /// The body's media type.
    pub content_type: Cow<'static, str>,
    /// What may come back.
    pub accept: &'static str,
    /// The bearer token, if any.
    pub bearer: Option<Secret>,
    /// The body.
    pub body: Bytes,
    /// What follows `body`, where it is too large to be held: the content of a file.
    pub rest: Option<Streamed>,
    /// How long it may take.
    pub timeouts: Timeouts,
    /// The largest answer to read, in bytes, after decompression.
    pub max_body: usize,
}

/// Without the body, which holds the client secret or variables.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("url", &self.url.as_str())
            .field("bytes", &self.body.len())
            .field("timeouts", &self.timeouts)
            .finish_non_exhaustive()
    }
}

/// The time that one attempt may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until a connection stands. 10 s by default; set once for a client, since connections are shared.
    pub connect: Duration,
    /// Without a single byte, before the answer begins or in the middle of it. 30 s by default.
    pub read: Duration,
    /// For the whole attempt. 60 s by default.
    pub attempt: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            read: Duration::from_secs(30),
            attempt: Duration::from_secs(60),
        }
    }
}

/// What came back, read to its end.
#[derive(Clone)]
#[non_exhaustive]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Bytes,
}

/// Without the body, which may hold a token, and without headers, which may hold cookies.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Response {
    /// A response, for transports of one's own.
    pub fn new(status: u16, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers,
            body: body.into(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Servers and proxies have several names for the same thing.
    pub(crate) fn request_id(&self) -> Option<String> {
        [
            "x-request-id",
            "request-id",
            "x-correlation-id",
            "x-amzn-trace-id",
            "cf-ray",
        ]
        .into_iter()
        .find_map(|name| self.header(name))
        .filter(|id| id.len() <= 200)
        .map(str::to_owned)
    }
}

/// Carries requests. The default is [`HttpTransport`]; replace it to record, to count or to go another way.
///
/// An implementation sends once, follows no redirect, and reads at most [`Request::max_body`] bytes.
///
/// ```
/// use pluvo_sdk::transport::{Failure, Request, Response, Transport};
/// use pluvo_sdk::time::BoxFuture;
///
/// #[derive(Debug)]
/// struct Canned;
///
/// impl Transport for Canned {
///     fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, Failure>> {
///         Box::pin(async { Ok(Response::new(200, Default::default(), r#"{"data":{"ok":true}}"#)) })
///     }
/// }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let client = pluvo_sdk::Client::builder("acme").token("t").transport(Canned).build()?;
/// let data: serde_json::Value = client.query("{ ok }").send().await?;
/// assert_eq!(data["ok"], true);
/// # Ok::<(), pluvo_sdk::Error>(()) }).unwrap();
/// ```
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends one request and reads its answer.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, Failure>>;
}
