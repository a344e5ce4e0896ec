//! Groups, their members and their managers.

use super::{Get, Key};
use crate::client::Client;
use crate::model::{Group, GroupSortByInput, User};
use crate::operation::generated::{
    GROUP, GROUP_MANAGERS, GROUP_MEMBERS, GROUPS, GroupManagersVariables, GroupMembersVariables,
    GroupsVariables,
};
use crate::paginate::List;

/// The organisation's groups. Needs the scope `groups.read`.
#[derive(Debug, Clone)]
pub struct Groups {
    client: Client,
}

impl Client {
    /// The organisation's groups.
    pub fn groups(&self) -> Groups {
        Groups { client: self.clone() }
    }
}

impl Groups {
    /// All groups.
    pub fn list(&self) -> List<Group, GroupsVariables> {
        List::new(self.client.clone(), &GROUPS, GroupsVariables::default())
    }

    /// One group, or none. Its members and managers are lists of their own.
    pub fn get(&self, key: impl Into<Key>) -> Get<Group> {
        Get::new(self.client.clone(), &GROUP, key.into().arguments())
    }

    /// All members of a group, however many. Who is a manager too is a member only if added as one.
    ///
    /// Reading it fails with [`NotFound`](crate::ErrorKind::NotFound) where there is no such group.
    pub fn members(&self, group: impl Into<Key>) -> List<User, GroupMembersVariables> {
        let (id, r#ref) = group.into().split();
        List::new(
            self.client.clone(),
            &GROUP_MEMBERS,
            GroupMembersVariables { id, r#ref },
        )
    }

    /// All managers of a group.
    ///
    /// Reading it fails with [`NotFound`](crate::ErrorKind::NotFound) where there is no such group.
    pub fn managers(&self, group: impl Into<Key>) -> List<User, GroupManagersVariables> {
        let (id, r#ref) = group.into().split();
        List::new(
            self.client.clone(),
            &GROUP_MANAGERS,
            GroupManagersVariables { id, r#ref },
        )
    }
}

/// Filters and order of groups. Documented on `groups-2`.
impl<T> List<T, GroupsVariables> {
    /// Only groups whose name holds this text.
    pub fn q(mut self, text: impl Into<String>) -> Self {
        self.arguments.q = Some(text.into());
        self
    }

    /// Sorts the groups.
    pub fn sort_by(mut self, order: GroupSortByInput) -> Self {
        self.arguments.sort_by = Some(order);
        self
    }
}
