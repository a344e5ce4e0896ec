//! `pluvo sandbox` and `pluvo demo`.

use crate::run::{bare, rows, run};
use std::fmt::Write as _;
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

/// Ends it as Ctrl-C does.
#[cfg(unix)]
fn interrupt(served: &mut Served) {
    let id = served.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(served.child.wait().unwrap().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn an_organisation_is_saved_and_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("organisation.json").display().to_string();
    let list = ["users", "list", "--select", "id ref email name archived"];
    let mut first = Served::new(&["--users", "12", "--seed", "5", "--save", &file]);
    run(&mut first.pluvo(&["users", "archive", "--ref", "EMP-00002"])).fails(0, "");
    let before = run(&mut first.pluvo(&list)).out;
    assert_eq!(rows(&before).len(), 12);
    interrupt(&mut first);
    let mut second = Served::new(&["--load", &file, "--save", &file]);
    assert_eq!(run(&mut second.pluvo(&list)).out, before);
    run(&mut second.pluvo(&["users", "archive", "--undo", "--ref", "EMP-00002"])).fails(0, "");
    let after = run(&mut second.pluvo(&list)).out;
    assert_ne!(after, before);
    interrupt(&mut second);
    let third = Served::new(&["--load", &file]);
    assert_eq!(run(&mut third.pluvo(&list)).out, after);

    let refused = |more: &[&str]| run(bare(folder.path()).args(["sandbox", "--port", "0"]).args(more));
    refused(&["--load", "nowhere.json"]).fails(18, "cannot read nowhere.json");
    refused(&["--save", "nowhere/organisation.json"]).fails(18, "cannot write nowhere/organisation.json");
    refused(&["--load", &file, "--users", "3"]).fails(2, "cannot be used with");
    std::fs::write(folder.path().join("other.json"), "{}").unwrap();
    refused(&["--load", "other.json"]).fails(18, "other.json");
}

#[test]
fn it_is_slow_with_groups_and_refuses_long_documents_where_it_was_asked_to() {
    let served = Served::new(&["--slow-membership", "2m", "--max-aliases", "2"]);
    let settings = served.told["control_url"].as_str().unwrap().to_owned() + "settings";
    let settings = body(&settings);
    assert!(settings.contains("\"slow_membership\":\"2m\""), "{settings}");
    assert!(settings.contains("\"max_aliases\":2"), "{settings}");
    let three = "mutation { a: archiveUsers(archive: true, ids: []) { response { succeededIds } } \
                 b: archiveUsers(archive: true, ids: []) { response { succeededIds } } \
                 c: archiveUsers(archive: true, ids: []) { response { succeededIds } } }";
    assert_ne!(run(&mut served.pluvo(&["query", three])).code, 0);
    // Ten rows a request are met with two.
    let mut people = String::from("ref,name,email\n");
    for number in 0..12 {
        writeln!(people, "N-{number},New {number},n{number}@example.com").unwrap();
    }
    std::fs::write(served.home.path().join("people.csv"), people).unwrap();
    let done = run(&mut served.pluvo(&["users", "upsert", "people.csv"]));
    assert!(done.out.contains("\"created\":12"), "{done:?}");
}

/// What a plain GET of HTTP gives.
fn body(url: &str) -> String {
    use std::io::{Read, Write};
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn https_is_spoken_to_whoever_trusts_it() {
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem").display().to_string();
    for (kind, code) in [
        (&["--tls"][..], 0),
        (&["--tls", "wrong-host"], 11),
        (&["--tls", "expired"], 11),
    ] {
        let served = Served::new(&[&["--users", "3", "--write-ca", &ca], kind].concat());
        assert!(
            served.told["url"]
                .as_str()
                .unwrap()
                .starts_with("https://localhost:")
        );
        let pem = std::fs::read_to_string(&ca).unwrap();
        assert_eq!(served.told["ca_pem"], pem.as_str());
        let list = ["users", "list", "--max-attempts", "1"];
        let trusting = run(&mut served.pluvo(&[&list[..], &["--ca-file", &ca]].concat()));
        assert_eq!(trusting.code, code, "{kind:?}: {trusting:?}");
        assert_eq!(run(&mut served.pluvo(&list)).code, 11, "nobody else trusts it");
    }
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
