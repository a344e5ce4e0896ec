//! The data in a file.

use std::time::Duration;

use pluvo_sandbox::{Place, Sandbox, Settings};
use serde_json::{Value, json};

use crate::common::{client, data, start};

const ALL: &str = "{
  users { id ref name email archived roles language extraFields participantGroups { ref } managerGroups { ref } profileImage { id } }
  groups { id ref name userCount skills { title } extraCategoryValues { __typename } }
  trainings { id ref title startDate }
  offers { id ref title offerEvents { id ref price dates { id startDate } trainers { name } } }
  enrollments { id userId status enrolledAt }
  portfolioItems { id title files user { id } }
  extraCategories { id ref title choiceOptions { id ref stringValue color } }
}";
const CREATE: &str = "mutation { createUser(sendInvite: false, user: { name: \"New\", email: \"new@example.com\" }) { user { id ref } } }";

#[tokio::test]
async fn what_was_saved_is_what_is_loaded() {
    let settings: Settings = serde_json::from_value(json!({ "slow_membership": "2m" })).expect("settings");
    let sandbox = start(Sandbox::builder().users(70).hold_clock(true).settings(settings)).await;
    sandbox.advance(Duration::from_secs(600));
    let writes = "mutation {
      updateUser(ref: \"EMP-00003\", user: { name: \"Ω\", ref: \"LAST\", roles: [PLANNER], archived: true }) { user { id } }
      createGroup(group: { name: \"G\", ref: \"G-1\" }) { group { id } }
      addUsersToGroup(groupRef: \"G-1\", userRefs: [\"LAST\"]) { addedIds }
      createFile(file: { name: \"f\" }) { file { id } } }";
    data(&sandbox, writes, json!({})).await;
    sandbox.remove_users(2, Place::Front);
    let all = data(&sandbox, ALL, json!({})).await;
    let path = std::env::temp_dir().join(format!("pluvo-sandbox-{}.json", std::process::id()));
    std::fs::write(&path, sandbox.snapshot()).expect("a file");
    let loaded = start(Sandbox::builder().hold_clock(true).load(&path)).await;
    std::fs::remove_file(&path).expect("the file");
    assert_eq!(data(&loaded, ALL, json!({})).await, all);
    assert_eq!(loaded.now(), sandbox.now());
    assert_eq!(loaded.state().counts, sandbox.state().counts);
    assert_eq!(loaded.state().size.users, 70);
    // Ids go on where they were, and a slow membership goes on too.
    assert_eq!(
        data(&loaded, CREATE, json!({})).await,
        data(&sandbox, CREATE, json!({})).await
    );
    let members = "{ group(ref: \"G-1\") { userCount } }";
    assert_eq!(data(&loaded, members, json!({})).await["group"]["userCount"], 0);
    loaded.advance(Duration::from_secs(120));
    assert_eq!(data(&loaded, members, json!({})).await["group"]["userCount"], 1);
}

#[tokio::test]
async fn a_snapshot_is_put_back_over_http() {
    let sandbox = start(Sandbox::builder()).await;
    let url = format!("{}/__sandbox/snapshot", sandbox.url());
    let saved: Value = client()
        .get(&url)
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    data(&sandbox, CREATE, json!({})).await;
    assert_eq!(sandbox.state().counts.users, 61);
    let answer = client().post(&url).json(&saved).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(sandbox.state().counts.users, 60);
    for (place, value, word) in [
        ("/version", json!(2), "version"),
        ("/data/users/order", json!([0, 0]), "row 0"),
        ("/data/users/rows/0/participant_groups", json!([99]), "group 99"),
        ("/data/users/rows/0/language", json!("KLINGON"), "KLINGON"),
        ("/data/portfolio/rows/0/user", json!(99_999), "user 99999"),
    ] {
        let mut broken = saved.clone();
        *broken.pointer_mut(place).expect(place) = value;
        let answer = client().post(&url).json(&broken).send().await.expect("an answer");
        assert_eq!(answer.status(), 400, "{place}");
        assert!(answer.text().await.expect("text").contains(word), "{place}");
    }
    assert_eq!(sandbox.state().counts.users, 60);
}
