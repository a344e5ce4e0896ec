//! Sets a scenario up: sandbox, trap, plain reading, placeholders, settings, faults.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use crate::control::{Control, Result, is_list};
use crate::scenario::{Sandbox as Setup, Scenario, Span};

/// A scenario with everything round it in place.
#[derive(Debug)]
pub struct Stage {
    /// The scenario, placeholders filled in.
    pub scenario: Scenario,
    /// Its sandbox.
    pub control: Control,
    /// The authority of its certificate, as PEM.
    pub authority: Option<String>,
    /// Another sandbox, which nobody may ever call.
    trap: Control,
    lists: BTreeMap<String, Vec<Value>>,
    settings: Value,
    _sandboxes: [pluvo_sandbox::Sandbox; 2],
}

/// Sandboxes run apart from the clients, so that what they log is not taken for what a client logs.
fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime for the sandboxes")
    })
}

async fn start(setup: &Setup) -> Result<pluvo_sandbox::Sandbox> {
    let mut builder = pluvo_sandbox::Sandbox::builder();
    for (wanted, set) in [
        (setup.users, pluvo_sandbox::Builder::users as fn(_, usize) -> _),
        (setup.groups, pluvo_sandbox::Builder::groups),
        (setup.trainings, pluvo_sandbox::Builder::trainings),
    ] {
        builder = wanted.into_iter().fold(builder, set);
    }
    builder = setup.seed.into_iter().fold(builder, pluvo_sandbox::Builder::seed);
    builder = setup.tls.into_iter().fold(builder, pluvo_sandbox::Builder::tls);
    let started = runtime()
        .spawn(builder.start())
        .await
        .map_err(|error| error.to_string())?;
    started.map_err(|error| error.to_string())
}

impl Stage {
    /// Sets up the scenario that this JSON holds. `today` is the clients' date.
    pub async fn set(json: &Value, today: SystemTime) -> Result<Self> {
        let draft: Scenario = serde_json::from_value(json.clone()).map_err(|error| error.to_string())?;
        let sandbox = start(&draft.sandbox).await?;
        let trap = start(&Setup::default()).await?;
        let mut stage = Self {
            control: Control::new(sandbox.url(), sandbox.control_url())?,
            authority: sandbox.ca_pem().map(str::to_owned),
            trap: Control::new(trap.url(), trap.control_url())?,
            lists: BTreeMap::new(),
            settings: Value::Null,
            scenario: draft,
            _sandboxes: [sandbox, trap],
        };
        let mut filled = json.clone();
        stage.fill(&mut filled, today).await?;
        stage.scenario = serde_json::from_value(filled).map_err(|error| error.to_string())?;
        stage.read_lists().await?;
        stage.break_things().await?;
        Ok(stage)
    }

    /// Reads every list of which the scenario says what its rows are, before anything is broken.
    async fn read_lists(&mut self) -> Result<()> {
        for (call, args) in self.lists_wanted() {
            let key = key(&call, &args);
            if !self.lists.contains_key(&key) {
                let rows = self.control.rows(&call, &args).await?;
                self.lists.insert(key, rows);
            }
        }
        Ok(())
    }

    fn lists_wanted(&self) -> Vec<(String, Map<String, Value>)> {
        let all = self.scenario.expect.rows.is_some();
        let calls = self.scenario.steps.iter().filter_map(|step| match step {
            crate::scenario::Step::Call(call) => Some(call),
            _ => None,
        });
        let lists = calls.filter(|step| step.expect.rows.is_some() || (all && is_list(&step.call)));
        lists.map(|step| (step.call.clone(), step.args.clone())).collect()
    }

    async fn break_things(&mut self) -> Result<()> {
        let control = &self.control;
        self.settings = control.send("GET", "/__sandbox/settings", None).await?;
        if let Some(settings) = &self.scenario.sandbox.settings {
            control
                .send("POST", "/__sandbox/settings", Some(settings))
                .await?;
        }
        if self.scenario.sandbox.held {
            control
                .send("POST", "/__sandbox/clock", Some(&json!({ "hold": true })))
                .await?;
        }
        control
            .send(
                "POST",
                "/__sandbox/faults",
                Some(&json!(self.scenario.sandbox.faults)),
            )
            .await?;
        control.send("DELETE", "/__sandbox/log", None).await.map(drop)
    }

    /// The rows that a plain reading found at the start.
    pub fn rows(&self, call: &str, args: &Map<String, Value>) -> Result<&[Value]> {
        let key = key(call, args);
        self.lists
            .get(&key)
            .map(Vec::as_slice)
            .ok_or_else(|| format!("{key} was not read beforehand"))
    }

    /// The rows that are there now, with everything that was broken made whole. The log is lost by it.
    pub async fn rows_now(&self, call: &str, args: &Map<String, Value>) -> Result<Vec<Value>> {
        self.control.send("DELETE", "/__sandbox/faults", None).await?;
        self.control
            .send("POST", "/__sandbox/clock", Some(&json!({ "hold": false })))
            .await?;
        self.control
            .send("POST", "/__sandbox/settings", Some(&self.settings))
            .await?;
        self.control.rows(call, args).await
    }

    /// How many requests came to the sandbox that nobody may call.
    pub async fn trapped(&self) -> Result<usize> {
        self.trap.log().await.map(|log| log.len())
    }

    /// Fills placeholders in: `${sandbox}`, `${trap}`, `${nobody}`, `${date +30s}`, `${users.list/0/id}`.
    async fn fill(&mut self, json: &mut Value, today: SystemTime) -> Result<()> {
        match json {
            Value::String(text) => *text = self.filled(text, today).await?,
            Value::Array(items) => {
                for item in items {
                    Box::pin(self.fill(item, today)).await?;
                }
            }
            Value::Object(fields) => {
                for (_, value) in fields.iter_mut() {
                    Box::pin(self.fill(value, today)).await?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    async fn filled(&mut self, text: &str, today: SystemTime) -> Result<String> {
        let mut parts = text.split("${");
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part
                .split_once('}')
                .ok_or_else(|| format!("no end of a placeholder in {text}"))?;
            filled += &self.value(name, today).await?;
            filled += rest;
        }
        Ok(filled)
    }

    async fn value(&mut self, name: &str, today: SystemTime) -> Result<String> {
        if let Some(distance) = name.strip_prefix("date ") {
            let distance: jiff::SignedDuration =
                distance.parse().map_err(|_| format!("not a distance: {name}"))?;
            let distance = Span(distance).length();
            return Ok(httpdate::fmt_http_date(today + distance));
        }
        let parts: Vec<_> = name.split('/').collect();
        match parts[..] {
            ["sandbox"] => Ok(self.control.url().to_owned()),
            ["trap"] => Ok(self.trap.url().to_owned()),
            ["nobody"] => nobody(),
            [list, number, field] => {
                let key = key(list, &Map::new());
                if !self.lists.contains_key(&key) {
                    let rows = self.control.rows(list, &Map::new()).await?;
                    self.lists.insert(key.clone(), rows);
                }
                let row = number
                    .parse()
                    .ok()
                    .and_then(|number: usize| self.lists[&key].get(number));
                let value = row.and_then(|row| row[field].as_str());
                value
                    .map(str::to_owned)
                    .ok_or_else(|| format!("no text at {name}"))
            }
            _ => Err(format!("no such placeholder: {name}")),
        }
    }
}

/// A base URL at which nobody listens.
fn nobody() -> Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    Ok(format!("http://{address}"))
}

fn key(call: &str, args: &Map<String, Value>) -> String {
    let which: Vec<_> = ["id", "ref"]
        .iter()
        .filter_map(|name| args.get(*name)?.as_str())
        .collect();
    format!("{call} {}", which.join(" "))
}

/// How long anything of a scenario may take before it counts as hung. No time is asserted: this ends a test that would
/// never end.
pub const HUNG: Duration = Duration::from_secs(60);
