//! `pluvo users upsert`.

use super::outcome::{Fault, Format, Outcomes, follow, show};
use crate::cli::Global;
use crate::exit::Result;
use crate::source::Source;
use crate::source::mapping::Mapping;
use crate::source::people::Unusable;
use crate::terminal;
use clap::{Args, ValueEnum};
use pluvo_sdk::bulk::UpsertKey;
use pluvo_sdk::model::UpdateUserInput;
use pluvo_sdk::sync::Person;
use pluvo_sdk::{Client, Error, ErrorKind};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The mapping: which column becomes what [default: columns named ref, email, name, roles and language]
    #[arg(long, value_name = "MAP", help_heading = "Reading")]
    map: Option<PathBuf>,
    /// By what people are found. By address, whoever's address changed is created a second time
    #[arg(long, value_enum, default_value_t, value_name = "FIELD")]
    by: By,
    /// Let Pluvo send invitations to people who are created
    #[arg(long)]
    notify: bool,
    /// How to tell what became of it [default: table on a terminal, else json]
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Output")]
    format: Option<Format>,
    // Last, since its heading goes on to whatever follows it.
    #[command(flatten)]
    source: Source,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum By {
    /// One's own id of the person
    #[default]
    Ref,
    /// The e-mail address
    Email,
}

/// Why a row is not sent, beside what is wrong with it.
const LEAVES: &str = "somebody who leaves is not written: archive them, or use `pluvo users sync`";

impl Arguments {
    fn people(&self, global: &Global) -> Result<(Vec<Person>, Vec<Unusable>)> {
        let mapping = self.map.as_deref().map(Mapping::read).transpose()?;
        let sheet = self.source.read()?;
        let mapping = match (mapping, &self.map) {
            (Some(mapping), Some(path)) => {
                if !sheet.headings.is_empty() {
                    mapping.fits(path, &sheet.headings, &self.source.name())?;
                }
                mapping
            }
            _ => Mapping::by_name(&sheet.headings),
        };
        if mapping.has_more_than_fields() {
            terminal::note(
                global,
                "warning: groups and values of extra categories are left out; `pluvo users sync` writes them",
            );
        }
        let today = jiff::ZonedDateTime::now().date();
        let people = mapping.people(&sheet.headings, &sheet.rows, today);
        let (leaving, staying): (Vec<_>, Vec<_>) =
            people.usable.into_iter().partition(|person| person.leaving);
        let mut unusable = people.unusable;
        unusable.extend(leaving.into_iter().map(|person| Unusable {
            line: person.line.unwrap_or_default(),
            message: LEAVES.to_owned(),
            person,
        }));
        Ok((staying, unusable))
    }
}

pub(crate) async fn run(global: &Global, client: &Client, arguments: &Arguments) -> Result {
    let (people, unusable) = arguments.people(global)?;
    let who: Vec<(Option<u64>, String)> = people.iter().map(|person| (person.line, name(person))).collect();
    let key = match arguments.by {
        By::Ref => UpsertKey::Ref,
        By::Email => UpsertKey::Email,
    };
    let bulk = client
        .users()
        .upsert_many(people.into_iter().map(input), key)
        .notify(arguments.notify);
    let mut outcomes = Outcomes::default();
    for row in unusable {
        let error = Error::new(ErrorKind::Invalid, row.message);
        outcomes.fail(Fault::new(Some(row.line), name(&row.person), &error));
    }
    follow(global, bulk, &who, &mut outcomes).await?;
    show(global, arguments.format, &outcomes)
}

fn name(person: &Person) -> String {
    let names = [&person.r#ref, &person.email, &person.name];
    names.into_iter().flatten().next().cloned().unwrap_or_default()
}

fn input(person: Person) -> UpdateUserInput {
    UpdateUserInput {
        r#ref: person.r#ref,
        email: person.email,
        name: person.name,
        roles: person.roles,
        language: person.language,
        ..UpdateUserInput::default()
    }
}
