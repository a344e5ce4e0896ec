//! `pluvo webhook`: verify, send, listen.

use crate::run::{Bench, Done, rows, run, run_with_input};
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, ChildStdout, Stdio};

const BODY: &str = r#"{"event":"USER_CREATED","id":"933d8663-edf6-42c9-895a-eeec13fff0ab"}"#;
const SIGNED: [&str; 4] = ["--signature", "t7YSkU7k1zNFBf5p-sGIMsGEHhA", "--salt", "a1b2c3"];

/// A listener as a program of its own, ended when it is dropped.
struct Listening {
    child: Child,
    url: String,
    out: BufReader<ChildStdout>,
    err: BufReader<ChildStderr>,
}

impl Listening {
    fn new(bench: &Bench, key: &str, more: &[&str]) -> Self {
        let mut child = bench
            .bare()
            .args(["webhook", "listen", "--port", "0"])
            .args(more)
            .env("PLUVO_WEBHOOK_KEY", key)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut err = BufReader::new(child.stderr.take().unwrap());
        let said = line(&mut err);
        let url = said.split([' ', ';']).find(|word| word.starts_with("http://"));
        let url = url.unwrap_or_else(|| panic!("{said}")).to_owned();
        Self { child, url, out, err }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn line(reader: &mut impl BufRead) -> String {
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    line
}

fn send(bench: &Bench, url: &str, key: &str, more: &[&str]) -> Done {
    run(bench
        .bare()
        .args(["webhook", "send", url])
        .args(more)
        .env("PLUVO_WEBHOOK_KEY", key))
}

#[test]
fn a_body_is_verified_to_the_byte() {
    let bench = Bench::new();
    bench.write("key", "webhook-key\n");
    bench.write("old", "another-key\n");
    let verify = |body: &str, more: &[&str]| {
        let arguments = [&["webhook", "verify"], more, &SIGNED].concat();
        run_with_input(bench.bare().args(arguments), body)
    };
    let done = verify(BODY, &["--key-file", "old", "--key-file", "key"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    let told = &rows(&done.out)[0];
    assert_eq!(
        (told["event"].as_str(), told["payload"]["id"].is_string()),
        (Some("USER_CREATED"), true)
    );
    verify(&format!("{BODY} "), &["--key-file", "key"]).fails(17, "the signature does not fit");
    verify(BODY, &["--key-file", "old"]).fails(17, "the signature does not fit");
    verify(BODY, &["--key-file", "key", "--literal"]).fails(17, "the signature does not fit");
    verify(BODY, &[]).fails(3, "no webhook key is given");
    verify(BODY, &["--key-file", "none"]).fails(3, "the webhook key in none cannot be read");
    bench.write("body.json", BODY);
    let from_file = [
        &["webhook", "verify", "body.json", "--key-file", "key"][..],
        &SIGNED,
    ]
    .concat();
    run(bench.bare().args(from_file)).fails(0, "");
}

#[test]
fn what_is_sent_is_received_and_anything_else_refused() {
    let bench = Bench::new();
    let mut listening = Listening::new(&bench, "the-key", &[]);
    for event in [
        "USER_CREATED",
        "group_updated",
        "OFFER_EVENT_ENROLLED",
        "MOON_LANDED",
    ] {
        let done = send(&bench, &listening.url, "the-key", &["--event", event]);
        assert_eq!(
            (done.code, &rows(&done.out)[0]["status"]),
            (0, &204.into()),
            "{done:?}"
        );
        let told = &rows(&line(&mut listening.out))[0];
        assert_eq!(told["event"], event.to_uppercase());
        assert!(told["sent_date"].is_string() && told["key"].is_string());
    }
    let refused = send(&bench, &listening.url, "no-key", &["--event", "USER_CREATED"]);
    refused.fails(12, "the receiver answered 401");
    assert!(line(&mut listening.err).contains("refused: the signature does not fit"));
    bench.write("body", "{\"id\":1}");
    let own = send(
        &bench,
        &listening.url,
        "the-key",
        &["--body", "body", "--salt", "s"],
    );
    assert_eq!((own.code, &rows(&own.out)[0]["salt"]), (0, &"s".into()));
    assert_eq!(rows(&line(&mut listening.out))[0]["payload"]["id"], 1);
    send(
        &bench,
        "http://127.0.0.1:1/",
        "the-key",
        &["--event", "USER_CREATED"],
    )
    .fails(11, "cannot be reached");
    send(&bench, "ftp://x/", "the-key", &["--event", "USER_CREATED"]).fails(2, "is not a URL");
    send(&bench, &listening.url, "the-key", &[]).fails(2, "--event");
}

#[test]
fn a_delivery_is_passed_on_and_a_failure_is_told_back() {
    let bench = Bench::new();
    let mut behind = Listening::new(&bench, "the-key", &[]);
    let mut front = Listening::new(&bench, "the-key", &["--forward", &behind.url]);
    let through = send(&bench, &front.url, "the-key", &["--event", "USER_UPDATED"]);
    assert_eq!(through.code, 0, "{through:?}");
    assert_eq!(line(&mut behind.out), line(&mut front.out), "to the byte");
    drop(behind);
    send(&bench, &front.url, "the-key", &["--event", "USER_UPDATED"]).fails(12, "the receiver answered 502");
    assert!(line(&mut front.err).contains("Pluvo will send it again"));
}

#[test]
fn what_the_sandbox_delivers_is_verified_and_passed_on() {
    let bench = Bench::new();
    let mut behind = Listening::new(&bench, "webhook-key", &[]);
    let mut front = Listening::new(&bench, "webhook-key", &["--forward", &behind.url]);
    let events = ["USER_CREATED", "USER_UPDATED"];
    bench
        .sandbox
        .subscribe(&front.url, "webhook-key", &events)
        .unwrap();
    bench.write(
        "one.jsonl",
        r#"{"ref":"N-1","name":"Zoë O'Brien","email":"zoe@example.com"}"#,
    );
    assert_eq!(bench.pluvo(&["users", "upsert", "one.jsonl"]).code, 0);
    assert_eq!(bench.pluvo(&["users", "archive", "--ref", "N-1"]).code, 0);
    let mut told: Vec<_> = (0..2).map(|_| line(&mut behind.out)).collect();
    let mut passed: Vec<_> = (0..2).map(|_| line(&mut front.out)).collect();
    told.sort();
    passed.sort();
    assert_eq!(told, passed);
    for (told, event) in told.iter().zip(events) {
        let told = &rows(told)[0];
        assert_eq!(
            (&told["event"], &told["payload"]["name"]),
            (&event.into(), &"Zoë O'Brien".into())
        );
    }
}

#[test]
fn no_key_is_ever_printed() {
    let bench = Bench::new();
    let key = "canary-77aa-key";
    let mut listening = Listening::new(&bench, key, &["-vv"]);
    let sent = send(&bench, &listening.url, key, &["-vv", "--event", "USER_CREATED"]);
    let wrong = send(
        &bench,
        &listening.url,
        "canary-77aa-other",
        &["--event", "USER_CREATED"],
    );
    let received = line(&mut listening.out) + &line(&mut listening.err);
    let printed = [sent.out, sent.err, wrong.out, wrong.err, received].concat();
    assert!(printed.contains("USER_CREATED") && !printed.contains("canary-77aa"));
}
