//! Trainings, which Pluvo also calls learning journeys, and who is in them.

use super::{Get, Key};
use crate::client::Client;
use crate::model::{Id, Training, TrainingListItem, TrainingRole, TrainingUser};
use crate::operation::generated::{
    TRAINING, TRAINING_PARTICIPANTS, TRAINING_TRAINERS, TRAININGS, TrainingParticipantsVariables,
    TrainingTrainersVariables, TrainingsVariables,
};
use crate::paginate::List;

/// The organisation's trainings. Needs the scope `trainings.read`.
#[derive(Debug, Clone)]
pub struct Trainings {
    client: Client,
}

impl Client {
    /// The organisation's trainings.
    pub fn trainings(&self) -> Trainings {
        Trainings { client: self.clone() }
    }
}

impl Trainings {
    /// All trainings, in the short form that Pluvo gives for lists.
    pub fn list(&self) -> List<TrainingListItem, TrainingsVariables> {
        List::new(self.client.clone(), &TRAININGS, TrainingsVariables::default())
    }

    /// One training in full, or none.
    pub fn get(&self, key: impl Into<Key>) -> Get<Training> {
        Get::new(self.client.clone(), &TRAINING, key.into().arguments())
    }

    /// All participants of a training. What Pluvo tells of each is inferred; see [`TrainingUser`].
    ///
    /// Reading it fails with [`NotFound`](crate::ErrorKind::NotFound) where there is no such training.
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
    pub fn trainers(&self, training: impl Into<Key>) -> List<TrainingUser, TrainingTrainersVariables> {
        let (id, r#ref) = training.into().split();
        let variables = TrainingTrainersVariables { id, r#ref, q: None };
        List::new(self.client.clone(), &TRAINING_TRAINERS, variables)
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
