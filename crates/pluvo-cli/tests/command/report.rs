//! `pluvo report` and `pluvo certificates`.

use crate::run::Bench;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use pluvo_sandbox::Sandbox;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs::{self, File};

fn refs(rows: &[Value]) -> BTreeSet<&str> {
    rows.iter()
        .filter_map(|row| row["user"]["ref"].as_str())
        .collect()
}

#[test]
fn the_report_has_a_row_for_each_person_and_training() {
    let bench = Bench::with(Sandbox::builder().users(130).trainings(3));
    let rows = bench.rows(&["report", "list", "--related-object-types", "training"]);
    let count = bench.prints(&[
        "query",
        "{ portfolioReport(relatedObjectTypes: [TRAINING]) { count } }",
    ]);
    let count: Value = serde_json::from_str(&count).unwrap();
    assert_eq!(
        rows.len() as u64,
        count["portfolioReport"]["count"].as_u64().unwrap()
    );
    assert!(
        rows.len() > 130,
        "everybody takes part in the first training, and more than a page is read"
    );
    assert!(
        rows.iter()
            .all(|row| row["title"].is_string() && row["user"]["id"].is_string())
    );
    let courses_too = bench.rows(&["report", "list"]);
    assert!(courses_too.len() > rows.len());
    assert_eq!(bench.rows(&["report", "list", "--limit", "7"]).len(), 7);
    let table = bench.prints(&[
        "report",
        "list",
        "--limit",
        "1",
        "--format",
        "table",
        "--columns",
        "user.name,title",
    ]);
    assert!(table.contains("user.name") && table.contains("title"), "{table}");
}

#[test]
fn a_group_is_named_by_ref_or_id_and_never_left_out() {
    let bench = Bench::new();
    // Everybody is in the first group.
    let groups = bench.rows(&["groups", "list"]);
    let named: Vec<&str> = groups.iter().filter_map(|group| group["ref"].as_str()).collect();
    let one = *named.iter().find(|name| **name != "GRP-001").unwrap();
    let members = bench.rows(&["groups", "members", "--ref", one]);
    let members: BTreeSet<&str> = members.iter().filter_map(|user| user["ref"].as_str()).collect();
    let by_ref = bench.rows(&["report", "list", "--group-refs", one]);
    assert!(!by_ref.is_empty() && refs(&by_ref).is_subset(&members));
    let group: Value = serde_json::from_str(&bench.prints(&["groups", "get", "--ref", one])).unwrap();
    let by_id = bench.rows(&["report", "list", "--group-ids", group["id"].as_str().unwrap()]);
    assert_eq!(by_id, by_ref);
    let both = bench.rows(&["report", "list", "--group-refs", &format!("{one},GRP-001")]);
    assert!(both.len() > by_ref.len());

    bench.sandbox.clear_log();
    let unknown = bench.pluvo(&["report", "list", "--group-refs", &format!("{one},GRP-999")]);
    unknown.fails(6, "there is no group `GRP-999`");
    let asked = |query: &str| query.contains("portfolioReport");
    assert!(
        !bench
            .sandbox
            .log()
            .iter()
            .any(|entry| entry.query.as_deref().is_some_and(asked))
    );
}

#[test]
fn the_report_is_exported_with_types() {
    let bench = Bench::with(Sandbox::builder().users(90));
    let listed = bench.rows(&["report", "list"]);
    for file in ["report.csv", "report.parquet", "report.jsonl"] {
        assert_eq!(bench.pluvo(&["report", "export", "-o", file]).code, 0);
    }
    let lines = fs::read_to_string(bench.path("report.jsonl")).unwrap();
    assert_eq!(crate::run::rows(&lines), listed);
    let mut csv = csv::Reader::from_path(bench.path("report.csv")).unwrap();
    let headings: Vec<String> = csv.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(
        headings,
        [
            "user.id",
            "user.name",
            "user.email",
            "user.ref",
            "title",
            "progress",
            "score",
            "completionDate",
            "timeSpent.days",
            "timeSpent.seconds",
        ]
    );
    assert_eq!(csv.records().count(), listed.len());
    let file = File::open(bench.path("report.parquet")).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .unwrap()
        .build()
        .unwrap();
    let batches: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
    assert_eq!(
        batches.iter().map(RecordBatch::num_rows).sum::<usize>(),
        listed.len()
    );
    let column = |name: &str| batches[0].column_by_name(name).unwrap();
    for (place, row) in listed.iter().enumerate().take(batches[0].num_rows()) {
        assert_eq!(
            column("user.id").as_string::<i32>().value(place),
            row["user"]["id"]
        );
        let progress = column("progress").as_primitive::<Float64Type>();
        assert_eq!(Some(progress.value(place)), row["progress"].as_f64());
        let seconds = column("timeSpent.seconds").as_primitive::<Int64Type>();
        assert_eq!(
            row["timeSpent"]["seconds"].as_i64().unwrap_or_default(),
            seconds.value(place)
        );
        assert_eq!(
            column("completionDate").is_null(place),
            row["completionDate"].is_null()
        );
    }
}

#[test]
fn certificates_are_listed_and_exported() {
    let bench = Bench::with(Sandbox::builder().certificates(60));
    let listed = bench.rows(&["certificates", "list"]);
    assert_eq!(listed.len(), 60);
    assert!(
        listed
            .iter()
            .all(|row| row["id"].is_string() && row["name"].is_string())
    );
    assert_eq!(
        bench
            .pluvo(&["certificates", "export", "-o", "certificates.csv"])
            .code,
        0
    );
    let mut csv = csv::Reader::from_path(bench.path("certificates.csv")).unwrap();
    assert_eq!(csv.records().count(), 60);
}
