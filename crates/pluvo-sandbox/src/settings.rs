//! What can be set of a sandbox, at its start and while it runs.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How a sandbox behaves. In JSON every part may be left out; durations are texts such as `50ms`, `1.5s` or `25h`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How long every answer takes at least.
    #[serde(with = "duration")]
    pub latency: Duration,
    /// What `first` or `last` above `page_max` does.
    pub page_cap: PageCap,
    /// The most rows of a page. Pluvo's documentation says 50.
    pub page_max: usize,
    /// The rows of a page where neither `first` nor `last` is given. Undocumented; the sandbox says 50.
    pub page_size: usize,
    /// What cursors are made of.
    pub cursors: CursorStyle,
    /// How many GraphQL requests each OAuth client may send; no limit if absent.
    pub rate_limit: Option<RateLimit>,
    /// Whether `Retry-After` is written with a fraction (`0.25`) rather than in whole seconds.
    pub retry_after_fraction: bool,
    /// How long tokens live, in the sandbox's time.
    #[serde(with = "duration")]
    pub token_lifetime: Duration,
    /// If given, no token gets other scopes than these, whatever the client may ask for.
    pub grant: Option<Vec<String>>,
    /// The status of an answer in `application/json` to a document that is malformed or does not fit the schema: 400 as
    /// Django's GraphQL stack has it, or 200 as the GraphQL-over-HTTP draft would rather have it for old clients.
    pub invalid_document_status: u16,
    /// Whether answers are compressed for clients that accept it.
    pub compress: bool,
    /// Whether GraphQL requests are answered without a token.
    pub anonymous: bool,
    /// How long it takes, in the sandbox's time, until `addUsersToGroup` and `removeUsersFromGroup` take effect.
    #[serde(with = "duration")]
    pub slow_membership: Duration,
    /// The most fields that one mutation document may have; no limit if absent. A document with more is refused as one
    /// that does not fit the schema is.
    pub max_aliases: Option<usize>,
    /// How many requests the log keeps; older ones are dropped.
    pub log_capacity: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            latency: Duration::ZERO,
            page_cap: PageCap::Error,
            page_max: 50,
            page_size: 50,
            cursors: CursorStyle::Key,
            rate_limit: None,
            retry_after_fraction: false,
            token_lifetime: Duration::from_secs(24 * 3600),
            grant: None,
            invalid_document_status: 400,
            compress: false,
            anonymous: false,
            slow_membership: Duration::ZERO,
            max_aliases: None,
            log_capacity: 10_000,
        }
    }
}

/// What asking for too large a page does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageCap {
    /// A GraphQL error inside a 200.
    #[default]
    Error,
    /// A page of the most rows.
    Cap,
}

impl std::str::FromStr for PageCap {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "error" => Ok(Self::Error),
            "cap" => Ok(Self::Cap),
            _ => Err(format!("\"{text}\" is neither \"error\" nor \"cap\"")),
        }
    }
}

/// What a cursor is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CursorStyle {
    /// The row that the cursor stands after: rows that come or go elsewhere change nothing.
    #[default]
    Key,
    /// The number of rows before it, as Graphene does it: rows that come or go before it shift the next page.
    Offset,
}

/// A rate such as `10/s` or `600/m`, written so in JSON too. As many requests as the number says may come at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests allowed in each period.
    pub requests: u32,
    /// The period.
    pub period: Duration,
}

impl std::str::FromStr for RateLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("\"{text}\" is not a rate such as \"10/s\", \"600/m\" or \"5000/h\"");
        let (requests, period) = text.split_once('/').ok_or_else(wrong)?;
        let period = match period.trim() {
            "s" => Duration::from_secs(1),
            "m" => Duration::from_secs(60),
            "h" => Duration::from_secs(3600),
            _ => return Err(wrong()),
        };
        match requests.trim().parse() {
            Ok(requests) if requests > 0 => Ok(Self { requests, period }),
            _ => Err(wrong()),
        }
    }
}

impl std::fmt::Display for RateLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = match self.period.as_secs() {
            3600 => "h",
            60 => "m",
            _ => "s",
        };
        write!(f, "{}/{unit}", self.requests)
    }
}

impl Serialize for RateLimit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RateLimit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// The settings that paging goes by, for one request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    pub(crate) page_size: usize,
    pub(crate) page_max: usize,
    pub(crate) page_cap: PageCap,
    pub(crate) cursors: CursorStyle,
    /// The most rows that this answer has, without a word about it.
    pub(crate) page_limit: Option<usize>,
}

impl From<&Settings> for Rules {
    fn from(settings: &Settings) -> Self {
        let &Settings {
            page_size,
            page_max,
            page_cap,
            cursors,
            ..
        } = settings;
        Self {
            page_size,
            page_max,
            page_cap,
            cursors,
            page_limit: None,
        }
    }
}

/// Durations as texts.
pub(crate) use jiff::fmt::serde::unsigned_duration::friendly::compact::required as duration;

#[cfg(test)]
mod tests {
    use super::{RateLimit, Settings};

    #[test]
    fn rates_are_read_and_written() {
        for text in ["10/s", "600/m", "5000/h"] {
            assert_eq!(text.parse::<RateLimit>().expect(text).to_string(), text);
        }
        for text in ["", "10", "0/s", "10/d", "x/s", "-1/s"] {
            assert!(text.parse::<RateLimit>().is_err(), "{text}");
        }
    }

    #[test]
    fn settings_are_partial_json() {
        let settings: Settings =
            serde_json::from_str(r#"{"latency":"1.5s","rate_limit":"10/s"}"#).expect("settings");
        assert_eq!(settings.latency.as_millis(), 1500);
        assert_eq!(settings.page_max, 50);
        assert!(serde_json::from_str::<Settings>(r#"{"latencey":"1s"}"#).is_err());
        let again = serde_json::from_str(&serde_json::to_string(&settings).expect("json")).expect("settings");
        assert_eq!(settings, again);
    }
}
