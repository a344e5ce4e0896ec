//! A place in a list that can be kept and gone on from.

use super::plan::Plan;
use crate::error::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Where a list was left: small, printable, and tied to the query it belongs to.
///
/// ```no_run
/// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
/// let mut pager = client.users().list().pager()?;
/// let page = pager.next_page().await?;
/// let kept = pager.position().map(|position| position.to_string());
/// // … later, perhaps in another process:
/// if let Some(kept) = kept {
///     let rest = client.users().list().after(kept.parse()?).to_vec().await?;
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Position {
    fingerprint: String,
    cursor: String,
}

const VERSION: &str = "p1";

impl Position {
    pub(super) fn new(plan: &Plan, cursor: String) -> Self {
        Self {
            fingerprint: plan.fingerprint().to_owned(),
            cursor,
        }
    }

    /// The cursor, if the position belongs to this query.
    pub(super) fn cursor_for(&self, plan: &Plan) -> Result<&str> {
        if self.fingerprint == plan.fingerprint() {
            Ok(&self.cursor)
        } else {
            Err(Error::new(
                ErrorKind::Pagination,
                "the kept position belongs to another query, other filters or another version of the SDK; read the list from its start",
            ))
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{VERSION}.{}.{}", self.fingerprint, self.cursor)
    }
}

impl From<Position> for String {
    fn from(position: Position) -> Self {
        position.to_string()
    }
}

impl FromStr for Position {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let parts: Vec<_> = text.splitn(3, '.').collect();
        match parts[..] {
            [VERSION, fingerprint, cursor] if !cursor.is_empty() => Ok(Self {
                fingerprint: fingerprint.to_owned(),
                cursor: cursor.to_owned(),
            }),
            _ => Err(Error::new(
                ErrorKind::Pagination,
                "this is not a position of a list, or one of another version",
            )),
        }
    }
}

impl TryFrom<String> for Position {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}
