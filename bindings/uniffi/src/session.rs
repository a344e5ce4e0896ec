//! A client, and the calls that it makes.

use std::sync::Arc;

use pluvo_bridge::Callbacks;

use crate::callbacks::Source;
use crate::task::{run, text};
use crate::trust::Vouched;
use crate::{
    Answer, AttemptListener, Bulk, CancelHandle, Pages, ServerTrust, SyncPlan, TestClock, TokenProvider,
    WireError,
};

/// A client of one organisation.
#[derive(uniffi::Object)]
pub struct Session(pluvo_bridge::Session);

/// What a file is made of.
#[derive(uniffi::Enum)]
pub enum Content {
    /// A file on this machine, read as it is sent.
    Path {
        /// Where it is.
        path: String,
    },
    /// Bytes in memory.
    Bytes {
        /// The bytes.
        bytes: Vec<u8>,
    },
}

#[uniffi::export]
impl Session {
    /// Makes a client from the bridge's JSON settings. Sends nothing.
    #[uniffi::constructor(default(trust = None))]
    pub fn open(
        settings: String,
        provider: Option<Arc<dyn TokenProvider>>,
        attempts: Option<Arc<dyn AttemptListener>>,
        trust: Option<Arc<dyn ServerTrust>>,
        clock: Option<Arc<TestClock>>,
    ) -> Result<Arc<Self>, WireError> {
        let callbacks = Callbacks {
            provider: provider.map(|provider| Arc::new(Source(provider)) as _),
            on_attempt: attempts
                .map(|listener| Arc::new(move |event: &str| listener.attempt(event.to_owned())) as _),
            trust: trust.map(|trust| Arc::new(Vouched(trust)) as _),
            clock: clock.map(|clock| clock.0.clone()),
        };
        Ok(Arc::new(Self(pluvo_bridge::Session::open(&settings, callbacks)?)))
    }

    /// A client with other defaults that shares everything else.
    pub fn with_options(&self, settings: String) -> Result<Arc<Self>, WireError> {
        Ok(Arc::new(Self(self.0.with_options(&settings)?)))
    }

    /// What this client is, without secrets.
    pub fn describe(&self) -> String {
        self.0.describe()
    }

    /// Makes one call and gives the JSON of its result.
    pub async fn call(
        &self,
        name: String,
        request: String,
        cancel: Arc<CancelHandle>,
    ) -> Result<String, WireError> {
        let answer = run(cancel, self.0.call(&name, &request)).await?;
        Ok(text(answer))
    }

    /// As [`call`](Self::call), as bytes.
    pub async fn call_answer(
        &self,
        name: String,
        request: String,
        cancel: Arc<CancelHandle>,
    ) -> Result<Arc<Answer>, WireError> {
        let answer = run(cancel, self.0.call(&name, &request)).await?;
        Ok(Answer::new(answer))
    }

    /// The pages of a list. Sends nothing before the first is asked for.
    pub fn list(&self, name: String, request: String) -> Result<Arc<Pages>, WireError> {
        Ok(Pages::new(self.0.list(&name, &request)?))
    }

    /// A change of many rows, which are pushed and whose outcomes are taken.
    pub fn bulk(&self, name: String, request: String) -> Result<Arc<Bulk>, WireError> {
        Ok(Bulk::new(self.0.bulk(&name, &request)?))
    }

    /// Compares desired rows with the organisation.
    pub async fn plan(&self, request: String, cancel: Arc<CancelHandle>) -> Result<Arc<SyncPlan>, WireError> {
        let plan = run(cancel, self.0.plan(&request)).await?;
        Ok(SyncPlan::new(plan))
    }

    /// Sends a file.
    pub async fn upload(
        &self,
        name: String,
        request: String,
        content: Content,
        cancel: Arc<CancelHandle>,
    ) -> Result<String, WireError> {
        let content = match content {
            Content::Path { path } => pluvo_bridge::Content::Path(path.into()),
            Content::Bytes { bytes } => pluvo_bridge::Content::Bytes(bytes.into()),
        };
        let answer = run(cancel, self.0.upload(&name, &request, content)).await?;
        Ok(text(answer))
    }
}
