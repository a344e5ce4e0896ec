//! Finding out what a token may do.

use super::Client;
use crate::error::Result;

/// What the client's token may do, as far as Pluvo tells.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Access {
    /// The scopes that were granted; `None` where nobody told, as with a token of the caller's own.
    pub granted: Option<Vec<String>>,
    /// The scopes that were asked for and not granted.
    pub missing: Vec<String>,
}

impl Client {
    /// Gets a token, if there is none yet, and tells what it may do.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Auth`](crate::ErrorKind::Auth) or [`ErrorKind::Connect`](crate::ErrorKind::Connect) where no token
    /// can be had.
    pub async fn check(&self) -> Result<Access> {
        let token = self.core.tokens.get().await?;
        let granted = token.scopes.clone();
        let missing = match &granted {
            Some(granted) => self
                .core
                .asked_scopes
                .iter()
                .filter(|asked| !granted.contains(asked))
                .cloned()
                .collect(),
            None => Vec::new(),
        };
        Ok(Access { granted, missing })
    }
}
