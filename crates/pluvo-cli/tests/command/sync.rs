//! `pluvo users sync`: files of people, plans, and what becomes of them.

use crate::run::Bench;
use pluvo_sandbox::Sandbox;
use serde_json::Value;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

pub(crate) fn data(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data");
    folder.join(name).display().to_string()
}

pub(crate) fn bench() -> Bench {
    Bench::with(Sandbox::builder().users(60))
}

/// The file, the mapping and the day that the expectations below are of.
pub(crate) fn arguments<'a>(file: &'a str, map: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [
        &["users", "sync", file, "--map", map, "--today", "2026-06-01"],
        more,
    ]
    .concat()
}

fn planned(bench: &Bench, file: &str, more: &[&str]) -> Value {
    let (file, map) = (data(file), data("afas.toml"));
    let arguments = arguments(&file, &map, &[&["--format", "json"], more].concat());
    let done = bench.pluvo(&arguments);
    assert_eq!(done.code, 0, "{}", done.err);
    serde_json::from_str(&done.out).unwrap()
}

fn writes(bench: &Bench) -> usize {
    let is_write = |document: &str| document.trim_start().starts_with("mutation");
    let log = bench.sandbox.log();
    log.iter()
        .filter(|entry| entry.query.as_deref().is_some_and(is_write))
        .count()
}

/// Numbers of steps by action, and problems by kind and reason.
fn told(plan: &Value) -> String {
    let mut lines = vec![format!("{}", plan["summary"])];
    let mut kinds = std::collections::BTreeMap::<String, Vec<u64>>::new();
    for problem in plan["problems"].as_array().unwrap() {
        let key = format!(
            "{}: {}",
            problem["kind"].as_str().unwrap(),
            problem["message"].as_str().unwrap()
        );
        // Which other line it is differs from row to row.
        let key = key.split(", line").next().unwrap().to_owned();
        kinds
            .entry(key)
            .or_default()
            .push(problem["line"].as_u64().unwrap());
    }
    lines.extend(kinds.iter().map(|(kind, at)| format!("{kind}: lines {at:?}")));
    lines.join("\n")
}

#[test]
fn both_files_become_plans_and_nothing_is_written() {
    let bench = bench();
    let afas = planned(&bench, "medewerkers-afas.csv", &["--dry-run"]);
    insta::assert_snapshot!("afas", told(&afas));
    insta::assert_json_snapshot!("afas-steps", &afas["steps"].as_array().unwrap()[..8]);
    let utf8 = planned(&bench, "medewerkers-utf8.csv", &["--dry-run"]);
    insta::assert_snapshot!("utf8", told(&utf8));
    assert!(afas["applied"].is_null() && utf8["applied"].is_null());
    assert!(!bench.sandbox.log().is_empty());
    assert_eq!(writes(&bench), 0);
}

#[test]
fn nobody_is_asked_in_a_pipe_and_nothing_is_read() {
    let bench = bench();
    let (file, map) = (data("medewerkers-utf8.csv"), data("afas.toml"));
    bench
        .pluvo(&arguments(&file, &map, &[]))
        .fails(2, "say --dry-run to see the plan, or --yes to apply it");
    assert!(bench.sandbox.log().is_empty());
}

#[test]
fn rows_and_mappings_that_cannot_be_used_say_why() {
    let bench = bench();
    let map = data("afas.toml");
    let file = data("medewerkers-utf8.csv");
    let dry = |file: &str, map: &str| bench.pluvo(&arguments(file, map, &["--dry-run"]));
    let wrong = bench.write("wrong.toml", "[columns]\nref = \"Medewerker\"\nnaam = \"Naam\"\n");
    let wrong = wrong.display().to_string();
    dry(&file, &wrong).fails(3, "wrong.toml, line 3, columns.naam: unknown field `naam`");
    let other = bench.write(
        "other.toml",
        "[columns]\nref = \"Medewerker\"\n\nname = \"Name\"\n",
    );
    dry(&file, &other.display().to_string()).fails(3, "other.toml, line 4, columns.name: ");
    dry("nowhere.csv", &map).fails(18, "cannot read nowhere.csv");
    dry(&file, "nowhere.toml").fails(3, "the mapping nowhere.toml cannot be read");
    let forced = arguments(&file, &map, &["--dry-run", "--encoding", "klingon"]);
    bench.pluvo(&forced).fails(7, "`klingon` is not an encoding");
}

#[test]
fn a_row_that_cannot_be_used_is_told_and_its_person_stays() {
    let bench = bench();
    let users = bench.rows(&[
        "users",
        "list",
        "--archived",
        "false",
        "--user-roles",
        "participant",
    ]);
    let known: Vec<&Value> = users.iter().filter(|user| user["ref"].is_string()).collect();
    // Everybody is in the file but one, and one has a date that is none.
    let mut file = "Nr;Uit\n".to_owned();
    for (place, user) in known[1..].iter().enumerate() {
        let date = if place == 0 { "yesterday" } else { "" };
        writeln!(file, "{};{date}", user["ref"].as_str().unwrap()).unwrap();
    }
    bench.write("people.csv", &file);
    bench.write(
        "map.toml",
        "[columns]\nref = \"Nr\"\nleaving = { column = \"Uit\", format = \"%d-%m-%Y\" }\n",
    );
    let run = |more: &[&str]| {
        let all = [&["--archive-missing", "--format", "json", "--dry-run"], more].concat();
        bench.pluvo(&arguments("people.csv", "map.toml", &all))
    };
    let plan: Value = serde_json::from_str(&run(&[]).out).unwrap();
    let archived: Vec<&Value> = plan["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| &step["ref"])
        .collect();
    assert!(archived.contains(&&known[0]["ref"]), "missing");
    assert!(
        !archived.contains(&&known[1]["ref"]),
        "there, though nobody can say how"
    );
    let unusable: Vec<&Value> = plan["problems"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|problem| problem["kind"] == "unusable")
        .collect();
    assert_eq!(unusable.len(), 1);
    assert_eq!(unusable[0]["line"], 2);
    assert_eq!(
        unusable[0]["message"],
        "`yesterday` in `Uit` is not a date such as 31-01-2026"
    );
    run(&["--strict"]).fails(0, "warning: it would not be applied");
    run(&["--max-archive", "0"]).fails(0, "warning: it would not be applied");
}

#[test]
fn leavers_are_archived_unless_a_guard_objects() {
    let bench = bench();
    let users = bench.rows(&[
        "users",
        "list",
        "--archived",
        "false",
        "--user-roles",
        "participant",
    ]);
    let leaver = users
        .iter()
        .find(|user| user["ref"].is_string() && user["roles"].as_array().unwrap().len() == 1);
    let leaver = leaver.unwrap()["ref"].as_str().unwrap();
    bench.write(
        "people.csv",
        &format!("Nr,Uit\n{leaver},31-05-2026\nnobody,31-05-2026\nnew,\n"),
    );
    bench.write(
        "map.toml",
        "[columns]\nref = \"Nr\"\nleaving = { column = \"Uit\", format = \"%d-%m-%Y\" }\n",
    );
    let run = |more: &[&str]| bench.pluvo(&arguments("people.csv", "map.toml", &[&["--yes"], more].concat()));
    run(&["--max-archive", "0"]).fails(7, "would archive 1 people, more than 0");
    run(&["--strict"]).fails(7, "1 rows or people would be left alone");
    assert_eq!(writes(&bench), 0);
    let done = run(&[]);
    let told: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(
        (done.code, &told["applied"]["updated"]),
        (0, &1.into()),
        "{done:?}"
    );
    assert_eq!(told["problems"][0]["line"], 4, "nobody is created without a name");
    let shown = bench.prints(&["users", "get", "--ref", leaver]);
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["archived"], true);
    assert_eq!(writes(&bench), 1);
}

#[test]
fn what_was_exported_is_what_is_there() {
    let bench = bench();
    bench.write(
        "map.toml",
        "[columns]\nref = \"ref\"\nname = \"name\"\nemail = \"email\"\nroles = { column = \"roles\", split = \",\" }\n",
    );
    for file in ["users.parquet", "users.jsonl"] {
        let export = [
            "users",
            "export",
            "-o",
            file,
            "--archived",
            "false",
            "--select",
            "id ref name email roles",
        ];
        assert_eq!(bench.pluvo(&export).code, 0);
        let done = bench.pluvo(&arguments(file, "map.toml", &["--dry-run"]));
        let plan: Value = serde_json::from_str(&done.out).unwrap();
        assert_eq!(plan["steps"], serde_json::json!([]), "{file}");
        // Some have neither ref nor address, so that no row can speak of them.
        let nameless = plan["problems"].as_array().unwrap().len() as u64;
        let figure = |name: &str| plan["summary"][name].as_u64().unwrap();
        assert_eq!(figure("unchanged") + nameless, figure("active"), "{file}");
        assert!(nameless < 5, "{}", plan["problems"]);
    }
    bench.write("broken.parquet", "PAR1");
    bench
        .pluvo(&arguments("broken.parquet", "map.toml", &["--dry-run"]))
        .fails(7, "broken.parquet: ");
}

#[test]
fn the_page_shows_texts_as_texts() {
    let bench = bench();
    bench.write(
        "people.csv",
        "ref,name,email\nX-1,\"<script>alert(\"\"1\"\")</script> & Co\",x1@example.com\nX-2,Zoë,geen\n",
    );
    bench.write(
        "map.toml",
        "[columns]\nref = \"ref\"\nname = \"name\"\nemail = \"email\"\n",
    );
    let more = ["--dry-run", "--format", "html", "-o", "plan.html"];
    let done = bench.pluvo(&arguments("people.csv", "map.toml", &more));
    assert_eq!((done.code, done.out.as_str()), (0, ""), "{}", done.err);
    let page = fs::read_to_string(bench.path("plan.html")).unwrap();
    let body = page.split("<body>").nth(1).unwrap();
    assert!(!page.contains("<script"));
    insta::assert_snapshot!("page", body);
    bench
        .pluvo(&arguments("people.csv", "map.toml", &more[..3]))
        .fails(2, "html goes to a file");
}

#[test]
fn the_page_says_what_whoever_decides_must_know() {
    let bench = bench();
    bench.write(
        "people.csv",
        "ref,name,email,until\nX-1,New,x1@example.com,\nX-2,Two,x2@example.com,soon\n",
    );
    let map = "[columns]\nref = \"ref\"\nname = \"name\"\nemail = \"email\"\n\
               leaving = { column = \"until\", format = \"%d-%m-%Y\" }\n";
    bench.write("map.toml", map);
    let page = |more: &[&str]| {
        let all = [&["--dry-run", "--format", "html", "-o", "plan.html"], more].concat();
        let done = bench.pluvo(&arguments("people.csv", "map.toml", &all));
        assert_eq!(done.code, 0, "{done:?}");
        fs::read_to_string(bench.path("plan.html")).unwrap()
    };
    let calm = page(&[]);
    for sentence in [
        "Nothing has been written.",
        "People of whom no row speaks stay as they are.",
        "Nobody is mailed.",
        "<h3>Rows that cannot be used</h3>",
        "<td>3</td><td>X-2</td><td>Two</td><td>`soon` in `until` is not a date such as 31-01-2026</td>",
        "<a style=\"--tone: #2a5\" href=\"#create\">To create<b>1</b></a>",
    ] {
        assert!(calm.contains(sentence), "{sentence}: {calm}");
    }
    assert!(!calm.contains("would not be applied"));
    assert!(
        !calm.contains("<script") && !calm.contains("://"),
        "it needs nothing but itself"
    );
    let strict = page(&[
        "--strict",
        "--archive-missing",
        "--notify",
        "--max-archive",
        "100%",
    ]);
    assert!(
        strict.contains("As it is, it would not be applied:</strong> "),
        "{strict}"
    );
    assert!(strict.contains("are sent an invitation") && strict.contains("Managers, who are not archived"));
}

#[test]
fn the_table_shows_figures_steps_and_problems() {
    let bench = bench();
    bench.write(
        "people.jsonl",
        "{\"nr\":\"X-1\",\"naam\":\"Zoë \\u001b[31m\",\"mail\":\"X1@Example.com\"}\nnonsense\n",
    );
    bench.write(
        "map.toml",
        "[columns]\nref = \"nr\"\nname = \"naam\"\nemail = { column = \"mail\", lower = true }\n",
    );
    let done = bench.pluvo(&arguments(
        "people.jsonl",
        "map.toml",
        &["--dry-run", "--format", "table"],
    ));
    assert_eq!((done.code, done.err.as_str()), (0, ""), "{done:?}");
    insta::assert_snapshot!("table", done.out);
}

#[test]
fn an_applied_plan_leaves_nothing_to_do_and_mails_nobody() {
    let bench = bench();
    let applied = planned(&bench, "medewerkers-utf8.csv", &["--yes"]);
    let figures = (&applied["summary"]["create"], &applied["applied"]["created"]);
    assert_eq!(figures.0, figures.1, "{}", applied["applied"]);
    assert_eq!(applied["applied"]["faults"], serde_json::json!([]));
    assert!(figures.0.as_u64().unwrap() > 250);
    assert!(bench.sandbox.outbox().is_empty());
    let again = planned(&bench, "medewerkers-utf8.csv", &["--yes"]);
    assert_eq!(again["steps"], serde_json::json!([]));
    assert!(again["applied"].is_null());
    // Leading people are managers, and everybody has a department.
    let shown = bench.rows(&["users", "list", "--q", "c.weiss@zorggroep-voorbeeld.example"]);
    assert_eq!(shown[0]["ref"], "100001");
    let managers = bench.rows(&["users", "list", "--user-roles", "manager", "--q", "b.bruder@"]);
    assert_eq!(managers.len(), 1);
}

#[test]
fn a_file_is_written_and_archived_without_a_plan() {
    let bench = bench();
    bench.write(
        "people.jsonl",
        "{\"ref\":\"N-1\",\"name\":\"New One\",\"email\":\"n1@example.com\",\"roles\":[\"TRAINER\"]}\n\
         {\"name\":\"No Ref\"}\n{\"ref\":\"N-2\",\"name\":\"New Two\",\"email\":\"n2@example.com\"}\n",
    );
    let done = bench.pluvo(&["users", "upsert", "people.jsonl"]);
    let told: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(
        (done.code, &told["created"], &told["failed"]),
        (7, &2.into(), &1.into()),
        "{done:?}"
    );
    assert_eq!(told["faults"][0]["line"], 2);
    let one = bench.rows(&["users", "list", "--q", "n1@example.com"]);
    assert_eq!(
        (&one[0]["ref"], &one[0]["roles"]),
        (&"N-1".into(), &serde_json::json!(["TRAINER"]))
    );
    bench.write("leavers", "N-1\n\nN-9\n");
    let done = bench.pluvo(&["users", "archive", "--ref", "N-2", "--file", "leavers"]);
    let told: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(
        (done.code, &told["updated"], &told["faults"][0]["line"]),
        (6, &2.into(), &3.into()),
        "{done:?}"
    );
    let archived = |q: &str| bench.rows(&["users", "list", "--q", q])[0]["archived"].clone();
    assert_eq!(
        (archived("n1@example.com"), archived("n2@example.com")),
        (true.into(), true.into())
    );
    let back = bench.pluvo(&["users", "archive", "--ref", "N-1", "--undo", "--format", "table"]);
    assert_eq!((back.code, archived("n1@example.com")), (0, false.into()));
    assert!(back.out.starts_with("0 created, 1 updated"), "{back:?}");
    bench.pluvo(&["users", "archive"]).fails(2, "required");
}
