//! `pluvo users sync`.

mod html;
mod report;

use self::html::Terms;
use self::report::Report;
use super::stop_signal;
use crate::cli::Global;
use crate::exit::{Failure, Result};
use crate::output::Aside;
use crate::source::mapping::Mapping;
use crate::source::people::Unusable;
use crate::source::{Sheet, Source};
use crate::terminal;
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use pluvo_sdk::Client;
use pluvo_sdk::sync::{Guards, Person, Plan};
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub(crate) struct Arguments {
    /// The mapping: a TOML file that says which column becomes what
    #[arg(long, value_name = "MAP", help_heading = "Reading")]
    map: PathBuf,
    /// The day that dates of leaving are held against [default: the day it is]
    #[arg(long, value_name = "DATE", help_heading = "Reading")]
    today: Option<Date>,
    /// Show the plan and write nothing
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
    /// Apply the plan without asking; needed where nobody can be asked
    #[arg(long)]
    yes: bool,
    /// Archive active people with a ref of whom no row speaks
    #[arg(long)]
    archive_missing: bool,
    /// Archive managers too, where they leave or are missing
    #[arg(long)]
    archive_managers: bool,
    /// Take people out of groups that other rows name and theirs does not
    #[arg(long)]
    leave_groups: bool,
    /// Refuse a plan that archives more people than this, or a larger share of the active ones [default: 10%]
    #[arg(long, value_parser = most, value_name = "N|P%")]
    max_archive: Option<Most>,
    /// Refuse a plan that leaves any row or anybody alone
    #[arg(long)]
    strict: bool,
    /// Write down here what is done, and pass over what an interrupted run wrote down
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Let Pluvo send invitations to people who are created
    #[arg(long)]
    notify: bool,
    /// How to show the plan [default: table on a terminal, else json]
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Output")]
    format: Option<Format>,
    /// Write the plan to this file instead of standard output; html needs one
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
    // Last, since its heading goes on to whatever follows it.
    #[command(flatten)]
    source: Source,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Aligned columns for people
    Table,
    /// One JSON document, with what became of it
    Json,
    /// A page that needs nothing else, to be read by whoever decides
    Html,
}

/// How many may be archived.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Most {
    People(usize),
    Share(f64),
}

fn most(text: &str) -> Result<Most, String> {
    let wrong = || format!("`{text}` is neither a number of people nor a share such as 10%");
    match text.strip_suffix('%') {
        None => text.parse().map(Most::People).map_err(|_| wrong()),
        Some(percent) => match percent.trim().parse::<f64>() {
            Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(Most::Share(percent / 100.0)),
            _ => Err(wrong()),
        },
    }
}

impl Arguments {
    fn format(&self) -> Result<Format> {
        let on_terminal = self.output.is_none() && terminal::stdout_is_terminal();
        let default = if on_terminal { Format::Table } else { Format::Json };
        let format = self.format.unwrap_or(default);
        if format == Format::Html && self.output.is_none() {
            return Err(Failure::usage("html goes to a file: name one by --output"));
        }
        Ok(format)
    }

    fn guards(&self) -> Guards {
        let guards = Guards::default();
        match self.max_archive {
            None => guards,
            Some(Most::Share(share)) => Guards {
                archive_share: share,
                ..guards
            },
            Some(Most::People(people)) => Guards {
                archive_share: 1.0,
                archive_at_most: Some(people),
                ..guards
            },
        }
    }

    fn people(&self, today: Date) -> Result<Vec<Person>> {
        let mapping = Mapping::read(&self.map)?;
        let Sheet { headings, rows } = self.source.read()?;
        if !headings.is_empty() {
            mapping.fits(&self.map, &headings, &self.source.name())?;
        }
        let people = mapping.people(&headings, &rows, today);
        let mut persons = people.usable;
        persons.extend(people.unusable.into_iter().map(left_alone));
        persons.sort_by_key(|person| person.line);
        Ok(persons)
    }

    /// Under what the plan was made, for whoever decides.
    fn terms(&self, objection: Option<&Failure>) -> Terms {
        let either = |is: bool, yes: &str, no: &str| if is { yes } else { no }.to_owned();
        Terms {
            rules: vec![
                either(
                    self.archive_missing,
                    "Active people of whom no row speaks are archived, if they have a ref.",
                    "People of whom no row speaks stay as they are.",
                ),
                either(
                    self.archive_managers,
                    "Managers are archived like others.",
                    "Managers are not archived.",
                ),
                either(
                    self.leave_groups,
                    "People are taken out of groups that other rows name and theirs does not.",
                    "Nobody is taken out of a group.",
                ),
                either(
                    self.notify,
                    "People who are created are sent an invitation.",
                    "Nobody is mailed.",
                ),
            ],
            objection: objection.map(ToString::to_string),
        }
    }

    /// What keeps the plan from being applied.
    fn objection(&self, plan: &Plan) -> Option<Failure> {
        let problems = plan.problems().len();
        if self.strict && problems > 0 {
            return Some(Failure::invalid(format!(
                "{problems} rows or people would be left alone, and --strict allows none"
            )));
        }
        self.guards().check(plan).err().map(Failure::from)
    }
}

/// A row that cannot be used goes into the plan all the same: whoever it is about is not missing, and is not to be
/// archived for that.
fn left_alone(row: Unusable) -> Person {
    Person {
        fault: Some(row.message),
        ..row.person
    }
}

pub(crate) async fn run(global: &Global, client: &Client, arguments: &Arguments) -> Result {
    let format = arguments.format()?;
    let can_ask = terminal::can_ask() && !arguments.source.is_stdin();
    if !arguments.dry_run && !arguments.yes && !can_ask {
        return Err(Failure::usage(
            "nobody can be asked here: say --dry-run to see the plan, or --yes to apply it",
        ));
    }
    let today = arguments
        .today
        .unwrap_or_else(|| jiff::ZonedDateTime::now().date());
    let people = arguments.people(today)?;
    let names: HashMap<u64, String> = people
        .iter()
        .filter_map(|person| Some((person.line?, person.name.clone()?)))
        .collect();
    let plan = client
        .users()
        .sync(people)
        .archive_missing(arguments.archive_missing)
        .archive_managers(arguments.archive_managers)
        .leave_groups(arguments.leave_groups)
        .plan()
        .await?;
    let mut report = Report::new(&arguments.source.name(), today, &plan, &names);
    let objection = arguments.objection(&plan);
    match format {
        Format::Table => arguments.emit(&report.table(terminal::color_stdout(global.color)))?,
        Format::Html => arguments.emit(&html::page(&report, &arguments.terms(objection.as_ref())))?,
        // With what becomes of it, at the end.
        Format::Json => {}
    }
    let ended = match objection {
        Some(failure) if arguments.dry_run => {
            terminal::note(global, &format!("warning: it would not be applied: {failure}"));
            Ok(())
        }
        Some(failure) => Err(failure),
        None if arguments.dry_run || plan.is_empty() => Ok(()),
        None if !arguments.yes && !terminal::ask(&format!("Apply it: {}?", plan.summary()))? => {
            terminal::note(global, "Nothing was written.");
            Ok(())
        }
        None => apply(global, arguments, plan, format, &mut report).await,
    };
    if format == Format::Json {
        arguments.emit(&report.json())?;
    }
    ended
}

async fn apply(
    global: &Global,
    arguments: &Arguments,
    plan: Plan,
    format: Format,
    report: &mut Report,
) -> Result {
    let bar = terminal::bar(global, "steps");
    let shown = bar.clone();
    let mut apply = plan
        .apply()
        .guards(arguments.guards())
        .notify(arguments.notify)
        .until(stop_signal()?)
        .on_progress(move |progress| {
            // Steps with values of extra categories are counted twice, which the total does not know.
            shown.set_length(progress.total.unwrap_or_default().max(progress.done));
            shown.set_position(progress.done);
        });
    if let Some(journal) = &arguments.journal {
        apply = apply.journal(journal);
    }
    let applied = apply.run().await;
    bar.finish_and_clear();
    let outcome = report.add(&applied?);
    let text = outcome.text(terminal::color_stdout(global.color));
    match format {
        Format::Table if arguments.output.is_none() => terminal::print(&format!("\n{text}"))?,
        _ => terminal::note(global, text.trim_end()),
    }
    outcome.verdict()
}

impl Arguments {
    fn emit(&self, text: &str) -> Result {
        match self.output.as_deref().filter(|path| *path != Path::new("-")) {
            None => terminal::print(text),
            Some(path) => {
                let failed = |error: std::io::Error| Failure::file("write", path, &error);
                let aside = Aside::new(path).map_err(failed)?;
                let mut out = aside.writer().map_err(failed)?;
                out.write_all(text.as_bytes())
                    .and_then(|()| out.flush())
                    .map_err(failed)?;
                drop(out);
                aside.put().map(drop).map_err(failed)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Most, most};

    #[test]
    fn guards_are_numbers_or_shares() {
        assert_eq!(most("12"), Ok(Most::People(12)));
        assert_eq!(most("5%"), Ok(Most::Share(0.05)));
        for wrong in ["", "-1", "101%", "-1%", "many", "%"] {
            assert!(most(wrong).is_err(), "{wrong}");
        }
    }
}
