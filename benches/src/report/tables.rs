//! A table and the promises of each workload.

use super::statistics::{cpu, median, peak_mb, wall};
use super::table::Table;
use super::{Report, Verdict, writes};
use crate::client::{Kind, Task};
use crate::run::{CaseResults, Results, Run};
use crate::server::pages::PAGE;

pub(super) fn report(results: &Results) -> Report {
    let cases = &results.cases;
    let (about, table, verdicts) = match results.workload.as_str() {
        "drain" => (
            "pages one after the other by cursor, no latency",
            drain_table(cases),
            drain_verdicts(cases),
        ),
        "real" => ("the same over TLS 1.3 with gzip", drain_table(cases), Vec::new()),
        "drain-16" => (
            "the same pages by offset, 16 in flight",
            drain_table(cases),
            Vec::new(),
        ),
        "drain-rtt" => (
            "pages with 50 ms of latency",
            rtt_table(cases),
            rtt_verdicts(cases),
        ),
        "flat" => (
            "memory of a drain by its length",
            flat_table(cases),
            flat_verdicts(cases),
        ),
        "one" => (
            "a small query on a warm connection, one after the other",
            one_table(cases),
            one_verdicts(cases),
        ),
        "upsert" => (
            "people created, 50 ms of latency unless said otherwise",
            writes::upsert_table(cases),
            writes::upsert_verdicts(cases),
        ),
        "sync" => (
            "plans, 1 % of whose rows differ from what is there",
            writes::sync_table(cases),
            writes::sync_verdicts(cases),
        ),
        "verify" => (
            "a webhook's signature and body",
            writes::verify_table(cases),
            Vec::new(),
        ),
        "limited" => (
            "a server that allows 20 requests a second, 20 at once",
            limited_table(cases),
            limited_verdicts(cases),
        ),
        "faulty" => (
            "1 % of requests get a 503, 0.5 % a reset",
            faulty_table(cases),
            faulty_verdicts(cases),
        ),
        _ => ("the first client, nothing sent", start_table(cases), Vec::new()),
    };
    let rounds = cases.first().map_or(0, |case| case.runs.len());
    let rounds = match rounds {
        1 => "one round".to_owned(),
        more => format!("medians of {more} rounds"),
    };
    Report {
        title: format!("### `{}`: {about} ({rounds})", results.workload),
        table,
        verdicts,
    }
}

fn of(cases: &[CaseResults], kind: Kind) -> Option<&CaseResults> {
    cases.iter().find(|results| results.case.kind == kind)
}

pub(super) fn ratio(case: &CaseResults, to: Option<&CaseResults>, figure: impl Fn(&Run) -> f64) -> String {
    to.map_or_else(|| "–".to_owned(), |to| format!("{:.2}", case.ratio(to, figure)))
}

pub(super) fn micros(seconds: f64, units: f64) -> String {
    format!("{:.2}", seconds * 1e6 / units)
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand pages")]
fn pages(results: &CaseResults) -> f64 {
    results.case.pages() as f64
}

#[expect(clippy::cast_precision_loss, reason = "a page has 50 rows")]
fn rows(results: &CaseResults) -> f64 {
    pages(results) * PAGE as f64
}

fn drain_table(cases: &[CaseResults]) -> Table {
    let (limit, ours) = (of(cases, Kind::Limit), of(cases, Kind::Pluvo));
    let mut table = Table::new([
        "contender",
        "CPU, µs a user",
        "wall, µs a user",
        "peak MB",
        "CPU ÷ limit",
        "wall ÷ limit",
        "CPU ÷ ours",
    ]);
    for case in cases {
        table.row([
            case.case.name.clone(),
            micros(case.median(cpu), rows(case)),
            micros(case.median(wall), rows(case)),
            format!("{:.1}", case.median(peak_mb)),
            ratio(case, limit, cpu),
            ratio(case, limit, wall),
            ratio(case, ours, cpu),
        ]);
    }
    table
}

fn drain_verdicts(cases: &[CaseResults]) -> Vec<Verdict> {
    let (Some(limit), Some(ours)) = (of(cases, Kind::Limit), of(cases, Kind::Pluvo)) else {
        return Vec::new();
    };
    vec![
        Verdict::at_most("CPU of a typed drain ÷ limit", 2.0, ours.ratio(limit, cpu)),
        Verdict::at_most("wall of a typed drain ÷ limit", 1.3, ours.ratio(limit, wall)),
    ]
}

/// The time that so many round trips take, so many at once.
#[expect(clippy::cast_precision_loss, reason = "a few hundred pages")]
fn bound(results: &CaseResults) -> f64 {
    let trips = results.case.pages().div_ceil(results.case.in_flight());
    trips as f64 * results.case.server.latency_ms as f64 / 1000.0
}

fn rtt_table(cases: &[CaseResults]) -> Table {
    let mut table = Table::new(["contender", "wall, s", "bound, s", "wall ÷ bound"]);
    for case in cases {
        let (took, bound) = (case.median(wall), bound(case));
        table.row([
            case.case.name.clone(),
            format!("{took:.2}"),
            format!("{bound:.2}"),
            format!("{:.3}", took / bound),
        ]);
    }
    table
}

fn rtt_verdicts(cases: &[CaseResults]) -> Vec<Verdict> {
    let parallel = |results: &&CaseResults| results.case.kind == Kind::Pluvo && results.case.in_flight() > 1;
    let judge = |case: &CaseResults| {
        Verdict::at_most("8 in flight, wall ÷ bound", 1.15, case.median(wall) / bound(case))
    };
    cases.iter().filter(parallel).map(judge).collect()
}

fn flat_table(cases: &[CaseResults]) -> Table {
    let mut table = Table::new(["drain of", "peak MB", "CPU, µs a user"]);
    for case in cases {
        table.row([
            case.case.name.clone(),
            format!("{:.1}", case.median(peak_mb)),
            micros(case.median(cpu), rows(case)),
        ]);
    }
    table
}

/// The longest against the shortest of those that read by cursor: reading by offset must remember what it saw.
fn flat_verdicts(cases: &[CaseResults]) -> Vec<Verdict> {
    let mut walks: Vec<_> = cases.iter().filter(|case| case.case.in_flight() == 1).collect();
    walks.sort_by_key(|case| case.case.pages());
    let (Some(shortest), Some(longest)) = (walks.first(), walks.last()) else {
        return Vec::new();
    };
    let promise = format!("peak of {} ÷ peak of {}", longest.case.name, shortest.case.name);
    vec![Verdict::at_most(promise, 1.1, longest.ratio(shortest, peak_mb))]
}

fn calls(results: &CaseResults) -> f64 {
    match results.case.task {
        Task::One { calls } => f64::from(calls),
        _ => f64::NAN,
    }
}

fn one_table(cases: &[CaseResults]) -> Table {
    let (limit, bare) = (of(cases, Kind::Limit), of(cases, Kind::ReqwestBytes));
    let mut table = Table::new([
        "contender",
        "CPU, µs a call",
        "wall, µs a call",
        "CPU ÷ limit",
        "CPU ÷ bare reqwest",
        "wall ÷ bare reqwest",
    ]);
    for case in cases {
        table.row([
            case.case.name.clone(),
            micros(case.median(cpu), calls(case)),
            micros(case.median(wall), calls(case)),
            ratio(case, limit, cpu),
            ratio(case, bare, cpu),
            ratio(case, bare, wall),
        ]);
    }
    table
}

fn one_verdicts(cases: &[CaseResults]) -> Vec<Verdict> {
    let (Some(bare), Some(ours)) = (of(cases, Kind::ReqwestBytes), of(cases, Kind::Pluvo)) else {
        return Vec::new();
    };
    vec![
        Verdict::at_most("CPU of a query ÷ bare reqwest", 1.3, ours.ratio(bare, cpu)),
        Verdict::at_most("wall of a query ÷ bare reqwest", 1.3, ours.ratio(bare, wall)),
    ]
}

/// What was served, as a share of what could have been: of that and of what ran over the full bucket.
#[expect(clippy::cast_precision_loss, reason = "a few hundred requests")]
fn goodput(results: &CaseResults) -> f64 {
    results.median(|run| run.server.served as f64 / (run.server.served as f64 + run.server.lost))
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred requests")]
fn limited_table(cases: &[CaseResults]) -> Table {
    let mut table = Table::new([
        "contender; Retry-After in",
        "pages a second",
        "used of what was allowed",
        "429s",
    ]);
    for case in cases {
        table.row([
            case.case.name.clone(),
            format!("{:.2}", pages(case) / case.median(wall)),
            format!("{:.3}", goodput(case)),
            format!("{:.0}", case.median(|run| run.server.refused as f64)),
        ]);
    }
    table
}

fn limited_verdicts(cases: &[CaseResults]) -> Vec<Verdict> {
    let ours = cases.iter().filter(|case| case.case.kind == Kind::Pluvo);
    ours.map(|case| {
        Verdict::at_least(
            format!("{}: of the allowed rate", case.case.name),
            0.97,
            goodput(case),
        )
    })
    .collect()
}

/// Requests beyond what the list takes and the one that warmed up, as a share of the pages.
#[expect(clippy::cast_precision_loss, reason = "a few thousand requests")]
fn extra(results: &CaseResults) -> f64 {
    let pages = results.case.pages();
    let needed = match results.case.in_flight() {
        1 => pages,
        // Of pages read by offset each begins with the last row of the one before.
        _ => 1 + ((pages - 1) * PAGE).div_ceil(PAGE - 1),
    };
    results.median(|run| (run.server.requests() as f64 - needed as f64 - 1.0) / pages as f64)
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand requests")]
fn faulty_table(cases: &[CaseResults]) -> Table {
    let mut table = Table::new(["contender", "rows", "503s", "resets", "extra requests", "wall, s"]);
    for case in cases {
        table.row([
            case.case.name.clone(),
            format!("{:.0}", case.median(|run| run.outcome.tally.rows as f64)),
            format!("{:.0}", case.median(|run| run.server.unavailable as f64)),
            format!("{:.0}", case.median(|run| run.server.reset as f64)),
            format!("{:.2} %", 100.0 * extra(case)),
            format!("{:.1}", case.median(wall)),
        ]);
    }
    table
}

fn faulty_verdicts(cases: &[CaseResults]) -> Vec<Verdict> {
    let judge = |case: &CaseResults| {
        let complete = case
            .runs
            .iter()
            .all(|run| run.outcome.tally.is_complete(case.case.pages()));
        let name = &case.case.name;
        [
            Verdict {
                promise: format!("{name}: nothing is missing"),
                found: if complete {
                    "every row once"
                } else {
                    "rows are missing"
                }
                .to_owned(),
                kept: complete,
            },
            Verdict::at_most(format!("{name}: extra requests ÷ pages"), 0.02, extra(case)),
        ]
    };
    cases.iter().flat_map(judge).collect()
}

fn start_table(cases: &[CaseResults]) -> Table {
    let mut table = Table::new([
        "contender",
        "client, ms",
        "CPU of it, ms",
        "whole process, ms",
        "peak MB",
    ]);
    let ms = |seconds: f64| format!("{:.2}", seconds * 1000.0);
    for case in cases {
        table.row([
            case.case.name.clone(),
            ms(case.median(wall)),
            ms(case.median(cpu)),
            ms(median(case.runs.iter().map(|run| run.process))),
            format!("{:.1}", case.median(peak_mb)),
        ]);
    }
    table
}
