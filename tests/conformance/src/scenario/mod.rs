//! The scenario format. `scenario.schema.json` says the same for editors, `README.md` for people.

mod client;
mod expect;
mod step;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

pub use self::client::{Auth, Budget, Client, Limits, Provider, Renewal, Retry, Store, Timeouts};
pub use self::expect::{Expect, Failure, Mail, Named, On, Outcome, Part, Range, Request, Rows, Waited};
pub use self::step::{Advance, CallStep, Cancel, Control, How, Join, Read, Step, Until};

/// One scenario.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Where the schema is; for editors.
    #[serde(rename = "$schema")]
    pub schema: String,
    /// What is promised, in one sentence.
    pub title: String,
    /// Which lines of `faults.md` it covers.
    pub covers: Vec<String>,
    /// Faces that cannot run it, each with the reason.
    #[serde(default)]
    pub except: BTreeMap<String, String>,
    /// What the sandbox is like.
    #[serde(default)]
    pub sandbox: Sandbox,
    /// What the clients are like.
    #[serde(default)]
    pub client: Client,
    /// What is done, in order.
    pub steps: Vec<Step>,
    /// What is to be true at the end.
    #[serde(default)]
    pub expect: Expect,
}

/// The sandbox of a scenario.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sandbox {
    /// How many people; the sandbox's own default if absent, as for the others.
    pub users: Option<usize>,
    /// How many groups.
    pub groups: Option<usize>,
    /// How many trainings.
    pub trainings: Option<usize>,
    /// The seed of the data.
    pub seed: Option<u64>,
    /// Serve HTTPS with such a certificate.
    pub tls: Option<pluvo_sandbox::Tls>,
    /// Whether its clock is held.
    pub held: bool,
    /// Settings, as its control API takes them.
    pub settings: Option<Value>,
    /// Faults, as its control API takes them.
    pub faults: Vec<Value>,
}

/// A length of time, written `150ms`, `2s`, `5m` or `24h`; the calendar may go back by `-24h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub jiff::SignedDuration);

impl Span {
    /// Its length; nothing if it is negative.
    pub fn length(self) -> Duration {
        self.0.try_into().unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map(Self)
            .map_err(serde::de::Error::custom)
    }
}
