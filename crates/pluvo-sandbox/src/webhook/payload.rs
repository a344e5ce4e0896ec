//! What a delivery says of a record.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::data::Store;
use crate::data::table::Record;
use crate::resolve::{self, Node};

/// The body of an event, but for its name and date. Records that no event is about give an empty one.
pub(crate) fn of(store: &Store, node: &Node) -> Map<String, Value> {
    let body = match node {
        Node::User(i) => user(store, *i),
        Node::Group(i) => {
            let group = store.groups.get(*i);
            json!({ "id": group.id, "ref": group.reference(), "name": group.name, "enableChat": group.enable_chat })
        }
        Node::Training(i) => {
            let training = store.trainings.get(*i);
            json!({
                "id": training.id,
                "ref": training.reference(),
                "title": training.title,
                "subtitle": training.subtitle,
                "introduction": training.introduction,
                "startDate": training.start.map(day),
                "endDate": training.end.map(day),
                "isActive": training.is_active,
            })
        }
        Node::Enrollment(event, at) => {
            let event = store.events.get(*event);
            let enrollment = &event.enrollments[*at];
            json!({
                "id": enrollment.id,
                "user": user(store, enrollment.user),
                "status": enrollment.status.0,
                "offer_event": {
                    "id": event.id,
                    "ref": event.reference(),
                    "title": event.title,
                    "price": format!("{}.{:02}", event.price / 100, event.price % 100),
                    "max_subscriptions": event.max_subscriptions,
                    "cancelled": event.cancelled,
                    "kind": event.kind.0,
                },
            })
        }
        Node::PortfolioItem(i) => {
            let item = store.portfolio.get(*i);
            json!({
                "id": item.id,
                "title": item.title,
                "description": item.description,
                "startDate": day(item.start),
                "endDate": item.end.map(day),
                "user": user(store, item.user),
            })
        }
        _ => json!({}),
    };
    match body {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn user(store: &Store, i: u32) -> Value {
    let user = store.users.get(i);
    let mut extra = Map::new();
    for value in &user.extra {
        let title = store.categories.get(value.category).title.clone();
        extra.insert(title, resolve::plain(store, value).into());
    }
    json!({
        "id": user.id,
        "ref": user.reference(),
        "name": user.name,
        "email": user.email,
        "isActive": user.archived_at.is_none(),
        "extraFields": extra,
    })
}

fn day(seconds: i64) -> String {
    let time = Timestamp::from_second(seconds).unwrap_or_default().to_string();
    time[..10].to_owned()
}
