//! What went wrong, as it crosses the border.

use std::fmt;

/// An error of the bridge.
///
/// One variant with all of it as JSON: each language reads it into its own error type, so that a new field of an error
/// changes nothing here.
#[derive(Debug, uniffi::Error)]
pub enum WireError {
    /// The call failed.
    Failed {
        /// The bridge's error as a JSON object: `code`, `message` and whatever else is known.
        json: String,
    },
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let WireError::Failed { json } = self;
        f.write_str(json)
    }
}

impl std::error::Error for WireError {}

impl From<pluvo_bridge::WireError> for WireError {
    fn from(error: pluvo_bridge::WireError) -> Self {
        WireError::Failed {
            json: error.to_json(),
        }
    }
}
