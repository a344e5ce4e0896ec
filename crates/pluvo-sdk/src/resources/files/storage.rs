//! The second half of a large upload: the post to storage, which is not Pluvo and gets no token.

use super::multipart::Form;
use super::upload::FileUpload;
use crate::client::{CallOptions, Client, is_loopback};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{CreateFile, File};
use crate::operation::generated::CREATE_FILE;
use crate::resources::answer::{Answer, Payload};
use crate::time::BoxFuture;
use crate::transport::{Failure, FailureKind, Request, Response, Streamed, Timeouts};
use futures::stream::{self, StreamExt};
use serde_json::{Map, Value};
use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;
use url::Url;

/// How long one attempt may take, unless the caller says otherwise: a large file, a slow line.
const PATIENCE: Duration = Duration::from_secs(3600);

/// A file that waits for its content, and where that goes.
///
/// Whoever has the address and the form's fields can put content there, so `Debug` shows neither.
#[derive(Clone)]
pub struct PreparedUpload {
    file: File,
    url: Url,
    fields: Vec<(String, String)>,
}

impl PreparedUpload {
    /// One that was prepared elsewhere: by another process, or before a restart.
    ///
    /// ```
    /// use pluvo_sdk::{model::File, resources::PreparedUpload};
    /// let file: File = serde_json::from_str(r#"{"id": "933d8663-edf6-42c9-895a-eeec13fff0ab"}"#).unwrap();
    /// let prepared = PreparedUpload::new(file, "https://storage.example.com/", [("key", "uploads/1")])?;
    /// assert_eq!(prepared.fields().count(), 1);
    /// # Ok::<(), pluvo_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Invalid`](ErrorKind::Invalid) for an address that is not `https`; on loopback `http` will do.
    pub fn new<N: Into<String>, V: Into<String>>(
        file: File,
        url: &str,
        fields: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self> {
        let url = address(url).ok_or_else(|| Error::invalid("content is posted to an https address only"))?;
        let fields = fields
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()));
        Ok(Self {
            file,
            url,
            fields: fields.collect(),
        })
    }

    /// The file. It has no content yet.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// The address that the content is posted to.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The form's fields, which stand before the content.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl Payload for PreparedUpload {
    type Output = Self;

    fn read(answer: &Answer) -> Result<Self> {
        let payload: CreateFile = answer.payload()?;
        let file = answer.field("file")?;
        let url = payload.s3_url.ok_or_else(|| unusable("it has no s3Url"))?;
        let url = address(&url).ok_or_else(|| unusable("s3Url is no https address"))?;
        let fields: Map<String, Value> = match &payload.s3_data {
            Some(data) => data.parse().map_err(|_| unusable("s3Data is no object"))?,
            None => Map::new(),
        };
        let fields = fields.into_iter().filter_map(|(name, value)| match value {
            Value::Null => None,
            Value::String(text) => Some(Ok((name, text))),
            Value::Bool(_) | Value::Number(_) => Some(Ok((name, value.to_string()))),
            Value::Array(_) | Value::Object(_) => Some(Err(unusable("a field of s3Data is no text"))),
        });
        Ok(Self {
            file,
            url,
            fields: fields.collect::<Result<_>>()?,
        })
    }
}

impl fmt::Debug for PreparedUpload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreparedUpload")
            .field("file", &self.file.id)
            .finish_non_exhaustive()
    }
}

/// Content goes out encrypted, but on loopback.
fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    (url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url))).then_some(url)
}

fn unusable(why: &str) -> Error {
    let message = format!("the answer does not say where the content goes: {why}");
    Error::new(ErrorKind::Decode, message)
}

/// Content that is about to be posted to storage. Await it.
#[derive(Debug)]
#[must_use = "nothing is sent before it is awaited"]
pub struct Store {
    client: Client,
    prepared: PreparedUpload,
    file: FileUpload,
    options: CallOptions,
}

impl Store {
    pub(super) fn new(client: Client, prepared: PreparedUpload, file: FileUpload) -> Self {
        Self {
            client,
            prepared,
            file,
            options: CallOptions::default(),
        }
    }

    /// Sets what differs for this call.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    async fn send(self) -> Result<()> {
        let core = &self.client.core;
        let policy = self.options.retry.as_ref().unwrap_or(&core.retry);
        let started = core.clock.now();
        let mut attempts = 0;
        loop {
            attempts += 1;
            let error = match self.post().await {
                Ok(()) => return Ok(()),
                Err(error) => error.with_attempts(attempts).with_operation(CREATE_FILE.name),
            };
            let delay = policy.delay(attempts);
            let waited = core.clock.now().saturating_duration_since(started) + delay;
            let again = error.is_retryable() && self.file.is_replayable();
            if !again || attempts >= policy.max_attempts || waited > policy.total.max(PATIENCE) {
                return Err(error);
            }
            core.clock.sleep(delay).await;
        }
    }

    async fn post(&self) -> Result<()> {
        let core = &self.client.core;
        let content = self.file.open().await?;
        let mut form = Form::new();
        for (name, value) in self.prepared.fields() {
            form.field(name, value);
        }
        let frame = form.file("file", self.file.name(), self.file.checked_media_type()?);
        let length = content.length() + frame.tail.len() as u64;
        let chunks = content
            .take()
            .ok_or_else(|| Error::invalid("the stream of the file was read before"))?
            .chain(stream::once(async move { Ok(frame.tail) }));
        let request = Request {
            url: self.prepared.url.clone(),
            content_type: frame.content_type.into(),
            accept: "*/*",
            bearer: None,
            body: frame.head,
            rest: Some(Streamed::new(length, chunks)),
            timeouts: self.options.timeouts.unwrap_or(Timeouts {
                attempt: PATIENCE,
                ..core.timeouts
            }),
            max_body: self.options.max_body.unwrap_or(core.max_body),
        };
        let response = core.transport.send(request).await.map_err(failed)?;
        match response.status {
            200..=299 => Ok(()),
            _ => Err(refused(&response)),
        }
        .map_err(|error| {
            error
                .with_status(response.status)
                .with_request_id(response.request_id())
        })
    }
}

impl IntoFuture for Store {
    type Output = Result<()>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// Content that is posted twice is there once, so nothing about it is indeterminate.
fn failed(failure: Failure) -> Error {
    let (kind, again) = match failure.kind() {
        FailureKind::NotSent | FailureKind::Broken => (ErrorKind::Connect, true),
        FailureKind::TimedOut => (ErrorKind::Timeout, true),
        FailureKind::TooLarge | FailureKind::Garbled => (ErrorKind::Decode, false),
        FailureKind::Config => (ErrorKind::Config, false),
    };
    let error = Error::new(kind, failure.to_string()).with_source(failure);
    if again { error.retryable() } else { error }
}

fn refused(response: &Response) -> Error {
    let kind = match response.status {
        403 => ErrorKind::Permission,
        429 => ErrorKind::RateLimited,
        500.. => ErrorKind::Server,
        _ => ErrorKind::Invalid,
    };
    // Storage repeats what was signed, so no more than its code is kept.
    let code = code(&response.body).map_or_else(String::new, |code| format!(": {code}"));
    let code = match response.status {
        300..=399 => ": it redirects, and nothing was sent on".to_owned(),
        _ => code,
    };
    let error = Error::new(kind, format!("the storage does not take the file{code}"));
    match kind {
        ErrorKind::RateLimited | ErrorKind::Server => error.retryable(),
        _ => error,
    }
}

/// What stands in `<Code>` of the storage's XML.
fn code(body: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(body).ok()?;
    let (_, rest) = text.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    code.bytes()
        .all(|byte| byte.is_ascii_alphanumeric())
        .then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_tells_its_code_and_nothing_of_what_was_signed() {
        let body = "<Error><Code>SignatureDoesNotMatch</Code><AWSAccessKeyId>AKIA</AWSAccessKeyId></Error>";
        let error = refused(&Response::new(403, reqwest::header::HeaderMap::default(), body));
        assert_eq!(error.kind(), ErrorKind::Permission);
        assert_eq!(
            error.message(),
            "the storage does not take the file: SignatureDoesNotMatch"
        );
        assert_eq!(code(b"<Code>a b</Code>"), None);
    }
}
