//! `pluvo trainings`.

use super::export;
use super::get::{self, Showing, Which};
use super::list::{self, Printing, Reading};
use crate::cli::Global;
use crate::connect;
use crate::exit::Result;
use crate::values::member;
use clap::{Args, Subcommand};
use pluvo_sdk::model::{TrainingListItem, TrainingRole};
use pluvo_sdk::operation::generated::{
    TRAINING, TRAINING_PARTICIPANTS, TRAINING_TRAINERS, TRAININGS, TrainingsVariables,
};
use pluvo_sdk::{Client, List};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List trainings
    List {
        #[command(flatten)]
        filters: Filters,
        #[command(flatten)]
        reading: Reading,
        #[command(flatten)]
        printing: Printing,
    },
    /// Show one training
    Get {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        showing: Showing,
    },
    /// List the participants of a training
    Participants(People),
    /// List the trainers of a training
    Trainers(People),
    /// Write trainings to a file
    Export {
        #[command(flatten)]
        filters: Filters,
        #[command(flatten)]
        reading: Reading,
        #[command(flatten)]
        writing: export::Writing,
    },
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Filters")]
pub(crate) struct Filters {
    /// Only trainings whose title holds this text
    #[arg(long, value_name = "TEXT")]
    q: Option<String>,
    /// Only archived trainings, or with `false` only others
    #[arg(long, num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    archived: Option<bool>,
    /// Only active trainings, or with `false` only others (on an older page of the documentation alone)
    #[arg(long, num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    active: Option<bool>,
    /// Only the trainings of this person (on an older page alone)
    #[arg(long, value_name = "ID")]
    user_id: Option<String>,
    /// Only trainings in which that person is one of these: participant, trainer (on an older page alone)
    #[arg(long, value_delimiter = ',', value_parser = member::<TrainingRole>, value_name = "ROLE,…")]
    training_user_roles: Option<Vec<TrainingRole>>,
}

/// People of one training.
#[derive(Debug, Args)]
pub(crate) struct People {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    printing: Printing,
}

impl Filters {
    fn list(&self, client: &Client) -> List<TrainingListItem, TrainingsVariables> {
        let mut list = client.trainings().list();
        if let Some(text) = &self.q {
            list = list.q(text);
        }
        if let Some(archived) = self.archived {
            list = list.archived(archived);
        }
        if let Some(active) = self.active {
            list = list.active(active);
        }
        if let Some(id) = &self.user_id {
            list = list.user_id(id.as_str());
        }
        if let Some(roles) = &self.training_user_roles {
            list = list.training_user_roles(roles.iter().cloned());
        }
        list
    }
}

pub(crate) async fn run(global: &Global, command: &Command) -> Result {
    let client = connect::client(global)?;
    let trainings = client.trainings();
    match command {
        Command::List {
            filters,
            reading,
            printing,
        } => list::run(global, filters.list(&client), &TRAININGS, reading, printing).await,
        Command::Get { which, showing } => {
            get::run(global, trainings.get(which.key()), &TRAINING, showing).await
        }
        Command::Participants(People {
            which,
            reading,
            printing,
        }) => {
            let list = trainings.participants(which.key());
            list::run(global, list, &TRAINING_PARTICIPANTS, reading, printing).await
        }
        Command::Trainers(People {
            which,
            reading,
            printing,
        }) => {
            let list = trainings.trainers(which.key());
            list::run(global, list, &TRAINING_TRAINERS, reading, printing).await
        }
        Command::Export {
            filters,
            reading,
            writing,
        } => export::run(global, filters.list(&client), &TRAININGS, reading, writing).await,
    }
}
