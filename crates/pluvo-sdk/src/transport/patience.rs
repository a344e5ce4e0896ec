//! How long an attempt waits: one timer for all of its waits, since making one costs more than most waits last.

use super::failure::{Failure, FailureKind};
use crate::time::{BoxFuture, Clock};
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

/// The bounds of one attempt, and the timer that watches them.
pub(super) struct Patience<'a> {
    clock: &'a dyn Clock,
    whole: Duration,
    started: Instant,
    /// What timers have run for: a held clock's may run faster than this machine's.
    run: Duration,
    timer: Option<Timer>,
    /// When something came last, if it came since the timer was made.
    heard: Option<Instant>,
}

struct Timer {
    end: BoxFuture<'static, ()>,
    length: Duration,
    silence: Duration,
    /// Whether it watches the whole attempt, which ends before the silence would be too long.
    for_whole: bool,
}

impl<'a> Patience<'a> {
    /// From now on, for the whole attempt.
    pub(super) fn new(clock: &'a dyn Clock, whole: Duration) -> Self {
        Self {
            clock,
            whole,
            started: Instant::now(),
            run: Duration::ZERO,
            timer: None,
            heard: None,
        }
    }

    /// Waits for work that may be silent for so long. `what` says what did not come.
    pub(super) async fn wait<F: Future>(
        &mut self,
        silence: Duration,
        work: F,
        what: &str,
    ) -> Result<F::Output, Failure> {
        let mut work = pin!(work);
        self.timer.take_if(|timer| timer.silence > silence);
        std::future::poll_fn(|context| {
            if let Poll::Ready(output) = work.as_mut().poll(context) {
                self.heard = Some(Instant::now());
                return Poll::Ready(Ok(output));
            }
            self.poll_timer(silence, what, context).map(Err)
        })
        .await
    }

    /// Ends when time is up. A timer that ends after something came is made anew for what is left.
    fn poll_timer(&mut self, silence: Duration, what: &str, context: &mut Context<'_>) -> Poll<Failure> {
        loop {
            let mut timer = self.timer.take().unwrap_or_else(|| self.timer(silence));
            if timer.end.as_mut().poll(context).is_pending() {
                self.timer = Some(timer);
                return Poll::Pending;
            }
            self.run += timer.length;
            if timer.for_whole {
                return Poll::Ready(late("not done", self.whole));
            }
            if self.heard.is_none() {
                return Poll::Ready(late(what, silence));
            }
        }
    }

    fn timer(&mut self, silence: Duration) -> Timer {
        let (heard, first) = (self.heard.take(), self.run.is_zero());
        let quiet = silence.saturating_sub(heard.map_or(Duration::ZERO, |heard| heard.elapsed()));
        let left = self.whole.saturating_sub(self.elapsed());
        // At the very start the two bounds themselves are compared: a moment has gone by since then, which would
        // decide between equal ones.
        let for_whole = if first && heard.is_none() {
            self.whole < silence
        } else {
            left < quiet
        };
        let length = quiet.min(left);
        Timer {
            end: self.clock.timeout(length),
            length,
            silence,
            for_whole,
        }
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed().max(self.run)
    }
}

fn late(what: &str, limit: Duration) -> Failure {
    Failure::new(
        FailureKind::TimedOut,
        format!("{what} within {:.1} s", limit.as_secs_f64()),
    )
}
