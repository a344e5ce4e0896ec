//! Calls by name, against the sandbox.

mod support;

use pluvo_bridge::{Callbacks, Session};
use pluvo_sandbox::{Effect, Fault};
use serde_json::{Value, json};
use support::{call, open, read, sandbox};

#[tokio::test]
async fn a_person_is_written_and_read() {
    let sandbox = sandbox().await;
    let session = open(&sandbox);
    let anne = json!({"ref": "EMP-1", "email": "anne@example.com", "name": "Anne"});
    let upserted = call(&session, "users.upsert", &anne).await.unwrap();
    assert_eq!(
        (&upserted["created"], &upserted["user"]["name"]),
        (&json!(true), &json!("Anne"))
    );
    let id = upserted["user"]["id"].clone();
    let change = json!({"id": id, "ref": "EMP-2", "name": null});
    let updated = call(&session, "users.update", &change).await.unwrap();
    assert_eq!(
        (&updated["ref"], &updated["name"]),
        (&json!("EMP-2"), &json!("Anne"))
    );
    let found = call(&session, "users.get", &json!({"email": "anne@example.com"}))
        .await
        .unwrap();
    assert_eq!(found["id"], id);
    let nobody = call(&session, "users.get", &json!({"ref": "EMP-1"}))
        .await
        .unwrap();
    assert_eq!(nobody, Value::Null);
}

#[tokio::test]
async fn a_list_is_read_page_by_page() {
    let sandbox = sandbox().await;
    let session = open(&sandbox);
    let request =
        json!({"args": {"sortBy": {"direction": "DESC"}}, "pageSize": 25, "limit": 55, "select": "id name"});
    let pages = session.list("users.list", &request.to_string()).unwrap();
    assert_eq!((pages.position(), pages.count()), (None, None));
    let mut rows = Vec::new();
    while let Some(page) = pages.next().await.unwrap() {
        let edges: Vec<Value> = serde_json::from_slice(&page.edges).unwrap();
        rows.push(edges.len());
        assert_eq!(page.count, Some(60));
    }
    assert_eq!((rows, pages.count()), (vec![25, 25, 5], Some(60)));
    let count = session.call("users.list", r#"{"count": true}"#).await.unwrap();
    assert_eq!(count, "60");
}

#[tokio::test]
async fn members_come_and_go() {
    let sandbox = sandbox().await;
    let session = open(&sandbox);
    let group = call(
        &session,
        "groups.create",
        &json!({"name": "Sales", "ref": "sales"}),
    )
    .await
    .unwrap();
    let people = read(&session, "users.list", json!({"limit": 2})).await;
    let ids: Vec<_> = people.iter().map(|person| person["id"].clone()).collect();
    let added = call(
        &session,
        "groups.add_users",
        &json!({"ref": "sales", "userIds": ids}),
    )
    .await
    .unwrap();
    assert_eq!(added["added"], json!(ids));
    let members = read(&session, "groups.members", json!({"args": {"id": group["id"]}})).await;
    assert_eq!(members.len(), 2);
    let removed = call(
        &session,
        "groups.remove_users",
        &json!({"ref": "sales", "userIds": [ids[0]]}),
    )
    .await
    .unwrap();
    assert_eq!(removed["removed"], json!([ids[0]]));
}

#[tokio::test]
async fn a_document_of_ones_own_gives_its_data() {
    let sandbox = sandbox().await;
    let session = open(&sandbox);
    let args =
        json!({"document": "query($n: Int) { paginatedUsers(first: $n) { count } }", "variables": {"n": 1}});
    let data = call(&session, "query", &args).await.unwrap();
    assert_eq!(data, json!({"paginatedUsers": {"count": 60}}));
    let access = call(&session, "check", &json!({})).await.unwrap();
    assert_eq!(access["missing"], json!([]), "{access}");
}

#[tokio::test]
async fn a_mistake_is_named_before_anything_is_sent() {
    let sandbox = sandbox().await;
    let session = open(&sandbox);
    for (name, args, says) in [
        (
            "users.update",
            json!({"ref": "E", "nmae": "A"}),
            "users.update has no argument `nmae`; it takes id, ref, email, name,",
        ),
        (
            "users.update",
            json!({"name": "A"}),
            "users.update needs id or ref",
        ),
        (
            "users.update",
            json!({"ref": "E", "archived": "yes"}),
            "the argument `archived` of users.update must be a boolean, not a string",
        ),
        (
            "users.update",
            json!({"ref": 7}),
            "the argument `ref` of users.update must be a string, not a whole number",
        ),
        (
            "users.get",
            json!({"id": "1", "email": "a@b.nl"}),
            "users.get is given email and another that says the same",
        ),
        (
            "users.create",
            json!({"name": "A"}),
            "the argument `email` of users.create is needed",
        ),
        (
            "groups.add_users",
            json!({"ref": "g"}),
            "groups.add_users needs userIds or userRefs",
        ),
        ("users.gett", json!({}), "there is no call users.gett"),
        (
            "check",
            json!({"x": 1}),
            "check has no argument `x`; it takes none",
        ),
    ] {
        let error = call(&session, name, &args).await.unwrap_err();
        assert_eq!(error.code, "invalid");
        assert!(error.message.contains(says), "{error}");
    }
    assert!(sandbox.log().is_empty());
}

#[test]
fn a_session_needs_a_way_to_get_tokens() {
    let error = Session::open(r#"{"organization": "acme"}"#, Callbacks::default()).unwrap_err();
    assert_eq!(error.code, "config");
    assert!(error.message.contains("clientId"), "{error}");
}

#[tokio::test]
async fn parts_of_a_long_list_that_fail_are_told_beside_the_others() {
    let sandbox = sandbox().await;
    let fault =
        Fault::graphql(serde_json::from_value::<Effect>(json!({"kind": "status", "status": 400})).unwrap())
            .operation("AddUsersToGroup");
    sandbox.add_faults([fault]);
    let session = open(&sandbox);
    let mut refs: Vec<String> = (0..100).map(|n| format!("N-{n}")).collect();
    refs.push("EMP-00003".to_owned());
    let args = json!({"ref": "GRP-005", "userRefs": refs});
    let told = call(&session, "groups.add_users", &args).await.unwrap();
    // Which of the two requests came first is not said.
    let unfinished = &told["unfinished"][0];
    assert_eq!(unfinished["error"]["code"], "invalid", "{told}");
    let left = unfinished["refs"].as_array().unwrap().len();
    assert!(left == 100 || left == 1, "{told}");
    assert_eq!(told["added"].as_array().unwrap().len(), usize::from(left == 100));
}
