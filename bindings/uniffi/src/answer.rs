//! Bytes that stay here until they have been read.

use std::sync::Arc;

/// An answer, as JSON, in memory of the core.
///
/// JNA makes a handful of objects, and walks through their fields by reflection, for each structure that crosses by value,
/// as strings and records do. A handle and two numbers cost it nothing, and the bytes are copied once.
#[derive(Debug, uniffi::Object)]
pub struct Answer(Vec<u8>);

impl Answer {
    pub(crate) fn new(json: impl Into<Vec<u8>>) -> Arc<Self> {
        Arc::new(Self(json.into()))
    }
}

#[uniffi::export]
impl Answer {
    /// Where it begins, for as long as this object is there.
    pub fn address(&self) -> u64 {
        self.0.as_ptr().expose_provenance() as u64
    }

    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        self.0.len() as u64
    }
}
