//! `pluvo users`.

use super::export;
use super::get::{self, Showing, Who};
use super::list::{self, Printing, Reading};
use super::{archive, sync, upsert};
use crate::cli::Global;
use crate::connect;
use crate::exit::Result;
use crate::values::{Order, member, moment};
use clap::{Args, Subcommand};
use pluvo_sdk::model::{
    DateTime, ExtraCategoryFilterInput, Role, SortDirection, User, UserSortByInput, UserSortField,
};
use pluvo_sdk::operation::generated::{USER, USERS, UsersVariables};
use pluvo_sdk::{Client, List};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List people
    List {
        #[command(flatten)]
        filters: Filters,
        #[command(flatten)]
        reading: Reading,
        #[command(flatten)]
        printing: Printing,
    },
    /// Show one person
    Get {
        #[command(flatten)]
        who: Who,
        #[command(flatten)]
        showing: Showing,
    },
    /// Write people to a file
    Export {
        #[command(flatten)]
        filters: Filters,
        #[command(flatten)]
        reading: Reading,
        #[command(flatten)]
        writing: export::Writing,
    },
    /// Bring people in line with a file: shows a plan, asks, and applies it
    Sync(sync::Arguments),
    /// Change the people of a file, and create those who are not there yet
    Upsert(upsert::Arguments),
    /// Archive people, or bring them back
    Archive(archive::Arguments),
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Filters")]
pub(crate) struct Filters {
    /// Only people whose name or e-mail address holds this text
    #[arg(long, value_name = "TEXT")]
    q: Option<String>,
    /// Only archived people, or with `false` only others
    #[arg(long, num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    archived: Option<bool>,
    /// Only people with one of these roles: manager, trainer, participant
    #[arg(long, value_delimiter = ',', value_parser = member::<Role>, value_name = "ROLE,…")]
    user_roles: Option<Vec<Role>>,
    /// Only members of one of these groups
    #[arg(long, value_delimiter = ',', value_name = "ID,…")]
    group_ids: Option<Vec<String>>,
    /// Only people in one of these trainings
    #[arg(long, value_delimiter = ',', value_name = "ID,…")]
    training_ids: Option<Vec<String>>,
    /// Only people with one of these values of an extra category; may be repeated (its form is undocumented)
    #[arg(long, value_parser = category, value_name = "REF=VALUE,…")]
    extra_category: Vec<ExtraCategoryFilterInput>,
    /// Only people who last logged in after this moment
    #[arg(long, value_parser = moment, value_name = "MOMENT")]
    last_login_gt: Option<DateTime>,
    /// Only people who last logged in before this moment
    #[arg(long, value_parser = moment, value_name = "MOMENT")]
    last_login_lt: Option<DateTime>,
    /// How to sort: name, name:desc
    #[arg(long, value_name = "FIELD[:asc|desc]")]
    sort_by: Option<Order>,
}

impl Filters {
    fn list(&self, client: &Client) -> List<User, UsersVariables> {
        let mut list = client.users().list();
        if let Some(text) = &self.q {
            list = list.q(text);
        }
        if let Some(archived) = self.archived {
            list = list.archived(archived);
        }
        if let Some(roles) = &self.user_roles {
            list = list.user_roles(roles.iter().cloned());
        }
        if let Some(ids) = &self.group_ids {
            list = list.group_ids(ids.iter().map(String::as_str));
        }
        if let Some(ids) = &self.training_ids {
            list = list.training_ids(ids.iter().map(String::as_str));
        }
        if !self.extra_category.is_empty() {
            list = list.extra_categories(self.extra_category.iter().cloned());
        }
        if let Some(moment) = &self.last_login_gt {
            list = list.last_login_gt(moment.clone());
        }
        if let Some(moment) = &self.last_login_lt {
            list = list.last_login_lt(moment.clone());
        }
        if let Some(order) = &self.sort_by {
            list = list.sort_by(UserSortByInput {
                field: Some(UserSortField::from(order.field.as_str())),
                direction: order.direction.as_deref().map(SortDirection::from),
            });
        }
        list
    }
}

fn category(text: &str) -> Result<ExtraCategoryFilterInput, String> {
    let (category, values) = text
        .split_once('=')
        .filter(|(category, values)| !category.is_empty() && !values.is_empty())
        .ok_or_else(|| format!("`{text}` is not of the form REF=VALUE"))?;
    Ok(ExtraCategoryFilterInput {
        category_ref: Some(category.to_owned()),
        values: Some(values.split(',').map(str::to_owned).collect()),
        ..ExtraCategoryFilterInput::default()
    })
}

pub(crate) async fn run(global: &Global, command: &Command) -> Result {
    let client = connect::client(global)?;
    match command {
        Command::List {
            filters,
            reading,
            printing,
        } => list::run(global, filters.list(&client), &USERS, reading, printing).await,
        Command::Get { who, showing } => {
            get::run(global, client.users().get(who.key()), &USER, showing).await
        }
        Command::Export {
            filters,
            reading,
            writing,
        } => export::run(global, filters.list(&client), &USERS, reading, writing).await,
        Command::Sync(arguments) => sync::run(global, &client, arguments).await,
        Command::Upsert(arguments) => upsert::run(global, &client, arguments).await,
        Command::Archive(arguments) => archive::run(global, &client, arguments).await,
    }
}
