//! Reading a list that Pluvo gives all at once.

use crate::client::{CallOptions, Client};
use crate::error::{Error, ErrorKind, Result};
use crate::inspect;
use crate::operation::{Arguments, Body, Operation, Selection, Sending, send};
use crate::response::decode::{self, Found};
use crate::time::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;

/// A list without pages, and its filters. Await it.
///
/// `T` is the row, `A` the filters, which have setters of their own for each kind of list. A null row is left out.
///
/// ```no_run
/// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
/// for offer in client.offers().list().await? {
///     println!("{:?}", offer.title);
/// }
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent before it is awaited"]
pub struct Listing<T, A> {
    client: Client,
    operation: &'static Operation,
    pub(super) arguments: A,
    selection: Option<String>,
    options: CallOptions,
    row: PhantomData<fn() -> T>,
}

impl<T, A: Clone> Clone for Listing<T, A> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            operation: self.operation,
            arguments: self.arguments.clone(),
            selection: self.selection.clone(),
            options: self.options.clone(),
            row: PhantomData,
        }
    }
}

/// Without the filters, which may hold personal data.
impl<T, A> fmt::Debug for Listing<T, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listing")
            .field("operation", &self.operation.name)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl<T, A> Listing<T, A> {
    pub(super) fn new(client: &Client, operation: &'static Operation, arguments: A) -> Self {
        Self {
            client: client.clone(),
            operation,
            arguments,
            selection: None,
            options: CallOptions::default(),
            row: PhantomData,
        }
    }

    /// Selects other fields than the default ones, as GraphQL text, and reads each row as `R`.
    pub fn select<R>(self, selection: impl Into<String>) -> Listing<R, A> {
        Listing {
            selection: Some(selection.into()),
            ..self.read_as()
        }
    }

    /// Reads each row as `R`, with the selection as it is: as bytes that another decoder reads, for example.
    pub fn read_as<R>(self) -> Listing<R, A> {
        Listing {
            client: self.client,
            operation: self.operation,
            arguments: self.arguments,
            selection: self.selection,
            options: self.options,
            row: PhantomData,
        }
    }

    /// Sets all filters at once.
    pub fn filters(mut self, filters: A) -> Self {
        self.arguments = filters;
        self
    }

    /// Sets what differs for this call.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }
}

impl<T: DeserializeOwned, A: Serialize> Listing<T, A> {
    /// Reads it, as awaiting it does.
    ///
    /// # Errors
    ///
    /// [`Decode`](ErrorKind::Decode) where the answer holds no list, which is not the same as an empty one, and
    /// whatever can befall a request.
    pub async fn to_vec(self) -> Result<Vec<T>> {
        let arguments = Arguments::new(self.operation, &self.arguments)?;
        let core = &self.client.core;
        let own = self.selection.as_deref().map(inspect::selection).transpose()?;
        let print = || {
            let selection = match &own {
                Some(own) => Selection::Custom(own),
                None => Selection::Default(&core.dropped),
            };
            let document = self.operation.document(&arguments, selection);
            let body = Body::new(Some(self.operation.name), &document, arguments.variables())?.with(&[]);
            Ok(move |_| body.clone())
        };
        let sending = Sending::new(self.operation, own.is_some(), &self.options);
        let reply = send(core, sending, print).await?;
        let path = self.operation.response_path();
        let error = match decode::at::<Vec<Option<T>>>(&reply.body, &path) {
            Ok(envelope) => match envelope.data {
                Found::Value(rows) => return Ok(rows.into_iter().flatten().collect()),
                Found::Null(_) | Found::Missing(_) => Error::new(
                    ErrorKind::Decode,
                    format!(
                        "the answer holds no {}, which is not an empty list",
                        path.join(".")
                    ),
                ),
            },
            Err(error) => error,
        };
        Err(reply.attach(error, self.operation.name))
    }
}

impl<T, A> IntoFuture for Listing<T, A>
where
    T: DeserializeOwned + 'static,
    A: Serialize + Send + Sync + 'static,
{
    type Output = Result<Vec<T>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.to_vec())
    }
}
