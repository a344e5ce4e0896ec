//! Mutations of offers, events, enrolments, certificates, portfolio items and extra categories.

use pluvo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::common::{body, code, data, start};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

async fn user_id(sandbox: &Sandbox, reference: &str) -> Value {
    let query = "query($ref: String) { user(ref: $ref) { id } }";
    data(sandbox, query, json!({ "ref": reference })).await["user"]["id"].clone()
}

async fn event(sandbox: &Sandbox, input: Value) -> Value {
    let create = "mutation($event: CreateOfferEventInput!) { createOfferEvent(offerRef: \"OFF-001\", offerEvent: $event) {
      offerEvent { id ref title type price maxSubscriptions scoreThreshold certificateId dates { startDate endDate }
        accessTrainings { ref } enrolledCount spotsAvailable } } }";
    let answer = body(sandbox, create, json!({ "event": input })).await;
    match answer.get("errors") {
        Some(_) => answer,
        None => answer["data"]["createOfferEvent"]["offerEvent"].clone(),
    }
}

#[tokio::test]
async fn an_offer_is_made_changed_and_archived() {
    let sandbox = start(Sandbox::builder().hold_clock(true)).await;
    let create = "mutation($offer: CreateOfferInput!) { createOffer(offer: $offer) { offer {
      id ref title description isActive archivedAt createdAt offerEvents { id } } } }";
    let input = json!({ "title": "O", "ref": "O-1", "description": "<p>x</p>" });
    let made = data(&sandbox, create, json!({ "offer": input })).await["createOffer"]["offer"].clone();
    let wanted = json!({ "id": made["id"], "ref": "O-1", "title": "O", "description": "<p>x</p>", "isActive": true,
        "archivedAt": null, "createdAt": "2026-01-05T09:00:00+00:00", "offerEvents": [] });
    assert_eq!(made, wanted);
    assert_eq!(
        code(&body(&sandbox, create, json!({ "offer": input })).await),
        "ALREADY_EXISTS"
    );
    let image = json!({ "offer": { "title": "P", "imageId": NOBODY } });
    assert_eq!(code(&body(&sandbox, create, image).await), "NOT_FOUND");
    let update = "mutation($id: UUID!, $offer: UpdateOfferInput!) { updateOffer(id: $id, offer: $offer) { offer { ref title } } }";
    let got = data(
        &sandbox,
        update,
        json!({ "id": made["id"], "offer": { "title": "Q", "ref": "O-2" } }),
    )
    .await;
    assert_eq!(got["updateOffer"]["offer"], json!({ "ref": "O-2", "title": "Q" }));
    let archive = "mutation($ids: [UUID!]!, $on: Boolean!) { archiveOffers(archive: $on, ids: $ids) { response { succeededIds failedIds } } }";
    for on in [true, false] {
        let got = data(
            &sandbox,
            archive,
            json!({ "ids": [made["id"], NOBODY], "on": on }),
        )
        .await;
        let wanted = json!({ "succeededIds": [made["id"]], "failedIds": [NOBODY] });
        assert_eq!(got["archiveOffers"]["response"], wanted);
        let offer = data(&sandbox, "{ offer(ref: \"O-2\") { archivedAt } }", json!({})).await;
        assert_eq!(offer["offer"]["archivedAt"].is_string(), on);
    }
}

#[tokio::test]
async fn an_event_is_made_changed_and_deleted() {
    let sandbox = start(Sandbox::builder()).await;
    let training =
        data(&sandbox, "{ training(ref: \"TRN-001\") { id } }", json!({})).await["training"]["id"].clone();
    let made = event(
        &sandbox,
        json!({ "ref": "E-1", "type": "WEBINAR", "price": "12.5", "maxSubscriptions": 1, "scoreThreshold": 0.55,
            "accessTrainings": [training],
            "dates": [{ "startDate": "2026-03-01T09:00:00Z", "endDate": "2026-03-01T12:00:00Z" }] }),
    )
    .await;
    assert_eq!(
        (&made["ref"], &made["type"], &made["price"]),
        (&json!("E-1"), &json!("WEBINAR"), &json!("12.50"))
    );
    assert_eq!(
        (&made["spotsAvailable"], &made["scoreThreshold"]),
        (&json!(1), &json!(0.55))
    );
    assert_eq!(made["accessTrainings"], json!([{ "ref": "TRN-001" }]));
    assert_eq!(made["dates"][0]["endDate"], "2026-03-01T12:00:00+00:00");
    for (wanted, input) in [
        ("ALREADY_EXISTS", json!({ "ref": "E-1" })),
        ("INVALID", json!({ "price": "-1" })),
        ("INVALID", json!({ "price": "1.234" })),
        ("INVALID", json!({ "maxSubscriptions": -1 })),
        (
            "INVALID",
            json!({ "dates": [{ "startDate": "2026-03-02T09:00:00Z", "endDate": "2026-03-01T12:00:00Z" }] }),
        ),
        ("NOT_FOUND", json!({ "accessTrainings": [NOBODY] })),
        ("NOT_FOUND", json!({ "certificateId": NOBODY })),
        ("NOT_FOUND", json!({ "accessVideos": [NOBODY] })),
    ] {
        let got = event(&sandbox, input.clone()).await;
        assert_eq!(code(&got), wanted, "{input} {got}");
    }
    let offer = "{ offer(ref: \"OFF-001\") { offerEvents { id } } }";
    let events = async || data(&sandbox, offer, json!({})).await["offer"]["offerEvents"].to_string();
    let id = made["id"].as_str().expect("an id");
    assert!(events().await.contains(id));
    let enroll = "mutation { createOfferEventEnrollments(offerEventRef: \"E-1\", userRefs: [\"EMP-00003\"], sendMail: false) { id } }";
    data(&sandbox, enroll, json!({})).await;
    let update = "mutation($event: UpdateOfferEventInput!, $mail: Boolean) {
      updateOfferEvent(ref: \"E-1\", offerEvent: $event, sendNotification: $mail) { offerEvent { title cancelled price } } }";
    let got = data(
        &sandbox,
        update,
        json!({ "event": { "title": "New" }, "mail": false }),
    )
    .await;
    let wanted = json!({ "title": "New", "cancelled": false, "price": "12.50" });
    assert_eq!(got["updateOfferEvent"]["offerEvent"], wanted);
    assert_eq!(sandbox.outbox(), []);
    data(&sandbox, update, json!({ "event": { "cancelled": true } })).await;
    let outbox = sandbox.outbox();
    assert_eq!((outbox.len(), outbox[0].kind.as_str()), (1, "notification"));
    let people = json!(outbox[0].to);
    if user_has_address(&sandbox).await {
        assert_eq!(people, json!([user_id(&sandbox, "EMP-00003").await]));
    }
    let delete = "mutation($id: UUID) { deleteOfferEvent(id: $id) { ok } }";
    assert_eq!(
        data(&sandbox, delete, json!({ "id": id })).await["deleteOfferEvent"]["ok"],
        true
    );
    assert!(!events().await.contains(id));
    assert_eq!(
        code(&body(&sandbox, delete, json!({ "id": id })).await),
        "NOT_FOUND"
    );
}

async fn user_has_address(sandbox: &Sandbox) -> bool {
    data(sandbox, "{ user(ref: \"EMP-00003\") { email } }", json!({})).await["user"]["email"].is_string()
}

#[tokio::test]
async fn nobody_is_enrolled_twice() {
    let sandbox = start(Sandbox::builder()).await;
    let made = event(
        &sandbox,
        json!({ "ref": "E-1", "maxSubscriptions": 2, "waitingList": true }),
    )
    .await;
    let enroll = "mutation($refs: [String!], $mail: Boolean) {
      createOfferEventEnrollments(offerEventRef: \"E-1\", userRefs: $refs, sendMail: $mail) { id status user { ref } } }";
    let asked = json!({ "refs": ["EMP-00003", "EMP-00004", "nobody"], "mail": false });
    let first = data(&sandbox, enroll, asked).await["createOfferEventEnrollments"].clone();
    assert_eq!(first.as_array().expect("a list").len(), 2);
    let asked = json!({ "refs": ["EMP-00003", "EMP-00005", "EMP-00005"] });
    let second = data(&sandbox, enroll, asked).await["createOfferEventEnrollments"].clone();
    assert_eq!(second[0], first[0]);
    assert_eq!(
        (&second[1]["status"], second.as_array().map(Vec::len)),
        (&json!("WAITLISTED"), Some(2))
    );
    let outbox = sandbox.outbox();
    assert_eq!((outbox.len(), outbox[0].to.len()), (1, 1));
    let one = user_id(&sandbox, "EMP-00003").await;
    let variables = json!({ "user": one, "event": made["id"] });
    let enroll_one = "mutation($user: UUID!, $event: UUID!) { enrollUserInOfferEvent(enrollment: { userId: $user, offerEventId: $event }) {
      enrollment { id userId offerEventId status } } }";
    assert_eq!(
        code(&body(&sandbox, enroll_one, variables.clone()).await),
        "ALREADY_EXISTS"
    );
    let unenroll = "mutation($user: UUID!, $event: UUID!) { unenrollUserFromOfferEvent(userId: $user, offerEventId: $event) { success } }";
    for success in [true, false] {
        let got = data(&sandbox, unenroll, variables.clone()).await;
        assert_eq!(got["unenrollUserFromOfferEvent"]["success"], success);
    }
    let query = "query($user: UUID!, $event: UUID!) { enrollment(userId: $user, offerEventId: $event) { status } offerEvent(id: $event) { enrolledCount } }";
    let got = data(&sandbox, query, variables.clone()).await;
    assert_eq!(
        (&got["enrollment"]["status"], &got["offerEvent"]["enrolledCount"]),
        (&json!("CANCELLED"), &json!(1))
    );
    let again = data(&sandbox, enroll_one, variables).await["enrollUserInOfferEvent"]["enrollment"].clone();
    assert_eq!(
        (&again["id"], &again["status"]),
        (&first[0]["id"], &json!("ENROLLED"))
    );
}

#[tokio::test]
async fn a_certificate_issued_twice_is_in_the_portfolio_twice() {
    let sandbox = start(Sandbox::builder()).await;
    let certificates = "{ certificates(first: 1) { edges { node { id } } } }";
    let id = data(&sandbox, certificates, json!({})).await["certificates"]["edges"][0]["node"]["id"].clone();
    let one = user_id(&sandbox, "EMP-00003").await;
    let generate = "mutation($id: UUID!, $ids: [UUID!]!, $training: UUID) {
      generateCertificate(id: $id, title: \"Done\", userIds: $ids, trainingId: $training, issueDate: \"2026-02-01T00:00:00Z\") {
        bulkGenerate { succeededIds failedIds } } }";
    let items = "query($id: UUID) { portfolioItems(userId: $id) { title startDate } }";
    let count = async || {
        let items = data(&sandbox, items, json!({ "id": one })).await["portfolioItems"].clone();
        let items = items.as_array().expect("items").clone();
        items
            .into_iter()
            .filter(|item| *item == json!({ "title": "Done", "startDate": "2026-02-01T00:00:00+00:00" }))
            .count()
    };
    for times in 1..=2 {
        let got = data(&sandbox, generate, json!({ "id": id, "ids": [one, NOBODY] })).await;
        let wanted = json!({ "succeededIds": [one], "failedIds": [NOBODY] });
        assert_eq!(got["generateCertificate"]["bulkGenerate"], wanted);
        assert_eq!(count().await, times);
    }
    for variables in [
        json!({ "id": NOBODY, "ids": [one] }),
        json!({ "id": id, "ids": [one], "training": NOBODY }),
    ] {
        assert_eq!(code(&body(&sandbox, generate, variables).await), "NOT_FOUND");
    }
    assert_eq!(count().await, 2);
}

#[tokio::test]
async fn a_portfolio_item_is_made_changed_and_deleted() {
    let sandbox = start(Sandbox::builder()).await;
    let one = user_id(&sandbox, "EMP-00003").await;
    let create = "mutation($input: CreatePortfolioItemInput!) { createPortfolioItem(input: $input) {
      portfolioItem { id title description startDate endDate files user { id } } } }";
    let input = json!({ "userId": one, "title": "D", "startDate": "2025-01-01T00:00:00Z", "files": ["https://example.com/d.pdf"] });
    let made =
        data(&sandbox, create, json!({ "input": input })).await["createPortfolioItem"]["portfolioItem"]
            .clone();
    assert_eq!(
        (&made["user"]["id"], &made["files"]),
        (&one, &json!(["https://example.com/d.pdf"]))
    );
    let before = json!({ "userId": one, "title": "D", "startDate": "2025-01-01T00:00:00Z", "endDate": "2024-01-01T00:00:00Z" });
    assert_eq!(
        code(&body(&sandbox, create, json!({ "input": before })).await),
        "INVALID"
    );
    let nobody = json!({ "userId": NOBODY, "title": "D" });
    assert_eq!(
        code(&body(&sandbox, create, json!({ "input": nobody })).await),
        "NOT_FOUND"
    );
    let update = "mutation($id: UUID!, $input: UpdatePortfolioItemInput!) { updatePortfolioItem(id: $id, input: $input) {
      portfolioItem { title endDate files } } }";
    let input = json!({ "title": "E", "endDate": "2027-01-01T00:00:00Z" });
    let got = data(&sandbox, update, json!({ "id": made["id"], "input": input })).await;
    let wanted = json!({ "title": "E", "endDate": "2027-01-01T00:00:00+00:00", "files": made["files"] });
    assert_eq!(got["updatePortfolioItem"]["portfolioItem"], wanted);
    let delete = "mutation($id: UUID!) { deletePortfolioItem(id: $id) { success } }";
    assert_eq!(
        data(&sandbox, delete, json!({ "id": made["id"] })).await["deletePortfolioItem"]["success"],
        true
    );
    assert_eq!(
        code(&body(&sandbox, delete, json!({ "id": made["id"] })).await),
        "NOT_FOUND"
    );
}

#[tokio::test]
async fn a_category_is_made_used_changed_and_archived() {
    let sandbox = start(Sandbox::builder()).await;
    let create = "mutation($input: ExtraCategoryInput!) { createExtraCategory(extraCategoryInput: $input) {
      extraCategory { id ref title categoryType forModelTypes choiceOptions { id ref stringValue color } } } }";
    let input = json!({ "name": "Shift", "ref": "shift", "categoryType": "SELECT", "forModelTypes": ["USER"],
        "choiceOptions": [{ "stringValue": "Day", "color": "#FFFFFF" }, { "stringValue": "Night", "ref": "n" }] });
    let made =
        data(&sandbox, create, json!({ "input": input })).await["createExtraCategory"]["extraCategory"]
            .clone();
    assert_eq!(
        (&made["title"], &made["categoryType"]),
        (&json!("Shift"), &json!("SELECT"))
    );
    assert_eq!(made["choiceOptions"][0]["color"], "#FFFFFF");
    for (wanted, input) in [
        ("ALREADY_EXISTS", json!({ "name": "Shift", "ref": "shift" })),
        ("INVALID", json!({ "ref": "nameless" })),
        (
            "INVALID",
            json!({ "name": "S", "choiceOptions": [{ "stringValue": "a" }, { "stringValue": "a" }] }),
        ),
    ] {
        assert_eq!(
            code(&body(&sandbox, create, json!({ "input": input })).await),
            wanted
        );
    }
    let set = "mutation { updateExtraCategoryValues(contentType: USER, modelRef: \"EMP-00003\",
      values: [{ categoryRef: \"shift\", choiceValues: [{ ref: \"n\" }] }]) { extraCategoryValues { __typename } } }";
    data(&sandbox, set, json!({})).await;
    let value = async || {
        let query = "{ user(ref: \"EMP-00003\") { extraFields } }";
        let user = data(&sandbox, query, json!({})).await["user"].clone();
        let fields: Value = serde_json::from_str(user["extraFields"].as_str().expect("JSON")).expect("JSON");
        fields["Roster"].clone()
    };
    let update = "mutation($id: UUID!, $input: ExtraCategoryInput!) { updateExtraCategory(id: $id, extraCategoryInput: $input) {
      extraCategory { title categoryType choiceOptions { id stringValue } } } }";
    let input = json!({ "name": "Roster", "choiceOptions": [{ "stringValue": "Late night", "ref": "n" }, { "stringValue": "Day" }] });
    let got = data(&sandbox, update, json!({ "id": made["id"], "input": input })).await;
    let options = &got["updateExtraCategory"]["extraCategory"]["choiceOptions"];
    assert_eq!(options[0]["id"], made["choiceOptions"][1]["id"]);
    assert_eq!(options[1]["id"], made["choiceOptions"][0]["id"]);
    assert_eq!(value().await, "Late night");
    let input = json!({ "choiceOptions": [{ "stringValue": "Day" }] });
    data(&sandbox, update, json!({ "id": made["id"], "input": input })).await;
    assert_eq!(value().await, Value::Null);
    let input = json!({ "categoryType": "DATE" });
    assert_eq!(
        code(&body(&sandbox, update, json!({ "id": made["id"], "input": input })).await),
        "INVALID"
    );
    let archive = "mutation($ids: [UUID!]!) { archiveExtraCategories(archive: true, ids: $ids) { response { succeededIds failedIds } } }";
    let got = data(&sandbox, archive, json!({ "ids": [made["id"], NOBODY] })).await;
    let wanted = json!({ "succeededIds": [made["id"]], "failedIds": [NOBODY] });
    assert_eq!(got["archiveExtraCategories"]["response"], wanted);
    let query = "query($id: UUID!) { extraCategory(id: $id) { archivedAt } }";
    assert!(
        data(&sandbox, query, json!({ "id": made["id"] })).await["extraCategory"]["archivedAt"].is_string()
    );
}
