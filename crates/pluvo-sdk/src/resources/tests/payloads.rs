//! Payloads, whatever is in them.

use super::Canned;
use crate::model::{
    ContentType, CreateGroupInput, CreateUserInput, TrainingRole, UpdateOfferEventInput, UpdateUserInput,
};
use crate::resources::{CertificateIssue, ExtraValue, Key, Members, UserKey};
use crate::{Error, ErrorKind};
use serde_json::json;

fn change() -> UpdateUserInput {
    UpdateUserInput::default()
}

#[tokio::test]
async fn an_upsert_tells_whether_the_person_is_new() {
    let upsert = |data: &'static str| async move {
        let client = Canned::data(data).client();
        let upserted = client.users().upsert(UserKey::reference("E"), change()).await?;
        Ok::<_, Error>((upserted.user.id.to_string(), upserted.created))
    };
    let new = upsert(r#"{"updateOrCreateUser":{"user":{"id":"1"},"created":true}}"#).await;
    assert_eq!(new.unwrap(), ("1".to_owned(), true));
    let known = upsert(r#"{"updateOrCreateUser":{"created":false,"user":{"id":"1"}}}"#).await;
    assert!(!known.unwrap().1);
    let untold = upsert(r#"{"updateOrCreateUser":{"user":{"id":"1"},"created":null}}"#).await;
    assert!(!untold.unwrap().1);
}

#[tokio::test]
async fn a_payload_that_says_nothing_is_an_error_that_says_what_came() {
    for (data, place) in [
        ("null", "data is null"),
        ("{}", "data.updateUser is missing"),
        (r#"{"updateUser":null}"#, "data.updateUser is null"),
        (r#"{"updateUser":{}}"#, "data.updateUser.user is missing"),
        (r#"{"updateUser":{"user":null}}"#, "data.updateUser.user is null"),
    ] {
        let client = Canned::data(data).client();
        let error = client
            .users()
            .update(Key::reference("E"), change())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{data}");
        assert_eq!(error.operation(), Some("UpdateUser"));
        assert!(error.message().contains(place), "{data}: {error}");
    }
}

#[tokio::test]
async fn a_server_may_say_that_it_was_not_done() {
    let delete = |data: &'static str| async move { Canned::data(data).client().groups().delete("1").await };
    assert!(delete(r#"{"deleteGroup":{"ok":true}}"#).await.is_ok());
    let error = delete(r#"{"deleteGroup":{"ok":false}}"#).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Graphql);
    let error = delete(r#"{"deleteGroup":{"ok":null}}"#).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn every_wrapper_is_one_bulk_result() {
    let action = r#"{"succeededIds":["1",null,"2"],"failedIds":null}"#;
    let of = |field: &str, wrapper: &str| {
        Canned::data(&format!(r#"{{"{field}":{{"{wrapper}":{action}}}}}"#)).client()
    };
    let results = [
        of("archiveUsers", "response").users().archive(["1"], true).await,
        of("deleteGroups", "bulkDelete").groups().delete_many(["1"]).await,
        of("generateCertificate", "bulkGenerate")
            .certificates()
            .issue(&CertificateIssue::new("1", ["2".into()]))
            .await,
        of("archiveOffers", "response")
            .offers()
            .archive(["1"], false)
            .await,
        of("archiveExtraCategories", "response")
            .extra_categories()
            .archive(["1"], true)
            .await,
    ];
    for result in results {
        let result = result.unwrap();
        assert_eq!(result.succeeded, ["1", "2"]);
        assert!(result.failed.is_empty());
    }
}

#[tokio::test]
async fn every_membership_has_one_shape() {
    let sales = || Key::reference("sales");
    let people = || Members::refs(["E"]);
    let client = |data: &str| Canned::data(data).client();

    let added = client(r#"{"addUsersToGroup":{"addedIds":["1"],"alreadyAddedIds":["2"],"failedIds":["3"]}}"#)
        .groups()
        .add_users(sales(), people())
        .await
        .unwrap();
    assert_eq!(
        (added.added, added.already, added.failed),
        (vec!["1".into()], vec!["2".into()], vec!["3".into()])
    );

    let removed =
        client(r#"{"removeUsersFromGroup":{"removedIds":["1"],"alreadyRemovedIds":["2"],"failedIds":null}}"#)
            .groups()
            .remove_users(sales(), people())
            .await
            .unwrap();
    assert_eq!(
        (removed.removed, removed.already, removed.failed),
        (vec!["1".into()], vec!["2".into()], vec![])
    );

    let managers = client(r#"{"addManagersToGroup":{"response":{"succeededIds":["1"],"failedIds":["2"]}}}"#)
        .groups()
        .add_managers(sales(), people())
        .await
        .unwrap();
    assert_eq!(
        (managers.added, managers.failed),
        (vec!["1".into()], vec!["2".into()])
    );

    let former = client(r#"{"removeManagersFromGroup":{"response":{"succeededIds":["1"],"failedIds":[]}}}"#)
        .groups()
        .remove_managers(sales(), people())
        .await
        .unwrap();
    assert_eq!(former.removed, ["1"]);

    let added = client(r#"{"addUsersToTraining":{"addedIds":["1"],"addedRefs":["E"],"failedRefs":["X"]}}"#)
        .trainings()
        .add_users(sales(), people(), TrainingRole::Trainer)
        .await
        .unwrap();
    assert_eq!(added.added, ["1"]);
    assert_eq!(
        (added.refs.added, added.refs.failed),
        (vec!["E".into()], vec!["X".into()])
    );

    let removed =
        client(r#"{"removeUsersFromTraining":{"idsLinkedViaObject":["1"],"refsLinkedViaObject":["E"]}}"#)
            .trainings()
            .remove_users(sales(), people())
            .await
            .unwrap();
    assert_eq!(removed.linked_via_object, ["1"]);
    assert_eq!(removed.refs.linked_via_object, ["E"]);
}

#[tokio::test]
async fn the_caller_can_choose_what_comes_back() {
    #[derive(serde::Deserialize)]
    struct Row {
        id: String,
    }
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Refs {
        added_refs: Vec<String>,
    }

    let wire = Canned::data(r#"{"updateOrCreateUser":{"user":{"id":"1"},"created":true}}"#);
    let users = wire.client().users();
    let upserted = users
        .upsert(UserKey::email("a@example.com"), change())
        .select::<Row>("{ id }")
        .await
        .unwrap();
    assert!(upserted.created && upserted.user.id == "1");
    let document = wire.sent()[0]["query"].as_str().unwrap().to_owned();
    assert!(document.ends_with("{user{id} created}}"), "{document}");

    let wire = Canned::data(r#"{"addUsersToGroup":{"addedRefs":["E"]}}"#);
    let refs = wire
        .client()
        .groups()
        .add_users(Key::reference("g"), Members::refs(["E"]))
        .select::<Refs>("addedRefs")
        .await
        .unwrap();
    assert_eq!(refs.added_refs, ["E"]);
    let document = wire.sent()[0]["query"].as_str().unwrap().to_owned();
    assert!(document.ends_with("{addedRefs}}"), "{document}");

    let wire = Canned::data(r#"{"createOfferEventEnrollments":[{"id":"1"},null]}"#);
    let rows = wire
        .client()
        .enrollments()
        .enroll_many(Key::reference("e"), Members::refs(["E"]))
        .select::<Row>("id")
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);

    let wire = Canned::data("{}");
    let groups = wire.client().groups();
    let refused = groups
        .create(CreateGroupInput::new("g"))
        .select::<Row>("id }")
        .await;
    assert_eq!(refused.err().unwrap().kind(), ErrorKind::Invalid);
    assert!(wire.sent().is_empty());
}

#[tokio::test]
async fn a_field_that_the_server_does_not_know_is_left_out_of_a_write_too() {
    let wire = Canned::bodies([
        r#"{"errors":[{"message":"Cannot query field \"archived\" on type \"User\"."}]}"#,
        r#"{"data":{"createUser":{"user":{"id":"1"},"created":true}}}"#,
    ]);
    let user = CreateUserInput::new("a@example.com", "Anne");
    wire.client().users().create(user).await.unwrap();
    let sent = wire.sent();
    assert!(sent[0]["query"].as_str().unwrap().contains("ref archived roles"));
    assert!(sent[1]["query"].as_str().unwrap().contains("ref roles"));
}

#[tokio::test]
async fn nobody_is_created_by_id() {
    let wire = Canned::data("{}");
    let refused = wire.client().users().upsert(UserKey::id("1"), change()).await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Invalid);
    assert!(wire.sent().is_empty());
}

#[tokio::test]
async fn what_may_not_be_sent_twice_is_not() {
    // A broken line after sending.
    let wire = Canned::bodies([""]);
    let error = wire
        .client()
        .users()
        .create(CreateUserInput::new("a@example.com", "Anne"))
        .await
        .unwrap_err();
    assert!(error.is_indeterminate());
    assert_eq!(wire.sent().len(), 1);

    // The same where only the mail makes it so.
    let event = || (Key::reference("e"), UpdateOfferEventInput::default());
    for (notify, requests) in [(true, 1), (false, 2)] {
        let wire = Canned::bodies(["", r#"{"data":{"updateOfferEvent":{"offerEvent":{"id":"1"}}}}"#]);
        let (key, change) = event();
        let result = wire
            .client()
            .offer_events()
            .update(key, change)
            .notify(notify)
            .await;
        assert_eq!(result.is_err_and(|error| error.is_indeterminate()), notify);
        assert_eq!(wire.sent().len(), requests);
    }
}

#[tokio::test]
async fn categories_are_read_once_and_only_for_plain_values() {
    let categories = r#"{"data":{"extraCategories":[{"id":"1","ref":"a","categoryType":"SELECT"},{"id":"2","ref":"b","categoryType":"DATE"}]}}"#;
    let values =
        r#"{"data":{"updateExtraCategoryValues":{"extraCategoryValues":[{"stringValue":"x"},null]}}}"#;
    let wire = Canned::bodies([categories, values]);
    let values_now = wire
        .client()
        .extra_categories()
        .set_values(
            ContentType::User,
            Key::reference("E"),
            [
                (Key::reference("a"), ExtraValue::from("x")),
                (Key::id("2"), "2024-01-31".into()),
            ],
        )
        .await
        .unwrap();
    assert_eq!(values_now.len(), 1);
    let sent = wire.sent();
    assert_eq!(sent.len(), 2);
    assert_eq!(
        sent[1]["variables"],
        json!({"contentType": "USER", "modelRef": "E"})
    );
    let document = sent[1]["query"].as_str().unwrap();
    assert!(
        document.contains(
            r#"values:[{categoryRef:"a",choiceValues:[{stringValue:"x"}]},{categoryId:"2",datetimeValue:"2024-01-31T00:00:00Z"}]"#
        ),
        "{document}"
    );

    let wire = Canned::bodies([values]);
    let categories = wire.client().extra_categories();
    let values = [(Key::reference("a"), ExtraValue::text("x"))];
    categories
        .set_values(ContentType::Group, Key::id("1"), values)
        .await
        .unwrap();
    assert_eq!(wire.sent().len(), 1);
}

#[tokio::test]
async fn a_listing_is_not_empty_because_it_is_missing() {
    let list =
        |data: &'static str| async move { Canned::data(data).client().extra_categories().list().await };
    assert_eq!(
        list(r#"{"extraCategories":[null,{"id":"1"}]}"#)
            .await
            .unwrap()
            .len(),
        1
    );
    for data in [r#"{"extraCategories":null}"#, "{}", "null"] {
        assert_eq!(list(data).await.unwrap_err().kind(), ErrorKind::Decode, "{data}");
    }
}

#[tokio::test]
async fn debugging_shows_nobody() {
    let client = Canned::data("{}").client();
    let write = client
        .users()
        .upsert(UserKey::email("jan@acme.example"), change());
    let set = client.extra_categories().set_values(
        ContentType::User,
        Key::reference("EMP-1"),
        [(Key::reference("salary"), "one million")],
    );
    let listing = client.portfolio().list().user_id("EMP-1");
    let text = format!("{write:?} {set:?} {listing:?}");
    for secret in ["jan@", "EMP-1", "salary", "million"] {
        assert!(!text.contains(secret), "{text}");
    }
}
