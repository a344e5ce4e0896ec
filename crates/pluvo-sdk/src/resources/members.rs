//! Who is put into something, or taken out of it.

use super::answer::Answer;
use super::chunked::PEOPLE;
use super::{Chunked, Unfinished, Write};
use crate::client::Client;
use crate::error::Result;
use crate::model::{AddUsersToGroup, AddUsersToTraining, Id, RemoveUsersFromGroup, RemoveUsersFromTraining};
use crate::operation::Operation;
use serde::Serialize;

/// People, by Pluvo's ids or by one's own.
///
/// A list of any length; [`Chunked`](super::Chunked) says how it is sent.
///
/// ```
/// use pluvo_sdk::resources::Members;
/// let members = Members::refs(["EMP-1", "EMP-2"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Members {
    /// Pluvo's ids.
    Ids(Vec<Id>),
    /// One's own ids, such as employee numbers.
    Refs(Vec<String>),
}

impl Members {
    /// By Pluvo's ids.
    pub fn ids<I: Into<Id>>(ids: impl IntoIterator<Item = I>) -> Self {
        Self::Ids(ids.into_iter().map(Into::into).collect())
    }

    /// By one's own ids.
    pub fn refs<R: Into<String>>(refs: impl IntoIterator<Item = R>) -> Self {
        Self::Refs(refs.into_iter().map(Into::into).collect())
    }

    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Self::Ids(ids) => ids.len(),
            Self::Refs(refs) => refs.len(),
        }
    }

    /// Whether it names nobody.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The same in parts of no more than so many.
    pub(super) fn parts(&self, size: usize) -> Vec<Self> {
        match self {
            Self::Ids(ids) => ids.chunks(size).map(|part| Self::Ids(part.to_vec())).collect(),
            Self::Refs(refs) => refs.chunks(size).map(|part| Self::Refs(part.to_vec())).collect(),
        }
    }

    /// For operations whose variables have one field for each form.
    pub(super) fn split(self) -> (Option<Vec<Id>>, Option<Vec<String>>) {
        match self {
            Self::Ids(ids) => (Some(ids), None),
            Self::Refs(refs) => (None, Some(refs)),
        }
    }
}

/// What became of each person whom a group or a training was to have, or to lose.
///
/// Pluvo answers with its ids, also where people were named by ref. A ref that nobody has may be in none of the lists.
///
/// ```no_run
/// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
/// # use pluvo_sdk::{Key, resources::Members};
/// let result = client.groups().add_users(Key::reference("sales"), Members::refs(["EMP-1"])).await?;
/// println!("{} added, {} were in it, {} failed", result.added.len(), result.already.len(), result.failed.len());
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Membership {
    /// Who was added.
    pub added: Vec<Id>,
    /// Who was removed.
    pub removed: Vec<Id>,
    /// Who was in it before and was to be added, or was not in it and was to be removed. For managers Pluvo does not
    /// tell, and counts them as added or removed.
    pub already: Vec<Id>,
    /// Who stays in a training because a group or an enrolment gives access to it.
    pub linked_via_object: Vec<Id>,
    /// For whom it was not done. Pluvo does not say why.
    pub failed: Vec<Id>,
    /// The same by ref. Only trainings have it.
    pub refs: MembershipRefs,
    /// Parts of a long list whose requests failed as a whole; its people are in no other list.
    pub unfinished: Vec<Unfinished>,
}

/// A [`Membership`] by the refs of its people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MembershipRefs {
    /// Who was added.
    pub added: Vec<String>,
    /// Who was removed.
    pub removed: Vec<String>,
    /// Who was in it before and was to be added, or was not in it and was to be removed.
    pub already: Vec<String>,
    /// Who stays in a training because a group or an enrolment gives access to it.
    pub linked_via_object: Vec<String>,
    /// For whom it was not done.
    pub failed: Vec<String>,
}

impl Membership {
    /// Whether it was done for everybody of whom the answers speak.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.refs.failed.is_empty() && self.unfinished.is_empty()
    }

    /// A change of who is in something: `of` is the group or the training, and what else the operation is told.
    pub(super) fn change(
        client: &Client,
        operation: &'static Operation,
        of: &impl Serialize,
        users: Members,
        read: fn(&Answer) -> Result<Self>,
    ) -> Chunked<Self> {
        Chunked::new(Write::new(client, operation, of), read, PEOPLE, users)
    }

    pub(super) fn added_to_group(answer: &Answer) -> Result<Self> {
        let payload: AddUsersToGroup = answer.payload()?;
        Ok(Self {
            added: payload.added_ids.unwrap_or_default(),
            already: payload.already_added_ids.unwrap_or_default(),
            failed: payload.failed_ids.unwrap_or_default(),
            ..Self::default()
        })
    }

    pub(super) fn removed_from_group(answer: &Answer) -> Result<Self> {
        let payload: RemoveUsersFromGroup = answer.payload()?;
        Ok(Self {
            removed: payload.removed_ids.unwrap_or_default(),
            already: payload.already_removed_ids.unwrap_or_default(),
            failed: payload.failed_ids.unwrap_or_default(),
            ..Self::default()
        })
    }

    pub(super) fn added_managers(answer: &Answer) -> Result<Self> {
        answer.bulk().map(|bulk| Self {
            added: bulk.succeeded,
            failed: bulk.failed,
            ..Self::default()
        })
    }

    pub(super) fn removed_managers(answer: &Answer) -> Result<Self> {
        answer.bulk().map(|bulk| Self {
            removed: bulk.succeeded,
            failed: bulk.failed,
            ..Self::default()
        })
    }

    pub(super) fn added_to_training(answer: &Answer) -> Result<Self> {
        let payload: AddUsersToTraining = answer.payload()?;
        Ok(Self {
            added: payload.added_ids.unwrap_or_default(),
            already: payload.already_added_ids.unwrap_or_default(),
            failed: payload.failed_ids.unwrap_or_default(),
            refs: MembershipRefs {
                added: payload.added_refs.unwrap_or_default(),
                already: payload.already_added_refs.unwrap_or_default(),
                failed: payload.failed_refs.unwrap_or_default(),
                ..MembershipRefs::default()
            },
            ..Self::default()
        })
    }

    pub(super) fn removed_from_training(answer: &Answer) -> Result<Self> {
        let payload: RemoveUsersFromTraining = answer.payload()?;
        Ok(Self {
            removed: payload.removed_ids.unwrap_or_default(),
            already: payload.already_removed_ids.unwrap_or_default(),
            linked_via_object: payload.ids_linked_via_object.unwrap_or_default(),
            failed: payload.failed_ids.unwrap_or_default(),
            refs: MembershipRefs {
                removed: payload.removed_refs.unwrap_or_default(),
                already: payload.already_removed_refs.unwrap_or_default(),
                linked_via_object: payload.refs_linked_via_object.unwrap_or_default(),
                failed: payload.failed_refs.unwrap_or_default(),
                ..MembershipRefs::default()
            },
            ..Self::default()
        })
    }
}
