//! Lists: pages, cursors, filters and sorting.

use pluvo_sandbox::{CursorStyle, PageCap, Place, Sandbox};
use serde_json::{Value, json};

use crate::common::{USERS, body, code, column, data, page, start};

#[tokio::test]
async fn pages_by_cursor_make_up_the_whole_list() {
    for cursors in [CursorStyle::Key, CursorStyle::Offset] {
        let sandbox = start(Sandbox::builder().users(120).cursors(cursors)).await;
        let mut all = Vec::new();
        let mut after = Value::Null;
        loop {
            let list = page(&sandbox, json!({ "first": 50, "after": after })).await;
            assert_eq!(list["count"], 120);
            assert_eq!(list["pageInfo"]["hasPreviousPage"], !all.is_empty());
            let edges = list["edges"].as_array().expect("edges");
            assert_eq!(list["pageInfo"]["startCursor"], edges[0]["cursor"]);
            assert_eq!(list["pageInfo"]["endCursor"], edges[edges.len() - 1]["cursor"]);
            all.extend(column(&list, "name"));
            after = list["pageInfo"]["endCursor"].clone();
            if list["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(all.len(), 120);
        assert!(all.is_sorted_by_key(|name| name.as_str().expect("a name").to_lowercase()));
        let second = page(&sandbox, json!({ "first": 50, "offset": 50 })).await;
        assert_eq!(column(&second, "name"), all[50..100]);
        let beyond = page(&sandbox, json!({ "offset": 1000 })).await;
        assert_eq!(
            beyond["pageInfo"],
            json!({ "hasNextPage": false, "hasPreviousPage": true, "startCursor": null, "endCursor": null })
        );
        let plain = page(&sandbox, json!({})).await;
        assert_eq!(column(&plain, "name"), all[..50]);
    }
}

#[tokio::test]
async fn a_key_cursor_survives_changes_and_an_offset_cursor_does_not() {
    for (cursors, lost) in [(CursorStyle::Key, false), (CursorStyle::Offset, true)] {
        let sandbox = start(Sandbox::builder().cursors(cursors)).await;
        let whole = column(&page(&sandbox, json!({ "first": 20 })).await, "id");
        let first = page(&sandbox, json!({ "first": 10 })).await;
        sandbox.remove_users(1, Place::Front);
        let next = page(
            &sandbox,
            json!({ "first": 10, "after": first["pageInfo"]["endCursor"] }),
        )
        .await;
        assert_eq!(column(&next, "id") != whole[10..], lost);
    }
    // The row that the cursor names may itself be gone.
    let sandbox = start(Sandbox::builder()).await;
    let whole = column(&page(&sandbox, json!({ "first": 5 })).await, "id");
    let first = page(&sandbox, json!({ "first": 1 })).await;
    sandbox.remove_users(1, Place::Front);
    let next = page(
        &sandbox,
        json!({ "first": 4, "after": first["pageInfo"]["endCursor"] }),
    )
    .await;
    assert_eq!(column(&next, "id"), whole[1..]);
}

#[tokio::test]
async fn too_large_a_page_is_refused_or_capped() {
    let sandbox = start(Sandbox::builder()).await;
    let refused = body(&sandbox, USERS, json!({ "first": 51 })).await;
    assert_eq!(refused["data"], json!({ "paginatedUsers": null }));
    assert_eq!(code(&refused), "PAGE_TOO_LARGE");
    assert!(
        refused["errors"][0]["message"]
            .as_str()
            .expect("a message")
            .contains("limit of 50")
    );
    let capped = start(Sandbox::builder().page_cap(PageCap::Cap)).await;
    assert_eq!(
        column(&page(&capped, json!({ "first": 1000 })).await, "id").len(),
        50
    );
}

#[tokio::test]
async fn nonsense_is_refused() {
    let sandbox = start(Sandbox::builder()).await;
    for (variables, wanted) in [
        (json!({ "first": 0 }), "INVALID"),
        (json!({ "first": -1 }), "INVALID"),
        (json!({ "offset": -1 }), "INVALID"),
        (json!({ "after": "garbage" }), "INVALID_CURSOR"),
        (json!({ "after": "Z2FyYmFnZQ==" }), "INVALID_CURSOR"),
    ] {
        let refused = body(&sandbox, USERS, variables.clone()).await;
        assert_eq!(code(&refused), wanted, "{variables}");
    }
}

#[tokio::test]
async fn last_and_before_read_backwards() {
    let sandbox = start(Sandbox::builder().certificates(9)).await;
    let query = "query($first: Int, $after: String, $last: Int, $before: String) {
      certificates(first: $first, after: $after, last: $last, before: $before) {
        count pageInfo { hasNextPage hasPreviousPage startCursor } edges { node { id name title } } } }";
    let list = async |variables| data(&sandbox, query, variables).await["certificates"].clone();
    let all = column(&list(json!({})).await, "name");
    assert_eq!(all.len(), 9);
    let end = list(json!({ "last": 4 })).await;
    assert_eq!(column(&end, "name"), all[5..]);
    assert_eq!(end["pageInfo"]["hasNextPage"], false);
    let middle = list(json!({ "last": 4, "before": end["pageInfo"]["startCursor"] })).await;
    assert_eq!(column(&middle, "name"), all[1..5]);
    assert_eq!(middle["pageInfo"]["hasNextPage"], true);
    assert_eq!(middle["pageInfo"]["hasPreviousPage"], true);
    let both = list(json!({ "first": 6, "last": 2 })).await;
    assert_eq!(column(&both, "name"), all[4..6]);
}

const FILTERED: &str = "query($q: String, $archived: Boolean, $roles: [Role!], $groups: [UUID!], $trainings: [UUID!],
    $extra: [ExtraCategoryFilterInput], $gt: DateTime, $lt: DateTime, $sort: UserSortByInput, $first: Int, $after: String) {
  paginatedUsers(q: $q, archived: $archived, userRoles: $roles, groupIds: $groups, trainingIds: $trainings,
    extraCategories: $extra, lastLogin_Gt: $gt, lastLogin_Lt: $lt, sortBy: $sort, first: $first, after: $after) {
    count pageInfo { hasNextPage endCursor }
    edges { node { id name email archived roles lastLogin participantGroups { id }
      extraCategoryValues { ... on ExtraCategoryChoiceValue { category { ref } choiceValue { stringValue } } } } } } }";

/// The ids of a filtered list, page by page.
async fn filtered(sandbox: &Sandbox, mut variables: Value) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let list = &data(sandbox, FILTERED, variables.clone()).await["paginatedUsers"];
        all.extend(
            list["edges"]
                .as_array()
                .expect("edges")
                .iter()
                .map(|edge| edge["node"].clone()),
        );
        if list["pageInfo"]["hasNextPage"] == false {
            assert_eq!(list["count"], all.len());
            return all;
        }
        variables["after"] = list["pageInfo"]["endCursor"].clone();
    }
}

#[tokio::test]
async fn filters_choose_what_they_say() {
    let sandbox = start(Sandbox::builder().users(200).groups(6).trainings(5)).await;
    let all = filtered(&sandbox, json!({})).await;
    let check = async |variables: Value, wanted: &dyn Fn(&Value) -> bool| {
        let found = filtered(&sandbox, variables.clone()).await;
        let expected: Vec<_> = all.iter().filter(|user| wanted(user)).cloned().collect();
        assert!(
            !found.is_empty() && found.len() < all.len(),
            "{variables} chose {}",
            found.len()
        );
        assert_eq!(found, expected, "{variables}");
    };
    let text = |user: &Value, field: &str| user[field].as_str().unwrap_or_default().to_lowercase();
    check(json!({ "archived": true }), &|user| user["archived"] == true).await;
    check(json!({ "archived": false }), &|user| user["archived"] == false).await;
    check(json!({ "q": "VAN" }), &|user| {
        text(user, "name").contains("van") || text(user, "email").contains("van")
    })
    .await;
    check(json!({ "roles": ["TRAINER", "PLANNER"] }), &|user| {
        user["roles"]
            .as_array()
            .expect("roles")
            .iter()
            .any(|role| role == "TRAINER" || role == "PLANNER")
    })
    .await;
    let group = data(
        &sandbox,
        "{ paginatedGroups { edges { node { id userCount } } } }",
        json!({}),
    )
    .await;
    let group = group["paginatedGroups"]["edges"][1]["node"]["id"].clone();
    check(json!({ "groups": [group] }), &|user| {
        user["participantGroups"]
            .as_array()
            .expect("groups")
            .iter()
            .any(|other| other["id"] == group)
    })
    .await;
    check(
        json!({ "extra": [{ "categoryRef": "department", "values": ["ICT"] }] }),
        &|user| {
            let values = user["extraCategoryValues"].as_array().expect("values");
            values.iter().any(|value| {
                value["category"]["ref"] == "department" && value["choiceValue"]["stringValue"] == "ICT"
            })
        },
    )
    .await;
    let time = |user: &Value| user["lastLogin"].as_str().map(str::to_owned);
    check(json!({ "gt": "2025-10-01T00:00:00Z" }), &|user| {
        time(user).is_some_and(|t| *t > *"2025-10-01T00:00:00+00:00")
    })
    .await;
    check(
        json!({ "lt": "2025-10-01T00:00:00.000Z", "archived": false }),
        &|user| user["archived"] == false && time(user).is_some_and(|t| *t < *"2025-10-01T00:00:00+00:00"),
    )
    .await;
    let training = &data(&sandbox, "{ trainings { id ref } }", json!({})).await["trainings"][0]["id"];
    let people = data(
        &sandbox,
        "query($id: UUID) { training(id: $id) { users { id } } }",
        json!({ "id": training }),
    )
    .await;
    let people = people["training"]["users"].as_array().expect("users").clone();
    check(json!({ "trainings": [training] }), &|user| {
        people.iter().any(|other| other["id"] == user["id"])
    })
    .await;
    let nobody = filtered(
        &sandbox,
        json!({ "groups": ["00000000-0000-4000-8000-000000000000"] }),
    )
    .await;
    assert_eq!(nobody, [] as [Value; 0]);
}

#[tokio::test]
async fn sorting_turns_the_list_round() {
    let sandbox = start(Sandbox::builder().users(70)).await;
    let up = filtered(
        &sandbox,
        json!({ "first": 30, "sort": { "field": "NAME", "direction": "ASC" } }),
    )
    .await;
    let mut down = filtered(
        &sandbox,
        json!({ "first": 30, "sort": { "field": "NAME", "direction": "DESC" } }),
    )
    .await;
    down.reverse();
    assert_eq!(up, down);
}

#[tokio::test]
async fn members_beyond_the_first_page_are_reached() {
    let sandbox = start(Sandbox::builder().users(130)).await;
    let query = "query($ref: String, $after: String) { group(ref: $ref) { userCount managerCount
      users(first: 50, after: $after) { count pageInfo { hasNextPage endCursor } edges { node { id } } }
      managers { count edges { node { id roles } } } } }";
    let mut after = Value::Null;
    let mut members = Vec::new();
    loop {
        let group = &data(&sandbox, query, json!({ "ref": "GRP-001", "after": after })).await["group"];
        assert_eq!(group["userCount"], 130);
        assert_eq!(group["managers"]["count"], group["managerCount"]);
        members.extend(column(&group["users"], "id"));
        after = group["users"]["pageInfo"]["endCursor"].clone();
        if group["users"]["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    members.sort_by_key(ToString::to_string);
    members.dedup();
    assert_eq!(members.len(), 130);
}

#[tokio::test]
async fn training_lists_know_roles_progress_and_whose_they_are() {
    let sandbox = start(Sandbox::builder().users(300).trainings(6)).await;
    let query = "{ training(ref: \"TRN-001\") { id title progress modules { title }
      participants(first: 50) { count pageInfo { hasNextPage } edges { node { user { id name } role progress } } }
      trainers { count edges { node { role } } } } }";
    let training = &data(&sandbox, query, json!({})).await["training"];
    assert!(training["participants"]["count"].as_u64() > Some(250));
    assert!(training["trainers"]["count"].as_u64() > Some(0));
    assert!(
        column(&training["trainers"], "role")
            .iter()
            .all(|role| role == "TRAINER")
    );
    assert!(
        column(&training["participants"], "progress")
            .iter()
            .any(|progress| progress == 1.0)
    );
    let user = &training["participants"]["edges"][0]["node"]["user"];
    let narrowed = data(
        &sandbox,
        "query($q: String) { training(ref: \"TRN-001\") { participants(q: $q) { edges { node { user { id } } } } } }",
        json!({ "q": user["name"] }),
    )
    .await;
    assert!(
        column(&narrowed["training"]["participants"], "user")
            .iter()
            .any(|other| other["id"] == user["id"])
    );

    let query = "query($id: UUID, $roles: [TrainingRole!]) { paginatedTrainings(userId: $id, trainingUserRoles: $roles) {
      count edges { node { id title userData { progress } } } } }";
    let theirs = &data(
        &sandbox,
        query,
        json!({ "id": user["id"], "roles": ["PARTICIPANT"] }),
    )
    .await["paginatedTrainings"];
    assert!(theirs["count"].as_u64() >= Some(1));
    assert!(
        column(theirs, "userData")
            .iter()
            .all(|data| data["progress"].is_number())
    );
    let all = &data(&sandbox, query, json!({})).await["paginatedTrainings"];
    assert_eq!(all["count"], 6);
    assert!(column(all, "userData").iter().all(Value::is_null));
    for (filter, wanted) in [("archived: false", "archived"), ("active: false", "isActive")] {
        let query =
            format!("{{ paginatedTrainings({filter}) {{ edges {{ node {{ archived isActive }} }} }} }}");
        let list = data(&sandbox, &query, json!({})).await;
        assert!(
            column(&list["paginatedTrainings"], wanted)
                .iter()
                .all(|flag| flag == false),
            "{filter}"
        );
    }
    let titled = data(
        &sandbox,
        "{ paginatedTrainings(q: \"welkom\") { count } }",
        json!({}),
    )
    .await;
    assert_eq!(titled["paginatedTrainings"]["count"], 1);
}

#[tokio::test]
async fn the_portfolio_report_pages_and_filters() {
    let sandbox = start(Sandbox::builder().users(90)).await;
    let query = "query($groups: [UUID!], $types: [PortfolioReportRelatedObjectType!], $after: String, $offset: Int) {
      portfolioReport(userGroupIds: $groups, relatedObjectTypes: $types, first: 50, after: $after, offset: $offset) {
        count pageInfo { hasNextPage endCursor }
        edges { node { user { id name } title progress score completionDate timeSpent { days seconds } } } } }";
    let mut rows = Vec::new();
    let mut after = Value::Null;
    loop {
        let list =
            &data(&sandbox, query, json!({ "types": ["TRAINING"], "after": after })).await["portfolioReport"];
        rows.extend(
            list["edges"]
                .as_array()
                .expect("edges")
                .iter()
                .map(|edge| edge["node"].clone()),
        );
        after = list["pageInfo"]["endCursor"].clone();
        if list["pageInfo"]["hasNextPage"] == false {
            assert_eq!(list["count"], rows.len());
            break;
        }
    }
    assert!(rows.len() > 90);
    assert!(rows.is_sorted_by_key(|row| row["user"]["name"].as_str().expect("a name").to_lowercase()));
    for row in &rows {
        assert_eq!(row["progress"] == 1.0, row["completionDate"].is_string());
        assert_eq!(row["progress"] == 1.0, row["score"].is_number());
        assert!(row["timeSpent"]["seconds"].as_u64() < Some(86_400));
    }
    let second =
        &data(&sandbox, query, json!({ "types": ["TRAINING"], "offset": 50 })).await["portfolioReport"];
    assert_eq!(second["edges"][0]["node"], rows[50]);
    let courses = &data(&sandbox, query, json!({ "types": ["COURSE"] })).await["portfolioReport"];
    assert!(courses["count"].as_u64() > Some(0));
    let both = &data(&sandbox, query, json!({})).await["portfolioReport"];
    assert_eq!(
        both["count"].as_u64(),
        courses["count"].as_u64().map(|count| count + rows.len() as u64)
    );
    let groups = data(&sandbox, "{ groups { id userCount } }", json!({})).await;
    let group = &groups["groups"]
        .as_array()
        .expect("groups")
        .iter()
        .find(|group| group["userCount"] != 90)
        .expect("one")["id"];
    let some = &data(&sandbox, query, json!({ "groups": [group] })).await["portfolioReport"];
    assert!(some["count"].as_u64() < both["count"].as_u64());
}

#[tokio::test]
async fn groups_are_found_and_turned_round() {
    let sandbox = start(Sandbox::builder().groups(8)).await;
    let query = "query($q: String, $sort: GroupSortByInput) { paginatedGroups(q: $q, sortBy: $sort) { count edges { node { name } } } }";
    let up = column(&data(&sandbox, query, json!({})).await["paginatedGroups"], "name");
    let mut down = column(
        &data(&sandbox, query, json!({ "sort": { "direction": "DESC" } })).await["paginatedGroups"],
        "name",
    );
    down.reverse();
    assert_eq!(up, down);
    let found = data(&sandbox, query, json!({ "q": "alle" })).await;
    assert_eq!(column(&found["paginatedGroups"], "name"), ["Alle medewerkers"]);
}
