//! Reading the payload of a change: three wrappers round the same thing, and one shape for users.

use super::Unfinished;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{BulkAction, Id};
use crate::operation::Operation;
use crate::response::decode::{self, Found};
use bytes::Bytes;
use serde::de::DeserializeOwned;

/// The answer to a change.
pub(super) struct Answer {
    pub(super) body: Bytes,
    pub(super) operation: &'static Operation,
}

impl Answer {
    /// What lies at a path below the payload, and has to be there.
    fn at<T: DeserializeOwned>(&self, below: &[&'static str]) -> Result<T> {
        let mut path = self.operation.response_path();
        path.extend(below);
        let (depth, what) = match decode::at::<T>(&self.body, &path)?.data {
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

    /// The payload's object.
    pub(super) fn object<T: DeserializeOwned>(&self) -> Result<T> {
        self.at(&[self.wrapper()])
    }

    /// A payload that is a list. A null in it is no row.
    pub(super) fn rows<T: DeserializeOwned>(&self) -> Result<Vec<T>> {
        Ok(self.at::<Vec<Option<T>>>(&[])?.into_iter().flatten().collect())
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

    /// A payload that says no more than whether it was done.
    pub(super) fn done(&self) -> Result<()> {
        if self.object::<bool>()? {
            return Ok(());
        }
        let field = self.wrapper();
        Err(Error::new(
            ErrorKind::Graphql,
            format!("Pluvo answers that it was not done: {field} is false"),
        ))
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

impl<U: DeserializeOwned> Upserted<U> {
    pub(super) fn read(answer: &Answer) -> Result<Self> {
        Ok(Self {
            user: answer.object()?,
            created: matches!(
                decode::at(
                    &answer.body,
                    &[&answer.operation.response_path()[..], &["created"]].concat()
                )?
                .data,
                Found::Value(true)
            ),
        })
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
