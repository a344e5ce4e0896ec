//! Webhooks: what is told, how it is signed, and what happens to those who do not listen.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pluvo_sandbox::{DeliveryState, Sandbox};
use ring::{digest, hmac};
use serde_json::{Value, json};

use crate::common::{body, client, data, start};

/// Answers with the statuses that it was given, then with 200; without any of them it does not answer at all.
#[derive(Clone, Default)]
struct Receiver {
    got: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    answers: Arc<Mutex<VecDeque<Option<u16>>>>,
}

impl Receiver {
    async fn listen(answers: &[Option<u16>]) -> (Self, String) {
        let receiver = Self::default();
        receiver.answers.lock().expect("answers").extend(answers);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(Self::take).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (receiver, url)
    }

    async fn take(State(receiver): State<Self>, headers: HeaderMap, body: String) -> StatusCode {
        receiver.got.lock().expect("deliveries").push((headers, body));
        let answer = receiver.answers.lock().expect("answers").pop_front();
        match answer {
            Some(None) => std::future::pending().await,
            Some(Some(status)) => StatusCode::from_u16(status).expect("a status"),
            None => StatusCode::OK,
        }
    }

    fn got(&self) -> Vec<(HeaderMap, String)> {
        self.got.lock().expect("deliveries").clone()
    }
}

async fn subscribe(sandbox: &Sandbox, subscription: Value) -> u16 {
    let url = format!("{}/__sandbox/webhooks", sandbox.url());
    let answer = client()
        .post(url)
        .json(&subscription)
        .send()
        .await
        .expect("an answer");
    answer.status().as_u16()
}

/// Lets the runtime go on until something has come about; a test that waits for what never comes is ended from outside.
async fn until(what: impl Fn() -> bool) {
    while !what() {
        tokio::task::yield_now().await;
    }
}

fn attempts(sandbox: &Sandbox) -> usize {
    sandbox
        .webhooks()
        .deliveries
        .first()
        .map_or(0, |delivery| delivery.attempts.len())
}

const CREATE: &str = "mutation { createUser(sendInvite: false, user: { name: \"N\", email: \"n@example.com\", ref: \"N-1\" }) { user { id } } }";

#[tokio::test]
async fn what_happens_is_told_and_signed() {
    let sandbox = start(Sandbox::builder().hold_clock(true)).await;
    let (receiver, url) = Receiver::listen(&[]).await;
    assert_eq!(
        subscribe(
            &sandbox,
            json!({ "url": url, "key": "webhook-key", "events": ["USER_CREATED"] })
        )
        .await,
        204
    );
    let made = data(&sandbox, CREATE, json!({})).await;
    // An error tells nothing, and what nobody asked for is not told.
    body(&sandbox, CREATE, json!({})).await;
    data(
        &sandbox,
        "mutation { updateUser(ref: \"N-1\", user: { name: \"M\" }) { user { id } } }",
        json!({}),
    )
    .await;
    until(|| sandbox.webhooks().deliveries[0].state == DeliveryState::Delivered).await;
    assert_eq!(sandbox.webhooks().deliveries.len(), 1);
    let got = receiver.got();
    assert_eq!(got.len(), 1);
    let (headers, text) = &got[0];
    let told: Value = serde_json::from_str(text).expect("JSON");
    let wanted = json!({ "id": made["createUser"]["user"]["id"], "ref": "N-1", "event": "USER_CREATED", "name": "N",
        "email": "n@example.com", "isActive": true, "extraFields": {}, "sentDate": "2026-01-05T09:00:00.000Z" });
    assert_eq!(told, wanted);
    assert_eq!(headers["content-type"], "application/json");
    let salt = headers["x-signature-salt"].to_str().expect("a salt");
    let key = digest::digest(
        &digest::SHA1_FOR_LEGACY_USE_ONLY,
        format!("{salt}webhook-key").as_bytes(),
    );
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key.as_ref());
    let signature = URL_SAFE_NO_PAD.decode(&headers["x-signature"]).expect("base64");
    hmac::verify(&key, text.as_bytes(), &signature).expect("the signature fits");
    let shown = client()
        .get(format!("{}/__sandbox/webhooks", sandbox.url()))
        .send()
        .await
        .expect("an answer");
    assert!(!shown.text().await.expect("text").contains("webhook-key"));
}

#[tokio::test]
async fn every_mutation_tells_its_events() {
    let sandbox = start(Sandbox::builder().hold_clock(true)).await;
    let (_receiver, url) = Receiver::listen(&[]).await;
    sandbox.subscribe(&url, "k", &[]).expect("a subscription");
    let ids = "{ user(ref: \"EMP-00003\") { id } certificates(first: 1) { edges { node { id } } } }";
    let ids = data(&sandbox, ids, json!({})).await;
    let group = data(
        &sandbox,
        "mutation { createGroup(group: { name: \"G\", ref: \"G-1\" }) { group { id } } }",
        json!({}),
    )
    .await;
    let event = "mutation { createOfferEvent(offerRef: \"OFF-001\", offerEvent: { ref: \"E-1\" }) { offerEvent { id } } }";
    let event = data(&sandbox, event, json!({})).await;
    let rest = "mutation($user: UUID!, $group: UUID!, $event: UUID!, $certificate: UUID!) {
      updateGroup(ref: \"G-1\", group: { enableChat: true }) { group { id } }
      deleteGroup(id: $group) { ok }
      createTraining(training: { title: \"T\", ref: \"T-1\" }) { training { id } }
      updateTraining(ref: \"T-1\", training: { title: \"U\" }) { training { id } }
      createOfferEventEnrollments(offerEventRef: \"E-1\", userIds: [$user], sendMail: false) { id }
      unenrollUserFromOfferEvent(userId: $user, offerEventId: $event) { success }
      enrollUserInOfferEvent(enrollment: { userId: $user, offerEventId: $event }) { enrollment { id } }
      generateCertificate(id: $certificate, userIds: [$user]) { bulkGenerate { failedIds } }
      archiveUsers(archive: true, ids: [$user]) { response { failedIds } }
    }";
    let variables = json!({ "user": ids["user"]["id"], "group": group["createGroup"]["group"]["id"],
        "event": event["createOfferEvent"]["offerEvent"]["id"], "certificate": ids["certificates"]["edges"][0]["node"]["id"] });
    data(&sandbox, rest, variables).await;
    let told: Vec<String> = sandbox
        .webhooks()
        .deliveries
        .into_iter()
        .map(|delivery| delivery.event)
        .collect();
    let wanted = [
        "GROUP_CREATED",
        "GROUP_UPDATED",
        "GROUP_DELETED",
        "TRAINING_CREATED",
        "TRAINING_UPDATED",
        "OFFER_EVENT_ENROLLED",
        "OFFER_EVENT_UNENROLLED",
        "OFFER_EVENT_ENROLLMENT_STATUS_UPDATED",
        "EVENT_CERTIFICATE_ACHIEVED",
        "PORTFOLIO_ITEM_CREATED",
        "USER_UPDATED",
    ];
    assert_eq!(told, wanted);
}

#[tokio::test]
async fn a_failure_is_tried_again_after_longer_and_longer() {
    let sandbox = start(Sandbox::builder().hold_clock(true)).await;
    let (receiver, url) = Receiver::listen(&[Some(500), Some(404), None, Some(302)]).await;
    subscribe(&sandbox, json!({ "url": url, "key": "k" })).await;
    data(&sandbox, CREATE, json!({})).await;
    until(|| attempts(&sandbox) == 1).await;
    sandbox.advance(Duration::from_secs(1));
    until(|| attempts(&sandbox) == 2).await;
    sandbox.advance(Duration::from_secs(2));
    until(|| receiver.got().len() == 3).await;
    sandbox.advance(Duration::from_secs(30));
    until(|| attempts(&sandbox) == 3).await;
    sandbox.advance(Duration::from_secs(4 + 8));
    until(|| sandbox.webhooks().deliveries[0].state == DeliveryState::Delivered).await;
    let delivery = sandbox.webhooks().deliveries.remove(0);
    let tried: Vec<_> = delivery
        .attempts
        .iter()
        .map(|attempt| (attempt.at_ms, attempt.status))
        .collect();
    assert_eq!(
        tried,
        [
            (0, Some(500)),
            (1000, Some(404)),
            (3000, None),
            (37_000, Some(302)),
            (45_000, Some(200))
        ]
    );
    assert!(
        delivery.attempts[2]
            .error
            .as_deref()
            .expect("a reason")
            .contains("30 s")
    );
}

#[tokio::test]
async fn after_72_retries_it_is_given_up() {
    let sandbox = start(Sandbox::builder().hold_clock(true)).await;
    let (receiver, url) = Receiver::listen(&[Some(503); 100]).await;
    subscribe(&sandbox, json!({ "url": url, "key": "k" })).await;
    data(&sandbox, CREATE, json!({})).await;
    sandbox.advance(Duration::from_secs(30 * 24 * 3600));
    until(|| sandbox.webhooks().deliveries[0].state == DeliveryState::Failed).await;
    assert_eq!((attempts(&sandbox), receiver.got().len()), (73, 73));
}

#[tokio::test]
async fn gone_ends_a_subscription_for_good() {
    let sandbox = start(Sandbox::builder().hold_clock(true)).await;
    let (receiver, url) = Receiver::listen(&[Some(410)]).await;
    subscribe(&sandbox, json!({ "url": url, "key": "k" })).await;
    data(&sandbox, CREATE, json!({})).await;
    until(|| sandbox.webhooks().deliveries[0].state == DeliveryState::Disabled).await;
    assert!(sandbox.webhooks().subscriptions[0].disabled);
    data(
        &sandbox,
        "mutation { updateUser(ref: \"N-1\", user: { name: \"M\" }) { user { id } } }",
        json!({}),
    )
    .await;
    sandbox.advance(Duration::from_secs(24 * 3600));
    assert_eq!(
        (sandbox.webhooks().deliveries.len(), receiver.got().len()),
        (1, 1)
    );
    for wrong in [
        json!({ "url": "https://example.com/", "key": "k" }),
        json!({ "url": "nowhere", "key": "k" }),
        json!({ "url": url, "key": "k", "events": ["USER_SNEEZED"] }),
        json!({ "url": url }),
    ] {
        assert_eq!(subscribe(&sandbox, wrong).await, 400);
    }
    sandbox.reset();
    assert_eq!(sandbox.webhooks().subscriptions, []);
}
