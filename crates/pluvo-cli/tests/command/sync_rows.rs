//! `pluvo users sync`: rows with groups and values of extra categories, and files that cannot be meant.

use crate::run::{Bench, Done};
use crate::sync::data;
use pluvo_sandbox::Sandbox;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;

const MAP: &str = r#"
nothing = ["-"]
[columns]
ref = "Nr"
name = "Naam"
email = "Mail"
groups = [{ column = "Teams", split = "/", map = { Zorg = "GRP-001", Nacht = ["GRP-001", "GRP-003"] } }, "Extra"]
[values]
department = { column = "Afdeling", map = { "Thuiszorg Noord" = "Zorg", ICT = "ICT" } }
in-service = { column = "Sinds", format = "%d-%m-%Y" }
Kostenplaats = "Plaats"
driver = "Rijbewijs"
"#;
const HEAD: &str = "Nr;Naam;Mail;Teams;Extra;Afdeling;Sinds;Plaats;Rijbewijs\n";

fn sync(bench: &Bench, more: &[&str]) -> Done {
    let words = [
        "users",
        "sync",
        "people.csv",
        "--map",
        "map.toml",
        "--format",
        "json",
    ];
    bench.pluvo(&[&words, more].concat())
}

fn told(done: &Done) -> Value {
    serde_json::from_str(&done.out).unwrap_or_else(|_| panic!("{done:?}"))
}

/// An organisation whose groups of the map have a ref, and the map.
fn bench() -> Bench {
    let bench = Bench::with(Sandbox::builder().seed(7));
    let groups = bench.rows(&["groups", "list"]);
    let refs: BTreeSet<&str> = groups.iter().filter_map(|group| group["ref"].as_str()).collect();
    assert!(refs.contains("GRP-001") && refs.contains("GRP-003"), "{refs:?}");
    bench.write("map.toml", MAP);
    bench
}

fn user(bench: &Bench, reference: &str) -> Value {
    let fields = "participantGroups { ref } extraCategoryValues { \
        ... on ExtraCategoryStringValue { category { ref } stringValue } \
        ... on ExtraCategoryDatetimeValue { category { ref } datetimeValue } \
        ... on ExtraCategoryChoiceValue { category { ref } choiceValue { stringValue } } \
        ... on ExtraCategoryBooleanValue { category { ref } booleanValue } }";
    let user = bench.prints(&["users", "get", "--ref", reference, "--select", fields]);
    serde_json::from_str(&user).unwrap()
}

fn groups(user: &Value) -> BTreeSet<&str> {
    let groups = user["participantGroups"].as_array().unwrap().iter();
    groups.filter_map(|group| group["ref"].as_str()).collect()
}

#[test]
fn groups_and_values_of_every_kind_come_from_columns() {
    let bench = bench();
    let rows = "N-1;Zoë;zoe@example.com;Nacht;;Thuiszorg Noord;01-02-2003;KP-1;J\n\
                N-2;Jan;jan@example.com;Zorg / Nacht;-;ICT;-;;nee\n";
    bench.write("people.csv", &format!("{HEAD}{rows}"));
    let plan = told(&sync(&bench, &["--dry-run"]));
    assert_eq!(plan["problems"], json!([]));
    let done = sync(&bench, &["--yes"]);
    assert_eq!(done.code, 0, "{done:?}");
    let zoe = user(&bench, "N-1");
    assert_eq!(groups(&zoe), ["GRP-001", "GRP-003"].into());
    let values = zoe["extraCategoryValues"].as_array().unwrap();
    let value = |reference: &str| {
        values
            .iter()
            .find(|value| value["category"]["ref"] == reference)
            .unwrap()
    };
    assert_eq!(value("department")["choiceValue"]["stringValue"], "Zorg");
    assert!(
        value("in-service")["datetimeValue"]
            .as_str()
            .unwrap()
            .starts_with("2003-02-01")
    );
    assert_eq!(value("cost-centre")["stringValue"], "KP-1");
    assert_eq!(value("driver")["booleanValue"], true);
    assert_eq!(groups(&user(&bench, "N-2")).len(), 2);
    assert_eq!(
        told(&sync(&bench, &["--dry-run"]))["steps"],
        json!([]),
        "all of it is there"
    );

    // Somebody else's row names the group that Zoë's row no longer does.
    let rows = "N-1;Zoë;zoe@example.com;Zorg;;ICT;;KP-1;J\nN-2;Jan;jan@example.com;Nacht;;;;;\n";
    bench.write("people.csv", &format!("{HEAD}{rows}"));
    let stays = told(&sync(&bench, &["--dry-run"]));
    let changes: Vec<&Value> = stays["steps"][0]["changes"].as_array().unwrap().iter().collect();
    assert_eq!(
        (changes.len(), &changes[0]["field"]),
        (1, &json!("department")),
        "{changes:?}"
    );
    assert_eq!(sync(&bench, &["--yes", "--leave-groups"]).code, 0);
    assert_eq!(groups(&user(&bench, "N-1")), ["GRP-001"].into());
    assert_eq!(groups(&user(&bench, "N-2")).len(), 2);
}

#[test]
fn groups_and_values_that_are_not_there_make_their_rows_unusable_alone() {
    let bench = bench();
    let rows = "N-1;Zoë;zoe@example.com;;GRP-999;;;;\nN-2;Jan;jan@example.com;;;;;;\n\
                N-3;Piet;piet@example.com;Dag;;;;;\nN-4;Klaas;klaas@example.com;;;;;;misschien\n";
    bench.write("people.csv", &format!("{HEAD}{rows}"));
    let plan = told(&sync(&bench, &["--dry-run"]));
    assert_eq!(plan["steps"].as_array().unwrap().len(), 1);
    let problems = plan["problems"].as_array().unwrap();
    let lines: Vec<(&Value, &str)> = problems
        .iter()
        .map(|problem| (&problem["line"], problem["message"].as_str().unwrap()))
        .collect();
    let [(two, group), (four, team), (five, driver)] = lines.as_slice() else {
        panic!("{problems:?}")
    };
    assert_eq!((*two, *four, *five), (&json!(2), &json!(4), &json!(5)));
    assert!(
        group.contains("GRP-999") && team.contains("`Dag` in `Teams`") && driver.starts_with("driver: "),
        "{lines:?}"
    );
}

/// The organisation as the file has it, and how the file is then spoilt.
fn spoilt(spoil: impl FnOnce(String) -> String) -> (Bench, impl Fn(&Bench, &[&str]) -> Done) {
    let bench = Bench::new();
    let file = fs::read_to_string(data("medewerkers-utf8.csv")).unwrap();
    let file: String = file
        .lines()
        .take(121)
        .map(|line| line.to_owned() + "\n")
        .collect();
    bench.write("people.csv", &file);
    fs::copy(data("afas.toml"), bench.path("map.toml")).unwrap();
    let run =
        |bench: &Bench, more: &[&str]| sync(bench, &[&["--today", "2026-06-01", "--yes"], more].concat());
    assert_eq!(run(&bench, &[]).code, 0);
    bench.write("people.csv", &spoil(file));
    bench.sandbox.clear_log();
    (bench, run)
}

/// A run that is refused with these words, and writes nothing.
fn refused(bench: &Bench, done: &Done, code: i32, says: &str) {
    done.fails(code, says);
    let is_write = |query: &str| query.trim_start().starts_with("mutation");
    let log = bench.sandbox.log();
    assert!(
        !log.iter()
            .any(|entry| entry.query.as_deref().is_some_and(is_write))
    );
}

#[test]
fn an_empty_file_changes_nothing() {
    for file in [String::new(), "\n".to_owned()] {
        let (bench, run) = spoilt(|_| file);
        refused(
            &bench,
            &run(&bench, &["--archive-missing"]),
            7,
            "there are no rows at all",
        );
    }
    let (bench, run) = spoilt(|file| file.lines().next().unwrap().to_owned());
    refused(
        &bench,
        &run(&bench, &["--archive-missing"]),
        7,
        "there are no rows at all",
    );
}

#[test]
fn a_file_that_was_cut_off_archives_nobody() {
    let (bench, run) = spoilt(|file| {
        let mut half = file.len() / 2;
        while !file.is_char_boundary(half) || file[..half].ends_with('\n') {
            half += 1;
        }
        file[..half].to_owned()
    });
    let done = run(&bench, &["--archive-missing"]);
    refused(&bench, &done, 7, "active people, more than 10 %");
    // Half a row says nothing that it does not say.
    let plan = told(&done);
    assert!(
        plan["summary"]["archive"].as_u64().unwrap() > 40,
        "{}",
        plan["summary"]
    );
    assert!(plan["applied"].is_null());
}

#[test]
fn swapped_columns_are_noticed() {
    let swapped = |file: String| file.replacen("Naam,E-mail werk", "E-mail werk,Naam", 1);
    let (bench, run) = spoilt(swapped);
    refused(
        &bench,
        &run(&bench, &[]),
        7,
        "rows cannot be used, more than 10 %; are the columns right?",
    );
    let renamed = |file: String| file.replacen("Medewerker", "Personeelsnummer", 1);
    let (bench, run) = spoilt(renamed);
    refused(
        &bench,
        &run(&bench, &[]),
        3,
        "people.csv has no column `Medewerker`",
    );
}
