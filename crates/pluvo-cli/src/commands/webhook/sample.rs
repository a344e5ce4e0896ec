//! Deliveries as Pluvo's documentation shows them.

use serde_json::{Value, json};

/// A body for an event. Of an event whose body nobody documents it has what every body has.
pub(super) fn body(event: &str, sent_date: &str) -> Value {
    let mut body = what(event);
    body["event"] = event.into();
    body["sentDate"] = sent_date.into();
    body
}

fn what(event: &str) -> Value {
    if event.starts_with("USER_") {
        user()
    } else if event.starts_with("TRAINING_") {
        training()
    } else if event.starts_with("GROUP_") {
        json!({
            "id": "5f0b1f3e-9d0c-4c57-8a51-0a7c3f1f5a10",
            "ref": "group-ref",
            "name": "Group X",
            "enableChat": true,
        })
    } else if event.starts_with("OFFER_EVENT_") {
        // The one body whose keys are in snake case.
        json!({
            "id": "0d3c7c58-5a3e-4f0e-9b1c-6f2f8f7a1e22",
            "user": user(),
            "status": "ENROLLED",
            "offer_event": {
                "id": "b7c1f0a4-3a68-4c39-a0de-2e9d3f6d7c33",
                "ref": "event-ref",
                "title": "Starting Moment September",
                "price": "0.00",
                "max_subscriptions": 25,
                "cancelled": false,
                "kind": "TRAINING",
            },
        })
    } else if matches!(event, "EVENT_CONDITIONS_FULFILLED" | "EVENT_FILE_UPLOADED") {
        json!({
            "id": "e2a9d5b6-7c1d-4b8f-8f0a-9c4b5d6e7f44",
            "ref": "module-group-ref",
            "training": training(),
            "user": user(),
            "conditions": [{ "type": "AbsoluteDateCondition", "date": "2020-12-01T08:00:00+00:00" }],
        })
    } else {
        json!({ "id": "933d8663-edf6-42c9-895a-eeec13fff0ab" })
    }
}

fn user() -> Value {
    json!({
        "id": "933d8663-edf6-42c9-895a-eeec13fff0ab",
        "ref": "user-ref",
        "name": "User X",
        "email": "test@example.com",
        "isActive": true,
        "extraFields": { "Department": "Marketing" },
    })
}

fn training() -> Value {
    json!({
        "id": "3fbc504c-f528-417a-9e50-edca785cd061",
        "ref": "training-ref",
        "title": "Training X",
        "subtitle": "Subtitle",
        "introduction": "Introduction text",
        "startDate": "2020-02-01",
        "endDate": "2021-02-01",
        "isActive": true,
    })
}
