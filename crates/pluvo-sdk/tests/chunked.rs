//! Long lists of people: sent in parts, made one again, and nothing that is known is lost.

mod support;

use pluvo_sdk::resources::{Members, Membership};
use pluvo_sdk::transport::Response;
use pluvo_sdk::{ErrorKind, Key, RetryPolicy};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use support::{Answer, Wire, answer, body, broken, ok};

fn people(count: usize) -> Members {
    Members::refs((0..count).map(|n| format!("EMP-{n}")))
}

fn refs(variables: &Value) -> Vec<String> {
    serde_json::from_value(variables["userRefs"].clone()).unwrap()
}

/// Adds who has an even number, knows who ends in 1, and fails for the others.
fn carry_out(refs: &[String]) -> Response {
    let of = |ends: &[char]| -> Vec<&String> { refs.iter().filter(|name| name.ends_with(ends)).collect() };
    ok(json!({"data": {"addUsersToGroup": {
        "addedIds": of(&['0', '2', '4', '6', '8']),
        "alreadyAddedIds": of(&['1']),
        "failedIds": of(&['3', '5', '7', '9']),
    }}}))
}

fn server(answer: impl Fn(&[String]) -> Answer + Send + Sync + 'static) -> Wire {
    Wire::new(move |request, _| answer(&refs(&body(request)["variables"])))
}

fn add(wire: &Wire, count: usize) -> pluvo_sdk::resources::Chunked<Membership> {
    let client = wire
        .builder()
        .token("t")
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    client
        .groups()
        .add_users(Key::reference("sales"), people(count))
        .chunk(10)
}

#[tokio::test]
async fn parts_are_made_one_in_the_order_of_the_list() {
    let wire = server(|refs| Ok(carry_out(refs)));
    let whole = add(&wire, 25).await.unwrap();
    let sizes: Vec<_> = wire
        .sent()
        .iter()
        .map(|sent| refs(&body(sent)["variables"]).len())
        .collect();
    assert_eq!(sizes, [10, 10, 5]);
    let numbers = |ids: &[pluvo_sdk::model::Id]| -> Vec<u32> {
        ids.iter()
            .map(|id| id.to_string().trim_start_matches("EMP-").parse().unwrap())
            .collect()
    };
    assert_eq!(
        numbers(&whole.added),
        [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24]
    );
    assert_eq!(numbers(&whole.already), [1, 11, 21]);
    assert_eq!(numbers(&whole.failed), [3, 5, 7, 9, 13, 15, 17, 19, 23]);
    assert!(!whole.is_complete() && whole.unfinished.is_empty());
}

#[tokio::test]
async fn no_more_requests_are_in_flight_than_asked_for() {
    for limit in [1, 3] {
        let now = Arc::new(AtomicUsize::new(0));
        let most = Arc::new(AtomicUsize::new(0));
        let (count, peak) = (Arc::clone(&now), Arc::clone(&most));
        let wire = Wire::waiting(move |request, _| {
            let (count, peak) = (Arc::clone(&count), Arc::clone(&peak));
            Box::pin(async move {
                peak.fetch_max(count.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                for _ in 0..5 {
                    tokio::task::yield_now().await;
                }
                count.fetch_sub(1, Ordering::SeqCst);
                Ok(carry_out(&refs(&body(&request)["variables"])))
            })
        });
        add(&wire, 100).in_flight(limit).await.unwrap();
        assert_eq!(most.load(Ordering::SeqCst), limit);
        assert_eq!(wire.graphql_requests(), 10);
    }
}

#[tokio::test]
async fn a_part_that_fails_in_the_middle_is_told_beside_what_was_done() {
    let wire = server(|refs| {
        if refs[0] == "EMP-10" {
            return Ok(answer(503, &[], ""));
        }
        Ok(carry_out(refs))
    });
    let whole = add(&wire, 30).await.unwrap();
    assert_eq!(whole.added.len(), 10);
    assert!(!whole.is_complete());
    let [part] = whole.unfinished.as_slice() else {
        panic!("{whole:?}")
    };
    assert_eq!(part.error.kind(), ErrorKind::Server);
    assert_eq!(part.error.operation(), Some("AddUsersToGroup"));
    assert_eq!(part.list, Members::refs((10..20).map(|n| format!("EMP-{n}"))));
}

#[tokio::test]
async fn a_failure_that_all_parts_would_meet_is_met_once() {
    let wire = server(|refs| {
        if refs[0] == "EMP-10" {
            return Ok(answer(403, &[], ""));
        }
        Ok(carry_out(refs))
    });
    let whole = add(&wire, 50).in_flight(1).await.unwrap();
    assert_eq!(wire.graphql_requests(), 2);
    assert_eq!(whole.added.len(), 5);
    let left: usize = whole.unfinished.iter().map(|part| part.list.len()).sum();
    assert_eq!(left, 40);
    assert!(
        whole
            .unfinished
            .iter()
            .all(|part| part.error.kind() == ErrorKind::Permission)
    );
}

#[tokio::test]
async fn where_nothing_was_done_it_fails_and_not_to_know_counts_most() {
    let wire = server(|_| Ok(answer(503, &[], "")));
    assert_eq!(add(&wire, 30).await.unwrap_err().kind(), ErrorKind::Server);
    // One part fails as a single change does.
    assert_eq!(add(&wire, 3).await.unwrap_err().kind(), ErrorKind::Server);
    // What a repeat does to managers is not documented.
    let wire = server(|refs| {
        if refs[0] == "EMP-10" {
            Err(broken())
        } else {
            Ok(ok(json!({"errors": [{"message": "no"}]})))
        }
    });
    let groups = wire.client().groups();
    let error = groups
        .add_managers(Key::reference("sales"), people(30))
        .chunk(10)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Indeterminate);
}

#[tokio::test]
async fn nobody_to_add_is_nothing_to_send() {
    let wire = server(|refs| Ok(carry_out(refs)));
    assert!(add(&wire, 0).await.unwrap().is_complete());
    assert_eq!(wire.graphql_requests(), 0);
}

#[tokio::test]
async fn ids_of_other_things_go_in_parts_too() {
    let wire = Wire::new(|request, _| {
        let ids = body(request)["variables"]["ids"].clone();
        Ok(ok(
            json!({"data": {"archiveUsers": {"response": {"succeededIds": ids, "failedIds": []}}}}),
        ))
    });
    let ids: Vec<String> = (0..250).map(|n| n.to_string()).collect();
    let whole = wire.client().users().archive(ids.clone(), true).await.unwrap();
    assert_eq!(
        wire.graphql_requests(),
        3,
        "100 in a request unless set otherwise"
    );
    assert_eq!(whole.succeeded, ids);
}

#[test]
fn debugging_shows_nobody() {
    let wire = server(|refs| Ok(carry_out(refs)));
    let text = format!("{:?}", add(&wire, 3));
    assert!(text.contains('3') && !text.contains("EMP"), "{text}");
}
