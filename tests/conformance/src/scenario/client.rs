//! The settings of a scenario's clients.

use serde::Deserialize;

use super::Span;

/// The settings of a scenario's clients. What is absent is the client's default.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Client {
    /// Where the organisation is; the sandbox if absent.
    pub organization: Option<String>,
    /// Where tokens come from.
    pub auth: Auth,
    /// Scopes to ask for.
    pub scopes: Option<Vec<String>>,
    /// A token file that all clients of the scenario share.
    pub store: Option<Store>,
    /// Trust the authority of the sandbox's certificate.
    pub trust: bool,
    /// How to repeat.
    pub retry: Retry,
    /// How much to repeat.
    pub retry_budget: Budget,
    /// When to renew tokens.
    pub renewal: Renewal,
    /// How much to ask at once.
    pub limits: Limits,
    /// How long attempts may take.
    pub timeouts: Timeouts,
    /// The largest answer, in bytes.
    pub max_body: Option<usize>,
    /// What the program calls itself.
    pub user_agent: Option<String>,
}

/// Where tokens come from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, tag = "kind", rename_all = "snake_case")]
pub enum Auth {
    /// Client credentials: the sandbox's own where absent.
    Credentials {
        /// The client's id.
        #[serde(default = "default_id")]
        id: String,
        /// The client's secret.
        #[serde(default = "default_secret")]
        secret: String,
    },
    /// A fixed token: a good one of the sandbox where absent.
    Token {
        /// The token.
        #[serde(default)]
        value: Option<String>,
    },
    /// A provider of the caller's.
    Provider {
        /// What it does.
        does: Provider,
    },
}

impl Default for Auth {
    fn default() -> Self {
        Self::Credentials {
            id: default_id(),
            secret: default_secret(),
        }
    }
}

fn default_id() -> String {
    pluvo_sandbox::CLIENT_ID.to_owned()
}

fn default_secret() -> String {
    pluvo_sandbox::CLIENT_SECRET.to_owned()
}

/// What a token provider does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Gives a new token of the sandbox each time (`POST /__sandbox/tokens`).
    Fresh,
    /// Fails with the words "the vault is shut".
    Fails,
    /// Never answers.
    Hangs,
    /// Gives an empty token.
    Empty,
    /// Gives a token whose lifetime is zero.
    Expired,
}

/// A token file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Store {
    /// What stands in it beforehand; if absent there is no file yet.
    pub holds: Option<String>,
}

macro_rules! settings {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name { $($(#[$field_doc])* pub $field: Option<$ty>,)* }
    };
}

settings! {
    /// How to repeat.
    Retry {
        /// Attempts in all.
        max_attempts: u32,
        /// The longest first delay.
        base_delay: Span,
        /// The longest delay.
        max_delay: Span,
        /// No repeats after so long.
        total: Span,
        /// The longest `Retry-After` to wait for.
        max_retry_after: Span,
    }
}

settings! {
    /// How much to repeat.
    Budget {
        /// Repeats for each request.
        ratio: f64,
        /// The time in which they count.
        window: Span,
        /// Repeats that are always allowed.
        reserve: u32,
    }
}

settings! {
    /// When to renew tokens.
    Renewal {
        /// So long before the end one caller renews.
        ahead: Span,
        /// So long before the end everybody waits.
        margin: Span,
        /// How long a failed renewal is left alone.
        pause: Span,
        /// How long a provider may take.
        provider_timeout: Span,
    }
}

settings! {
    /// How much to ask at once.
    Limits {
        /// Requests in flight.
        in_flight: usize,
        /// Requests a second.
        rate: f64,
    }
}

settings! {
    /// How long attempts may take, in real time.
    Timeouts {
        /// To connect.
        connect: Span,
        /// Without a byte.
        read: Span,
        /// In all.
        attempt: Span,
    }
}
