//! The sandbox's own clock: token lifetimes, rate limits, delays and dates go by it, so tests can hold and move it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// Seconds of an hour.
pub(crate) const HOUR: i64 = 3600;
/// Seconds of a day.
pub(crate) const DAY: i64 = 24 * HOUR;
/// When every sandbox starts, in seconds since 1970: Monday 5 January 2026, 09:00 UTC. Dates in the data count from
/// here, so that output is the same on every day.
pub(crate) const EPOCH: i64 = 1_767_603_600;

/// A clock that runs, unless it is held; held or not, it can be moved on.
#[derive(Debug)]
pub(crate) struct Clock {
    state: Mutex<State>,
    moved: Notify,
}

#[derive(Debug)]
struct State {
    /// Time gone by up to `since`.
    gone: Duration,
    /// Since when the clock runs; nothing while it is held.
    since: Option<Instant>,
}

impl State {
    fn elapsed(&self) -> Duration {
        self.gone + self.since.map_or(Duration::ZERO, |since| since.elapsed())
    }
}

impl Clock {
    /// A clock at the sandbox's start.
    pub(crate) fn new(held: bool) -> Self {
        let since = (!held).then(Instant::now);
        Self {
            state: Mutex::new(State {
                gone: Duration::ZERO,
                since,
            }),
            moved: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Time since the sandbox's start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.state().elapsed()
    }

    /// Whether the clock stands still.
    pub(crate) fn is_held(&self) -> bool {
        self.state().since.is_none()
    }

    /// Moves the clock on and lets go whoever waited for that.
    pub(crate) fn advance(&self, by: Duration) {
        self.state().gone += by;
        self.moved.notify_waiters();
    }

    /// Holds the clock, or lets it run.
    pub(crate) fn hold(&self, held: bool) {
        {
            let mut state = self.state();
            state.gone = state.elapsed();
            state.since = (!held).then(Instant::now);
        }
        self.moved.notify_waiters();
    }

    /// Waits until this much time has gone by on this clock.
    pub(crate) async fn sleep(&self, duration: Duration) {
        if !duration.is_zero() {
            self.sleep_until(self.elapsed() + duration).await;
        }
    }

    /// Waits until this clock shows this time.
    pub(crate) async fn sleep_until(&self, until: Duration) {
        loop {
            let moved = self.moved.notified();
            tokio::pin!(moved);
            moved.as_mut().enable();
            let left = until.saturating_sub(self.elapsed());
            if left.is_zero() {
                return;
            }
            if self.is_held() {
                moved.await;
            } else {
                tokio::select! {
                    () = moved => {}
                    () = tokio::time::sleep(left) => {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::Clock;

    #[tokio::test]
    async fn a_held_clock_moves_by_hand_only() {
        let clock = Arc::new(Clock::new(true));
        assert_eq!(clock.elapsed(), Duration::ZERO);
        let sleeper = tokio::spawn({
            let clock = Arc::clone(&clock);
            async move { clock.sleep(Duration::from_secs(3600)).await }
        });
        tokio::task::yield_now().await;
        clock.advance(Duration::from_secs(59 * 60));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        clock.advance(Duration::from_secs(60));
        sleeper.await.expect("the sleeper ends");
        assert_eq!(clock.elapsed(), Duration::from_secs(3600));
    }

    #[tokio::test(start_paused = true)]
    async fn a_running_clock_sleeps_in_real_time() {
        let clock = Clock::new(false);
        clock.sleep(Duration::from_secs(5)).await;
        assert!(clock.elapsed() >= Duration::from_secs(5));
        clock.hold(true);
        let held = clock.elapsed();
        tokio::time::advance(Duration::from_secs(5)).await;
        assert_eq!(clock.elapsed(), held);
    }
}
