//! How many requests go out at once, and how fast: shared by all clones of a client.
//!
//! Pluvo's rate limit is undocumented, so the rate is learned. Without a 429 there is no bound but the number in
//! flight. A 429 pauses everything until the server's `Retry-After` and halves the rate that was seen to work; from
//! there it climbs back along a cubic curve, quickly at first, slowly near the rate that failed, and then on.

use crate::time::Clock;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, SemaphorePermit};

/// How much a client asks at once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Requests in flight at most. 8 by default.
    pub in_flight: usize,
    /// Requests a second at most; `None`, the default, leaves the rate to the server's 429s.
    pub rate: Option<f64>,
    /// The time in which the rate climbs back to the one that failed. 4 s by default.
    pub recovery: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            in_flight: 8,
            rate: None,
            recovery: Duration::from_secs(4),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Limiter {
    limits: Limits,
    clock: Arc<dyn Clock>,
    in_flight: Semaphore,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    paused_until: Option<Instant>,
    /// When the next request may go out, where a rate is set.
    next: Instant,
    learned: Option<Learned>,
    /// When the answers of the last second came.
    answered: Window,
}

/// What the last 429 taught.
#[derive(Debug, Clone, Copy)]
struct Learned {
    /// The rate at which it came, a second.
    failed_at: f64,
    since: Instant,
}

/// The slowest rate, a second: a client never stops for good.
const SLOWEST: f64 = 0.5;

impl Learned {
    fn rate(&self, now: Instant, recovery: Duration) -> f64 {
        let elapsed = now.saturating_duration_since(self.since).as_secs_f64();
        let curve = (elapsed / recovery.as_secs_f64().max(0.001) - 1.0).powi(3);
        self.failed_at * (1.0 + curve / 2.0)
    }
}

/// Counts of two neighbouring seconds, for an estimate of the present rate.
#[derive(Debug)]
struct Window {
    start: Instant,
    now: u32,
    before: u32,
}

impl Window {
    fn add(&mut self, at: Instant) {
        self.turn(at);
        self.now += 1;
    }

    fn turn(&mut self, at: Instant) {
        let age = at.saturating_duration_since(self.start);
        if age >= Duration::from_secs(2) {
            (self.start, self.before, self.now) = (at, 0, 0);
        } else if age >= Duration::from_secs(1) {
            (self.start, self.before, self.now) = (self.start + Duration::from_secs(1), self.now, 0);
        }
    }

    fn rate(&mut self, at: Instant) -> f64 {
        self.turn(at);
        f64::from(self.now.max(self.before))
    }
}

impl Limiter {
    pub(crate) fn new(limits: Limits, clock: Arc<dyn Clock>) -> Self {
        let now = clock.now();
        Self {
            limits,
            in_flight: Semaphore::new(limits.in_flight),
            state: Mutex::new(State {
                paused_until: None,
                next: now,
                learned: None,
                answered: Window {
                    start: now,
                    now: 0,
                    before: 0,
                },
            }),
            clock,
        }
    }

    /// Waits for a place and for the rate, first come, first served. The place is held until the permit is dropped.
    pub(crate) async fn acquire(&self) -> Permit<'_> {
        let place = self.in_flight.acquire().await.ok();
        let mut slot = None;
        loop {
            let now = self.clock.now();
            let wait = self.with(|state| {
                let slot = *slot.get_or_insert_with(|| state.take_slot(now, &self.limits));
                state
                    .paused_until
                    .map_or(slot, |pause| pause.max(slot))
                    .saturating_duration_since(now)
            });
            if wait.is_zero() {
                return Permit {
                    _place: place,
                    sent: now,
                };
            }
            self.clock.sleep(wait).await;
        }
    }

    /// A request was answered with anything but a 429.
    pub(crate) fn answered(&self) {
        let now = self.clock.now();
        self.with(|state| state.answered.add(now));
    }

    /// A request was answered with a 429: nothing goes out for so long, and then more slowly.
    pub(crate) fn refused(&self, sent: Instant, pause: Duration) {
        let now = self.clock.now();
        self.with(|state| {
            let until = now + pause;
            state.paused_until = Some(state.paused_until.map_or(until, |old| old.max(until)));
            // Those that were sent before the last lesson teach nothing new.
            if state.learned.is_some_and(|learned| sent < learned.since) {
                return;
            }
            let present = match state.learned {
                Some(learned) => learned
                    .rate(now, self.limits.recovery)
                    .min(state.answered.rate(now).max(SLOWEST) * 2.0),
                None => state.answered.rate(now),
            };
            state.learned = Some(Learned {
                failed_at: present.max(SLOWEST),
                since: until,
            });
            state.next = until;
        });
    }

    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    fn take_slot(&mut self, now: Instant, limits: &Limits) -> Instant {
        let learned = self
            .learned
            .map(|learned| learned.rate(now, limits.recovery).max(SLOWEST));
        // Far beyond what ever failed, the lesson is out of date.
        if let (Some(learned), Some(rate)) = (self.learned, learned)
            && rate > 100.0 * learned.failed_at
        {
            self.learned = None;
        }
        let rate = match (learned, limits.rate) {
            (Some(learned), Some(fixed)) => learned.min(fixed),
            (Some(rate), None) | (None, Some(rate)) => rate,
            (None, None) => return now,
        };
        let slot = self.next.max(now);
        self.next = slot + Duration::from_secs_f64(1.0 / rate);
        slot
    }
}

/// A place among the requests in flight.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    _place: Option<SemaphorePermit<'a>>,
    /// When the request went out.
    pub sent: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::HeldClock;

    fn limiter(limits: Limits) -> (HeldClock, Limiter) {
        let clock = HeldClock::new();
        (clock.clone(), Limiter::new(limits, Arc::new(clock)))
    }

    #[tokio::test]
    async fn without_a_lesson_there_is_no_wait() {
        let (clock, limiter) = limiter(Limits::default());
        for _ in 0..1000 {
            limiter.acquire().await;
        }
        assert_eq!(clock.waits(), []);
    }

    #[tokio::test]
    async fn a_fixed_rate_spaces_requests_evenly() {
        let (clock, limiter) = limiter(Limits {
            rate: Some(10.0),
            ..Limits::default()
        });
        let start = clock.now();
        for _ in 0..21 {
            limiter.acquire().await;
        }
        assert_eq!(clock.now() - start, Duration::from_secs(2));
    }

    #[tokio::test]
    async fn a_refusal_pauses_everybody_and_slows_down() {
        let (clock, limiter) = limiter(Limits::default());
        for _ in 0..20 {
            limiter.acquire().await;
            limiter.answered();
        }
        let start = clock.now();
        let permit = limiter.acquire().await;
        limiter.refused(permit.sent, Duration::from_secs(7));
        drop(permit);
        limiter.acquire().await;
        assert_eq!(clock.now() - start, Duration::from_secs(7));
        limiter.acquire().await;
        // 20 a second failed, so it goes on at 10.
        let gap = clock.now().duration_since(start + Duration::from_secs(7));
        assert!(
            gap > Duration::from_millis(90) && gap < Duration::from_millis(110),
            "{gap:?}"
        );
    }

    #[tokio::test]
    async fn calm_raises_the_rate_again() {
        let (clock, limiter) = limiter(Limits::default());
        for _ in 0..20 {
            limiter.acquire().await;
            limiter.answered();
        }
        limiter.refused(clock.now(), Duration::ZERO);
        let start = clock.now();
        for _ in 0..200 {
            limiter.acquire().await;
            limiter.answered();
        }
        let rate = 200.0 / (clock.now() - start).as_secs_f64();
        assert!(rate > 18.0, "{rate}");
    }

    #[tokio::test]
    async fn late_refusals_of_one_burst_teach_once() {
        let (clock, limiter) = limiter(Limits::default());
        for _ in 0..20 {
            limiter.answered();
        }
        let sent = clock.now();
        for _ in 0..8 {
            limiter.refused(sent, Duration::from_secs(1));
        }
        let failed_at = limiter.with(|state| state.learned.unwrap().failed_at);
        assert!((failed_at - 20.0).abs() < f64::EPSILON);
    }
}
