//! What a row says of a person.

use crate::model::{Language, Role};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A person as it should be. What is `None` is left as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Person {
    /// One's own id of the person, such as an employee number. People are found by it first.
    pub r#ref: Option<String>,
    /// The e-mail address. People are found by it where the ref finds nobody.
    pub email: Option<String>,
    /// The full name. Needed for people who are not there yet.
    pub name: Option<String>,
    /// Their roles in the organisation.
    pub roles: Option<Vec<Role>>,
    /// The language they see Pluvo in.
    pub language: Option<Language>,
    /// Whether they have left, and are to be archived.
    pub leaving: bool,
    /// Groups to be a member of, by ref, name or id.
    pub groups: BTreeSet<String>,
    /// Values of extra categories, by the category's ref, title or id.
    pub values: BTreeMap<String, String>,
    /// Where the row stands in its source, for messages.
    pub line: Option<u64>,
    /// What is wrong with the row, where its source found that it cannot be used. The plan leaves it alone and says
    /// so; whoever it is about is not taken for missing.
    pub fault: Option<String>,
}

impl Person {
    pub(super) fn key(&self) -> Option<&str> {
        self.r#ref.as_deref().filter(|key| !key.trim().is_empty())
    }

    pub(super) fn address(&self) -> Option<Cow<'_, str>> {
        self.email
            .as_deref()
            .map(normalized)
            .filter(|address| !address.is_empty())
    }
}

/// E-mail addresses that differ in case or blanks are the same address.
pub(super) fn normalized(address: &str) -> Cow<'_, str> {
    let address = address.trim();
    // Most are as they should be, and an organisation has many.
    let changes = |byte: u8| !byte.is_ascii() || byte.is_ascii_uppercase();
    if address.bytes().any(changes) {
        address.to_lowercase().into()
    } else {
        address.into()
    }
}

/// As much of an address as can be judged without sending to it.
pub(super) fn is_address(address: &str) -> bool {
    let Some((name, host)) = address.rsplit_once('@') else {
        return false;
    };
    !name.is_empty()
        && !name.contains('@')
        && host.contains('.')
        && host.split('.').all(|label| !label.is_empty())
        && !address.chars().any(|c| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::{is_address, normalized};

    #[test]
    fn addresses_that_differ_in_case_or_blanks_are_one() {
        for (given, same) in [("a@b.nl", "a@b.nl"), (" A@b.NL\t", "a@b.nl"), ("É@x.y", "é@x.y")] {
            assert_eq!(normalized(given), same);
        }
    }

    #[test]
    fn addresses_are_told_from_other_text() {
        for good in ["a@b.nl", "jan.de.vries+x@zorg.example", "é@x.y"] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "geen e-mail",
            "a@b",
            "a b@c.nl",
            "@b.nl",
            "a@.nl",
            "a@b..nl",
            "a@@b.nl",
            "a@b.nl\n",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
