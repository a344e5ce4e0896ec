//! Values of extra categories, set and cleared.

use pluvo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::common::{body, code, data, start};

const SET: &str =
    "mutation($id: UUID, $ref: String, $of: ContentType!, $values: [ExtraCategoryValueInput!]!) {
  updateExtraCategoryValues(contentType: $of, modelId: $id, modelRef: $ref, values: $values) {
    extraCategoryValues {
      ... on ExtraCategoryStringValue { category { ref } stringValue modelId }
      ... on ExtraCategoryDatetimeValue { category { ref } datetimeValue modelId }
      ... on ExtraCategoryChoiceValue { category { ref } choiceValue { stringValue } modelId }
      ... on ExtraCategoryBooleanValue { category { ref } booleanValue modelId } } } }";

async fn set(sandbox: &Sandbox, variables: Value) -> Value {
    data(sandbox, SET, variables).await["updateExtraCategoryValues"]["extraCategoryValues"].clone()
}

#[tokio::test]
async fn values_of_every_kind_are_set_and_cleared() {
    let sandbox = start(Sandbox::builder()).await;
    let id = data(&sandbox, "{ user(ref: \"EMP-00003\") { id } }", json!({})).await["user"]["id"].clone();
    let categories = "{ extraCategories { id ref choiceOptions { id ref stringValue } } }";
    let categories = data(&sandbox, categories, json!({})).await["extraCategories"].clone();
    let mut all = categories.as_array().expect("categories").iter();
    let site = all
        .find(|category| category["ref"] == "site")
        .expect("one for sites");
    let values = json!([
        { "categoryRef": "cost-centre", "stringValue": "KP-1" },
        { "categoryRef": "department", "choiceValues": [{ "stringValue": "ICT" }] },
        { "categoryId": site["id"], "choiceValues": [{ "ref": "site-2" }, { "id": site["choiceOptions"][0]["id"] }] },
        { "categoryRef": "in-service", "datetimeValue": "2024-02-29T00:00:00Z" },
        { "categoryRef": "driver", "booleanValue": false },
    ]);
    let got = set(
        &sandbox,
        json!({ "ref": "EMP-00003", "of": "USER", "values": values }),
    )
    .await;
    let wanted = json!([
        { "category": { "ref": "department" }, "choiceValue": { "stringValue": "ICT" }, "modelId": id },
        { "category": { "ref": "site" }, "choiceValue": { "stringValue": "Amsterdam" }, "modelId": id },
        { "category": { "ref": "site" }, "choiceValue": { "stringValue": "Den Haag" }, "modelId": id },
        { "category": { "ref": "in-service" }, "datetimeValue": "2024-02-29T00:00:00+00:00", "modelId": id },
        { "category": { "ref": "cost-centre" }, "stringValue": "KP-1", "modelId": id },
        { "category": { "ref": "driver" }, "booleanValue": false, "modelId": id },
    ]);
    assert_eq!(got, wanted);
    let cleared = json!([
        { "categoryRef": "cost-centre", "stringValue": "" },
        { "categoryRef": "site", "choiceValues": [] },
        { "categoryRef": "driver", "booleanValue": null },
    ]);
    let got = set(&sandbox, json!({ "id": id, "of": "USER", "values": cleared })).await;
    assert_eq!(got, json!([wanted[0], wanted[3]]));
    let group = json!({ "ref": "GRP-001", "of": "GROUP", "values": [{ "categoryRef": "cost-centre", "stringValue": "KP-9" }] });
    assert_eq!(set(&sandbox, group).await[1]["stringValue"], "KP-9");
}

#[tokio::test]
async fn values_that_do_not_fit_change_nothing() {
    let sandbox = start(Sandbox::builder()).await;
    let none = json!({ "ref": "EMP-00003", "of": "USER", "values": [] });
    let before = set(&sandbox, none.clone()).await;
    for (wanted, of, values) in [
        (
            "NOT_FOUND",
            "USER",
            json!([{ "categoryRef": "shoe-size", "stringValue": "43" }]),
        ),
        ("INVALID", "USER", json!([{ "stringValue": "43" }])),
        (
            "INVALID",
            "USER",
            json!([{ "categoryRef": "audience", "stringValue": "all" }]),
        ),
        (
            "INVALID",
            "USER",
            json!([{ "categoryRef": "department", "stringValue": "ICT" }]),
        ),
        (
            "INVALID",
            "USER",
            json!([{ "categoryRef": "department", "choiceValues": [{ "stringValue": "Mars" }] }]),
        ),
        (
            "INVALID",
            "USER",
            json!([{ "categoryRef": "department", "choiceValues": [{ "ref": "department-1" }, { "ref": "department-2" }] }]),
        ),
        (
            "INVALID",
            "USER",
            json!([{ "categoryRef": "cost-centre", "stringValue": "KP-2" }, { "categoryRef": "driver" }]),
        ),
        (
            "NOT_FOUND",
            "GROUP",
            json!([{ "categoryRef": "cost-centre", "stringValue": "KP-2" }]),
        ),
    ] {
        let answer = body(
            &sandbox,
            SET,
            json!({ "ref": "EMP-00003", "of": of, "values": values }),
        )
        .await;
        assert_eq!(code(&answer), wanted, "{values} {answer}");
    }
    assert_eq!(set(&sandbox, none).await, before);
}
