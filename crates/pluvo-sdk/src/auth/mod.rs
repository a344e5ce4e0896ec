//! Where tokens come from, and how they are kept.

mod cache;
mod endpoint;
mod provider;
mod store;

pub(crate) use cache::{Token, TokenCache, TokenSource};
pub(crate) use endpoint::TokenEndpoint;
pub use provider::{AccessToken, TokenProvider};
pub use store::{FileStore, StoreGuard, StoredToken, TokenStore};

use crate::secret::Secret;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How a client gets its tokens.
///
/// In an app that is handed to users, take [`Auth::Provider`]: a client secret that ships with an app is public.
#[derive(Clone)]
#[non_exhaustive]
pub enum Auth {
    /// OAuth client credentials: for servers and scripts.
    ClientCredentials {
        /// The client's id.
        id: String,
        /// The client's secret.
        secret: Secret,
        /// The scopes to ask for; none leaves the choice to Pluvo.
        scopes: Vec<String>,
    },
    /// One token, which cannot be renewed.
    Token(Secret),
    /// The caller's own source, asked again whenever a token is needed.
    Provider(Arc<dyn TokenProvider>),
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ClientCredentials { id, scopes, .. } => f
                .debug_struct("ClientCredentials")
                .field("id", id)
                .field("scopes", scopes)
                .finish_non_exhaustive(),
            Self::Token(_) => f.write_str("Token(***)"),
            Self::Provider(_) => f.write_str("Provider(..)"),
        }
    }
}

/// When tokens are renewed. Pluvo's live for 24 hours and cannot be refreshed, only asked for anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Renewal {
    /// From so long before its end a token is renewed by one caller while the others go on with it; never more
    /// than a quarter of its life. One hour by default.
    pub ahead: Duration,
    /// In so long before its end nobody sends it any more and everybody waits for the next; never more than a
    /// twentieth of its life. One minute by default.
    pub margin: Duration,
    /// How long a failed renewal ahead of time is left alone. 5 s by default.
    pub pause: Duration,
    /// How long a caller's provider may take. 30 s by default.
    pub provider_timeout: Duration,
}

impl Default for Renewal {
    fn default() -> Self {
        Self {
            ahead: Duration::from_secs(3600),
            margin: Duration::from_secs(60),
            pause: Duration::from_secs(5),
            provider_timeout: Duration::from_secs(30),
        }
    }
}
