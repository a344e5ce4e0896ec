//! Files of people in all the forms that they come in.

use crate::run::Bench;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::{Value, json};
use std::fs;

const MAP: &str = "[columns]\nref = \"Nr\"\nname = \"Naam\"\nemail = { column = \"E-mail privé\", lower = true }\n\
    leaving = { column = \"Uit\", format = \"%d-%m-%Y\" }\n";
/// Somebody new, somebody without an address, and a date that is none.
const ROWS: [[&str; 4]; 4] = [
    ["Nr", "Naam", "E-mail privé", "Uit"],
    ["100001", "Zoë € O'Brien", "Zoe@Example.com", "31-12-2026"],
    ["100002", "Jan", "", ""],
    ["100003", "Piet", "piet@example.com", "gisteren"],
];

fn plan(bench: &Bench, file: &str, more: &[&str]) -> Value {
    let words = [
        "users",
        "sync",
        file,
        "--map",
        "map.toml",
        "--today",
        "2026-06-01",
        "--dry-run",
    ];
    let done = bench.pluvo(&[&words, more].concat());
    assert_eq!(done.code, 0, "{file}: {}", done.err);
    let mut plan: Value = serde_json::from_str(&done.out).unwrap();
    plan["source"].take();
    plan
}

fn text(delimiter: char, end: &str) -> String {
    let lines = ROWS.map(|cells| cells.join(&delimiter.to_string()));
    lines.join(end) + end
}

fn utf_16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

#[test]
fn one_list_of_people_is_one_plan_in_whatever_form_it_comes() {
    let bench = Bench::new();
    bench.write("map.toml", MAP);
    let file = |name: &str, bytes: &[u8]| fs::write(bench.path(name), bytes).unwrap();
    let windows = |text: &str| encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    let semicolons = text(';', "\r\n");
    file("plain.csv", text(',', "\n").as_bytes());
    file("marked.csv", format!("\u{feff}{semicolons}").as_bytes());
    file("windows.csv", &windows(&semicolons));
    file("tabs.txt", &windows(&text('\t', "\r\n")));
    file("pipes.csv", text('|', "\n").as_bytes());
    file("hashes.csv", text('#', "\n").as_bytes());
    file("utf-16.csv", &utf_16(&semicolons));
    let objects = ROWS[1..].iter().map(|cells| {
        let members = ROWS[0].iter().zip(cells);
        let members: serde_json::Map<String, Value> = members
            .map(|(key, cell)| ((*key).to_owned(), json!(cell)))
            .collect();
        Value::Object(members).to_string()
    });
    // Its first row is on the line on which the others have their header.
    let lines: Vec<String> = std::iter::once(String::new()).chain(objects).collect();
    file("people.jsonl", lines.join("\n").as_bytes());
    let expected = plan(&bench, "plain.csv", &[]);
    assert_eq!(expected["steps"][0]["email"], "zoe@example.com");
    assert_eq!(expected["steps"][0]["name"], "Zoë € O'Brien");
    assert_eq!(
        expected["problems"],
        json!([
            {"line": 3, "who": "100002", "name": "Jan", "kind": "unusable", "message": expected["problems"][0]["message"]},
            {"line": 4, "who": "100003", "name": "Piet", "kind": "unusable",
             "message": "`gisteren` in `Uit` is not a date such as 31-01-2026"},
        ])
    );
    for (name, more) in [
        ("marked.csv", &[][..]),
        ("windows.csv", &[]),
        ("windows.csv", &["--encoding", "windows-1252", "--delimiter", ";"]),
        ("tabs.txt", &[]),
        ("tabs.txt", &["--delimiter", "tab"]),
        ("pipes.csv", &[]),
        ("hashes.csv", &["--delimiter", "#"]),
        ("utf-16.csv", &[]),
        ("people.jsonl", &[]),
    ] {
        assert_eq!(plan(&bench, name, more), expected, "{name} {more:?}");
    }
    bench
        .pluvo(&["users", "sync", "hashes.csv", "--map", "map.toml", "--dry-run"])
        .fails(3, "has no column `Nr`; it has Nr#Naam");
}

/// A workbook as an HR system makes it: numbers for numbers, dates for dates, a sheet of explanation before the people.
fn workbook(bench: &Bench) {
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("dd-mm-yyyy");
    book.add_worksheet().write(0, 0, "Uitleg").unwrap();
    let sheet = book.add_worksheet().set_name("Mensen").unwrap();
    sheet
        .write_row(2, 0, ["Nr", "Naam", "E-mail privé", "Uit"])
        .unwrap();
    for (row, (number, name, email)) in (3..).zip([
        (1, "Zoë", "zoe@example.com"),
        (2, "Jan", ""),
        (3, "Piet", "piet@example.com"),
    ]) {
        sheet.write(row, 0, 100_000 + number).unwrap();
        sheet.write_row(row, 1, [name, email]).unwrap();
    }
    let past = ExcelDateTime::from_ymd(2026, 5, 31).unwrap();
    let future = ExcelDateTime::from_ymd(2999, 12, 31).unwrap();
    sheet.write_with_format(3, 3, &future, &date).unwrap();
    sheet.write_with_format(5, 3, &past, &date).unwrap();
    book.save(bench.path("people.xlsx")).unwrap();
    fs::copy(bench.path("people.xlsx"), bench.path("nameless")).unwrap();
}

#[test]
fn a_workbook_is_planned_applied_and_found_in_order() {
    let bench = Bench::new();
    bench.write("map.toml", MAP);
    workbook(&bench);
    let first = plan(&bench, "people.xlsx", &["--sheet", "Mensen"]);
    let told = |step: &Value| {
        json!([
            step["action"],
            step["line"],
            step["ref"],
            step["name"],
            step["email"]
        ])
    };
    let steps: Vec<Value> = first["steps"].as_array().unwrap().iter().map(told).collect();
    assert_eq!(steps, [json!(["create", 4, "100001", "Zoë", "zoe@example.com"])]);
    assert_eq!(first["problems"][0]["line"], 5, "no address");
    assert_eq!(first["summary"]["unchanged"], 1, "who left is not created");
    assert_eq!(plan(&bench, "nameless", &["--sheet", "Mensen"]), first);

    let words = [
        "users",
        "sync",
        "people.xlsx",
        "--map",
        "map.toml",
        "--today",
        "2026-06-01",
        "--sheet",
    ];
    let run = |more: &[&str]| bench.pluvo(&[&words, more].concat());
    run(&["Leden", "--dry-run"]).fails(
        7,
        "people.xlsx: there is no sheet `Leden`; there are Sheet1, Mensen",
    );
    assert_eq!(run(&["Mensen", "--yes"]).code, 0);
    let second = plan(&bench, "people.xlsx", &["--sheet", "Mensen"]);
    assert_eq!(second["steps"], json!([]));
    // The first sheet is the explanation.
    bench
        .pluvo(&["users", "sync", "people.xlsx", "--map", "map.toml", "--dry-run"])
        .fails(3, "people.xlsx has no column `Nr`; it has Uitleg");
}

#[test]
fn a_workbook_is_upserted_and_its_lines_are_told() {
    let bench = Bench::new();
    bench.write("map.toml", MAP);
    workbook(&bench);
    let done = bench.pluvo(&[
        "users",
        "upsert",
        "people.xlsx",
        "--map",
        "map.toml",
        "--sheet",
        "Mensen",
    ]);
    let told: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(told["created"], 1, "{done:?}");
    let lines: Vec<&Value> = told["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| &fault["line"])
        .collect();
    assert_eq!(
        lines,
        [&json!(5), &json!(6)],
        "no address, and somebody who leaves"
    );
}

#[test]
fn a_workbook_of_another_kind_is_told() {
    let bench = Bench::new();
    bench.write("map.toml", MAP);
    let refused = |name: &str, more: &[&str]| {
        let words = ["users", "sync", name, "--map", "map.toml", "--dry-run"];
        bench.pluvo(&[&words, more].concat()).fails(7, "save it as xlsx");
    };
    fs::write(
        bench.path("old.xls"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more",
    )
    .unwrap();
    refused("old.xls", &[]);
    bench.write("people.csv", "Nr\n1\n");
    refused("people.csv", &["--sheet", "Mensen"]);
    bench.write("people.xlsx", "Nr\n1\n");
    refused("people.xlsx", &[]);
    fs::write(bench.path("broken.xlsx"), b"PK\x03\x04 and no more").unwrap();
    bench
        .pluvo(&["users", "sync", "broken.xlsx", "--map", "map.toml", "--dry-run"])
        .fails(7, "broken.xlsx: ");
}

#[test]
fn leavers_are_archived_from_a_column() {
    let bench = Bench::new();
    let users = bench.rows(&["users", "list", "--archived", "false"]);
    let known: Vec<&str> = users
        .iter()
        .filter_map(|user| user["ref"].as_str())
        .take(3)
        .collect();
    let archived = |reference: &str| {
        let user = bench.prints(&["users", "get", "--ref", reference]);
        serde_json::from_str::<Value>(&user).unwrap()["archived"] == true
    };
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet
        .write_column(0, 1, ["Nr", known[0], known[1], "", "gone"])
        .unwrap();
    sheet.write_column(0, 0, ["Naam", "A", "B", "C", "D"]).unwrap();
    book.save(bench.path("leavers.xlsx")).unwrap();
    let done = bench.pluvo(&["users", "archive", "--file", "leavers.xlsx", "--column", "Nr"]);
    let told: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(
        (&told["updated"], &told["failed"]),
        (&json!(2), &json!(2)),
        "{done:?}"
    );
    let faults = told["faults"].as_array().unwrap().iter();
    let faults: Vec<Value> = faults
        .map(|fault| json!([fault["line"], fault["who"], fault["code"]]))
        .collect();
    assert_eq!(
        faults,
        [json!([4, "", "invalid"]), json!([5, "gone", "not_found"])]
    );
    assert!(archived(known[0]) && archived(known[1]) && !archived(known[2]));

    bench.write("back.csv", &format!("Naam;Nr\nA;{}\n", known[0]));
    let back = [
        "users", "archive", "--undo", "--file", "back.csv", "--column", "Nr",
    ];
    assert_eq!(bench.pluvo(&back).code, 0);
    assert!(!archived(known[0]) && archived(known[1]));
    let archive = |more: &[&str]| bench.pluvo(&[&["users", "archive"], more].concat());
    archive(&["--file", "leavers.xlsx"]).fails(7, "leavers.xlsx: it has columns: say by --column which one");
    archive(&["--file", "back.csv", "--column", "ref"])
        .fails(2, "back.csv has no column `ref`; it has Naam, Nr");
    archive(&["--undo"]).fails(2, "required");
    archive(&["--column", "Nr"]).fails(2, "required");
}
