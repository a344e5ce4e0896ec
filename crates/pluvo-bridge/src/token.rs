//! Tokens that the caller's own code hands out.

use pluvo_sdk::auth::{AccessToken, TokenProvider};
use pluvo_sdk::time::BoxFuture;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A token that was handed out.
#[derive(Clone)]
pub struct Token {
    /// The token.
    pub value: String,
    /// How many seconds it lives from now on, where that is known.
    pub expires_in: Option<f64>,
}

/// Without the token.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}

/// Hands out tokens: a function of the caller, in the caller's language.
pub trait TokenSource: Send + Sync {
    /// A token that can be used now, or why there is none. It is asked by one call at a time.
    fn token(&self) -> BoxFuture<'static, Result<Token, String>>;
}

pub(crate) struct Provider(pub(crate) Arc<dyn TokenSource>);

impl TokenProvider for Provider {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, Box<dyn Error + Send + Sync>>> {
        let asked = self.0.token();
        Box::pin(async move {
            let Token { value, expires_in } = asked.await?;
            let token = AccessToken::new(value);
            Ok(match expires_in {
                Some(seconds) => token.expires_in(lifetime(seconds)?),
                None => token,
            })
        })
    }
}

/// What has ended already lives no more.
fn lifetime(seconds: f64) -> Result<Duration, &'static str> {
    Duration::try_from_secs_f64(seconds.max(0.0))
        .map_err(|_| "the token's lifetime is not a number of seconds")
}
