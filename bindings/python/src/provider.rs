//! Tokens that the caller's Python code hands out.

use crate::desk;
use pluvo_bridge::{BoxFuture, Token, TokenSource};
use pyo3::prelude::*;
use std::sync::Arc;

/// Asks a Python function that gives `(token, seconds it lives or None)`.
pub(crate) struct Provider {
    ask: Arc<Py<PyAny>>,
}

impl Provider {
    pub(crate) fn new(ask: Py<PyAny>) -> Self {
        Self { ask: Arc::new(ask) }
    }
}

impl TokenSource for Provider {
    fn token(&self) -> BoxFuture<'static, Result<Token, String>> {
        let ask = Arc::clone(&self.ask);
        Box::pin(async move {
            let (sender, receiver) = tokio::sync::oneshot::channel();
            // A thread of its own: it may take as long as it likes, and holds nothing of ours up.
            let thread = std::thread::Builder::new().name("pluvo-sdk-token".to_owned());
            let begun = thread.spawn(move || {
                if let Some(answer) = desk::attach(|py| call(py, &ask)) {
                    // Nobody waits any more where it took too long.
                    drop(sender.send(answer));
                }
            });
            begun.map_err(|error| error.to_string())?;
            let answer = receiver.await;
            answer.unwrap_or_else(|_| Err("the interpreter is ending".to_owned()))
        })
    }
}

fn call(py: Python<'_>, ask: &Py<PyAny>) -> Result<Token, String> {
    let given = ask
        .call0(py)
        .and_then(|given| given.extract::<(String, Option<f64>)>(py));
    match given {
        Ok((value, expires_in)) => Ok(Token { value, expires_in }),
        Err(error) => Err(error.value(py).to_string()),
    }
}
