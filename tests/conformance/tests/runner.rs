//! The runner itself: what must fail does fail, and every file is in order.

use std::collections::{BTreeMap, BTreeSet};

use pluvo_conformance::faces::Rust;
use pluvo_conformance::harness::once;
use pluvo_conformance::load::{self, File};
use pluvo_conformance::scenario::{Read, Scenario, Step};
use serde_json::{Value, json};

/// A scenario with these parts, besides what every one has.
fn scenario(parts: &Value) -> File {
    let mut json = json!({
        "$schema": "../../scenario.schema.json",
        "title": "What the runner has to notice",
        "covers": ["faults:65"],
        "sandbox": { "users": 60 },
        "steps": [{ "call": "users.list", "expect": { "rows": "all" } }],
    });
    for (name, part) in parts.as_object().into_iter().flatten() {
        json[name] = part.clone();
    }
    let scenario = serde_json::from_value(json.clone()).expect("a scenario");
    File {
        name: "self".to_owned(),
        json,
        scenario,
    }
}

/// What the runner says against it.
fn complaint(parts: &Value) -> String {
    once::<Rust>(&scenario(parts)).expect_err("the runner has to notice")
}

#[test]
fn what_is_right_passes() {
    once::<Rust>(&scenario(&json!({ "expect": { "tokens": 1, "graphql": 2 } }))).expect("no complaint");
}

#[test]
fn a_fault_that_is_not_hit_fails_the_scenario() {
    let faults = json!([{ "name": "late", "from": 9, "do": { "kind": "status", "status": 500 } }]);
    let said = complaint(&json!({ "sandbox": { "users": 60, "faults": faults } }));
    assert!(said.contains("late") && said.contains("was not hit"), "{said}");
}

#[test]
fn a_fault_that_must_not_be_hit_fails_the_scenario() {
    let faults = json!([{ "name": "trap", "do": { "kind": "pass" } }]);
    let said =
        complaint(&json!({ "sandbox": { "users": 60, "faults": faults }, "expect": { "unhit": ["trap"] } }));
    assert!(said.contains("trap") && said.contains("was hit"), "{said}");
    let said = complaint(&json!({ "expect": { "unhit": ["nobody-planned-it"] } }));
    assert!(said.contains("there is no fault"), "{said}");
}

#[test]
fn mail_that_was_not_expected_fails_the_scenario() {
    let args = json!({ "email": "anne@example.org", "name": "Anne", "notify": true });
    let said = complaint(&json!({ "steps": [{ "call": "users.create", "args": args }] }));
    assert!(said.contains("mail") && said.contains("createUser"), "{said}");
}

#[test]
fn every_wrong_outcome_is_noticed() {
    let failing = json!([{ "do": { "kind": "status", "status": 403 } }]);
    for (expect, faults, says) in [
        (json!({ "count": 59 }), json!([]), "rows: 59 expected"),
        (json!({ "pages": [60] }), json!([]), "pages"),
        (json!({ "told": 61 }), json!([]), "count told"),
        (json!({ "each": { "language": "NL" } }), json!([]), "language"),
        (json!({ "without": ["name"] }), json!([]), "has a value for name"),
        (json!({ "row": { "0": { "id": "x" } } }), json!([]), "row 0"),
        (json!({ "row": { "60": { "id": "x" } } }), json!([]), "row 60"),
        (
            json!({ "rows": { "where": { "archived": true } } }),
            json!([]),
            "rows expected",
        ),
        (json!({ "rows": { "reversed": true } }), json!([]), "row 0: id"),
        (json!({ "rows": { "skip": 1 } }), json!([]), "59 rows expected"),
        (json!({ "error": { "code": "server" } }), json!([]), "none seen"),
        (json!({}), failing.clone(), "no error expected"),
        (
            json!({ "error": { "code": "auth" } }),
            failing.clone(),
            "code: auth expected, permission seen",
        ),
        (
            json!({ "error": { "code": "permission", "status": 401 } }),
            failing.clone(),
            "status",
        ),
        (
            json!({ "error": { "code": "permission", "attempts": 2 } }),
            failing.clone(),
            "attempts",
        ),
        (
            json!({ "error": { "code": "permission", "retryable": true } }),
            failing.clone(),
            "retryable",
        ),
        (
            json!({ "error": { "code": "permission", "retry_after": 1 } }),
            failing.clone(),
            "retry_after",
        ),
        (
            json!({ "error": { "code": "permission", "graphql": 1 } }),
            failing.clone(),
            "GraphQL errors",
        ),
        (
            json!({ "error": { "code": "permission", "says": ["moon"] } }),
            failing.clone(),
            "does not say",
        ),
        (
            json!({ "error": { "code": "permission", "never": ["scope"] } }),
            failing.clone(),
            "says \"scope\"",
        ),
    ] {
        let steps = json!([{ "call": "users.list", "expect": expect }]);
        let said = complaint(&json!({ "sandbox": { "users": 60, "faults": faults }, "steps": steps }));
        assert!(said.contains(says), "{expect}: {said}");
    }
}

#[test]
fn lost_changed_and_doubled_rows_are_noticed() {
    let edit = |edits: Value| json!([{ "do": { "kind": "edit", "edits": edits } }]);
    for (faults, says) in [
        (
            edit(json!([{ "path": "data.paginatedUsers.edges.3", "remove": true }])),
            "60 rows expected, 59 seen",
        ),
        (
            edit(json!([{ "path": "data.paginatedUsers.edges.3.node.name", "set": "Someone else" }])),
            "row 3: name",
        ),
    ] {
        let said = complaint(&json!({ "sandbox": { "users": 60, "faults": faults } }));
        assert!(said.contains(says), "{said}");
    }
    let twice = edit(json!([{ "path": "data.paginatedUsers.edges.*.node.id", "set": "one-and-the-same" }]));
    let steps = json!([{ "call": "users.list", "expect": { "count": 60 } }]);
    let said = complaint(&json!({ "sandbox": { "users": 60, "faults": twice }, "steps": steps }));
    assert!(said.contains("distinct rows"), "{said}");
    let faults = edit(json!([{ "path": "data.paginatedUsers.edges.3", "remove": true }]));
    let steps = json!([{ "call": "users.list", "expect": { "rows": "kept" } }]);
    let said = complaint(&json!({ "sandbox": { "users": 60, "faults": faults }, "steps": steps }));
    assert!(said.contains("1 rows were lost"), "{said}");
}

#[test]
fn every_wrong_account_is_noticed() {
    for (expect, says) in [
        (json!({ "tokens": 2 }), "requests for tokens"),
        (json!({ "graphql": [3, 9] }), "GraphQL requests"),
        (json!({ "connections": 0 }), "connections"),
        (json!({ "in_flight": [2, 9] }), "in flight"),
        (json!({ "rows": { "skip": 1 } }), "rows expected"),
        (json!({ "logs": ["never said"] }), "the log does not say"),
        (json!({ "secrets": ["pluvo_sdk::http"] }), "stands in the log"),
        (
            json!({ "secrets": ["ClientBuilder"] }),
            "stands in what the client gave off",
        ),
        (json!({ "store_mode": "600" }), "token file's mode"),
        (json!({ "waited": { "least": "1s" } }), "waited"),
        (json!({ "waited": { "times": 1 } }), "waited"),
        (
            json!({ "outbox": [{ "operation": "createUser", "people": 1 }] }),
            "mail",
        ),
        (json!({ "requests": [{ "nth": 3 }] }), "no request"),
        (json!({ "requests": [{ "operation": "User" }] }), "operation"),
        (json!({ "requests": [{ "variables": { "first": 49 } }] }), "first"),
        (json!({ "requests": [{ "without": ["first"] }] }), "was sent"),
        (json!({ "requests": [{ "query_says": ["shoeSize"] }] }), "lacks"),
        (json!({ "requests": [{ "query_never": ["email"] }] }), "has"),
        (
            json!({ "requests": [{ "headers": { "accept": null } }] }),
            "header accept",
        ),
        (
            json!({ "requests": [{ "headers": { "x-none": "a" } }] }),
            "header x-none",
        ),
        (
            json!({ "requests": [{ "on": "token", "form": { "scope": "a" } }] }),
            "form field scope",
        ),
        (
            json!({ "requests": [{ "version": "HTTP/2.0" }] }),
            "HTTP/2.0 expected",
        ),
    ] {
        let said = complaint(&json!({ "expect": expect }));
        assert!(said.contains(says), "{expect}: {said}");
    }
}

#[test]
fn a_request_to_the_host_that_may_not_be_called_is_noticed() {
    let client = json!({ "organization": "${trap}", "auth": { "kind": "token" } });
    let steps = json!([{ "call": "users.list", "expect": { "error": { "code": "auth" } } }]);
    let said = complaint(&json!({ "client": client, "steps": steps }));
    assert!(said.contains("may not be called"), "{said}");
}

#[test]
fn a_secret_in_an_error_is_noticed() {
    let faults = json!([{ "do": { "kind": "errors", "message": "The moon is full." } }]);
    let steps = json!([{ "call": "users.list", "expect": { "error": { "code": "graphql" } } }]);
    let sandbox = json!({ "faults": faults });
    let said = complaint(&json!({ "sandbox": sandbox, "steps": steps, "expect": { "secrets": ["moon"] } }));
    assert!(said.contains("\"moon\" stands in"), "{said}");
}

#[test]
fn what_cannot_be_carried_out_fails() {
    for (steps, says) in [
        (json!([{ "call": "users.dance" }]), "no call"),
        (
            json!([{ "call": "users.list", "args": { "shoe_size": 44 } }]),
            "no argument",
        ),
        (
            json!([{ "call": "users.update", "args": { "ref": "EMP-00001", "shoe_size": 44 } }]),
            "unknown field",
        ),
        (
            json!([{ "call": "groups.add_users", "args": { "ref": "GRP-001" } }]),
            "is needed",
        ),
        (json!([{ "join": "nobody" }]), "nothing was begun"),
        (
            json!([{ "call": "users.list", "how": { "after": "nowhere" } }]),
            "no position was kept",
        ),
        (
            json!([{ "call": "users.list", "how": { "keep": "end" } }]),
            "no position to keep",
        ),
        (
            json!([{ "call": "users.get", "args": { "id": "${users.list/900/id}" } }]),
            "no text at",
        ),
        (
            json!([{ "call": "users.get", "args": { "id": "${moon}" } }]),
            "no such placeholder",
        ),
        (
            json!([{ "control": { "method": "POST", "path": "/__sandbox/moon" } }]),
            "404",
        ),
    ] {
        let said = complaint(&json!({ "steps": steps }));
        assert!(said.contains(says), "{steps}: {said}");
    }
}

#[test]
fn the_files_are_in_order() {
    let files = load::all().expect("scenarios");
    assert!(files.len() >= 360, "{} scenarios", files.len());
    let mut titles = BTreeMap::new();
    for File { name, scenario, .. } in &files {
        let other = titles.insert(scenario.title.clone(), name);
        assert!(other.is_none(), "{name} has the title of {other:?}");
        // Only a reading by pages can tell what was on each.
        let wrong = steps(scenario).any(|step| step.expect.pages.is_some() && step.how.read != Read::Pages);
        assert!(!wrong, "{name} expects pages of a reading that has none");
    }
}

fn steps(scenario: &Scenario) -> impl Iterator<Item = &pluvo_conformance::scenario::CallStep> {
    scenario.steps.iter().filter_map(|step| match step {
        Step::Call(step) => Some(&**step),
        _ => None,
    })
}

/// Every public call is made by some scenario, but for those that only some languages have.
#[test]
fn every_call_is_made() {
    let surface: Value = serde_json::from_str(include_str!("../surface.json")).expect("JSON");
    let files = load::all().expect("scenarios");
    let made: BTreeSet<_> = files
        .iter()
        .flat_map(|file| steps(&file.scenario))
        .map(|step| step.call.as_str())
        .collect();
    let calls = surface.as_object().expect("an object").keys();
    let unmade: Vec<_> = calls.filter(|call| !made.contains(call.as_str())).collect();
    assert_eq!(
        unmade,
        [
            "extra_categories.kinds",
            "extra_categories.set_values_stream",
            "users.upsert_stream",
        ]
    );
}

/// `faults.md` says of each line whether scenarios hold it or which tests do; scenarios name only lines that it has.
#[test]
fn faults_and_scenarios_agree() {
    let text = include_str!("../faults.md");
    let lines: BTreeMap<String, &str> = text
        .lines()
        .filter_map(|line| {
            let cells: Vec<_> = line.split('|').map(str::trim).collect();
            let number = cells.get(1)?.parse::<u32>().ok()?;
            Some((format!("faults:{number}"), *cells.get(3)?))
        })
        .collect();
    let files = load::all().expect("scenarios");
    let covered: BTreeSet<_> = files
        .iter()
        .flat_map(|file| &file.scenario.covers)
        .cloned()
        .collect();
    let faults = || covered.iter().filter(|covered| covered.starts_with("faults:"));
    let unknown: Vec<_> = faults().filter(|line| !lines.contains_key(*line)).collect();
    assert!(unknown.is_empty(), "faults.md has no {unknown:?}");
    for (line, held) in &lines {
        assert_eq!(
            held.contains("scenarios"),
            covered.contains(line),
            "{line} is said to be held by: {held}"
        );
    }
}
