//! The clock that every wait of the client goes through, so that tests can hold it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// A future on the heap, as the object-safe traits of this crate return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Tells the time and waits.
///
/// Lifetimes and delays are measured on [`Clock::now`], which never jumps. [`Clock::wall`] is read only where a
/// date comes from outside: a `Retry-After` date, an expiry in a token file.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Monotonic time.
    fn now(&self) -> Instant;
    /// The date.
    fn wall(&self) -> SystemTime;
    /// Waits before the next request: back-off, a pause, a slot of the rate.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
    /// Ends when a running request has used up its time. Apart from [`Clock::sleep`], because a held clock must
    /// not run ahead of a real socket.
    fn timeout(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.sleep(duration)
    }
}

/// The system's clock, on tokio's timer.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(async move { tokio::time::sleep(duration).await })
    }
}

/// A clock for tests: it stands still until it is advanced, and a wait of the client advances it at once instead
/// of taking time. Time-outs of running requests stay real.
///
/// ```
/// use pluvo_sdk::time::{Clock, HeldClock};
/// use std::time::Duration;
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let clock = HeldClock::new();
/// let before = clock.now();
/// clock.sleep(Duration::from_secs(3600)).await;
/// assert_eq!(clock.now() - before, Duration::from_secs(3600));
/// assert_eq!(clock.waits(), [Duration::from_secs(3600)]);
/// # });
/// ```
#[derive(Debug, Clone)]
pub struct HeldClock(Arc<Mutex<Held>>);

#[derive(Debug)]
struct Held {
    now: Instant,
    wall: SystemTime,
    waits: Vec<Duration>,
}

impl HeldClock {
    /// A clock that stands at the present moment.
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Held {
            now: Instant::now(),
            wall: SystemTime::now(),
            waits: Vec::new(),
        })))
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        self.with(|held| {
            held.now += by;
            held.wall += by;
        });
    }

    /// Sets the date without letting time pass, as an operating system does that corrects its clock.
    pub fn set_wall(&self, to: SystemTime) {
        self.with(|held| held.wall = to);
    }

    /// Every wait that was asked for, in order.
    pub fn waits(&self) -> Vec<Duration> {
        self.with(|held| held.waits.clone())
    }

    fn with<T>(&self, f: impl FnOnce(&mut Held) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Default for HeldClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for HeldClock {
    fn now(&self) -> Instant {
        self.with(|held| held.now)
    }

    fn wall(&self) -> SystemTime {
        self.with(|held| held.wall)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let clock = self.clone();
        let until = clock.with(|held| {
            held.waits.push(duration);
            held.now + duration
        });
        Box::pin(async move {
            // Others get their turn first, as they would in a real wait.
            tokio::task::yield_now().await;
            clock.with(|held| {
                let left = until.saturating_duration_since(held.now);
                held.now += left;
                held.wall += left;
            });
        })
    }

    fn timeout(&self, duration: Duration) -> BoxFuture<'static, ()> {
        SystemClock.sleep(duration)
    }
}
