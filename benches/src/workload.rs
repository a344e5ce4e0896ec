//! What is measured, with whom.

use crate::client::{Kind, Reading, Task, Writing};
use crate::server::pages::PAGE;
use crate::server::{RateLimit, Spec};
use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};

/// Contenders that do the same work.
#[derive(Debug)]
pub(crate) struct Workload {
    pub id: &'static str,
    /// More rounds than these tell nothing more.
    pub most_rounds: usize,
    pub cases: Vec<Case>,
}

/// One contender, its work and its server.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Case {
    pub name: String,
    pub kind: Kind,
    pub task: Task,
    pub server: Spec,
}

impl Case {
    /// The pages that are to be read.
    pub(crate) fn pages(&self) -> usize {
        match self.task {
            Task::Drain { pages, .. } => pages,
            Task::Plan { rows } | Task::ReadAll { rows } => rows / PAGE,
            Task::One { .. } | Task::Upsert { .. } | Task::Verify { .. } | Task::Start => 0,
        }
    }

    /// How many pages are in flight at once.
    pub(crate) fn in_flight(&self) -> usize {
        match self.task {
            Task::Drain {
                reading: Reading::Parallel(pages),
                ..
            } => pages,
            _ => 1,
        }
    }
}

/// All of them, in the order in which they are told.
pub(crate) const ALL: [&str; 12] = [
    "drain",
    "drain-16",
    "real",
    "drain-rtt",
    "flat",
    "one",
    "upsert",
    "sync",
    "verify",
    "limited",
    "faulty",
    "start",
];

/// The workloads of these names, or all.
pub(crate) fn chosen(names: &[String], quick: bool) -> Result<Vec<Workload>> {
    if let Some(unknown) = names.iter().find(|name| !ALL.contains(&name.as_str())) {
        bail!("there is no workload {unknown}; there are {}", ALL.join(", "));
    }
    let size = if quick { Size::QUICK } else { Size::FULL };
    let wanted = |id: &&str| names.is_empty() || names.iter().any(|name| name == id);
    Ok(ALL
        .into_iter()
        .filter(wanted)
        .map(|id| workload(id, &size))
        .collect())
}

struct Size {
    pages: usize,
    rtt_pages: usize,
    latency_ms: u64,
    flat_pages: [usize; 3],
    calls: u32,
    limited_pages: usize,
    rate: f64,
    rows: usize,
    /// Of the rows, those that are written one by one: all would take many minutes.
    share: usize,
    many_rows: usize,
    verified_kb: u32,
}

impl Size {
    const FULL: Self = Self {
        pages: 2_000,
        rtt_pages: 200,
        latency_ms: 50,
        flat_pages: [100, 1_000, 20_000],
        calls: 5_000,
        limited_pages: 600,
        rate: 20.0,
        rows: 10_000,
        share: 200,
        many_rows: 100_000,
        verified_kb: 200_000,
    };
    const QUICK: Self = Self {
        pages: 20,
        rtt_pages: 16,
        latency_ms: 5,
        flat_pages: [5, 10, 20],
        calls: 20,
        limited_pages: 40,
        rate: 200.0,
        rows: 500,
        share: 10,
        many_rows: 1_000,
        verified_kb: 2_000,
    };
}

/// Everyone who can read a list.
const READERS: [(&str, Kind); 6] = [
    ("limit: hyper, bytes only", Kind::Limit),
    ("reqwest, bytes only", Kind::ReqwestBytes),
    ("reqwest + serde_json", Kind::Reqwest),
    ("reqwest + serde_json, borrowed", Kind::ReqwestBorrowed),
    ("graphql_client + reqwest", Kind::GraphqlClient),
    ("cynic + reqwest", Kind::Cynic),
];

fn workload(id: &'static str, size: &Size) -> Workload {
    let (most_rounds, cases) = match id {
        "drain" => (usize::MAX, drain(size.pages, false)),
        "real" => (usize::MAX, drain(size.pages, true)),
        "drain-16" => (usize::MAX, drain_16(size.pages)),
        "drain-rtt" => (3, drain_rtt(size)),
        "flat" => (3, flat(size)),
        "one" => (usize::MAX, one(size.calls)),
        "upsert" => (3, upsert(size)),
        "sync" => (usize::MAX, sync(size)),
        "verify" => (usize::MAX, verify(size)),
        "limited" => (1, limited(size)),
        "faulty" => (3, faulty(size.pages)),
        _ => (usize::MAX, start()),
    };
    Workload {
        id,
        most_rounds,
        cases,
    }
}

fn case(name: &str, kind: Kind, reading: Reading, server: Spec) -> Case {
    Case {
        name: name.to_owned(),
        kind,
        task: Task::Drain {
            pages: server.pages,
            reading,
        },
        server,
    }
}

fn drain(pages: usize, real: bool) -> Vec<Case> {
    let server = Spec {
        pages,
        real,
        ..Spec::default()
    };
    let ours = [
        ("pluvo-sdk, User", Kind::Pluvo, Reading::Ahead),
        ("pluvo-sdk, User, by pages", Kind::PluvoPages, Reading::Ahead),
        ("pluvo-sdk, User, nothing ahead", Kind::Pluvo, Reading::Sequential),
        ("pluvo-sdk, own struct", Kind::PluvoOwn, Reading::Ahead),
        ("pluvo-sdk, rows left as bytes", Kind::PluvoRaw, Reading::Ahead),
    ];
    let peers = READERS.map(|(name, kind)| (name, kind, Reading::Sequential));
    peers
        .into_iter()
        .chain(ours)
        .map(|(name, kind, reading)| case(name, kind, reading, server.clone()))
        .collect()
}

fn drain_16(pages: usize) -> Vec<Case> {
    let server = Spec {
        pages,
        ..Spec::default()
    };
    let ours = [
        ("pluvo-sdk, User", Kind::Pluvo),
        ("pluvo-sdk, own struct", Kind::PluvoOwn),
    ];
    READERS
        .into_iter()
        .chain(ours)
        .map(|(name, kind)| case(name, kind, Reading::Parallel(16), server.clone()))
        .collect()
}

fn drain_rtt(size: &Size) -> Vec<Case> {
    let server = Spec {
        pages: size.rtt_pages,
        latency_ms: size.latency_ms,
        ..Spec::default()
    };
    [
        (
            "reqwest + serde_json, one by one",
            Kind::Reqwest,
            Reading::Sequential,
        ),
        (
            "reqwest + serde_json, 8 in flight",
            Kind::Reqwest,
            Reading::Parallel(8),
        ),
        ("pluvo-sdk, one by one", Kind::Pluvo, Reading::Sequential),
        ("pluvo-sdk, one ahead", Kind::Pluvo, Reading::Ahead),
        ("pluvo-sdk, 8 in flight", Kind::Pluvo, Reading::Parallel(8)),
    ]
    .map(|(name, kind, reading)| case(name, kind, reading, server.clone()))
    .into()
}

fn flat(size: &Size) -> Vec<Case> {
    let readings = [("", Reading::Ahead), (", 4 in flight", Reading::Parallel(4))];
    let of = |(suffix, reading)| {
        size.flat_pages.map(|pages| {
            let server = Spec {
                pages,
                ..Spec::default()
            };
            case(&format!("{pages} pages{suffix}"), Kind::Pluvo, reading, server)
        })
    };
    readings.map(of).into_iter().flatten().collect()
}

fn one(calls: u32) -> Vec<Case> {
    [
        ("limit: hyper, bytes only", Kind::Limit),
        ("reqwest, bytes only", Kind::ReqwestBytes),
        ("reqwest + serde_json", Kind::Reqwest),
        ("graphql_client + reqwest", Kind::GraphqlClient),
        ("cynic + reqwest", Kind::Cynic),
        ("pluvo-sdk, query", Kind::Pluvo),
        ("pluvo-sdk, users().get", Kind::PluvoGet),
    ]
    .map(|(name, kind)| Case {
        name: name.to_owned(),
        kind,
        task: Task::One { calls },
        server: Spec {
            pages: 1,
            ..Spec::default()
        },
    })
    .into()
}

fn upsert(size: &Size) -> Vec<Case> {
    let distant = Spec {
        pages: 1,
        latency_ms: size.latency_ms,
        ..Spec::default()
    };
    let near = Spec {
        pages: 1,
        ..Spec::default()
    };
    [
        (
            "reqwest + serde_json, one by one",
            Kind::Reqwest,
            size.share,
            Writing::OneByOne,
            &distant,
        ),
        (
            "pluvo-sdk, one by one",
            Kind::Pluvo,
            size.share,
            Writing::OneByOne,
            &distant,
        ),
        (
            "pluvo-sdk, upsert_many",
            Kind::Pluvo,
            size.rows,
            Writing::Many,
            &distant,
        ),
        (
            "pluvo-sdk, upsert_many, no latency",
            Kind::Pluvo,
            size.rows,
            Writing::Many,
            &near,
        ),
        (
            "pluvo-sdk, upsert_many, no latency",
            Kind::Pluvo,
            size.many_rows,
            Writing::Many,
            &near,
        ),
    ]
    .map(|(name, kind, rows, writing, server)| Case {
        name: format!("{name}: {rows} rows"),
        kind,
        task: Task::Upsert { rows, writing },
        server: server.clone(),
    })
    .into()
}

/// Readings and plans in pairs: rows for everybody, at a distance and near; then few rows, and ever more people.
fn sync(size: &Size) -> Vec<Case> {
    let of = |latency_ms, rows: usize, people: usize| {
        let server = Spec {
            pages: people / PAGE,
            latency_ms,
            ..Spec::default()
        };
        let read = format!("read of {people}, {latency_ms} ms");
        let plan = format!("plan of {rows} against {people}, {latency_ms} ms");
        [
            (read, Task::ReadAll { rows: people }),
            (plan, Task::Plan { rows }),
        ]
        .map(|(name, task)| Case {
            name,
            kind: Kind::Pluvo,
            task,
            server: server.clone(),
        })
    };
    let (rows, few) = (size.rows, size.rows / 10);
    [
        (size.latency_ms, rows, rows),
        (0, rows, rows),
        (0, few, few),
        (0, few, rows),
        (0, few, 5 * rows),
    ]
    .map(|(latency_ms, rows, people)| of(latency_ms, rows, people))
    .into_iter()
    .flatten()
    .collect()
}

fn verify(size: &Size) -> Vec<Case> {
    let contenders = [
        ("ring, HMAC alone", Kind::Ring),
        ("ring + serde_json", Kind::RingJson),
        ("pluvo-sdk, verify_signature", Kind::PluvoSignature),
        ("pluvo-sdk, verify", Kind::Pluvo),
    ];
    let of = |kb: u32| {
        contenders.map(|(name, kind)| Case {
            name: format!("{name}; {kb} kB"),
            kind,
            task: Task::Verify {
                bytes: 1000 * kb as usize,
                calls: size.verified_kb / kb,
            },
            server: Spec::default(),
        })
    };
    [2, 200].map(of).into_iter().flatten().collect()
}

fn limited(size: &Size) -> Vec<Case> {
    let server = |fraction| Spec {
        pages: size.limited_pages,
        limit: Some(RateLimit {
            rate: size.rate,
            burst: 20.0,
            fraction,
        }),
        ..Spec::default()
    };
    let contenders = [
        (
            "reqwest that heeds Retry-After",
            Kind::Reqwest,
            Reading::Sequential,
        ),
        ("pluvo-sdk", Kind::Pluvo, Reading::Ahead),
        ("pluvo-sdk, 8 in flight", Kind::Pluvo, Reading::Parallel(8)),
    ];
    let of = |(kind_of_wait, fraction)| {
        contenders.map(|(name, kind, reading)| {
            case(
                &format!("{name}; {kind_of_wait}"),
                kind,
                reading,
                server(fraction),
            )
        })
    };
    [("whole seconds", false), ("fractions", true)]
        .map(of)
        .into_iter()
        .flatten()
        .collect()
}

fn faulty(pages: usize) -> Vec<Case> {
    let server = Spec {
        pages,
        faulty: true,
        ..Spec::default()
    };
    [
        ("pluvo-sdk, one ahead", Reading::Ahead),
        ("pluvo-sdk, 8 in flight", Reading::Parallel(8)),
    ]
    .map(|(name, reading)| case(name, Kind::Pluvo, reading, server.clone()))
    .into()
}

fn start() -> Vec<Case> {
    [
        ("hyper", Kind::Limit),
        ("reqwest", Kind::Reqwest),
        ("pluvo-sdk", Kind::Pluvo),
    ]
    .map(|(name, kind)| Case {
        name: name.to_owned(),
        kind,
        task: Task::Start,
        server: Spec::default(),
    })
    .into()
}
