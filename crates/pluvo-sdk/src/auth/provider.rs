//! The caller's own source of tokens.

use crate::secret::Secret;
use crate::time::BoxFuture;
use std::error::Error as StdError;
use std::future::Future;
use std::time::Duration;

/// A token, as a [`TokenProvider`] hands it over.
#[derive(Debug, Clone)]
pub struct AccessToken {
    pub(crate) secret: Secret,
    pub(crate) expires_in: Option<Duration>,
    pub(crate) scopes: Option<Vec<String>>,
}

impl AccessToken {
    /// A token of unknown lifetime: it is used until Pluvo refuses it.
    pub fn new(token: impl Into<Secret>) -> Self {
        Self {
            secret: token.into(),
            expires_in: None,
            scopes: None,
        }
    }

    /// Tells how long it lives from now on, so that it is renewed ahead of time.
    #[must_use]
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.expires_in = Some(lifetime);
        self
    }

    /// Tells what it may do, so that errors can name a missing scope.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }
}

impl<T: Into<Secret>> From<T> for AccessToken {
    fn from(token: T) -> Self {
        Self::new(token)
    }
}

/// Hands out tokens: an app's own back end, a vault. It takes the place of client credentials.
///
/// It is asked by one caller at a time, and again whenever a token nears its end or is refused. Any
/// `Fn() -> impl Future<Output = Result<_, _>>` is one:
///
/// ```
/// # async fn ask_our_back_end() -> Result<String, std::io::Error> { Ok("token".into()) }
/// let client = pluvo_sdk::Client::builder("acme")
///     .token_provider(|| async { ask_our_back_end().await })
///     .build()?;
/// # Ok::<(), pluvo_sdk::Error>(())
/// ```
pub trait TokenProvider: Send + Sync + 'static {
    /// A token that can be used now.
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, Box<dyn StdError + Send + Sync>>>;
}

impl<F, R, T, E> TokenProvider for F
where
    F: Fn() -> R + Send + Sync + 'static,
    R: Future<Output = Result<T, E>> + Send + 'static,
    T: Into<AccessToken>,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, Box<dyn StdError + Send + Sync>>> {
        let answer = self();
        Box::pin(async move { answer.await.map(Into::into).map_err(Into::into) })
    }
}
