//! Setting a client up.

use super::{Client, Core, Endpoint};
use crate::auth::{Auth, Renewal, TokenCache, TokenEndpoint, TokenProvider, TokenSource, TokenStore};
use crate::error::{Error, Result};
use crate::inspect::Inspections;
use crate::limit::{Limiter, Limits};
use crate::observe::{Attempt, Hook};
use crate::operation::Dropped;
use crate::paginate::Defaults;
use crate::retry::{BudgetCounter, RetryBudget, RetryPolicy};
use crate::secret::Secret;
use crate::time::{Clock, SystemClock};
use crate::transport::{
    HttpOptions, HttpTransport, ProxyChoice, ServerTrust, Timeouts, Transport, Trusted, certificates,
};
use std::sync::Arc;
use std::time::Duration;

/// Everything that can be set for a client. Made by [`Client::builder`] or [`ClientBuilder::from_env`].
#[derive(Debug)]
pub struct ClientBuilder {
    /// A URL may hold a password until [`ClientBuilder::build`] refuses it.
    organization: Secret,
    auth: Option<Auth>,
    scopes: Vec<String>,
    renewal: Renewal,
    store: Option<Arc<dyn TokenStore>>,
    retry: RetryPolicy,
    budget: RetryBudget,
    limits: Limits,
    timeouts: Timeouts,
    idle_timeout: Duration,
    max_body: usize,
    paging: Defaults,
    authorities: Vec<Vec<u8>>,
    trust: Option<Arc<dyn ServerTrust>>,
    proxy: ProxyChoice,
    user_agent: Option<String>,
    transport: Option<Arc<dyn Transport>>,
    clock: Arc<dyn Clock>,
    hook: Option<Hook>,
}

impl ClientBuilder {
    pub(super) fn new(organization: String) -> Self {
        Self {
            organization: organization.into(),
            auth: None,
            scopes: Vec::new(),
            renewal: Renewal::default(),
            store: None,
            retry: RetryPolicy::default(),
            budget: RetryBudget::default(),
            limits: Limits::default(),
            timeouts: Timeouts::default(),
            idle_timeout: Duration::from_secs(50),
            max_body: 64 << 20,
            paging: Defaults::default(),
            authorities: Vec::new(),
            trust: None,
            proxy: ProxyChoice::Environment,
            user_agent: None,
            transport: None,
            clock: Arc::new(SystemClock),
            hook: None,
        }
    }

    /// Uses OAuth client credentials, for servers and scripts. Never ship a client secret in an app.
    #[must_use]
    pub fn credentials(self, id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        self.auth(Auth::ClientCredentials {
            id: id.into(),
            secret: secret.into(),
            scopes: Vec::new(),
        })
    }

    /// Asks for these scopes only, such as `users.read`. Without this call the parameter is left out.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Uses one token, which cannot be renewed.
    #[must_use]
    pub fn token(self, token: impl Into<Secret>) -> Self {
        self.auth(Auth::Token(token.into()))
    }

    /// Asks the caller for tokens: what an app uses, whose own back end holds the client secret.
    #[must_use]
    pub fn token_provider(self, provider: impl TokenProvider) -> Self {
        self.auth(Auth::Provider(Arc::new(provider)))
    }

    /// Sets how tokens are got, in one value.
    #[must_use]
    pub fn auth(mut self, auth: Auth) -> Self {
        self.auth = Some(auth);
        self
    }

    /// Shares the token with other processes.
    #[must_use]
    pub fn token_store(mut self, store: impl TokenStore) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// Sets when tokens are renewed.
    #[must_use]
    pub fn renewal(mut self, renewal: Renewal) -> Self {
        self.renewal = renewal;
        self
    }

    /// Sets how failed requests are repeated.
    #[must_use]
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Sets the share of repeats among all requests.
    #[must_use]
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.budget = budget;
        self
    }

    /// Sets how much is asked at once.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the time that an attempt may take.
    #[must_use]
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// How long an unused connection is kept. 50 s by default, less than common servers and proxies keep theirs, so
    /// that a request seldom meets a connection that is being closed.
    #[must_use]
    pub fn idle_timeout(mut self, idle: Duration) -> Self {
        self.idle_timeout = idle;
        self
    }

    /// The largest answer to read, in bytes, after decompression. 64 MiB by default.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Sets how lists are read unless a list says otherwise.
    #[must_use]
    pub fn paging(mut self, paging: Defaults) -> Self {
        self.paging = paging;
        self
    }

    /// Trusts the authorities in this PEM text, beside those the platform trusts. May be called repeatedly.
    #[must_use]
    pub fn certificate_authority(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.authorities.push(pem.into());
        self
    }

    /// Has the caller's own code say which servers are trusted, in place of the platform's store. Not together with
    /// [`ClientBuilder::certificate_authority`].
    #[must_use]
    pub fn server_trust(mut self, trust: Arc<dyn ServerTrust>) -> Self {
        self.trust = Some(trust);
        self
    }

    /// Goes through this proxy. By default `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` decide.
    #[must_use]
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.proxy = ProxyChoice::Url(url.into());
        self
    }

    /// Goes through no proxy, whatever the environment says.
    #[must_use]
    pub fn no_proxy(mut self) -> Self {
        self.proxy = ProxyChoice::None;
        self
    }

    /// Names the program that uses the SDK, for Pluvo's logs: `my-sync/1.2`.
    #[must_use]
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = Some(name.into());
        self
    }

    /// Carries requests by other means than HTTP of its own.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Takes the time from another clock. For tests: see [`HeldClock`](crate::time::HeldClock).
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Is called after every attempt, in the task that made it. It must not block.
    #[must_use]
    pub fn on_attempt(mut self, hook: impl Fn(&Attempt) + Send + Sync + 'static) -> Self {
        self.hook = Some(Hook(Arc::new(hook)));
        self
    }

    /// Checks the settings and makes the client. Does no I/O, spawns nothing and needs no runtime.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): no way to get a token, an unusable organisation, a
    /// certificate that is none, a limit of zero.
    pub fn build(self) -> Result<Client> {
        let endpoint = Endpoint::parse(self.organization.expose())?;
        self.check()?;
        let transport = match &self.transport {
            Some(transport) => Arc::clone(transport),
            None => Arc::new(HttpTransport::new(
                self.http_options(&endpoint)?,
                Arc::clone(&self.clock),
            )),
        };
        let tokens = self.tokens(&endpoint, &transport)?;
        let asked_scopes = match self.auth {
            Some(Auth::ClientCredentials { scopes, .. }) if self.scopes.is_empty() => scopes,
            _ => self.scopes,
        };
        Ok(Client {
            core: Arc::new(Core {
                endpoint,
                transport,
                tokens,
                asked_scopes,
                limiter: Limiter::new(self.limits, Arc::clone(&self.clock)),
                retry: self.retry,
                budget: BudgetCounter::new(self.budget),
                timeouts: self.timeouts,
                max_body: self.max_body,
                paging: self.paging,
                clock: self.clock,
                hook: self.hook,
                inspected: Inspections::default(),
                dropped: Dropped::default(),
            }),
        })
    }

    fn check(&self) -> Result<()> {
        let limits = &self.limits;
        let wrong = if limits.in_flight == 0 {
            "limits.in_flight must be at least 1"
        } else if limits.rate.is_some_and(|rate| !(0.001..=1e6).contains(&rate)) {
            "limits.rate must lie between 0.001 and 1,000,000 requests a second"
        } else if self.retry.max_attempts == 0 {
            "retry.max_attempts must be at least 1; 1 never repeats"
        } else if !(0.0..=1.0).contains(&self.budget.ratio) {
            "retry_budget.ratio must lie between 0 and 1"
        } else if self.max_body == 0 {
            "max_body must be at least 1 byte"
        } else if self
            .scopes
            .iter()
            .any(|scope| scope.is_empty() || scope.contains(char::is_whitespace))
        {
            "a scope must be one word, such as users.read"
        } else {
            return self.paging.check();
        };
        Err(Error::config(wrong))
    }

    fn http_options(&self, endpoint: &Endpoint) -> Result<HttpOptions> {
        let mut authorities = Vec::new();
        for pem in &self.authorities {
            authorities.extend(certificates(pem).map_err(Error::config)?);
        }
        let trusted = match &self.trust {
            None => Trusted::Authorities(authorities),
            Some(trust) if authorities.is_empty() => Trusted::Asked(Arc::clone(trust)),
            Some(_) => {
                return Err(Error::config(
                    "certificate authorities are given beside code that says which servers are trusted; give one of both",
                ));
            }
        };
        if let ProxyChoice::Url(url) = &self.proxy
            && url::Url::parse(url.expose()).map_or(true, |url| url.host().is_none())
        {
            return Err(Error::config(
                "the proxy is not a URL such as http://proxy.example.com:3128",
            ));
        }
        let own = concat!("pluvo-sdk/", env!("CARGO_PKG_VERSION"));
        let user_agent = match &self.user_agent {
            Some(name) if name.bytes().any(|byte| !(b' '..=b'~').contains(&byte)) => {
                return Err(Error::config(
                    "the user agent has characters that no header can hold",
                ));
            }
            Some(name) => format!("{name} {own}"),
            None => own.to_owned(),
        };
        Ok(HttpOptions {
            user_agent,
            connect_timeout: self.timeouts.connect,
            idle_timeout: self.idle_timeout,
            trusted,
            proxy: self.proxy.clone(),
            tls: endpoint.graphql().scheme() == "https",
        })
    }

    fn tokens(&self, endpoint: &Endpoint, transport: &Arc<dyn Transport>) -> Result<TokenCache> {
        let clock = Arc::clone(&self.clock);
        let (source, key) = match &self.auth {
            None => {
                return Err(Error::config(
                    "there is no way to get a token: give client credentials, a token or a token provider",
                ));
            }
            Some(Auth::Token(token)) if token.is_empty() => return Err(Error::config("the token is empty")),
            Some(Auth::Token(token)) => return Ok(TokenCache::fixed(token.clone(), clock)),
            Some(Auth::Provider(provider)) => (
                TokenSource::Provider(Arc::clone(provider)),
                format!("provider {}", endpoint.graphql()),
            ),
            Some(Auth::ClientCredentials { id, secret, scopes }) => {
                if id.is_empty() || secret.is_empty() {
                    return Err(Error::config(
                        "the client id and the client secret must not be empty",
                    ));
                }
                let scopes = if self.scopes.is_empty() {
                    scopes.clone()
                } else {
                    self.scopes.clone()
                };
                let source = TokenEndpoint {
                    url: endpoint.token().clone(),
                    client_id: id.clone(),
                    client_secret: secret.clone(),
                    scopes: scopes.clone(),
                    transport: Arc::clone(transport),
                    clock: Arc::clone(&clock),
                    retry: self.retry.clone(),
                    timeouts: self.timeouts,
                };
                let key = format!("{} {id} {}", endpoint.token(), scopes.join(" "));
                (TokenSource::Endpoint(Box::new(source)), key)
            }
        };
        let key = crate::hash(key.as_bytes());
        Ok(TokenCache::new(
            source,
            self.store.clone(),
            key,
            self.renewal,
            clock,
        ))
    }
}
