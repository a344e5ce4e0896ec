//! Many writes at once: batches, halving, outcomes in order, and what is not known.

mod support;

use futures::StreamExt;
use pluvo_sdk::bulk::{Outcome, Progress, UpsertKey};
use pluvo_sdk::model::UpdateUserInput;
use pluvo_sdk::{ErrorKind, RetryPolicy, UserKey};
use serde_json::{Map, Value, json};
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

#[tokio::test]
async fn a_source_is_read_no_further_than_is_needed() {
    let wire = server(|document, _| Ok(ok(carry_out(document))));
    let taken = Arc::new(Mutex::new(0));
    let count = Arc::clone(&taken);
    let endless = (0..).map(move |n| {
        *lock(&count) += 1;
        row(&format!("EMP-{n}"))
    });
    let bulk = wire.client().users().upsert_many(endless, UpsertKey::Ref);
    let first: Vec<_> = bulk.outcomes().take(15).collect().await;
    assert_eq!(first.len(), 15);
    assert!(*lock(&taken) <= 15 + 10 * 6, "{}", lock(&taken));
}
