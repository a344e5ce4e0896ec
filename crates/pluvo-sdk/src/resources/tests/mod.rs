//! What each call sends and makes of the answer, and that there is a call for everything.

mod documents;
mod files;
mod payloads;
mod surface;

use crate::Client;
use crate::time::{BoxFuture, HeldClock};
use crate::transport::{Failure, FailureKind, Request, Response, Transport};
use serde_json::Value;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Answers in order, the last one for ever, and keeps what was sent. An empty answer is a broken line.
#[derive(Clone, Default)]
pub(super) struct Canned {
    answers: Arc<Mutex<Vec<String>>>,
    sent: Arc<Mutex<Vec<Request>>>,
}

impl Canned {
    /// Answers with this under `data`.
    pub(super) fn data(data: &str) -> Self {
        Self::bodies([format!(r#"{{"data":{data}}}"#)])
    }

    pub(super) fn bodies<B: Into<String>>(bodies: impl IntoIterator<Item = B>) -> Self {
        let mut answers: Vec<_> = bodies.into_iter().map(Into::into).collect();
        answers.reverse();
        Self {
            answers: Arc::new(Mutex::new(answers)),
            sent: Arc::default(),
        }
    }

    pub(super) fn client(&self) -> Client {
        Client::builder("acme")
            .token("a-token")
            .transport(self.clone())
            .clock(HeldClock::new())
            .build()
            .unwrap()
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The JSON of every request.
    pub(super) fn sent(&self) -> Vec<Value> {
        let requests = self.requests();
        requests
            .iter()
            .map(|request| serde_json::from_slice(&request.body).unwrap())
            .collect()
    }
}

impl fmt::Debug for Canned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Canned")
    }
}

impl Transport for Canned {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, Failure>> {
        self.sent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(request);
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = if answers.len() > 1 {
            answers.pop()
        } else {
            answers.last().cloned()
        };
        let answer = answer.unwrap_or_default();
        Box::pin(async move {
            if answer.is_empty() {
                return Err(Failure::new(FailureKind::Broken, "the connection broke"));
            }
            Ok(Response::new(200, reqwest::header::HeaderMap::default(), answer))
        })
    }
}
