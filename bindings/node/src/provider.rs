//! Functions of JavaScript that the core calls: for tokens, and with what it tells.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use futures::channel::oneshot;
use napi::bindgen_prelude::Function;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Result, Status};
use napi_derive::napi;
use pluvo_bridge::{BoxFuture, Token, TokenSource};

/// A function that can be called from any thread and does not keep the process alive.
type Callback<T> = ThreadsafeFunction<T, (), T, Status, false, true>;

/// A question for a token. Dropped without an answer it is answered with an error.
#[napi]
pub struct TokenRequest {
    answer: Mutex<Option<oneshot::Sender<std::result::Result<Token, String>>>>,
}

#[napi]
impl TokenRequest {
    /// Answers with a token and, where known, how many seconds it lives.
    #[napi]
    pub fn give(&self, value: String, expires_in: Option<f64>) {
        self.send(Ok(Token { value, expires_in }));
    }

    /// Answers that there is none.
    #[napi]
    pub fn fail(&self, reason: String) {
        self.send(Err(reason));
    }

    fn send(&self, answer: std::result::Result<Token, String>) {
        let sender = self.answer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(sender) = sender {
            // Whoever asked may have given up.
            let _ = sender.send(answer);
        }
    }
}

impl fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenRequest(..)")
    }
}

/// Hands out the tokens of a function.
pub(crate) struct Provider(Arc<Callback<TokenRequest>>);

impl Provider {
    pub(crate) fn new(function: &Function<'_, TokenRequest, ()>) -> Result<Self> {
        Ok(Self(Arc::new(callback(function)?)))
    }
}

impl TokenSource for Provider {
    fn token(&self) -> BoxFuture<'static, std::result::Result<Token, String>> {
        let function = Arc::clone(&self.0);
        Box::pin(async move {
            let (sender, receiver) = oneshot::channel();
            let request = TokenRequest {
                answer: Mutex::new(Some(sender)),
            };
            let status = function.call(request, ThreadsafeFunctionCallMode::NonBlocking);
            if status != Status::Ok {
                return Err("the JavaScript environment of the token provider is gone".to_owned());
            }
            receiver
                .await
                .unwrap_or_else(|_| Err("the token provider went away without an answer".to_owned()))
        })
    }
}

/// A function that is told texts, whether or not anybody still listens.
pub(crate) struct Teller(Callback<String>);

impl Teller {
    pub(crate) fn new(function: &Function<'_, String, ()>) -> Result<Self> {
        callback(function).map(Self)
    }

    /// Whether anybody listens.
    pub(crate) fn tell(&self, text: &str) -> bool {
        self.0
            .call(text.to_owned(), ThreadsafeFunctionCallMode::NonBlocking)
            == Status::Ok
    }
}

fn callback<T>(function: &Function<'_, T, ()>) -> Result<Callback<T>>
where
    T: napi::bindgen_prelude::JsValuesTupleIntoVec + 'static,
{
    function.build_threadsafe_function().weak::<true>().build()
}
