//! Where an organisation's API is.

use crate::error::{Error, Result};
use url::{Host, Url};

/// The two addresses of an organisation. Both end in a slash, which Pluvo requires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    graphql: Url,
    token: Url,
}

impl Endpoint {
    /// From `acme` (`https://acme.pluvo.com`), a host of one's own such as `learn.example.com`, or a URL.
    ///
    /// `https` is required except on loopback. A path that already names one of the two endpoints is understood.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) with what is wrong and an example of what is right.
    ///
    /// ```
    /// use pluvo_sdk::Endpoint;
    /// let endpoint = Endpoint::parse("acme")?;
    /// assert_eq!(endpoint.graphql().as_str(), "https://acme.pluvo.com/graphql/");
    /// assert_eq!(endpoint.token().as_str(), "https://acme.pluvo.com/oauth/token/");
    /// assert!(Endpoint::parse("http://acme.pluvo.com").is_err());
    /// # Ok::<(), pluvo_sdk::Error>(())
    /// ```
    pub fn parse(organization: &str) -> Result<Self> {
        let text = organization.trim();
        if text.is_empty() {
            return Err(unusable("it is empty"));
        }
        if text.contains(char::is_whitespace) {
            return Err(unusable("it has blanks in it"));
        }
        let url = if text.contains("://") {
            parse_url(text)?
        } else if text.contains(['.', ':', '/']) {
            with_scheme(text)?
        } else {
            check_label(text)?;
            parse_url(&format!("https://{text}.pluvo.com"))?
        };
        Self::from_url(url)
    }

    fn from_url(mut url: Url) -> Result<Self> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(unusable("a URL must not carry a user name or password"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(unusable("a URL must have neither a query nor a fragment"));
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            "http" => {
                return Err(unusable(
                    "http would send the token unprotected; use https (http is for loopback alone)",
                ));
            }
            _ => return Err(unusable("its scheme is not https")),
        }
        let path = url.path().trim_end_matches('/');
        let base = path
            .strip_suffix("/graphql")
            .or_else(|| path.strip_suffix("/oauth/token"))
            .unwrap_or(path);
        let base = base.to_owned();
        let mut at = |path: &str| {
            url.set_path(&format!("{base}{path}"));
            url.clone()
        };
        Ok(Self {
            graphql: at("/graphql/"),
            token: at("/oauth/token/"),
        })
    }

    /// Where GraphQL requests go.
    pub fn graphql(&self) -> &Url {
        &self.graphql
    }

    /// Where tokens come from.
    pub fn token(&self) -> &Url {
        &self.token
    }
}

fn parse_url(text: &str) -> Result<Url> {
    let url = Url::parse(text).map_err(|cause| unusable("it is not a URL").with_source(cause))?;
    if url.host().is_none() {
        Err(unusable("it has no host"))
    } else {
        Ok(url)
    }
}

/// A host without a scheme: `https`, and `http` on loopback, where nobody has a certificate.
fn with_scheme(text: &str) -> Result<Url> {
    let url = parse_url(&format!("https://{text}"))?;
    if is_loopback(&url) {
        parse_url(&format!("http://{text}"))
    } else {
        Ok(url)
    }
}

fn check_label(name: &str) -> Result<()> {
    let fits = (1..=63).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-');
    if fits || name.eq_ignore_ascii_case("localhost") {
        Ok(())
    } else {
        Err(unusable("a name has only letters, digits and inner hyphens"))
    }
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn unusable(why: &str) -> Error {
    Error::config(format!(
        "the organisation cannot be used: {why}; give its name (`acme`), its host (`learn.example.com`) or an https URL"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_understood() {
        for (given, graphql) in [
            ("acme", "https://acme.pluvo.com/graphql/"),
            (" ACME ", "https://acme.pluvo.com/graphql/"),
            ("acme.pluvo.com", "https://acme.pluvo.com/graphql/"),
            ("learn.example.com", "https://learn.example.com/graphql/"),
            ("https://learn.example.com", "https://learn.example.com/graphql/"),
            (
                "https://learn.example.com/graphql",
                "https://learn.example.com/graphql/",
            ),
            (
                "https://learn.example.com/oauth/token/",
                "https://learn.example.com/graphql/",
            ),
            ("https://example.com/pluvo/", "https://example.com/pluvo/graphql/"),
            ("http://127.0.0.1:8787", "http://127.0.0.1:8787/graphql/"),
            ("http://[::1]:8787/", "http://[::1]:8787/graphql/"),
            ("localhost:8787", "http://localhost:8787/graphql/"),
        ] {
            assert_eq!(
                Endpoint::parse(given).unwrap().graphql().as_str(),
                graphql,
                "{given}"
            );
        }
    }

    #[test]
    fn what_cannot_work_is_refused_with_a_reason() {
        for (given, reason) in [
            ("", "empty"),
            ("acme corp", "blanks"),
            ("acme_corp", "letters"),
            ("-acme", "hyphens"),
            ("http://acme.pluvo.com", "unprotected"),
            ("http://10.0.0.1", "unprotected"),
            ("ftp://acme.pluvo.com", "scheme"),
            ("https://user:secret@acme.pluvo.com", "password"),
            ("https://acme.pluvo.com/?x=1", "query"),
            ("https://", "not a URL"),
            ("a/b c.d", "https URL"),
            ("acme\u{0}", "letters"),
        ] {
            let error = Endpoint::parse(given).expect_err(given);
            assert!(error.message().contains(reason), "{given}: {error}");
            assert!(!error.message().contains("secret"));
        }
    }
}
