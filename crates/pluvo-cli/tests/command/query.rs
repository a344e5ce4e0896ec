//! `pluvo query`.

use crate::run::{Bench, run_with_input};
use pluvo_sandbox::{DataPart, Effect, Fault};
use serde_json::{Value, json};

const BY_REF: &str = "query($ref: String!) { user(ref: $ref) { ref name } }";

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_document_comes_as_argument_from_a_file_or_from_standard_input() {
    let bench = Bench::new();
    let file = bench.write("user.graphql", BY_REF);
    let known = bench
        .rows(&["users", "list"])
        .into_iter()
        .find_map(|user| Some(user["ref"].as_str()?.to_owned()));
    let variable = format!("ref={}", known.unwrap());
    let expected = bench.prints(&["query", BY_REF, "--var", &variable]);
    assert_eq!(expected.lines().count(), 1, "one line in a pipe");
    assert!(json(&expected)["user"]["name"].is_string());
    assert_eq!(
        bench.prints(&["query", "--file", file.to_str().unwrap(), "--var", &variable]),
        expected
    );
    let piped = run_with_input(
        &mut bench.command(&["query", "-f", "-", "--var", &variable]),
        BY_REF,
    );
    assert_eq!((piped.code, piped.out), (0, expected));
}

#[test]
fn variables_come_one_by_one_or_together() {
    let bench = Bench::new();
    let page = "query P($n: Int!, $q: String) { paginatedUsers(first: $n, q: $q) { edges { node { id } } } }";
    let rows = |arguments: &[&str]| {
        let data = json(&bench.prints(&[&["query", page], arguments].concat()));
        data["paginatedUsers"]["edges"].as_array().unwrap().len()
    };
    assert_eq!(rows(&["--var", "n=5"]), 5);
    assert_eq!(rows(&["--vars", r#"{"n": 3}"#]), 3);
    assert_eq!(
        rows(&["--vars", r#"{"n": 3}"#, "--var", "n=4"]),
        4,
        "the single one wins"
    );
    let file = bench.write("vars.json", r#"{"n": 2, "q": null}"#);
    assert_eq!(rows(&["--vars", &format!("@{}", file.display())]), 2);
    let two = "query A { paginatedUsers { count } } query B { paginatedGroups { count } }";
    assert_eq!(
        json(&bench.prints(&["query", two, "--operation-name", "B"])),
        json!({"paginatedGroups": {"count": 5}})
    );
}

#[test]
fn wrong_input_is_refused_before_anything_is_sent() {
    let bench = Bench::new();
    for (arguments, code, says) in [
        (&["query", "query { user(ref: ) {"][..], 7, "not GraphQL"),
        (&["query", ""], 7, "no operation"),
        (&["query", BY_REF], 7, "$ref"),
        (&["query", "query A { a } query B { b }"], 7, "several operations"),
        (&["query", "subscription { a }"], 7, "webhooks"),
        (&["query"], 2, "required"),
        (&["query", "{ a }", "--file", "x"], 2, "cannot be used with"),
        (&["query", "{ a }", "--var", "x"], 2, "NAME=VALUE"),
        (&["query", "{ a }", "--vars", "[1]"], 2, "JSON object"),
        (&["query", "{ a }", "--vars", "@none.json"], 18, "none.json"),
        (&["query", "--file", "none.graphql"], 18, "none.graphql"),
        (&["query", "--file", "."], 18, "cannot read"),
    ] {
        bench.pluvo(arguments).fails(code, says);
    }
    assert_eq!(bench.sandbox.log().len(), 0);
}

#[test]
fn the_servers_errors_go_to_standard_error_with_an_exit_code() {
    let bench = Bench::new();
    let unknown = bench.pluvo(&["query", "{ user(ref: \"x\") { nope } }"]);
    assert_ne!(unknown.code, 0);
    assert!(
        unknown.out.is_empty() && unknown.err.contains("nope"),
        "{unknown:?}"
    );
    let told = bench
        .pluvo(&["query", "{ user(ref: \"x\") { nope } }", "--error-format", "json"])
        .error();
    assert_eq!(told["status"], 400);
    assert!(told["graphql"][0]["message"].as_str().unwrap().contains("nope"));
    let raw = bench.pluvo(&["query", "{ user(ref: \"x\") { nope } }", "--raw"]);
    assert!(json(&raw.out)["errors"][0]["message"].is_string());
    raw.fails(14, "1 error(s)");
}

#[test]
fn data_beside_errors_is_kept_on_request() {
    let bench = Bench::new();
    let document = "{ paginatedUsers(first: 1) { count } paginatedGroups(first: 1) { count } }";
    let partial = Effect::Errors {
        code: None,
        message: Some("half of it failed".to_owned()),
        status: 200,
        data: DataPart::Partial,
        path: vec![json!("paginatedUsers")],
    };
    bench.sandbox.add_faults([Fault::graphql(partial).always()]);
    let refused = bench.pluvo(&["query", document]);
    refused.fails(14, "half of it failed");
    assert_eq!(refused.out, "");
    let kept = bench.pluvo(&["query", document, "--partial"]);
    assert_eq!(kept.code, 0);
    assert_eq!(
        json(&kept.out),
        json!({"paginatedUsers": null, "paginatedGroups": {"count": 5}})
    );
    assert!(kept.err.contains("half of it failed"));
}

#[test]
fn a_mutation_is_sent_again_only_where_that_is_said_to_do_no_harm() {
    let bench = Bench::new();
    let document = "mutation { deleteGroup(ref: \"no such\") { ok } }";
    let sent = || {
        bench
            .sandbox
            .log()
            .iter()
            .filter(|entry| entry.path == "/graphql/")
            .count()
    };
    bench.sandbox.add_faults([Fault::graphql(crate::list::outage())]);
    let unknown = bench.pluvo(&["query", document, "--error-format", "json"]);
    assert_eq!((unknown.code, sent()), (13, 1), "{unknown:?}");
    assert_eq!(unknown.error()["retryable"], false);
    bench.sandbox.clear_log();
    bench.sandbox.add_faults([Fault::graphql(crate::list::outage())]);
    let again = bench.pluvo(&["query", document, "--repeatable"]);
    assert_ne!(again.code, 13, "{again:?}");
    assert_eq!(sent(), 2);
}

#[test]
fn the_order_and_the_numbers_of_the_answer_stay() {
    let bench = Bench::new();
    let out = bench.prints(&[
        "query",
        "{ z: paginatedUsers { count } a: paginatedGroups { count __typename } }",
    ]);
    assert_eq!(
        out,
        "{\"z\":{\"count\":60},\"a\":{\"count\":5,\"__typename\":\"GroupConnection\"}}\n"
    );
    assert_eq!(
        bench
            .prints(&["query", "--raw", "{ paginatedUsers { count } }"])
            .trim(),
        r#"{"data":{"paginatedUsers":{"count":60}}}"#
    );
}
