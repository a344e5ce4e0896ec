//! Writing one thing.

use super::answer::{Answer, Payload, Rows, Upserted};
use crate::client::{CallOptions, Client};
use crate::error::Result;
use crate::inspect;
use crate::operation::{Arguments, Body, Operation, Selection, Sending, send};
use crate::time::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::IntoFuture;
use std::marker::PhantomData;

/// One change that is about to be made. Await it.
///
/// Nobody is mailed unless [`Write::notify`] says so: the mail switch of a mutation is always sent.
///
/// A change that leaves the organisation the same when it is made twice is repeated when it fails on the way; any
/// other fails with [`Indeterminate`](crate::ErrorKind::Indeterminate) where nobody can say whether it was made.
///
/// ```no_run
/// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
/// use pluvo_sdk::{UserKey, model::UpdateUserInput};
/// let anne = UpdateUserInput {
///     name: Some("Anne Jansen".into()),
///     email: Some("anne@example.com".into()),
///     ..UpdateUserInput::default()
/// };
/// let upserted = client.users().upsert(UserKey::reference("EMP-1"), anne).notify(true).await?;
/// println!("{} is new: {}", upserted.user.id, upserted.created);
/// # Ok(()) }
/// ```
///
/// `T` is what it gives: an object of the schema, or whatever type its fields are read as.
#[derive(Debug)]
#[must_use = "nothing is sent before it is awaited"]
pub struct Write<T> {
    client: Client,
    operation: &'static Operation,
    arguments: Result<Arguments>,
    notify: bool,
    selection: Selected,
    options: CallOptions,
    result: PhantomData<fn() -> T>,
}

/// Which part of the default selection the caller has replaced.
#[derive(Debug, Clone)]
enum Selected {
    Default,
    /// That of the payload's object.
    Object(String),
    /// All of it.
    Payload(String),
}

impl<T> Write<T> {
    pub(super) fn new<V: Serialize>(client: &Client, operation: &'static Operation, variables: &V) -> Self {
        Self {
            client: client.clone(),
            operation,
            arguments: Arguments::new(operation, variables),
            notify: false,
            selection: Selected::Default,
            options: CallOptions::default(),
            result: PhantomData,
        }
    }

    /// Fails with this error instead of sending anything, unless there is none.
    pub(super) fn checked(mut self, check: Result<()>) -> Self {
        if let Err(error) = check {
            self.arguments = Err(error.with_operation(self.operation.name));
        }
        self
    }

    /// Whether Pluvo mails the people whom it concerns. It does not unless this says so. For changes about which
    /// Pluvo mails nobody it has no effect.
    pub fn notify(mut self, notify: bool) -> Self {
        self.notify = notify;
        self
    }

    /// Sets what differs for this call.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// The same change with a list of ids or refs.
    pub(super) fn with(&self, variable: &str, list: impl Iterator<Item = String>) -> Self {
        let arguments = self.arguments.clone().map(|mut arguments| {
            arguments.set(variable, list.collect::<Vec<_>>());
            arguments
        });
        Self {
            client: self.client.clone(),
            operation: self.operation,
            arguments,
            notify: self.notify,
            selection: self.selection.clone(),
            options: self.options.clone(),
            result: PhantomData,
        }
    }

    /// Reads the payload as the caller has chosen it.
    pub(super) fn payload<R>(self, selection: String) -> Write<R> {
        self.reading(Selected::Payload(selection))
    }

    fn reading<R>(self, selection: Selected) -> Write<R> {
        Write {
            client: self.client,
            operation: self.operation,
            arguments: self.arguments,
            notify: self.notify,
            selection,
            options: self.options,
            result: PhantomData,
        }
    }

    /// Makes the change. What it gives is still to be read.
    pub(super) async fn answer(self) -> Result<Answer> {
        let mut arguments = self.arguments?;
        if let Some(switch) = self.operation.mail_switch {
            arguments.set(switch, self.notify);
        }
        let core = &self.client.core;
        let own = match &self.selection {
            Selected::Default => None,
            Selected::Object(text) | Selected::Payload(text) => Some(inspect::selection(text)?),
        };
        let print = || {
            let selection = match (&own, &self.selection) {
                (Some(own), Selected::Object(_)) => Selection::Object(own),
                (Some(own), _) => Selection::Custom(own),
                (None, _) => Selection::Default(&core.dropped),
            };
            let document = self.operation.document(&arguments, selection);
            let body = Body::new(Some(self.operation.name), &document, arguments.variables())?.with(&[]);
            Ok(move |_| body.clone())
        };
        let mut sending = Sending::new(self.operation, own.is_some(), &self.options);
        sending.repeatable &= !(self.notify && self.operation.mails_again);
        let reply = send(core, sending, print).await?;
        Ok(Answer {
            reply,
            operation: self.operation,
            whole: matches!(self.selection, Selected::Payload(_)),
        })
    }
}

impl<T: Payload + 'static> IntoFuture for Write<T> {
    type Output = Result<T::Output>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async { self.answer().await?.told(T::read) })
    }
}

/// Changes that give back the object that was changed.
impl<T: DeserializeOwned> Write<T> {
    /// Selects other fields of the object than the default ones, as GraphQL text, and reads it as `R`.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// # use pluvo_sdk::{Key, model::UpdateUserInput};
    /// #[derive(serde::Deserialize)]
    /// struct Row { id: String }
    /// let change = UpdateUserInput { name: Some("Anne".into()), ..UpdateUserInput::default() };
    /// let row = client.users().update(Key::reference("EMP-1"), change).select::<Row>("id").await?;
    /// # Ok(()) }
    /// ```
    pub fn select<R>(self, selection: impl Into<String>) -> Write<R> {
        self.reading(Selected::Object(selection.into()))
    }

    /// Reads the object as `R`, with the selection as it is: as bytes that another decoder reads, for example.
    pub fn read_as<R>(self) -> Write<R> {
        self.reading(Selected::Default)
    }
}

/// Changes that give back a list of objects.
impl<T> Write<Rows<T>> {
    /// Selects other fields of each object than the default ones, as GraphQL text, and reads them as `R`.
    pub fn select<R>(self, selection: impl Into<String>) -> Write<Rows<R>> {
        self.reading(Selected::Payload(selection.into()))
    }

    /// Reads each object as `R`, with the selection as it is.
    pub fn read_as<R>(self) -> Write<Rows<R>> {
        self.reading(Selected::Default)
    }
}

/// Changes that may create.
impl<U> Write<Upserted<U>> {
    /// Selects other fields of the person than the default ones, as GraphQL text, and reads it as `R`.
    pub fn select<R>(self, selection: impl Into<String>) -> Write<Upserted<R>> {
        self.reading(Selected::Object(selection.into()))
    }

    /// Reads the person as `R`, with the selection as it is.
    pub fn read_as<R>(self) -> Write<Upserted<R>> {
        self.reading(Selected::Default)
    }
}
