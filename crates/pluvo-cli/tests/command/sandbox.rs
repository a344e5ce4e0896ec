//! `pluvo sandbox` and `pluvo demo`.

use crate::run::{bare, rows, run};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A sandbox as a program of its own, ended when it is dropped.
struct Served {
    home: TempDir,
    child: Child,
    told: serde_json::Value,
}

impl Served {
    fn new(arguments: &[&str]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = bare(home.path());
        command
            .args(["sandbox", "--port", "0", "--format", "json"])
            .args(arguments)
            .stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        Self {
            home,
            child,
            told: serde_json::from_str(&line).unwrap(),
        }
    }

    fn pluvo(&self, arguments: &[&str]) -> Command {
        let mut command = bare(self.home.path());
        command
            .args(arguments)
            .env("PLUVO_BASE_URL", self.told["url"].as_str().unwrap())
            .env("PLUVO_CLIENT_ID", self.told["client_id"].as_str().unwrap())
            .env(
                "PLUVO_CLIENT_SECRET",
                self.told["client_secret"].as_str().unwrap(),
            );
        command
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn it_serves_what_it_was_asked_for() {
    let served = Served::new(&[
        "--users",
        "70",
        "--groups",
        "3",
        "--trainings",
        "2",
        "--seed",
        "7",
        "--page-cap",
        "cap",
    ]);
    for (kind, count) in [("users", 70), ("groups", 3), ("trainings", 2)] {
        assert_eq!(rows(&run(&mut served.pluvo(&[kind, "list"])).out).len(), count);
    }
    let capped =
        run(&mut served.pluvo(&["query", "{ paginatedUsers(first: 60) { edges { node { id } } } }"]));
    assert_eq!(capped.out.matches("\"id\"").count(), 50);
    let again = Served::new(&[
        "--users",
        "70",
        "--groups",
        "3",
        "--trainings",
        "2",
        "--seed",
        "7",
    ]);
    let (one, two) = (
        run(&mut served.pluvo(&["users", "list"])),
        run(&mut again.pluvo(&["users", "list"])),
    );
    assert_eq!(one.out, two.out, "equal seeds give equal data");
    run(&mut again.pluvo(&["query", "{ paginatedUsers(first: 60) { count } }"])).fails(14, "50");
}

#[test]
fn a_rate_limit_is_kept() {
    let served = Served::new(&["--rate-limit", "1/h"]);
    run(&mut served.pluvo(&["query", "{ paginatedUsers { count } }"])).fails(0, "");
    let refused =
        run(&mut served.pluvo(&["query", "{ paginatedUsers { count } }", "--error-format", "json"]));
    assert_eq!(
        (refused.code, &refused.error()["code"]),
        (9, &serde_json::json!("rate_limited"))
    );
    assert!(
        refused.error()["retry_after"].as_f64().unwrap() > 120.0,
        "longer than a client waits"
    );
}

#[cfg(unix)]
#[test]
fn it_ends_when_told_to() {
    for signal in ["-INT", "-TERM"] {
        let mut served = Served::new(&[]);
        let id = served.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &id])
                .status()
                .unwrap()
                .success()
        );
        assert_eq!(served.child.wait().unwrap().code(), Some(0));
    }
}

#[test]
fn it_says_how_to_reach_it_or_why_it_cannot_start() {
    let served = Served::new(&[]);
    let port = served.told["port"].to_string();
    let taken = run(bare(served.home.path()).args(["sandbox", "--port", &port]));
    taken.fails(18, &format!("cannot listen on 127.0.0.1:{port}"));
    for wrong in [
        ["--latency", "soon"],
        ["--rate-limit", "10"],
        ["--page-cap", "maybe"],
        ["--users", "-1"],
    ] {
        assert_eq!(
            run(bare(served.home.path()).arg("sandbox").args(wrong)).code,
            2,
            "{wrong:?}"
        );
    }
    let mut text = bare(served.home.path());
    let mut child = text
        .args(["-q", "sandbox", "--port", "0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: Vec<_> = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .take(5)
        .map(Result::unwrap)
        .collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(
        lines[2]
            .trim()
            .starts_with("export PLUVO_BASE_URL=http://127.0.0.1:"),
        "{lines:?}"
    );
    assert_eq!(lines[4].trim(), "export PLUVO_CLIENT_SECRET=sandbox-secret");
}

#[test]
fn the_demo_is_whole_and_keeps_its_exports_on_request() {
    let home = tempfile::tempdir().unwrap();
    let demo = |more: &[&str]| {
        run(bare(home.path())
            .args(["demo", "--users", "700", "--latency", "1ms"])
            .args(more))
    };
    let shown = demo(&["--out", "kept/here"]);
    assert_eq!((shown.code, shown.err.as_str()), (0, ""), "{}", shown.out);
    for line in [
        "1. Access",
        "700 users, 5 groups, 4 trainings",
        "times as fast",
        "the token ends midway",
        "Everything was whole.",
    ] {
        assert!(shown.out.contains(line), "{line}: {}", shown.out);
    }
    assert_eq!(shown.out.matches("the same file").count(), 3);
    let mut kept: Vec<_> = std::fs::read_dir(home.path().join("kept/here"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    kept.sort();
    assert_eq!(
        kept,
        [
            "users-faulty.csv",
            "users-parallel.csv",
            "users.csv",
            "users.parquet"
        ]
    );
    std::fs::write(home.path().join("file"), "").unwrap();
    demo(&["--out", "file/here"]).fails(18, "cannot make the folder");
}
