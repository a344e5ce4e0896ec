//! What is measured in a language, with whom.

use super::language::Language;
use crate::server::Spec;
use crate::server::pages::PAGE;
use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};

/// All of them, in the order in which they are told.
pub(super) const ALL: [&str; 5] = ["drain", "drain-16", "flat", "one", "start"];

/// Contenders that do the same work.
#[derive(Debug)]
pub(super) struct Workload {
    pub id: &'static str,
    /// More rounds than these tell nothing more.
    pub most_rounds: usize,
    pub cases: Vec<Case>,
}

/// One contender and its work.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Case {
    pub name: String,
    /// What the program calls it.
    pub contender: String,
    pub task: Task,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "lowercase")]
pub(super) enum Task {
    /// Reads all pages: by cursor one after the other, or by offset, so many in flight.
    Drain {
        pages: usize,
        #[serde(rename = "inFlight")]
        in_flight: usize,
    },
    /// Sends a small query so often, one after the other.
    One { calls: u32 },
    /// Loads what it needs and makes a client. Nothing is sent.
    Start,
}

impl Case {
    fn new(name: impl Into<String>, contender: &str, task: Task) -> Self {
        Self {
            name: name.into(),
            contender: contender.to_owned(),
            task,
        }
    }

    pub(super) fn is_ours(&self) -> bool {
        self.contender.starts_with("pluvo")
    }

    pub(super) fn server(&self) -> Spec {
        Spec {
            pages: self.pages().max(1),
            ..Spec::default()
        }
    }

    pub(super) fn pages(&self) -> usize {
        match self.task {
            Task::Drain { pages, .. } => pages,
            Task::One { .. } | Task::Start => 0,
        }
    }

    /// What the work is counted in: rows, or calls.
    #[expect(clippy::cast_precision_loss, reason = "a million rows at most")]
    pub(super) fn units(&self) -> f64 {
        match self.task {
            Task::Drain { pages, .. } => (pages * PAGE) as f64,
            Task::One { calls } => f64::from(calls),
            Task::Start => 1.0,
        }
    }
}

struct Size {
    pages: usize,
    /// Of them, those that slow contenders read.
    few_pages: usize,
    flat_pages: [usize; 3],
    calls: u32,
}

impl Size {
    const FULL: Self = Self {
        pages: 2_000,
        few_pages: 400,
        flat_pages: [100, 1_000, 20_000],
        calls: 5_000,
    };
    const QUICK: Self = Self {
        pages: 20,
        few_pages: 10,
        flat_pages: [5, 10, 20],
        calls: 20,
    };
}

/// A contender by what the program calls it and what a table does.
type Entry = (&'static str, &'static str);

/// Those that would take most of the time of a run, and tell the same by fewer pages.
const SLOW: [&str; 7] = [
    "httpx",
    "requests",
    "gql",
    "sgqlc",
    "axios",
    "graphql-request",
    "apollo",
];

/// Who takes part, in each of the workloads. Of ours the first is the one that promises are made of, and of the readers
/// the strongest peer comes first.
struct Field {
    readers: &'static [Entry],
    our_readers: &'static [Entry],
    our_callers: &'static [Entry],
    starters: &'static [Entry],
}

const PYTHON: Field = Field {
    readers: &[
        ("pyreqwest", "pyreqwest + orjson"),
        ("pyreqwest:async", "pyreqwest + orjson, async"),
        ("aiohttp", "aiohttp + orjson"),
        ("aiohttp:pydantic", "aiohttp + pydantic"),
        ("httpx", "httpx"),
        ("httpx:async", "httpx, async"),
        ("requests", "requests"),
        ("gql:requests", "gql, requests"),
        ("gql:httpx", "gql, httpx"),
        ("gql:aiohttp", "gql, aiohttp"),
        ("sgqlc", "sgqlc, requests"),
    ],
    our_readers: &[
        ("pluvo:typed", "pluvo-sdk, User"),
        ("pluvo:plain", "pluvo-sdk, plain rows"),
        ("pluvo:typed-async", "pluvo-sdk, User, async"),
        ("pluvo:plain-async", "pluvo-sdk, plain rows, async, by pages"),
    ],
    our_callers: &[
        ("pluvo:query", "pluvo-sdk, query"),
        ("pluvo:get", "pluvo-sdk, users.get"),
        ("pluvo:query-async", "pluvo-sdk, query, async"),
    ],
    starters: &[
        ("bare", "python alone"),
        ("pyreqwest", "pyreqwest + orjson"),
        ("aiohttp", "aiohttp + orjson"),
        ("httpx", "httpx"),
        ("requests", "requests"),
        ("gql:requests", "gql, requests"),
        ("sgqlc", "sgqlc, requests"),
        ("pluvo:sync", "pluvo-sdk"),
        ("pluvo:async", "pluvo-sdk, async"),
    ],
};

const NODE: Field = Field {
    readers: &[
        ("undici", "undici request"),
        ("fetch", "fetch"),
        ("axios", "axios"),
        ("graphql-request", "graphql-request"),
        ("apollo", "Apollo Client, no cache"),
    ],
    our_readers: &[
        ("pluvo:rows", "pluvo-sdk"),
        ("pluvo:pages", "pluvo-sdk, by pages"),
        ("pluvo:select", "pluvo-sdk, fields selected"),
    ],
    our_callers: &[
        ("pluvo:query", "pluvo-sdk, query"),
        ("pluvo:get", "pluvo-sdk, users.get"),
    ],
    starters: &[
        ("bare", "node alone"),
        ("undici", "undici request"),
        ("axios", "axios"),
        ("graphql-request", "graphql-request"),
        ("apollo", "Apollo Client, no cache"),
        ("pluvo", "pluvo-sdk"),
    ],
};

const KOTLIN: Field = Field {
    readers: &[
        ("okhttp", "OkHttp + kotlinx.serialization"),
        ("apollo-kotlin", "Apollo Kotlin"),
    ],
    our_readers: &[
        ("pluvo:rows", "pluvo-sdk, User"),
        ("pluvo:pages", "pluvo-sdk, User, by pages"),
    ],
    our_callers: &[("pluvo:query", "pluvo-sdk, query")],
    starters: &[
        ("bare", "java alone"),
        ("okhttp", "OkHttp + kotlinx.serialization"),
        ("apollo-kotlin", "Apollo Kotlin"),
        ("pluvo", "pluvo-sdk"),
    ],
};

const SWIFT: Field = Field {
    readers: &[("urlsession", "URLSession + Codable")],
    our_readers: &[
        ("pluvo:rows", "pluvo-sdk, User"),
        ("pluvo:pages", "pluvo-sdk, User, by pages"),
    ],
    our_callers: &[("pluvo:query", "pluvo-sdk, query")],
    starters: &[
        ("bare", "a program alone"),
        ("urlsession", "URLSession + Codable"),
        ("pluvo", "pluvo-sdk"),
    ],
};

/// The workloads of these names, or all.
pub(super) fn chosen(language: Language, names: &[String], quick: bool) -> Result<Vec<Workload>> {
    if let Some(unknown) = names.iter().find(|name| !ALL.contains(&name.as_str())) {
        bail!(
            "there is no workload {unknown} of {}; there are {}",
            language.name(),
            ALL.join(", ")
        );
    }
    let size = if quick { Size::QUICK } else { Size::FULL };
    let field = match language {
        Language::Python => PYTHON,
        Language::Node => NODE,
        Language::Kotlin => KOTLIN,
        Language::Swift => SWIFT,
    };
    let wanted = |id: &&str| names.is_empty() || names.iter().any(|name| name == id);
    Ok(ALL
        .into_iter()
        .filter(wanted)
        .map(|id| workload(id, &field, &size))
        .collect())
}

fn workload(id: &'static str, field: &Field, size: &Size) -> Workload {
    let one = Task::One { calls: size.calls };
    let (most_rounds, cases) = match id {
        "drain" => (usize::MAX, drain(field, size, 1)),
        "drain-16" => (usize::MAX, drain(field, size, 16)),
        "flat" => (3, flat(field, size)),
        "one" => (usize::MAX, cases(&[field.readers, field.our_callers], one)),
        _ => (usize::MAX, cases(&[field.starters], Task::Start)),
    };
    Workload {
        id,
        most_rounds,
        cases,
    }
}

fn cases(entries: &[&[Entry]], task: Task) -> Vec<Case> {
    let of = |(contender, name): &Entry| Case::new(*name, contender, task);
    entries.iter().copied().flatten().map(of).collect()
}

fn drain(field: &Field, size: &Size, in_flight: usize) -> Vec<Case> {
    let of = |(contender, name): &Entry| {
        let kind = contender.split(':').next().unwrap_or(contender);
        if SLOW.contains(&kind) {
            let pages = size.few_pages;
            Case::new(
                format!("{name} ({pages} pages)"),
                contender,
                Task::Drain { pages, in_flight },
            )
        } else {
            let pages = size.pages;
            Case::new(*name, contender, Task::Drain { pages, in_flight })
        }
    };
    field.readers.iter().chain(field.our_readers).map(of).collect()
}

/// Ours, and the first of the peers, which shows what the language itself does in such a drain.
fn flat(field: &Field, size: &Size) -> Vec<Case> {
    let both = field
        .our_readers
        .iter()
        .take(1)
        .chain(field.readers.iter().take(1));
    let of = |(contender, name): &Entry| {
        let case = |pages| {
            let task = Task::Drain { pages, in_flight: 1 };
            Case::new(format!("{pages} pages, {name}"), contender, task)
        };
        size.flat_pages.map(case)
    };
    both.flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::{ALL, chosen};
    use crate::faces::Language;

    #[test]
    fn every_language_has_one_of_ours_in_every_workload() {
        for language in Language::ALL {
            let workloads = chosen(language, &[], false).expect("all of them");
            assert_eq!(workloads.len(), ALL.len());
            for workload in workloads {
                let ours = workload.cases.iter().filter(|case| case.is_ours()).count();
                assert!(ours > 0, "{language:?}: {}", workload.id);
            }
        }
    }

    #[test]
    fn an_unknown_workload_is_named() {
        let error = chosen(Language::Python, &["drains".to_owned()], true).expect_err("no such workload");
        assert!(error.to_string().contains("drains"), "{error}");
    }
}
