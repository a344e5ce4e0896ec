//! What may be repeated, when, and how often.

use crate::time::Clock;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// How failed requests are repeated. All of it can be set, for a client and for a single call.
///
/// ```
/// use pluvo_sdk::RetryPolicy;
/// use std::time::Duration;
/// let patient = RetryPolicy { total: Duration::from_secs(600), ..RetryPolicy::default() };
/// assert_eq!(patient.max_attempts, 5);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RetryPolicy {
    /// Attempts in all, the first included. 5 by default; 1 never repeats.
    pub max_attempts: u32,
    /// The longest first delay. Every further one may be twice as long; the real one is drawn evenly between
    /// nothing and that. 250 ms by default.
    pub base_delay: Duration,
    /// No delay is drawn longer than this. 20 s by default.
    pub max_delay: Duration,
    /// Once this much time has gone by, nothing is repeated any more. 3 minutes by default.
    pub total: Duration,
    /// The longest `Retry-After` that is waited for; a longer one ends the call with
    /// [`RateLimited`](crate::ErrorKind::RateLimited). 120 s by default.
    pub max_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 5,
            base_delay: Duration::from_millis(250),
            max_delay: Duration::from_secs(20),
            total: Duration::from_secs(180),
            max_retry_after: Duration::from_secs(120),
        }
    }
}

impl RetryPolicy {
    /// Never repeats anything.
    pub fn never() -> Self {
        Self {
            max_attempts: 1,
            ..Self::default()
        }
    }

    /// Full jitter: evenly between nothing and the doubled delay.
    pub(crate) fn delay(&self, attempts: u32) -> Duration {
        let ceiling = self
            .base_delay
            .saturating_mul(1 << attempts.saturating_sub(1).min(20))
            .min(self.max_delay);
        ceiling.mul_f64(fastrand::f64())
    }
}

/// How far a failed attempt came, as far as repeating it is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It cannot have been acted upon: it was not sent, or refused with 429.
    Refused,
    /// Nobody knows whether it was carried out: the line broke, the time ran out, a server error.
    Unknown,
}

/// Whether to send a failed request again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    Yes,
    /// It must not be repeated, and its outcome is unknown.
    Indeterminate,
}

pub(crate) fn again(stage: Stage, repeatable: bool) -> Again {
    match stage {
        Stage::Unknown if !repeatable => Again::Indeterminate,
        Stage::Refused | Stage::Unknown => Again::Yes,
    }
}

/// Bounds repeated requests to a share of all requests, so that an outage is not answered with a storm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryBudget {
    /// How many repeats there may be for each request within the window. 0.2 by default.
    pub ratio: f64,
    /// The window. 60 s by default.
    pub window: Duration,
    /// So many repeats are always allowed within a window, or a quiet client could never repeat. 10 by default.
    pub reserve: u32,
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self {
            ratio: 0.2,
            window: Duration::from_secs(60),
            reserve: 10,
        }
    }
}

/// Counts requests and repeats of the last window, in ten steps.
#[derive(Debug)]
pub(crate) struct BudgetCounter {
    budget: RetryBudget,
    steps: Mutex<VecDeque<Step>>,
}

#[derive(Debug)]
struct Step {
    start: Instant,
    requests: u32,
    repeats: u32,
}

impl BudgetCounter {
    pub(crate) fn new(budget: RetryBudget) -> Self {
        Self {
            budget,
            steps: Mutex::new(VecDeque::new()),
        }
    }

    /// Counts a first attempt.
    pub(crate) fn request(&self, clock: &dyn Clock) {
        self.at(clock.now(), |step| step.requests += 1);
    }

    /// Takes a repeat out of the budget, if there is one left.
    pub(crate) fn withdraw(&self, clock: &dyn Clock) -> bool {
        self.at(clock.now(), |_| ());
        let mut steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        let (requests, repeats) = steps.iter().fold((0_u32, 0_u32), |sum, step| {
            (sum.0 + step.requests, sum.1 + step.repeats)
        });
        let allowed = (f64::from(requests) * self.budget.ratio).max(f64::from(self.budget.reserve));
        let granted = f64::from(repeats) + 1.0 <= allowed;
        if granted && let Some(step) = steps.back_mut() {
            step.repeats += 1;
        }
        granted
    }

    fn at(&self, now: Instant, f: impl FnOnce(&mut Step)) {
        let mut steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        while steps
            .front()
            .is_some_and(|step| now.saturating_duration_since(step.start) >= self.budget.window)
        {
            steps.pop_front();
        }
        let length = self.budget.window / 10;
        if steps
            .back()
            .is_none_or(|step| now.saturating_duration_since(step.start) >= length)
        {
            steps.push_back(Step {
                start: now,
                requests: 0,
                repeats: 0,
            });
        }
        if let Some(step) = steps.back_mut() {
            f(step);
        }
    }
}

/// Reads `Retry-After`: seconds, with or without a fraction, or an HTTP date. A date in the past is no wait at all;
/// anything else is as good as none.
pub(crate) fn retry_after(value: &str, wall: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        return if seconds < 0.0 {
            None
        } else {
            Duration::try_from_secs_f64(seconds).ok()
        };
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(wall).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::HeldClock;
    use proptest::prelude::*;

    #[test]
    fn an_outage_costs_a_fifth_and_the_budget_refills() {
        let (clock, counter) = (HeldClock::new(), BudgetCounter::new(RetryBudget::default()));
        let mut repeats = 0;
        for _ in 0..1000 {
            counter.request(&clock);
            repeats += u32::from(counter.withdraw(&clock));
        }
        assert_eq!(repeats, 200);
        assert!(!counter.withdraw(&clock));
        clock.advance(Duration::from_secs(61));
        assert!((0..10).all(|_| counter.withdraw(&clock)) && !counter.withdraw(&clock));
    }

    #[test]
    fn delays_double_up_to_their_cap() {
        let policy = RetryPolicy::default();
        for attempt in 1..100 {
            let ceiling = Duration::from_millis(250)
                .saturating_mul(1 << (attempt - 1).min(16))
                .min(policy.max_delay);
            assert!(policy.delay(attempt) <= ceiling);
        }
        assert!((0..64).map(|_| policy.delay(9)).max() > Some(Duration::from_secs(1)));
    }

    #[test]
    fn what_may_be_repeated() {
        assert_eq!(again(Stage::Refused, false), Again::Yes);
        assert_eq!(again(Stage::Unknown, true), Again::Yes);
        assert_eq!(again(Stage::Unknown, false), Again::Indeterminate);
    }

    #[test]
    fn retry_after_in_every_form() {
        let wall = httpdate::parse_http_date("Wed, 21 Oct 2026 07:28:00 GMT").unwrap();
        for (text, expected) in [
            ("7", Some(7.0)),
            (" 0.25 ", Some(0.25)),
            ("0", Some(0.0)),
            ("Wed, 21 Oct 2026 07:28:30 GMT", Some(30.0)),
            ("Wed, 21 Oct 2020 07:28:30 GMT", Some(0.0)),
            ("-1", None),
            ("NaN", None),
            ("inf", None),
            ("1e300", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(
                retry_after(text, wall),
                expected.map(Duration::from_secs_f64),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_retry_after_panics(text in ".{0,40}") {
            let _ = retry_after(&text, SystemTime::UNIX_EPOCH);
        }

        #[test]
        fn seconds_are_read_as_written(seconds in 0.0..1e9_f64) {
            let read = retry_after(&seconds.to_string(), SystemTime::UNIX_EPOCH).unwrap();
            prop_assert!((read.as_secs_f64() - seconds).abs() < 1e-6);
        }

        #[test]
        fn a_date_is_its_distance(ahead in 0_u64..1_000_000) {
            let wall = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
            let text = httpdate::fmt_http_date(wall + Duration::from_secs(ahead));
            prop_assert_eq!(retry_after(&text, wall), Some(Duration::from_secs(ahead)));
        }
    }
}
