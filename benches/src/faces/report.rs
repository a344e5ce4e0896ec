//! A table and the promises of each workload.

use super::language::Language;
use super::results::{CaseResults, Results, Run};
use crate::report::{Report, Table, Verdict};

/// A promise about CPU: the workload, ours, the peer, and how many times ours the peer is to take at least.
type Ahead = (&'static str, &'static str, &'static str, f64);

const AHEAD: [(Language, &[Ahead]); 4] = [
    (
        Language::Python,
        &[
            ("drain", "pluvo:typed", "aiohttp", 1.8),
            ("drain", "pluvo:typed", "aiohttp:pydantic", 3.0),
            ("drain", "pluvo:typed", "httpx", 4.0),
            ("drain", "pluvo:typed", "requests", 4.5),
            ("drain", "pluvo:typed", "gql:requests", 4.5),
            ("drain", "pluvo:typed", "gql:httpx", 4.5),
            ("drain", "pluvo:typed", "gql:aiohttp", 4.5),
            ("drain", "pluvo:plain", "aiohttp", 2.0),
            ("drain", "pluvo:plain", "pyreqwest", 1.3),
        ],
    ),
    (
        Language::Node,
        &[
            ("drain", "pluvo:rows", "undici", 2.2),
            ("drain", "pluvo:rows", "fetch", 5.0),
            ("drain", "pluvo:rows", "graphql-request", 6.0),
        ],
    ),
    (
        Language::Kotlin,
        &[
            ("drain", "pluvo:rows", "okhttp", 1.0),
            ("drain", "pluvo:rows", "apollo-kotlin", 1.0),
        ],
    ),
    (Language::Swift, &[("drain", "pluvo:rows", "urlsession", 1.0)]),
];

pub(super) fn report(results: &Results) -> Report {
    let (about, table, verdicts) = match results.workload.as_str() {
        "drain" => (
            "pages one after the other by cursor, no latency",
            drain_table(results),
            ahead(results),
        ),
        "drain-16" => (
            "the same pages by offset, 16 in flight",
            drain_table(results),
            in_flight(results),
        ),
        "flat" => (
            "memory of a drain by its length",
            flat_table(results),
            flat(results),
        ),
        "one" => (
            "a small query on a warm connection, one after the other",
            one_table(results),
            one(results),
        ),
        _ => (
            "the whole process until there is a client, nothing sent",
            start_table(results),
            start(results),
        ),
    };
    let rounds = results.cases.first().map_or(0, |case| case.runs.len());
    let rounds = match rounds {
        1 => "one round".to_owned(),
        more => format!("medians of {more} rounds"),
    };
    Report {
        title: format!(
            "### `{} {}`: {about} ({rounds})",
            results.language.id(),
            results.workload
        ),
        table,
        verdicts,
    }
}

fn cpu(run: &Run) -> f64 {
    run.cpu
}

fn wall(run: &Run) -> f64 {
    run.wall
}

#[expect(clippy::cast_precision_loss, reason = "kilobytes of one process")]
fn peak_mb(run: &Run) -> f64 {
    run.peak_kb as f64 / 1024.0
}

fn micros(case: &CaseResults, figure: impl Fn(&Run) -> f64) -> String {
    format!("{:.2}", case.median(figure) * 1e6 / case.case.units())
}

fn millis(case: &CaseResults, figure: impl Fn(&Run) -> f64) -> String {
    format!("{:.1}", case.median(figure) * 1e3)
}

/// The first of ours.
fn ours(results: &Results) -> Option<&CaseResults> {
    results.cases.iter().find(|case| case.case.is_ours())
}

fn against(case: &CaseResults, other: Option<&CaseResults>, figure: impl Fn(&Run) -> f64) -> String {
    other.map_or_else(
        || "–".to_owned(),
        |other| format!("{:.2}", case.ratio(other, figure)),
    )
}

fn drain_table(results: &Results) -> Table {
    let mut table = Table::new([
        "contender",
        "CPU, µs a user",
        "wall, µs a user",
        "peak MB",
        "CPU ÷ ours",
        "wall ÷ ours",
    ]);
    let ours = ours(results);
    for case in &results.cases {
        table.row([
            case.case.name.clone(),
            micros(case, cpu),
            micros(case, wall),
            format!("{:.1}", case.median(peak_mb)),
            against(case, ours, cpu),
            against(case, ours, wall),
        ]);
    }
    table
}

fn ahead(results: &Results) -> Vec<Verdict> {
    let promises = AHEAD.iter().filter(|(language, _)| *language == results.language);
    let judge = |(workload, ours, peer, least): &Ahead| {
        let (ours, peer) = (results.of(ours)?, results.of(peer)?);
        let promise = format!("CPU of {} ÷ {}", peer.case.name, ours.case.name);
        (*workload == results.workload).then(|| Verdict::at_least(promise, *least, peer.ratio(ours, cpu)))
    };
    promises
        .flat_map(|(_, promises)| *promises)
        .filter_map(judge)
        .collect()
}

/// Of whoever reads plain rows of another client in Rust.
fn in_flight(results: &Results) -> Vec<Verdict> {
    let (Some(ours), Some(peer)) = (results.of("pluvo:plain"), results.of("pyreqwest")) else {
        return Vec::new();
    };
    let promise = format!("wall of {} ÷ {}", peer.case.name, ours.case.name);
    vec![Verdict::at_least(promise, 1.5, peer.ratio(ours, wall))]
}

fn flat_table(results: &Results) -> Table {
    let mut table = Table::new(["drain of", "peak MB", "CPU, µs a user"]);
    for case in &results.cases {
        table.row([
            case.case.name.clone(),
            format!("{:.1}", case.median(peak_mb)),
            micros(case, cpu),
        ]);
    }
    table
}

/// Our longest against our shortest.
fn flat(results: &Results) -> Vec<Verdict> {
    let mut cases: Vec<_> = results.cases.iter().filter(|case| case.case.is_ours()).collect();
    cases.sort_by_key(|case| case.case.pages());
    let (Some(shortest), Some(longest)) = (cases.first(), cases.last()) else {
        return Vec::new();
    };
    let promise = format!("peak of {} ÷ peak of {}", longest.case.name, shortest.case.name);
    let ratio = longest.median(peak_mb) / shortest.median(peak_mb);
    vec![Verdict::at_most(promise, 1.1, ratio)]
}

/// The plain HTTP client of a language that a call is held against.
fn bare_client(results: &Results) -> Option<&CaseResults> {
    results.of(match results.language {
        Language::Python => "httpx",
        Language::Node => "fetch",
        Language::Kotlin => "okhttp",
        Language::Swift => "urlsession",
    })
}

fn one_table(results: &Results) -> Table {
    let mut table = Table::new([
        "contender",
        "CPU, µs a call",
        "wall, µs a call",
        "CPU ÷ bare client",
        "wall ÷ bare client",
    ]);
    let bare = bare_client(results);
    for case in &results.cases {
        table.row([
            case.case.name.clone(),
            micros(case, cpu),
            micros(case, wall),
            against(case, bare, cpu),
            against(case, bare, wall),
        ]);
    }
    table
}

fn one(results: &Results) -> Vec<Verdict> {
    let (Some(bare), Some(ours)) = (bare_client(results), results.of("pluvo:query")) else {
        return Vec::new();
    };
    let name = &bare.case.name;
    vec![
        Verdict::at_most(format!("CPU of a query ÷ {name}"), 1.3, ours.ratio(bare, cpu)),
        Verdict::at_most(format!("wall of a query ÷ {name}"), 1.3, ours.ratio(bare, wall)),
    ]
}

fn start_table(results: &Results) -> Table {
    let mut table = Table::new([
        "contender",
        "CPU, ms",
        "wall, ms",
        "CPU above bare, ms",
        "wall above bare, ms",
        "peak MB",
    ]);
    let bare = results.of("bare");
    for case in &results.cases {
        table.row([
            case.case.name.clone(),
            millis(case, cpu),
            millis(case, wall),
            above(case, bare, cpu),
            above(case, bare, wall),
            format!("{:.1}", case.median(peak_mb)),
        ]);
    }
    table
}

fn above(case: &CaseResults, bare: Option<&CaseResults>, figure: impl Fn(&Run) -> f64) -> String {
    bare.map_or_else(
        || "–".to_owned(),
        |bare| {
            let beyond = case.median(&figure) - bare.median(&figure);
            format!("{:.1}", 1e3 * beyond)
        },
    )
}

fn start(results: &Results) -> Vec<Verdict> {
    let (Some(bare), Some(ours)) = (results.of("bare"), ours(results)) else {
        return Vec::new();
    };
    let (bare_took, took) = (bare.median(cpu), ours.median(cpu));
    match results.language {
        Language::Python => vec![Verdict::at_most(
            "CPU of a start above python alone, ms",
            40.0,
            1e3 * (took - bare_took),
        )],
        // As a ratio, since most of it is Node's own: on a machine where that takes twice as long, so does all.
        Language::Node => vec![Verdict::at_most(
            "CPU of a start ÷ node alone (75 ms where that takes 62)",
            1.2,
            took / bare_took,
        )],
        _ => Vec::new(),
    }
}
