//! No secret is ever printed, however much is.

use crate::list::outage;
use crate::run::{Bench, run};
use pluvo_sandbox::{Fault, Sandbox};
use std::fs;

const SECRET: &str = "canary-4f1d9c-secret";

#[test]
fn neither_secret_nor_token_is_printed_in_any_run() {
    let bench = Bench::with(Sandbox::builder().users(60).client("canary", SECRET, None));
    let handed_in = bench.sandbox.issue_token(None);
    let mut printed = String::new();
    let runs: [&[&str]; 10] = [
        &["users", "list"],
        &["users", "get", "--ref", "no such"],
        &["check"],
        &["check", "--scopes", "no.such"],
        &["query", "{ nope }"],
        &["query", "{ nope }", "--error-format", "json"],
        &["groups", "export", "-o", "groups.csv"],
        &[
            "users",
            "list",
            "--base-url",
            "http://127.0.0.1:1",
            "--max-attempts",
            "2",
        ],
        &["users", "list", "--timeout", "1us"],
        &["trainings", "list", "--error-format", "json"],
    ];
    for arguments in runs {
        bench.sandbox.add_faults([Fault::graphql(outage())]);
        let mut command = bench.bare();
        command
            .args(["-vv", "--token-cache"])
            .args(arguments)
            .env("PLUVO_BASE_URL", bench.sandbox.url());
        let mut credentials = command
            .env("PLUVO_CLIENT_ID", "canary")
            .env("PLUVO_CLIENT_SECRET", SECRET);
        let done = run(credentials);
        printed += &(done.out + &done.err);
        credentials = credentials.env("PLUVO_ACCESS_TOKEN", &handed_in);
        let done = run(credentials);
        printed += &(done.out + &done.err);
        bench.sandbox.clear_faults();
    }
    assert!(printed.contains("operation=\"Users\""), "it was loud");
    assert!(!printed.contains(SECRET) && !printed.contains("canary-4f1d9c"));
    assert!(!printed.contains(&handed_in));
    let mut tokens = 0;
    for entry in fs::read_dir(bench.path("cache/pluvo/tokens")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let Ok(kept) = serde_json::from_str::<serde_json::Value>(&text) else {
            continue;
        };
        assert!(!printed.contains(kept["access_token"].as_str().unwrap()));
        tokens += 1;
    }
    assert!(tokens > 0, "there was a token to look for");
}
