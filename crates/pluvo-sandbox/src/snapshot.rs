//! A sandbox's data and time in a file.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::data::{Size, Store};
use crate::state::Inner;

/// The version of the format, which changes whenever an older sandbox could not read it.
const VERSION: u32 = 1;

/// What is saved: the data and the clock. Settings, clients, tokens, faults, log and outbox are not part of it.
#[derive(Serialize)]
struct Saved<'a> {
    version: u32,
    clock_ms: u64,
    size: Size,
    data: &'a Store,
}

/// What is loaded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Snapshot {
    version: u32,
    clock_ms: u64,
    size: Size,
    data: Store,
}

impl Snapshot {
    /// Reads what [`save`] wrote.
    pub(crate) fn read(json: &[u8]) -> Result<Self, String> {
        let snapshot: Self = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        if snapshot.version != VERSION {
            return Err(format!(
                "the snapshot has version {}, not {VERSION}",
                snapshot.version
            ));
        }
        snapshot.data.check()?;
        Ok(snapshot)
    }

    /// Puts the data in place of the sandbox's, and moves its clock on to where the snapshot's was, but never back.
    pub(crate) fn load(self, inner: &Inner) {
        let Self {
            clock_ms, size, data, ..
        } = self;
        inner.edit(|store| *store = data);
        inner.set_size(size);
        let behind = Duration::from_millis(clock_ms).saturating_sub(inner.clock.elapsed());
        if !behind.is_zero() {
            inner.clock.advance(behind);
        }
    }
}

/// The data and the clock as JSON.
pub(crate) fn save(inner: &Inner) -> Vec<u8> {
    inner.settle();
    let saved = Saved {
        version: VERSION,
        clock_ms: inner.now_ms(),
        size: inner.size(),
        data: &inner.store(),
    };
    // Every part of it is plain data, which JSON can hold.
    serde_json::to_vec(&saved).unwrap_or_default()
}
