//! The settings of a client, as JSON.

use crate::error::WireError;
use crate::explain;
use crate::request::{Defaults, Options};
use pluvo_sdk::auth::FileStore;
use pluvo_sdk::{
    Client, ClientBuilder, Limits, Renewal, RetryBudget, RetryPolicy, Secret, Timeouts, paginate,
};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// A length of time, in seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seconds(pub(crate) Duration);

/// Everything that can be set. Lengths of time are seconds.
#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Settings {
    organization: Option<String>,
    base_url: Option<String>,
    client_id: Option<String>,
    client_secret: Option<Hidden>,
    scopes: Option<Vec<String>>,
    token: Option<Hidden>,
    environment: bool,
    retry: RetrySettings,
    retry_budget: BudgetSettings,
    renewal: RenewalSettings,
    limits: LimitSettings,
    timeouts: TimeoutSettings,
    idle_timeout: Option<Seconds>,
    max_body: Option<usize>,
    paging: PagingSettings,
    certificate_authority: Option<String>,
    proxy: Option<Proxy>,
    user_agent: Option<String>,
    token_store: Option<PathBuf>,
}

#[derive(Clone)]
struct Hidden(Secret);

#[derive(Clone)]
enum Proxy {
    Off,
    Url(Secret),
}

/// Declares a part of the settings, each member of which replaces one of the core's when it is given.
macro_rules! parts {
    ($($part:ident for $core:ty { $($field:ident: $type:ty,)* })*) => {
        $(#[derive(Clone, Copy, Default, Deserialize)]
        #[serde(default, rename_all = "camelCase", deny_unknown_fields)]
        struct $part {
            $($field: Option<$type>,)*
        }

        impl $part {
            fn apply(self, core: &mut $core) {
                $(if let Some(value) = self.$field {
                    core.$field = value.into();
                })*
            }
        })*
    };
}

parts! {
    RetrySettings for RetryPolicy {
        max_attempts: u32,
        base_delay: Seconds,
        max_delay: Seconds,
        total: Seconds,
        max_retry_after: Seconds,
    }
    BudgetSettings for RetryBudget {
        ratio: f64,
        window: Seconds,
        reserve: u32,
    }
    RenewalSettings for Renewal {
        ahead: Seconds,
        margin: Seconds,
        pause: Seconds,
        provider_timeout: Seconds,
    }
    LimitSettings for Limits {
        in_flight: usize,
        rate: f64,
        recovery: Seconds,
    }
    TimeoutSettings for Timeouts {
        connect: Seconds,
        read: Seconds,
        attempt: Seconds,
    }
    PagingSettings for paginate::Defaults {
        page_size: u32,
        prefetch: bool,
        parallel: usize,
    }
}

impl From<Seconds> for Duration {
    fn from(seconds: Seconds) -> Self {
        seconds.0
    }
}

impl Settings {
    /// Reads them, and what they leave to the environment. `provider` is whether the caller's own code hands out tokens.
    pub(crate) fn read(text: &str, provider: bool) -> Result<Self, WireError> {
        let mut settings: Self = read(text, "setting", "")?;
        if settings.environment {
            settings.fill_in(provider, |name| {
                let value = std::env::var(name).ok()?;
                Some(value.trim().to_owned()).filter(|value| !value.is_empty())
            });
        }
        Ok(settings)
    }

    /// What is given wins, and a half of what goes together is not mixed with another way of saying the same.
    fn fill_in(&mut self, provider: bool, variable: impl Fn(&str) -> Option<String>) {
        if self.organization.is_none() && self.base_url.is_none() {
            self.base_url = variable("PLUVO_BASE_URL");
            self.organization = variable("PLUVO_ORGANIZATION");
        }
        let credentials = self.client_id.is_some() || self.client_secret.is_some();
        if self.token.is_none() && !credentials && !provider {
            self.token = variable("PLUVO_ACCESS_TOKEN").map(Hidden::new);
        }
        if self.token.is_none() && !provider {
            self.client_id = self.client_id.take().or_else(|| variable("PLUVO_CLIENT_ID"));
            let secret = self.client_secret.take();
            self.client_secret = secret.or_else(|| variable("PLUVO_CLIENT_SECRET").map(Hidden::new));
        }
        if self.scopes.is_none() {
            let split = |list: String| {
                let words = list.split([' ', ',']).filter(|scope| !scope.is_empty());
                words.map(str::to_owned).collect()
            };
            self.scopes = variable("PLUVO_SCOPES").map(split);
        }
    }

    /// A builder with all of it, but for the caller's own code.
    pub(crate) fn builder(&self, provider: bool) -> Result<ClientBuilder, WireError> {
        let organization = self.base_url.as_ref().or(self.organization.as_ref());
        let organization = organization.ok_or_else(|| {
            self.lacks(
                "an organisation",
                "organization or baseUrl",
                "PLUVO_ORGANIZATION or PLUVO_BASE_URL",
            )
        })?;
        let mut builder = self.auth(Client::builder(organization.as_str()), provider)?;
        let (mut budget, mut renewal, mut limits, mut paging) = (
            RetryBudget::default(),
            Renewal::default(),
            Limits::default(),
            paginate::Defaults::default(),
        );
        self.retry_budget.apply(&mut budget);
        self.renewal.apply(&mut renewal);
        self.limits.apply(&mut limits);
        self.paging.apply(&mut paging);
        let Defaults { retry, timeouts, .. } = self.defaults();
        builder = builder
            .retry(retry)
            .timeouts(timeouts)
            .retry_budget(budget)
            .renewal(renewal)
            .limits(limits)
            .paging(paging);
        if let Some(scopes) = &self.scopes {
            builder = builder.scopes(scopes);
        }
        if let Some(Seconds(idle)) = self.idle_timeout {
            builder = builder.idle_timeout(idle);
        }
        if let Some(bytes) = self.max_body {
            builder = builder.max_body(bytes);
        }
        if let Some(pem) = &self.certificate_authority {
            builder = builder.certificate_authority(pem.as_str());
        }
        builder = match &self.proxy {
            None => builder,
            Some(Proxy::Off) => builder.no_proxy(),
            Some(Proxy::Url(url)) => builder.proxy(url.clone()),
        };
        if let Some(name) = &self.user_agent {
            builder = builder.user_agent(name);
        }
        if let Some(path) = &self.token_store {
            builder = builder.token_store(FileStore::new(path));
        }
        Ok(builder)
    }

    fn auth(&self, builder: ClientBuilder, provider: bool) -> Result<ClientBuilder, WireError> {
        let credentials = self.client_id.is_some() || self.client_secret.is_some();
        let ways = usize::from(provider) + usize::from(self.token.is_some()) + usize::from(credentials);
        if ways > 1 {
            return Err(WireError::config(
                "there are several ways to get a token; give clientId and clientSecret, or token, or a token provider",
            ));
        }
        if provider {
            return Ok(builder);
        }
        if let Some(Hidden(token)) = &self.token {
            return Ok(builder.token(token.clone()));
        }
        match (&self.client_id, &self.client_secret) {
            (Some(id), Some(Hidden(secret))) => Ok(builder.credentials(id, secret.clone())),
            (Some(_), None) => Err(self.lacks(
                "a client secret",
                "clientSecret, which goes with clientId",
                "PLUVO_CLIENT_SECRET",
            )),
            (None, Some(_)) => Err(self.lacks(
                "a client id",
                "clientId, which goes with clientSecret",
                "PLUVO_CLIENT_ID",
            )),
            (None, None) => Err(self.lacks(
                "a way to get a token",
                "clientId and clientSecret, token, or a token provider",
                "PLUVO_CLIENT_ID and PLUVO_CLIENT_SECRET, or PLUVO_ACCESS_TOKEN",
            )),
        }
    }

    fn lacks(&self, what: &str, setting: &str, variable: &str) -> WireError {
        WireError::config(if self.environment {
            format!("{what} is missing: give {setting}, or set {variable}")
        } else {
            format!("{what} is missing: give {setting}")
        })
    }

    /// What calls start from.
    pub(crate) fn defaults(&self) -> Defaults {
        let mut defaults = Defaults::default();
        self.retry.apply(&mut defaults.retry);
        self.timeouts.apply(&mut defaults.timeouts);
        defaults
    }
}

/// What a derived client may have of its own.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Overrides {
    timeout: Option<Seconds>,
    max_attempts: Option<u32>,
    total: Option<Seconds>,
    max_body: Option<usize>,
    retry: Option<RetrySettings>,
    timeouts: Option<TimeoutOverrides>,
    paging: PagingSettings,
}

/// The time to connect belongs to the connections, which are shared.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct TimeoutOverrides {
    read: Option<Seconds>,
    attempt: Option<Seconds>,
}

/// Defaults with other ones over them.
pub(crate) fn derive(mut defaults: Defaults, text: &str) -> Result<Defaults, WireError> {
    let given: Overrides = read(text, "setting", " that a derived client can have of its own")?;
    if let Some(retry) = given.retry {
        retry.apply(&mut defaults.retry);
        defaults.own_retry = true;
    }
    if let Some(TimeoutOverrides { read, attempt }) = given.timeouts {
        let timeouts = TimeoutSettings {
            connect: None,
            read,
            attempt,
        };
        timeouts.apply(&mut defaults.timeouts);
        defaults.own_timeouts = true;
    }
    defaults.set(Options {
        timeout: given.timeout,
        max_attempts: given.max_attempts,
        total: given.total,
        max_body: given.max_body,
        repeatable: None,
    });
    if defaults.retry.max_attempts == 0 {
        return Err(WireError::config(
            "maxAttempts must be at least 1; 1 never repeats",
        ));
    }
    defaults.page_size = given.paging.page_size.or(defaults.page_size);
    defaults.prefetch = given.paging.prefetch.or(defaults.prefetch);
    defaults.parallel = given.paging.parallel.or(defaults.parallel);
    Ok(defaults)
}

fn read<T: DeserializeOwned>(text: &str, member: &str, of: &str) -> Result<T, WireError> {
    let object = explain::object(text, "the settings").map_err(WireError::config)?;
    explain::read(explain::without_nulls(Value::Object(object)))
        .map_err(|wrong| WireError::config(wrong.sentence(member, of)))
}

impl Hidden {
    fn new(value: String) -> Self {
        Self(value.into())
    }
}

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;

        impl Visitor<'_> for Number {
            type Value = Seconds;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of seconds, 0 or more")
            }

            fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<Seconds, E> {
                Duration::try_from_secs_f64(seconds)
                    .map(Seconds)
                    .map_err(|_| E::invalid_value(de::Unexpected::Float(seconds), &self))
            }

            fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Seconds, E> {
                Ok(Seconds(Duration::from_secs(seconds)))
            }

            fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<Seconds, E> {
                let whole = u64::try_from(seconds);
                let whole = whole.map_err(|_| E::invalid_value(de::Unexpected::Signed(seconds), &self))?;
                self.visit_u64(whole)
            }
        }

        deserializer.deserialize_any(Number)
    }
}

impl<'de> Deserialize<'de> for Proxy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Choice;

        impl Visitor<'_> for Choice {
            type Value = Proxy;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a URL, or false for none")
            }

            fn visit_bool<E: de::Error>(self, on: bool) -> Result<Proxy, E> {
                if on {
                    return Err(E::invalid_value(de::Unexpected::Bool(on), &self));
                }
                Ok(Proxy::Off)
            }

            fn visit_str<E: de::Error>(self, url: &str) -> Result<Proxy, E> {
                Ok(Proxy::Url(url.into()))
            }
        }

        deserializer.deserialize_any(Choice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(given: &str, provider: bool, variables: &[(&str, &str)]) -> Settings {
        let mut settings = Settings::read(given, provider).unwrap();
        settings.fill_in(provider, |name| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        });
        settings
    }

    fn place(settings: &Settings) -> String {
        let client = settings.builder(false).and_then(|builder| Ok(builder.build()?));
        client.unwrap().endpoint().graphql().to_string()
    }

    const ALL: &[(&str, &str)] = &[
        ("PLUVO_ORGANIZATION", "acme"),
        ("PLUVO_BASE_URL", "https://learn.example.com"),
        ("PLUVO_ACCESS_TOKEN", "env-token"),
        ("PLUVO_CLIENT_ID", "env-id"),
        ("PLUVO_CLIENT_SECRET", "env-secret"),
        ("PLUVO_SCOPES", "users.read, groups.read"),
    ];

    #[test]
    fn the_environment_fills_in_what_is_absent() {
        let settings = filled("{}", false, ALL);
        assert_eq!(place(&settings), "https://learn.example.com/graphql/");
        assert!(settings.token.is_some() && settings.client_id.is_none());
        assert_eq!(settings.scopes.unwrap(), ["users.read", "groups.read"]);
    }

    #[test]
    fn what_is_given_wins_as_a_whole() {
        let settings = filled(r#"{"organization": "other", "clientId": "mine"}"#, false, ALL);
        assert_eq!(place(&settings), "https://other.pluvo.com/graphql/");
        assert!(settings.token.is_none());
        assert_eq!(settings.client_id.as_deref(), Some("mine"));
        assert_eq!(settings.client_secret.unwrap().0.expose(), "env-secret");
        let settings = filled("{}", true, ALL);
        assert!(settings.token.is_none() && settings.client_id.is_none() && settings.client_secret.is_none());
        assert!(settings.builder(true).is_ok());
    }

    #[test]
    fn without_either_the_error_names_both() {
        let settings = Settings {
            environment: true,
            ..Settings::default()
        };
        let error = settings.builder(false).unwrap_err();
        assert!(
            error.message.contains("baseUrl") && error.message.contains("PLUVO_BASE_URL"),
            "{error}"
        );
    }

    #[test]
    fn seconds_are_lengths_of_time() {
        let settings = Settings::read(r#"{"idleTimeout": 1.5, "timeouts": {"read": 2}}"#, false).unwrap();
        assert_eq!(settings.idle_timeout.unwrap().0, Duration::from_millis(1500));
        assert_eq!(settings.defaults().timeouts.read, Duration::from_secs(2));
        for wrong in ["-1", "1e300", "\"1\"", "[]"] {
            assert!(
                Settings::read(&format!(r#"{{"idleTimeout": {wrong}}}"#), false).is_err(),
                "{wrong}"
            );
        }
    }
}
