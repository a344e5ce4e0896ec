//! What the tests share.
#![allow(dead_code, reason = "each test uses a part of it")]

use pluvo_bridge::{Callbacks, Session, WireError};
use pluvo_sandbox::Sandbox;
use serde_json::{Value, json};

pub async fn sandbox() -> Sandbox {
    Sandbox::builder().start().await.unwrap()
}

/// A session of the sandbox's own client.
pub fn open(sandbox: &Sandbox, callbacks: Callbacks) -> Session {
    open_with(sandbox, json!({}), callbacks)
}

/// The same with further settings.
pub fn open_with(sandbox: &Sandbox, further: Value, callbacks: Callbacks) -> Session {
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

pub async fn call(session: &Session, name: &str, args: &Value) -> Result<Value, WireError> {
    let request = json!({"args": args}).to_string();
    let answer = session.call(name, &request).await?;
    Ok(serde_json::from_slice(&answer).unwrap())
}

/// All rows of a list.
pub async fn read(session: &Session, name: &str, request: Value) -> Vec<Value> {
    let pages = session.list(name, &request.to_string()).unwrap();
    let mut rows = Vec::new();
    while let Some(page) = pages.next().await.unwrap() {
        let edges: Vec<Value> = serde_json::from_slice(&page.edges).unwrap();
        rows.extend(edges.into_iter().map(|mut edge| edge["node"].take()));
    }
    rows
}
