//! A scenario's client settings as those of the Rust SDK.

use std::time::Duration;

use pluvo_sdk::auth::{AccessToken, FileStore};
use pluvo_sdk::time::{BoxFuture, HeldClock};
use pluvo_sdk::{Client, ClientBuilder, Limits, Renewal, RetryBudget, RetryPolicy, Timeouts};

use crate::control::{Control, Result};
use crate::scenario::{self, Auth, Provider, Span};
use crate::stage::Stage;

/// What clients of a scenario are made from.
#[derive(Debug)]
pub(super) struct Settings {
    given: scenario::Client,
    control: Control,
    authority: Option<String>,
    /// Where the token file is, if there is one.
    pub(super) store: Option<std::path::PathBuf>,
    _folder: Option<tempfile::TempDir>,
}

impl Settings {
    pub(super) fn new(stage: &Stage) -> Result<Self> {
        let given = stage.scenario.client.clone();
        let folder = given.store.as_ref().map(|_| tempfile::tempdir()).transpose();
        let folder = folder.map_err(|error| error.to_string())?;
        let store = folder.as_ref().map(|folder| folder.path().join("token.json"));
        if let (Some(path), Some(holds)) = (
            &store,
            given.store.as_ref().and_then(|store| store.holds.as_ref()),
        ) {
            std::fs::write(path, holds).map_err(|error| error.to_string())?;
            // As the SDK would have left it, or its mode alone would be reason enough not to read it.
            #[cfg(unix)]
            std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
                .map_err(|error| error.to_string())?;
        }
        let (control, authority) = (stage.control.clone(), stage.authority.clone());
        Ok(Self {
            given,
            control,
            authority,
            store,
            _folder: folder,
        })
    }

    /// Whether a token of the sandbox is to be fixed.
    pub(super) fn needs_token(&self) -> bool {
        matches!(self.given.auth, Auth::Token { value: None })
    }

    /// A client. `token` is a good one, for scenarios that fix one and do not say which.
    pub(super) fn client(&self, clock: &HeldClock, token: &str) -> ClientBuilder {
        let given = &self.given;
        let organization = given
            .organization
            .clone()
            .unwrap_or_else(|| self.control.url().to_owned());
        let mut builder = Client::builder(organization).clock(clock.clone()).no_proxy();
        builder = match &given.auth {
            Auth::Credentials { id, secret } => builder.credentials(id.clone(), secret.clone()),
            Auth::Token { value } => builder.token(value.as_deref().unwrap_or(token)),
            Auth::Provider { does } => builder.token_provider(self.provider(*does)),
        };
        if let Some(scopes) = &given.scopes {
            builder = builder.scopes(scopes.clone());
        }
        if let Some(path) = &self.store {
            builder = builder.token_store(FileStore::new(path));
        }
        if let Some(authority) = self.authority.as_ref().filter(|_| given.trust) {
            builder = builder.certificate_authority(authority.as_bytes());
        }
        if let Some(bytes) = given.max_body {
            builder = builder.max_body(bytes);
        }
        if let Some(name) = &given.user_agent {
            builder = builder.user_agent(name);
        }
        builder
            .retry(retry(&given.retry))
            .retry_budget(budget(&given.retry_budget))
            .renewal(renewal(&given.renewal))
            .limits(limits(&given.limits))
            .timeouts(timeouts(&given.timeouts))
    }

    fn provider(&self, does: Provider) -> impl pluvo_sdk::auth::TokenProvider + use<> {
        let control = self.control.clone();
        move || -> BoxFuture<'static, std::result::Result<AccessToken, String>> {
            let control = control.clone();
            Box::pin(async move {
                match does {
                    Provider::Fresh => control.token().await.map(AccessToken::new),
                    Provider::Fails => Err("the vault is shut".to_owned()),
                    Provider::Hangs => std::future::pending().await,
                    Provider::Empty => Ok(AccessToken::new("")),
                    Provider::Expired => Ok(AccessToken::new("once-good").expires_in(Duration::ZERO)),
                }
            })
        }
    }
}

fn length(given: Option<Span>, default: Duration) -> Duration {
    given.map_or(default, Span::length)
}

fn retry(given: &scenario::Retry) -> RetryPolicy {
    let default = RetryPolicy::default();
    RetryPolicy {
        max_attempts: given.max_attempts.unwrap_or(default.max_attempts),
        base_delay: length(given.base_delay, default.base_delay),
        max_delay: length(given.max_delay, default.max_delay),
        total: length(given.total, default.total),
        max_retry_after: length(given.max_retry_after, default.max_retry_after),
    }
}

fn budget(given: &scenario::Budget) -> RetryBudget {
    let default = RetryBudget::default();
    RetryBudget {
        ratio: given.ratio.unwrap_or(default.ratio),
        window: length(given.window, default.window),
        reserve: given.reserve.unwrap_or(default.reserve),
    }
}

fn renewal(given: &scenario::Renewal) -> Renewal {
    let default = Renewal::default();
    Renewal {
        ahead: length(given.ahead, default.ahead),
        margin: length(given.margin, default.margin),
        pause: length(given.pause, default.pause),
        provider_timeout: length(given.provider_timeout, default.provider_timeout),
    }
}

fn limits(given: &scenario::Limits) -> Limits {
    let default = Limits::default();
    Limits {
        in_flight: given.in_flight.unwrap_or(default.in_flight),
        rate: given.rate.or(default.rate),
        ..default
    }
}

fn timeouts(given: &scenario::Timeouts) -> Timeouts {
    let default = Timeouts::default();
    Timeouts {
        connect: length(given.connect, default.connect),
        read: length(given.read, default.read),
        attempt: length(given.attempt, default.attempt),
    }
}
