//! Syncs against a sandbox: what is planned is what is done, and done once.

use std::collections::BTreeMap;

use pluvo_sandbox::{Fault, Sandbox};
use pluvo_sdk::model::{Role, User};
use pluvo_sdk::sync::{Action, Guards, Person, Plan};
use pluvo_sdk::time::HeldClock;
use pluvo_sdk::{Client, Limits};
use proptest::prelude::*;

async fn organization(users: usize) -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().users(users).start().await.expect("a sandbox");
    let client = Client::builder(sandbox.url())
        .credentials(sandbox.client_id(), sandbox.client_secret())
        .clock(HeldClock::new())
        .no_proxy()
        .build()
        .expect("a client");
    (sandbox, client)
}

async fn plan(client: &Client, rows: &[Person]) -> Plan {
    client.users().sync(rows.to_vec()).plan().await.expect("a plan")
}

/// Everybody with a ref, by ref.
async fn people(client: &Client) -> BTreeMap<String, User> {
    let users = client.users().list().to_vec().await.expect("a list");
    users
        .into_iter()
        .filter_map(|user| Some((user.r#ref.clone()?, user)))
        .collect()
}

/// Names as no form would let them through.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[\\PC]{1,24}",
        "[\"\\\\\\n\\t{}#$\u{2028}\u{10ffff}a]{1,12}",
        "[A-Z][a-z]{2,9} van der [A-Z][a-z]{3,9}"
    ]
    .prop_filter("a name that is all blanks is no name", |name| {
        !name.trim().is_empty()
    })
}

/// A row about one of the refs that the sandbox has, or about somebody new.
fn row() -> impl Strategy<Value = (u16, String, bool)> {
    (0_u16..90, name(), prop::bool::weighted(0.2))
}

fn rows() -> impl Strategy<Value = Vec<Person>> {
    prop::collection::vec(row(), 0..40).prop_map(|rows| {
        let distinct: BTreeMap<u16, (String, bool)> = rows
            .into_iter()
            .map(|(n, name, leaving)| (n, (name, leaving)))
            .collect();
        let row = |(n, (name, leaving)): (u16, (String, bool))| Person {
            r#ref: Some(format!("EMP-{n:05}")),
            // Those who are there have addresses of their own; the row says nothing of them.
            email: (n > 60).then(|| format!("new.{n}@acme.example")),
            name: Some(name),
            leaving,
            line: Some(u64::from(n)),
            ..Person::default()
        };
        distinct.into_iter().map(row).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn after_a_sync_the_organisation_is_as_the_rows_say_and_a_second_plan_is_empty(rows in rows()) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let (sandbox, client) = organization(60).await;
            let before = people(&client).await;
            let first = plan(&client, &rows).await;
            let unusable: Vec<_> = first.problems().iter().map(|problem| problem.line).collect();
            let applied = first.apply().guards(Guards::none()).run().await.expect("it is carried out");
            prop_assert!(applied.is_complete(), "{:?}", applied.steps);

            let after = people(&client).await;
            for row in rows.iter().filter(|row| !unusable.contains(&row.line)) {
                let key = row.r#ref.as_ref().expect("every row has one");
                match after.get(key) {
                    Some(user) if row.leaving => prop_assert_eq!(user.archived, Some(true)),
                    Some(user) => {
                        prop_assert_eq!(&user.name, &row.name);
                        prop_assert_eq!(user.archived, Some(false));
                    }
                    None => prop_assert!(row.leaving && !before.contains_key(key)),
                }
            }
            for (key, user) in before.iter().filter(|(key, _)| rows.iter().all(|row| row.r#ref.as_ref() != Some(*key))) {
                prop_assert_eq!(Some(user), after.get(key), "nobody else is touched");
            }
            prop_assert_eq!(sandbox.outbox().len(), 0, "nobody is mailed");
            prop_assert!(plan(&client, &rows).await.is_empty());
            Ok(())
        })?;
    }
}

fn newcomers(count: usize) -> Vec<Person> {
    let row = |n| Person {
        r#ref: Some(format!("NEW-{n}")),
        email: Some(format!("new.{n}@acme.example")),
        name: Some(format!("New Person {n}")),
        line: Some(n),
        ..Person::default()
    };
    (0..count as u64).map(row).collect()
}

#[tokio::test]
async fn an_apply_that_is_stopped_anywhere_goes_on_and_does_each_row_once() {
    let rows = newcomers(40);
    for stop_after in 0..50_usize {
        let sandbox = Sandbox::builder().users(20).start().await.expect("a sandbox");
        let client = Client::builder(sandbox.url())
            .credentials(sandbox.client_id(), sandbox.client_secret())
            .limits(Limits {
                in_flight: 1,
                ..Limits::default()
            })
            .no_proxy()
            .build()
            .expect("a client");
        let folder = tempfile::tempdir().expect("a folder");
        let journal = folder.path().join("sync.jsonl");
        let first = plan(&client, &rows).await;
        {
            let work = first
                .apply()
                .guards(Guards::none())
                .journal(&journal)
                .batch(3)
                .run();
            let mut work = std::pin::pin!(work);
            // Polled so often and then dropped in the middle, as a process is that dies there.
            let mut polls = 0;
            std::future::poll_fn(|context| {
                polls += 1;
                if polls > stop_after || work.as_mut().poll(context).is_ready() {
                    return std::task::Poll::Ready(());
                }
                std::task::Poll::Pending
            })
            .await;
        }
        let second = plan(&client, &rows).await;
        let applied = second
            .apply()
            .guards(Guards::none())
            .journal(&journal)
            .run()
            .await
            .expect("it goes on");
        assert!(applied.is_complete(), "{stop_after}: {applied:?}");
        let people = people(&client).await;
        assert_eq!(
            people.keys().filter(|key| key.starts_with("NEW-")).count(),
            40,
            "{stop_after}"
        );
        assert_eq!(
            people.len(),
            client
                .users()
                .list()
                .to_vec()
                .await
                .expect("a list")
                .iter()
                .filter(|user| user.r#ref.is_some())
                .count()
        );
        assert!(plan(&client, &rows).await.is_empty(), "{stop_after}");
    }
}

#[tokio::test]
async fn what_a_journal_says_is_done_is_not_sent_again() {
    let (sandbox, client) = organization(10).await;
    let folder = tempfile::tempdir().expect("a folder");
    let journal = folder.path().join("sync.jsonl");
    let rows = newcomers(5);
    let once = plan(&client, &rows).await;
    let twice = plan(&client, &rows).await;
    once.apply()
        .guards(Guards::none())
        .journal(&journal)
        .run()
        .await
        .expect("it is carried out");
    sandbox.clear_log();
    let applied = twice
        .apply()
        .guards(Guards::none())
        .journal(&journal)
        .run()
        .await
        .expect("it goes on");
    assert!(applied.is_complete());
    assert_eq!(sandbox.log().len(), 0);
}

#[tokio::test]
async fn a_journal_that_cannot_be_written_stops_it_before_anything_is_sent() {
    let (sandbox, client) = organization(10).await;
    let planned = plan(&client, &newcomers(3)).await;
    sandbox.clear_log();
    let folder = tempfile::tempdir().expect("a folder");
    let error = planned
        .apply()
        .guards(Guards::none())
        .journal(folder.path())
        .run()
        .await
        .expect_err("a folder is no file");
    assert!(error.message().contains("journal"), "{error}");
    assert_eq!(sandbox.log().len(), 0);
}

#[tokio::test]
async fn a_guard_stops_it_before_anything_is_sent() {
    let (sandbox, client) = organization(60).await;
    let nobody: Vec<Person> = Vec::new();
    let planned = client
        .users()
        .sync(nobody)
        .archive_missing(true)
        .plan()
        .await
        .expect("a plan");
    assert!(planned.summary().archive > 30);
    sandbox.clear_log();
    assert!(
        planned
            .apply()
            .run()
            .await
            .expect_err("a guard")
            .message()
            .contains("no rows at all")
    );
    assert_eq!(sandbox.log().len(), 0);
}

#[tokio::test]
async fn a_reading_that_breaks_off_makes_no_plan() {
    let (sandbox, client) = organization(200).await;
    let fault: Fault = serde_json::from_value(serde_json::json!({
        "on": "graphql", "from": 3, "times": null, "do": {"kind": "status", "status": 400}
    }))
    .expect("a fault");
    sandbox.add_faults([fault]);
    let planned = client
        .users()
        .sync(newcomers(1))
        .archive_missing(true)
        .plan()
        .await;
    assert!(planned.is_err());
    assert!(sandbox.faults().iter().all(|planned| planned.hits > 0));
}

#[tokio::test]
async fn managers_and_strangers_are_left_alone() {
    let (_sandbox, client) = organization(60).await;
    let everybody = client.users().list().to_vec().await.expect("a list");
    let planned = client
        .users()
        .sync(newcomers(1))
        .archive_missing(true)
        .plan()
        .await
        .expect("a plan");
    let archived: Vec<_> = planned
        .steps()
        .iter()
        .filter(|step| step.action == Action::Archive)
        .filter_map(|step| step.id.clone())
        .collect();
    for user in everybody {
        let is_manager = user.roles.iter().flatten().any(|role| *role == Role::Manager);
        let expected = user.archived != Some(true) && user.r#ref.is_some() && !is_manager;
        assert_eq!(archived.contains(&user.id), expected, "{user:?}");
    }
}
