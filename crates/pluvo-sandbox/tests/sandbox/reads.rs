//! Single records, every root field, and the schema as a whole.

use pluvo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::common::{body, code, data, start};

#[tokio::test]
async fn a_user_is_found_by_id_ref_and_email() {
    let sandbox = start(Sandbox::builder()).await;
    let query = "query($id: UUID, $ref: String, $email: String) { user(id: $id, ref: $ref, email: $email) { id ref email } }";
    let user = data(&sandbox, query, json!({ "ref": "EMP-00003" })).await["user"].clone();
    assert_eq!(user["ref"], "EMP-00003");
    let email = user["email"].as_str().expect("an address").to_uppercase();
    for variables in [
        json!({ "id": user["id"] }),
        json!({ "email": user["email"] }),
        json!({ "email": email }),
        json!({ "id": user["id"], "ref": user["ref"] }),
    ] {
        assert_eq!(
            data(&sandbox, query, variables.clone()).await["user"],
            user,
            "{variables}"
        );
    }
    for variables in [
        json!({ "ref": "nobody" }),
        json!({ "email": "nobody@example.com" }),
        json!({ "id": "00000000-0000-4000-8000-000000000000" }),
        json!({ "id": user["id"], "ref": "EMP-00004" }),
    ] {
        assert_eq!(
            data(&sandbox, query, variables.clone()).await,
            json!({ "user": null }),
            "{variables}"
        );
    }
    assert_eq!(code(&body(&sandbox, query, json!({})).await), "INVALID");
}

#[tokio::test]
async fn every_root_field_answers_from_the_data() {
    let sandbox = start(Sandbox::builder().users(80)).await;
    let found = data(
        &sandbox,
        "{
          users(active: true) { id modelId name email ref archived archivedAt isActive roles profileImage { id url } language
            extraFields extraFieldsProfile hasPassword afasPersonId afasEmployeeId afasContactId afasConnectionId
            participantGroups { name } managerGroups { name } groupCount invitedOn lastLogin userVia
            extraCategoryValues { __typename
              ... on ExtraCategoryStringValue { category { title } color stringValue modelId }
              ... on ExtraCategoryDatetimeValue { category { title } color datetimeValue modelId }
              ... on ExtraCategoryChoiceValue { category { title } color choiceValue { id ref stringValue color } modelId }
              ... on ExtraCategoryBooleanValue { category { title } color booleanValue modelId } } }
          groups { id name ref maxUsers enableChat isEditable userCount managerCount permissions skills { id title }
            trainings { id title ref isActive archived subtitle startDate endDate userData { progress } }
            extraCategoryValues { __typename } }
          trainings(query: \"welkom\") { id title }
          training(ref: \"TRN-001\") { id title subtitle introduction ref isActive archived overviewImage { url } startDate
            endDate estimatedTimeSpent showParticipants showSharedFiles enableChat portfolioItem { id } modules { id title }
            groups { id } extraCategoryValues { __typename } userData { progress } progress }
          offers { id ref title description isActive archivedAt createdAt updatedAt extraCategoryValues { __typename }
            offerEvents { id ref title type dates { id startDate endDate } maxSubscriptions minSubscriptions enrolledCount
              spotsAvailable waitingList closingDate price cancelled publish trainers { id } accessTrainings { id }
              accessCourses { id title } accessExternalContents { id } accessScorms { id } accessVideos { id }
              certificateId scoreThreshold } }
          offer(ref: \"OFF-001\") { id }
          offerEvent(ref: \"EVT-001-1\") { id }
          enrollments { id userId offerEventId offerEvent { id } status enrolledAt }
          certificates { count }
          portfolioItems { id user { id } title description startDate endDate files createdAt updatedAt }
          extraCategories { id title categoryType forModelTypes choiceOptions { id ref stringValue color } ref
            extraFields { id key label type } archivedAt }
          ofUsers: extraCategories(contentType: USER) { id }
        }",
        json!({}),
    )
    .await;
    let rows = |name: &str| {
        found[name]
            .as_array()
            .unwrap_or_else(|| panic!("{name} is no list"))
            .clone()
    };
    let kinds: std::collections::BTreeSet<String> = rows("users")
        .iter()
        .flat_map(|user| user["extraCategoryValues"].as_array().expect("values").clone())
        .map(|value| value["__typename"].as_str().expect("a type").to_owned())
        .collect();
    assert_eq!(kinds.len(), 4, "{kinds:?}");
    assert!(
        rows("users")
            .iter()
            .all(|user| user["archived"] == false && user["isActive"] == true)
    );
    assert!(rows("users").iter().any(|user| user["email"].is_null()));
    assert!(rows("users").iter().any(|user| user["ref"].is_null()));
    let extra: Value =
        serde_json::from_str(rows("users")[0]["extraFields"].as_str().expect("text")).expect("JSON");
    assert!(extra.is_object());
    assert_eq!(rows("groups").len(), 5);
    assert_eq!(rows("offers").len(), 4);
    assert_eq!(rows("portfolioItems").len(), 40);
    assert_eq!(rows("extraCategories").len(), 6);
    assert_eq!(rows("ofUsers").len(), 5);
    assert!(rows("enrollments").len() > 20);
    let price = rows("offers")[0]["offerEvents"][0]["price"]
        .as_str()
        .expect("a text")
        .to_owned();
    assert_eq!(
        price.split_once('.').map(|(_, cents)| cents.len()),
        Some(2),
        "{price}"
    );

    let one = &rows("enrollments")[0];
    let query = "query($user: UUID!, $event: UUID!, $item: UUID!, $category: UUID!) {
      enrollment(userId: $user, offerEventId: $event) { id status }
      enrollments(userId: $user) { userId }
      portfolioItem(id: $item) { id }
      portfolioItems(userId: $user) { user { id } }
      extraCategory(id: $category) { id } }";
    let item = &rows("portfolioItems")[0]["id"];
    let category = &rows("extraCategories")[0]["id"];
    let variables =
        json!({ "user": one["userId"], "event": one["offerEventId"], "item": item, "category": category });
    let single = data(&sandbox, query, variables).await;
    assert_eq!(
        single["enrollment"],
        json!({ "id": one["id"], "status": one["status"] })
    );
    assert_eq!(&single["portfolioItem"]["id"], item);
    assert_eq!(&single["extraCategory"]["id"], category);
    let theirs = single["enrollments"].as_array().expect("a list");
    assert!(!theirs.is_empty() && theirs.iter().all(|other| other["userId"] == one["userId"]));
}

#[tokio::test]
async fn a_mutation_without_what_it_needs_is_refused() {
    let sandbox = start(Sandbox::builder()).await;
    let query = "mutation($user: CreateUserInput!) { createUser(sendInvite: false, user: $user) { user { id } created } }";
    let wrong = body(&sandbox, query, json!({ "user": { "name": "A" } })).await;
    assert_eq!(wrong.get("data"), None);
}

#[tokio::test]
async fn equal_seeds_give_equal_data_and_other_seeds_other_data() {
    let query = "{ paginatedUsers(first: 3) { edges { cursor node { id name email ref lastLogin roles } } }
                   paginatedGroups(first: 2) { edges { node { id name userCount } } }
                   paginatedTrainings(first: 2) { edges { node { id title startDate } } } }";
    let read = async |seed| data(&start(Sandbox::builder().seed(seed)).await, query, json!({})).await;
    let first = read(1).await;
    assert_eq!(first, read(1).await);
    assert_ne!(first, read(2).await);
    // The same on every machine and on every day.
    let snapshot: Value = serde_json::from_str(include_str!("seed-1.json")).expect("JSON");
    assert_eq!(first, snapshot, "{first:#}");
}

#[tokio::test]
async fn more_groups_do_not_change_people() {
    let query = "{ paginatedUsers(first: 50) { edges { node { id name email } } } }";
    let few = data(&start(Sandbox::builder().groups(2)).await, query, json!({})).await;
    let many = data(
        &start(Sandbox::builder().groups(30).trainings(20)).await,
        query,
        json!({}),
    )
    .await;
    assert_eq!(few, many);
}

#[tokio::test]
async fn an_empty_organisation_answers_too() {
    let builder = Sandbox::builder()
        .users(0)
        .groups(0)
        .trainings(0)
        .offers(0)
        .certificates(0);
    let sandbox = start(builder).await;
    let query = "{ paginatedUsers { count edges { node { id } } pageInfo { hasNextPage endCursor } }
                   groups { id } offers { id } portfolioReport { count } certificates { count } }";
    let found = data(&sandbox, query, json!({})).await;
    assert_eq!(found["paginatedUsers"]["count"], 0);
    assert_eq!(
        found["paginatedUsers"]["pageInfo"],
        json!({ "hasNextPage": false, "endCursor": null })
    );
}
