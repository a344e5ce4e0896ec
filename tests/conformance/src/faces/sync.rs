//! Syncs of the Rust SDK: planned, and applied where a step says so.

use std::path::Path;

use pluvo_sdk::Client;
use pluvo_sdk::model::{Language, Role};
use pluvo_sdk::sync::{Action, AppliedStep, Apply, Guards, Person, Plan, Problem, ProblemKind, Step};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

use super::writes::{Args, outcome};
use crate::control::Result;

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
    fault: Option<String>,
}

pub(super) async fn call(
    client: &Client,
    args: &mut Args,
    folder: &Path,
) -> Result<pluvo_sdk::Result<Value>> {
    let rows: Vec<Row> = args.need("rows")?;
    let people = (1..).zip(rows).map(|(line, row)| Person {
        r#ref: row.r#ref,
        email: row.email,
        name: row.name,
        roles: row.roles,
        language: row.language,
        leaving: row.leaving,
        groups: row.groups,
        values: row.values,
        line: Some(line),
        fault: row.fault,
    });
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
    let plan = match sync.plan().await {
        Ok(plan) => plan,
        Err(error) => return Ok(Err(error)),
    };
    let mut told = described(&plan);
    if !args.take("apply")?.unwrap_or(false) {
        return Ok(Ok(told));
    }
    let apply = how(plan.apply(), args, folder)?;
    args.end()?;
    Ok(apply.run().await.map(|applied| {
        let step = |applied: &AppliedStep| applied.outcome.as_ref().map(outcome);
        told["applied"] = json!({
            "done": applied.done(),
            "complete": applied.is_complete(),
            "steps": applied.steps.iter().map(step).collect::<Vec<_>>(),
        });
        told
    }))
}

fn how(mut apply: Apply, args: &mut Args, folder: &Path) -> Result<Apply> {
    let usual = Guards::default();
    apply = apply.guards(Guards {
        archive_share: args.take("archiveShare")?.unwrap_or(usual.archive_share),
        archive_at_most: args.take("archiveAtMost")?,
        problem_share: args.take("problemShare")?.unwrap_or(usual.problem_share),
    });
    if let Some(name) = args.take::<String>("journal")? {
        apply = apply.journal(folder.join(name));
    }
    if let Some(notify) = args.take("notify")? {
        apply = apply.notify(notify);
    }
    if let Some(people) = args.take("batch")? {
        apply = apply.batch(people);
    }
    if let Some(requests) = args.take("inFlight")? {
        apply = apply.in_flight(requests);
    }
    Ok(apply)
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
    let changes = step.changes.iter();
    let changes = changes.map(|change| json!({"field": change.field, "from": change.from, "to": change.to}));
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
        "changes": changes.collect::<Vec<_>>(),
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
