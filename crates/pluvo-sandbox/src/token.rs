//! The token endpoint: OAuth 2 client credentials (RFC 6749, sections 4.4 and 5).

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::data::Rng;
use crate::http::Answer;
use crate::schema;

/// An OAuth client of the sandbox.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OAuthClient {
    /// The client's id.
    pub id: String,
    /// The client's secret.
    pub secret: String,
    /// What it may be granted; every scope if absent.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
}

impl std::fmt::Debug for OAuthClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OAuthClient")
            .field("id", &self.id)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

/// A token that was given out.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    /// Counted from 1.
    pub(crate) number: u64,
    pub(crate) client: String,
    pub(crate) scopes: Vec<String>,
    /// By the sandbox's clock.
    expires: Duration,
}

/// All tokens by what clients send.
#[derive(Debug)]
pub(crate) struct Tokens {
    seed: u64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    given: u64,
    tokens: HashMap<String, Token>,
}

/// Beyond this many, tokens that are over are forgotten.
const REMEMBERED: usize = 10_000;

impl Tokens {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives out a token.
    pub(crate) fn issue(
        &self,
        client: &str,
        scopes: Vec<String>,
        now: Duration,
        lifetime: Duration,
    ) -> String {
        let mut state = self.state();
        state.given += 1;
        let number = state.given;
        if state.tokens.len() >= REMEMBERED {
            state.tokens.retain(|_, token| token.expires > now);
        }
        let secret = format!(
            "sandbox-token-{}",
            Rng::new(self.seed, "token", number).uuid().simple()
        );
        let token = Token {
            number,
            client: client.to_owned(),
            scopes,
            expires: now.saturating_add(lifetime),
        };
        state.tokens.insert(secret.clone(), token);
        secret
    }

    /// A token that is good now.
    pub(crate) fn valid(&self, secret: &str, now: Duration) -> Option<Token> {
        self.state()
            .tokens
            .get(secret)
            .filter(|token| token.expires > now)
            .cloned()
    }

    /// The number of a token, good or not.
    pub(crate) fn number(&self, secret: &str) -> Option<u64> {
        self.state().tokens.get(secret).map(|token| token.number)
    }

    /// How many tokens were given out.
    pub(crate) fn given(&self) -> u64 {
        self.state().given
    }

    /// Ends every token given out so far.
    pub(crate) fn expire(&self) {
        self.state()
            .tokens
            .values_mut()
            .for_each(|token| token.expires = Duration::ZERO);
    }
}

/// What the answer depends on, besides the form.
pub(crate) struct Issuer<'a> {
    pub(crate) clients: &'a [OAuthClient],
    pub(crate) tokens: &'a Tokens,
    /// No other scopes than these, if given.
    pub(crate) grant: Option<&'a [String]>,
    pub(crate) lifetime: Duration,
    pub(crate) now: Duration,
}

/// Answers a request for a token.
pub(crate) fn answer(form: &BTreeMap<String, String>, issuer: &Issuer<'_>) -> Answer {
    match grant(form, issuer) {
        Ok(body) => no_store(Answer::json(200, &body)),
        Err((status, error, description)) => {
            let answer = Answer::json(
                status,
                &json!({ "error": error, "error_description": description }),
            );
            no_store(if status == 401 {
                answer.with("www-authenticate", "Basic realm=\"Pluvo\"")
            } else {
                answer
            })
        }
    }
}

fn no_store(answer: Answer) -> Answer {
    answer
        .with("cache-control", "no-store")
        .with("pragma", "no-cache")
}

type Refusal = (u16, &'static str, String);

fn grant(form: &BTreeMap<String, String>, issuer: &Issuer<'_>) -> Result<serde_json::Value, Refusal> {
    let field = |name: &str| {
        form.get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    };
    let grant_type =
        field("grant_type").ok_or((400, "invalid_request", "grant_type is missing.".to_owned()))?;
    if grant_type != "client_credentials" {
        return Err((
            400,
            "unsupported_grant_type",
            "Only client_credentials is supported.".to_owned(),
        ));
    }
    let client = field("client_id").and_then(|id| issuer.clients.iter().find(|client| client.id == id));
    let client = client.filter(|client| field("client_secret") == Some(&client.secret));
    let client = client.ok_or((
        401,
        "invalid_client",
        "The client is unknown or its secret is wrong.".to_owned(),
    ))?;
    let known = &schema::api().all_scopes;
    let allowed = client.scopes.as_ref().unwrap_or(known);
    let asked: Vec<&str> = field("scope").map_or_else(Vec::new, |scope| scope.split_whitespace().collect());
    if let Some(wrong) = asked
        .iter()
        .find(|scope| !allowed.iter().any(|allowed| allowed == *scope))
    {
        return Err((
            400,
            "invalid_scope",
            format!("This client may not have the scope {wrong}."),
        ));
    }
    let wanted = |scope: &&String| asked.is_empty() || asked.contains(&scope.as_str());
    let granted = |scope: &&String| issuer.grant.is_none_or(|grant| grant.contains(scope));
    let scopes: Vec<String> = allowed.iter().filter(wanted).filter(granted).cloned().collect();
    let token = issuer
        .tokens
        .issue(&client.id, scopes.clone(), issuer.now, issuer.lifetime);
    Ok(json!({
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": issuer.lifetime.as_secs(),
        "scope": scopes.join(" "),
    }))
}
