//! Many rows, against the sandbox.

mod support;

use serde_json::{Value, json};
use support::{call, open, outcomes, parsed, sandbox};

fn people(range: std::ops::Range<usize>) -> Vec<Value> {
    range
        .map(|n| json!({"ref": format!("NEW-{n}"), "email": format!("new{n}@example.com"), "name": format!("New {n}")}))
        .collect()
}

#[tokio::test]
async fn rows_are_pushed_and_then_their_outcomes_taken() {
    let sandbox = sandbox().await;
    let session = open(&sandbox);
    let bulk = session
        .bulk(
            "users.upsert_many",
            r#"{"args": {"key": "ref", "batch": 20, "inFlight": 2}}"#,
        )
        .unwrap();
    assert!(sandbox.log().is_empty());
    for start in (0..200).step_by(50) {
        bulk.push(&json!(people(start..start + 50)).to_string())
            .await
            .unwrap();
    }
    bulk.finish().unwrap();
    let told = outcomes(&bulk).await;
    let places: Vec<_> = told.iter().map(|row| row["index"].as_u64().unwrap()).collect();
    assert_eq!(places, (0..200).collect::<Vec<_>>());
    assert!(
        told.iter()
            .all(|row| row["outcome"] == "created" && row["id"].is_string()),
        "{told:?}"
    );
    let progress = parsed(&bulk.progress());
    assert_eq!(
        (&progress["done"], &progress["total"], &progress["created"]),
        (&json!(200), &json!(200), &json!(200))
    );
    assert_eq!(bulk.next().await.unwrap(), None);
    assert_eq!(bulk.push("[]").await.unwrap_err().code, "invalid");
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_told_at_its_place() {
    let sandbox = sandbox().await;
    let session = open(&sandbox);
    let bulk = session.bulk("users.upsert_many", "{}").unwrap();
    let mut rows = people(0..2);
    rows.insert(1, json!({"ref": "NEW-7", "nmae": "A"}));
    rows.insert(2, json!({"ref": "NEW-8", "archived": "yes"}));
    rows.push(json!("no object"));
    rows.push(json!({"name": "no key"}));
    rows.push(json!({"ref": "new-0", "name": null}));
    bulk.push(&json!(rows).to_string()).await.unwrap();
    bulk.finish().unwrap();
    let told = outcomes(&bulk).await;
    let words: Vec<_> = told.iter().map(|row| row["outcome"].as_str().unwrap()).collect();
    assert_eq!(
        words,
        [
            "created", "failed", "failed", "created", "failed", "failed", "failed"
        ]
    );
    let says = |place: usize, what: &str| {
        let message = told[place]["error"]["message"].as_str().unwrap();
        assert!(message.contains(what), "{message}");
    };
    says(
        1,
        "there is no field `nmae` of the row; there is email, name, ref",
    );
    says(
        2,
        "the field `archived` of the row must be a boolean, not a string",
    );
    says(4, "must be an object, not a string");
    says(5, "it has no ref");
    says(6, "row 0 has the same ref");
}

#[tokio::test]
async fn people_are_archived_by_the_row() {
    let sandbox = sandbox().await;
    let session = open(&sandbox);
    call(
        &session,
        "users.create",
        &json!({"ref": "OLD-1", "email": "old@example.com", "name": "Old"}),
    )
    .await
    .unwrap();
    let bulk = session.bulk("users.archive_many", "{}").unwrap();
    bulk.push(r#"[{"ref": "OLD-1"}, {}, {"ref": "NOBODY"}, {"email": "a@b.nl"}]"#)
        .await
        .unwrap();
    bulk.finish().unwrap();
    let told = outcomes(&bulk).await;
    let words: Vec<_> = told.iter().map(|row| row["outcome"].as_str().unwrap()).collect();
    assert_eq!(words, ["updated", "failed", "failed", "failed"], "{told:?}");
    assert!(
        told[1]["error"]["message"]
            .as_str()
            .unwrap()
            .contains("neither id nor ref")
    );
    assert_eq!(told[2]["error"]["code"], "not_found");
    let old = call(&session, "users.get", &json!({"ref": "OLD-1"}))
        .await
        .unwrap();
    assert_eq!(old["archived"], true);
}

#[tokio::test]
async fn after_a_stop_what_is_in_flight_is_told_and_no_more() {
    let sandbox = sandbox().await;
    let session = open(&sandbox);
    let bulk = session.bulk("users.upsert_many", "{}").unwrap();
    bulk.push(&json!(people(0..5)).to_string()).await.unwrap();
    let first = parsed(&bulk.next().await.unwrap().unwrap());
    assert_eq!(first[0]["outcome"], "created");
    bulk.stop();
    // Passed over, and no push waits for room that nobody makes any more.
    for _ in 0..10 {
        bulk.push(&json!(people(5..10)).to_string()).await.unwrap();
    }
    let rest = outcomes(&bulk).await;
    let told = first.as_array().unwrap().len() + rest.len();
    assert_eq!(told, 5);
    assert_eq!(
        call(&session, "users.get", &json!({"ref": "NEW-6"}))
            .await
            .unwrap(),
        Value::Null
    );
}

#[tokio::test]
async fn a_sync_is_planned_guarded_and_applied_once() {
    let sandbox = sandbox().await;
    let session = open(&sandbox);
    let rows = json!([
        {"ref": "EMP-A", "email": "a@example.com", "name": "A", "groups": [], "roles": null},
        {"name": "nobody"},
    ]);
    let request = json!({"args": {"rows": rows, "archiveMissing": true}}).to_string();
    let plan = session.plan(&request).await.unwrap();
    let described = parsed(&plan.describe());
    assert_eq!(described["summary"]["create"], 1);
    assert_eq!(described["problems"][0]["kind"], "unusable");
    assert_eq!(
        (
            &described["problems"][0]["line"],
            &described["steps"][0]["action"]
        ),
        (&json!(2), &json!("create"))
    );
    let guarded = plan.apply("{}", None).await.unwrap_err();
    assert_eq!(guarded.code, "invalid");
    assert!(guarded.message.contains("archive"), "{guarded}");
    let (tell, progress) = std::sync::mpsc::channel();
    let tell = Box::new(move |text: &str| tell.send(parsed(text)).unwrap());
    let everything = r#"{"args": {"archiveShare": 1, "problemShare": 1}}"#;
    let applied = parsed(&plan.apply(everything, Some(tell)).await.unwrap());
    assert_eq!(applied["complete"], true);
    assert_eq!(applied["done"], described["steps"].as_array().unwrap().len());
    let created = applied["steps"]
        .as_array()
        .unwrap()
        .iter()
        .find(|step| step["outcome"] == "created")
        .unwrap();
    assert_eq!(
        (&created["step"]["ref"], created["id"].is_string()),
        (&json!("EMP-A"), true)
    );
    assert_eq!(progress.try_iter().last().unwrap()["done"], applied["done"]);
    let again = plan.apply(everything, None).await.unwrap_err();
    assert!(again.message.contains("applied before"), "{again}");
}

#[tokio::test]
async fn a_row_of_a_sync_that_cannot_be_read_is_named() {
    let sandbox = sandbox().await;
    let session = open(&sandbox);
    let request = r#"{"args": {"rows": [{"ref": "A"}, {"refs": "B"}]}}"#;
    let error = session.plan(request).await.unwrap_err();
    assert!(error.message.contains("no field `refs` of row 2"), "{error}");
    assert!(sandbox.log().is_empty());
}

#[tokio::test]
async fn values_of_many_are_set_and_rows_that_cannot_be_are_told() {
    let sandbox = sandbox().await;
    let session = open(&sandbox);
    let bulk = session
        .bulk(
            "extra_categories.set_values_many",
            r#"{"args": {"contentType": "USER"}}"#,
        )
        .unwrap();
    let rows = json!([
        {"ref": "EMP-00001", "values": {"department": "ICT", "driver": true}},
        {"ref": "EMP-00002", "valuse": {}},
        {"values": {"department": "ICT"}},
        {"ref": "EMP-00003", "values": {"in-service": "soon"}},
        {"ref": "EMP-00004", "values": {"site": ["Köln"]}},
    ]);
    bulk.push(&rows.to_string()).await.unwrap();
    bulk.finish().unwrap();
    let told = outcomes(&bulk).await;
    let told: Vec<_> = told
        .iter()
        .map(|row| (row["outcome"].as_str().unwrap(), row["error"]["code"].as_str()))
        .collect();
    let failed = ("failed", Some("invalid"));
    assert_eq!(
        told,
        [("updated", None), failed, failed, failed, ("updated", None)]
    );
    assert_eq!(parsed(&bulk.progress())["updated"], 2);
}
