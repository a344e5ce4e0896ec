//! What a sync would do, and doing it.

use std::sync::Arc;

use crate::task::run;
use crate::{CancelHandle, ProgressListener, WireError};

/// What has to change for the organisation to be as desired.
#[derive(uniffi::Object)]
pub struct SyncPlan(pluvo_bridge::SyncPlan);

impl SyncPlan {
    pub(crate) fn new(plan: pluvo_bridge::SyncPlan) -> Arc<Self> {
        Arc::new(Self(plan))
    }
}

#[uniffi::export]
impl SyncPlan {
    /// Summary, steps and problems, as JSON.
    pub fn describe(&self) -> String {
        self.0.describe()
    }

    /// Carries the plan out and gives the report, as JSON.
    pub async fn apply(
        &self,
        request: String,
        progress: Option<Arc<dyn ProgressListener>>,
        cancel: Option<Arc<CancelHandle>>,
    ) -> Result<String, WireError> {
        let tell = progress.map(|listener| -> pluvo_bridge::OnProgress {
            Box::new(move |totals: &str| listener.progress(totals.to_owned()))
        });
        run(cancel, self.0.apply(&request, tell)).await
    }

    /// Begins no more steps. What is in flight is finished and told.
    pub fn stop(&self) {
        self.0.stop();
    }
}
