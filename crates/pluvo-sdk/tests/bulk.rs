//! Many writes at once: batches, halving, outcomes in order, and what is not known.

mod support;

use futures::StreamExt;
use pluvo_sdk::bulk::{Outcome, Progress, UpsertKey};
use pluvo_sdk::model::UpdateUserInput;
use pluvo_sdk::{ErrorKind, RetryPolicy, UserKey};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use support::bulk::{carry_out, refs, row, rows, server};
use support::{Wire, answer, body, broken, lock, not_sent, ok};

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
    assert_eq!(kinds(&report), "???");
    let error = report.rows[0].outcome.error().unwrap();
    assert!(error.is_indeterminate() && error.is_retryable() && error.attempts() == 1);
    assert_eq!(report.retryable().collect::<Vec<_>>(), [0, 1, 2]);
}

/// What was not carried out for certain, and what may have been: one lost attempt is enough for doubt.
#[tokio::test]
async fn rows_that_were_never_sent_are_told_from_those_of_which_nobody_knows() {
    for (lost, kinds_of) in [
        ([false, false], "ff"),
        ([true, false], "??"),
        ([false, true], "??"),
    ] {
        let wire = server(move |_, index| Err(if lost[index] { broken() } else { not_sent() }));
        let policy = RetryPolicy {
            max_attempts: 2,
            ..RetryPolicy::default()
        };
        let client = wire.builder().token("t").retry(policy).build().unwrap();
        let bulk = client.users().upsert_many(rows(2), UpsertKey::Ref);
        let report = bulk.run().await;
        assert_eq!((kinds(&report).as_str(), wire.graphql_requests()), (kinds_of, 2));
        assert_eq!(report.retryable().count(), 2);
    }
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
    assert_eq!(kinds(&report), "cucfcucucu??????????cucucucucu");
    let still_down = report.retry().await;
    let Progress {
        failed,
        indeterminate,
        ..
    } = still_down.totals;
    assert_eq!((wire.graphql_requests(), failed, indeterminate), (4, 1, 10));
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
