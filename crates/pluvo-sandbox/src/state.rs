//! What one sandbox consists of, shared by its connections.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::data::{Size, Store};
use crate::fault::Plan;
use crate::http::Documents;
use crate::limit::Limiter;
use crate::log::Log;
use crate::outbox::Outbox;
use crate::settings::Settings;
use crate::token::{OAuthClient, Tokens};
use crate::webhook::Hooks;

#[derive(Debug)]
pub(crate) struct Inner {
    /// Its base URL.
    pub(crate) url: String,
    /// What the data was made from, and is made from again at a reset.
    size: RwLock<Size>,
    store: RwLock<Store>,
    settings: RwLock<Arc<Settings>>,
    initial: Arc<Settings>,
    pub(crate) clock: Arc<Clock>,
    clients: RwLock<Vec<OAuthClient>>,
    pub(crate) tokens: Tokens,
    pub(crate) limiter: Limiter,
    pub(crate) log: Log,
    pub(crate) documents: Documents,
    pub(crate) faults: Plan,
    pub(crate) outbox: Outbox,
    pub(crate) hooks: Hooks,
    in_flight: AtomicUsize,
}

/// What a sandbox is at this moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// What the data was made from.
    pub size: Size,
    /// How many rows there are now.
    pub counts: Counts,
    /// How it behaves.
    pub settings: Settings,
    /// The sandbox's time since its start, in milliseconds.
    pub clock_ms: u64,
    /// Whether the clock is held.
    pub clock_held: bool,
    /// How many tokens were given out.
    pub tokens: u64,
    /// How many requests are being answered.
    pub in_flight: usize,
}

/// How many rows of each kind there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are named after what they count")]
pub struct Counts {
    pub users: usize,
    pub groups: usize,
    pub trainings: usize,
    pub offers: usize,
    pub offer_events: usize,
    pub certificates: usize,
    pub portfolio_items: usize,
    pub extra_categories: usize,
}

impl Inner {
    pub(crate) fn new(
        url: String,
        size: Size,
        settings: Settings,
        clients: Vec<OAuthClient>,
        held: bool,
    ) -> Self {
        let initial = Arc::new(settings);
        Self {
            url,
            size: RwLock::new(size),
            store: RwLock::new(Store::new(size)),
            settings: RwLock::new(Arc::clone(&initial)),
            initial,
            clock: Arc::new(Clock::new(held)),
            clients: RwLock::new(clients),
            tokens: Tokens::new(size.seed),
            limiter: Limiter::default(),
            log: Log::default(),
            documents: Documents::default(),
            faults: Plan::default(),
            outbox: Outbox::default(),
            hooks: Hooks::default(),
            in_flight: AtomicUsize::new(0),
        }
    }

    /// The settings in force.
    pub(crate) fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts other settings in force.
    pub(crate) fn set(&self, settings: Settings) {
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
        self.limiter.clear();
    }

    /// The OAuth clients.
    pub(crate) fn clients(&self) -> RwLockReadGuard<'_, Vec<OAuthClient>> {
        self.clients.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an OAuth client, or replaces the one of its id.
    pub(crate) fn set_client(&self, client: OAuthClient) {
        let mut clients = self.clients.write().unwrap_or_else(PoisonError::into_inner);
        match clients.iter_mut().find(|other| other.id == client.id) {
            Some(other) => *other = client,
            None => clients.push(client),
        }
    }

    /// What the data was made from.
    pub(crate) fn size(&self) -> Size {
        *self.size.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says what data of another origin was made from.
    pub(crate) fn set_size(&self, size: Size) {
        *self.size.write().unwrap_or_else(PoisonError::into_inner) = size;
    }

    /// The data, to read.
    pub(crate) fn store(&self) -> RwLockReadGuard<'_, Store> {
        self.store.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Carries out what was asked for earlier and takes its time.
    pub(crate) fn settle(&self) {
        if !self.store().slow.is_empty() {
            let now = self.now_ms();
            self.edit(|store| store.settle(now));
        }
    }

    /// Changes the data.
    pub(crate) fn edit<T>(&self, edit: impl FnOnce(&mut Store) -> T) -> T {
        edit(&mut self.store.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// Data, settings, faults, log, outbox, webhooks and rate limits as at the start. Clients, clock and tokens go on.
    pub(crate) fn reset(&self) {
        self.edit(|store| *store = Store::new(self.size()));
        self.set((*self.initial).clone());
        self.faults.clear();
        self.log.clear();
        self.outbox.clear();
        self.hooks.clear();
    }

    /// What the sandbox is now.
    pub(crate) fn state(&self) -> State {
        self.settle();
        let store = self.store();
        State {
            size: self.size(),
            counts: Counts {
                users: store.users.len(),
                groups: store.groups.len(),
                trainings: store.trainings.len(),
                offers: store.offers.len(),
                offer_events: store.events.len(),
                certificates: store.certificates.len(),
                portfolio_items: store.portfolio.len(),
                extra_categories: store.categories.len(),
            },
            settings: (*self.settings()).clone(),
            clock_ms: self.now_ms(),
            clock_held: self.clock.is_held(),
            tokens: self.tokens.given(),
            in_flight: self.in_flight.load(Ordering::Relaxed),
        }
    }

    /// The sandbox's time in milliseconds.
    pub(crate) fn now_ms(&self) -> u64 {
        u64::try_from(self.clock.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Counts a request as being answered until the guard goes, and says how many there are.
    pub(crate) fn enter(self: &Arc<Self>) -> (InFlight, usize) {
        let before = self.in_flight.fetch_add(1, Ordering::Relaxed);
        (InFlight(Arc::clone(self)), before + 1)
    }
}

/// A request that is being answered.
pub(crate) struct InFlight(Arc<Inner>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}
