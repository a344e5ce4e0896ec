//! `pluvo report`.

use super::export;
use super::list::{self, Printing, Reading};
use crate::cli::Global;
use crate::connect;
use crate::exit::{Failure, Result};
use crate::values::member;
use clap::{Args, Subcommand};
use pluvo_sdk::model::{Id, PortfolioReportItem, PortfolioReportRelatedObjectType};
use pluvo_sdk::operation::generated::{PORTFOLIO_REPORT, PortfolioReportVariables};
use pluvo_sdk::{Client, Key, List};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List how far people are, a row for each person and training or course
    List {
        #[command(flatten)]
        filters: Filters,
        #[command(flatten)]
        reading: Reading,
        #[command(flatten)]
        printing: Printing,
    },
    /// Write it to a file
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
    /// Only members of one of these groups, by Pluvo's ids
    #[arg(long, value_delimiter = ',', value_name = "ID,…")]
    group_ids: Vec<String>,
    /// Only members of one of these groups, by one's own ids; each takes a request
    #[arg(long, value_delimiter = ',', value_name = "REF,…")]
    group_refs: Vec<String>,
    /// Only these kinds of object. Pluvo documents training alone
    #[arg(long, value_delimiter = ',', value_parser = member::<PortfolioReportRelatedObjectType>, value_name = "KIND,…")]
    related_object_types: Option<Vec<PortfolioReportRelatedObjectType>>,
}

impl Filters {
    async fn list(&self, client: &Client) -> Result<List<PortfolioReportItem, PortfolioReportVariables>> {
        let mut groups: Vec<Id> = self.group_ids.iter().map(|id| Id::from(id.as_str())).collect();
        for reference in &self.group_refs {
            let group = client.groups().get(Key::reference(reference)).await?;
            // Without the filter the report would be about everybody.
            let group =
                group.ok_or_else(|| Failure::not_found(format!("there is no group `{reference}`")))?;
            groups.push(group.id);
        }
        let mut list = client.portfolio_report().list();
        if !groups.is_empty() {
            list = list.user_group_ids(groups);
        }
        if let Some(types) = &self.related_object_types {
            list = list.related_object_types(types.iter().cloned());
        }
        Ok(list)
    }
}

pub(crate) async fn run(global: &Global, command: &Command) -> Result {
    let client = connect::client(global)?;
    match command {
        Command::List {
            filters,
            reading,
            printing,
        } => {
            let list = filters.list(&client).await?;
            list::run(global, list, &PORTFOLIO_REPORT, reading, printing).await
        }
        Command::Export {
            filters,
            reading,
            writing,
        } => {
            let list = filters.list(&client).await?;
            export::run(global, list, &PORTFOLIO_REPORT, reading, writing).await
        }
    }
}
