//! Servers that the host vouches for.

use std::fmt;
use std::sync::Arc;

/// Why the host does not trust a server.
#[derive(Debug, uniffi::Error)]
pub enum TrustError {
    /// It is refused.
    Refused {
        /// Why, in words.
        reason: String,
    },
}

impl fmt::Display for TrustError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TrustError::Refused { reason } = self;
        f.write_str(reason)
    }
}

impl std::error::Error for TrustError {}

impl From<uniffi::UnexpectedUniFFICallbackError> for TrustError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        TrustError::Refused { reason: error.reason }
    }
}

/// Says which servers are trusted, in place of the core.
#[uniffi::export(foreign)]
pub trait ServerTrust: Send + Sync {
    /// Whether a chain of certificates, in DER and with the server's own first, is good for a host. The name in it was
    /// compared with the host before.
    fn check(&self, chain: Vec<Vec<u8>>, host: String) -> Result<(), TrustError>;
}

/// The host's trust as the core asks it.
pub(crate) struct Vouched(pub(crate) Arc<dyn ServerTrust>);

impl fmt::Debug for Vouched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vouched")
    }
}

impl pluvo_bridge::ServerTrust for Vouched {
    fn check(&self, chain: &[&[u8]], host: &str) -> Result<(), String> {
        let chain = chain.iter().map(|certificate| certificate.to_vec()).collect();
        self.0
            .check(chain, host.to_owned())
            .map_err(|error| error.to_string())
    }
}
