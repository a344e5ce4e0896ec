//! The configuration file: named profiles of organisations.
//!
//! ```toml
//! default_profile = "acme"
//!
//! [profiles.acme]
//! organization = "acme"
//! client_id = "…"
//! client_secret_file = "acme.secret"                    # beside this file, or an absolute path
//! # client_secret_command = ["pass", "show", "pluvo"]   # or the output of a program
//! # client_secret = "…"                                 # or in plain, if the file's mode is 0600
//! scopes = ["users.read"]
//! ```

use crate::exit::{Failure, Result};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// What the file says.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// The profile that is taken where none is named.
    pub(crate) default_profile: Option<String>,
    profiles: BTreeMap<String, Profile>,
    /// The folder that the file stands in.
    #[serde(skip)]
    pub(crate) folder: PathBuf,
}

/// One organisation and how to get into it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Profile {
    pub(crate) organization: Option<String>,
    pub(crate) client_id: Option<String>,
    #[serde(deserialize_with = "hidden")]
    pub(crate) client_secret: Option<pluvo_sdk::Secret>,
    pub(crate) client_secret_file: Option<PathBuf>,
    pub(crate) client_secret_command: Option<Vec<String>>,
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) ca_file: Option<PathBuf>,
}

fn hidden<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<pluvo_sdk::Secret>, D::Error> {
    Ok(Some(String::deserialize(deserializer)?.into()))
}

impl Config {
    /// Reads the file that was named, which must be there, or the usual one, which need not.
    pub(crate) fn read(named: Option<&Path>) -> Result<Self> {
        let Some(path) = named.map(Path::to_owned).or_else(usual_place) else {
            return Ok(Self::default());
        };
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => return Err(unreadable(&path, &error)),
        };
        let mut text = String::new();
        file.read_to_string(&mut text)
            .map_err(|error| unreadable(&path, &error))?;
        // Not the parser's whole message: it quotes the line, which may hold a secret.
        let mut config: Self = toml::from_str(&text).map_err(|error| {
            let line = error
                .span()
                .map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            Failure::config(format!("{}, line {line}: {}", path.display(), error.message()))
        })?;
        if config
            .profiles
            .values()
            .any(|profile| profile.client_secret.is_some())
            && open_to_others(&file)
        {
            return Err(Failure::config(format!(
                "{path} holds a client secret and others may read it; run `chmod 600 {path}`, or use \
                 client_secret_file or client_secret_command instead",
                path = path.display()
            )));
        }
        path.parent()
            .unwrap_or(Path::new(""))
            .clone_into(&mut config.folder);
        Ok(config)
    }

    /// A profile by its name.
    pub(crate) fn profile(&self, name: &str) -> Result<&Profile> {
        self.profiles.get(name).ok_or_else(|| {
            let known: Vec<_> = self.profiles.keys().map(String::as_str).collect();
            Failure::config(if known.is_empty() {
                format!("there is no profile `{name}`: the configuration file has none, or is not there")
            } else {
                format!("there is no profile `{name}`; there are: {}", known.join(", "))
            })
        })
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::config(format!(
        "the configuration file {} cannot be read: {error}",
        path.display()
    ))
}

/// Whether anybody but the owner may read it. Only Unix can say so.
fn open_to_others(file: &File) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.metadata()
            .is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        false
    }
}

/// `$XDG_CONFIG_HOME/pluvo/config.toml`, or where the platform keeps such files.
fn usual_place() -> Option<PathBuf> {
    let base = match folder("XDG_CONFIG_HOME") {
        Some(base) => base,
        None if cfg!(windows) => folder("APPDATA")?,
        None => home()?.join(".config"),
    };
    Some(base.join("pluvo").join("config.toml"))
}

/// Where tokens are kept between runs.
pub(crate) fn token_folder() -> Option<PathBuf> {
    let base = match folder("XDG_CACHE_HOME") {
        Some(base) => base,
        None if cfg!(windows) => folder("LOCALAPPDATA")?,
        None => home()?.join(".cache"),
    };
    Some(base.join("pluvo").join("tokens"))
}

fn home() -> Option<PathBuf> {
    std::env::home_dir().filter(|home| home.is_absolute())
}

/// An absolute folder from the environment; the XDG rules have relative ones ignored.
fn folder(name: &str) -> Option<PathBuf> {
    std::env::var_os(name)
        .map(PathBuf::from)
        .filter(|folder| folder.is_absolute())
}
