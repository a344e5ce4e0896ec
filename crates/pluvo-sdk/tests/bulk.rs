//! Many writes at once: batches, halving, outcomes in order, and what is not known.

mod support;

use futures::StreamExt;
use pluvo_sdk::bulk::{ExtraValues, Outcome, Progress, UpsertKey};
use pluvo_sdk::model::{ContentType, UpdateUserInput};
use pluvo_sdk::resources::ExtraValue;
use pluvo_sdk::{ErrorKind, Key, RetryPolicy, UserKey};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use support::{Answer, Wire, answer, body, broken, lock, ok};

fn row(reference: &str) -> UpdateUserInput {
    UpdateUserInput {
        r#ref: Some(reference.into()),
        name: Some(format!("Name of {reference}")),
        ..Default::default()
    }
}

fn rows(count: usize) -> Vec<UpdateUserInput> {
    (0..count).map(|n| row(&format!("EMP-{n}"))).collect()
}

/// The refs of a batch, by alias.
fn refs(document: &str) -> Vec<String> {
    let fields = document.split("updateOrCreateUser(ref:\"").skip(1);
    fields
        .map(|field| field[..field.find('"').unwrap()].to_owned())
        .collect()
}

/// Creates everybody whose ref ends in an even digit, updates the others.
fn carry_out(document: &str) -> Value {
    let row = |(place, reference): (usize, String)| {
        let created = reference.ends_with(['0', '2', '4', '6', '8']);
        (
            format!("r{place}"),
            json!({"user": {"id": format!("id-{reference}")}, "created": created}),
        )
    };
    json!({"data": refs(document).into_iter().enumerate().map(row).collect::<Map<_, _>>()})
}

fn server(answer: impl Fn(&str, usize) -> Answer + Send + Sync + 'static) -> Wire {
    Wire::new(move |request, index| answer(body(request)["query"].as_str().unwrap(), index))
}

fn kinds(report: &pluvo_sdk::bulk::Report) -> String {
    let letter = |outcome: &Outcome| match outcome {
        Outcome::Created(_) => 'c',
        Outcome::Updated(_) => 'u',
        Outcome::Failed(_) => 'f',
        Outcome::Indeterminate(_) => '?',
        _ => '=',
    };
    report.rows.iter().map(|row| letter(&row.outcome)).collect()
}

#[tokio::test]
async fn rows_go_out_in_batches_and_come_back_in_order() {
    let wire = server(|document, _| Ok(ok(carry_out(document))));
    let report = wire
        .client()
        .users()
        .upsert_many(rows(23), UpsertKey::Ref)
        .run()
        .await;
    assert_eq!(wire.graphql_requests(), 3);
    assert_eq!(kinds(&report), "cucucucucucucucucucucuc");
    assert!(
        report
            .rows
            .iter()
            .enumerate()
            .all(|(place, row)| row.index == place as u64)
    );
    assert!(matches!(&report.rows[7].outcome, Outcome::Updated(id) if *id == "id-EMP-7"));
    assert_eq!(
        (report.totals.created, report.totals.updated, report.is_complete()),
        (12, 11, true)
    );
}

#[tokio::test]
async fn nobody_is_mailed_unless_asked_for() {
    let wire = server(|document, _| Ok(ok(carry_out(document))));
    let users = wire.client().users();
    users.upsert_many(rows(1), UpsertKey::Ref).run().await;
    users
        .upsert_many(rows(1), UpsertKey::Ref)
        .notify(true)
        .run()
        .await;
    let sent: Vec<_> = wire.sent().iter().map(body).collect();
    assert_eq!(
        (&sent[0]["variables"]["notify"], &sent[1]["variables"]["notify"]),
        (&json!(false), &json!(true))
    );
    assert!(
        sent.iter()
            .all(|body| body["query"].as_str().unwrap().contains("sendInvite:$notify"))
    );
}

#[tokio::test]
async fn a_row_that_fails_does_not_touch_the_others() {
    let wire = server(|document, _| {
        let mut body = carry_out(document);
        body["data"]["r1"] = Value::Null;
        body["errors"] =
            json!([{"message": "no such mail@host.nl", "path": ["r1"], "extensions": {"code": "INVALID"}}]);
        Ok(ok(body))
    });
    let report = wire
        .client()
        .users()
        .upsert_many(rows(4), UpsertKey::Ref)
        .run()
        .await;
    assert_eq!(kinds(&report), "cfcu");
    let error = report.rows[1].outcome.error().unwrap();
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::Invalid, Some("UpsertUsers"))
    );
    assert!(!error.to_string().contains("mail@host.nl"));
    assert_eq!(report.unfinished().map(|row| row.index).collect::<Vec<_>>(), [1]);
}

#[tokio::test]
async fn a_server_that_refuses_batches_is_met_by_halving() {
    let wire = server(|document, _| {
        if refs(document).len() > 2 {
            return Ok(answer(
                400,
                &[],
                json!({"errors": [{"message": "query is too complex"}]}),
            ));
        }
        Ok(ok(carry_out(document)))
    });
    let report = wire
        .client()
        .users()
        .upsert_many(rows(30), UpsertKey::Ref)
        .in_flight(1)
        .run()
        .await;
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(report.rows.len(), 30);
    // 10, 5, 3 and 2 for the first rows; from then on it is known that two will do.
    assert_eq!(wire.graphql_requests(), 3 + 15 + 1);
}

#[tokio::test]
async fn one_row_that_is_refused_alone_fails_alone() {
    let wire = server(|document, _| {
        if refs(document).iter().any(|reference| reference == "EMP-3") {
            return Ok(ok(json!({"errors": [{"message": "syntax"}]})));
        }
        Ok(ok(carry_out(document)))
    });
    let report = wire
        .client()
        .users()
        .upsert_many(rows(5), UpsertKey::Ref)
        .run()
        .await;
    assert_eq!(kinds(&report), "cucfc");
}

#[tokio::test]
async fn a_batch_that_broke_is_sent_again_since_an_upsert_may_be() {
    let wire = server(|document, index| {
        if index == 0 {
            Err(broken())
        } else {
            Ok(ok(carry_out(document)))
        }
    });
    let report = wire
        .client()
        .users()
        .upsert_many(rows(10), UpsertKey::Ref)
        .run()
        .await;
    assert!(report.is_complete());
    assert_eq!(wire.graphql_requests(), 2);
}

#[tokio::test]
async fn rows_of_a_batch_that_keeps_breaking_can_be_told_and_sent_again() {
    let wire = server(|_, _| Err(broken()));
    let users = wire
        .builder()
        .token("t")
        .retry(RetryPolicy::never())
        .build()
        .unwrap()
        .users();
    let report = users.upsert_many(rows(3), UpsertKey::Ref).run().await;
    assert_eq!(kinds(&report), "fff");
    assert_eq!(report.retryable().collect::<Vec<_>>(), [0, 1, 2]);
}

#[tokio::test]
async fn a_failure_that_all_would_meet_is_met_once() {
    let wire = server(|_, _| Ok(answer(403, &[], "")));
    let report = wire
        .client()
        .users()
        .upsert_many(rows(50), UpsertKey::Ref)
        .in_flight(1)
        .run()
        .await;
    assert_eq!((wire.graphql_requests(), report.totals.failed), (1, 50));
    assert!(
        report
            .rows
            .iter()
            .all(|row| row.outcome.error().unwrap().kind() == ErrorKind::Permission)
    );
}

#[tokio::test]
async fn rows_without_a_key_or_with_one_that_came_before_are_not_sent() {
    let wire = server(|document, _| Ok(ok(carry_out(document))));
    let given = vec![
        row("EMP-0"),
        UpdateUserInput::default(),
        row("emp-0"),
        row(" "),
        row("EMP-4"),
    ];
    let report = wire
        .client()
        .users()
        .upsert_many(given, UpsertKey::Ref)
        .run()
        .await;
    assert_eq!(kinds(&report), "cfffc");
    let message = |place: usize| report.rows[place].outcome.error().unwrap().message().to_owned();
    assert!(
        message(1).contains("no ref") && message(2).contains("row 0 has the same ref"),
        "{report:?}"
    );
    assert_eq!(
        report.rows[2].outcome.error().unwrap().kind(),
        ErrorKind::Conflict
    );
    assert_eq!(
        wire.sent()
            .iter()
            .map(|sent| refs(body(sent)["query"].as_str().unwrap()).len())
            .sum::<usize>(),
        2
    );
}

#[tokio::test]
async fn awkward_values_never_break_the_document() {
    let wire = server(|document, _| {
        let tree = apollo_parser::Parser::new(document).parse();
        assert_eq!(tree.errors().count(), 0, "{document}");
        Ok(ok(
            json!({"data": {"r0": {"user": {"id": "1"}, "created": true}}}),
        ))
    });
    for name in [
        "\"quoted\"",
        "back\\slash",
        "new\nline",
        "\u{0}\u{7f}\u{2028}",
        "🦀 ź \u{10ffff}",
        "\"\"\"",
        "{ } # $x",
    ] {
        let given = UpdateUserInput {
            name: Some(name.into()),
            ..row("EMP-2")
        };
        assert!(
            wire.client()
                .users()
                .upsert_many([given], UpsertKey::Ref)
                .run()
                .await
                .is_complete()
        );
    }
}

#[tokio::test]
async fn leavers_go_through_a_mutation_that_cannot_create() {
    let wire = Wire::new(|request, _| {
        let document = body(request)["query"].as_str().unwrap().to_owned();
        assert!(
            document.contains("r0:updateUser(ref:\"EMP-1\",user:{archived:true}){user{id}}"),
            "{document}"
        );
        assert!(!document.contains("updateOrCreate"));
        Ok(ok(
            json!({"data": {"r0": {"user": {"id": "1"}}, "r1": {"user": null}}}),
        ))
    });
    let people = [
        UserKey::reference("EMP-1"),
        UserKey::id("nobody"),
        UserKey::email("a@b.nl"),
    ];
    let report = wire.client().users().archive_many(people, true).run().await;
    assert_eq!(kinds(&report), "uff");
    assert_eq!(
        report.rows[1].outcome.error().unwrap().kind(),
        ErrorKind::NotFound
    );
    assert_eq!(report.rows[2].outcome.error().unwrap().kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn stopping_takes_no_more_rows_and_tells_what_was_in_flight() {
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let stop = Arc::new(Mutex::new(Some(stop)));
    let wire = server(move |document, _| {
        if let Some(stop) = lock(&stop).take() {
            stop.send(()).unwrap();
        }
        Ok(ok(carry_out(document)))
    });
    let report = wire
        .client()
        .users()
        .upsert_many(rows(1000), UpsertKey::Ref)
        .until(async { stopped.await.unwrap() })
        .run()
        .await;
    assert!(report.is_complete());
    let sent: usize = wire
        .sent()
        .iter()
        .map(|sent| refs(body(sent)["query"].as_str().unwrap()).len())
        .sum();
    assert_eq!(report.rows.len(), sent);
    assert!(sent < 100, "{sent}");
}

#[tokio::test]
async fn progress_is_told_sparingly_and_at_the_end() {
    let wire = server(|document, _| Ok(ok(carry_out(document))));
    let told = Arc::new(Mutex::new(Vec::<Progress>::new()));
    let tell = Arc::clone(&told);
    let bulk = wire.client().users().upsert_many(rows(500), UpsertKey::Ref);
    bulk.on_progress(move |progress| lock(&tell).push(progress.clone()))
        .run()
        .await;
    // The clock is held, so that all of it happens at one moment.
    let told = lock(&told);
    assert_eq!(told.len(), 2);
    assert_eq!(
        (told[1].done, told[1].total, told[1].created),
        (500, Some(500), 250)
    );
}

/// However slowly outcomes are taken, no more rows are ahead of them than are in flight or about to be.
#[tokio::test]
async fn a_source_of_any_length_is_read_only_so_far_ahead() {
    let (batch, in_flight) = (10, 4);
    let wire = server(|document, _| Ok(ok(carry_out(document))));
    for by_and_by in [false, true] {
        let taken = Arc::new(Mutex::new(0_usize));
        let count = Arc::clone(&taken);
        let endless = (0..).map(move |n| {
            *lock(&count) += 1;
            row(&format!("EMP-{n}"))
        });
        let users = wire.client().users();
        let bulk = if by_and_by {
            users.upsert_stream(futures::stream::iter(endless), UpsertKey::Ref)
        } else {
            users.upsert_many(endless, UpsertKey::Ref)
        };
        let mut outcomes = std::pin::pin!(bulk.batch(batch).in_flight(in_flight).outcomes());
        let mut ahead = 0;
        for told in 1..=20_000 {
            assert!(outcomes.next().await.is_some());
            ahead = ahead.max(*lock(&taken) - told);
        }
        assert!(ahead <= batch * (in_flight + 1), "{ahead}");
    }
}

#[tokio::test]
async fn rows_that_may_yet_succeed_are_sent_again_and_no_others() {
    let up = Arc::new(Mutex::new(false));
    let is_up = Arc::clone(&up);
    // The second batch meets an outage, and one row of the first is refused for what it says.
    let wire = server(move |document, _| {
        let refs = refs(document);
        if !*lock(&is_up) && refs.iter().any(|reference| reference == "EMP-10") {
            return Ok(answer(503, &[], ""));
        }
        let mut body = carry_out(document);
        if let Some(place) = refs.iter().position(|reference| reference == "EMP-3") {
            body["data"][format!("r{place}")] = Value::Null;
            body["errors"] =
                json!([{"message": "no", "path": [format!("r{place}")], "extensions": {"code": "INVALID"}}]);
        }
        Ok(ok(body))
    });
    let client = wire.builder().token("t").retry(RetryPolicy::never());
    let users = client.build().unwrap().users();
    let bulk = users.upsert_many(rows(30), UpsertKey::Ref).notify(true);
    let report = bulk.run().await;
    assert_eq!(kinds(&report), "cucfcucucuffffffffffcucucucucu");
    let still_down = report.retry().await;
    assert_eq!((wire.graphql_requests(), still_down.totals.failed), (4, 11));
    *lock(&up) = true;
    let report = still_down.retry().await;
    assert_eq!(kinds(&report), "cucfcucucucucucucucucucucucucu");
    assert_eq!(
        (report.totals.created, report.totals.updated, report.totals.failed),
        (15, 14, 1)
    );
    let last = wire.sent().last().map(body).unwrap();
    let expected: Vec<_> = (10..20).map(|n| format!("EMP-{n}")).collect();
    assert_eq!(refs(last["query"].as_str().unwrap()), expected);
    assert_eq!(last["variables"]["notify"], true, "as they were sent before");
    // Nothing is left to be sent.
    let again = report.retry().await;
    assert_eq!((wire.graphql_requests(), again.totals.failed), (5, 1));
    assert!(!format!("{again:?}").contains("Name of"));
}

/// Answers for extra values: the categories first, then whatever is set.
fn values_server() -> Wire {
    Wire::new(|request, _| {
        let document = body(request)["query"].as_str().unwrap().to_owned();
        if document.contains("extraCategories") && !document.contains("mutation") {
            let categories = json!([
                {"id": "1", "ref": "department", "categoryType": "SELECT"},
                {"id": "2", "ref": "hired", "categoryType": "DATE"},
            ]);
            return Ok(ok(json!({"data": {"extraCategories": categories}})));
        }
        let count = document.matches("updateExtraCategoryValues(").count();
        let row = |place: usize| (format!("r{place}"), json!({"extraCategoryValues": []}));
        Ok(ok(json!({"data": (0..count).map(row).collect::<Map<_, _>>()})))
    })
}

#[tokio::test]
async fn values_of_many_are_set_by_kinds_that_are_read_once() {
    let wire = values_server();
    let row = |n: usize| {
        let values = [
            (Key::reference("department"), "Care"),
            (Key::reference("hired"), "2024-01-31"),
        ];
        ExtraValues::new(Key::reference(format!("EMP-{n}")), values)
    };
    let rows = (0..25).map(row).chain([
        ExtraValues::new(Key::id("u-1"), [(Key::reference("hired"), "soon")]),
        ExtraValues::new(Key::id("u-2"), [(Key::reference("elsewhere"), "x")]),
        row(7),
    ]);
    let categories = wire.client().extra_categories();
    let bulk = categories.set_values_many(ContentType::User, rows.collect::<Vec<_>>());
    assert!(wire.sent().is_empty(), "nothing is sent before it is run");
    let report = bulk.run().await;
    assert_eq!((report.totals.updated, report.totals.failed), (25, 3));
    assert!(matches!(report.rows[0].outcome, Outcome::Written));
    let kinds: Vec<_> = report
        .unfinished()
        .map(|row| row.outcome.error().unwrap().kind())
        .collect();
    assert_eq!(
        kinds,
        [ErrorKind::Invalid, ErrorKind::Invalid, ErrorKind::Conflict]
    );
    let documents: Vec<_> = wire
        .sent()
        .iter()
        .map(|sent| body(sent)["query"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(documents.len(), 1 + 3);
    assert!(
        documents[1].starts_with(
            "mutation SetExtraValues{r0:updateExtraCategoryValues(contentType:USER,modelRef:\"EMP-0\",\
             values:[{categoryRef:\"department\",choiceValues:[{stringValue:\"Care\"}]},\
             {categoryRef:\"hired\",datetimeValue:\"2024-01-31T00:00:00Z\"}])"
        ),
        "{}",
        documents[1]
    );
}

#[tokio::test]
async fn values_that_say_their_kind_need_no_categories() {
    let wire = values_server();
    let row = ExtraValues::new(Key::id("u-1"), [(Key::id("1"), ExtraValue::choices(["Care"]))]);
    let categories = wire.client().extra_categories();
    let report = categories.set_values_many(ContentType::User, [row]).run().await;
    assert!(report.is_complete());
    assert_eq!(wire.graphql_requests(), 1);
}

#[tokio::test]
async fn categories_that_cannot_be_read_fail_each_row_and_are_asked_for_once() {
    let wire = Wire::new(|_, _| Ok(answer(403, &[], "")));
    let row = |n| ExtraValues::new(Key::reference(format!("EMP-{n}")), [(Key::reference("a"), "x")]);
    let categories = wire.client().extra_categories();
    let report = categories
        .set_values_many(ContentType::User, (0..30).map(row))
        .run()
        .await;
    assert_eq!((wire.graphql_requests(), report.totals.failed), (1, 30));
}

/// A server for the property below: answers after a while of its own for each request, refuses batches of more than
/// some rows, and some rows always.
fn moody(most: usize, refused: usize, pace: Vec<u8>) -> Wire {
    Wire::waiting(move |request, index| {
        let yields = pace[index % pace.len()];
        Box::pin(async move {
            for _ in 0..yields {
                tokio::task::yield_now().await;
            }
            let document = body(&request)["query"].as_str().unwrap().to_owned();
            let refs = refs(&document);
            if refs.len() > most {
                return Ok(answer(400, &[], json!({"errors": [{"message": "too many"}]})));
            }
            let mut body = carry_out(&document);
            let mut errors = Vec::new();
            for (place, reference) in refs.iter().enumerate() {
                let number: usize = reference[4..].parse().unwrap();
                if refused > 0 && number.is_multiple_of(refused) {
                    body["data"][format!("r{place}")] = Value::Null;
                    errors.push(json!({"message": "no", "path": [format!("r{place}")]}));
                }
            }
            body["errors"] = json!(errors);
            Ok(ok(body))
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn each_row_has_one_outcome_at_its_place_whatever_order_answers_come_in(
        count in 0_usize..120,
        batch in 1_usize..15,
        in_flight in 1_usize..8,
        most in 1_usize..15,
        refused in 0_usize..9,
        unusable in prop::collection::hash_set(0_usize..120, 0..6),
        pace in prop::collection::vec(0_u8..12, 1..20),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let wire = moody(most, refused, pace);
            let mut given = rows(count);
            for (place, row) in given.iter_mut().enumerate() {
                if unusable.contains(&place) {
                    row.r#ref = None;
                }
            }
            let bulk = wire.client().users().upsert_many(given, UpsertKey::Ref);
            let report = bulk.batch(batch).in_flight(in_flight).run().await;
            prop_assert_eq!(report.rows.len(), count);
            for (place, row) in report.rows.iter().enumerate() {
                prop_assert_eq!(row.index, place as u64);
                let right = match &row.outcome {
                    _ if unusable.contains(&place) => row.outcome.error().is_some_and(|error| error.attempts() == 0),
                    Outcome::Failed(error) => refused > 0 && place.is_multiple_of(refused) && error.attempts() == 1,
                    Outcome::Created(id) => place.is_multiple_of(2) && *id == format!("id-EMP-{place}"),
                    Outcome::Updated(id) => !place.is_multiple_of(2) && *id == format!("id-EMP-{place}"),
                    _ => false,
                };
                prop_assert!(right, "{}: {:?}", place, row.outcome);
            }
            // Each good row was carried out once: in the one batch that was not too large.
            let mut sent = HashMap::<String, usize>::new();
            for request in wire.sent() {
                let refs = refs(body(&request)["query"].as_str().unwrap());
                if refs.len() <= most {
                    for reference in refs {
                        *sent.entry(reference).or_default() += 1;
                    }
                }
            }
            prop_assert_eq!(sent.len(), count - unusable.iter().filter(|place| **place < count).count());
            prop_assert!(sent.values().all(|times| *times == 1));
            Ok(())
        })?;
    }
}
