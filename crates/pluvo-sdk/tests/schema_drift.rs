//! A server whose schema is not the one we know: fields that it lacks, and answers of other shapes.

mod support;

use pluvo_sdk::model::{Role, User};
use pluvo_sdk::transport::Transport;
use pluvo_sdk::{Client, ErrorKind, UserKey};
use serde_json::{Value, json};
use std::sync::Arc;
use support::log::Log;
use support::{Answer, Wire, answer, body, ok};
use tokio::sync::Barrier;

/// How servers refuse a document that asks for a field they do not know.
fn unknown(field: &str) -> Value {
    json!({"errors": [{"message": format!("Cannot query field '{field}' on type 'User'.")}]})
}

fn page(user: &Value) -> Value {
    json!({"data": {"paginatedUsers": {
        "pageInfo": {"hasNextPage": false, "endCursor": null}, "count": 1, "edges": [{"node": user}]
    }}})
}

/// A server that knows everything of a user but these fields, and says so with this status.
fn lacking(fields: &'static [&'static str], status: u16) -> Wire {
    Wire::new(move |request, _| {
        let document = body(request)["query"].as_str().unwrap().to_owned();
        let asked = |field: &&&str| {
            document
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| word == **field)
        };
        let Some(field) = fields.iter().find(asked) else {
            let user = json!({"id": "1", "name": "Anne"});
            let one = document
                .contains("{user(")
                .then(|| json!({"data": {"user": user}}));
            return Ok(ok(one.unwrap_or_else(|| page(&user))));
        };
        Ok(answer(status, &[], unknown(field)))
    })
}

async fn read(client: &Client) -> pluvo_sdk::Result<Vec<User>> {
    client.users().list().to_vec().await
}

#[tokio::test]
async fn a_default_field_that_the_server_lacks_is_dropped_once_with_a_warning_and_remembered() {
    for status in [200, 400] {
        let (wire, log) = (lacking(&["archived", "language"], status), Log::start());
        let client = wire.client();
        for _ in 0..3 {
            let read = read(&client).await.unwrap();
            assert_eq!(read[0].name.as_deref(), Some("Anne"));
        }
        assert_eq!(wire.sent().len(), 2 + 3, "each field is met once");
        assert_eq!(log.count("does not know a field"), 2, "{}", log.text());
        let one = client.users().get(UserKey::reference("EMP-1")).await.unwrap();
        assert_eq!(one.unwrap().name.as_deref(), Some("Anne"));
        assert_eq!(
            wire.sent().len(),
            6,
            "what was learned from a list is good for one thing too"
        );
        let clone = client.clone();
        read(&clone).await.unwrap();
        assert_eq!(wire.sent().len(), 7, "and for clones");
    }
}

#[tokio::test]
async fn calls_that_meet_the_lack_at_once_all_complete() {
    const CALLS: usize = 8;
    let all_sent = Arc::new(Barrier::new(CALLS));
    let server = lacking(&["archived", "language"], 200);
    let wire = Wire::waiting(move |request, index| {
        let (all_sent, server) = (Arc::clone(&all_sent), server.clone());
        Box::pin(async move {
            // The first answer comes when every call has sent its first request.
            if index < CALLS {
                all_sent.wait().await;
            }
            server.send(request).await
        })
    });
    let client = wire.client();
    let calls = (0..CALLS).map(|_| read(&client));
    for outcome in futures::future::join_all(calls).await {
        assert_eq!(outcome.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_server_that_always_complains_is_told_and_not_asked_for_ever() {
    let wire = Wire::new(|_, _| Ok(ok(unknown("archived"))));
    let error = read(&wire.client()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Graphql);
    assert_eq!(wire.sent().len(), 2);
}

#[tokio::test]
async fn a_selection_of_the_callers_own_is_never_touched() {
    let wire = lacking(&["archived"], 200);
    let client = wire.client();
    for _ in 0..2 {
        let list = client.users().list().select::<Value>("id archived");
        let error = list.to_vec().await.unwrap_err();
        assert!(error.to_string().contains("archived"), "{error:?}");
    }
    assert_eq!(wire.sent().len(), 2);
    let document = "{ user(ref: \"EMP-1\") { id archived } }";
    client.query(document).send::<Value>().await.unwrap_err();
    assert_eq!(body(&wire.sent()[2])["query"], document);
    // Even after a typed call has learned what is missing.
    read(&client).await.unwrap();
    let own = client
        .users()
        .list()
        .select::<Value>("id archived")
        .to_vec()
        .await;
    own.unwrap_err();
    let sent = wire.sent();
    assert!(
        body(sent.last().unwrap())["query"]
            .as_str()
            .unwrap()
            .contains("{id archived}")
    );
}

#[tokio::test]
async fn an_unknown_filter_is_an_error_and_no_field_is_dropped_for_it() {
    let wire = Wire::new(|_, _| {
        Ok(ok(
            json!({"errors": [{"message": "Unknown argument 'archived' on field 'Query.paginatedUsers'."}]}),
        ))
    });
    let error = wire
        .client()
        .users()
        .list()
        .archived(true)
        .to_vec()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Graphql);
    assert_eq!(wire.sent().len(), 1);
}

async fn one(user: Value) -> pluvo_sdk::Result<Vec<User>> {
    let answer = move || -> Answer { Ok(ok(page(&user))) };
    // By cursor, since reading in parallel tells rows apart by their ids.
    Wire::always(answer)
        .client()
        .users()
        .list()
        .parallel(1)
        .to_vec()
        .await
}

#[tokio::test]
async fn null_everywhere_is_read() {
    let nothing = json!({
        "id": null, "name": null, "email": null, "ref": null, "archived": null, "roles": null, "language": null
    });
    for user in [nothing, json!({})] {
        let read = one(user).await.unwrap();
        assert!(read[0].id.is_empty());
        assert_eq!(
            (&read[0].name, &read[0].roles, &read[0].language),
            (&None, &None, &None)
        );
    }
}

#[tokio::test]
async fn unknown_fields_and_enum_members_are_read_and_kept() {
    let user = json!({
        "id": 7, "name": "Anne", "roles": ["OWNER", "ASTRONAUT", "participant"], "language": "KLINGON",
        "shoeSize": {"eu": [41, null]}, "": 1
    });
    let read = one(user).await.unwrap();
    assert_eq!(read[0].id, "7");
    let roles = read[0].roles.as_deref().unwrap();
    assert!(roles.contains(&Role::from("ASTRONAUT")) && matches!(roles[1], Role::Other(_)));
    assert_eq!(serde_json::to_value(&roles[1]).unwrap(), "ASTRONAUT");
    assert_eq!(read[0].language.as_ref().unwrap().as_str(), "KLINGON");
}

#[tokio::test]
async fn null_edges_and_nodes_are_no_rows() {
    let wire = Wire::always(|| {
        Ok(ok(json!({"extra": 1, "data": {"other": null, "paginatedUsers": {
            "pageInfo": {"hasNextPage": false, "startCursor": "x", "extra": {}}, "count": null, "more": [1],
            "edges": [null, {"node": null}, {}, {"cursor": "c", "node": {"id": "1"}}]
        }}})))
    });
    assert_eq!(read(&wire.client()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_holds_no_list_is_an_error_and_never_an_empty_list() {
    for (answer, kind) in [
        (json!({"data": null}), ErrorKind::Pagination),
        (json!({"data": {}}), ErrorKind::Pagination),
        (json!({"data": {"paginatedUsers": null}}), ErrorKind::Pagination),
        (json!({"data": {"paginatedUsers": {}}}), ErrorKind::Decode),
        (
            json!({"data": {"paginatedUsers": {"edges": []}}}),
            ErrorKind::Decode,
        ),
        (
            json!({"data": {"paginatedUsers": {"edges": [], "pageInfo": null}}}),
            ErrorKind::Decode,
        ),
        (
            json!({"data": {"paginatedUsers": {"edges": [], "pageInfo": {}}}}),
            ErrorKind::Decode,
        ),
        (
            json!({"data": {"paginatedUsers": {"pageInfo": {"hasNextPage": false}}}}),
            ErrorKind::Decode,
        ),
        (
            json!({"data": {"paginatedUsers": {"edges": null, "pageInfo": {"hasNextPage": false}}}}),
            ErrorKind::Decode,
        ),
        (json!({"data": {"paginatedUsers": []}}), ErrorKind::Decode),
        (json!({}), ErrorKind::Decode),
        (json!([]), ErrorKind::Decode),
    ] {
        let text = answer.to_string();
        let wire = Wire::always(move || Ok(ok(&answer)));
        let error = read(&wire.client()).await.expect_err(&text);
        assert_eq!(error.kind(), kind, "{text}: {error:?}");
    }
}
