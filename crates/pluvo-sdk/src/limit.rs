//! How many requests go out at once, and how fast: shared by all clones of a client.
//!
//! Pluvo's rate limit is undocumented, so the rate is learned. Without a 429 there is no bound but the number in
//! flight. A 429 pauses everything until the server's `Retry-After`. What the server answered since the 429 before is
//! the rate that it allows, though no single 429 more than halves the rate. It goes on a tenth below that and climbs
//! back along a cubic curve, quickly at first, slowly near the rate that failed, and then on.

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
    /// Held by whoever waits for the rate or the end of a pause; all others wait behind, first come, first served.
    turn: tokio::sync::Mutex<()>,
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
    /// The rate that the server does not allow, a second.
    failed_at: f64,
    /// When the 429 came.
    at: Instant,
    /// When its pause ends.
    since: Instant,
    /// Requests answered since.
    answered: u32,
}

/// The slowest rate, a second: a client never stops for good.
const SLOWEST: f64 = 0.5;

/// The longest pause, whatever a server asks and a caller allows: beyond it an instant may not be representable.
const LONGEST_PAUSE: Duration = Duration::from_secs(24 * 3600);

/// How far below the rate that failed it goes on. A server that counts whole seconds has room again for a burst
/// after its pause; to go on much more slowly would leave that unused.
const STEP_BACK: f64 = 0.1;

impl Learned {
    fn rate(&self, now: Instant, recovery: Duration) -> f64 {
        let elapsed = now.saturating_duration_since(self.since).as_secs_f64();
        let curve = (elapsed / recovery.as_secs_f64().max(0.001) - 1.0).powi(3);
        // Past the rate that failed it climbs steeply: what was allowed then may be long out of date.
        let share = if curve < 0.0 { STEP_BACK } else { 1.0 };
        self.failed_at * (1.0 + share * curve)
    }

    /// What the server answered a second since then.
    fn allowed(&self, now: Instant) -> f64 {
        let elapsed = now.saturating_duration_since(self.at).as_secs_f64();
        f64::from(self.answered) / elapsed.max(0.001)
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
            turn: tokio::sync::Mutex::default(),
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
        let _turn = self.turn.lock().await;
        loop {
            let now = self.clock.now();
            match self.with(|state| state.go(now, &self.limits)) {
                None => {
                    return Permit {
                        _place: place,
                        sent: now,
                    };
                }
                Some(wait) => self.clock.sleep(wait).await,
            }
        }
    }

    /// A request was answered with anything but a 429.
    pub(crate) fn answered(&self) {
        let now = self.clock.now();
        self.with(|state| {
            state.answered.add(now);
            if let Some(learned) = &mut state.learned {
                learned.answered = learned.answered.saturating_add(1);
            }
        });
    }

    /// A request was answered with a 429: nothing goes out for so long, and then more slowly.
    pub(crate) fn refused(&self, sent: Instant, pause: Duration) {
        let now = self.clock.now();
        self.with(|state| {
            let until = now + pause.min(LONGEST_PAUSE);
            state.paused_until = Some(state.paused_until.map_or(until, |old| old.max(until)));
            // Those that were sent before the last lesson teach nothing new.
            if state.learned.is_some_and(|learned| sent < learned.since) {
                return;
            }
            let failed_at = match state.learned {
                Some(learned) => {
                    let rate = learned.rate(now, self.limits.recovery);
                    learned.allowed(now).clamp(rate / 2.0, rate)
                }
                // Answers that are on their way count too: a lesson too high is soon corrected by the next one.
                None => state.answered.rate(now) + self.still_out(),
            };
            state.learned = Some(Learned {
                failed_at: failed_at.max(SLOWEST),
                at: now,
                since: until,
                answered: 0,
            });
            state.next = until;
        });
    }

    fn still_out(&self) -> f64 {
        let out = self.limits.in_flight - self.in_flight.available_permits();
        f64::from(u32::try_from(out).unwrap_or(u32::MAX))
    }

    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    /// Lets a request go, or tells how long it has to wait.
    fn go(&mut self, now: Instant, limits: &Limits) -> Option<Duration> {
        let rate = self.rate(now, limits);
        let ready = rate.map(|_| self.next).max(self.paused_until);
        let wait = ready.map_or(Duration::ZERO, |ready| ready.saturating_duration_since(now));
        if !wait.is_zero() {
            return Some(wait);
        }
        if let Some(rate) = rate {
            let gap = Duration::from_secs_f64(1.0 / rate);
            // Timers wake late: what that costs is made good, but no more than one request's worth.
            let late = now.saturating_duration_since(self.next) < gap;
            self.next = if late { self.next } else { now } + gap;
        }
        None
    }

    /// The rate to keep to, if any.
    fn rate(&mut self, now: Instant, limits: &Limits) -> Option<f64> {
        let learned = self
            .learned
            .map(|learned| learned.rate(now, limits.recovery).max(SLOWEST));
        // Far beyond what ever failed, the lesson is out of date.
        if let (Some(learned), Some(rate)) = (self.learned, learned)
            && rate > 100.0 * learned.failed_at
        {
            self.learned = None;
        }
        match (learned, limits.rate) {
            (Some(learned), Some(fixed)) => Some(learned.min(fixed)),
            (rate, None) | (None, rate) => rate,
        }
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
        let sent = permit.sent;
        drop(permit);
        limiter.refused(sent, Duration::from_secs(7));
        limiter.acquire().await;
        assert_eq!(clock.now() - start, Duration::from_secs(7));
        limiter.acquire().await;
        // 20 a second failed, so it goes on at 18.
        let gap = clock.now().duration_since(start + Duration::from_secs(7));
        assert!(
            gap > Duration::from_millis(54) && gap < Duration::from_millis(57),
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

    /// A server with a bucket of 20 requests that fills at 20 a second, on the held clock.
    struct Bucket {
        tokens: f64,
        filled: Instant,
        lost: f64,
    }

    impl Bucket {
        /// Whether a request is served; if not, the seconds until one is.
        fn take(&mut self, now: Instant) -> Result<(), f64> {
            let filled = self.tokens + (now - self.filled).as_secs_f64() * 20.0;
            self.lost += (filled - 20.0).max(0.0);
            (self.tokens, self.filled) = (filled.min(20.0), now);
            if self.tokens < 1.0 {
                return Err((1.0 - self.tokens) / 20.0);
            }
            self.tokens -= 1.0;
            Ok(())
        }
    }

    #[tokio::test]
    async fn what_a_token_bucket_allows_is_used() {
        for whole_seconds in [true, false] {
            let (clock, limiter) = limiter(Limits::default());
            let mut bucket = Bucket {
                tokens: 20.0,
                filled: clock.now(),
                lost: 0.0,
            };
            let (mut served, mut refused) = (0_u32, 0_u32);
            while served < 2000 {
                let permit = limiter.acquire().await;
                match bucket.take(clock.now()) {
                    Ok(()) => {
                        served += 1;
                        limiter.answered();
                    }
                    Err(wait) => {
                        refused += 1;
                        let wait = if whole_seconds { wait.ceil() } else { wait };
                        limiter.refused(permit.sent, Duration::from_secs_f64(wait + 0.001));
                    }
                }
            }
            let used = f64::from(served) / (f64::from(served) + bucket.lost);
            assert!(used > 0.97, "{used}");
            assert!(refused < 20, "{refused}");
        }
    }

    #[tokio::test]
    async fn whoever_waits_out_a_pause_keeps_to_the_rate_after_it() {
        let (clock, limiter) = limiter(Limits::default());
        for _ in 0..20 {
            limiter.acquire().await;
            limiter.answered();
        }
        limiter.refused(clock.now(), Duration::from_secs(1));
        let start = clock.now();
        let waiting = (0..8).map(|_| async {
            limiter.acquire().await;
            clock.now() - start
        });
        let went = futures::future::join_all(waiting).await;
        for pair in went.windows(2) {
            assert!(pair[1] > pair[0] + Duration::from_millis(40), "{went:?}");
        }
    }
}
