//! What the tests share.
#![allow(dead_code, reason = "each test uses a part of it")]

use pluvo_bridge::{Bulk, Callbacks, Session, WireError};
use pluvo_sandbox::Sandbox;
use serde_json::{Value, json};

pub(crate) async fn sandbox() -> Sandbox {
    Sandbox::builder().start().await.unwrap()
}

/// A session of the sandbox's own client.
pub(crate) fn open(sandbox: &Sandbox) -> Session {
    open_with(sandbox, &json!({}), Callbacks::default())
}

/// The same with further settings.
pub(crate) fn open_with(sandbox: &Sandbox, further: &Value, callbacks: Callbacks) -> Session {
    let mut settings = json!({
        "baseUrl": sandbox.url(),
        "clientId": sandbox.client_id(),
        "clientSecret": sandbox.client_secret(),
    });
    for (name, value) in further.as_object().unwrap() {
        settings[name] = value.clone();
    }
    Session::open(&settings.to_string(), callbacks).unwrap()
}

pub(crate) async fn call(session: &Session, name: &str, args: &Value) -> Result<Value, WireError> {
    let request = json!({"args": args}).to_string();
    let answer = session.call(name, &request).await?;
    Ok(serde_json::from_slice(&answer).unwrap())
}

/// All rows of a list.
pub(crate) async fn read(session: &Session, name: &str, request: Value) -> Vec<Value> {
    let pages = session.list(name, &request.to_string()).unwrap();
    let mut rows = Vec::new();
    while let Some(page) = pages.next().await.unwrap() {
        let edges: Vec<Value> = serde_json::from_slice(&page.edges).unwrap();
        rows.extend(edges.into_iter().map(|mut edge| edge["node"].take()));
    }
    rows
}

/// The outcomes that are left.
pub(crate) async fn outcomes(bulk: &Bulk) -> Vec<Value> {
    let mut outcomes = Vec::new();
    while let Some(told) = bulk.next().await.unwrap() {
        outcomes.extend(serde_json::from_str::<Vec<Value>>(&told).unwrap());
    }
    outcomes
}

pub(crate) fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}
