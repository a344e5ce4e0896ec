//! Many rows, pushed in and told about one by one.

use std::sync::Arc;

use crate::task::run;
use crate::{CancelHandle, WireError};

/// A change of many rows that is under way.
#[derive(uniffi::Object)]
pub struct Bulk(pluvo_bridge::Bulk);

impl Bulk {
    pub(crate) fn new(bulk: pluvo_bridge::Bulk) -> Arc<Self> {
        Arc::new(Self(bulk))
    }
}

#[uniffi::export]
impl Bulk {
    /// Hands rows over (a JSON array), waiting while enough are under way.
    pub async fn push(&self, rows: String, cancel: Option<Arc<CancelHandle>>) -> Result<(), WireError> {
        run(cancel, self.0.push(&rows)).await
    }

    /// Says that no more rows come.
    pub fn finish(&self) -> Result<(), WireError> {
        Ok(self.0.finish()?)
    }

    /// The next outcomes (a JSON array), or nothing when every row has one.
    pub async fn next(&self, cancel: Option<Arc<CancelHandle>>) -> Result<Option<String>, WireError> {
        run(cancel, self.0.next()).await
    }

    /// The totals so far, as JSON.
    pub fn progress(&self) -> String {
        self.0.progress()
    }

    /// Takes no more rows. What is in flight is finished and told.
    pub fn stop(&self) {
        self.0.stop();
    }
}
