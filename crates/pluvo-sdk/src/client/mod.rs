//! The client: what it is made of, and its sub-clients.

mod builder;
mod check;
mod endpoint;
mod environment;
mod execute;
mod status;

pub use builder::ClientBuilder;
pub use check::Access;
pub use endpoint::Endpoint;
pub(crate) use endpoint::is_loopback;
pub(crate) use execute::{Exchange, JSON, Reply};
pub(crate) use status::redirected;

use crate::auth::TokenCache;
use crate::error::Result;
use crate::inspect::Inspections;
use crate::limit::Limiter;
use crate::observe::Hook;
use crate::operation::Dropped;
use crate::paginate::Defaults;
use crate::query::Query;
use crate::retry::{BudgetCounter, RetryPolicy};
use crate::time::Clock;
use crate::transport::{Timeouts, Transport};
use std::sync::Arc;

/// A client for one Pluvo organisation.
///
/// Cheap to clone; clones share the token, the connections and the limits. It does nothing by itself: no request
/// is made before one is asked for, and nothing runs when nobody waits.
///
/// ```no_run
/// # async fn run() -> pluvo_sdk::Result<()> {
/// let client = pluvo_sdk::Client::builder("acme")
///     .credentials("client-id", "client-secret")
///     .scopes(["users.read"])
///     .build()?;
/// let mut users = client.users().list().archived(false).items();
/// while let Some(user) = users.next().await {
///     println!("{}", user?.name.unwrap_or_default());
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    pub(crate) core: Arc<Core>,
}

#[derive(Debug)]
pub(crate) struct Core {
    pub endpoint: Endpoint,
    pub transport: Arc<dyn Transport>,
    pub tokens: TokenCache,
    pub asked_scopes: Vec<String>,
    pub limiter: Limiter,
    pub retry: RetryPolicy,
    pub budget: BudgetCounter,
    pub timeouts: Timeouts,
    pub max_body: usize,
    pub paging: Defaults,
    pub clock: Arc<dyn Clock>,
    pub hook: Option<Hook>,
    /// What is known of the caller's own documents.
    pub inspected: Inspections,
    /// Default fields that this server does not know.
    pub dropped: Dropped,
}

/// What differs for one call from what is set for the client.
#[derive(Debug, Clone, Default)]
pub struct CallOptions {
    /// Instead of the client's time-outs. The time to connect is the client's in any case.
    pub timeouts: Option<Timeouts>,
    /// Instead of the client's retry policy.
    pub retry: Option<RetryPolicy>,
    /// Instead of the client's limit for the size of an answer, in bytes.
    pub max_body: Option<usize>,
}

impl Client {
    /// Begins a client for an organisation: its name (`acme`), its host or its URL. See [`Endpoint::parse`].
    pub fn builder(organization: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(organization.into())
    }

    /// A client from `PLUVO_ORGANIZATION` or `PLUVO_BASE_URL`, `PLUVO_CLIENT_ID` and `PLUVO_CLIENT_SECRET` or
    /// `PLUVO_ACCESS_TOKEN`, and `PLUVO_SCOPES` (separated by spaces or commas).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config), naming the variable that is missing or wrong.
    pub fn from_env() -> Result<Self> {
        ClientBuilder::from_env()?.build()
    }

    /// Where requests go.
    pub fn endpoint(&self) -> &Endpoint {
        &self.core.endpoint
    }

    /// A GraphQL document of one's own.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// #[derive(serde::Deserialize)]
    /// struct Data { user: Option<Name> }
    /// #[derive(serde::Deserialize)]
    /// struct Name { name: String }
    ///
    /// let data: Data = client
    ///     .query("query($ref: String!) { user(ref: $ref) { name } }")
    ///     .var("ref", "EMP-1")
    ///     .send()
    ///     .await?;
    /// # Ok(()) }
    /// ```
    pub fn query(&self, document: impl Into<String>) -> Query {
        Query::new(self.clone(), document.into())
    }
}
