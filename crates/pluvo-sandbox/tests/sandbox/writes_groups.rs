//! Mutations of groups and trainings: members, managers, slow membership, participants, who stays by way of what.

use std::time::Duration;

use pluvo_sandbox::{Sandbox, Settings};
use serde_json::{Value, json};

use crate::common::{body, code, column, data, start};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";
const ADD: &str = "mutation($id: UUID, $ref: String, $ids: [UUID!], $refs: [String!]) {
  addUsersToGroup(groupId: $id, groupRef: $ref, userIds: $ids, userRefs: $refs) {
    addedIds addedRefs alreadyAddedIds alreadyAddedRefs failedIds failedRefs } }";
const REMOVE: &str = "mutation($id: UUID, $ref: String, $ids: [UUID!], $refs: [String!]) {
  removeUsersFromGroup(groupId: $id, groupRef: $ref, userIds: $ids, userRefs: $refs) {
    removedIds removedRefs alreadyRemovedIds alreadyRemovedRefs failedIds failedRefs } }";
const CREATE: &str = "mutation($group: CreateGroupInput!) { createGroup(group: $group) {
  group { id ref name maxUsers enableChat isEditable userCount } } }";

async fn group(sandbox: &Sandbox, name: &str, reference: &str) -> Value {
    let input = json!({ "group": { "name": name, "ref": reference } });
    data(sandbox, CREATE, input).await["createGroup"]["group"].clone()
}

async fn members(sandbox: &Sandbox, reference: &str) -> Vec<Value> {
    let query = "query($ref: String) { group(ref: $ref) { users { edges { node { name } } } } }";
    let group = data(sandbox, query, json!({ "ref": reference })).await["group"].clone();
    column(&group["users"], "name")
}

async fn user_id(sandbox: &Sandbox, reference: &str) -> Value {
    data(
        sandbox,
        "query($ref: String) { user(ref: $ref) { id } }",
        json!({ "ref": reference }),
    )
    .await["user"]["id"]
        .clone()
}

#[tokio::test]
async fn a_group_is_made_changed_and_deleted() {
    let sandbox = start(Sandbox::builder()).await;
    let made = group(&sandbox, "Zeebeving", "G-1").await;
    assert_eq!((&made["ref"], &made["userCount"]), (&json!("G-1"), &json!(0)));
    let unnamed =
        json!({ "group": { "name": "Other", "maxUsers": 3, "enableChat": true, "isEditable": false } });
    let unnamed = data(&sandbox, CREATE, unnamed).await["createGroup"]["group"].clone();
    assert_eq!(unnamed["ref"].as_str().map(str::len), Some(36));
    assert_eq!(
        (
            &unnamed["maxUsers"],
            &unnamed["enableChat"],
            &unnamed["isEditable"]
        ),
        (&json!(3), &json!(true), &json!(false))
    );
    for (wanted, input) in [
        ("ALREADY_EXISTS", json!({ "name": "Again", "ref": "G-1" })),
        ("INVALID", json!({ "name": "" })),
        ("INVALID", json!({ "name": "Less", "maxUsers": -1 })),
    ] {
        assert_eq!(
            code(&body(&sandbox, CREATE, json!({ "group": input })).await),
            wanted
        );
    }
    let update = "mutation($id: UUID, $ref: String, $group: UpdateGroupInput!) {
      updateGroup(id: $id, ref: $ref, group: $group) { group { id ref name maxUsers } } }";
    let changed = json!({ "ref": "G-1", "group": { "name": "aardbeving", "ref": "G-2", "maxUsers": 9 } });
    let changed = data(&sandbox, update, changed).await["updateGroup"]["group"].clone();
    assert_eq!(
        changed,
        json!({ "id": made["id"], "ref": "G-2", "name": "aardbeving", "maxUsers": 9 })
    );
    let list = data(&sandbox, "{ groups { name } }", json!({})).await["groups"].clone();
    assert_eq!(list[0]["name"], "aardbeving");
    assert_eq!(
        code(&body(&sandbox, update, json!({ "ref": "G-1", "group": {} })).await),
        "NOT_FOUND"
    );
    data(&sandbox, ADD, json!({ "ref": "G-2", "refs": ["EMP-00003"] })).await;
    let delete = "mutation($id: UUID!) { deleteGroup(id: $id) { ok } }";
    assert_eq!(
        data(&sandbox, delete, json!({ "id": made["id"] })).await["deleteGroup"]["ok"],
        true
    );
    assert_eq!(
        code(&body(&sandbox, delete, json!({ "id": made["id"] })).await),
        "NOT_FOUND"
    );
    let of = "{ user(ref: \"EMP-00003\") { participantGroups { name } } group(ref: \"G-2\") { id } }";
    let left = data(&sandbox, of, json!({})).await;
    assert!(!left["user"].to_string().contains("aardbeving"), "{left}");
    assert_eq!(left["group"], Value::Null);
    let many =
        "mutation($ids: [UUID!]) { deleteGroups(ids: $ids) { bulkDelete { succeededIds failedIds } } }";
    let got = data(&sandbox, many, json!({ "ids": [unnamed["id"], made["id"]] })).await;
    let wanted = json!({ "succeededIds": [unnamed["id"]], "failedIds": [made["id"]] });
    assert_eq!(got["deleteGroups"]["bulkDelete"], wanted);
    assert_eq!(sandbox.state().counts.groups, 5);
}

#[tokio::test]
async fn members_are_added_already_there_or_unknown() {
    let sandbox = start(Sandbox::builder()).await;
    let made = group(&sandbox, "G", "G-1").await;
    let (three, four) = (
        user_id(&sandbox, "EMP-00003").await,
        user_id(&sandbox, "EMP-00004").await,
    );
    let asked = json!({ "ref": "G-1", "refs": ["EMP-00003", "nobody", "EMP-00003"], "ids": [four, NOBODY] });
    let got = data(&sandbox, ADD, asked).await["addUsersToGroup"].clone();
    assert_eq!(got["addedIds"], json!([four, three]));
    assert_eq!(got["addedRefs"], json!(["EMP-00004", "EMP-00003"]));
    assert_eq!(got["alreadyAddedRefs"], json!(["EMP-00003"]));
    assert_eq!(
        (&got["failedIds"], &got["failedRefs"]),
        (&json!([NOBODY]), &json!(["nobody"]))
    );
    assert_eq!(members(&sandbox, "G-1").await.len(), 2);
    let names = members(&sandbox, "G-1").await;
    let mut sorted = names.clone();
    sorted.sort_by_key(|name| name.as_str().map(str::to_lowercase));
    assert_eq!(names, sorted);
    let asked = json!({ "id": made["id"], "refs": ["EMP-00003", "EMP-00005", "nobody"] });
    let got = data(&sandbox, REMOVE, asked).await["removeUsersFromGroup"].clone();
    assert_eq!(
        (&got["removedIds"], &got["removedRefs"]),
        (&json!([three]), &json!(["EMP-00003"]))
    );
    assert_eq!(
        (&got["alreadyRemovedRefs"], &got["failedRefs"]),
        (&json!(["EMP-00005"]), &json!(["nobody"]))
    );
    assert_eq!(members(&sandbox, "G-1").await.len(), 1);
    for (wanted, asked) in [
        ("NOT_FOUND", json!({ "ref": "none", "refs": ["EMP-00003"] })),
        ("INVALID", json!({ "ref": "G-1" })),
        ("INVALID", json!({ "refs": ["EMP-00003"] })),
    ] {
        assert_eq!(code(&body(&sandbox, ADD, asked).await), wanted);
    }
}

#[tokio::test]
async fn a_slow_membership_takes_effect_when_its_time_has_come() {
    let settings: Settings = serde_json::from_value(json!({ "slow_membership": "2m" })).expect("settings");
    let sandbox = start(Sandbox::builder().hold_clock(true).settings(settings)).await;
    group(&sandbox, "G", "G-1").await;
    let asked = json!({ "ref": "G-1", "refs": ["EMP-00003", "EMP-00004"] });
    let got = data(&sandbox, ADD, asked.clone()).await;
    assert_eq!(
        got["addUsersToGroup"]["addedRefs"],
        json!(["EMP-00003", "EMP-00004"])
    );
    sandbox.advance(Duration::from_secs(119));
    assert_eq!(members(&sandbox, "G-1").await.len(), 0);
    let again = data(&sandbox, ADD, asked.clone()).await;
    assert_eq!(again["addUsersToGroup"]["alreadyAddedRefs"], json!([]));
    sandbox.advance(Duration::from_secs(1));
    assert_eq!(members(&sandbox, "G-1").await.len(), 2);
    data(&sandbox, REMOVE, asked).await;
    assert_eq!(members(&sandbox, "G-1").await.len(), 2);
    sandbox.advance(Duration::from_secs(120));
    assert_eq!(members(&sandbox, "G-1").await.len(), 0);
}

#[tokio::test]
async fn managers_are_not_members() {
    let sandbox = start(Sandbox::builder()).await;
    group(&sandbox, "G", "G-1").await;
    let three = user_id(&sandbox, "EMP-00003").await;
    let managers = async |mutation: &str, variables: Value| {
        let query = format!(
            "mutation($ids: [UUID!], $refs: [String!]) {{ {mutation}(groupRef: \"G-1\", userIds: $ids, userRefs: $refs) {{
              response {{ succeededIds failedIds }} }} }}"
        );
        body(&sandbox, &query, variables).await
    };
    let count = "{ group(ref: \"G-1\") { userCount managerCount } }";
    let got = managers("addManagersToGroup", json!({ "ids": [three, NOBODY] })).await;
    let wanted = json!({ "succeededIds": [three], "failedIds": [NOBODY] });
    assert_eq!(got["data"]["addManagersToGroup"]["response"], wanted);
    managers("addManagersToGroup", json!({ "refs": ["EMP-00003"] })).await;
    let wanted = json!({ "group": { "userCount": 0, "managerCount": 1 } });
    assert_eq!(data(&sandbox, count, json!({})).await, wanted);
    assert_eq!(
        code(&managers("removeManagersFromGroup", json!({ "refs": ["nobody"] })).await),
        "NOT_FOUND"
    );
    managers("removeManagersFromGroup", json!({ "refs": ["EMP-00003"] })).await;
    assert_eq!(data(&sandbox, count, json!({})).await["group"]["managerCount"], 0);
}

#[tokio::test]
async fn a_training_is_made_changed_and_archived() {
    let sandbox = start(Sandbox::builder()).await;
    let create =
        "mutation($training: CreateTrainingInput!) { createTraining(training: $training) { training {
      id ref title subtitle isActive archived startDate endDate enableChat } } }";
    let input = json!({ "title": "T", "ref": "T-1", "subtitle": "S", "startDate": "2026-03-01T23:30:00Z", "enableChat": true });
    let made =
        data(&sandbox, create, json!({ "training": input })).await["createTraining"]["training"].clone();
    assert_eq!(
        made,
        json!({ "id": made["id"], "ref": "T-1", "title": "T", "subtitle": "S", "isActive": true, "archived": false,
            "startDate": "2026-03-01", "endDate": null, "enableChat": true })
    );
    assert_eq!(
        code(&body(&sandbox, create, json!({ "training": input })).await),
        "ALREADY_EXISTS"
    );
    let update = "mutation($ref: String, $training: UpdateTrainingInput!) { updateTraining(ref: $ref, training: $training) {
      training { title archived endDate subtitle } } }";
    let input = json!({ "title": "aaa", "archived": true, "endDate": "2027-01-01" });
    let got = data(&sandbox, update, json!({ "ref": "T-1", "training": input })).await;
    let wanted = json!({ "title": "aaa", "archived": true, "endDate": "2027-01-01", "subtitle": "S" });
    assert_eq!(got["updateTraining"]["training"], wanted);
    let first = data(
        &sandbox,
        "{ paginatedTrainings(first: 1) { count edges { node { title } } } }",
        json!({}),
    )
    .await;
    assert_eq!(column(&first["paginatedTrainings"], "title"), ["aaa"]);
    assert_eq!(first["paginatedTrainings"]["count"], 5);
    assert_eq!(
        code(&body(&sandbox, update, json!({ "ref": "T-9", "training": {} })).await),
        "NOT_FOUND"
    );
}

#[tokio::test]
async fn participants_are_added_and_invited_unless_told_otherwise() {
    let sandbox = start(Sandbox::builder()).await;
    data(
        &sandbox,
        "mutation { createTraining(training: { title: \"T\", ref: \"T-1\" }) { training { id } } }",
        json!({}),
    )
    .await;
    let add = "mutation($refs: [String!], $role: TrainingRole, $mail: Boolean) {
      addUsersToTraining(trainingRef: \"T-1\", userRefs: $refs, role: $role, sendInvites: $mail) {
        addedIds addedRefs alreadyAddedIds alreadyAddedRefs failedIds failedRefs } }";
    let got = data(
        &sandbox,
        add,
        json!({ "refs": ["EMP-00003", "nobody"], "mail": false }),
    )
    .await;
    let got = &got["addUsersToTraining"];
    assert_eq!(
        (&got["addedRefs"], &got["failedRefs"]),
        (&json!(["EMP-00003"]), &json!(["nobody"]))
    );
    assert_eq!(sandbox.outbox(), []);
    let got = data(
        &sandbox,
        add,
        json!({ "refs": ["EMP-00003", "EMP-00004"], "role": "TRAINER" }),
    )
    .await;
    let got = &got["addUsersToTraining"];
    assert_eq!(
        (&got["addedRefs"], &got["alreadyAddedRefs"]),
        (&json!(["EMP-00004"]), &json!(["EMP-00003"]))
    );
    let outbox = sandbox.outbox();
    assert_eq!(
        (outbox.len(), outbox[0].operation.as_str()),
        (1, "addUsersToTraining")
    );
    assert_eq!(json!(outbox[0].to), got["addedIds"]);
    let people = "{ training(ref: \"T-1\") { participants { count edges { node { role progress user { ref } } } } trainers { count } } }";
    let people = data(&sandbox, people, json!({})).await["training"].clone();
    assert_eq!(
        (&people["participants"]["count"], &people["trainers"]["count"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(
        column(&people["participants"], "user"),
        [json!({ "ref": "EMP-00003" })]
    );
}

#[tokio::test]
async fn who_has_access_by_way_of_something_else_stays_in_a_training() {
    let sandbox = start(Sandbox::builder()).await;
    let query = "{ trainings { id groups: id } training(ref: \"TRN-001\") { id groups { id ref } participants { edges { node { user { id } } } } } }";
    let training = data(&sandbox, query, json!({})).await["training"].clone();
    let remove = "mutation($id: UUID, $ids: [UUID!]) { removeUsersFromTraining(trainingId: $id, userIds: $ids) {
      removedIds removedRefs alreadyRemovedIds alreadyRemovedRefs idsLinkedViaObject refsLinkedViaObject failedIds failedRefs } }";
    let people = column(&training["participants"], "user");
    let ids: Vec<Value> = people.iter().map(|user| user["id"].clone()).collect();
    let got =
        data(&sandbox, remove, json!({ "id": training["id"], "ids": ids })).await["removeUsersFromTraining"]
            .clone();
    let count = |list: &str| got[list].as_array().expect(list).len();
    assert_eq!(count("removedIds") + count("idsLinkedViaObject"), ids.len());
    assert!(count("idsLinkedViaObject") > 0, "{got}");
    let left = data(&sandbox, query, json!({})).await["training"]["participants"].clone();
    let left: Vec<Value> = column(&left, "user")
        .iter()
        .map(|user| user["id"].clone())
        .collect();
    assert_eq!(json!(left), got["idsLinkedViaObject"]);
    // Out of every group and enrolment, they can be removed.
    data(
        &sandbox,
        "mutation { createTraining(training: { title: \"T\", ref: \"T-1\" }) { training { id } } }",
        json!({}),
    )
    .await;
    let by_ref = "mutation { addUsersToTraining(trainingRef: \"T-1\", userRefs: [\"EMP-00003\"], sendInvites: false) { addedRefs } }";
    data(&sandbox, by_ref, json!({})).await;
    let by_ref = "mutation { removeUsersFromTraining(trainingRef: \"T-1\", userRefs: [\"EMP-00003\", \"EMP-00004\", \"nobody\"]) {
      removedRefs alreadyRemovedRefs refsLinkedViaObject failedRefs } }";
    let got = data(&sandbox, by_ref, json!({})).await["removeUsersFromTraining"].clone();
    let wanted = json!({ "removedRefs": ["EMP-00003"], "alreadyRemovedRefs": ["EMP-00004"], "refsLinkedViaObject": [],
        "failedRefs": ["nobody"] });
    assert_eq!(got, wanted);
}
