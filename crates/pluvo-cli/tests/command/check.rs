//! `pluvo check`.

use crate::run::Bench;
use pluvo_sandbox::{Effect, Fault, Sandbox, Settings};
use serde_json::{Value, json};

fn report(bench: &Bench, arguments: &[&str]) -> (i32, Value) {
    let done = bench.pluvo(&[&["check", "--format", "json"], arguments].concat());
    let report = serde_json::from_str(&done.out).unwrap_or_else(|_| panic!("{done:?}"));
    (done.code, report)
}

#[test]
fn everything_that_may_be_read_is_read() {
    let bench = Bench::new();
    let (code, report) = report(&bench, &[]);
    assert_eq!((code, &report["missing"]), (0, &json!([])));
    assert!(
        report["granted"]
            .as_array()
            .unwrap()
            .contains(&json!("users.read"))
    );
    let reads = report["reads"].as_array().unwrap();
    assert!(reads.iter().all(|read| read["ok"] == true), "{reads:?}");
    assert_eq!(
        (&reads[0]["what"], &reads[0]["count"]),
        (&json!("users"), &json!(60))
    );
    assert_eq!(
        report["schema"]["differences"],
        json!([]),
        "the sandbox has the schema that is known"
    );
    let table = bench.prints(&["check"]);
    assert!(
        table.contains("users.read      ok, 60") && table.contains("0 known things are not there"),
        "{table}"
    );
}

#[test]
fn a_scope_that_is_not_granted_is_named_and_fails() {
    let grant = Some(vec!["users.read".to_owned()]);
    let bench = Bench::with(Sandbox::builder().settings(Settings {
        grant,
        ..Settings::default()
    }));
    let (code, report) = report(&bench, &["--scopes", "users.read,groups.read"]);
    assert_eq!((code, &report["missing"]), (5, &json!(["groups.read"])));
    let reads = report["reads"].as_array().unwrap();
    assert_eq!((&reads[0]["ok"], &reads[1]["ok"]), (&json!(true), &json!(false)));
    assert_eq!(reads[1]["code"], "permission");
    // Not to have asked for it is no failure.
    bench.pluvo(&["check", "--no-schema"]).fails(0, "");
    let shown = bench.pluvo(&["check", "--scopes", "users.read,groups.read"]);
    assert!(
        shown.out.contains("Missing   groups.read") && shown.out.contains("refused"),
        "{shown:?}"
    );
    shown.fails(5, "not granted: groups.read");
}

#[test]
fn what_differs_from_the_known_schema_is_listed() {
    let bench = Bench::new();
    let edits = json!([
        {"path": "data.__schema.types.0.name", "set": "Invented"},
    ]);
    let effect = Effect::Edit {
        edits: serde_json::from_value(edits).unwrap(),
    };
    bench
        .sandbox
        .add_faults([Fault::graphql(effect).operation("PluvoIntrospection")]);
    let (code, report) = report(&bench, &[]);
    let differences = report["schema"]["differences"].as_array().unwrap();
    let named = |what: &str| {
        differences
            .iter()
            .find(|one| one["what"] == what)
            .map(|one| one["name"].clone())
    };
    assert_eq!(
        (code, named("new")),
        (0, Some(json!("Invented"))),
        "{differences:?}"
    );
    assert!(named("lacking").is_some());
}

#[test]
fn a_server_that_hides_its_schema_is_said_so() {
    let bench = Bench::new();
    let hidden = Effect::Errors {
        code: None,
        message: Some("introspection is off".to_owned()),
        status: 400,
        data: pluvo_sandbox::DataPart::Absent,
        path: Vec::new(),
    };
    bench
        .sandbox
        .add_faults([Fault::graphql(hidden).operation("PluvoIntrospection").always()]);
    let done = bench.pluvo(&["check"]);
    assert_eq!(
        (done.code, done.out.contains("introspection is off")),
        (0, true),
        "{done:?}"
    );
}

#[test]
fn it_fails_as_whatever_is_broken_fails() {
    let bench = Bench::new();
    let mut wrong = bench.command(&["check"]);
    crate::run::run(wrong.env("PLUVO_CLIENT_SECRET", "wrong")).fails(4, "invalid_client");
    bench.sandbox.add_faults([Fault::graphql(crate::list::outage())
        .operation("CheckGroups")
        .always()]);
    let (code, report) = report(&bench, &["--max-attempts", "1"]);
    assert_eq!((code, &report["reads"][1]["code"]), (12, &json!("server")));
}
