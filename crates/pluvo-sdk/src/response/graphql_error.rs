//! The entries of an answer's `errors` list.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One entry of `errors`, in the server's own words.
///
/// Everything is optional on the wire and nothing of it is documented by Pluvo but `message` and
/// `extensions.code`, so reading it never fails.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct GraphqlError {
    /// What the server says. It may repeat what was sent.
    #[serde(deserialize_with = "lenient")]
    pub message: String,
    /// Where in the document.
    #[serde(deserialize_with = "lenient")]
    pub locations: Vec<Location>,
    /// Where in the data.
    #[serde(deserialize_with = "lenient")]
    pub path: Vec<PathSegment>,
    /// Whatever the server adds; `code` among it, where there is one.
    #[serde(deserialize_with = "lenient")]
    pub extensions: serde_json::Map<String, serde_json::Value>,
}

/// A place in a document, counted from 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Location {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// A step of a path in the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PathSegment {
    /// An index of a list.
    Index(u64),
    /// A field, by its name in the answer.
    Field(String),
}

impl GraphqlError {
    /// `extensions.code`, as text.
    pub fn code(&self) -> Option<&str> {
        self.extensions.get("code").and_then(serde_json::Value::as_str)
    }

    /// The first field of the path: which root field, or which alias of a batch, it belongs to.
    pub fn root(&self) -> Option<&str> {
        match self.path.first() {
            Some(PathSegment::Field(name)) => Some(name),
            _ => None,
        }
    }
}

/// Shows code and path; the message may hold personal data and is read through the field.
impl fmt::Debug for GraphqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GraphqlError")
            .field("code", &self.code())
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// A value of the wrong shape counts as none.
fn lenient<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::de::DeserializeOwned + Default,
{
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(T::deserialize(value).unwrap_or_default())
}

/// What an `errors` list means for the request as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The token is not accepted.
    Auth,
    /// Too many requests.
    RateLimited,
    /// Not allowed with this token.
    Permission,
    /// It does not exist.
    NotFound,
    /// It collides with what is there.
    Conflict,
    /// The document or its variables are wrong.
    Invalid,
    /// The server failed and may do better later.
    Server,
    /// Anything else.
    Other,
}

/// Reads the codes. Pluvo documents one rule alone: a code that contains `Auth` is an authentication failure; the
/// others are those that Django's and the common GraphQL servers send.
pub(crate) fn verdict(errors: &[GraphqlError]) -> Verdict {
    errors
        .iter()
        .map(verdict_of)
        .min_by_key(|verdict| *verdict as u8)
        .unwrap_or(Verdict::Other)
}

fn verdict_of(error: &GraphqlError) -> Verdict {
    let raw = error.code().unwrap_or_default();
    let code: String = raw
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| code.contains(word));
    if raw.contains("Auth")
        || has(&[
            "UNAUTHENTICATED",
            "UNAUTHORIZED",
            "AUTHENTICATION",
            "TOKENEXPIRED",
        ])
    {
        Verdict::Auth
    } else if has(&["RATELIMIT", "THROTTL", "TOOMANYREQUESTS"]) || raw == "429" {
        Verdict::RateLimited
    } else if has(&["PERMISSION", "FORBIDDEN", "SCOPE"]) || raw == "403" {
        Verdict::Permission
    } else if has(&["NOTFOUND", "DOESNOTEXIST"]) || raw == "404" {
        Verdict::NotFound
    } else if has(&["CONFLICT", "ALREADYEXISTS", "UNIQUE", "DUPLICATE"]) || raw == "409" {
        Verdict::Conflict
    } else if has(&[
        "VALIDATION",
        "BADUSERINPUT",
        "INVALID",
        "PARSEFAILED",
        "BADREQUEST",
    ]) || raw == "400"
    {
        Verdict::Invalid
    } else if has(&["INTERNAL", "UNAVAILABLE", "TIMEOUT"]) {
        Verdict::Server
    } else {
        Verdict::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_code(code: &str) -> GraphqlError {
        serde_json::from_value(serde_json::json!({"message": "m", "extensions": {"code": code}})).unwrap()
    }

    #[test]
    fn anything_is_read() {
        let odd = r#"[{}, {"message": 1, "path": "x", "extensions": [], "locations": {}}]"#;
        let errors: Vec<GraphqlError> = serde_json::from_str(odd).unwrap();
        assert_eq!(errors, vec![GraphqlError::default(); 2]);
    }

    #[test]
    fn codes_decide() {
        for (code, expected) in [
            ("AuthenticationError", Verdict::Auth),
            ("NotAuthorized", Verdict::Auth),
            ("UNAUTHENTICATED", Verdict::Auth),
            ("RATE_LIMITED", Verdict::RateLimited),
            ("PERMISSION_DENIED", Verdict::Permission),
            ("NOT_FOUND", Verdict::NotFound),
            ("GRAPHQL_VALIDATION_FAILED", Verdict::Invalid),
            ("INTERNAL_SERVER_ERROR", Verdict::Server),
            ("authored", Verdict::Other),
        ] {
            assert_eq!(verdict(&[with_code(code)]), expected, "{code}");
        }
        assert_eq!(verdict(&[with_code("X"), with_code("AuthError")]), Verdict::Auth);
        assert_eq!(verdict(&[]), Verdict::Other);
    }

    #[test]
    fn debug_hides_the_message() {
        let error = GraphqlError {
            message: "a@b.nl exists".into(),
            ..with_code("CONFLICT")
        };
        let text = format!("{error:?}");
        assert!(text.contains("CONFLICT") && !text.contains("exists"), "{text}");
    }
}
