//! `pluvo check`.

use crate::cli::Global;
use crate::connect;
use crate::exit::Result;
use crate::output::{blank, heading};
use crate::schema::{Difference, What, compare, introspect, known};
use crate::terminal;
use clap::{Args, ValueEnum};
use pluvo_sdk::{Client, Error, ErrorKind};
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt::Write;

/// So many differences are shown to people; JSON has all of them.
const SHOWN: usize = 40;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// How to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// Leave the comparison of the schemas out
    #[arg(long)]
    no_schema: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Table,
    /// One JSON document
    Json,
}

/// A cheap read that tells whether a part of the API can be read.
struct Probe {
    what: &'static str,
    /// The scope that it likely needs; none where no documented scope fits.
    scope: Option<&'static str>,
    field: &'static str,
    document: &'static str,
}

/// Of events there is no list to count: one is asked for by an id that nobody has.
const PROBES: [Probe; 7] = [
    Probe {
        what: "users",
        scope: Some("users.read"),
        field: "paginatedUsers",
        document: "query CheckUsers { paginatedUsers(first: 1) { count } }",
    },
    Probe {
        what: "groups",
        scope: Some("groups.read"),
        field: "paginatedGroups",
        document: "query CheckGroups { paginatedGroups(first: 1) { count } }",
    },
    Probe {
        what: "trainings",
        scope: Some("trainings.read"),
        field: "paginatedTrainings",
        document: "query CheckTrainings { paginatedTrainings(first: 1) { count } }",
    },
    Probe {
        what: "events",
        scope: Some("events.read"),
        field: "offerEvent",
        document: "query CheckEvents { offerEvent(id: \"00000000-0000-4000-8000-000000000000\") { id } }",
    },
    Probe {
        what: "certificates",
        scope: None,
        field: "certificates",
        document: "query CheckCertificates { certificates(first: 1) { count } }",
    },
    Probe {
        what: "portfolio report",
        scope: None,
        field: "portfolioReport",
        document: "query CheckPortfolioReport { portfolioReport(first: 1) { count } }",
    },
    Probe {
        what: "extra categories",
        scope: None,
        field: "extraCategories",
        document: "query CheckExtraCategories { extraCategories { id } }",
    },
];

#[derive(Serialize)]
struct Report {
    endpoint: String,
    /// None where nobody told, as with a token that was handed in.
    granted: Option<Vec<String>>,
    missing: Vec<String>,
    reads: Vec<Read>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<Schema>,
}

#[derive(Serialize)]
struct Read {
    what: &'static str,
    scope: Option<&'static str>,
    ok: bool,
    /// How many there are, where the server counts them.
    count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip)]
    error: Option<Error>,
}

#[derive(Serialize)]
struct Schema {
    /// Why there is nothing to compare with.
    #[serde(skip_serializing_if = "Option::is_none")]
    unavailable: Option<String>,
    differences: Vec<Difference>,
}

pub(crate) async fn run(global: &Global, arguments: &Arguments) -> Result {
    // With a token of its own, or it would not be seen that credentials work no longer.
    let client = connect::client_anew(global)?;
    let access = client.check().await?;
    let mut reads = Vec::new();
    for probe in &PROBES {
        reads.push(read(&client, probe).await);
    }
    let report = Report {
        endpoint: client.endpoint().graphql().to_string(),
        granted: access.granted,
        missing: access.missing,
        reads,
        schema: if arguments.no_schema {
            None
        } else {
            Some(schema(&client).await)
        },
    };
    match arguments.format {
        Format::Json => terminal::print(&format!("{}\n", serde_json::json!(report)))?,
        Format::Table => terminal::print(&report.text(terminal::color_stdout(global.color)))?,
    }
    report.verdict()
}

async fn read(client: &Client, probe: &Probe) -> Read {
    let answer = client
        .query(probe.document)
        .send::<BTreeMap<String, Option<Box<RawValue>>>>()
        .await;
    let mut read = Read {
        what: probe.what,
        scope: probe.scope,
        ok: true,
        count: None,
        code: None,
        message: None,
        error: None,
    };
    match answer {
        Ok(data) => read.count = data.get(probe.field).and_then(|value| count(value.as_deref()?)),
        // To be told that there is no such thing, one must have been let in.
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => {
            read.ok = false;
            read.code = Some(error.kind().code());
            read.message = Some(error.message().to_owned());
            read.error = Some(error);
        }
    }
    read
}

fn count(value: &RawValue) -> Option<u64> {
    #[derive(serde::Deserialize)]
    struct Connection {
        count: Option<u64>,
    }
    if value.get().starts_with('[') {
        return serde_json::from_str::<Vec<&RawValue>>(value.get())
            .ok()
            .map(|list| list.len() as u64);
    }
    serde_json::from_str::<Connection>(value.get()).ok()?.count
}

async fn schema(client: &Client) -> Schema {
    let unavailable = |why: String| Schema {
        unavailable: Some(why),
        differences: Vec::new(),
    };
    match introspect(client).await {
        Ok(Some(server)) => Schema {
            unavailable: None,
            differences: compare(known(), &server),
        },
        Ok(None) => unavailable("the server tells nothing of its schema".to_owned()),
        Err(error) => unavailable(format!(
            "the server does not tell its schema: {}",
            error.message()
        )),
    }
}

impl Report {
    /// Whether anything is wrong: a scope that was asked for and not granted, a read that fails although the token
    /// may do it, or no read at all. That a token may not read everything is its owner's wish.
    fn verdict(&self) -> Result {
        if !self.missing.is_empty() {
            let message = format!("not granted: {}", self.missing.join(" "));
            return Err(Error::new(ErrorKind::Permission, message).into());
        }
        let granted = |scope: Option<&str>| match (&self.granted, scope) {
            (Some(granted), Some(scope)) => granted.iter().any(|have| have == scope),
            _ => false,
        };
        let wrong = |read: &&Read| {
            let refused = read
                .error
                .as_ref()
                .is_some_and(|error| error.kind() == ErrorKind::Permission);
            !read.ok && (!refused || granted(read.scope))
        };
        let none = self.reads.iter().all(|read| !read.ok);
        let first = self
            .reads
            .iter()
            .find(wrong)
            .or_else(|| self.reads.first().filter(|_| none));
        match first.and_then(|read| read.error.clone()) {
            Some(error) => Err(error.into()),
            None => Ok(()),
        }
    }

    fn text(&self, color: bool) -> String {
        let token = match &self.granted {
            None => "given; the server does not tell which scopes it has".to_owned(),
            Some(scopes) if scopes.is_empty() => "granted without a scope".to_owned(),
            Some(scopes) => format!("granted {}", scopes.join(" ")),
        };
        let mut text = format!("Endpoint  {}\nToken     {token}", self.endpoint);
        if !self.missing.is_empty() {
            let _ = write!(text, "\nMissing   {}", self.missing.join(" "));
        }
        let mut reads = blank(color);
        reads.set_header(["Read", "Scope", "Answer"].map(|title| heading(title, color)));
        for read in &self.reads {
            let answer = match (&read.error, read.count) {
                (None, Some(count)) => format!("ok, {count}"),
                (None, None) => "ok".to_owned(),
                (Some(error), _) if error.kind() == ErrorKind::Permission => "refused".to_owned(),
                (Some(error), _) => format!("{}: {}", error.kind(), error.message()),
            };
            reads.add_row([read.what, read.scope.unwrap_or("not documented"), &answer]);
        }
        let _ = write!(text, "\n\n{}\n", reads.trim_fmt());
        if let Some(schema) = &self.schema {
            let _ = write!(text, "\n{}", schema.text(color));
        }
        text
    }
}

impl Schema {
    fn text(&self, color: bool) -> String {
        if let Some(why) = &self.unavailable {
            return format!("Schema    {why}\n");
        }
        let number = |what| {
            self.differences
                .iter()
                .filter(|difference| difference.what == what)
                .count()
        };
        let (lacking, other, new) = (number(What::Lacking), number(What::Other), number(What::New));
        let mut text = format!(
            "Schema    {lacking} known things are not there, {other} have another type, {new} there are not known\n"
        );
        if self.differences.is_empty() {
            return text;
        }
        let mut table = blank(color);
        table.set_header(
            ["Difference", "Name", "Known as", "Type here", "Type there"].map(|title| heading(title, color)),
        );
        for difference in self.differences.iter().take(SHOWN) {
            table.add_row([
                difference.what.as_str(),
                &difference.name,
                difference.standing.map_or("", |standing| standing.as_str()),
                difference.known.as_deref().unwrap_or_default(),
                difference.server.as_deref().unwrap_or_default(),
            ]);
        }
        let _ = writeln!(text, "\n{}", table.trim_fmt());
        if let Some(more) = self.differences.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            let _ = writeln!(text, "… and {more} more: --format json has all of them");
        }
        text
    }
}
