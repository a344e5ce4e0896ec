//! Fetching the next page while the caller works on the last.

use super::place::{Fetched, Place};
use super::plan::{Ahead, Plan};
use crate::error::{Error, ErrorKind, Result};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, oneshot};

/// Fetches page after page, never more than one ahead of the caller.
///
/// One task for all pages rather than one for each: where the caller waits already, the task hands the page over and
/// asks for the next at once, on the thread that has the connection. A task that the caller starts wakes another
/// thread for every page.
#[derive(Debug)]
pub(super) struct Reader {
    desk: Arc<Desk>,
    task: Ahead<()>,
}

/// A page, and whether the reader goes on to the one after it.
#[derive(Debug)]
pub(super) struct Delivery {
    pub page: Fetched,
    pub goes_on: bool,
}

impl Reader {
    /// Begins with the page at `place`. `None` where there is no tokio runtime to run on.
    pub(super) fn start(plan: Arc<Plan>, place: Place) -> Option<Self> {
        let desk = Arc::new(Desk::default());
        let task = Ahead::start(read(plan, place, Arc::clone(&desk))).ok()?;
        Some(Self { desk, task })
    }

    /// The next page. Not to be asked again once this was given up: the page may be lost then.
    pub(super) async fn next(&mut self) -> Result<Delivery> {
        let coming = match self.desk.take() {
            Ok(delivery) => return Ok(delivery),
            Err(coming) => coming,
        };
        if let Ok(delivery) = coming.await {
            return Ok(delivery);
        }
        self.task.finish().await?;
        Err(Error::new(
            ErrorKind::Internal,
            "no page is fetched ahead any more",
        ))
    }
}

async fn read(plan: Arc<Plan>, mut place: Place, desk: Arc<Desk>) {
    loop {
        let page = place.fetch(&plan).await;
        let next = place.after(&page, &plan);
        let goes_on = next.is_some();
        desk.give(Delivery { page, goes_on }).await;
        match next {
            Some(next) => place = next,
            None => return,
        }
    }
}

/// Where pages change hands.
#[derive(Debug, Default)]
struct Desk {
    state: Mutex<State>,
    /// Told when a page that lay here was taken.
    taken: Notify,
}

#[derive(Debug, Default)]
struct State {
    caller: Option<oneshot::Sender<Delivery>>,
    ready: Option<Delivery>,
}

impl Desk {
    /// Takes the page that lies here, or asks for the one that comes.
    fn take(&self) -> std::result::Result<Delivery, oneshot::Receiver<Delivery>> {
        let mut state = self.state();
        if let Some(delivery) = state.ready.take() {
            self.taken.notify_one();
            return Ok(delivery);
        }
        let (caller, coming) = oneshot::channel();
        state.caller = Some(caller);
        Err(coming)
    }

    /// Hands a page over as soon as the caller wants it.
    async fn give(&self, delivery: Delivery) {
        if !self.lay_down(delivery) {
            self.taken.notified().await;
        }
    }

    /// Whether the caller was there and took the page.
    fn lay_down(&self, delivery: Delivery) -> bool {
        let mut state = self.state();
        let Some(caller) = state.caller.take() else {
            state.ready = Some(delivery);
            return false;
        };
        drop(state);
        // A caller that has gone ends this task.
        let _ = caller.send(delivery);
        true
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
