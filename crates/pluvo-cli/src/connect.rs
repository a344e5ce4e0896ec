//! From flags, environment and configuration file to a client.

use crate::cli::Global;
use crate::config::{Config, Profile, token_folder};
use crate::exit::{Failure, Result};
use pluvo_sdk::auth::FileStore;
use pluvo_sdk::time::HeldClock;
use pluvo_sdk::{Auth, Client, ClientBuilder, Endpoint, Limits, RetryPolicy, Timeouts};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What was found, and from where.
#[derive(Default)]
struct Found {
    organization: Option<String>,
    /// With the endpoint that they are for, where they come from a profile.
    auth: Option<(Auth, Option<Endpoint>)>,
    scopes: Option<Vec<String>>,
    ca_file: Option<PathBuf>,
}

/// A client as the command line and its surroundings want it.
pub(crate) fn client(global: &Global) -> Result<Client> {
    let (builder, store) = settled(global)?;
    let builder = match store {
        Some(path) => builder.token_store(FileStore::new(path)),
        None => builder,
    };
    Ok(builder.build()?)
}

/// The same without a token of an earlier run.
pub(crate) fn client_anew(global: &Global) -> Result<Client> {
    Ok(settled(global)?.0.build()?)
}

/// Everything but the token file, whose path comes beside it.
fn settled(global: &Global) -> Result<(ClientBuilder, Option<PathBuf>)> {
    let found = find(global)?;
    let organization = found.organization.ok_or_else(|| {
        Failure::config(
            "no organisation is given: use --organization, PLUVO_ORGANIZATION or PLUVO_BASE_URL, or a profile",
        )
    })?;
    let endpoint = Endpoint::parse(&organization)?;
    let (auth, meant_for) = found.auth.ok_or_else(|| {
        Failure::config(
            "no credentials are given: set PLUVO_CLIENT_ID and PLUVO_CLIENT_SECRET, or PLUVO_ACCESS_TOKEN, or use a \
             profile",
        )
    })?;
    // Or a profile's secret would be sent to whatever server the environment happens to name.
    if meant_for.is_some_and(|meant| meant != endpoint) {
        return Err(Failure::config(format!(
            "the profile's credentials are for another organisation than {organization}; give credentials for this one"
        )));
    }
    let scopes = found.scopes.unwrap_or_default();
    let store = token_file(global, &endpoint, &auth, &scopes);
    let mut builder = tuned(Client::builder(organization), global)
        .auth(auth)
        .scopes(scopes);
    if let Some(path) = &found.ca_file {
        let pem = std::fs::read(path).map_err(|error| {
            Failure::config(format!("the CA file {} cannot be read: {error}", path.display()))
        })?;
        builder = builder.certificate_authority(pem);
    }
    Ok((builder, store))
}

/// Flags, a named profile, the environment, the default profile: the first that says something wins.
fn find(global: &Global) -> Result<Found> {
    let config = Config::read(
        global
            .config
            .as_deref()
            .filter(|path| !path.as_os_str().is_empty()),
    )?;
    let mut found = Found {
        organization: global.organization.clone(),
        auth: None,
        scopes: global.scopes.clone(),
        ca_file: global.ca_file.clone(),
    };
    if let Some(name) = &global.profile {
        found.add_profile(config.profile(name)?, &config.folder)?;
    }
    found.add_environment()?;
    let default = variable("PLUVO_PROFILE").or_else(|| config.default_profile.clone());
    if let Some(name) = default.filter(|_| global.profile.is_none() && found.auth.is_none()) {
        found.add_profile(config.profile(&name)?, &config.folder)?;
    }
    Ok(found)
}

impl Found {
    fn add_profile(&mut self, profile: &Profile, folder: &Path) -> Result {
        let endpoint = profile.organization.as_deref().map(Endpoint::parse).transpose()?;
        self.organization = self.organization.take().or_else(|| profile.organization.clone());
        self.scopes = self.scopes.take().or_else(|| profile.scopes.clone());
        self.ca_file = self
            .ca_file
            .take()
            .or_else(|| profile.ca_file.as_ref().map(|path| folder.join(path)));
        let Some(id) = profile.client_id.clone().filter(|_| self.auth.is_none()) else {
            return Ok(());
        };
        let secret = profile.secret(folder)?.ok_or_else(|| {
            Failure::config(
                "the profile has a client_id and no secret: add client_secret_file or client_secret_command",
            )
        })?;
        let auth = Auth::ClientCredentials {
            id,
            secret,
            scopes: Vec::new(),
        };
        self.auth = Some((auth, endpoint));
        Ok(())
    }

    fn add_environment(&mut self) -> Result {
        let organization = variable("PLUVO_BASE_URL").or_else(|| variable("PLUVO_ORGANIZATION"));
        self.organization = self.organization.take().or(organization);
        let scopes = variable("PLUVO_SCOPES").map(|list| {
            let words = list.split([' ', ',']).filter(|scope| !scope.is_empty());
            words.map(str::to_owned).collect()
        });
        self.scopes = self.scopes.take().or(scopes);
        if self.auth.is_some() {
            return Ok(());
        }
        let credentials = (variable("PLUVO_CLIENT_ID"), variable("PLUVO_CLIENT_SECRET"));
        let auth = match (variable("PLUVO_ACCESS_TOKEN"), credentials) {
            (Some(token), _) => Auth::Token(token.into()),
            (None, (Some(id), Some(secret))) => Auth::ClientCredentials {
                id,
                secret: secret.into(),
                scopes: Vec::new(),
            },
            (None, (None, None)) => return Ok(()),
            (None, (Some(_), None)) => return Err(half("PLUVO_CLIENT_SECRET", "PLUVO_CLIENT_ID")),
            (None, (None, Some(_))) => return Err(half("PLUVO_CLIENT_ID", "PLUVO_CLIENT_SECRET")),
        };
        self.auth = Some((auth, None));
        Ok(())
    }
}

fn half(missing: &str, given: &str) -> Failure {
    Failure::config(format!("the environment has {given} and lacks {missing}"))
}

fn variable(name: &str) -> Option<String> {
    let value = std::env::var(name).ok()?;
    Some(value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// A client as patient and as busy as the flags say.
pub(crate) fn tuned(builder: ClientBuilder, global: &Global) -> ClientBuilder {
    let (retry, limits, timeouts) = (RetryPolicy::default(), Limits::default(), Timeouts::default());
    let attempt = global.timeout.unwrap_or(timeouts.attempt);
    let builder = builder
        .user_agent(concat!("pluvo-cli/", env!("CARGO_PKG_VERSION")))
        .retry(RetryPolicy {
            max_attempts: global.max_attempts.unwrap_or(retry.max_attempts),
            ..retry
        })
        .limits(Limits {
            in_flight: global.in_flight.unwrap_or(limits.in_flight),
            rate: global.rate.or(limits.rate),
            ..limits
        })
        .timeouts(Timeouts {
            connect: timeouts.connect.min(attempt),
            read: timeouts.read.min(attempt),
            attempt,
        });
    // So that tests of the command need not wait where the client does.
    if std::env::var_os("PLUVO_TEST_CLOCK").is_some_and(|clock| clock == "held") {
        builder.clock(HeldClock::new())
    } else {
        builder
    }
}

/// Where this client's token is kept between runs, one file for each server, client and set of scopes.
///
/// Not for servers on this machine unless asked: their tokens end with them. Not for a token that was handed in.
fn token_file(global: &Global, endpoint: &Endpoint, auth: &Auth, scopes: &[String]) -> Option<PathBuf> {
    let Auth::ClientCredentials { id, .. } = auth else {
        return None;
    };
    if global.no_token_cache || (endpoint.token().scheme() == "http" && !global.token_cache) {
        return None;
    }
    let folder = token_folder()?;
    if let Err(error) = private_folder(&folder) {
        tracing::warn!(target: "pluvo", folder = %folder.display(), %error, "tokens cannot be kept between runs");
        return None;
    }
    let digest = Sha256::digest(format!("{} {id} {}", endpoint.token(), scopes.join(" ")));
    let mut name = String::new();
    for byte in &digest[..12] {
        let _ = write!(name, "{byte:02x}");
    }
    Some(folder.join(name + ".json"))
}

fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
