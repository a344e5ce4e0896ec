//! One outcome for each row, at its place, whatever the server does.

mod support;

use pluvo_sdk::bulk::{Outcome, UpsertKey};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::HashMap;
use support::bulk::{carry_out, refs, rows};
use support::{Wire, answer, body, ok};

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
