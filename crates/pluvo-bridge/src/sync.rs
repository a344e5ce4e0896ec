//! Bringing the people of an organisation in line with rows: plan first, then apply.

use crate::args::Args;
use crate::bulk::State;
use crate::error::WireError;
use crate::explain;
use crate::process::Own;
use crate::request::{Defaults, Request};
use crate::task;
use pluvo_sdk::Client;
use pluvo_sdk::bulk::Progress;
use pluvo_sdk::model::{Language, Role};
use pluvo_sdk::sync::{Action, Applied, AppliedStep, Guards, Person, Plan, Problem, ProblemKind, Step};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio_util::sync::CancellationToken;

/// The call's name.
pub(crate) const SYNC: &str = "users.sync";

/// Is told how far it is, as JSON, on a thread of the runtime. It must not block.
pub type OnProgress = Box<dyn FnMut(&str) + Send>;

/// What a sync would do. Nothing has been written.
#[derive(Clone)]
pub struct SyncPlan(Arc<Own<Planned>>);

struct Planned {
    /// Until it is applied.
    plan: Mutex<Option<Plan>>,
    described: String,
    defaults: Defaults,
    stop: CancellationToken,
}

/// A person as it should be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    r#ref: Option<String>,
    email: Option<String>,
    name: Option<String>,
    roles: Option<Vec<Role>>,
    language: Option<Language>,
    #[serde(default)]
    leaving: bool,
    #[serde(default)]
    groups: BTreeSet<String>,
    #[serde(default)]
    values: BTreeMap<String, String>,
    line: Option<u64>,
    fault: Option<String>,
}

impl SyncPlan {
    pub(crate) async fn make(client: Client, mut args: Args, defaults: Defaults) -> Result<Self, WireError> {
        let rows: Vec<Value> = args.need("rows")?;
        let people: Vec<Person> = (1..).zip(rows).map(person).collect::<Result<_, _>>()?;
        let mut sync = client.users().sync(people);
        if let Some(archive) = args.take("archiveMissing")? {
            sync = sync.archive_missing(archive);
        }
        if let Some(archive) = args.take("archiveManagers")? {
            sync = sync.archive_managers(archive);
        }
        if let Some(leave) = args.take("leaveGroups")? {
            sync = sync.leave_groups(leave);
        }
        args.end()?;
        let plan = sync.plan().await?;
        Ok(Self(Arc::new(Own::new(Planned {
            described: described(&plan).to_string(),
            plan: Mutex::new(Some(plan)),
            defaults,
            stop: CancellationToken::new(),
        }))))
    }

    /// What would be done: `{"summary", "steps", "problems"}`.
    pub fn describe(&self) -> String {
        match self.0.get() {
            Ok(planned) => planned.described.clone(),
            Err(_) => "{}".to_owned(),
        }
    }

    /// Carries it out, once: `{"steps", "problems", "done", "complete"}`.
    ///
    /// Arguments of the request are `archiveShare`, `archiveAtMost`, `problemShare`, `journal`, `notify`, `batch` and
    /// `inFlight`.
    ///
    /// # Errors
    ///
    /// `invalid` where a guard stops it, before anything is written: it can be applied again with another guard. What
    /// befalls single steps is told with them.
    pub async fn apply(&self, request: &str, on_progress: Option<OnProgress>) -> Result<String, WireError> {
        const APPLY: &str = "apply";
        let (plan, request) = (self.clone(), request.to_owned());
        task::run(async move {
            let mut request = Request::read(APPLY, &request)?;
            request.no_paging(APPLY)?;
            request.no_select(APPLY)?;
            let mut args = request.args(APPLY);
            let planned = plan.0.get()?;
            let guards = guards(&mut args)?;
            let (journal, notify): (Option<PathBuf>, _) = (args.take("journal")?, args.notify()?);
            let (batch, in_flight): (Option<usize>, Option<usize>) =
                (args.take("batch")?, args.take("inFlight")?);
            args.end()?;
            let mut apply = planned.take(&guards)?.apply().guards(guards).notify(notify);
            if let Some(path) = journal {
                apply = apply.journal(path);
            }
            if let Some(people) = batch {
                apply = apply.batch(people);
            }
            if let Some(requests) = in_flight {
                apply = apply.in_flight(requests);
            }
            if let Some(mut tell) = on_progress {
                apply = apply.on_progress(move |progress| {
                    let progress = told(progress).to_string();
                    task::tell(|| tell(&progress));
                });
            }
            let apply = apply
                .options(planned.defaults.with(request.options))
                .until(planned.stop.clone().cancelled_owned());
            Ok(applied(&apply.run().await?).to_string())
        })
        .await
    }

    /// Begins no further step. What is in flight is finished and told.
    pub fn stop(&self) {
        if let Ok(planned) = self.0.get() {
            planned.stop.cancel();
        }
    }
}

impl Planned {
    /// The plan, if the guards let it through.
    fn take(&self, guards: &Guards) -> Result<Plan, WireError> {
        let mut plan = self.plan.lock().unwrap_or_else(PoisonError::into_inner);
        match &*plan {
            Some(plan) => guards.check(plan)?,
            None => return Err(WireError::invalid("the plan was applied before; make another")),
        }
        plan.take().ok_or_else(|| WireError::internal("the plan is gone"))
    }
}

impl fmt::Debug for SyncPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SyncPlan(..)")
    }
}

fn person((line, row): (u64, Value)) -> Result<Person, WireError> {
    let row: Row = explain::read(explain::without_nulls(row))
        .map_err(|wrong| WireError::invalid(wrong.sentence("field", &format!(" of row {line}"))))?;
    Ok(Person {
        r#ref: row.r#ref,
        email: row.email,
        name: row.name,
        roles: row.roles,
        language: row.language,
        leaving: row.leaving,
        groups: row.groups,
        values: row.values,
        line: row.line.or(Some(line)),
        fault: row.fault,
    })
}

fn guards(args: &mut Args) -> Result<Guards, WireError> {
    let usual = Guards::default();
    Ok(Guards {
        archive_share: args.take("archiveShare")?.unwrap_or(usual.archive_share),
        archive_at_most: args.take("archiveAtMost")?,
        problem_share: args.take("problemShare")?.unwrap_or(usual.problem_share),
    })
}

fn described(plan: &Plan) -> Value {
    let summary = plan.summary();
    json!({
        "summary": {
            "rows": summary.rows,
            "active": summary.active,
            "create": summary.create,
            "update": summary.update,
            "reactivate": summary.reactivate,
            "archive": summary.archive,
            "unchanged": summary.unchanged,
            "problems": summary.problems,
        },
        "steps": plan.steps().iter().map(step).collect::<Vec<_>>(),
        "problems": plan.problems().iter().map(problem).collect::<Vec<_>>(),
    })
}

fn step(step: &Step) -> Value {
    let change = |change: &pluvo_sdk::sync::FieldChange| json!({"field": change.field, "from": change.from, "to": change.to});
    json!({
        "action": match step.action {
            Action::Create => "create",
            Action::Reactivate => "reactivate",
            Action::Archive => "archive",
            _ => "update",
        },
        "line": step.line,
        "id": step.id,
        "ref": step.r#ref,
        "email": step.email,
        "name": step.name,
        "changes": step.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

fn problem(problem: &Problem) -> Value {
    json!({
        "line": problem.line,
        "who": problem.who,
        "kind": match problem.kind {
            ProblemKind::Ambiguous => "ambiguous",
            ProblemKind::Taken => "taken",
            ProblemKind::Duplicate => "duplicate",
            ProblemKind::Protected => "protected",
            _ => "unusable",
        },
        "message": problem.message,
    })
}

fn applied(applied: &Applied) -> Value {
    let told = |AppliedStep {
                    step: of, outcome, ..
                }: &AppliedStep| {
        let state = outcome.as_ref().map(State::from);
        json!({
            "step": step(of),
            "outcome": state.as_ref().map(|state| state.outcome),
            "id": state.as_ref().and_then(|state| state.id.as_deref()),
            "error": state.as_ref().and_then(|state| state.error.as_ref()),
        })
    };
    json!({
        "steps": applied.steps.iter().map(told).collect::<Vec<_>>(),
        "problems": applied.problems.iter().map(problem).collect::<Vec<_>>(),
        "done": applied.done(),
        "complete": applied.is_complete(),
    })
}

fn told(progress: &Progress) -> Value {
    json!({
        "done": progress.done,
        "total": progress.total,
        "created": progress.created,
        "updated": progress.updated,
        "unchanged": progress.unchanged,
        "failed": progress.failed,
        "indeterminate": progress.indeterminate,
    })
}
