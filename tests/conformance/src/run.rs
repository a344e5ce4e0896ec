//! Runs a scenario through a face.

use std::collections::BTreeMap;
use std::rc::Rc;

use futures::future::join_all;
use serde_json::{Map, Value};
use tokio::task::{JoinHandle, LocalSet};

use crate::account;
use crate::check::{self, Plain};
use crate::control::{Result, is_list};
use crate::face::{Face, Seen};
use crate::scenario::{Advance, Auth, CallStep, Named, On, Outcome, Rows, Step, Until};
use crate::stage::{HUNG, Stage};

/// The beginning of every token of the sandbox.
const TOKENS: &str = "sandbox-token-";

/// Runs the scenario in this JSON and says what was wrong with what came of it.
///
/// # Errors
///
/// If it could not be set up or carried out.
pub async fn run<F: Face>(json: &Value, today: std::time::SystemTime) -> Result<Vec<String>> {
    let stage = Stage::set(json, today).await?;
    let face = Rc::new(F::new(&stage)?);
    let mut run = Run {
        stage,
        face,
        positions: BTreeMap::new(),
        background: BTreeMap::new(),
        lists: Vec::new(),
        wrong: Vec::new(),
    };
    let work = run.whole();
    match tokio::time::timeout(HUNG, LocalSet::new().run_until(work)).await {
        Ok(done) => done?,
        Err(_) => return Err(format!("it hangs: not done after {HUNG:?}")),
    }
    Ok(run.wrong)
}

struct Run<F> {
    stage: Stage,
    face: Rc<F>,
    positions: BTreeMap<String, String>,
    background: BTreeMap<String, (CallStep, JoinHandle<Result<Seen>>)>,
    /// The lists that were read, and their rows.
    lists: Vec<(String, Map<String, Value>, Vec<Value>)>,
    wrong: Vec<String>,
}

impl<F: Face> Run<F> {
    async fn whole(&mut self) -> Result<()> {
        let steps = self.stage.scenario.steps.clone();
        for (number, step) in steps.into_iter().enumerate() {
            let known = self.wrong.len();
            self.step(step)
                .await
                .map_err(|error| format!("step {}: {error}", number + 1))?;
            for wrong in &mut self.wrong[known..] {
                *wrong = format!("step {}: {wrong}", number + 1);
            }
        }
        self.end().await
    }

    async fn step(&mut self, step: Step) -> Result<()> {
        match step {
            Step::Call(step) => self.call(*step).await,
            Step::Join(step) => {
                let (call, work) = self.begun(&step.join)?;
                let seen = work.await.map_err(|error| error.to_string())??;
                self.judge(&call, &step.expect, seen)
            }
            Step::Cancel(step) => {
                let (_, work) = self.begun(&step.cancel)?;
                work.abort();
                match work.await {
                    Err(error) if error.is_cancelled() => Ok(()),
                    _ => Err(format!("{} was over before it could be given up", step.cancel)),
                }
            }
            Step::Until { until } => self.until(until).await,
            Step::Advance { advance } => self.advance(advance).await,
            Step::Control { control } => self
                .stage
                .control
                .send(&control.method, &control.path, control.body.as_ref())
                .await
                .map(drop),
        }
    }

    fn begun(&mut self, name: &str) -> Result<(CallStep, JoinHandle<Result<Seen>>)> {
        self.background
            .remove(name)
            .ok_or_else(|| format!("nothing was begun under the name {name}"))
    }

    async fn call(&mut self, step: CallStep) -> Result<()> {
        let after = match (&step.how.after, &step.how.after_text) {
            (Some(name), _) => Some(
                self.positions
                    .get(name)
                    .cloned()
                    .ok_or_else(|| format!("no position was kept as {name}"))?,
            ),
            (None, text) => text.clone(),
        };
        if let Some(name) = &step.background {
            let work = tokio::task::spawn_local(called(Rc::clone(&self.face), step.clone(), after));
            self.background.insert(name.clone(), (step, work));
            return Ok(());
        }
        let calls = (0..step.concurrently).map(|_| {
            let work = called(Rc::clone(&self.face), step.clone(), after.clone());
            async {
                tokio::task::spawn_local(work)
                    .await
                    .map_err(|error| error.to_string())?
            }
        });
        for seen in join_all(calls).await {
            self.judge(&step, &step.expect, seen?)?;
        }
        Ok(())
    }

    fn judge(&mut self, step: &CallStep, expected: &Outcome, seen: Seen) -> Result<()> {
        self.wrong.extend(check::outcome(expected, &seen));
        if let Some(rows) = expected
            .rows
            .as_ref()
            .filter(|rows| !matches!(rows, Rows::Named(Named::Kept)))
        {
            let before = self.stage.rows(&step.call, &step.args)?;
            self.wrong
                .extend(check::rows(rows, &seen.rows, &Plain { before, after: None }));
        }
        if let Some(name) = &step.how.keep {
            match seen.position {
                Some(position) => drop(self.positions.insert(name.clone(), position)),
                None => self.wrong.push(format!("there is no position to keep as {name}")),
            }
        }
        if is_list(&step.call) {
            self.lists.push((step.call.clone(), step.args.clone(), seen.rows));
        }
        Ok(())
    }

    async fn until(&self, until: Until) -> Result<()> {
        let mut seen = (0, 0);
        let arrived = async {
            loop {
                let log = self.stage.control.log().await?;
                seen = (
                    account::of(&log, On::Token).len(),
                    account::of(&log, On::Graphql).len(),
                );
                if seen.0 >= until.tokens && seen.1 >= until.graphql {
                    return Ok(());
                }
                tokio::task::yield_now().await;
            }
        };
        match tokio::time::timeout(HUNG / 6, arrived).await {
            Ok(arrived) => arrived,
            Err(_) => Err(format!("{until:?} never came; (tokens, graphql) were {seen:?}")),
        }
    }

    async fn advance(&self, advance: Advance) -> Result<()> {
        if let Some(by) = advance.sandbox {
            self.stage.control.advance(by.length()).await?;
        }
        self.face.advance(
            advance
                .client
                .map(crate::scenario::Span::length)
                .unwrap_or_default(),
            advance.calendar,
        )
    }

    async fn end(&mut self) -> Result<()> {
        let expected = self.stage.scenario.expect.clone();
        let (log, faults) = (
            self.stage.control.log().await?,
            self.stage.control.faults().await?,
        );
        let mut wrong = account::requests(&expected, &log);
        wrong.extend(account::faults(&expected, &faults));
        wrong.extend(account::outbox(&expected, &self.stage.control.outbox().await?));
        let trapped = self.stage.trapped().await?;
        if trapped > 0 {
            wrong.push(format!(
                "{trapped} requests went to the host that may not be called"
            ));
        }
        if let (Some(expected), Some(waits)) = (&expected.waited, self.face.waits()) {
            wrong.extend(account::waits(expected, &waits));
        }
        let said = self.face.log();
        let unsaid = expected.logs.iter().filter(|text| !said.contains(text.as_str()));
        wrong.extend(unsaid.map(|text| format!("the log does not say {text:?}")));
        let secrets = self.secrets();
        wrong.extend(account::leaks(&secrets, &said, "the log"));
        wrong.extend(account::leaks(
            &secrets,
            &self.face.told(),
            "what the client gave off",
        ));
        if let Some(mode) = expected
            .store_mode
            .as_ref()
            .filter(|mode| Some(*mode) != self.face.store_mode().as_ref())
        {
            wrong.push(format!(
                "the token file's mode: {mode} expected, {:?} seen",
                self.face.store_mode()
            ));
        }
        wrong.extend(self.rows(expected.rows.as_ref()).await?);
        if !wrong.is_empty() || !self.wrong.is_empty() {
            wrong.push(format!("the requests were:\n{}", summary(&log)));
        }
        self.wrong.extend(wrong);
        Ok(())
    }

    fn secrets(&self) -> Vec<String> {
        let mut secrets = self.stage.scenario.expect.secrets.clone();
        secrets.push(TOKENS.to_owned());
        match &self.stage.scenario.client.auth {
            Auth::Credentials { secret, .. } => secrets.push(secret.clone()),
            Auth::Token { value: Some(value) } => secrets.push(value.clone()),
            Auth::Token { value: None } | Auth::Provider { .. } => {}
        }
        secrets
    }

    /// The rows of all steps together, and those that need a reading at the end.
    async fn rows(&self, together: Option<&Rows>) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        let calls = self.stage.scenario.steps.iter().filter_map(|step| match step {
            Step::Call(call) => Some(call),
            _ => None,
        });
        let kept = |rows: Option<&Rows>| matches!(rows, Some(Rows::Named(Named::Kept)));
        let steps = calls.filter(|step| is_list(&step.call)).zip(&self.lists);
        for (step, (call, args, seen)) in steps.filter(|(step, _)| kept(step.expect.rows.as_ref())) {
            let after = self.stage.rows_now(call, args).await?;
            let plain = Plain {
                before: self.stage.rows(call, args)?,
                after: Some(&after),
            };
            wrong.extend(
                step.expect
                    .rows
                    .iter()
                    .flat_map(|rows| check::rows(rows, seen, &plain)),
            );
        }
        if let (Some(expected), Some((call, args, _))) = (together, self.lists.first()) {
            let seen: Vec<_> = self.lists.iter().flat_map(|(_, _, rows)| rows.clone()).collect();
            let after = if kept(together) {
                Some(self.stage.rows_now(call, args).await?)
            } else {
                None
            };
            let plain = Plain {
                before: self.stage.rows(call, args)?,
                after: after.as_deref(),
            };
            wrong.extend(check::rows(expected, &seen, &plain));
        }
        Ok(wrong)
    }
}

/// A call that owns what it needs.
async fn called<F: Face>(face: Rc<F>, step: CallStep, after: Option<String>) -> Result<Seen> {
    face.call(&step, after).await
}

fn summary(log: &[pluvo_sandbox::LogEntry]) -> String {
    let lines = log.iter().take(40).map(|entry| {
        let variables = entry.variables.as_ref().map(Value::to_string).unwrap_or_default();
        let what = entry.operation.as_deref().unwrap_or(&entry.path);
        format!(
            "  {} {what} {variables} -> {:?} {}",
            entry.seq,
            entry.status,
            entry.fault.as_deref().unwrap_or_default()
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}
