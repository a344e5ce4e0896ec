//! Values of extra categories, for many.

mod support;

use pluvo_sdk::bulk::{ExtraValues, Outcome};
use pluvo_sdk::model::ContentType;
use pluvo_sdk::resources::ExtraValue;
use pluvo_sdk::{ErrorKind, Key};
use serde_json::{Map, json};
use support::{Wire, answer, body, ok};

/// Answers for extra values: the categories first, then whatever is set.
fn values_server() -> Wire {
    Wire::new(|request, _| {
        let document = body(request)["query"].as_str().unwrap().to_owned();
        if document.contains("extraCategories") && !document.contains("mutation") {
            let categories = json!([
                {"id": "1", "ref": "department", "categoryType": "SELECT"},
                {"id": "2", "ref": "hired", "categoryType": "DATE"},
            ]);
            return Ok(ok(json!({"data": {"extraCategories": categories}})));
        }
        let count = document.matches("updateExtraCategoryValues(").count();
        let row = |place: usize| (format!("r{place}"), json!({"extraCategoryValues": []}));
        Ok(ok(json!({"data": (0..count).map(row).collect::<Map<_, _>>()})))
    })
}

#[tokio::test]
async fn values_of_many_are_set_by_kinds_that_are_read_once() {
    let wire = values_server();
    let row = |n: usize| {
        let values = [
            (Key::reference("department"), "Care"),
            (Key::reference("hired"), "2024-01-31"),
        ];
        ExtraValues::new(Key::reference(format!("EMP-{n}")), values)
    };
    let rows = (0..25).map(row).chain([
        ExtraValues::new(Key::id("u-1"), [(Key::reference("hired"), "soon")]),
        ExtraValues::new(Key::id("u-2"), [(Key::reference("elsewhere"), "x")]),
        row(7),
    ]);
    let categories = wire.client().extra_categories();
    let bulk = categories.set_values_many(ContentType::User, rows.collect::<Vec<_>>());
    assert!(wire.sent().is_empty(), "nothing is sent before it is run");
    let report = bulk.run().await;
    assert_eq!((report.totals.updated, report.totals.failed), (25, 3));
    assert!(matches!(report.rows[0].outcome, Outcome::Written));
    let kinds: Vec<_> = report
        .unfinished()
        .map(|row| row.outcome.error().unwrap().kind())
        .collect();
    assert_eq!(
        kinds,
        [ErrorKind::Invalid, ErrorKind::Invalid, ErrorKind::Conflict]
    );
    let documents: Vec<_> = wire
        .sent()
        .iter()
        .map(|sent| body(sent)["query"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(documents.len(), 1 + 3);
    assert!(
        documents[1].starts_with(
            "mutation SetExtraValues{r0:updateExtraCategoryValues(contentType:USER,modelRef:\"EMP-0\",\
             values:[{categoryRef:\"department\",choiceValues:[{stringValue:\"Care\"}]},\
             {categoryRef:\"hired\",datetimeValue:\"2024-01-31T00:00:00Z\"}])"
        ),
        "{}",
        documents[1]
    );
}

#[tokio::test]
async fn values_that_say_their_kind_need_no_categories() {
    let wire = values_server();
    let row = ExtraValues::new(Key::id("u-1"), [(Key::id("1"), ExtraValue::choices(["Care"]))]);
    let categories = wire.client().extra_categories();
    let report = categories.set_values_many(ContentType::User, [row]).run().await;
    assert!(report.is_complete());
    assert_eq!(wire.graphql_requests(), 1);
}

#[tokio::test]
async fn categories_that_cannot_be_read_fail_each_row_and_are_asked_for_once() {
    let wire = Wire::new(|_, _| Ok(answer(403, &[], "")));
    let row = |n| ExtraValues::new(Key::reference(format!("EMP-{n}")), [(Key::reference("a"), "x")]);
    let categories = wire.client().extra_categories();
    let report = categories
        .set_values_many(ContentType::User, (0..30).map(row))
        .run()
        .await;
    assert_eq!((wire.graphql_requests(), report.totals.failed), (1, 30));
}
