//! The `pluvo` command: every call is a run of it.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::command_writes;
use crate::control::{Control, Result};
use crate::face::{Face, Failed, Seen};
use crate::scenario::{Auth, CallStep, Client, How, Read, Span};
use crate::stage::Stage;

/// The command, its clock held by `PLUVO_TEST_CLOCK=held`.
///
/// Runs of one client share a token file, as the command's `--token-cache` has it. What a run cannot be told or does not
/// tell is an error here, so that the scenario's file has to say why it is not for the command.
#[derive(Debug)]
pub struct Command {
    program: PathBuf,
    settings: Client,
    control: Control,
    folder: TempDir,
    authority: Option<PathBuf>,
    told: RefCell<String>,
}

/// Where the command is: at `PLUVO_BIN`, or where cargo puts it beside this test.
///
/// # Errors
///
/// How to get it, if it is not there.
fn program() -> Result<PathBuf> {
    let beside = || {
        let test = std::env::current_exe().ok()?;
        Some(
            test.parent()?
                .parent()?
                .join(format!("pluvo{}", std::env::consts::EXE_SUFFIX)),
        )
    };
    let program = std::env::var_os("PLUVO_BIN")
        .map(PathBuf::from)
        .or_else(beside)
        .unwrap_or_default();
    if program.is_file() {
        return Ok(program);
    }
    let path = program.display();
    Err(format!(
        "the command is not at {path}: run `cargo build -p pluvo-cli` first, or set PLUVO_BIN"
    ))
}

impl Face for Command {
    const NAME: &'static str = "cli";

    fn ready() -> Result<()> {
        program().map(drop)
    }

    fn new(stage: &Stage) -> Result<Self> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let settings = stage.scenario.client.clone();
        possible(&settings)?;
        let mut authority = None;
        if let Some(pem) = stage.authority.as_ref().filter(|_| settings.trust) {
            let path = folder.path().join("ca.pem");
            std::fs::write(&path, pem).map_err(|error| error.to_string())?;
            authority = Some(path);
        }
        let control = stage.control.clone();
        Ok(Self {
            program: program()?,
            settings,
            control,
            folder,
            authority,
            told: RefCell::default(),
        })
    }

    async fn call(&self, step: &CallStep, after: Option<String>) -> Result<Seen> {
        if step.concurrently > 1 || step.background.is_some() {
            return Err("the command makes one call and ends".to_owned());
        }
        let writes = command_writes::arguments(&step.call, &step.args, self.folder.path())?;
        let arguments = match writes {
            Some(line) => line,
            None => arguments(step, after)?,
        };
        let mut command = self.command(&step.client).await?;
        command.args(arguments);
        let output = command.output().await.map_err(|error| error.to_string())?;
        let (out, err) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        let mut error = None;
        for line in err.lines() {
            match serde_json::from_str::<Line>(line) {
                Ok(Line { error: told }) => error = Some(told),
                Err(_) => self.tell(line),
            }
        }
        if output.status.success() != error.is_none() {
            return Err(format!(
                "the command ended with {} and told: {err}",
                output.status
            ));
        }
        let mut seen = Seen::default();
        if crate::control::is_list(&step.call) {
            let rows: serde_json::Result<Vec<Value>> = out.lines().map(serde_json::from_str).collect();
            seen.rows = rows.map_err(|error| format!("{error} in {out}"))?;
        } else if !out.trim().is_empty() {
            let value = serde_json::from_str(&out).map_err(|error| format!("{error} in {out}"))?;
            let (value, whole) = command_writes::told(&step.call, value);
            // Where rows fail the command fails too, so that a script sees it.
            error = error.filter(|_| !whole);
            seen.value = Some(if step.how.partial {
                partial(&value, &err)
            } else {
                value
            });
        }
        if let Some(told) = error {
            seen.position.clone_from(&told.position);
            // A plan that a guard stops is told, and is not what the call gives.
            seen.value = None;
            // Not to find one is an error of the command, so that a script sees it.
            let one = step.call.split_once('.').is_some_and(|(_, what)| what == "get");
            let nobody = one && told.code == "not_found";
            seen.error = (!nobody).then(|| self.failed(&told));
        }
        Ok(seen)
    }

    fn advance(&self, by: Duration, calendar: Option<Span>) -> Result<()> {
        if by.is_zero() && calendar.is_none() {
            Ok(())
        } else {
            Err("the command's clock ends with it".to_owned())
        }
    }

    fn waits(&self) -> Option<Vec<Duration>> {
        None
    }

    fn log(&self) -> String {
        self.told.borrow().clone()
    }

    fn told(&self) -> String {
        self.told.borrow().clone()
    }

    fn store_mode(&self) -> Option<String> {
        let tokens = self
            .folder
            .path()
            .join(self.cache("first"))
            .join("pluvo")
            .join("tokens");
        let files = std::fs::read_dir(tokens)
            .ok()?
            .filter_map(|entry| Some(entry.ok()?.path()));
        let mut files = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
        mode(&files.next()?)
    }
}

#[cfg(unix)]
fn mode(path: &Path) -> Option<String> {
    let metadata = std::fs::metadata(path).ok()?;
    Some(format!(
        "{:o}",
        std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777
    ))
}

#[cfg(not(unix))]
fn mode(_: &Path) -> Option<String> {
    None
}

impl Command {
    /// The folder of a client's tokens; one for all where the scenario has them share it.
    fn cache(&self, client: &str) -> String {
        let name = if self.settings.store.is_some() {
            "shared"
        } else {
            client
        };
        format!("cache-{name}")
    }

    async fn command(&self, client: &str) -> Result<tokio::process::Command> {
        let mut command = tokio::process::Command::new(&self.program);
        command.env_clear().stdin(Stdio::null()).kill_on_drop(true);
        command
            .env("HOME", self.folder.path())
            .env("XDG_CACHE_HOME", self.folder.path().join(self.cache(client)));
        command
            .env("PLUVO_CONFIG", self.folder.path().join("config.toml"))
            .env("PLUVO_TEST_CLOCK", "held");
        std::fs::write(self.folder.path().join("config.toml"), "").map_err(|error| error.to_string())?;
        match &self.settings.auth {
            Auth::Credentials { id, secret } => {
                command
                    .env("PLUVO_CLIENT_ID", id)
                    .env("PLUVO_CLIENT_SECRET", secret);
            }
            Auth::Token { value } => {
                let token = match value {
                    Some(token) => token.clone(),
                    None => self.control.token().await?,
                };
                command.env("PLUVO_ACCESS_TOKEN", token);
            }
            Auth::Provider { .. } => return Err("the command takes no callback".to_owned()),
        }
        let given = &self.settings;
        let organization = given
            .organization
            .as_deref()
            .unwrap_or_else(|| self.control.url());
        command.args([
            "--organization",
            organization,
            "--error-format",
            "json",
            "--token-cache",
            "-vv",
        ]);
        let mut flag = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                command.arg(format!("--{name}={value}"));
            }
        };
        let timeout = given
            .timeouts
            .attempt
            .or(given.timeouts.read)
            .map(|span| format!("{}ms", span.0.as_millis()));
        flag("timeout", timeout);
        flag("scopes", given.scopes.as_ref().map(|scopes| scopes.join(",")));
        flag(
            "max-attempts",
            given.retry.max_attempts.map(|attempts| attempts.to_string()),
        );
        flag(
            "in-flight",
            given.limits.in_flight.map(|requests| requests.to_string()),
        );
        flag("rate", given.limits.rate.map(|rate| rate.to_string()));
        flag(
            "ca-file",
            self.authority.as_ref().map(|path| path.display().to_string()),
        );
        Ok(command)
    }

    fn tell(&self, line: &str) {
        let mut told = self.told.borrow_mut();
        told.push_str(line);
        told.push('\n');
    }

    fn failed(&self, told: &Told) -> Failed {
        // Beside the message stand the server's own words in `graphql`, which are asked for by this format.
        self.tell(&told.message);
        Failed {
            code: told.code.clone(),
            text: told.message.clone(),
            status: told.status,
            retry_after: told.retry_after,
            attempts: told.attempts,
            retryable: told.retryable,
            graphql: told.graphql.len(),
        }
    }
}

/// Whether the command has flags for these settings.
fn possible(settings: &Client) -> Result<()> {
    let Client {
        retry,
        retry_budget: budget,
        renewal,
        timeouts,
        ..
    } = settings;
    let spans = [
        retry.base_delay,
        retry.max_delay,
        retry.total,
        retry.max_retry_after,
        timeouts.connect,
        budget.window,
    ];
    let renewals = [
        renewal.ahead,
        renewal.margin,
        renewal.pause,
        renewal.provider_timeout,
    ];
    let other = settings.max_body.is_some()
        || settings.user_agent.is_some()
        || budget.ratio.is_some()
        || budget.reserve.is_some()
        || settings.store.as_ref().is_some_and(|store| store.holds.is_some());
    if other || spans.iter().chain(&renewals).any(Option::is_some) {
        return Err("the command has no flag for one of the client's settings".to_owned());
    }
    Ok(())
}

#[derive(Deserialize)]
struct Line {
    error: Told,
}

/// An error as the command tells it.
#[derive(Deserialize)]
struct Told {
    code: String,
    message: String,
    status: Option<u16>,
    attempts: u32,
    retry_after: Option<f64>,
    #[serde(default)]
    retryable: Option<bool>,
    graphql: Vec<Value>,
    position: Option<String>,
}

/// Data beside errors: of these the command says one to a line.
fn partial(data: &Value, err: &str) -> Value {
    let errors = err
        .lines()
        .filter(|line| line.starts_with("warning: Pluvo answers"))
        .count();
    json!({ "data": data, "errors": errors })
}

fn arguments(step: &CallStep, after: Option<String>) -> Result<Vec<String>> {
    let (args, how) = (&step.args, &step.how);
    if step.call == "query" {
        return query(args, how);
    }
    let (thing, what) = step
        .call
        .split_once('.')
        .ok_or("check asks more of the server than the SDK's does")?;
    let thing = if thing == "portfolio_report" {
        "report"
    } else {
        thing
    };
    let mut line = vec![thing.to_owned(), what.to_owned()];
    for (name, value) in args {
        let flag = name.replace('_', "-");
        let value = match value {
            Value::String(direction) if name == "sort_by" => format!("name:{}", direction.to_lowercase()),
            Value::String(text) => text.clone(),
            Value::Array(items) => items
                .iter()
                .filter_map(Value::as_str)
                .collect::<Vec<_>>()
                .join(","),
            other => other.to_string(),
        };
        line.push(format!("--{flag}={value}"));
    }
    line.extend(
        how.select
            .as_ref()
            .map(|selection| format!("--select={selection}")),
    );
    if what == "get" {
        return Ok(line);
    }
    let How {
        read,
        take,
        prefetch,
        pause,
        ..
    } = how;
    if matches!(read, Read::All | Read::Count) || take.is_some() || prefetch.is_some() || pause.is_some() {
        return Err("the command reads a list to its end".to_owned());
    }
    line.extend(how.page_size.map(|rows| format!("--page-size={rows}")));
    line.extend(how.limit.map(|rows| format!("--limit={rows}")));
    line.extend(how.parallel.map(|pages| format!("--parallel={pages}")));
    line.extend(after.map(|position| format!("--after={position}")));
    line.push("--format=jsonl".to_owned());
    Ok(line)
}

fn query(args: &Map<String, Value>, how: &How) -> Result<Vec<String>> {
    if how.repeatable.is_some() {
        return Err("the command has no flag for a write that may be repeated".to_owned());
    }
    let mut line = vec!["query".to_owned()];
    line.extend(
        args.get("variables")
            .map(|variables| format!("--vars={variables}")),
    );
    line.extend(
        how.operation_name
            .as_ref()
            .map(|name| format!("--operation-name={name}")),
    );
    line.extend(how.partial.then(|| "--partial".to_owned()));
    line.push("--".to_owned());
    line.extend(args.get("document").and_then(Value::as_str).map(str::to_owned));
    Ok(line)
}
