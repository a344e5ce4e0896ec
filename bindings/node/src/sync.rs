//! Syncs.

use bytes::Bytes;
use napi::bindgen_prelude::{Function, Object};
use napi::{Env, Result};
use napi_derive::napi;
use pluvo_bridge::{self as bridge, OnProgress, WireError};

use crate::promise::{Answer, Ends, promise};
use crate::provider::Teller;

/// What a sync would do.
#[napi]
#[derive(Debug)]
pub struct SyncPlan {
    plan: bridge::SyncPlan,
    ends: Ends,
}

/// What the promise of a plan resolves to.
#[napi(object, object_from_js = false)]
#[derive(Debug)]
pub struct PlanAnswer {
    /// The plan.
    pub plan: Option<SyncPlan>,
    /// The error, as JSON.
    pub error: Option<String>,
}

impl PlanAnswer {
    pub(crate) fn new(plan: std::result::Result<bridge::SyncPlan, WireError>, ends: Ends) -> Self {
        match plan {
            Ok(plan) => Self {
                plan: Some(SyncPlan { plan, ends }),
                error: None,
            },
            Err(error) => Self {
                plan: None,
                error: Some(error.to_json()),
            },
        }
    }
}

#[napi]
impl SyncPlan {
    /// What would be done, as JSON.
    #[napi]
    pub fn describe(&self) -> String {
        self.plan.describe()
    }

    /// Carries it out, and tells how far it is.
    #[napi]
    pub fn apply<'env>(
        &self,
        env: &'env Env,
        request: String,
        on_progress: Option<Function<'_, String, ()>>,
    ) -> Result<Object<'env>> {
        let tell = on_progress.map(|function| Teller::new(&function)).transpose()?;
        let tell = tell.map(|tell| -> OnProgress {
            Box::new(move |progress| {
                tell.tell(progress);
            })
        });
        let (plan, ends) = (self.plan.clone(), self.ends.clone());
        promise(env, async move {
            let applied = ends.run(None, plan.apply(&request, tell)).await;
            Answer::new(applied.map(Bytes::from))
        })
    }

    /// Begins no further step.
    #[napi]
    pub fn stop(&self) {
        self.plan.stop();
    }
}
