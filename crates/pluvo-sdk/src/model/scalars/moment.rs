//! Dates and moments.

use std::fmt;

use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// A moment.
///
/// Reads RFC 3339. A text without an offset is taken as UTC, a date alone as its midnight in UTC. A text that is no
/// moment is kept, so that one bad value does not cost the row: [`DateTime::timestamp`] is `None` then, and
/// `to_string` gives the text.
///
/// ```
/// use pluvo_sdk::model::DateTime;
///
/// let sent = DateTime::from("2020-01-01T11:15:00+01:00");
/// assert_eq!(sent.to_string(), "2020-01-01T10:15:00Z");
/// assert_eq!(sent.timestamp().unwrap().as_second(), 1_577_873_700);
/// assert_eq!(DateTime::from("soon").timestamp(), None);
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime(Read<Timestamp>);

/// A calendar date.
///
/// Reads `2024-01-31`, and of a moment the date as it is written. A text that is no date is kept, so that one bad
/// value does not cost the row: [`Date::civil`] is `None` then, and `to_string` gives the text.
///
/// ```
/// use pluvo_sdk::model::Date;
///
/// let start = Date::from("2024-01-31");
/// assert_eq!(start.civil().unwrap().day(), 31);
/// assert_eq!(Date::from("2024-01-31T23:30:00-05:00"), start);
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(Read<civil::Date>);

/// A value, or the text that is none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Read<T> {
    Value(T),
    Unread(Box<str>),
}

impl<T> Read<T> {
    fn new(text: &str, parse: impl FnOnce(&str) -> Option<T>) -> Self {
        parse(text).map_or_else(|| Self::Unread(text.into()), Self::Value)
    }
}

impl<T: Copy> Read<T> {
    fn value(&self) -> Option<T> {
        match self {
            Self::Value(value) => Some(*value),
            Self::Unread(_) => None,
        }
    }
}

impl<T: fmt::Display> fmt::Display for Read<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::Unread(text) => f.write_str(text),
        }
    }
}

impl DateTime {
    /// The moment. `None` where the server sent a text that is none.
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.0.value()
    }
}

impl Date {
    /// The date. `None` where the server sent a text that is none.
    pub fn civil(&self) -> Option<civil::Date> {
        self.0.value()
    }
}

fn parse_moment(text: &str) -> Option<Timestamp> {
    let as_utc = || {
        TimeZone::UTC
            .to_timestamp(text.parse::<civil::DateTime>().ok()?)
            .ok()
    };
    text.parse().ok().or_else(as_utc)
}

fn parse_date(text: &str) -> Option<civil::Date> {
    Pieces::parse(text).ok().map(|pieces| pieces.date())
}

impl From<&str> for DateTime {
    fn from(text: &str) -> Self {
        Self(Read::new(text, parse_moment))
    }
}

impl From<&str> for Date {
    fn from(text: &str) -> Self {
        Self(Read::new(text, parse_date))
    }
}

impl From<Timestamp> for DateTime {
    fn from(timestamp: Timestamp) -> Self {
        Self(Read::Value(timestamp))
    }
}

impl From<civil::Date> for Date {
    fn from(date: civil::Date) -> Self {
        Self(Read::Value(date))
    }
}

/// The traits that both have in the same form.
macro_rules! text_scalar {
    ($name:ident, $expecting:literal) => {
        impl From<String> for $name {
            fn from(text: String) -> Self {
                text.as_str().into()
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "\"{}\"", self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;

                impl Visitor<'_> for Text {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expecting)
                    }

                    fn visit_str<E>(self, text: &str) -> Result<$name, E> {
                        Ok(text.into())
                    }
                }

                deserializer.deserialize_str(Text)
            }
        }
    };
}

text_scalar!(DateTime, "a moment as text");
text_scalar!(Date, "a date as text");

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> String {
        DateTime::from(text)
            .timestamp()
            .map_or("none".to_owned(), |t| t.to_string())
    }

    #[test]
    fn moments_are_read_in_every_form_that_servers_send() {
        assert_eq!(moment("2020-01-01T10:15:00.000Z"), "2020-01-01T10:15:00Z");
        assert_eq!(moment("2020-12-01T08:00:00+00:00"), "2020-12-01T08:00:00Z");
        assert_eq!(
            moment("2020-12-01T08:00:00.123456+02:00"),
            "2020-12-01T06:00:00.123456Z"
        );
        assert_eq!(moment("2020-12-01T08:00:00"), "2020-12-01T08:00:00Z");
        assert_eq!(moment("2020-12-01 08:00:00"), "2020-12-01T08:00:00Z");
        assert_eq!(moment("2020-12-01"), "2020-12-01T00:00:00Z");
    }

    #[test]
    fn dates_are_read_and_moments_give_the_date_they_write() {
        for text in [
            "2024-02-29",
            "2024-02-29T23:59:59Z",
            "2024-02-29T00:00:00",
            "2024-02-29T01:00:00+02:00",
        ] {
            assert_eq!(Date::from(text).civil(), Some(civil::date(2024, 2, 29)), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_kept() {
        for text in ["", "soon", "2024-02-30", "2024-13-01T00:00:00Z", "é"] {
            let (moment, date) = (DateTime::from(text), Date::from(text));
            assert_eq!((moment.timestamp(), date.civil()), (None, None), "{text}");
            assert_eq!(
                (moment.to_string(), date.to_string()),
                (text.to_owned(), text.to_owned())
            );
            assert_eq!(serde_json::to_value(&moment).unwrap(), text);
        }
    }

    #[test]
    fn json_round_trips() {
        let moment: DateTime = serde_json::from_str("\"2020-01-01T10:15:00.000Z\"").unwrap();
        assert_eq!(
            serde_json::to_string(&moment).unwrap(),
            "\"2020-01-01T10:15:00Z\""
        );
        let date: Date = serde_json::from_str("\"2020-01-01\"").unwrap();
        assert_eq!(serde_json::to_string(&date).unwrap(), "\"2020-01-01\"");
        assert_eq!(format!("{date:?}"), "\"2020-01-01\"");
        assert!(serde_json::from_str::<Date>("7").is_err());
    }

    #[test]
    fn moments_are_ordered() {
        assert!(DateTime::from("2020-01-01T10:00:00+02:00") < DateTime::from("2020-01-01T09:00:00Z"));
    }
}
