//! One list query: its documents, and the sending of a page of it.

use crate::client::{CallOptions, Client, Reply};
use crate::error::{Error, ErrorKind, Result};
use crate::operation::{self, Arguments, Body, Operation, Selection, Sending};
use crate::response::decode::{Connection, Envelope, Found};
use serde_json::Value;
use std::sync::{Mutex, PoisonError};
use tokio::task::JoinHandle;

/// What to read; the same for all pages.
#[derive(Debug)]
pub(crate) struct Plan {
    pub client: Client,
    pub operation: &'static Operation,
    pub path: Vec<&'static str>,
    pub page_size: u32,
    arguments: Arguments,
    selection: Option<String>,
    options: CallOptions,
    fingerprint: String,
    /// The bodies by cursor and by offset, each with the number of dropped fields when it was printed.
    bodies: Mutex<[Option<(Body, usize)>; 2]>,
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum From {
    Cursor(Option<String>),
    Offset(u64),
}

impl Plan {
    pub(super) fn new(
        client: Client,
        operation: &'static Operation,
        arguments: Arguments,
        selection: Option<String>,
        page_size: u32,
        options: CallOptions,
    ) -> Self {
        // The selection is no part of it: a cursor is good for whatever is read from there on.
        let query = format!(
            "{}\n{}\n{}",
            operation.name,
            client.endpoint().graphql(),
            arguments.fingerprint()
        );
        let mut fingerprint = crate::hash(query.as_bytes());
        fingerprint.truncate(16);
        let path = operation.response_path();
        Self {
            client,
            operation,
            path,
            page_size,
            arguments,
            selection,
            options,
            fingerprint,
            bodies: Mutex::default(),
        }
    }

    pub(super) fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Fetches a page, smaller ones while a gateway gives up on it. Tells the size it came to in the end.
    pub(super) async fn fetch(&self, from: &From, size: u32) -> Result<(Reply, u32)> {
        // The same size is tried twice before it is halved.
        let size_after = |failures: u32| (size >> failures.saturating_sub(1).min(31)).max(1);
        let print = || {
            let body = self.body(from)?;
            Ok(move |failures| body.with(&from.variables(size_after(failures))))
        };
        let own = self.selection.is_some();
        let sending = Sending::new(self.operation, own, &self.options);
        let reply = operation::send(&self.client.core, sending, print).await?;
        let size = size_after(reply.gateway_failures);
        Ok((reply, size))
    }

    /// Printed once for all pages, and anew when fields were dropped meanwhile.
    fn body(&self, from: &From) -> Result<Body> {
        let dropped = self.client.core.dropped.len();
        let mut bodies = self.bodies.lock().unwrap_or_else(PoisonError::into_inner);
        let printed = &mut bodies[usize::from(matches!(from, From::Offset(_)))];
        if let Some((body, _)) = printed.as_ref().filter(|(_, then)| *then == dropped) {
            return Ok(body.clone());
        }
        let mut declared = self.arguments.clone();
        let start = if matches!(from, From::Cursor(_)) {
            "after"
        } else {
            "offset"
        };
        for name in ["first", start] {
            declared.set(name, Value::Null);
        }
        let selection = match &self.selection {
            Some(own) => Selection::Custom(own),
            None => Selection::Default(&self.client.core.dropped),
        };
        let document = self.operation.document(&declared, selection);
        let body = Body::new(Some(self.operation.name), &document, self.arguments.variables())?;
        Ok(printed.insert((body, dropped)).0.clone())
    }

    /// Takes the connection out of an answer, or says why there is none.
    pub(super) fn connection<E>(
        &self,
        reply: &Reply,
        envelope: Result<Envelope<Connection<E>>>,
    ) -> Result<Connection<E>> {
        let error = match envelope {
            Err(error) => error,
            Ok(Envelope {
                data: Found::Value(connection),
                ..
            }) => return Ok(connection),
            Ok(Envelope {
                data: Found::Null(depth),
                ..
            }) if (1..self.path.len()).contains(&depth) => {
                let parent = self.path[depth - 1];
                Error::new(ErrorKind::NotFound, format!("there is no such {parent}"))
            }
            Ok(_) => self.pagination("the answer holds no list; that is not the same as an empty one"),
        };
        Err(reply.attach(error, self.operation.name))
    }

    pub(super) fn pagination(&self, message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
        Error::new(ErrorKind::Pagination, message).with_operation(self.operation.name)
    }
}

impl From {
    fn variables(&self, size: u32) -> Vec<(&'static str, Value)> {
        let mut variables = vec![("first", size.into())];
        match self {
            Self::Cursor(None) => {}
            Self::Cursor(Some(cursor)) => variables.push(("after", cursor.as_str().into())),
            Self::Offset(offset) => variables.push(("offset", (*offset).into())),
        }
        variables
    }
}

/// Work that goes on while the caller does something else, and ends when it is dropped.
#[derive(Debug)]
pub(super) struct Ahead<T>(JoinHandle<T>);

impl<T: Send + 'static> Ahead<T> {
    /// Starts it, or hands the work back where there is no tokio runtime to run it.
    pub(super) fn start<F: Future<Output = T> + Send + 'static>(work: F) -> std::result::Result<Self, F> {
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => Ok(Self(runtime.spawn(work))),
            Err(_) => Err(work),
        }
    }

    /// Waits for its end, once. May be given up and called again before.
    pub(super) async fn finish(&mut self) -> Result<T> {
        (&mut self.0).await.map_err(|cause| {
            let kind = if cause.is_cancelled() {
                ErrorKind::Cancelled
            } else {
                ErrorKind::Internal
            };
            Error::new(kind, "the page that was fetched ahead was lost").with_source(cause)
        })
    }
}

impl<T> Drop for Ahead<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
