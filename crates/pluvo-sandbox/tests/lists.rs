//! Lists: pages, cursors, filters and sorting.

mod common;

use common::{body, data};
use pluvo_sandbox::{CursorStyle, PageCap, Place, Sandbox};
use serde_json::{Value, json};

const USERS: &str = "query Users($first: Int, $after: String, $offset: Int) {
  paginatedUsers(first: $first, after: $after, offset: $offset) {
    count pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { id ref name email archived roles language lastLogin invitedOn extraFields hasPassword } }
  }
}";

fn names(list: &Value) -> Vec<String> {
    let edges = list["edges"].as_array().expect("edges");
    edges
        .iter()
        .map(|edge| edge["node"]["name"].as_str().expect("a name").to_owned())
        .collect()
}

#[tokio::test]
async fn pages_by_cursor_make_up_the_whole_list() {
    for cursors in [CursorStyle::Key, CursorStyle::Offset] {
        let sandbox = Sandbox::builder()
            .users(120)
            .cursors(cursors)
            .start()
            .await
            .expect("a sandbox");
        let mut all = Vec::new();
        let mut after = Value::Null;
        loop {
            let page = &data(&sandbox, USERS, json!({ "first": 50, "after": after })).await["paginatedUsers"];
            assert_eq!(page["count"], 120);
            assert_eq!(page["pageInfo"]["hasPreviousPage"], !all.is_empty());
            all.extend(names(page));
            after = page["pageInfo"]["endCursor"].clone();
            assert_eq!(
                &after,
                &page["edges"].as_array().expect("edges").last().expect("an edge")["cursor"]
            );
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(all.len(), 120);
        assert!(all.is_sorted_by_key(|name| name.to_lowercase()));
        let second = &data(&sandbox, USERS, json!({ "first": 50, "offset": 50 })).await["paginatedUsers"];
        assert_eq!(names(second), all[50..100]);
        let beyond = &data(&sandbox, USERS, json!({ "offset": 1000 })).await["paginatedUsers"];
        assert_eq!(beyond["pageInfo"]["hasNextPage"], false);
        assert_eq!(beyond["edges"], json!([]));
    }
}
