//! One token for all clones of a client, fetched by one caller at a time.

use super::{AccessToken, Renewal, StoredToken, TokenEndpoint, TokenProvider, TokenStore};
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;
use crate::time::Clock;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A token in use.
#[derive(Debug)]
pub(crate) struct Token {
    pub secret: Secret,
    pub scopes: Option<Vec<String>>,
    /// When it was got and how long it lives from then on, by monotonic time.
    life: Option<(Instant, Duration)>,
}

pub(crate) enum TokenSource {
    Endpoint(Box<TokenEndpoint>),
    Provider(Arc<dyn TokenProvider>),
    Fixed,
}

pub(crate) struct TokenCache {
    source: TokenSource,
    store: Option<Arc<dyn TokenStore>>,
    /// Tells tokens of one client from those of another in a shared store.
    key: String,
    renewal: Renewal,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    /// Held by whoever fetches. Dropped with its future, so that the next in line takes over.
    flight: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    current: Option<Arc<Token>>,
    refused: Option<Secret>,
    /// How many fetches have ended, and how the last one failed. Whoever waited for that one gets its failure.
    ended: u64,
    failure: Option<Error>,
    /// A renewal ahead of time is not tried again before.
    pause_until: Option<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Freshness {
    Fresh,
    /// Still good, and due to be renewed.
    Due,
    Over,
}

impl Token {
    pub(crate) fn fixed(secret: Secret) -> Self {
        Self {
            secret,
            scopes: None,
            life: None,
        }
    }

    fn freshness(&self, now: Instant, renewal: &Renewal) -> Freshness {
        let Some((since, lifetime)) = self.life else {
            return Freshness::Fresh;
        };
        let left = lifetime.saturating_sub(now.saturating_duration_since(since));
        if left <= renewal.margin.min(lifetime / 20) {
            Freshness::Over
        } else if left <= renewal.ahead.min(lifetime / 4) {
            Freshness::Due
        } else {
            Freshness::Fresh
        }
    }
}

impl TokenCache {
    pub(crate) fn new(
        source: TokenSource,
        store: Option<Arc<dyn TokenStore>>,
        key: String,
        renewal: Renewal,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            source,
            store,
            key,
            renewal,
            clock,
            state: Mutex::default(),
            flight: tokio::sync::Mutex::default(),
        }
    }

    pub(crate) fn fixed(secret: Secret, clock: Arc<dyn Clock>) -> Self {
        let cache = Self::new(TokenSource::Fixed, None, String::new(), Renewal::default(), clock);
        cache.with(|state| state.current = Some(Arc::new(Token::fixed(secret))));
        cache
    }

    /// Whether a refused token can be replaced.
    pub(crate) fn can_renew(&self) -> bool {
        !matches!(self.source, TokenSource::Fixed)
    }

    /// A token that can be sent now.
    pub(crate) async fn get(&self) -> Result<Arc<Token>> {
        let now = self.clock.now();
        let (current, ended) = self.with(|state| (state.current.clone(), state.ended));
        if let Some(token) = current {
            match token.freshness(now, &self.renewal) {
                Freshness::Fresh => return Ok(token),
                Freshness::Due => return Ok(self.renew_ahead(token).await),
                Freshness::Over => {}
            }
        }
        let _flight = self.flight.lock().await;
        let waited_for = self.with(|state| {
            let usable = state
                .current
                .clone()
                .filter(|token| token.freshness(self.clock.now(), &self.renewal) != Freshness::Over);
            let failure = state.failure.clone().filter(|_| state.ended > ended);
            usable.map(Ok).or(failure.map(Err))
        });
        match waited_for {
            Some(outcome) => outcome,
            None => self.fetch().await,
        }
    }

    /// Renews unless somebody else is at it. The old token is good for a while, so a failure is none yet.
    async fn renew_ahead(&self, old: Arc<Token>) -> Arc<Token> {
        let now = self.clock.now();
        if self.with(|state| state.pause_until.is_some_and(|until| now < until)) {
            return old;
        }
        let Ok(_flight) = self.flight.try_lock() else {
            return old;
        };
        // Whoever held the flight a moment ago may have put the next token there.
        if let Some(newer) = self
            .with(|state| state.current.clone())
            .filter(|token| !Arc::ptr_eq(token, &old))
        {
            return newer;
        }
        match self.fetch().await {
            Ok(token) => token,
            Err(error) => {
                tracing::warn!(target: "pluvo_sdk::auth", kind = %error.kind(), "token not renewed ahead of time; the old one goes on");
                let until = self.clock.now() + self.renewal.pause;
                self.with(|state| state.pause_until = Some(until));
                old
            }
        }
    }

    /// Forgets a token that was refused, unless it has been replaced in the meantime.
    pub(crate) fn refused(&self, token: &Arc<Token>) {
        self.with(|state| {
            if state
                .current
                .as_ref()
                .is_some_and(|current| Arc::ptr_eq(current, token))
                && self.can_renew()
            {
                state.current = None;
                state.refused = Some(token.secret.clone());
            }
        });
    }

    /// Only ever called by the holder of `flight`.
    async fn fetch(&self) -> Result<Arc<Token>> {
        let outcome = self.fetch_through_store().await.map(Arc::new);
        self.with(|state| {
            state.ended += 1;
            match &outcome {
                Ok(token) => {
                    state.current = Some(Arc::clone(token));
                    (state.failure, state.pause_until) = (None, None);
                }
                Err(error) => state.failure = Some(error.clone()),
            }
        });
        outcome
    }

    async fn fetch_through_store(&self) -> Result<Token> {
        let Some(store) = &self.store else {
            return self.ask().await;
        };
        let _guard = store.lock().await;
        if let Some(token) = store.load().await.and_then(|stored| self.usable(stored)) {
            return Ok(token);
        }
        let token = self.ask().await?;
        if let Some((_, lifetime)) = token.life
            && let Some(expires_at) = self.clock.wall().checked_add(lifetime)
        {
            let stored = StoredToken {
                key: self.key.clone(),
                token: token.secret.clone(),
                expires_at,
                scopes: token.scopes.clone(),
            };
            store.save(stored).await;
        }
        Ok(token)
    }

    /// A stored token of this very client that has some life left, and is neither the one that was refused nor the
    /// one that is due to be replaced.
    fn usable(&self, stored: StoredToken) -> Option<Token> {
        let old = self.with(|state| {
            let current = state.current.as_ref().map(|token| &token.secret);
            let mut known = [current, state.refused.as_ref()].into_iter().flatten();
            known.any(|old| old.expose() == stored.token.expose())
        });
        let left = stored.expires_at.duration_since(self.clock.wall()).ok()?;
        let token = Token {
            secret: stored.token,
            scopes: stored.scopes,
            life: Some((self.clock.now(), left)),
        };
        let good = stored.key == self.key && !old && left > self.renewal.margin;
        good.then_some(token)
    }

    async fn ask(&self) -> Result<Token> {
        let token = match &self.source {
            TokenSource::Endpoint(endpoint) => endpoint.fetch().await?,
            TokenSource::Provider(provider) => self.ask_provider(provider.as_ref()).await?,
            TokenSource::Fixed => {
                return Err(Error::new(
                    ErrorKind::Auth,
                    "the token was refused, and a fixed token cannot be renewed",
                ));
            }
        };
        let life = token.expires_in.map(|lifetime| (self.clock.now(), lifetime));
        Ok(Token {
            secret: token.secret,
            scopes: token.scopes,
            life,
        })
    }

    async fn ask_provider(&self, provider: &dyn TokenProvider) -> Result<AccessToken> {
        let limit = self.renewal.provider_timeout;
        let answer = tokio::select! {
            biased;
            answer = provider.token() => answer,
            () = self.clock.timeout(limit) => {
                let text = format!("the token provider gave no token within {:.1} s", limit.as_secs_f64());
                return Err(Error::new(ErrorKind::Auth, text).retryable());
            }
        };
        let token = answer
            .map_err(|cause| Error::new(ErrorKind::Auth, "the token provider failed").with_source(cause))?;
        if token.secret.is_empty() {
            return Err(Error::new(
                ErrorKind::Auth,
                "the token provider gave an empty token",
            ));
        }
        if token.expires_in.is_some_and(|left| left <= Duration::ZERO) {
            return Err(Error::new(
                ErrorKind::Auth,
                "the token provider gave a token that has expired",
            ));
        }
        Ok(token)
    }

    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCache")
            .field("renewal", &self.renewal)
            .finish_non_exhaustive()
    }
}
