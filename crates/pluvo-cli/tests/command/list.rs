//! `list` and `get`.

use crate::run::{Bench, rows};
use pluvo_sandbox::{Effect, Fault, Sandbox};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

fn texts(rows: &[Value], field: &str) -> Vec<String> {
    rows.iter()
        .map(|row| row[field].as_str().unwrap_or_default().to_owned())
        .collect()
}

pub(crate) fn outage() -> Effect {
    Effect::Status {
        status: 503,
        headers: BTreeMap::new(),
        body: None,
        content_type: None,
    }
}

#[test]
fn a_pipe_gets_one_object_a_line_in_the_order_of_the_selection() {
    let bench = Bench::new();
    let out = bench.prints(&["users", "list"]);
    assert!(out.starts_with(r#"{"id":""#));
    let first = out.lines().next().unwrap();
    assert!(first.find("\"email\"") < first.find("\"ref\"") && first.contains("\"roles\":["));
    assert_eq!(rows(&out).len(), 60);
    assert_eq!(bench.rows(&["groups", "list"]).len(), 5);
    assert_eq!(bench.rows(&["trainings", "list"]).len(), 4);
}

#[test]
fn every_format_has_the_same_rows() {
    let bench = Bench::new();
    let list = |format: &str| {
        bench.prints(&[
            "users",
            "list",
            "--limit",
            "3",
            "--columns",
            "name,roles",
            "--format",
            format,
        ])
    };
    let lines = rows(&list("jsonl"));
    assert_eq!(lines.len(), 3);
    assert_eq!(
        lines[0].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["name", "roles"]
    );
    let array: Vec<Value> = serde_json::from_str(&list("json")).unwrap();
    assert_eq!(array, lines);
    let csv = list("csv");
    assert!(
        csv.starts_with("name,roles\n") && csv.lines().count() == 4,
        "{csv}"
    );
    assert!(csv.contains(r#""[""PARTICIPANT""]""#), "{csv}");
    let table = list("table");
    let header: Vec<_> = table.lines().next().unwrap().split_whitespace().collect();
    assert_eq!(header, ["name", "roles"]);
    for name in texts(&lines, "name") {
        assert!(table.contains(&name) && csv.contains(&name));
    }
}

#[test]
fn an_empty_list_is_whole_in_every_format() {
    let bench = Bench::new();
    let list = |format: &str| {
        bench.prints(&[
            "users",
            "list",
            "--q",
            "nobody at all",
            "--columns",
            "id,name",
            "--format",
            format,
        ])
    };
    assert_eq!(list("jsonl"), "");
    assert_eq!(list("json"), "[]\n");
    assert_eq!(list("csv"), "id,name\n");
    assert_eq!(
        list("table").split_whitespace().collect::<Vec<_>>(),
        ["id", "name"]
    );
}

#[test]
fn filters_and_order_reach_the_server() {
    let bench = Bench::new();
    let all = bench.rows(&["users", "list"]);
    let archived = bench.rows(&["users", "list", "--archived"]);
    let others = bench.rows(&["users", "list", "--archived", "false"]);
    assert!(!archived.is_empty() && archived.iter().all(|row| row["archived"] == true));
    assert_eq!(archived.len() + others.len(), all.len());
    let trainers = bench.rows(&["users", "list", "--user-roles", "trainer,manager"]);
    assert!(!trainers.is_empty() && trainers.len() < all.len());
    let mut backwards = texts(&bench.rows(&["users", "list", "--sort-by", "name:desc"]), "id");
    backwards.reverse();
    assert_eq!(backwards, texts(&all, "id"));
    let name = all[7]["name"].as_str().unwrap();
    assert!(texts(&bench.rows(&["users", "list", "--q", name]), "name").contains(&name.to_owned()));
    let group = texts(&bench.rows(&["groups", "list", "--sort-by", "name:desc"]), "id")[0].clone();
    let members = bench.rows(&["users", "list", "--group-ids", &group]);
    assert_eq!(
        texts(&members, "id"),
        texts(&bench.rows(&["groups", "members", "--id", &group]), "id")
    );
    let late = bench.rows(&[
        "users",
        "list",
        "--last-login-gt",
        "2025-06-01",
        "--select",
        "id lastLogin",
    ]);
    let early = bench.rows(&[
        "users",
        "list",
        "--last-login-lt",
        "2025-06-01T00:00:00Z",
        "--select",
        "id lastLogin",
    ]);
    assert!(!late.is_empty() && !early.is_empty());
    assert!(
        texts(&late, "lastLogin")
            .iter()
            .all(|moment| moment.as_str() > "2025-06-01")
    );
    assert!(
        texts(&early, "lastLogin")
            .iter()
            .all(|moment| moment.as_str() < "2025-06-02")
    );
    let active = bench.rows(&["trainings", "list", "--active", "--archived", "false"]);
    assert!(
        active
            .iter()
            .all(|row| row["isActive"] == true && row["archived"] == false)
    );
}

#[test]
fn a_selection_replaces_the_fields_and_nested_ones_become_columns() {
    let bench = Bench::new();
    let fields = "{ nummer: ref profileImage { url } participantGroups { name } }";
    let csv = bench.prints(&[
        "users", "list", "--select", fields, "--format", "csv", "--limit", "2",
    ]);
    assert_eq!(
        csv.lines().next(),
        Some("nummer,profileImage.url,participantGroups")
    );
    let row = &bench.rows(&["users", "list", "--select", fields, "--limit", "1"])[0];
    assert!(row["participantGroups"][0]["name"].is_string() && row.get("id").is_none());
    bench
        .pluvo(&["users", "list", "--select", "id {"])
        .fails(7, "selection is not GraphQL");
    bench
        .pluvo(&["users", "list", "--columns", "id,nope"])
        .fails(2, "no column `nope`");
    let training = texts(&bench.rows(&["trainings", "list"]), "id")[0].clone();
    let header = |verb: &str| {
        let csv = bench.prints(&["trainings", verb, "--id", &training, "--format", "csv"]);
        csv.lines().next().unwrap().to_owned()
    };
    assert_eq!(header("participants"), "user.id,user.name,user.email,user.ref");
    assert_eq!(header("trainers"), header("participants"));
}

#[test]
fn pages_in_flight_change_nothing_but_the_time() {
    let bench = Bench::with(Sandbox::builder().users(230));
    let by_cursor = bench.prints(&["users", "list"]);
    for parallel in ["0", "1", "4"] {
        assert_eq!(
            bench.prints(&["users", "list", "--parallel", parallel]),
            by_cursor
        );
    }
    assert_eq!(bench.prints(&["users", "list", "--page-size", "7"]), by_cursor);
    assert_eq!(bench.rows(&["users", "list", "--limit", "51"]).len(), 51);
}

#[test]
fn a_list_that_breaks_midway_says_where_to_go_on() {
    let bench = Bench::with(Sandbox::builder().users(120));
    let whole = bench.prints(&["users", "list"]);
    bench
        .sandbox
        .add_faults([Fault::graphql(outage()).from(3).always()]);
    let broken = bench.pluvo(&[
        "users",
        "list",
        "--format",
        "json",
        "--max-attempts",
        "2",
        "--error-format",
        "json",
    ]);
    assert_eq!(broken.code, 12, "{broken:?}");
    let first: Vec<Value> = serde_json::from_str(&broken.out).unwrap();
    assert_eq!(first.len(), 100);
    let error = broken.error();
    assert_eq!(
        (
            &error["code"],
            &error["status"],
            &error["attempts"],
            &error["operation"]
        ),
        (&json!("server"), &json!(503), &json!(2), &json!("Users"))
    );
    let position = error["position"].as_str().unwrap();
    let told = bench.pluvo(&["users", "list", "--max-attempts", "1", "--after", position]);
    told.fails(12, &format!("Go on with: --after '{position}'"));
    bench.sandbox.clear_faults();
    let rest = bench.rows(&["users", "list", "--after", position]);
    let both: Vec<_> = first.into_iter().chain(rest).collect();
    assert_eq!(both, rows(&whole));
}

#[test]
fn positions_of_another_list_are_refused() {
    let bench = Bench::with(Sandbox::builder().users(120));
    bench
        .sandbox
        .add_faults([Fault::graphql(outage()).from(2).always()]);
    let error = bench
        .pluvo(&["users", "list", "--max-attempts", "1", "--error-format", "json"])
        .error();
    bench.sandbox.clear_faults();
    let position = error["position"].as_str().unwrap();
    bench
        .pluvo(&["users", "list", "--archived", "--after", position])
        .fails(16, "another query");
    bench
        .pluvo(&["users", "list", "--after", "p1.nonsense"])
        .fails(16, "not a position");
    bench
        .pluvo(&["users", "list", "--parallel", "3", "--after", position])
        .fails(7, "parallel");
}

#[test]
fn one_is_found_by_each_key_and_nobody_is_an_exit_code() {
    let bench = Bench::new();
    let user = bench
        .rows(&["users", "list"])
        .into_iter()
        .find(|user| user["email"].is_string())
        .unwrap();
    for (flag, field) in [("--id", "id"), ("--ref", "ref"), ("--email", "email")] {
        let Some(key) = user[field].as_str() else { continue };
        let found: Value = serde_json::from_str(&bench.prints(&["users", "get", flag, key])).unwrap();
        assert_eq!(found["id"], user["id"], "{flag}");
    }
    let id = user["id"].as_str().unwrap();
    let shown = bench.prints(&[
        "users",
        "get",
        "--id",
        id,
        "--format",
        "table",
        "--select",
        "name archived",
    ]);
    assert!(
        shown.contains("archived") && shown.lines().count() == 2,
        "{shown}"
    );
    let csv = bench.prints(&["users", "get", "--id", id, "--format", "csv", "--columns", "id"]);
    assert_eq!(csv, format!("id\n{id}\n"));

    let nobody = bench.pluvo(&["users", "get", "--ref", "no such"]);
    nobody.fails(6, "there is no such user");
    assert_eq!(nobody.out, "");
    bench
        .pluvo(&["groups", "get", "--ref", "no such"])
        .fails(6, "no such group");
    bench
        .pluvo(&["trainings", "get", "--ref", "no such"])
        .fails(6, "no such training");
    bench
        .pluvo(&["groups", "members", "--ref", "no such"])
        .fails(6, "no such group");
    bench.pluvo(&["users", "get"]).fails(2, "required");
    bench
        .pluvo(&["users", "get", "--id", "1", "--ref", "2"])
        .fails(2, "cannot be used with");
    for kind in ["groups", "trainings"] {
        let id = texts(&bench.rows(&[kind, "list"]), "id")[0].clone();
        let found: Value = serde_json::from_str(&bench.prints(&[kind, "get", "--id", &id])).unwrap();
        assert_eq!(found["id"], id);
    }
}

#[test]
fn bad_values_are_refused_before_anything_is_sent() {
    let bench = Bench::new();
    for size in ["0", "51"] {
        bench
            .pluvo(&["users", "list", "--page-size", size])
            .fails(7, "1 to 50 rows");
    }
    for arguments in [
        &["users", "list", "--page-size", "many"][..],
        &["users", "list", "--limit", "-1"],
        &["users", "list", "--archived", "perhaps"],
        &["users", "list", "--last-login-gt", "yesterday"],
        &["users", "list", "--sort-by", "name:up"],
        &["users", "list", "--extra-category", "x"],
        &["users", "list", "--format", "xml"],
        &["users", "list", "--timeout", "soon"],
        &["users", "lists"],
        &["users"],
        &[],
    ] {
        assert_eq!(bench.pluvo(arguments).code, 2, "{arguments:?}");
    }
    let told = bench
        .pluvo(&["users", "list", "--limit", "x", "--error-format=json"])
        .error();
    assert_eq!(told["code"], "usage");
    for (flag, value) in [("--max-attempts", "0"), ("--in-flight", "0"), ("--rate", "0")] {
        assert_eq!(bench.pluvo(&["users", "list", flag, value]).code, 3, "{flag}");
    }
    assert_eq!(bench.sandbox.log().len(), 0);
}

#[test]
fn whoever_stops_reading_is_no_failure() {
    let bench = Bench::with(Sandbox::builder().users(2000));
    for format in ["jsonl", "json", "csv"] {
        let mut command = bench.command(&["users", "list", "--format", format]);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        assert!(!line.is_empty());
        drop(out);
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert_eq!(
            (child.wait().unwrap().code(), err.as_str()),
            (Some(0), ""),
            "{format}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_standard_output_is_told() {
    let bench = Bench::new();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = bench.command(&["users", "list"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(18));
    assert!(String::from_utf8_lossy(&output.stderr).contains("standard output"));
}

#[test]
fn tables_are_coloured_when_asked_and_show_no_control_characters() {
    let bench = Bench::new();
    let table = |more: &[&str]| {
        let arguments = [&["users", "list", "--format", "table", "--limit", "1"], more].concat();
        bench.prints(&arguments)
    };
    assert!(!table(&[]).contains('\u{1b}'));
    assert!(!table(&["--color", "never"]).contains('\u{1b}'));
    assert!(table(&["--color", "always"]).contains("\u{1b}["));
    let shown = bench.prints(&[
        "users",
        "list",
        "--format",
        "table",
        "--select",
        "id n: name",
        "--limit",
        "60",
    ]);
    assert!(shown.chars().all(|c| !c.is_control() || c == '\n'));
}

#[test]
fn what_is_asked_of_the_client_reaches_it() {
    let bench = Bench::new();
    let logged = bench.pluvo(&["-v", "users", "list", "--limit", "1"]);
    assert!(
        logged.err.contains("operation=\"Users\"") && logged.err.contains("status=200"),
        "{logged:?}"
    );
    bench.sandbox.add_faults([Fault::graphql(outage()).times(2)]);
    assert_eq!(bench.pluvo(&["users", "list", "--max-attempts", "2"]).code, 12);
    bench.sandbox.clear_faults();
    bench.sandbox.add_faults([Fault::graphql(outage()).times(4)]);
    assert_eq!(
        bench.pluvo(&["users", "list"]).code,
        0,
        "four failures, five attempts"
    );
}
