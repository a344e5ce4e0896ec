//! `pluvo groups`.

use super::export;
use super::get::{self, Showing, Which};
use super::list::{self, Printing, Reading};
use crate::cli::Global;
use crate::connect;
use crate::exit::Result;
use crate::values::Order;
use clap::{Args, Subcommand};
use pluvo_sdk::model::{Group, GroupSortByInput, GroupSortField, SortDirection};
use pluvo_sdk::operation::generated::{GROUP, GROUP_MANAGERS, GROUP_MEMBERS, GROUPS, GroupsVariables};
use pluvo_sdk::{Client, List};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List groups
    List {
        #[command(flatten)]
        filters: Filters,
        #[command(flatten)]
        reading: Reading,
        #[command(flatten)]
        printing: Printing,
    },
    /// Show one group
    Get {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        showing: Showing,
    },
    /// List the members of a group
    Members(People),
    /// List the managers of a group
    Managers(People),
    /// Write groups to a file
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
    /// Only groups whose name holds this text
    #[arg(long, value_name = "TEXT")]
    q: Option<String>,
    /// How to sort: name, name:desc
    #[arg(long, value_name = "FIELD[:asc|desc]")]
    sort_by: Option<Order>,
}

/// People of one group.
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
    fn list(&self, client: &Client) -> List<Group, GroupsVariables> {
        let mut list = client.groups().list();
        if let Some(text) = &self.q {
            list = list.q(text);
        }
        if let Some(order) = &self.sort_by {
            list = list.sort_by(GroupSortByInput {
                field: Some(GroupSortField::from(order.field.as_str())),
                direction: order.direction.as_deref().map(SortDirection::from),
            });
        }
        list
    }
}

pub(crate) async fn run(global: &Global, command: &Command) -> Result {
    let client = connect::client(global)?;
    let groups = client.groups();
    match command {
        Command::List {
            filters,
            reading,
            printing,
        } => list::run(global, filters.list(&client), &GROUPS, reading, printing).await,
        Command::Get { which, showing } => get::run(global, groups.get(which.key()), &GROUP, showing).await,
        Command::Members(People {
            which,
            reading,
            printing,
        }) => {
            list::run(
                global,
                groups.members(which.key()),
                &GROUP_MEMBERS,
                reading,
                printing,
            )
            .await
        }
        Command::Managers(People {
            which,
            reading,
            printing,
        }) => {
            list::run(
                global,
                groups.managers(which.key()),
                &GROUP_MANAGERS,
                reading,
                printing,
            )
            .await
        }
        Command::Export {
            filters,
            reading,
            writing,
        } => export::run(global, filters.list(&client), &GROUPS, reading, writing).await,
    }
}
