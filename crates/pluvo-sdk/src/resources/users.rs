//! People.

use super::{Get, UserKey};
use crate::client::Client;
use crate::model::{DateTime, ExtraCategoryFilterInput, Id, Role, User, UserSortByInput};
use crate::operation::generated::{USER, USERS, UsersVariables};
use crate::paginate::List;

/// The organisation's people. Needs the scope `users.read`.
#[derive(Debug, Clone)]
pub struct Users {
    pub(crate) client: Client,
}

impl Client {
    /// The organisation's people.
    pub fn users(&self) -> Users {
        Users { client: self.clone() }
    }
}

impl Users {
    /// All people, archived ones included unless a filter says otherwise, by name.
    pub fn list(&self) -> List<User, UsersVariables> {
        List::new(self.client.clone(), &USERS, UsersVariables::default())
    }

    /// One person, or none.
    pub fn get(&self, key: impl Into<UserKey>) -> Get<User> {
        Get::new(self.client.clone(), &USER, key.into().arguments())
    }
}

/// Filters and order of people. Documented on `users-2`.
impl<T> List<T, UsersVariables> {
    /// Only people whose name or e-mail address holds this text.
    pub fn q(mut self, text: impl Into<String>) -> Self {
        self.arguments.q = Some(text.into());
        self
    }

    /// Only archived people, or only others.
    pub fn archived(mut self, archived: bool) -> Self {
        self.arguments.archived = Some(archived);
        self
    }

    /// Only people with one of these roles.
    pub fn user_roles(mut self, roles: impl IntoIterator<Item = Role>) -> Self {
        self.arguments.user_roles = Some(roles.into_iter().collect());
        self
    }

    /// Only members of one of these groups.
    pub fn group_ids<I: Into<Id>>(mut self, ids: impl IntoIterator<Item = I>) -> Self {
        self.arguments.group_ids = Some(ids.into_iter().map(Into::into).collect());
        self
    }

    /// Only people in one of these trainings.
    pub fn training_ids<I: Into<Id>>(mut self, ids: impl IntoIterator<Item = I>) -> Self {
        self.arguments.training_ids = Some(ids.into_iter().map(Into::into).collect());
        self
    }

    /// Only people with these values of extra categories. The filter's fields are undocumented.
    pub fn extra_categories(mut self, filters: impl IntoIterator<Item = ExtraCategoryFilterInput>) -> Self {
        self.arguments.extra_categories = Some(filters.into_iter().collect());
        self
    }

    /// Only people who last logged in after this moment.
    pub fn last_login_gt(mut self, moment: impl Into<DateTime>) -> Self {
        self.arguments.last_login_gt = Some(moment.into());
        self
    }

    /// Only people who last logged in before this moment.
    pub fn last_login_lt(mut self, moment: impl Into<DateTime>) -> Self {
        self.arguments.last_login_lt = Some(moment.into());
        self
    }

    /// Sorts otherwise than by name, ascending.
    pub fn sort_by(mut self, order: UserSortByInput) -> Self {
        self.arguments.sort_by = Some(order);
        self
    }
}
