//! Groups, their members and their managers.

use super::answer::Answer;
use super::chunked::IDS;
use super::{BulkResult, Chunked, Done, Get, Key, Listing, Members, Membership, Write};
use crate::client::Client;
use crate::error::Result;
use crate::model::{CreateGroupInput, Group, GroupSortByInput, GroupVia, Id, UpdateGroupInput, User};
use crate::operation::Operation;
use crate::operation::generated::{
    ADD_MANAGERS_TO_GROUP, ADD_USERS_TO_GROUP, ALL_GROUPS, AddUsersToGroupVariables, AllGroupsVariables,
    CREATE_GROUP, CreateGroupVariables, DELETE_GROUP, DELETE_GROUPS, DeleteGroupVariables,
    DeleteGroupsVariables, GROUP, GROUP_MANAGERS, GROUP_MEMBERS, GROUPS, GroupManagersVariables,
    GroupMembersVariables, GroupVariables, GroupsVariables, REMOVE_MANAGERS_FROM_GROUP,
    REMOVE_USERS_FROM_GROUP, UPDATE_GROUP, UpdateGroupVariables,
};
use crate::paginate::List;

/// The organisation's groups. Reading needs the scope `groups.read`.
#[derive(Debug, Clone)]
pub struct Groups {
    pub(crate) client: Client,
}

impl Client {
    /// The organisation's groups.
    pub fn groups(&self) -> Groups {
        Groups { client: self.clone() }
    }
}

impl Groups {
    /// All groups.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let groups = client.groups().list().to_vec().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self) -> List<Group, GroupsVariables> {
        List::new(self.client.clone(), &GROUPS, GroupsVariables::default())
    }

    /// One group, or none. Its members and managers are lists of their own.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let sales = client.groups().get(pluvo_sdk::Key::reference("sales")).await?;
    /// # Ok(()) }
    /// ```
    pub fn get(&self, key: impl Into<Key>) -> Get<Group> {
        let (id, r#ref) = key.into().split();
        Get::new(&self.client, &GROUP, &GroupVariables { id, r#ref })
    }

    /// All groups in one answer. Prefer [`Groups::list`].
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let groups = client.groups().all().await?;
    /// # Ok(()) }
    /// ```
    pub fn all(&self) -> Listing<Group, AllGroupsVariables> {
        Listing::new(&self.client, &ALL_GROUPS, AllGroupsVariables::default())
    }

    /// Creates a group. Not repeated when it fails on the way. Needs the scope `groups.write`.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::model::CreateGroupInput;
    /// let sales = CreateGroupInput { r#ref: Some("sales".into()), ..CreateGroupInput::new("Sales") };
    /// let group = client.groups().create(sales).await?;
    /// # Ok(()) }
    /// ```
    pub fn create(&self, group: CreateGroupInput) -> Write<Group> {
        let variables = CreateGroupVariables { group };
        Write::new(&self.client, &CREATE_GROUP, &variables)
    }

    /// Changes a group. Needs the scope `groups.write`.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::{Key, model::UpdateGroupInput};
    /// let change = UpdateGroupInput { name: Some("Sales North".into()), ..UpdateGroupInput::default() };
    /// client.groups().update(Key::reference("sales"), change).await?;
    /// # Ok(()) }
    /// ```
    pub fn update(&self, key: impl Into<Key>, group: UpdateGroupInput) -> Write<Group> {
        let (id, r#ref) = key.into().split();
        let variables = UpdateGroupVariables { id, r#ref, group };
        Write::new(&self.client, &UPDATE_GROUP, &variables)
    }

    /// Deletes a group for good: groups have no archive. By Pluvo's id only, and not repeated when it fails on the
    /// way. Needs the scope `groups.write`.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// client.groups().delete("933d8663-edf6-42c9-895a-eeec13fff0ab").await?;
    /// # Ok(()) }
    /// ```
    pub fn delete(&self, id: impl Into<Id>) -> Write<Done> {
        let variables = DeleteGroupVariables::new(id);
        Write::new(&self.client, &DELETE_GROUP, &variables)
    }

    /// Deletes groups for good, by Pluvo's ids. Not repeated when it fails on the way. Needs the scope `groups.write`.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let result = client.groups().delete_many(["933d8663-edf6-42c9-895a-eeec13fff0ab"]).await?;
    /// println!("{} deleted", result.succeeded.len());
    /// # Ok(()) }
    /// ```
    pub fn delete_many<I: Into<Id>>(&self, ids: impl IntoIterator<Item = I>) -> Chunked<BulkResult> {
        let variables = DeleteGroupsVariables::default();
        let write = Write::new(&self.client, &DELETE_GROUPS, &variables);
        Chunked::new(write, Answer::bulk, IDS, Members::ids(ids))
    }

    /// Adds members to a group. Older documentation says that minutes may pass before it is done. Needs the scope
    /// `groups.write`.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::{Key, resources::Members};
    /// let members = Members::refs(["EMP-1", "EMP-2"]);
    /// let result = client.groups().add_users(Key::reference("sales"), members).await?;
    /// println!("{} added, {} were in it", result.added.len(), result.already.len());
    /// # Ok(()) }
    /// ```
    pub fn add_users(&self, group: impl Into<Key>, users: Members) -> Chunked<Membership> {
        self.change(
            &ADD_USERS_TO_GROUP,
            group.into(),
            users,
            Membership::added_to_group,
        )
    }

    /// Removes members from a group. Older documentation says that minutes may pass before it is done. Needs the
    /// scope `groups.write`.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::{Key, resources::Members};
    /// client.groups().remove_users(Key::reference("sales"), Members::refs(["EMP-1"])).await?;
    /// # Ok(()) }
    /// ```
    pub fn remove_users(&self, group: impl Into<Key>, users: Members) -> Chunked<Membership> {
        self.change(
            &REMOVE_USERS_FROM_GROUP,
            group.into(),
            users,
            Membership::removed_from_group,
        )
    }

    /// Adds managers to a group. A manager is not a member by that. What a repeat does is not documented, so it is
    /// not repeated when it fails on the way. Needs the scope `groups.write`.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::{Key, resources::Members};
    /// client.groups().add_managers(Key::reference("sales"), Members::refs(["EMP-7"])).await?;
    /// # Ok(()) }
    /// ```
    pub fn add_managers(&self, group: impl Into<Key>, users: Members) -> Chunked<Membership> {
        self.change(
            &ADD_MANAGERS_TO_GROUP,
            group.into(),
            users,
            Membership::added_managers,
        )
    }

    /// Removes managers from a group. What a repeat does is not documented, so it is not repeated when it fails on
    /// the way. Needs the scope `groups.write`.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::{Key, resources::Members};
    /// client.groups().remove_managers(Key::reference("sales"), Members::refs(["EMP-7"])).await?;
    /// # Ok(()) }
    /// ```
    pub fn remove_managers(&self, group: impl Into<Key>, users: Members) -> Chunked<Membership> {
        self.change(
            &REMOVE_MANAGERS_FROM_GROUP,
            group.into(),
            users,
            Membership::removed_managers,
        )
    }

    fn change(
        &self,
        operation: &'static Operation,
        group: Key,
        users: Members,
        read: fn(&Answer) -> Result<Membership>,
    ) -> Chunked<Membership> {
        // The four operations have the same variables.
        let (group_id, group_ref) = group.split();
        let of = AddUsersToGroupVariables {
            group_id,
            group_ref,
            ..AddUsersToGroupVariables::default()
        };
        Membership::change(&self.client, operation, &of, users, read)
    }

    /// All members of a group, however many. Who is a manager too is a member only if added as one.
    ///
    /// Reading it fails with [`NotFound`](crate::ErrorKind::NotFound) where there is no such group.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let members = client.groups().members(pluvo_sdk::Key::reference("sales")).to_vec().await?;
    /// # Ok(()) }
    /// ```
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
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let managers = client.groups().managers(pluvo_sdk::Key::reference("sales")).to_vec().await?;
    /// # Ok(()) }
    /// ```
    pub fn managers(&self, group: impl Into<Key>) -> List<User, GroupManagersVariables> {
        let (id, r#ref) = group.into().split();
        List::new(
            self.client.clone(),
            &GROUP_MANAGERS,
            GroupManagersVariables { id, r#ref },
        )
    }
}

/// Filters of groups that come in one answer.
impl<T> Listing<T, AllGroupsVariables> {
    /// Only groups that the caller relates to in this way. What ways there are is not documented.
    pub fn via(mut self, via: GroupVia) -> Self {
        self.arguments.group_via = Some(via);
        self
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
