//! A client, as bindings hold it.

use crate::bulk::{Bulk, BulkCall};
use crate::calls::{self, Call, Content, ListCall, Reading};
use crate::clock::TestClock;
use crate::error::WireError;
use crate::pages::Pages;
use crate::process::PerProcess;
use crate::request::{Defaults, Request};
use crate::settings::{self, Settings};
use crate::sync::{SYNC, SyncPlan};
use crate::task;
use crate::token::{Provider, TokenSource};
use bytes::Bytes;
use pluvo_sdk::transport::ServerTrust;
use pluvo_sdk::{Attempt, Client};
use serde_json::json;
use std::fmt;
use std::sync::Arc;

/// Is told of every attempt, as JSON. Called on a thread of the runtime; it must not block.
pub type OnAttempt = Arc<dyn Fn(&str) + Send + Sync>;

/// What a binding hands over that is no JSON.
#[derive(Clone, Default)]
pub struct Callbacks {
    /// Hands out tokens, in place of client credentials.
    pub provider: Option<Arc<dyn TokenSource>>,
    /// Is told of every attempt: `{"operation", "number", "status", "error", "retryIn", "elapsed", "requestId", "bytes"}`.
    pub on_attempt: Option<OnAttempt>,
    /// Says which servers are trusted, in place of the platform's store.
    pub trust: Option<Arc<dyn ServerTrust>>,
    /// A clock that a test holds.
    pub clock: Option<TestClock>,
}

impl fmt::Debug for Callbacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callbacks")
            .field("provider", &self.provider.is_some())
            .field("on_attempt", &self.on_attempt.is_some())
            .field("trust", &self.trust.is_some())
            .field("clock", &self.clock)
            .finish()
    }
}

/// A client for one organisation. Clones share everything.
///
/// After a fork the child's client is made anew from the same settings: connections, limits and tokens of the parent
/// are not its own.
#[derive(Clone)]
pub struct Session {
    shared: Arc<Shared>,
    defaults: Defaults,
}

struct Shared {
    settings: Settings,
    callbacks: Callbacks,
    client: PerProcess<Client>,
}

impl Session {
    /// Makes a client. Does no I/O.
    ///
    /// # Errors
    ///
    /// `config`, naming the setting that is missing, unknown or wrong.
    pub fn open(settings: &str, callbacks: Callbacks) -> Result<Self, WireError> {
        task::guard(|| {
            let settings = Settings::read(settings, callbacks.provider.is_some())?;
            let defaults = settings.defaults();
            let shared = Arc::new(Shared {
                settings,
                callbacks,
                client: PerProcess::default(),
            });
            let session = Self { shared, defaults };
            session.client()?;
            Ok(session)
        })
    }

    /// A client that shares connections, tokens and limits with this one and has other defaults for its calls:
    /// `timeout`, `maxAttempts`, `total`, `maxBody`, `retry`, `timeouts`, `paging`.
    ///
    /// # Errors
    ///
    /// `config`, for a setting that cannot differ or is wrong.
    pub fn with_options(&self, settings: &str) -> Result<Self, WireError> {
        Ok(Self {
            shared: Arc::clone(&self.shared),
            defaults: settings::derive(self.defaults.clone(), settings)?,
        })
    }

    /// Makes a call that is answered at once: gives what it gives, as JSON.
    ///
    /// On a list, `{"count": true}` gives how many rows it has.
    ///
    /// # Errors
    ///
    /// `invalid` for an unknown call or argument, and whatever the call fails with.
    pub async fn call(&self, name: &str, request: &str) -> Result<Bytes, WireError> {
        let (session, name, request) = (self.clone(), name.to_owned(), request.to_owned());
        task::run(async move {
            let request = Request::read(&name, &request)?;
            if request.count {
                return match calls::list(session.list_call(&name, request)?)? {
                    Reading::Count(count) => Ok(count.await?.to_string().into()),
                    Reading::Pages(_) => Err(WireError::internal("a count was asked for")),
                };
            }
            calls::call(session.plain_call(&name, request)?).await
        })
        .await
    }

    /// Sends a file, and gives what the call gives, as JSON.
    ///
    /// # Errors
    ///
    /// `invalid` for an unknown call or argument, and whatever the call fails with.
    pub async fn upload(&self, name: &str, request: &str, content: Content) -> Result<Bytes, WireError> {
        let (session, name, request) = (self.clone(), name.to_owned(), request.to_owned());
        task::run(async move {
            let request = Request::read(&name, &request)?;
            calls::upload(session.plain_call(&name, request)?, content).await
        })
        .await
    }

    /// Begins to write many rows. Nothing is sent before the first rows are pushed.
    ///
    /// # Errors
    ///
    /// `invalid` for an unknown call or argument.
    pub fn bulk(&self, name: &str, request: &str) -> Result<Bulk, WireError> {
        task::guard(|| {
            let mut request = Request::read(name, request)?;
            request.no_paging(name)?;
            request.no_select(name)?;
            let args = request.args(name);
            let options = self.defaults.with(request.options);
            calls::bulk(BulkCall::new(self.client()?.clone(), args, options))
        })
    }

    /// Plans `users.sync`: reads the organisation and compares it with the rows. Writes nothing.
    ///
    /// # Errors
    ///
    /// `invalid` for an unknown argument or a row that cannot be read, and whatever can befall the reading.
    pub async fn plan(&self, request: &str) -> Result<SyncPlan, WireError> {
        let (session, request) = (self.clone(), request.to_owned());
        task::run(async move {
            let mut request = Request::read(SYNC, &request)?;
            request.no_paging(SYNC)?;
            request.no_select(SYNC)?;
            let args = request.args(SYNC);
            let client = session.client()?.clone();
            SyncPlan::make(client, args, session.defaults).await
        })
        .await
    }

    fn plain_call(&self, name: &str, mut request: Request) -> Result<Call, WireError> {
        request.no_paging(name)?;
        let args = request.args(name);
        Ok(Call {
            client: self.client()?.clone(),
            args,
            select: request.select,
            options: self.defaults.with(request.options),
            repeatable: request.options.repeatable,
        })
    }

    /// Begins to read a list. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// `invalid` for an unknown list, argument or way of reading; `pagination` for a position of another list.
    pub fn list(&self, name: &str, request: &str) -> Result<Pages, WireError> {
        task::guard(|| {
            let request = Request::read(name, request)?;
            if request.count {
                return Err(WireError::invalid("a count has no pages; ask for it with `call`"));
            }
            match calls::list(self.list_call(name, request)?)? {
                Reading::Pages(pager) => Ok(Pages::new(pager)),
                Reading::Count(_) => Err(WireError::internal("pages were asked for")),
            }
        })
    }

    fn list_call(&self, name: &str, mut request: Request) -> Result<ListCall, WireError> {
        let args = request.args(name);
        let defaults = &self.defaults;
        Ok(ListCall {
            client: self.client()?.clone(),
            args,
            options: defaults.with(request.options),
            page_size: request.page_size.or(defaults.page_size),
            prefetch: request.prefetch.or(defaults.prefetch),
            spread: defaults.parallel,
            request,
        })
    }

    /// Where requests go and as whom, without secrets.
    pub fn describe(&self) -> String {
        match self.client() {
            Ok(client) => format!("Pluvo({})", client.endpoint().graphql()),
            Err(_) => "Pluvo(closed)".to_owned(),
        }
    }

    pub(crate) fn client(&self) -> Result<&Client, WireError> {
        let Shared {
            settings,
            callbacks,
            client,
        } = &*self.shared;
        client.get(|| {
            let mut builder = settings.builder(callbacks.provider.is_some())?;
            if let Some(provider) = &callbacks.provider {
                builder = builder.token_provider(Provider(Arc::clone(provider)));
            }
            if let Some(tell) = callbacks.on_attempt.clone() {
                builder = builder.on_attempt(move |attempt| task::tell(|| tell(&told(attempt))));
            }
            if let Some(trust) = callbacks.trust.clone() {
                builder = builder.server_trust(trust);
            }
            if let Some(clock) = &callbacks.clock {
                builder = builder.clock(clock.0.clone());
            }
            Ok(builder.build()?)
        })
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe())
    }
}

fn told(attempt: &Attempt) -> String {
    json!({
        "operation": attempt.operation,
        "number": attempt.number,
        "status": attempt.status,
        "error": attempt.error.map(pluvo_sdk::ErrorKind::code),
        "retryIn": attempt.retry_in.map(|wait| wait.as_secs_f64()),
        "elapsed": attempt.elapsed.as_secs_f64(),
        "requestId": attempt.request_id,
        "bytes": attempt.bytes,
    })
    .to_string()
}
