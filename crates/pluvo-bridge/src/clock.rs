//! A clock that tests of a binding hold.

use pluvo_sdk::time::{Clock, HeldClock};
use std::time::{Duration, UNIX_EPOCH};

/// Stands still until it is advanced; a wait of the client advances it at once and takes no time.
#[derive(Debug, Clone, Default)]
pub struct TestClock(pub(crate) HeldClock);

impl TestClock {
    /// A clock that stands at the present moment.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets so many milliseconds pass.
    pub fn advance(&self, milliseconds: u64) {
        self.0.advance(Duration::from_millis(milliseconds));
    }

    /// Sets the date, in milliseconds since 1970, without letting time pass.
    pub fn set_wall(&self, unix_ms: u64) {
        self.0.set_wall(UNIX_EPOCH + Duration::from_millis(unix_ms));
    }

    /// Moves the date alone, forward or back, by so many milliseconds.
    pub fn shift_wall(&self, milliseconds: i64) {
        let by = Duration::from_millis(milliseconds.unsigned_abs());
        let wall = self.0.wall();
        self.0
            .set_wall(if milliseconds < 0 { wall - by } else { wall + by });
    }

    /// The date, in milliseconds since 1970.
    pub fn wall(&self) -> u64 {
        let since: Duration = self.0.wall().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    /// Every wait that was asked for, in order, in seconds.
    pub fn waits(&self) -> Vec<f64> {
        self.0.waits().iter().map(Duration::as_secs_f64).collect()
    }
}
