//! Reading one thing.

use crate::client::{CallOptions, Client};
use crate::error::{Error, ErrorKind, Result};
use crate::inspect;
use crate::operation::{self, Arguments, Body, Operation, Selection, Sending};
use crate::response::decode::{self, Found};
use crate::time::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::IntoFuture;
use std::marker::PhantomData;

/// One thing that is about to be read. Await it: `None` is nobody, not an error.
///
/// ```no_run
/// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
/// use pluvo_sdk::UserKey;
/// match client.users().get(UserKey::reference("EMP-1")).await? {
///     Some(user) => println!("{:?}", user.name),
///     None => println!("nobody"),
/// }
/// # Ok(()) }
/// ```
#[derive(Debug)]
#[must_use = "nothing is sent before it is awaited"]
pub struct Get<T> {
    client: Client,
    operation: &'static Operation,
    arguments: Result<Arguments>,
    selection: Option<String>,
    options: CallOptions,
    result: PhantomData<fn() -> T>,
}

impl<T> Get<T> {
    pub(super) fn new<V: Serialize>(client: &Client, operation: &'static Operation, variables: &V) -> Self {
        Self {
            client: client.clone(),
            operation,
            arguments: Arguments::new(operation, variables),
            selection: None,
            options: CallOptions::default(),
            result: PhantomData,
        }
    }

    /// Selects other fields than the default ones, as GraphQL text, and reads them as `R`.
    pub fn select<R>(self, selection: impl Into<String>) -> Get<R> {
        Get {
            selection: Some(selection.into()),
            ..self.read_as()
        }
    }

    /// Reads it as `R`, with the selection as it is: as bytes that another decoder reads, for example.
    pub fn read_as<R>(self) -> Get<R> {
        Get {
            client: self.client,
            operation: self.operation,
            arguments: self.arguments,
            selection: self.selection,
            options: self.options,
            result: PhantomData,
        }
    }

    /// Sets what differs for this call.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }
}

impl<T: DeserializeOwned> Get<T> {
    async fn send(self) -> Result<Option<T>> {
        let arguments = self.arguments?;
        let core = &self.client.core;
        let selection = self.selection.as_deref().map(inspect::selection).transpose()?;
        let print = || {
            let selection = match &selection {
                Some(own) => Selection::Custom(own),
                None => Selection::Default(&core.dropped),
            };
            let document = self.operation.document(&arguments, selection);
            let body = Body::new(Some(self.operation.name), &document, arguments.variables())?.with(&[]);
            Ok(move |_| body.clone())
        };
        let sending = Sending::new(self.operation, selection.is_some(), &self.options);
        let sent = operation::send(core, sending, print).await;
        let reply = match sent {
            // Some servers answer with an error where others answer with null.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            sent => sent?,
        };
        let path = self.operation.response_path();
        let error = match decode::at::<T>(&reply.body, &path) {
            Ok(envelope) => match envelope.data {
                Found::Value(value) => return Ok(Some(value)),
                Found::Null(depth) if depth > 0 => return Ok(None),
                Found::Null(_) | Found::Missing(_) => Error::new(
                    ErrorKind::Decode,
                    format!("the answer holds no {}", path.join(".")),
                ),
            },
            Err(error) => error,
        };
        Err(reply.attach(error, self.operation.name))
    }
}

impl<T: DeserializeOwned + 'static> IntoFuture for Get<T> {
    type Output = Result<Option<T>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
