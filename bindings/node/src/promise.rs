//! Promises of what the bridge's runtime works on.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use memchr::memmem;
use napi::bindgen_prelude::{Either, Latin1String, Object, ToNapiValue};
use napi::{Env, Error, Result};
use napi_derive::napi;
use pluvo_bridge::{BoxFuture, CancelHandle, WireError, try_runtime};

use crate::environment;

/// JSON on its way into JavaScript.
pub(crate) type Text = Either<Latin1String, String>;

/// What a promise resolves to: a result or an error, both as JSON.
#[napi(object)]
#[allow(missing_debug_implementations, reason = "a string of napi has none")]
pub struct Answer {
    /// The result; nothing where the call gives nothing.
    pub ok: Option<Text>,
    /// Whether a list in the result may have null elements.
    pub nulls: Option<bool>,
    /// The error.
    pub error: Option<String>,
}

impl Answer {
    pub(crate) fn new(result: std::result::Result<Bytes, WireError>) -> Self {
        Self::or_nothing(result.map(Some))
    }

    pub(crate) fn or_nothing(result: std::result::Result<Option<Bytes>, WireError>) -> Self {
        match result {
            Ok(json) => Self {
                nulls: json.as_deref().and_then(nulls),
                ok: json.as_deref().map(text),
                error: None,
            },
            Err(error) => Self {
                ok: None,
                nulls: None,
                error: Some(error.to_json()),
            },
        }
    }
}

/// True where a list in this JSON may have null elements, and nothing where it has none: a text may look like one.
pub(crate) fn nulls(json: &[u8]) -> Option<bool> {
    let is_element = |at: usize| {
        let before = json[..at].iter().rev().find(|byte| !byte.is_ascii_whitespace());
        matches!(before, Some(b'[' | b','))
    };
    memmem::find_iter(json, b"null").any(is_element).then_some(true)
}

/// A promise that settles when the work is done, on the runtime of the bridge. What keeps the process alive until then is
/// the promise; when the environment is torn down meanwhile, the result is dropped.
pub(crate) fn promise<T, F>(env: &Env, work: F) -> Result<Object<'_>>
where
    T: ToNapiValue + Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let runtime = try_runtime().map_err(thrown)?;
    let (deferred, promise) = env.create_deferred()?;
    runtime.spawn(async move {
        let answer = work.await;
        deferred.resolve(move |_| Ok(answer));
    });
    Ok(promise)
}

/// What the work gives, where it takes one step only, or else a promise of it. Two threads that wake each other cost more
/// than such a step does.
///
/// The step is taken on the thread of JavaScript, so it must be short.
pub(crate) fn at_once<T, F>(env: &Env, work: F) -> Result<Either<T, Object<'_>>>
where
    T: ToNapiValue + Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let runtime = try_runtime().map_err(thrown)?;
    let mut work: Pin<Box<F>> = Box::pin(work);
    let step = {
        let _on_it = runtime.enter();
        // Nobody is woken: the runtime asks anew.
        work.as_mut().poll(&mut Context::from_waker(Waker::noop()))
    };
    match step {
        Poll::Ready(answer) => Ok(Either::A(answer)),
        Poll::Pending => promise(env, work).map(Either::B),
    }
}

/// What ends whatever a client does.
#[derive(Debug, Clone)]
pub(crate) struct Ends {
    /// Its being closed.
    pub(crate) closed: CancelHandle,
    /// The end of the JavaScript environment that it belongs to.
    environment: CancelHandle,
}

impl Ends {
    pub(crate) fn new() -> Self {
        Self {
            closed: CancelHandle::new(),
            environment: environment::end(),
        }
    }

    /// Work that is given up at any of the ends, or when the handle is cancelled.
    pub(crate) fn run<'a, T: Send + 'a>(
        &'a self,
        cancel: Option<CancelHandle>,
        work: impl Future<Output = std::result::Result<T, WireError>> + Send + 'a,
    ) -> BoxFuture<'a, std::result::Result<T, WireError>> {
        // Requests make large futures, and each handle would move them once more.
        let work = Box::pin(work);
        Box::pin(async move {
            let work = self.environment.run(self.closed.run(work));
            match cancel {
                Some(cancel) => cancel.run(work).await,
                None => work.await,
            }
        })
    }
}

/// An exception of a call that does not wait: its message is the error as JSON.
#[allow(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
pub(crate) fn thrown(error: WireError) -> Error {
    Error::from_reason(error.to_json())
}

/// JSON of the bridge, what is not ASCII in it escaped: V8 copies a one-byte text as it is, where it would decode UTF-8, and
/// parse a text that has one letter beyond Latin 1 with two bytes for every other letter.
pub(crate) fn text(json: &[u8]) -> Text {
    match std::str::from_utf8(json) {
        Ok(json) => Either::A(ascii(json).into()),
        // The bridge gives UTF-8; were it not, the decoder in JavaScript would say so better than anybody.
        Err(_) => Either::B(String::from_utf8_lossy(json).into_owned()),
    }
}

/// Looked at so many bytes at a time: nearly all of them are ASCII.
const STRIDE: usize = 64;

fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len() + json.len() / STRIDE);
    let mut at = 0;
    while at < json.len() {
        let end = json.len().min(at + STRIDE);
        if json.as_bytes()[at..end].is_ascii() {
            text.push_str(&json[at..end]);
            at = end;
            continue;
        }
        for letter in json[at..].chars() {
            if letter.is_ascii() {
                text.push(letter);
            } else {
                escape(&mut text, letter);
            }
            at += letter.len_utf8();
            if at >= end {
                break;
            }
        }
    }
    text
}

/// As JSON writes it: by its UTF-16.
fn escape(text: &mut String, letter: char) {
    for unit in letter.encode_utf16(&mut [0; 2]) {
        text.push_str("\\u");
        for shift in [12, 8, 4, 0] {
            text.extend(char::from_digit(u32::from(*unit >> shift & 0xf), 16));
        }
    }
}
