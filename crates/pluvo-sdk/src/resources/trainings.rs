//! Trainings, which Pluvo also calls learning journeys, and who is in them.

use super::{Chunked, Get, Key, Listing, Members, Membership, Write};
use crate::client::Client;
use crate::model::{
    CreateTrainingInput, Id, Training, TrainingListItem, TrainingRole, TrainingUser, UpdateTrainingInput,
};
use crate::operation::generated::{
    ADD_USERS_TO_TRAINING, ALL_TRAININGS, AddUsersToTrainingVariables, AllTrainingsVariables,
    CREATE_TRAINING, CreateTrainingVariables, REMOVE_USERS_FROM_TRAINING, RemoveUsersFromTrainingVariables,
    TRAINING, TRAINING_PARTICIPANTS, TRAINING_TRAINERS, TRAININGS, TrainingParticipantsVariables,
    TrainingTrainersVariables, TrainingVariables, TrainingsVariables, UPDATE_TRAINING,
    UpdateTrainingVariables,
};
use crate::paginate::List;

/// The organisation's trainings. Reading needs the scope `trainings.read`.
#[derive(Debug, Clone)]
pub struct Trainings {
    pub(crate) client: Client,
}

impl Client {
    /// The organisation's trainings.
    pub fn trainings(&self) -> Trainings {
        Trainings { client: self.clone() }
    }
}

impl Trainings {
    /// All trainings, in the short form that Pluvo gives for lists.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let trainings = client.trainings().list().archived(false).to_vec().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self) -> List<TrainingListItem, TrainingsVariables> {
        List::new(self.client.clone(), &TRAININGS, TrainingsVariables::default())
    }

    /// One training in full, or none.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let safety = client.trainings().get(pluvo_sdk::Key::reference("safety")).await?;
    /// # Ok(()) }
    /// ```
    pub fn get(&self, key: impl Into<Key>) -> Get<Training> {
        let (id, r#ref) = key.into().split();
        Get::new(&self.client, &TRAINING, &TrainingVariables { id, r#ref })
    }

    /// All trainings in one answer. Pluvo has deprecated it: prefer [`Trainings::list`].
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let trainings = client.trainings().all().query("safety").await?;
    /// # Ok(()) }
    /// ```
    pub fn all(&self) -> Listing<TrainingListItem, AllTrainingsVariables> {
        Listing::new(&self.client, &ALL_TRAININGS, AllTrainingsVariables::default())
    }

    /// Creates a training. Not repeated when it fails on the way. Needs the scope `trainings.write`.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::model::CreateTrainingInput;
    /// let training = client.trainings().create(CreateTrainingInput::new("Safety")).await?;
    /// # Ok(()) }
    /// ```
    pub fn create(&self, training: CreateTrainingInput) -> Write<Training> {
        let variables = CreateTrainingVariables { training };
        Write::new(&self.client, &CREATE_TRAINING, &variables)
    }

    /// Changes a training; `archived: true` archives it. Needs the scope `trainings.write`.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::{Key, model::UpdateTrainingInput};
    /// let change = UpdateTrainingInput { archived: Some(true), ..UpdateTrainingInput::default() };
    /// client.trainings().update(Key::reference("safety"), change).await?;
    /// # Ok(()) }
    /// ```
    pub fn update(&self, key: impl Into<Key>, training: UpdateTrainingInput) -> Write<Training> {
        let (id, r#ref) = key.into().split();
        let variables = UpdateTrainingVariables { id, r#ref, training };
        Write::new(&self.client, &UPDATE_TRAINING, &variables)
    }

    /// Adds people to a training, who are not mailed unless [`Write::notify`] says so. Needs the scope
    /// `trainings.write`.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::{Key, model::TrainingRole, resources::Members};
    /// let people = Members::refs(["EMP-1", "EMP-2"]);
    /// let result = client
    ///     .trainings()
    ///     .add_users(Key::reference("safety"), people, TrainingRole::Participant)
    ///     .notify(true)
    ///     .await?;
    /// println!("{:?} could not be added", result.refs.failed);
    /// # Ok(()) }
    /// ```
    pub fn add_users(
        &self,
        training: impl Into<Key>,
        users: Members,
        role: TrainingRole,
    ) -> Chunked<Membership> {
        let (training_id, training_ref) = training.into().split();
        let of = AddUsersToTrainingVariables {
            training_id,
            training_ref,
            role: Some(role),
            ..AddUsersToTrainingVariables::default()
        };
        let read = Membership::added_to_training;
        Membership::change(&self.client, &ADD_USERS_TO_TRAINING, &of, users, read)
    }

    /// Removes people from a training. Whoever has access through a group or an enrolment stays, and is listed in
    /// [`Membership::linked_via_object`]. Needs the scope `trainings.write`.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::{Key, resources::Members};
    /// let result = client.trainings().remove_users(Key::reference("safety"), Members::refs(["EMP-1"])).await?;
    /// println!("{} keep their access", result.linked_via_object.len());
    /// # Ok(()) }
    /// ```
    pub fn remove_users(&self, training: impl Into<Key>, users: Members) -> Chunked<Membership> {
        let (training_id, training_ref) = training.into().split();
        let of = RemoveUsersFromTrainingVariables {
            training_id,
            training_ref,
            ..RemoveUsersFromTrainingVariables::default()
        };
        let read = Membership::removed_from_training;
        Membership::change(&self.client, &REMOVE_USERS_FROM_TRAINING, &of, users, read)
    }

    /// All participants of a training. What Pluvo tells of each is inferred; see [`TrainingUser`].
    ///
    /// Reading it fails with [`NotFound`](crate::ErrorKind::NotFound) where there is no such training.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let people = client.trainings().participants(pluvo_sdk::Key::reference("safety")).to_vec().await?;
    /// # Ok(()) }
    /// ```
    pub fn participants(
        &self,
        training: impl Into<Key>,
    ) -> List<TrainingUser, TrainingParticipantsVariables> {
        let (id, r#ref) = training.into().split();
        let variables = TrainingParticipantsVariables { id, r#ref, q: None };
        List::new(self.client.clone(), &TRAINING_PARTICIPANTS, variables)
    }

    /// All trainers of a training.
    ///
    /// Reading it fails with [`NotFound`](crate::ErrorKind::NotFound) where there is no such training.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let people = client.trainings().trainers(pluvo_sdk::Key::reference("safety")).to_vec().await?;
    /// # Ok(()) }
    /// ```
    pub fn trainers(&self, training: impl Into<Key>) -> List<TrainingUser, TrainingTrainersVariables> {
        let (id, r#ref) = training.into().split();
        let variables = TrainingTrainersVariables { id, r#ref, q: None };
        List::new(self.client.clone(), &TRAINING_TRAINERS, variables)
    }
}

/// Filters of trainings that come in one answer.
impl<T> Listing<T, AllTrainingsVariables> {
    /// Only trainings that have this text.
    pub fn query(mut self, text: impl Into<String>) -> Self {
        self.arguments.query = Some(text.into());
        self
    }
}

/// Filters of trainings. `q` and `archived` are documented on `learning-journeys-2`, the others on older pages.
impl<T> List<T, TrainingsVariables> {
    /// Only trainings whose title holds this text.
    pub fn q(mut self, text: impl Into<String>) -> Self {
        self.arguments.q = Some(text.into());
        self
    }

    /// Only archived trainings, or only others.
    pub fn archived(mut self, archived: bool) -> Self {
        self.arguments.archived = Some(archived);
        self
    }

    /// Only active trainings, or only others. On an older page alone.
    pub fn active(mut self, active: bool) -> Self {
        self.arguments.active = Some(active);
        self
    }

    /// Only the trainings of one person. On an older page alone.
    pub fn user_id(mut self, id: impl Into<Id>) -> Self {
        self.arguments.user_id = Some(id.into());
        self
    }

    /// Only trainings in which that person has one of these roles. On an older page alone.
    pub fn training_user_roles(mut self, roles: impl IntoIterator<Item = TrainingRole>) -> Self {
        self.arguments.training_user_roles = Some(roles.into_iter().collect());
        self
    }
}

/// Filters of a training's participants. Inferred: the documentation elides the arguments.
impl<T> List<T, TrainingParticipantsVariables> {
    /// Only participants whose name or e-mail address holds this text.
    pub fn q(mut self, text: impl Into<String>) -> Self {
        self.arguments.q = Some(text.into());
        self
    }
}

/// Filters of a training's trainers. Inferred: the documentation elides the arguments.
impl<T> List<T, TrainingTrainersVariables> {
    /// Only trainers whose name or e-mail address holds this text.
    pub fn q(mut self, text: impl Into<String>) -> Self {
        self.arguments.q = Some(text.into());
        self
    }
}
