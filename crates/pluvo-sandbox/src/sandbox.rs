//! A running sandbox, for tests in the same process and for the command.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::{CancellationToken, DropGuard};

use crate::control;
use crate::data::{Place, Size};
use crate::fault::{Fault, PlannedFault};
use crate::http::{Door, Listener, Tls, listen, tls_acceptor};
use crate::log::LogEntry;
use crate::outbox::Mail;
use crate::schema;
use crate::settings::{CursorStyle, PageCap, RateLimit, Settings};
use crate::snapshot::{self, Snapshot};
use crate::state::{Inner, State};
use crate::token::OAuthClient;
use crate::webhook::{Subscription, Webhooks};

/// The default client's id.
pub const CLIENT_ID: &str = "sandbox";
/// The default client's secret.
pub const CLIENT_SECRET: &str = "sandbox-secret";

/// What a sandbox is to be. Made by [`Sandbox::builder`].
#[derive(Debug, Clone)]
pub struct Builder {
    size: Size,
    settings: Settings,
    clients: Vec<OAuthClient>,
    tls: Option<Tls>,
    held: bool,
    faults: Vec<Fault>,
    load: Option<PathBuf>,
}

impl Default for Builder {
    fn default() -> Self {
        let client = OAuthClient {
            id: CLIENT_ID.to_owned(),
            secret: CLIENT_SECRET.to_owned(),
            scopes: None,
        };
        Self {
            size: Size::default(),
            settings: Settings::default(),
            clients: vec![client],
            tls: None,
            held: false,
            faults: Vec::new(),
            load: None,
        }
    }
}

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $type:ty => $($path:ident).+;)*) => {
        $($(#[$doc])*
        #[must_use]
        pub fn $name(mut self, $name: $type) -> Self {
            self.$($path).+ = $name.into();
            self
        })*
    };
}

impl Builder {
    setters! {
        /// How many people there are: 60 unless said otherwise.
        users: usize => size.users;
        /// How many groups: 5. Everybody is in the first one.
        groups: usize => size.groups;
        /// How many learning journeys: 4. Everybody takes part in the first one.
        trainings: usize => size.trainings;
        /// How many offers: 4, each with two to four events.
        offers: usize => size.offers;
        /// How many certificates: 12.
        certificates: usize => size.certificates;
        /// The seed of the data: 1. Equal seeds give equal data.
        seed: u64 => size.seed;
        /// All of the settings at once.
        settings: Settings => settings;
        /// How long every answer takes at least.
        latency: Duration => settings.latency;
        /// What asking for more than 50 rows does.
        page_cap: PageCap => settings.page_cap;
        /// What cursors are made of.
        cursors: CursorStyle => settings.cursors;
        /// How many GraphQL requests each client may send.
        rate_limit: RateLimit => settings.rate_limit;
        /// How long tokens live.
        token_lifetime: Duration => settings.token_lifetime;
        /// Whether answers are compressed for clients that accept it.
        compress: bool => settings.compress;
        /// Whether GraphQL requests are answered without a token.
        anonymous: bool => settings.anonymous;
        /// How long it takes until adding people to groups and removing them takes effect.
        slow_membership: Duration => settings.slow_membership;
        /// The most fields that one mutation document may have.
        max_aliases: usize => settings.max_aliases;
        /// Whether the clock is held from the start.
        hold_clock: bool => held;
        /// Serve HTTPS with such a certificate instead of HTTP.
        tls: Tls => tls;
    }

    /// Adds an OAuth client; with `None` it may have every scope.
    #[must_use]
    pub fn client(mut self, id: &str, secret: &str, scopes: Option<&[&str]>) -> Self {
        let scopes = scopes.map(|scopes| scopes.iter().map(|&scope| scope.to_owned()).collect());
        self.clients.push(OAuthClient {
            id: id.to_owned(),
            secret: secret.to_owned(),
            scopes,
        });
        self
    }

    /// Starts with the data of a file that [`Sandbox::snapshot`] or `GET /__sandbox/snapshot` gave, instead of data made
    /// from the seed. The clock starts where it was then. A reset makes the data from the seed of that time.
    #[must_use]
    pub fn load(mut self, path: impl Into<PathBuf>) -> Self {
        self.load = Some(path.into());
        self
    }

    /// Plans a fault before anything can come in.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Starts on a free port of the loopback interface.
    ///
    /// # Errors
    ///
    /// If no port can be had, no certificate be made, or the file of [`Builder::load`] not be read.
    pub async fn start(self) -> std::io::Result<Sandbox> {
        self.start_on((Ipv4Addr::LOCALHOST, 0).into()).await
    }

    /// Starts on this address; port 0 is a free one.
    ///
    /// # Errors
    ///
    /// If the address cannot be had, no certificate be made, or the file of [`Builder::load`] not be read.
    pub async fn start_on(self, address: SocketAddr) -> std::io::Result<Sandbox> {
        // Before the first request, so that it does not take longer than others.
        schema::api();
        let tls = self
            .tls
            .map(tls_acceptor)
            .transpose()
            .map_err(std::io::Error::other)?;
        let (acceptor, ca) = tls.unzip();
        let listener = Listener::bind(address).await?;
        let address = listener.address;
        let url = match &ca {
            Some(_) => format!("https://localhost:{}", address.port()),
            None => format!("http://{address}"),
        };
        let inner = Inner::new(url.clone(), self.size, self.settings, self.clients, self.held);
        if let Some(path) = &self.load {
            let broken = |error| std::io::Error::other(format!("{}: {error}", path.display()));
            Snapshot::read(&std::fs::read(path)?)
                .map_err(broken)?
                .load(&inner);
        }
        let inner = Arc::new(inner);
        inner.faults.add(self.faults);
        let stop = CancellationToken::new();
        let control = Listener::bind((Ipv4Addr::LOCALHOST, 0).into()).await?;
        let control_url = format!("http://{}", control.address);
        tokio::spawn(listen(
            Arc::clone(&inner),
            listener,
            Door::Public(acceptor),
            stop.clone(),
        ));
        tokio::spawn(listen(Arc::clone(&inner), control, Door::Control, stop.clone()));
        Ok(Sandbox {
            inner,
            address,
            url,
            control_url,
            ca,
            stop: stop.drop_guard(),
        })
    }
}

/// A Pluvo organisation that answers on this machine until it is dropped.
///
/// It runs on the tokio runtime that started it. Any number of them can run in one process; they share nothing but the
/// schema.
#[derive(Debug)]
pub struct Sandbox {
    inner: Arc<Inner>,
    address: SocketAddr,
    url: String,
    control_url: String,
    ca: Option<String>,
    stop: DropGuard,
}

impl Sandbox {
    /// A sandbox of 60 people, 5 groups and 4 trainings, to be changed.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its base URL, such as `http://127.0.0.1:40123`, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The URL of the GraphQL endpoint.
    pub fn graphql_url(&self) -> String {
        format!("{}/graphql/", self.url)
    }

    /// The URL of the token endpoint.
    pub fn token_url(&self) -> String {
        format!("{}/oauth/token/", self.url)
    }

    /// The default client's id.
    pub fn client_id(&self) -> &str {
        CLIENT_ID
    }

    /// The default client's secret, as it was at the start.
    pub fn client_secret(&self) -> &str {
        CLIENT_SECRET
    }

    /// The base URL of a second listener that serves the control API alone, by HTTP: faults of connections and TLS do not
    /// reach it.
    pub fn control_url(&self) -> &str {
        &self.control_url
    }

    /// The certificate of the CA to trust, as PEM, if it serves HTTPS.
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca.as_deref()
    }

    /// Plans faults, behind those that are planned already.
    pub fn add_faults(&self, faults: impl IntoIterator<Item = Fault>) {
        self.inner.faults.add(faults);
    }

    /// The planned faults and how often each was hit.
    pub fn faults(&self) -> Vec<PlannedFault> {
        self.inner.faults.all()
    }

    /// Forgets all planned faults.
    pub fn clear_faults(&self) {
        self.inner.faults.clear();
    }

    /// The requests that came in, oldest first.
    pub fn log(&self) -> Vec<LogEntry> {
        self.inner.log.all()
    }

    /// Forgets the requests so far.
    pub fn clear_log(&self) {
        self.inner.log.clear();
    }

    /// What the sandbox would have mailed, oldest first: empty if nobody was mailed.
    pub fn outbox(&self) -> Vec<Mail> {
        self.inner.outbox.all()
    }

    /// Forgets what was mailed so far.
    pub fn clear_outbox(&self) {
        self.inner.outbox.clear();
    }

    /// The sandbox's time since its start.
    pub fn now(&self) -> Duration {
        self.inner.clock.elapsed()
    }

    /// Moves the clock on, held or not; whoever waits for a time that is now past goes on.
    pub fn advance(&self, by: Duration) {
        self.inner.clock.advance(by);
    }

    /// Holds the clock, or lets it run again.
    pub fn hold_clock(&self, held: bool) {
        self.inner.clock.hold(held);
    }

    /// The settings in force.
    pub fn settings(&self) -> Settings {
        (*self.inner.settings()).clone()
    }

    /// Puts other settings in force. Rate limits begin anew.
    pub fn set(&self, settings: Settings) {
        self.inner.set(settings);
    }

    /// A token with these scopes, or with all, without the token endpoint.
    pub fn issue_token(&self, scopes: Option<&[&str]>) -> String {
        let scopes = match scopes {
            Some(scopes) => scopes.iter().map(|&scope| scope.to_owned()).collect(),
            None => schema::api().all_scopes.clone(),
        };
        control::give(&self.inner, scopes)
    }

    /// Ends every token given out so far: they get a 401.
    pub fn expire_tokens(&self) {
        self.inner.tokens.expire();
    }

    /// Adds an OAuth client, or replaces the one of its id: a rotated secret. Tokens given out before stay good.
    pub fn set_client(&self, client: OAuthClient) {
        self.inner.set_client(client);
    }

    /// Adds people to the organisation.
    pub fn insert_users(&self, count: usize, at: Place) {
        self.inner.edit(|store| store.insert_users(count, at));
    }

    /// Takes people out of the organisation for good.
    pub fn remove_users(&self, count: usize, at: Place) {
        self.inner.edit(|store| store.remove_users(count, at));
    }

    /// Data, settings, faults, log, outbox, webhooks and rate limits as at the start. Clients, clock and tokens go on.
    pub fn reset(&self) {
        self.inner.reset();
    }

    /// Tells this `http` address of these events, or of all if none is named, signed with the key.
    ///
    /// # Errors
    ///
    /// A text that says what is wrong with the address or the events.
    pub fn subscribe(&self, url: &str, key: &str, events: &[&str]) -> Result<(), String> {
        self.inner.hooks.subscribe(Subscription {
            url: url.to_owned(),
            key: key.to_owned(),
            events: events.iter().map(|&event| event.to_owned()).collect(),
        })
    }

    /// The webhooks and what became of each delivery.
    pub fn webhooks(&self) -> Webhooks {
        self.inner.hooks.all()
    }

    /// The data and the clock as JSON, for [`Builder::load`].
    pub fn snapshot(&self) -> Vec<u8> {
        snapshot::save(&self.inner)
    }

    /// What the sandbox is at this moment.
    pub fn state(&self) -> State {
        self.inner.state()
    }

    /// Ends the sandbox and its connections; dropping it does the same.
    pub fn stop(self) {
        drop(self.stop);
    }
}

/// Serves on an address until the returned sandbox is dropped: what the command calls.
///
/// # Errors
///
/// If the address cannot be had.
pub async fn serve(builder: Builder, address: SocketAddr) -> std::io::Result<Sandbox> {
    builder.start_on(address).await
}
