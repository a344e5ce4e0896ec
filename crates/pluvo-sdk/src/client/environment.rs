//! A client from environment variables.

use super::ClientBuilder;
use crate::auth::Auth;
use crate::error::{Error, Result};

impl ClientBuilder {
    /// Begins with what the environment says; see [`Client::from_env`](super::Client::from_env) for the names. What
    /// is set on the builder afterwards wins.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config), naming the variable that is missing.
    pub fn from_env() -> Result<Self> {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    /// The same from any source of variables: a configuration file, a test.
    ///
    /// # Errors
    ///
    /// As [`ClientBuilder::from_env`].
    pub fn from_variables(read: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let read = |name| {
            read(name)
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let organization = read("PLUVO_BASE_URL")
            .or_else(|| read("PLUVO_ORGANIZATION"))
            .ok_or_else(|| missing("PLUVO_ORGANIZATION (such as acme) or PLUVO_BASE_URL"))?;
        let scopes: Vec<String> = read("PLUVO_SCOPES")
            .map(|list| {
                list.split([' ', ','])
                    .filter(|scope| !scope.is_empty())
                    .map(str::to_owned)
                    .collect()
            })
            .unwrap_or_default();
        let auth = match (
            read("PLUVO_ACCESS_TOKEN"),
            read("PLUVO_CLIENT_ID"),
            read("PLUVO_CLIENT_SECRET"),
        ) {
            (Some(token), _, _) => Auth::Token(token.into()),
            (None, Some(id), Some(secret)) => Auth::ClientCredentials {
                id,
                secret: secret.into(),
                scopes: scopes.clone(),
            },
            (None, Some(_), None) => {
                return Err(missing("PLUVO_CLIENT_SECRET, which goes with PLUVO_CLIENT_ID"));
            }
            (None, None, Some(_)) => {
                return Err(missing("PLUVO_CLIENT_ID, which goes with PLUVO_CLIENT_SECRET"));
            }
            (None, None, None) => {
                return Err(missing(
                    "PLUVO_CLIENT_ID and PLUVO_CLIENT_SECRET, or PLUVO_ACCESS_TOKEN",
                ));
            }
        };
        Ok(Self::new(organization).auth(auth).scopes(scopes))
    }
}

fn missing(what: &str) -> Error {
    Error::config(format!("the environment lacks {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &[(&str, &str)]) -> Result<ClientBuilder> {
        ClientBuilder::from_variables(|name| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn what_is_missing_is_named() {
        for (given, named) in [
            (&[][..], "PLUVO_ORGANIZATION"),
            (&[("PLUVO_ORGANIZATION", " ")], "PLUVO_ORGANIZATION"),
            (&[("PLUVO_ORGANIZATION", "acme")], "PLUVO_ACCESS_TOKEN"),
            (
                &[("PLUVO_ORGANIZATION", "acme"), ("PLUVO_CLIENT_ID", "x")],
                "PLUVO_CLIENT_SECRET",
            ),
            (
                &[("PLUVO_ORGANIZATION", "acme"), ("PLUVO_CLIENT_SECRET", "x")],
                "PLUVO_CLIENT_ID",
            ),
        ] {
            assert!(from(given).unwrap_err().message().contains(named), "{given:?}");
        }
    }

    #[test]
    fn a_base_url_wins_and_scopes_are_split() {
        let client = from(&[
            ("PLUVO_ORGANIZATION", "acme"),
            ("PLUVO_BASE_URL", "http://127.0.0.1:1"),
            ("PLUVO_CLIENT_ID", "id"),
            ("PLUVO_CLIENT_SECRET", "secret"),
            ("PLUVO_SCOPES", "users.read, groups.read"),
        ])
        .and_then(ClientBuilder::build)
        .unwrap();
        assert_eq!(
            client.endpoint().graphql().as_str(),
            "http://127.0.0.1:1/graphql/"
        );
        assert_eq!(client.core.asked_scopes, ["users.read", "groups.read"]);
        assert!(!format!("{client:?}").contains("\"secret\""));
    }
}
