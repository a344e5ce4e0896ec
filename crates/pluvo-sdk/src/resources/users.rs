//! People.

use super::answer::Answer;
use super::chunked::IDS;
use super::{BulkResult, Chunked, Get, Key, Listing, Members, Upserted, UserKey, Write};
use crate::client::Client;
use crate::error::Error;
use crate::model::{
    CreateUserInput, DateTime, ExtraCategoryFilterInput, Id, Role, UpdateUserInput, User, UserSortByInput,
};
use crate::operation::generated::{
    ALL_USERS, ARCHIVE_USERS, AllUsersVariables, ArchiveUsersVariables, CREATE_USER, CreateUserVariables,
    UPDATE_OR_CREATE_USER, UPDATE_USER, USER, USERS, UpdateOrCreateUserVariables, UpdateUserVariables,
    UserVariables, UsersVariables,
};
use crate::paginate::List;

/// The organisation's people. Reading needs the scope `users.read`.
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
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let people = client.users().list().archived(false).to_vec().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self) -> List<User, UsersVariables> {
        List::new(self.client.clone(), &USERS, UsersVariables::default())
    }

    /// One person, or none.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let anne = client.users().get(pluvo_sdk::UserKey::email("anne@example.com")).await?;
    /// # Ok(()) }
    /// ```
    pub fn get(&self, key: impl Into<UserKey>) -> Get<User> {
        let (id, r#ref, email) = key.into().split();
        Get::new(&self.client, &USER, &UserVariables { id, r#ref, email })
    }

    /// All people in one answer, as an older page has it. Prefer [`Users::list`].
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let active = client.users().all().active(true).await?;
    /// # Ok(()) }
    /// ```
    pub fn all(&self) -> Listing<User, AllUsersVariables> {
        Listing::new(&self.client, &ALL_USERS, AllUsersVariables::default())
    }

    /// Creates a person, who is not invited unless [`Write::notify`] says so. Needs the scope `users.write`.
    ///
    /// It fails where the person exists, and it is not repeated when it fails on the way; [`Users::upsert`] is what
    /// Pluvo recommends to integrations.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::model::CreateUserInput;
    /// let anne = client.users().create(CreateUserInput::new("anne@example.com", "Anne Jansen")).await?;
    /// # Ok(()) }
    /// ```
    pub fn create(&self, user: CreateUserInput) -> Write<User> {
        Write::new(&self.client, &CREATE_USER, &CreateUserVariables { user })
    }

    /// Changes a person, by id or ref. It cannot create anybody. Needs the scope `users.write`.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::{Key, model::{Language, UpdateUserInput}};
    /// let change = UpdateUserInput { language: Some(Language::Nl), ..UpdateUserInput::default() };
    /// let anne = client.users().update(Key::reference("EMP-1"), change).await?;
    /// # Ok(()) }
    /// ```
    pub fn update(&self, key: impl Into<Key>, user: UpdateUserInput) -> Write<User> {
        let (id, r#ref) = key.into().split();
        let variables = UpdateUserVariables { id, r#ref, user };
        Write::new(&self.client, &UPDATE_USER, &variables)
    }

    /// Changes a person, by ref or e-mail address, or creates one where nobody matches. A new person is not invited
    /// unless [`Write::notify`] says so. Needs the scope `users.write`.
    ///
    /// The ref is safer once everybody has one: whoever's address changed is created a second time by e-mail. An id
    /// is refused, since the person then exists: that is [`Users::update`].
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::{UserKey, model::UpdateUserInput};
    /// let anne = UpdateUserInput {
    ///     name: Some("Anne Jansen".into()),
    ///     email: Some("anne@example.com".into()),
    ///     ..UpdateUserInput::default()
    /// };
    /// let upserted = client.users().upsert(UserKey::reference("EMP-1"), anne).await?;
    /// println!("{}", if upserted.created { "new" } else { "known" });
    /// # Ok(()) }
    /// ```
    pub fn upsert(&self, key: impl Into<UserKey>, user: UpdateUserInput) -> Write<Upserted> {
        let (id, r#ref, email) = key.into().split();
        let check = match id {
            None => Ok(()),
            Some(_) => Err(Error::invalid(
                "nobody is created by Pluvo's id; give a ref or an e-mail address, or update",
            )),
        };
        let variables = UpdateOrCreateUserVariables {
            id: None,
            r#ref,
            email,
            user,
        };
        Write::new(&self.client, &UPDATE_OR_CREATE_USER, &variables).checked(check)
    }

    /// Archives a person or re-activates one. Needs the scope `users.write`.
    ///
    /// Archived people are deactivated, not deleted. It goes through `updateUser`, so a mistyped ref is an error and
    /// never a new person.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// client.users().set_archived(pluvo_sdk::Key::reference("EMP-1"), true).await?;
    /// # Ok(()) }
    /// ```
    pub fn set_archived(&self, key: impl Into<Key>, archived: bool) -> Write<User> {
        let change = UpdateUserInput {
            archived: Some(archived),
            ..UpdateUserInput::default()
        };
        self.update(key, change)
    }

    /// Archives people by Pluvo's ids, or re-activates them, with a mutation that only an older page has. Prefer
    /// [`Users::set_archived`]. Needs the scope `users.write`.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let result = client.users().archive(["933d8663-edf6-42c9-895a-eeec13fff0ab"], true).await?;
    /// println!("{} failed", result.failed.len());
    /// # Ok(()) }
    /// ```
    pub fn archive<I: Into<Id>>(
        &self,
        ids: impl IntoIterator<Item = I>,
        archive: bool,
    ) -> Chunked<BulkResult> {
        let variables = ArchiveUsersVariables {
            archive,
            ids: Vec::new(),
        };
        let write = Write::new(&self.client, &ARCHIVE_USERS, &variables);
        Chunked::new(write, Answer::bulk, IDS, Members::ids(ids))
    }
}

/// Filters of people on an older page.
impl<T> Listing<T, AllUsersVariables> {
    /// Only active people, or only others.
    pub fn active(mut self, active: bool) -> Self {
        self.arguments.active = Some(active);
        self
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
