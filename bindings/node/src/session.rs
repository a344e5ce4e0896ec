//! A client.

use std::sync::Arc;

use bytes::Bytes;
use napi::bindgen_prelude::{Either, Function, Object, Uint8ArraySlice};
use napi::{Env, Result};
use napi_derive::napi;
use pluvo_bridge::{self as bridge, Callbacks, Content};

use crate::bulk::Bulk;
use crate::cancel::CancelHandle;
use crate::clock::TestClock;
use crate::pages::Pages;
use crate::promise::{Answer, Ends, promise, thrown};
use crate::provider::{Provider, Teller, TokenRequest};
use crate::sync::PlanAnswer;

/// A client for one organisation.
#[napi]
#[derive(Debug)]
pub struct Session {
    session: bridge::Session,
    /// Cancelled when it is closed; whatever it does runs under it.
    ends: Ends,
}

#[napi]
impl Session {
    /// Makes a client. Throws an error whose message is JSON.
    #[napi(factory)]
    pub fn open(
        settings: String,
        provider: Option<Function<'_, TokenRequest, ()>>,
        on_attempt: Option<Function<'_, String, ()>>,
        clock: Option<&TestClock>,
    ) -> Result<Self> {
        let mut callbacks = Callbacks::default();
        if let Some(provider) = provider {
            callbacks.provider = Some(Arc::new(Provider::new(&provider)?));
        }
        if let Some(on_attempt) = on_attempt {
            let teller = Teller::new(&on_attempt)?;
            callbacks.on_attempt = Some(Arc::new(move |attempt| {
                teller.tell(attempt);
            }));
        }
        callbacks.clock = clock.map(|clock| clock.inner.clone());
        Ok(Self {
            session: bridge::Session::open(&settings, callbacks).map_err(thrown)?,
            ends: Ends::new(),
        })
    }

    /// A client that shares everything with this one but some settings.
    #[napi]
    pub fn with_options(&self, settings: String) -> Result<Session> {
        Ok(Self {
            session: self.session.with_options(&settings).map_err(thrown)?,
            ends: self.ends.clone(),
        })
    }

    /// Makes a call.
    #[napi]
    pub fn call<'env>(
        &self,
        env: &'env Env,
        name: String,
        request: String,
        cancel: Option<&CancelHandle>,
    ) -> Result<Object<'env>> {
        let (session, ends) = (self.session.clone(), self.ends.clone());
        let cancel = cancel.map(|cancel| cancel.inner.clone());
        promise(env, async move {
            Answer::new(ends.run(cancel, session.call(&name, &request)).await)
        })
    }

    /// Begins to read a list.
    #[napi]
    pub fn list(&self, name: String, request: String) -> Result<Pages> {
        let pages = self.session.list(&name, &request).map_err(thrown)?;
        Ok(Pages::new(pages, self.ends.clone()))
    }

    /// Begins many writes.
    #[napi]
    pub fn bulk(&self, name: String, request: String) -> Result<Bulk> {
        let bulk = self.session.bulk(&name, &request).map_err(thrown)?;
        Ok(Bulk::new(bulk, self.ends.clone()))
    }

    /// Plans a sync.
    #[napi]
    pub fn plan<'env>(
        &self,
        env: &'env Env,
        request: String,
        cancel: Option<&CancelHandle>,
    ) -> Result<Object<'env>> {
        let (session, ends) = (self.session.clone(), self.ends.clone());
        let cancel = cancel.map(|cancel| cancel.inner.clone());
        promise(env, async move {
            let plan = ends.run(cancel, session.plan(&request)).await;
            PlanAnswer::new(plan, ends)
        })
    }

    /// Makes a call with the content of a file: its bytes, or its path.
    #[napi]
    pub fn upload<'env>(
        &self,
        env: &'env Env,
        name: String,
        request: String,
        content: Either<String, Uint8ArraySlice<'_>>,
        cancel: Option<&CancelHandle>,
    ) -> Result<Object<'env>> {
        let content = match content {
            Either::A(path) => Content::Path(path.into()),
            // JavaScript may write to its bytes while they are sent.
            Either::B(bytes) => Content::Bytes(Bytes::copy_from_slice(&bytes)),
        };
        let (session, ends) = (self.session.clone(), self.ends.clone());
        let cancel = cancel.map(|cancel| cancel.inner.clone());
        promise(env, async move {
            Answer::new(ends.run(cancel, session.upload(&name, &request, content)).await)
        })
    }

    /// What it is, without secrets.
    #[napi]
    pub fn describe(&self) -> String {
        self.session.describe()
    }

    /// Gives up whatever runs, and refuses whatever comes.
    #[napi]
    pub fn close(&self) {
        self.ends.closed.cancel();
    }
}
