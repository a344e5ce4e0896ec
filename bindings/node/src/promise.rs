//! Promises of what the bridge's runtime works on.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use napi::bindgen_prelude::{Either, Object, ToNapiValue};
use napi::{Env, Error, Result};
use napi_derive::napi;
use pluvo_bridge::{BoxFuture, CancelHandle, WireError, try_runtime};

use crate::environment;
use crate::json::{self, Text};

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
                nulls: json.as_deref().and_then(json::nulls),
                ok: json.as_deref().map(json::text),
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
