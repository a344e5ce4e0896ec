//! A sync whose process is killed, and run again.

use crate::run::Bench;
use crate::sync::{arguments, bench, data};
use pluvo_sandbox::{Action, At, Effect, Fault, Point};
use serde_json::Value;
use std::fs;
use std::process::Stdio;

/// The first people of a file, as a file of its own.
fn first_people(bench: &Bench, count: usize) {
    let all = fs::read_to_string(data("medewerkers-utf8.csv")).unwrap();
    let lines: Vec<&str> = all.lines().take(1 + count).collect();
    bench.write("people.csv", &lines.join("\n"));
}

/// Starts a sync and kills it in the middle: once so many requests are answered, or once the last of so many is carried
/// out and, because the line stalls, not answered.
fn kill_midway(bench: &Bench, words: &[&str], requests: u64, stalls: bool) {
    if stalls {
        let stall = Effect::Connection {
            action: Action::Stall,
            at: At::Point(Point::Headers),
        };
        let stall = Fault::graphql(stall).from(requests).always();
        bench.sandbox.add_faults([stall]);
    }
    bench.sandbox.clear_log();
    let mut child = bench
        .command(words)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // It may be through before it is killed: that is a moment, too.
    let is_there = || {
        if stalls {
            bench.sandbox.faults()[0].hits > 0
        } else {
            bench.sandbox.log().len() as u64 >= requests
        }
    };
    while !is_there() && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    bench.sandbox.clear_faults();
}

#[test]
fn a_sync_that_is_killed_at_any_moment_goes_on_and_does_each_row_once() {
    let map = data("afas.toml");
    let words = arguments(
        "people.csv",
        &map,
        &["--yes", "--journal", "done.jsonl", "--format", "json"],
    );
    let plan = |bench: &Bench| -> Value {
        let done = bench.pluvo(&arguments("people.csv", &map, &["--dry-run"]));
        serde_json::from_str(&done.out).unwrap()
    };
    let whole = bench();
    first_people(&whole, 70);
    let news = plan(&whole)["summary"]["create"].as_u64().unwrap();
    assert_eq!(whole.pluvo(&words).code, 0);
    let requests = whole.sandbox.log().len() as u64;
    let mut random = fastrand::Rng::with_seed(45);
    let mut midway = 0;
    for point in 0..50 {
        let bench = bench();
        first_people(&bench, 70);
        let (after, stalls) = (random.u64(1..requests), random.bool());
        kill_midway(&bench, &words, after, stalls);
        let told = || format!("point {point}: after {after} of {requests} requests, stalls: {stalls}");
        let done = || bench.sandbox.state().counts.users as u64 - 60;
        midway += u64::from((1..news).contains(&done()));
        let rest = bench.pluvo(&words);
        assert_eq!(rest.code, 0, "{}: {rest:?}", told());
        assert_eq!(
            done(),
            news,
            "{}: nobody is missing, and nobody there twice",
            told()
        );
        assert_eq!(plan(&bench)["steps"], serde_json::json!([]), "{}", told());
        assert!(bench.sandbox.outbox().is_empty());
    }
    assert!(
        midway > 10,
        "only {midway} were killed between the first and the last person"
    );
}
