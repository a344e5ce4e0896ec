//! The default transport: reqwest on rustls.

use super::failure::{Failure, FailureKind};
use super::patience::Patience;
use super::streamed::Outgoing;
use super::tls::{self, Trusted};
use super::{Request, Response, Transport};
use crate::secret::Secret;
use crate::time::{BoxFuture, Clock};
use bytes::{Bytes, BytesMut};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// HTTP/1.1 and HTTP/2 over TLS, with gzip and brotli, through the proxy that the environment names.
///
/// Made without I/O: certificates and proxy settings are read at the first request. Redirects are never followed.
#[derive(Debug)]
pub struct HttpTransport {
    options: HttpOptions,
    clock: Arc<dyn Clock>,
    client: OnceLock<Result<reqwest::Client, String>>,
}

#[derive(Debug, Clone)]
pub(crate) struct HttpOptions {
    pub user_agent: String,
    pub connect_timeout: Duration,
    pub idle_timeout: Duration,
    pub trusted: Trusted,
    pub proxy: ProxyChoice,
    pub tls: bool,
}

/// Which proxy to go through.
#[derive(Debug, Clone)]
pub(crate) enum ProxyChoice {
    Environment,
    None,
    /// A URL, which may hold a password.
    Url(Secret),
}

impl HttpTransport {
    pub(crate) fn new(options: HttpOptions, clock: Arc<dyn Clock>) -> Self {
        Self {
            options,
            clock,
            client: OnceLock::new(),
        }
    }

    fn client(&self) -> Result<&reqwest::Client, Failure> {
        let made = self
            .client
            .get_or_init(|| self.connect().map_err(|failure| failure.to_string()));
        made.as_ref()
            .map_err(|message| Failure::new(FailureKind::Config, message.clone()))
    }

    fn connect(&self) -> Result<reqwest::Client, Failure> {
        let options = &self.options;
        let tls = if options.tls {
            tls::config(&options.trusted)?
        } else {
            tls::none()?
        };
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .user_agent(&options.user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(options.connect_timeout)
            .pool_idle_timeout(options.idle_timeout);
        let builder = match &options.proxy {
            ProxyChoice::Environment => builder,
            ProxyChoice::None => builder.no_proxy(),
            ProxyChoice::Url(url) => builder.proxy(
                reqwest::Proxy::all(url.expose())
                    .map_err(|_| Failure::new(FailureKind::Config, "the proxy's URL cannot be used"))?,
            ),
        };
        builder.build().map_err(Failure::from_reqwest)
    }

    async fn exchange(&self, request: Request) -> Result<Response, Failure> {
        let client = self.client()?;
        let (read, max_body) = (request.timeouts.read, request.max_body);
        let content_type = HeaderValue::from_str(&request.content_type).map_err(|_| {
            Failure::new(
                FailureKind::Config,
                "the content type has characters that no header can hold",
            )
        })?;
        // Sending a large file may well take longer than the silence before an answer may last.
        let (body, silence) = match &request.rest {
            None => (reqwest::Body::from(request.body), read),
            Some(rest) => {
                let body = Outgoing::new(request.body, rest)
                    .ok_or_else(|| Failure::new(FailureKind::Config, "the content was read before"))?;
                (reqwest::Body::wrap(body), request.timeouts.attempt)
            }
        };
        let mut message = client
            .post(request.url)
            .header(CONTENT_TYPE, content_type)
            .header(ACCEPT, HeaderValue::from_static(request.accept))
            .body(body);
        if let Some(token) = &request.bearer {
            let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose())).map_err(|_| {
                Failure::new(
                    FailureKind::Config,
                    "the token has characters that no header can hold",
                )
            })?;
            value.set_sensitive(true);
            message = message.header(AUTHORIZATION, value);
        }
        let mut patience = Patience::new(&*self.clock, request.timeouts.attempt);
        let mut response = patience
            .wait(silence, message.send(), "no answer")
            .await?
            .map_err(Failure::from_reqwest)?;
        let too_large = || {
            Failure::new(
                FailureKind::TooLarge,
                format!("the answer is larger than {max_body} bytes"),
            )
        };
        if response
            .content_length()
            .is_some_and(|length| length > max_body as u64)
        {
            return Err(too_large());
        }
        let mut body = Body::of(response.content_length());
        while let Some(chunk) = patience
            .wait(read, response.chunk(), "the answer stopped in the middle")
            .await?
            .map_err(Failure::from_reqwest)?
        {
            if body.len() + chunk.len() > max_body {
                return Err(too_large());
            }
            body.push(chunk);
        }
        let headers = std::mem::take(response.headers_mut());
        Ok(Response::new(response.status().as_u16(), headers, body.finish()))
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, Failure>> {
        Box::pin(self.exchange(request))
    }
}

/// Most bodies come in one piece, which is then handed on as it is.
struct Body {
    first: Bytes,
    rest: BytesMut,
    /// The length that was announced, as far as it can be believed before anything has come.
    expected: usize,
}

/// No more room than this is made for a body on the strength of its announcement alone.
const BELIEVED: u64 = 1 << 20;

impl Body {
    fn of(announced: Option<u64>) -> Self {
        let expected = usize::try_from(announced.unwrap_or(0).min(BELIEVED)).unwrap_or(0);
        Self {
            first: Bytes::new(),
            rest: BytesMut::new(),
            expected,
        }
    }

    fn len(&self) -> usize {
        self.first.len() + self.rest.len()
    }

    fn push(&mut self, chunk: Bytes) {
        if self.first.is_empty() && self.rest.is_empty() {
            self.first = chunk;
        } else {
            if self.rest.is_empty() {
                let known = self.first.len() + chunk.len();
                self.rest.reserve(if self.expected >= known {
                    self.expected
                } else {
                    2 * known
                });
                self.rest.extend_from_slice(&std::mem::take(&mut self.first));
            }
            self.rest.extend_from_slice(&chunk);
        }
    }

    fn finish(self) -> Bytes {
        if self.rest.is_empty() {
            self.first
        } else {
            self.rest.freeze()
        }
    }
}
