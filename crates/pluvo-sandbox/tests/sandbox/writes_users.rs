//! Mutations of people: upsert, uniqueness, archiving, groups, extra values, and who is mailed.

use pluvo_sandbox::{Sandbox, Settings};
use serde_json::{Value, json};

use crate::common::{body, code, column, data, page, request, start};

const CREATE: &str = "mutation($user: CreateUserInput!, $sendInvite: Boolean) {
  createUser(user: $user, sendInvite: $sendInvite) { created user { id ref name email archived isActive roles language invitedOn
    participantGroups { ref } managerGroups { ref } } }
}";
const UPSERT: &str =
    "mutation($id: UUID, $ref: String, $email: String, $sendInvite: Boolean, $user: UpdateUserInput!) {
  updateOrCreateUser(id: $id, ref: $ref, email: $email, sendInvite: $sendInvite, user: $user) {
    created user { id ref name email archived isActive } }
}";
const UPDATE: &str = "mutation($id: UUID, $ref: String, $user: UpdateUserInput!) {
  updateUser(id: $id, ref: $ref, user: $user) { user { id ref name email archived archivedAt isActive
    participantGroups { name } managerGroups { name } } }
}";

async fn user(sandbox: &Sandbox, reference: &str) -> Value {
    let query = "query($ref: String) { user(ref: $ref) { id ref name email archived archivedAt isActive } }";
    data(sandbox, query, json!({ "ref": reference })).await["user"].clone()
}

#[tokio::test]
async fn somebody_new_is_found_by_everything_and_invited() {
    let sandbox = start(Sandbox::builder()).await;
    let asked = json!({ "name": "Ångström, \"Zoë\"", "email": "Zoe@Example.com", "ref": "HR-1" });
    let made = data(&sandbox, CREATE, json!({ "user": asked })).await["createUser"].clone();
    assert_eq!(made["created"], true);
    let user = &made["user"];
    assert_eq!(user["name"], asked["name"]);
    assert_eq!(
        (&user["archived"], &user["isActive"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(user["roles"], json!(["PARTICIPANT"]));
    assert!(user["invitedOn"].is_string());
    let find =
        "query($id: UUID, $ref: String, $email: String) { user(id: $id, ref: $ref, email: $email) { id } }";
    for by in [
        json!({ "id": user["id"] }),
        json!({ "ref": "HR-1" }),
        json!({ "email": "zoe@example.COM" }),
    ] {
        assert_eq!(data(&sandbox, find, by).await["user"]["id"], user["id"]);
    }
    assert_eq!(sandbox.state().counts.users, 61);
    let outbox = sandbox.outbox();
    assert_eq!(outbox.len(), 1);
    assert_eq!(
        (outbox[0].kind.as_str(), outbox[0].operation.as_str()),
        ("invite", "createUser")
    );
    assert_eq!(json!(outbox[0].to), json!([user["id"]]));
    let quiet = json!({ "user": { "name": "B", "email": "b@example.com" }, "sendInvite": false });
    let quiet = data(&sandbox, CREATE, quiet).await["createUser"]["user"].clone();
    assert_eq!(quiet["invitedOn"], Value::Null);
    assert_eq!(quiet["ref"].as_str().expect("a ref is made").len(), 36);
    assert_eq!(sandbox.outbox().len(), 1);
    let again = start(Sandbox::builder()).await;
    assert_eq!(
        data(&again, CREATE, json!({ "user": asked })).await["createUser"]["user"]["id"],
        user["id"]
    );
}

#[tokio::test]
async fn refs_and_addresses_are_unique() {
    let sandbox = start(Sandbox::builder()).await;
    let (one, other) = (
        user(&sandbox, "EMP-00003").await,
        user(&sandbox, "EMP-00004").await,
    );
    let address = one["email"].as_str().expect("an address").to_uppercase();
    for (wanted, input) in [
        ("ALREADY_EXISTS", json!({ "name": "A", "email": address })),
        (
            "ALREADY_EXISTS",
            json!({ "name": "A", "email": "a@example.com", "ref": "EMP-00003" }),
        ),
        ("INVALID", json!({ "name": " ", "email": "a@example.com" })),
        ("INVALID", json!({ "name": "A", "email": "a at example.com" })),
        (
            "INVALID",
            json!({ "name": "A", "email": "a@example.com", "ref": "" }),
        ),
        (
            "INVALID",
            json!({ "name": "A", "email": "a@example.com", "archived": true, "isActive": true }),
        ),
        (
            "NOT_FOUND",
            json!({ "name": "A", "email": "a@example.com", "addManagerGroups": [one["id"]] }),
        ),
    ] {
        let answer = body(&sandbox, CREATE, json!({ "user": input })).await;
        assert_eq!(code(&answer), wanted, "{answer}");
        assert_eq!(answer["data"], json!({ "createUser": null }));
    }
    for input in [
        json!({ "email": address }),
        json!({ "ref": "EMP-00003", "name": "Changed" }),
    ] {
        let answer = body(&sandbox, UPDATE, json!({ "ref": "EMP-00004", "user": input })).await;
        assert_eq!(code(&answer), "ALREADY_EXISTS", "{answer}");
    }
    assert_eq!(user(&sandbox, "EMP-00004").await, other);
    let own = json!({ "ref": "EMP-00003", "user": { "email": address, "ref": "EMP-00003" } });
    assert_eq!(
        data(&sandbox, UPDATE, own).await["updateUser"]["user"]["email"],
        json!(address)
    );
    assert_eq!(sandbox.state().counts.users, 60);
    assert_eq!(sandbox.outbox(), []);
}

#[tokio::test]
async fn an_upsert_changes_whom_it_finds_and_creates_whom_it_does_not() {
    let sandbox = start(Sandbox::builder()).await;
    let person = user(&sandbox, "EMP-00003").await;
    let upsert = async |variables| data(&sandbox, UPSERT, variables).await["updateOrCreateUser"].clone();
    let fails = async |variables: Value| {
        let answer = body(&sandbox, UPSERT, variables).await;
        assert_eq!(answer["data"], json!({ "updateOrCreateUser": null }));
        code(&answer).to_owned()
    };
    for by in [
        json!({ "ref": person["ref"] }),
        json!({ "email": person["email"] }),
        json!({ "id": person["id"] }),
    ] {
        let mut variables = by;
        variables["user"] = json!({ "name": "Same" });
        let got = upsert(variables).await;
        assert_eq!(
            (&got["created"], &got["user"]["id"]),
            (&json!(false), &person["id"])
        );
    }
    let got = upsert(
        json!({ "ref": "HR-9", "sendInvite": false, "user": { "name": "N", "email": "n@example.com" } }),
    )
    .await;
    assert_eq!(
        (&got["created"], &got["user"]["ref"]),
        (&json!(true), &json!("HR-9"))
    );
    let got = upsert(json!({ "email": "m@example.com", "sendInvite": false, "user": { "name": "M" } })).await;
    assert_eq!(
        (&got["created"], &got["user"]["email"]),
        (&json!(true), &json!("m@example.com"))
    );
    assert_eq!(sandbox.outbox(), []);
    assert_eq!(
        fails(json!({ "ref": "EMP-99999", "user": { "archived": true } })).await,
        "INVALID"
    );
    assert_eq!(fails(json!({ "user": { "name": "A" } })).await, "INVALID");
    assert_eq!(fails(json!({ "id": "00000000-0000-4000-8000-000000000000", "user": { "name": "A", "email": "q@example.com" } })).await, "NOT_FOUND");
    assert_eq!(
        fails(json!({ "ref": "HR-9", "email": "m@example.com", "user": {} })).await,
        "INVALID"
    );
    // Selecting by e-mail with the ref of somebody else in the body.
    assert_eq!(
        fails(json!({ "email": "x@example.com", "user": { "name": "X", "ref": "HR-9" } })).await,
        "ALREADY_EXISTS"
    );
    assert_eq!(sandbox.state().counts.users, 62);
    // Its default is not documented: the sandbox takes the one that does harm.
    upsert(json!({ "ref": "HR-10", "user": { "name": "P", "email": "p@example.com" } })).await;
    assert_eq!(sandbox.outbox()[0].operation, "updateOrCreateUser");
}

#[tokio::test]
async fn archived_and_active_are_one_thing() {
    let sandbox = start(Sandbox::builder().hold_clock(true)).await;
    let archive = "mutation($ids: [UUID!]!, $on: Boolean!) { archiveUsers(ids: $ids, archive: $on) {
      response { succeededIds failedIds } } }";
    let person = user(&sandbox, "EMP-00003").await;
    let set = async |input: Value| {
        let got = data(&sandbox, UPDATE, json!({ "ref": "EMP-00003", "user": input })).await;
        let user = &got["updateUser"]["user"];
        assert_ne!(user["archived"], user["isActive"]);
        assert_eq!(user["archivedAt"].is_null(), user["archived"] == false);
        user["archived"] == true
    };
    assert!(set(json!({ "archived": true })).await);
    let at = user(&sandbox, "EMP-00003").await["archivedAt"].clone();
    sandbox.advance(std::time::Duration::from_secs(3600));
    assert!(set(json!({ "archived": true })).await);
    assert_eq!(user(&sandbox, "EMP-00003").await["archivedAt"], at);
    assert!(!set(json!({ "isActive": true })).await);
    assert!(set(json!({ "isActive": false })).await);
    let nobody = "00000000-0000-4000-8000-000000000000";
    for on in [false, true] {
        let got = data(
            &sandbox,
            archive,
            json!({ "ids": [person["id"], nobody], "on": on }),
        )
        .await;
        let wanted = json!({ "succeededIds": [person["id"]], "failedIds": [nobody] });
        assert_eq!(got["archiveUsers"]["response"], wanted);
        assert_eq!(user(&sandbox, "EMP-00003").await["archived"], on);
    }
    let answer = body(
        &sandbox,
        UPDATE,
        json!({ "ref": "nobody", "user": { "archived": true } }),
    )
    .await;
    assert_eq!(
        (code(&answer), &answer["data"]),
        ("NOT_FOUND", &json!({ "updateUser": null }))
    );
}

#[tokio::test]
async fn a_new_name_moves_somebody_in_every_list() {
    let sandbox = start(Sandbox::builder()).await;
    let lists = "{ group(ref: \"GRP-001\") { users(first: 50) { count edges { node { id name } } } }
      training(ref: \"TRN-001\") { participants(first: 50) { count edges { node { user { id name } } } } } }";
    let first = page(&sandbox, json!({ "first": 1 })).await["edges"][0].clone();
    let before = data(&sandbox, lists, json!({})).await;
    let renamed = json!({ "id": first["node"]["id"], "user": { "name": "Ω Last", "email": "last@example.com", "ref": "LAST" } });
    data(&sandbox, UPDATE, renamed).await;
    let tail = json!({ "after": first["cursor"], "first": 50 });
    assert_ne!(
        page(&sandbox, tail).await["edges"][0]["node"]["id"],
        first["node"]["id"]
    );
    let query = "{ paginatedUsers(first: 1, offset: 59) { count edges { node { id name } } } }";
    let last = data(&sandbox, query, json!({})).await["paginatedUsers"].clone();
    assert_eq!(last["count"], 60);
    assert_eq!(column(&last, "name"), ["Ω Last"]);
    let after = data(&sandbox, lists, json!({})).await;
    for (list, count) in [("/group/users", 60), ("/training/participants", 1)] {
        let (before, after) = (
            before.pointer(list).expect(list),
            after.pointer(list).expect(list),
        );
        assert_eq!(before["count"], after["count"]);
        assert!(before["count"].as_u64() >= Some(count));
    }
    let end = "{ group(ref: \"GRP-001\") { users(last: 1) { edges { node { name } } } } }";
    let end = data(&sandbox, end, json!({})).await;
    assert_eq!(column(&end["group"]["users"], "name"), ["Ω Last"]);
    assert_eq!(user(&sandbox, "LAST").await["email"], "last@example.com");
}

#[tokio::test]
async fn groups_come_and_go_with_a_change() {
    let sandbox = start(Sandbox::builder()).await;
    let groups = data(
        &sandbox,
        "{ groups { id name userCount managerCount } }",
        json!({}),
    )
    .await["groups"]
        .clone();
    let (one, other) = (&groups[1], &groups[2]);
    let input = json!({ "name": "G", "email": "g@example.com", "addParticipantGroups": [one["id"], one["id"]], "addManagerGroups": [other["id"]] });
    data(&sandbox, CREATE, json!({ "user": input })).await;
    let count = async || {
        data(
            &sandbox,
            "{ groups { id name userCount managerCount } }",
            json!({}),
        )
        .await["groups"]
            .clone()
    };
    let after = count().await;
    assert_eq!(
        after[1]["userCount"].as_u64(),
        one["userCount"].as_u64().map(|n| n + 1)
    );
    assert_eq!(
        after[2]["managerCount"].as_u64(),
        other["managerCount"].as_u64().map(|n| n + 1)
    );
    let find = data(&sandbox, "{ user(email: \"g@example.com\") { id } }", json!({})).await;
    let input = json!({ "removeParticipantGroups": [one["id"]], "removeManagerGroups": [other["id"]], "addParticipantGroups": [other["id"]] });
    let got = data(
        &sandbox,
        UPDATE,
        json!({ "id": find["user"]["id"], "user": input }),
    )
    .await;
    let user = &got["updateUser"]["user"];
    assert_eq!(user["participantGroups"], json!([{ "name": other["name"] }]));
    assert_eq!(user["managerGroups"], json!([]));
    assert_eq!(count().await[1], *one);
}

#[tokio::test]
async fn a_batch_is_carried_out_in_order_and_its_errors_stay_apart() {
    let sandbox = start(Sandbox::builder()).await;
    let batch = "mutation {
      a: updateOrCreateUser(ref: \"B-1\", sendInvite: false, user: { name: \"One\", email: \"one@example.com\" }) { created user { name } }
      b: updateOrCreateUser(ref: \"B-2\", sendInvite: false, user: { name: \"Two\", email: \"ONE@example.com\" }) { created user { name } }
      c: updateOrCreateUser(ref: \"B-1\", sendInvite: false, user: { name: \"Uno\" }) { created user { name } }
    }";
    let answer = body(&sandbox, batch, json!({})).await;
    assert_eq!(
        answer["data"]["a"],
        json!({ "created": true, "user": { "name": "One" } })
    );
    assert_eq!(answer["data"]["b"], Value::Null);
    assert_eq!(
        answer["data"]["c"],
        json!({ "created": false, "user": { "name": "Uno" } })
    );
    let errors = answer["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0]["path"], json!(["b"]));
    sandbox.set(Settings {
        max_aliases: Some(2),
        ..Settings::default()
    });
    let refused = request(&sandbox, batch, &json!({}))
        .send()
        .await
        .expect("an answer");
    assert_eq!(refused.status(), 400);
    let refused: Value = refused.json().await.expect("JSON");
    assert_eq!((code(&refused), refused.get("data")), ("TOO_MANY_FIELDS", None));
    let two = "mutation { a: updateUser(ref: \"B-1\", user: { name: \"Eins\" }) { user { name } }
      b: updateUser(ref: \"B-1\", user: { name: \"Un\" }) { user { name } } }";
    assert_eq!(data(&sandbox, two, json!({})).await["b"]["user"]["name"], "Un");
}

#[tokio::test]
async fn a_token_needs_the_scope_to_write() {
    let sandbox = start(Sandbox::builder()).await;
    let token = sandbox.issue_token(Some(&["users.read"]));
    let answer = crate::common::client()
        .post(sandbox.graphql_url())
        .bearer_auth(token)
        .json(&json!({ "query": UPDATE, "variables": { "ref": "EMP-00003", "user": { "name": "X" } } }))
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 403);
    assert_ne!(user(&sandbox, "EMP-00003").await["name"], "X");
}

#[tokio::test]
async fn the_outbox_is_read_and_emptied_over_http() {
    let sandbox = start(Sandbox::builder()).await;
    data(
        &sandbox,
        CREATE,
        json!({ "user": { "name": "A", "email": "a@example.com" } }),
    )
    .await;
    let url = format!("{}/__sandbox/outbox", sandbox.url());
    let client = crate::common::client();
    let mails: Value = client
        .get(&url)
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(mails[0]["operation"], "createUser");
    assert!(mails[0]["at_ms"].is_u64());
    assert_eq!(client.delete(&url).send().await.expect("an answer").status(), 204);
    assert_eq!(sandbox.outbox(), []);
}
