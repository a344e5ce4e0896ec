//! Time that a test holds.

use std::sync::Arc;

/// A clock that stands still until it is told otherwise; a wait on it advances it and takes no time.
#[derive(uniffi::Object)]
pub struct TestClock(pub(crate) pluvo_bridge::TestClock);

#[uniffi::export]
impl TestClock {
    /// A clock that stands still.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::new(Self(pluvo_bridge::TestClock::new()))
    }

    /// Lets time pass, in milliseconds.
    pub fn advance(&self, ms: u64) {
        self.0.advance(ms);
    }

    /// Sets the date, in milliseconds since 1970.
    pub fn set_wall(&self, unix_ms: u64) {
        self.0.set_wall(unix_ms);
    }

    /// Moves the date alone, forward or back, in milliseconds.
    pub fn shift_wall(&self, ms: i64) {
        self.0.shift_wall(ms);
    }

    /// The date, in milliseconds since 1970.
    pub fn wall(&self) -> u64 {
        self.0.wall()
    }

    /// How long each wait on it was, in seconds.
    pub fn waits(&self) -> Vec<f64> {
        self.0.waits()
    }
}
