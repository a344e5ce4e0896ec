//! What each request gets.

use super::pages::{self, Asked, ONE, PAGE, Rows};
use super::stats::{Counter, Stats};
use super::upserts::upserts;
use super::{RateLimit, Spec};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::{Request, Response, StatusCode};
use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// All answers, ready to be sent.
#[derive(Debug)]
pub(super) struct Answers {
    rows: Rows,
    /// The pages that begin at every 50th row, compressed, where answers are.
    compressed: Option<Vec<Bytes>>,
    latency: Duration,
    faulty: bool,
    bucket: Option<Mutex<Bucket>>,
    requests: AtomicU64,
    counter: Counter,
}

impl Answers {
    pub(super) fn new(spec: &Spec) -> io::Result<Self> {
        let rows = Rows::new(spec.pages * PAGE);
        let compress = |page| {
            gzip(&rows.page(Asked {
                offset: page * PAGE,
                first: PAGE,
            }))
        };
        let compressed = spec
            .real
            .then(|| (0..spec.pages).map(compress).collect::<io::Result<_>>())
            .transpose()?;
        Ok(Self {
            rows,
            compressed,
            latency: Duration::from_millis(spec.latency_ms),
            faulty: spec.faulty,
            bucket: spec.limit.map(|limit| Mutex::new(Bucket::new(limit))),
            requests: AtomicU64::new(0),
            counter: Counter::default(),
        })
    }

    pub(super) fn stats(&self) -> Stats {
        let lost = self.bucket.as_ref().map_or(0.0, |bucket| {
            bucket.lock().unwrap_or_else(PoisonError::into_inner).lost
        });
        Stats {
            lost,
            ..self.counter.stats()
        }
    }

    /// An error resets the connection.
    pub(super) async fn answer(&self, request: Request<Incoming>) -> io::Result<Response<Full<Bytes>>> {
        let is_token = request.uri().path() != super::GRAPHQL;
        let body = request
            .into_body()
            .collect()
            .await
            .map_err(io::Error::other)?
            .to_bytes();
        if is_token {
            self.counter.count(|stats| &mut stats.tokens);
            let token =
                r#"{"access_token":"bench-token-bench-token","token_type":"Bearer","expires_in":86400}"#;
            return Ok(json(token.into()));
        }
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
        let number = 1 + self.requests.fetch_add(1, Ordering::Relaxed);
        if self.faulty && number % 200 == 125 {
            self.counter.count(|stats| &mut stats.reset);
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        if self.faulty && number % 100 == 50 {
            self.counter.count(|stats| &mut stats.unavailable);
            return Ok(plain(StatusCode::SERVICE_UNAVAILABLE));
        }
        if let Some(wait) = self.bucket.as_ref().and_then(refuse) {
            self.counter.count(|stats| &mut stats.refused);
            let mut refusal = plain(StatusCode::TOO_MANY_REQUESTS);
            refusal.headers_mut().insert(RETRY_AFTER, wait);
            return Ok(refusal);
        }
        self.counter.served();
        if let Some(written) = upserts(&body) {
            self.counter.count_by(written.rows, |stats| &mut stats.written);
            self.counter.count_by(written.refs, |stats| &mut stats.refs);
            return Ok(json(written.answer));
        }
        if memchr::memmem::find(&body, b"paginatedUsers").is_none() {
            return Ok(json(Bytes::from_static(ONE.as_bytes())));
        }
        let asked = pages::asked(&body);
        let compressed = self
            .compressed
            .as_ref()
            .filter(|_| asked.first == PAGE && asked.offset.is_multiple_of(PAGE))
            .and_then(|pages| pages.get(asked.offset / PAGE));
        let Some(page) = compressed else {
            return Ok(json(self.rows.page(asked)));
        };
        let mut answer = json(page.clone());
        answer
            .headers_mut()
            .insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        Ok(answer)
    }
}

fn json(body: Bytes) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::new(body));
    answer
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

fn plain(status: StatusCode) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::new(Bytes::from_static(b"no")));
    *answer.status_mut() = status;
    answer
}

fn gzip(page: &[u8]) -> io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(page)?;
    encoder.finish().map(Bytes::from)
}

fn refuse(bucket: &Mutex<Bucket>) -> Option<HeaderValue> {
    let wait = bucket.lock().unwrap_or_else(PoisonError::into_inner).take()?;
    HeaderValue::from_str(&wait).ok()
}

#[derive(Debug)]
struct Bucket {
    limit: RateLimit,
    tokens: f64,
    /// None before the first request: what was not asked for yet is not lost.
    filled: Option<Instant>,
    lost: f64,
}

impl Bucket {
    fn new(limit: RateLimit) -> Self {
        Self {
            limit,
            tokens: limit.burst,
            filled: None,
            lost: 0.0,
        }
    }

    /// Takes a token, or tells the seconds until there is one.
    fn take(&mut self) -> Option<String> {
        let now = Instant::now();
        let idle = now - self.filled.replace(now).unwrap_or(now);
        let filled = self.tokens + idle.as_secs_f64() * self.limit.rate;
        self.lost += (filled - self.limit.burst).max(0.0);
        self.tokens = filled.min(self.limit.burst);
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return None;
        }
        let wait = (1.0 - self.tokens) / self.limit.rate;
        Some(if self.limit.fraction {
            // Rounded up, so that whoever waits so long is served.
            format!("{:.3}", wait + 0.0005)
        } else {
            format!("{}", wait.ceil())
        })
    }
}
