//! Tables and promises of writing, syncing and webhooks.

use super::Verdict;
use super::statistics::{cpu, peak_mb, wall};
use super::table::Table;
use super::tables::{micros, ratio};
use crate::client::{Kind, Task, Writing};
use crate::run::CaseResults;
use crate::server::pages::PAGE;

/// The rows that a case writes, or the people whom it reads or compares.
#[expect(clippy::cast_precision_loss, reason = "some thousands of rows")]
fn rows(results: &CaseResults) -> f64 {
    match results.case.task {
        Task::Upsert { rows, .. } => rows as f64,
        Task::ReadAll { .. } | Task::Plan { .. } => (results.case.server.pages * PAGE) as f64,
        _ => f64::NAN,
    }
}

fn seconds_a_row(results: &CaseResults) -> f64 {
    results.median(wall) / rows(results)
}

fn writes(results: &CaseResults, wanted: Writing) -> bool {
    matches!(results.case.task, Task::Upsert { writing, .. } if writing == wanted)
}

/// Ours, many at once, as far from the server as those that go one by one.
fn many(cases: &[CaseResults]) -> Option<&CaseResults> {
    let is_distant = |case: &&CaseResults| case.case.server.latency_ms > 0;
    cases
        .iter()
        .filter(is_distant)
        .find(|case| writes(case, Writing::Many))
}

/// Those who write one by one.
fn one_by_one(cases: &[CaseResults]) -> impl Iterator<Item = &CaseResults> {
    cases.iter().filter(|case| writes(case, Writing::OneByOne))
}

#[expect(clippy::cast_precision_loss, reason = "some thousands of requests")]
pub(super) fn upsert_table(cases: &[CaseResults]) -> Table {
    let best = one_by_one(cases).map(seconds_a_row).fold(f64::NAN, f64::min);
    let mut table = Table::new([
        "contender",
        "requests",
        "wall, s",
        "rows a second",
        "times as fast as one by one",
        "CPU, µs a row",
        "peak MB",
    ]);
    for case in cases {
        let faster = if case.case.server.latency_ms > 0 {
            format!("{:.1}", best / seconds_a_row(case))
        } else {
            "–".to_owned()
        };
        table.row([
            case.case.name.clone(),
            // But for the one that warmed up.
            format!("{:.0}", case.median(|run| run.server.requests() as f64 - 1.0)),
            format!("{:.2}", case.median(wall)),
            format!("{:.0}", 1.0 / seconds_a_row(case)),
            faster,
            micros(case.median(cpu), rows(case)),
            format!("{:.1}", case.median(peak_mb)),
        ]);
    }
    table
}

pub(super) fn upsert_verdicts(cases: &[CaseResults]) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    // The faster of those who go one by one, whoever that is.
    let best = one_by_one(cases).map(seconds_a_row).fold(f64::NAN, f64::min);
    if let Some(many) = many(cases) {
        let faster = best / seconds_a_row(many);
        verdicts.push(Verdict::at_least("rows a second ÷ one by one", 20.0, faster));
    }
    let complete = cases.iter().all(|case| {
        let Task::Upsert { rows, .. } = case.case.task else {
            return false;
        };
        let (rows, refs) = (rows as u64, (rows * rows.saturating_sub(1) / 2) as u64);
        let once = |server: &crate::server::Stats| (server.written, server.refs) == (rows, refs);
        case.runs.iter().all(|run| once(&run.server))
    });
    let found = if complete {
        "every row once"
    } else {
        "rows are missing, or there twice"
    };
    verdicts.push(Verdict {
        promise: "the server saw every row once".to_owned(),
        found: found.to_owned(),
        kept: complete,
    });
    verdicts
}

/// Reads and plans stand in pairs.
fn pairs(cases: &[CaseResults]) -> impl Iterator<Item = (&CaseResults, &CaseResults)> {
    cases.chunks_exact(2).map(|pair| (&pair[0], &pair[1]))
}

pub(super) fn sync_table(cases: &[CaseResults]) -> Table {
    let mut table = Table::new([
        "work",
        "wall, s",
        "wall ÷ read",
        "CPU, µs a person",
        "CPU ÷ read",
        "peak MB",
    ]);
    for (read, plan) in pairs(cases) {
        for case in [read, plan] {
            table.row([
                case.case.name.clone(),
                format!("{:.3}", case.median(wall)),
                ratio(case, Some(read), wall),
                micros(case.median(cpu), rows(case)),
                ratio(case, Some(read), cpu),
                format!("{:.1}", case.median(peak_mb)),
            ]);
        }
    }
    table
}

/// What a plan may keep of each person: their id, by which a reading in parallel tells that they come twice.
const KEY_BYTES: f64 = 200.0;

pub(super) fn sync_verdicts(cases: &[CaseResults]) -> Vec<Verdict> {
    let distant = pairs(cases).filter(|(_, plan)| plan.case.server.latency_ms > 0);
    let mut verdicts: Vec<_> = distant
        .map(|(read, plan)| {
            let promise = format!("wall of the {} ÷ {}", plan.case.name, read.case.name);
            Verdict::at_most(promise, 1.2, plan.ratio(read, wall))
        })
        .collect();
    // Of plans of as many rows, the least and the most people.
    let plans: Vec<_> = pairs(cases).map(|(_, plan)| plan).collect();
    if let Some(most) = plans.last() {
        let as_many = |plan: &&&CaseResults| matches!((plan.case.task, most.case.task), (Task::Plan { rows }, Task::Plan { rows: same }) if rows == same);
        if let Some(least) = plans.iter().find(as_many) {
            let bytes = (most.median(peak_mb) - least.median(peak_mb)) * 1024.0 * 1024.0;
            let promise = format!(
                "bytes a person by which the peak grows from {} to {}",
                least.case.name, most.case.name
            );
            let found = bytes / (rows(most) - rows(least));
            verdicts.push(Verdict::at_most(promise, KEY_BYTES, found));
        }
    }
    verdicts
}

pub(super) fn verify_table(cases: &[CaseResults]) -> Table {
    let mut table = Table::new(["contender; body", "CPU, µs a call", "÷ HMAC alone"]);
    for case in cases {
        let Task::Verify { bytes, calls } = case.case.task else {
            continue;
        };
        let is_bare = |other: &&CaseResults| {
            let same = matches!(other.case.task, Task::Verify { bytes: size, .. } if size == bytes);
            same && other.case.kind == Kind::Ring
        };
        table.row([
            case.case.name.clone(),
            micros(case.median(cpu), f64::from(calls)),
            ratio(case, cases.iter().find(is_bare), cpu),
        ]);
    }
    table
}
