//! Webhooks: who wants to know of what, and every attempt to tell them.

mod deliver;
pub(crate) mod payload;
mod sign;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::task::JoinSet;

use crate::clock::{Clock, EPOCH};

/// What the sandbox can tell of.
const EVENTS: &[&str] = &[
    "USER_CREATED",
    "USER_UPDATED",
    "TRAINING_CREATED",
    "TRAINING_UPDATED",
    "GROUP_CREATED",
    "GROUP_UPDATED",
    "GROUP_DELETED",
    "OFFER_EVENT_ENROLLED",
    "OFFER_EVENT_ENROLLMENT_STATUS_UPDATED",
    "OFFER_EVENT_UNENROLLED",
    "EVENT_CERTIFICATE_ACHIEVED",
    "PORTFOLIO_ITEM_CREATED",
    "PORTFOLIO_ITEM_UPDATED",
    "PORTFOLIO_ITEM_DELETED",
];

/// Where events go. The key is told to nobody.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Subscription {
    pub(crate) url: String,
    pub(crate) key: String,
    /// Which ones; all if it is empty.
    #[serde(default)]
    pub(crate) events: Vec<String>,
}

/// The webhooks of a sandbox and what became of each delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhooks {
    /// In the order in which they were made.
    pub subscriptions: Vec<Subscribed>,
    /// Oldest first.
    pub deliveries: Vec<Delivery>,
}

/// A subscription, without its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscribed {
    /// Where events are posted to.
    pub url: String,
    /// Which ones; all if it is empty.
    pub events: Vec<String>,
    /// Whether an answer of 410 has ended it.
    pub disabled: bool,
}

/// One event on its way to one subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The subscription's place in the list.
    pub subscription: usize,
    /// Such as `USER_CREATED`.
    pub event: String,
    /// What is posted.
    pub body: String,
    /// How far it has come.
    pub state: DeliveryState,
    /// What was tried so far.
    pub attempts: Vec<Attempt>,
}

/// How far a delivery has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It is being tried, or will be.
    Pending,
    /// It was answered with a 2xx.
    Delivered,
    /// It was answered with 410, or the subscription was disabled before it was its turn.
    Disabled,
    /// It was tried for the last time.
    Failed,
}

/// One request to a subscriber.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When, in milliseconds since the sandbox's start.
    pub at_ms: u64,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// Why there was none.
    pub error: Option<String>,
}

/// The sandbox's side of it.
#[derive(Debug, Default)]
pub(crate) struct Hooks {
    book: Arc<Mutex<Book>>,
    /// They end with the sandbox.
    tasks: Mutex<JoinSet<()>>,
}

#[derive(Debug, Default)]
struct Book {
    targets: Vec<Arc<Target>>,
    deliveries: Vec<Arc<Mutex<Delivery>>>,
    salts: u64,
}

struct Target {
    subscription: Subscription,
    disabled: AtomicBool,
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Target")
            .field("url", &self.subscription.url)
            .finish_non_exhaustive()
    }
}

impl Target {
    fn wants(&self, event: &str) -> bool {
        let events = &self.subscription.events;
        !self.disabled.load(Ordering::Relaxed)
            && (events.is_empty() || events.iter().any(|name| name == event))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hooks {
    /// Adds a subscription, or says why that cannot be.
    pub(crate) fn subscribe(&self, subscription: Subscription) -> Result<(), String> {
        let url = subscription
            .url
            .parse::<hyper::Uri>()
            .map_err(|error| error.to_string())?;
        if url.scheme_str() != Some("http") || url.host().is_none() {
            return Err(format!("{url} is not an address that starts with http://"));
        }
        if let Some(event) = subscription
            .events
            .iter()
            .find(|event| !EVENTS.contains(&event.as_str()))
        {
            return Err(format!("the sandbox has no event {event}"));
        }
        lock(&self.book).targets.push(Arc::new(Target {
            subscription,
            disabled: AtomicBool::new(false),
        }));
        Ok(())
    }

    /// Whether anybody wants to know.
    pub(crate) fn wanted(&self, event: &str) -> bool {
        lock(&self.book).targets.iter().any(|target| target.wants(event))
    }

    /// Tells whoever wants to know.
    pub(crate) fn publish(&self, event: &str, mut body: Map<String, Value>, clock: &Arc<Clock>) {
        let millis = i64::try_from(clock.elapsed().as_millis()).unwrap_or(0);
        let sent = Timestamp::from_millisecond(EPOCH * 1000 + millis).unwrap_or_default();
        body.insert("event".to_owned(), event.into());
        body.insert(
            "sentDate".to_owned(),
            sent.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string().into(),
        );
        let body = Value::Object(body).to_string();
        let mut book = lock(&self.book);
        let mut tasks = lock(&self.tasks);
        while tasks.try_join_next().is_some() {}
        let targets = book.targets.clone();
        for (subscription, target) in targets
            .into_iter()
            .enumerate()
            .filter(|(_, target)| target.wants(event))
        {
            let delivery = Arc::new(Mutex::new(Delivery {
                subscription,
                event: event.to_owned(),
                body: body.clone(),
                state: DeliveryState::Pending,
                attempts: Vec::new(),
            }));
            book.deliveries.push(Arc::clone(&delivery));
            tasks.spawn(deliver::run(
                target,
                delivery,
                Arc::clone(&self.book),
                Arc::clone(clock),
            ));
        }
    }

    /// What there is and what became of it.
    pub(crate) fn all(&self) -> Webhooks {
        let book = lock(&self.book);
        let subscribed = |target: &Arc<Target>| Subscribed {
            url: target.subscription.url.clone(),
            events: target.subscription.events.clone(),
            disabled: target.disabled.load(Ordering::Relaxed),
        };
        Webhooks {
            subscriptions: book.targets.iter().map(subscribed).collect(),
            deliveries: book
                .deliveries
                .iter()
                .map(|delivery| lock(delivery).clone())
                .collect(),
        }
    }

    /// Forgets subscriptions and deliveries, and stops what is on its way.
    pub(crate) fn clear(&self) {
        lock(&self.tasks).abort_all();
        let mut book = lock(&self.book);
        book.targets.clear();
        book.deliveries.clear();
    }
}
