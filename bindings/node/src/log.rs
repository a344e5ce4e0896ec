//! What the core logs.

use std::sync::{Mutex, PoisonError};

use napi::Result;
use napi::bindgen_prelude::Function;
use napi_derive::napi;
use pluvo_bridge as bridge;
use serde_json::json;
use serde_json::value::RawValue;

use crate::promise::thrown;
use crate::provider::Teller;

/// The listeners of all environments of this process, each by its thread: the core has one log.
static LISTENERS: Mutex<Vec<(std::thread::ThreadId, Teller)>> = Mutex::new(Vec::new());

/// Sends records from a level on to a function, as JSON, until it is called without one. The level is the process's.
#[napi]
pub fn set_log(level: String, sink: Option<Function<'_, String, ()>>) -> Result<()> {
    let own = std::thread::current().id();
    let sink = sink.map(|sink| Teller::new(&sink)).transpose()?;
    let mut listeners = LISTENERS.lock().unwrap_or_else(PoisonError::into_inner);
    listeners.retain(|(thread, _)| *thread != own);
    listeners.extend(sink.map(|sink| (own, sink)));
    drop(listeners);
    bridge::set_log(&level, Box::new(|record| tell(&record))).map_err(thrown)
}

fn tell(record: &bridge::LogRecord) {
    let fields: Option<&RawValue> = serde_json::from_str(&record.fields).ok();
    let json = json!({
        "level": record.level,
        "target": record.target,
        "message": record.message,
        "fields": fields,
    });
    let json = json.to_string();
    let mut listeners = LISTENERS.lock().unwrap_or_else(PoisonError::into_inner);
    // An environment that is gone listens no more.
    listeners.retain(|(_, listener)| listener.tell(&json));
}
