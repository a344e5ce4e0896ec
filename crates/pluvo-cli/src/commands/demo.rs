//! `pluvo demo`.

use super::export::{self, Format, Written};
use super::stop_signal;
use crate::cli::Global;
use crate::connect;
use crate::exit::{Failure, Result};
use crate::output::columns::columns;
use crate::output::{Sink, Table};
use crate::rows::{Models, row};
use crate::terminal;
use crate::values::duration;
use clap::Args;
use indicatif::{HumanBytes, ProgressBar};
use pluvo_sandbox::{Action, At, Effect, Fault, Sandbox};
use pluvo_sdk::operation::generated::USERS;
use pluvo_sdk::{Client, Error, ErrorKind};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Pages in flight where the demo reads in parallel.
const PARALLEL: usize = 8;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Keep the exports in this folder, which is made if need be
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// How many people the sandbox has
    #[arg(long, default_value_t = 5000, value_name = "N")]
    users: usize,
    /// How long every answer of the sandbox takes at least
    #[arg(long, value_parser = duration, default_value = "20ms", value_name = "DURATION")]
    latency: Duration,
}

pub(crate) async fn run(global: &Global, arguments: &Arguments) -> Result {
    let temporary = tempfile::tempdir().map_err(|error| Failure::io("make a temporary folder", &error))?;
    let folder = match &arguments.out {
        None => temporary.path(),
        Some(folder) => {
            fs::create_dir_all(folder).map_err(|error| Failure::file("make the folder", folder, &error))?;
            folder
        }
    };
    let show = show(global, arguments, folder);
    tokio::select! {
        shown = show => shown?,
        () = stop_signal()? => return Err(Failure::interrupted()),
    }
    say(&match &arguments.out {
        None => "The exports are removed again; --out FOLDER keeps them.\n".to_owned(),
        Some(folder) => format!("The exports are in {}.\n", folder.display()),
    })
}

async fn show(global: &Global, arguments: &Arguments, folder: &Path) -> Result {
    let demo = Demo {
        global,
        users: arguments.users,
        sandbox: Sandbox::builder()
            .users(arguments.users)
            .latency(arguments.latency)
            .start()
            .await
            .map_err(|error| Failure::io("start the sandbox", &error))?,
        folder,
        repeated: Arc::default(),
    };
    say(&format!(
        "A Pluvo organisation of {} people on {}; every answer takes {} ms.\n",
        demo.users,
        demo.sandbox.url(),
        arguments.latency.as_millis()
    ))?;
    demo.access().await?;
    demo.lists().await?;
    let export = demo.exports().await?;
    demo.faults(&export).await?;
    say("\nEverything was whole.\n")
}

struct Demo<'a> {
    global: &'a Global,
    users: usize,
    sandbox: Sandbox,
    folder: &'a Path,
    /// Attempts that failed and were repeated.
    repeated: Arc<AtomicUsize>,
}

impl Demo<'_> {
    /// A client that has learned nothing yet.
    fn client(&self) -> Result<Client> {
        let repeated = Arc::clone(&self.repeated);
        let client = connect::tuned(Client::builder(self.sandbox.url()), self.global)
            .credentials(self.sandbox.client_id(), self.sandbox.client_secret())
            .on_attempt(move |attempt| {
                repeated.fetch_add(usize::from(attempt.error.is_some()), Ordering::Relaxed);
            })
            .build()?;
        Ok(client)
    }

    async fn access(&self) -> Result {
        let access = self.client()?.check().await?;
        say(&format!(
            "\n1. Access\n   granted: {}\n",
            access.granted.unwrap_or_default().join(" ")
        ))
    }

    async fn lists(&self) -> Result {
        let client = self.client()?;
        let (users, groups, trainings) = (
            client.users().list().count().await?,
            client.groups().list().count().await?,
            client.trainings().list().count().await?,
        );
        say(&format!(
            "\n2. Lists\n   {users} users, {groups} groups, {trainings} trainings; the first users:\n"
        ))?;
        let first = client.users().list().limit(4).to_vec().await?;
        let mut table = Vec::new();
        let columns = columns(&USERS, Some("ref name email roles"));
        let mut sink = Table::new(&mut table, columns, terminal::color_stdout(self.global.color));
        first
            .iter()
            .try_for_each(|user| sink.row(&row(user)))
            .and_then(|()| sink.finish())
            .map_err(|error| Failure::stdout(&error))?;
        drop(sink);
        let lines = String::from_utf8_lossy(&table);
        lines.lines().try_for_each(|line| say(&format!("  {line}\n")))?;
        whole(users == self.users as u64, "the count")
    }

    /// Exports twice to CSV, compares, exports to Parquet, and hands the first over.
    async fn exports(&self) -> Result<Vec<u8>> {
        say("\n3. Exports\n")?;
        let sequence = self.export("users.csv", Format::Csv, 1).await?;
        sequence.line("users.csv", "page after page", "")?;
        let parallel = self.export("users-parallel.csv", Format::Csv, PARALLEL).await?;
        let ratio = sequence.took.as_secs_f64() / parallel.took.as_secs_f64();
        let how = format!("{PARALLEL} pages in flight");
        parallel.line("users-parallel.csv", &how, &format!(", {ratio:.1} times as fast"))?;
        let parquet = self.export("users.parquet", Format::Parquet, PARALLEL).await?;
        parquet.line("users.parquet", &how, "")?;
        let first = self.read("users.csv")?;
        whole(first == self.read("users-parallel.csv")?, "users-parallel.csv")?;
        Ok(first)
    }

    /// Breaks the server in three ways, and exports all the same.
    async fn faults(&self, expected: &[u8]) -> Result {
        say("\n4. A server that breaks, read with the same number of pages in flight\n")?;
        let pages = u64::try_from(self.users / 50).unwrap_or(u64::MAX).max(2);
        let busy = Effect::Status {
            status: 429,
            headers: BTreeMap::from([("Retry-After".to_owned(), "1".to_owned())]),
            body: None,
            content_type: None,
        };
        let reset = Effect::Connection {
            action: Action::Reset,
            at: At::Byte(500),
        };
        for (what, fault) in [
            (
                "the token ends midway",
                Fault::graphql(Effect::ExpireTokens).from(pages / 2),
            ),
            (
                "429, Retry-After: 1",
                Fault::graphql(busy).from(pages / 3).times(2),
            ),
            (
                "connections are reset",
                Fault::graphql(reset).from(pages / 4).times(3),
            ),
        ] {
            self.sandbox.clear_faults();
            self.sandbox.add_faults([fault]);
            self.repeated.store(0, Ordering::Relaxed);
            let export = self.export("users-faulty.csv", Format::Csv, PARALLEL).await?;
            let repeated = self.repeated.load(Ordering::Relaxed);
            export.line(what, &format!("{repeated} requests repeated"), ", the same file")?;
            let hit = self.sandbox.faults().iter().all(|planned| planned.hits > 0);
            whole(hit && repeated > 0, "the fault: it never came")?;
            whole(self.read("users-faulty.csv")? == expected, "users-faulty.csv")?;
        }
        Ok(())
    }

    async fn export(&self, name: &str, format: Format, parallel: usize) -> Result<Timed> {
        let list = self.client()?.users().list().parallel(parallel);
        let mut pages = Models(list.pager()?);
        let (place, bar) = (self.folder.join(name), ProgressBar::hidden());
        let started = Instant::now();
        let written = export::to_file(
            self.global,
            &mut pages,
            format,
            columns(&USERS, None),
            &place,
            &bar,
        )
        .await?;
        whole(written.rows == self.users as u64, name)?;
        Ok(Timed {
            written,
            took: started.elapsed(),
        })
    }

    fn read(&self, name: &str) -> Result<Vec<u8>> {
        let place = self.folder.join(name);
        fs::read(&place).map_err(|error| Failure::file("read", &place, &error))
    }
}

struct Timed {
    written: Written,
    took: Duration,
}

impl Timed {
    /// Says what was exported, how, and how long it took.
    fn line(&self, what: &str, how: &str, more: &str) -> Result {
        let Self {
            written: Written { rows, bytes },
            took,
        } = self;
        let size = HumanBytes(*bytes).to_string();
        let took = took.as_secs_f64();
        say(&format!(
            "   {what:<22}  {how:<20}  {rows} rows, {size:>10}, {took:5.2} s{more}\n"
        ))
    }
}

/// The demo fails where anything is not as it should be.
fn whole(whole: bool, what: &str) -> Result {
    if whole {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Internal, format!("{what} is not as it should be")).into())
}

fn say(text: &str) -> Result {
    terminal::print(text)
}
