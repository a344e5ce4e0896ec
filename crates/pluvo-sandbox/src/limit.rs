//! The rate limit: a token bucket for each OAuth client, by the sandbox's clock.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::settings::RateLimit;

#[derive(Debug, Default)]
pub(crate) struct Limiter(Mutex<HashMap<String, Bucket>>);

#[derive(Debug)]
struct Bucket {
    left: f64,
    at: Duration,
}

impl Limiter {
    /// Takes one request of the client's share, or says how long to wait for it.
    pub(crate) fn take(&self, client: &str, limit: RateLimit, now: Duration) -> Result<(), Duration> {
        let most = f64::from(limit.requests);
        let rate = most / limit.period.as_secs_f64();
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets
            .entry(client.to_owned())
            .or_insert(Bucket { left: most, at: now });
        let gone = now.saturating_sub(bucket.at).as_secs_f64();
        bucket.left = (bucket.left + gone * rate).min(most);
        bucket.at = now;
        // What adding up fractions loses must not cost a request.
        if bucket.left >= 1.0 - 1e-9 {
            bucket.left -= 1.0;
            Ok(())
        } else {
            Err(Duration::from_secs_f64((1.0 - bucket.left) / rate))
        }
    }

    /// Gives every client its full share again.
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Limiter;

    #[test]
    fn a_share_is_spent_and_refills() {
        let limiter = Limiter::default();
        let limit = "2/s".parse().expect("a rate");
        let at = Duration::from_millis;
        assert!(limiter.take("a", limit, at(0)).is_ok());
        assert!(limiter.take("a", limit, at(0)).is_ok());
        assert_eq!(limiter.take("a", limit, at(100)), Err(at(400)));
        assert!(limiter.take("b", limit, at(100)).is_ok());
        assert!(limiter.take("a", limit, at(500)).is_ok());
        assert!(limiter.take("a", limit, at(500)).is_err());
    }
}
