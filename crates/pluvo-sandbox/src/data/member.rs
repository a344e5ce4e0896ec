//! Members of the schema's enums, as records hold them.

use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A member of an enum by its name: roles, languages, kinds of events and fields, statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Member(pub(crate) &'static str);

const ALL: &[&str] = &[
    "MANAGER",
    "TRAINER",
    "PARTICIPANT",
    "PLANNER",
    "NL",
    "EN",
    "DE",
    "MEETING",
    "WEBINAR",
    "TRAINING",
    "ELEARNING",
    "COURSE",
    "SCORM",
    "VIDEO",
    "USER",
    "GROUP",
    "OFFER",
    "TEXT",
    "NUMBER",
    "DATE",
    "SELECT",
    "MULTISELECT",
    "BOOLEAN",
    "ENROLLED",
    "WAITLISTED",
    "CANCELLED",
    "DECLINED",
];

impl Member {
    /// The member of this name.
    pub(crate) fn find(name: &str) -> Option<Self> {
        ALL.iter().copied().find(|member| *member == name).map(Self)
    }
}

impl Deref for Member {
    type Target = str;

    fn deref(&self) -> &str {
        self.0
    }
}

impl Serialize for Member {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::find(&name)
            .ok_or_else(|| serde::de::Error::custom(format!("\"{name}\" is not an enum's member")))
    }
}

#[cfg(test)]
mod tests {
    use super::Member;
    use crate::schema::SDL;

    #[test]
    fn every_member_that_a_record_can_have_is_known() {
        for name in [
            "Role",
            "Language",
            "OfferEventType",
            "ContentType",
            "ExtraFieldType",
            "EnrollmentStatus",
        ] {
            let start = SDL.find(&format!("\nenum {name}")).expect(name);
            let body = &SDL[start..];
            let body = &body[..body.find("\n}").expect("its end")];
            let members = body.lines().map(str::trim).filter_map(|line| {
                let word = line.split(' ').next()?;
                (!word.is_empty() && word.chars().all(|c| c.is_ascii_uppercase())).then_some(word)
            });
            let mut count = 0;
            for member in members {
                assert!(Member::find(member).is_some(), "{name}.{member}");
                count += 1;
            }
            assert!(count > 1, "{name}");
        }
    }
}
