//! The control API under `/__sandbox/`, for test helpers in any language.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, State as Extract};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::data::Place;
use crate::fault::{Fault, PlannedFault};
use crate::http::JSON;
use crate::log::LogEntry;
use crate::outbox::Mail;
use crate::settings::Settings;
use crate::snapshot::{self, Snapshot};
use crate::state::{Inner, State};
use crate::webhook::Webhooks;
use crate::{schema, storage};

type Shared = Extract<Arc<Inner>>;

/// The routes. What they are is written up in the crate's README.
pub(crate) fn router(inner: Arc<Inner>) -> Router {
    Router::new()
        .route(
            "/__sandbox/faults",
            get(faults).post(add_faults).delete(clear_faults),
        )
        .route("/__sandbox/log", get(log).delete(clear_log))
        .route("/__sandbox/outbox", get(outbox).delete(clear_outbox))
        .route(
            "/__sandbox/webhooks",
            get(webhooks).post(subscribe).delete(clear_webhooks),
        )
        .route("/__sandbox/clock", get(clock).post(move_clock))
        .route("/__sandbox/settings", get(settings).post(set))
        .route("/__sandbox/state", get(state))
        .route("/__sandbox/reset", post(reset))
        .route("/__sandbox/clients", post(client))
        .route("/__sandbox/tokens", post(issue))
        .route("/__sandbox/tokens/expire", post(expire))
        .route("/__sandbox/data", post(data))
        .route("/__sandbox/snapshot", get(snapshot).post(load))
        // A snapshot is as large as the organisation.
        .layer(DefaultBodyLimit::disable())
        .with_state(Arc::clone(&inner))
        .merge(storage::router(inner))
}

/// The list of faults, as the control API gives it.
#[derive(Debug, Serialize, Deserialize)]
struct Faults {
    faults: Vec<PlannedFault>,
    /// Whether each of them was hit: what a scenario asks at its end.
    all_hit: bool,
}

async fn faults(Extract(inner): Shared) -> Json<Faults> {
    let faults = inner.faults.all();
    let all_hit = faults.iter().all(|planned| planned.hits > 0);
    Json(Faults { faults, all_hit })
}

/// One or many.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    Many(Vec<Fault>),
    One(Box<Fault>),
}

async fn add_faults(Extract(inner): Shared, body: bytes::Bytes) -> Response {
    // Not by way of the untagged form alone: its message would not say what is wrong.
    let many = serde_json::from_slice::<serde_json::Value>(&body).map(|json| json.is_array());
    let faults = match many {
        Ok(true) => serde_json::from_slice::<Vec<Fault>>(&body).map(OneOrMany::Many),
        Ok(false) => serde_json::from_slice::<Fault>(&body).map(|fault| OneOrMany::One(Box::new(fault))),
        Err(error) => Err(error),
    };
    match faults {
        Ok(OneOrMany::Many(faults)) => inner.faults.add(faults),
        Ok(OneOrMany::One(fault)) => inner.faults.add([*fault]),
        Err(error) => return refuse(&error),
    }
    StatusCode::NO_CONTENT.into_response()
}

async fn clear_faults(Extract(inner): Shared) -> StatusCode {
    inner.faults.clear();
    StatusCode::NO_CONTENT
}

async fn log(Extract(inner): Shared) -> Json<Vec<LogEntry>> {
    Json(inner.log.all())
}

async fn clear_log(Extract(inner): Shared) -> StatusCode {
    inner.log.clear();
    StatusCode::NO_CONTENT
}

async fn outbox(Extract(inner): Shared) -> Json<Vec<Mail>> {
    Json(inner.outbox.all())
}

async fn clear_outbox(Extract(inner): Shared) -> StatusCode {
    inner.outbox.clear();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct Move {
    hold: Option<bool>,
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::optional")]
    advance: Option<Duration>,
}

async fn clock(Extract(inner): Shared) -> Json<serde_json::Value> {
    Json(json!({ "now_ms": inner.now_ms(), "held": inner.clock.is_held() }))
}

async fn move_clock(Extract(inner): Shared, body: bytes::Bytes) -> Response {
    let Move { hold, advance } = match serde_json::from_slice(&body) {
        Ok(wanted) => wanted,
        Err(error) => return refuse(&error),
    };
    if let Some(hold) = hold {
        inner.clock.hold(hold);
    }
    if let Some(advance) = advance {
        inner.clock.advance(advance);
    }
    clock(Extract(inner)).await.into_response()
}

async fn settings(Extract(inner): Shared) -> Json<Settings> {
    Json((*inner.settings()).clone())
}

/// Takes the settings that are given and leaves the others as they are.
async fn set(Extract(inner): Shared, body: bytes::Bytes) -> Response {
    let changed =
        serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&body).and_then(|changes| {
            let mut settings = json!(*inner.settings());
            for (name, value) in changes {
                settings[name] = value;
            }
            serde_json::from_value::<Settings>(settings)
        });
    match changed {
        Ok(settings) => {
            inner.set(settings.clone());
            Json(settings).into_response()
        }
        Err(error) => refuse(&error),
    }
}

async fn state(Extract(inner): Shared) -> Json<State> {
    Json(inner.state())
}

async fn reset(Extract(inner): Shared) -> StatusCode {
    inner.reset();
    StatusCode::NO_CONTENT
}

async fn webhooks(Extract(inner): Shared) -> Json<Webhooks> {
    Json(inner.hooks.all())
}

async fn subscribe(Extract(inner): Shared, body: bytes::Bytes) -> Response {
    let wanted = serde_json::from_slice(&body).map_err(|error| error.to_string());
    match wanted.and_then(|subscription| inner.hooks.subscribe(subscription)) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response(),
    }
}

async fn clear_webhooks(Extract(inner): Shared) -> StatusCode {
    inner.hooks.clear();
    StatusCode::NO_CONTENT
}

async fn snapshot(Extract(inner): Shared) -> Response {
    ([(header::CONTENT_TYPE, JSON)], snapshot::save(&inner)).into_response()
}

async fn load(Extract(inner): Shared, body: bytes::Bytes) -> Response {
    match Snapshot::read(&body) {
        Ok(snapshot) => snapshot.load(&inner),
        Err(error) => return (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response(),
    }
    state(Extract(inner)).await.into_response()
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Wanted {
    scopes: Option<Vec<String>>,
}

/// Gives out a token without the token endpoint: for clients that are handed one.
async fn issue(Extract(inner): Shared, body: bytes::Bytes) -> Response {
    let wanted = if body.is_empty() {
        Ok(Wanted::default())
    } else {
        serde_json::from_slice::<Wanted>(&body)
    };
    match wanted {
        Ok(wanted) => {
            let scopes = wanted.scopes.unwrap_or_else(|| schema::api().all_scopes.clone());
            Json(json!({ "access_token": give(&inner, scopes) })).into_response()
        }
        Err(error) => refuse(&error),
    }
}

/// A token with these scopes.
pub(crate) fn give(inner: &Inner, scopes: Vec<String>) -> String {
    let lifetime = inner.settings().token_lifetime;
    inner
        .tokens
        .issue("handed-out", scopes, inner.clock.elapsed(), lifetime)
}

async fn client(Extract(inner): Shared, body: bytes::Bytes) -> Response {
    match serde_json::from_slice(&body) {
        Ok(client) => inner.set_client(client),
        Err(error) => return refuse(&error),
    }
    StatusCode::NO_CONTENT.into_response()
}

async fn expire(Extract(inner): Shared) -> StatusCode {
    inner.tokens.expire();
    StatusCode::NO_CONTENT
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Change {
    insert: usize,
    remove: usize,
    at: Place,
}

async fn data(Extract(inner): Shared, body: bytes::Bytes) -> Response {
    match serde_json::from_slice::<Change>(&body) {
        Ok(Change { insert, remove, at }) => {
            inner.edit(|store| {
                store.insert_users(insert, at);
                store.remove_users(remove, at);
            });
            state(Extract(inner)).await.into_response()
        }
        Err(error) => refuse(&error),
    }
}

fn refuse(error: &serde_json::Error) -> Response {
    (
        StatusCode::BAD_REQUEST,
        Json(json!({ "error": error.to_string() })),
    )
        .into_response()
}
