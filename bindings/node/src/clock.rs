//! A clock that the package's own tests hold.

use napi_derive::napi;
use pluvo_bridge as bridge;

/// Stands still until it is advanced.
#[napi]
#[derive(Debug, Default)]
pub struct TestClock {
    pub(crate) inner: bridge::TestClock,
}

#[napi]
impl TestClock {
    /// A clock that stands at the present moment.
    #[napi(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets so many milliseconds pass.
    #[napi]
    pub fn advance(&self, milliseconds: f64) {
        self.inner.advance(whole(milliseconds).unsigned_abs());
    }

    /// Moves the date alone, forward or back.
    #[napi]
    pub fn shift_wall(&self, milliseconds: f64) {
        self.inner.shift_wall(whole(milliseconds));
    }

    /// The date, in milliseconds since 1970.
    #[napi]
    #[allow(clippy::cast_precision_loss, reason = "exact for 285,000 years")]
    pub fn wall(&self) -> f64 {
        self.inner.wall() as f64
    }

    /// Every wait that was asked for, in seconds.
    #[napi]
    pub fn waits(&self) -> Vec<f64> {
        self.inner.waits()
    }
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "a cast saturates, and tests wait for days at most"
)]
fn whole(milliseconds: f64) -> i64 {
    milliseconds as i64
}
