//! Many writes.

use bytes::Bytes;
use napi::bindgen_prelude::Object;
use napi::{Env, Result};
use napi_derive::napi;
use pluvo_bridge as bridge;

use crate::promise::{Answer, Ends, promise, thrown};

/// Many writes: rows go in, outcomes come out.
#[napi]
#[derive(Debug)]
pub struct Bulk {
    bulk: bridge::Bulk,
    ends: Ends,
}

impl Bulk {
    pub(crate) fn new(bulk: bridge::Bulk, ends: Ends) -> Self {
        Self { bulk, ends }
    }
}

#[napi]
impl Bulk {
    /// Hands rows over, a JSON array; waits while enough are on their way.
    #[napi]
    pub fn push<'env>(&self, env: &'env Env, rows: String) -> Result<Object<'env>> {
        let (bulk, ends) = (self.bulk.clone(), self.ends.clone());
        promise(env, async move {
            let pushed = ends.run(None, bulk.push(&rows)).await;
            Answer::or_nothing(pushed.map(|()| None))
        })
    }

    /// There are no more rows.
    #[napi]
    pub fn finish(&self) -> Result<()> {
        self.bulk.finish().map_err(thrown)
    }

    /// The next outcomes, a JSON array; nothing after the last.
    #[napi]
    pub fn next<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let (bulk, ends) = (self.bulk.clone(), self.ends.clone());
        promise(env, async move {
            let next = ends.run(None, bulk.next()).await;
            Answer::or_nothing(next.map(|outcomes| outcomes.map(Bytes::from)))
        })
    }

    /// How far it is, as JSON.
    #[napi]
    pub fn progress(&self) -> String {
        self.bulk.progress()
    }

    /// Takes no more rows.
    #[napi]
    pub fn stop(&self) {
        self.bulk.stop();
    }
}
