//! Reading the payload of a change: three wrappers round the same thing, and one shape for users.

use super::Unfinished;
use crate::client::Reply;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{BulkAction, Id};
use crate::operation::{Operation, Shape};
use crate::response::decode::{self, Found};
use serde::de::DeserializeOwned;
use std::marker::PhantomData;

/// What a change gives, and how it is found in the answer: an object as any type that can be read from it, and a few
/// things besides.
///
/// A trait rather than a function in each change, so that a program holds code only for what it reads: the bindings take answers
/// as text.
pub trait Payload {
    /// What awaiting the change gives.
    type Output;

    #[doc(hidden)]
    fn read(answer: &Answer) -> Result<Self::Output>;
}

impl<T: DeserializeOwned> Payload for T {
    type Output = T;

    fn read(answer: &Answer) -> Result<T> {
        answer.object()
    }
}

/// The answer to a change.
#[derive(Debug)]
pub struct Answer {
    pub(super) reply: Reply,
    pub(super) operation: &'static Operation,
    /// Whether the caller has selected the payload as a whole, and not an object in it.
    pub(super) whole: bool,
}

impl Answer {
    /// Reads it; an error says of which request it is.
    pub(super) fn told<T>(&self, read: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        read(self).map_err(|error| self.reply.attach(error, self.operation.name))
    }

    /// What lies at a path below the payload, and has to be there.
    fn at<T: DeserializeOwned>(&self, below: &[&'static str]) -> Result<T> {
        let mut path = self.operation.response_path();
        path.extend(below);
        let (depth, what) = match decode::at::<T>(&self.reply.body, &path)?.data {
            Found::Value(value) => return Ok(value),
            Found::Null(depth) => (depth, "is null"),
            Found::Missing(depth) => (depth, "is missing"),
        };
        let place = std::iter::once("data").chain(path[..depth].iter().copied());
        let place = place.collect::<Vec<_>>().join(".");
        Err(Error::new(
            ErrorKind::Decode,
            format!("the answer's {place} {what} and there is no error, so it does not say what was done"),
        ))
    }

    /// The payload as a whole.
    pub(super) fn payload<T: DeserializeOwned>(&self) -> Result<T> {
        self.at(&[])
    }

    /// A field of the payload.
    pub(super) fn field<T: DeserializeOwned>(&self, name: &'static str) -> Result<T> {
        self.at(&[name])
    }

    /// The payload's object, or what stands in its place.
    fn object<T: DeserializeOwned>(&self) -> Result<T> {
        if self.whole || self.operation.shape == Shape::List {
            self.payload()
        } else {
            self.at(&[self.wrapper()])
        }
    }

    /// The bulk result, whatever its wrapper is called.
    pub(super) fn bulk(&self) -> Result<BulkResult> {
        let action: BulkAction = self.object()?;
        Ok(BulkResult {
            succeeded: action.succeeded_ids.unwrap_or_default(),
            failed: action.failed_ids.unwrap_or_default(),
            unfinished: Vec::new(),
        })
    }

    /// The name of what the payload holds: that of the first field that is selected of it.
    fn wrapper(&self) -> &'static str {
        self.operation.selection.first().map_or("", |field| field.name)
    }
}

/// The result of changing a person, or creating one where nobody matched.
///
/// ```no_run
/// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
/// # use pluvo_sdk::{UserKey, model::UpdateUserInput};
/// use pluvo_sdk::resources::Upserted;
/// # let anne = UpdateUserInput::default();
/// let Upserted { user, created } = client.users().upsert(UserKey::reference("EMP-1"), anne).await?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upserted<U = crate::model::User> {
    /// The person.
    pub user: U,
    /// True where the person is new. False where not, where the server does not tell, and where the call was repeated
    /// after an attempt whose answer was lost: the person may be new all the same then.
    pub created: bool,
}

impl<U: DeserializeOwned> Payload for Upserted<U> {
    type Output = Self;

    fn read(answer: &Answer) -> Result<Self> {
        Ok(Self {
            user: answer.object()?,
            created: matches!(
                decode::at(
                    &answer.reply.body,
                    &[&answer.operation.response_path()[..], &["created"]].concat()
                )?
                .data,
                Found::Value(true)
            ),
        })
    }
}

/// What a change gives that gives back a list of objects: a vector of them. A null among them is no row.
#[derive(Debug)]
pub struct Rows<T>(PhantomData<T>);

impl<T: DeserializeOwned> Payload for Rows<T> {
    type Output = Vec<T>;

    fn read(answer: &Answer) -> Result<Vec<T>> {
        Ok(answer.object::<Vec<Option<T>>>()?.into_iter().flatten().collect())
    }
}

/// What a change gives that says no more than that it was made: nothing.
#[derive(Debug)]
pub struct Done(());

impl Payload for Done {
    type Output = ();

    fn read(answer: &Answer) -> Result<()> {
        if answer.object::<bool>()? {
            return Ok(());
        }
        let field = answer.wrapper();
        Err(Error::new(
            ErrorKind::Graphql,
            format!("Pluvo answers that it was not done: {field} is false"),
        ))
    }
}

/// What became of each thing of a change that concerns many.
///
/// ```no_run
/// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
/// let result = client.offers().archive(["933d8663-edf6-42c9-895a-eeec13fff0ab"], true).await?;
/// for id in result.failed {
///     eprintln!("{id} is not archived");
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct BulkResult {
    /// For these it was done.
    pub succeeded: Vec<Id>,
    /// For these it was not. Pluvo does not say why.
    pub failed: Vec<Id>,
    /// Parts of a long list whose requests failed as a whole; what they name is in no other list.
    pub unfinished: Vec<Unfinished>,
}
