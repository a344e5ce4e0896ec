//! What the host implements: tokens, hooks and the log.

use std::fmt;
use std::sync::Arc;

use pluvo_bridge::{BoxFuture, LogRecord, TokenSource};

use crate::WireError;

/// A token as the host's provider gives it.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Token {
    /// The bearer token itself.
    pub value: String,
    /// How long it is good for, in seconds; unknown if absent.
    pub expires_in: Option<f64>,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("value", &"***")
            .field("expires_in", &self.expires_in)
            .finish()
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Why the host's provider gave no token.
#[derive(Debug, uniffi::Error)]
pub enum ProviderError {
    /// The provider failed.
    Failed {
        /// The words of its error.
        reason: String,
    },
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ProviderError::Failed { reason } = self;
        f.write_str(reason)
    }
}

impl std::error::Error for ProviderError {}

impl From<uniffi::UnexpectedUniFFICallbackError> for ProviderError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        ProviderError::Failed { reason: error.reason }
    }
}

/// Gives tokens in place of client credentials.
#[uniffi::export(foreign)]
#[async_trait::async_trait]
pub trait TokenProvider: Send + Sync {
    /// A token that is good now.
    async fn token(&self) -> Result<Token, ProviderError>;
}

/// Hears of every HTTP attempt.
#[uniffi::export(foreign)]
pub trait AttemptListener: Send + Sync {
    /// An attempt ended: the bridge's JSON about it.
    fn attempt(&self, event: String);
}

/// Hears the log, on the thread that works: it must not block.
#[uniffi::export(foreign)]
pub trait LogListener: Send + Sync {
    /// One thing that the SDK tells, with its further fields as a JSON object.
    fn log(&self, level: String, target: String, message: String, fields: String);
}

/// Hears how far an apply has come.
#[uniffi::export(foreign)]
pub trait ProgressListener: Send + Sync {
    /// The bridge's JSON of totals so far.
    fn progress(&self, totals: String);
}

/// Sends the log at `level` (`error`, `warn`, `info`, `debug`, `trace` or `off`) and above to one listener of the process.
#[uniffi::export]
pub fn set_log(level: String, listener: Arc<dyn LogListener>) -> Result<(), WireError> {
    let sink = move |record: LogRecord| {
        listener.log(
            record.level.to_owned(),
            record.target,
            record.message,
            record.fields,
        );
    };
    Ok(pluvo_bridge::set_log(&level, Box::new(sink))?)
}

/// The host's provider as the bridge calls it.
pub(crate) struct Source(pub(crate) Arc<dyn TokenProvider>);

impl TokenSource for Source {
    fn token(&self) -> BoxFuture<'static, Result<pluvo_bridge::Token, String>> {
        let provider = self.0.clone();
        Box::pin(async move {
            match provider.token().await {
                Ok(Token { value, expires_in }) => Ok(pluvo_bridge::Token { value, expires_in }),
                Err(ProviderError::Failed { reason }) => Err(reason),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_a_token_has_it() {
        let token = Token {
            value: "canary".to_owned(),
            expires_in: Some(60.0),
        };
        for text in [format!("{token}"), format!("{token:?}"), format!("{token:#?}")] {
            assert!(!text.contains("canary") && text.contains("60"), "{text}");
        }
    }
}
