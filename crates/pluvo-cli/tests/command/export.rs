//! `export`: files that are whole or not there.

use crate::list::outage;
use crate::run::{Bench, rows};
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use pluvo_sandbox::{Action, At, Edit, Effect, Fault, Point, Sandbox};
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn parquet(path: &Path) -> Vec<RecordBatch> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap())
        .unwrap()
        .build()
        .unwrap();
    reader.map(Result::unwrap).collect()
}

#[test]
fn csv_and_jsonl_hold_what_the_list_holds() {
    let bench = Bench::with(Sandbox::builder().users(230));
    let listed = bench.prints(&["users", "list"]);
    let exported = bench.pluvo(&["users", "export", "-o", "users.jsonl"]);
    assert_eq!(exported.code, 0, "{exported:?}");
    assert!(
        exported.err.starts_with("230 rows, ") && exported.err.lines().count() == 1,
        "no bar in a pipe"
    );
    assert_eq!(fs::read_to_string(bench.path("users.jsonl")).unwrap(), listed);
    assert_eq!(
        bench.prints(&["users", "export", "--format", "jsonl", "-o", "-"]),
        listed
    );
    assert_eq!(bench.prints(&["-q", "users", "export", "-o", "quiet.csv"]), "");
    let csv = bench.prints(&["users", "list", "--format", "csv"]);
    assert_eq!(fs::read_to_string(bench.path("quiet.csv")).unwrap(), csv);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let names: Vec<_> = reader
        .records()
        .map(|record| record.unwrap()[1].to_owned())
        .collect();
    let expected: Vec<_> = rows(&listed)
        .iter()
        .map(|row| row["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, expected);
}

#[test]
fn parquet_has_typed_columns_and_every_row() {
    let bench = Bench::with(Sandbox::builder().users(230));
    let fields = "id archived lastLogin roles groupCount profileImage { url } participantGroups { name }";
    assert_eq!(
        bench
            .pluvo(&["users", "export", "-o", "u.parquet", "--select", fields])
            .code,
        0
    );
    let batches = parquet(&bench.path("u.parquet"));
    let schema = batches[0].schema();
    let types: Vec<_> = schema
        .fields()
        .iter()
        .map(|field| (field.name().as_str(), field.data_type().clone()))
        .collect();
    assert_eq!(
        types,
        [
            ("id", DataType::Utf8),
            ("archived", DataType::Boolean),
            (
                "lastLogin",
                DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
            ),
            ("roles", DataType::new_list(DataType::Utf8, true)),
            ("groupCount", DataType::Int64),
            ("profileImage.url", DataType::Utf8),
            ("participantGroups", DataType::Utf8),
        ]
    );
    let expected = bench.rows(&["users", "list", "--select", fields]);
    assert_eq!(
        batches.iter().map(RecordBatch::num_rows).sum::<usize>(),
        expected.len()
    );
    let batch = &batches[0];
    let moments = batch.column(2).as_primitive::<TimestampMicrosecondType>();
    for (row, value) in expected.iter().enumerate() {
        assert_eq!(batch.column(0).as_string::<i32>().value(row), value["id"]);
        assert_eq!(batch.column(1).as_boolean().value(row), value["archived"]);
        let roles = batch.column(3).as_list::<i32>().value(row);
        let roles: Vec<_> = roles.as_string::<i32>().iter().flatten().collect();
        assert_eq!(serde_json::json!(roles), value["roles"]);
        assert_eq!(
            batch.column(4).as_primitive::<Int64Type>().value(row),
            value["groupCount"]
        );
        match value["lastLogin"].as_str() {
            None => assert!(moments.is_null(row)),
            Some(text) => {
                let moment: jiff::Timestamp = text.parse().unwrap();
                assert_eq!(moments.value(row), moment.as_microsecond());
            }
        }
        let groups: serde_json::Value =
            serde_json::from_str(batch.column(6).as_string::<i32>().value(row)).unwrap();
        assert_eq!(groups, value["participantGroups"]);
    }
}

#[test]
fn dates_and_the_default_columns_are_typed_too() {
    let bench = Bench::new();
    assert_eq!(
        bench
            .pluvo(&[
                "trainings",
                "export",
                "-o",
                "t.parquet",
                "--select",
                "id startDate"
            ])
            .code,
        0
    );
    let batch = &parquet(&bench.path("t.parquet"))[0];
    let expected = bench.rows(&["trainings", "list", "--select", "id startDate"]);
    let dates = batch.column(1).as_primitive::<Date32Type>();
    for (row, value) in expected.iter().enumerate() {
        let text = value["startDate"].as_str().map(str::to_owned);
        let read = dates
            .is_valid(row)
            .then(|| dates.value_as_date(row).unwrap().to_string());
        assert_eq!(read, text);
    }
    assert_eq!(bench.pluvo(&["groups", "export", "-o", "g.parquet"]).code, 0);
    let batch = &parquet(&bench.path("g.parquet"))[0];
    assert_eq!(
        batch.schema().field_with_name("maxUsers").unwrap().data_type(),
        &DataType::Int64
    );
    assert_eq!(batch.num_rows(), 5);
    bench
        .pluvo(&["users", "export", "-o", "none.parquet", "--q", "nobody at all"])
        .fails(0, "0 rows");
    assert!(parquet(&bench.path("none.parquet")).is_empty());
}

#[test]
fn several_row_groups_are_one_table() {
    let bench = Bench::with(Sandbox::builder().users(16_384 + 100));
    assert_eq!(
        bench
            .pluvo(&[
                "users",
                "export",
                "-o",
                "u.parquet",
                "--parallel",
                "8",
                "--select",
                "id"
            ])
            .code,
        0
    );
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(File::open(bench.path("u.parquet")).unwrap()).unwrap();
    let groups: Vec<_> = builder
        .metadata()
        .row_groups()
        .iter()
        .map(parquet::file::metadata::RowGroupMetaData::num_rows)
        .collect();
    assert_eq!(groups, [16_384, 100]);
}

#[test]
fn values_that_do_not_fit_their_column_are_told() {
    let bench = Bench::new();
    let edit = Edit::set("data.paginatedUsers.edges.0.node.groupCount", "many");
    bench
        .sandbox
        .add_faults([Fault::graphql(Effect::Edit { edits: vec![edit] })]);
    let done = bench.pluvo(&["users", "export", "-o", "u.parquet", "--select", "id groupCount"]);
    done.fails(
        0,
        "1 values of groupCount are no whole numbers and were left empty",
    );
    assert!(parquet(&bench.path("u.parquet"))[0].column(1).is_null(0));
}

#[test]
fn a_failed_export_leaves_nothing_and_harms_nothing() {
    let bench = Bench::with(Sandbox::builder().users(230));
    let out = bench.path("out");
    fs::create_dir(&out).unwrap();
    bench.write("out/users.csv", "earlier");
    bench
        .sandbox
        .add_faults([Fault::graphql(outage()).from(4).always()]);
    for (file, parallel) in [("users.csv", "1"), ("users.parquet", "4"), ("users.jsonl", "4")] {
        let file = out.join(file);
        let arguments = [
            "users",
            "export",
            "--max-attempts",
            "1",
            "--parallel",
            parallel,
            "-o",
            file.to_str().unwrap(),
        ];
        assert_eq!(bench.pluvo(&arguments).code, 12);
        bench.sandbox.clear_faults();
        bench
            .sandbox
            .add_faults([Fault::graphql(outage()).from(4).always()]);
    }
    assert_eq!(names(&out), ["users.csv"]);
    assert_eq!(fs::read_to_string(out.join("users.csv")).unwrap(), "earlier");
}

#[test]
fn places_that_cannot_be_written_are_told() {
    let bench = Bench::new();
    bench.write("file", "");
    for (place, says) in [
        ("none/users.csv", "No such file"),
        ("file/users.csv", "Not a directory"),
    ] {
        bench.pluvo(&["users", "export", "-o", place]).fails(18, says);
    }
    fs::create_dir(bench.path("folder.csv")).unwrap();
    bench
        .pluvo(&["users", "export", "-o", "folder.csv"])
        .fails(18, "it is a folder");
    bench
        .pluvo(&["users", "export", "-o", "users.txt"])
        .fails(2, "--format");
    bench.pluvo(&["users", "export", "-o", "-"]).fails(2, "--format");
    bench
        .pluvo(&["users", "export", "--format", "parquet", "-o", "-"])
        .fails(2, "name one by --output");
    bench.pluvo(&["users", "export"]).fails(2, "--output");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let bench = Bench::with(Sandbox::builder().users(230));
    for format in ["csv", "jsonl", "parquet"] {
        let done = bench.pluvo(&["users", "export", "--format", format, "-o", "/dev/full"]);
        done.fails(18, "No space left on device");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_export_leaves_nothing() {
    let bench = Bench::with(Sandbox::builder().users(230));
    let out = bench.path("out");
    fs::create_dir(&out).unwrap();
    for (signal, fault) in [("-INT", 3), ("-TERM", 2)] {
        bench.sandbox.clear_faults();
        bench.sandbox.clear_log();
        let stall = Effect::Connection {
            action: Action::Stall,
            at: At::Point(Point::Start),
        };
        bench
            .sandbox
            .add_faults([Fault::graphql(stall).from(fault).always()]);
        let file = out.join("users.csv");
        let mut command =
            bench.command(&["users", "export", "--parallel", "1", "-o", file.to_str().unwrap()]);
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Until the request that will never be answered is there.
        while bench.sandbox.faults()[0].hits == 0 {
            std::thread::yield_now();
        }
        assert!(
            Command::new("kill")
                .args([signal, &child.id().to_string()])
                .status()
                .unwrap()
                .success()
        );
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130));
        assert!(String::from_utf8_lossy(&output.stderr).contains("interrupted"));
        assert_eq!(names(&out), [""; 0]);
    }
}

#[test]
fn rows_without_an_id_are_read_by_cursor() {
    let bench = Bench::with(Sandbox::builder().users(230));
    assert_eq!(
        bench
            .pluvo(&["users", "export", "-o", "names.csv", "--select", "name"])
            .code,
        0
    );
    assert_eq!(
        fs::read_to_string(bench.path("names.csv"))
            .unwrap()
            .lines()
            .count(),
        231
    );
    let told = bench.pluvo(&[
        "users",
        "export",
        "-o",
        "x.csv",
        "--select",
        "name",
        "--parallel",
        "4",
    ]);
    told.fails(16, "select id too");
}
