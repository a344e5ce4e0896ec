//! Dates and moments.

use std::fmt;

use jiff::fmt::temporal::Pieces;
use jiff::tz::{Offset, TimeZone};
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
    plain_moment(text.as_bytes())
        .or_else(|| text.parse().ok())
        .or_else(as_utc)
}

/// Reads `2024-01-31T23:59:58.123456+01:00`, or with `Z`: the one form in which servers send nearly every moment.
/// A page of people holds a hundred of them, and jiff's parser of all forms takes a tenth of the time that reading
/// the page takes.
fn plain_moment(text: &[u8]) -> Option<Timestamp> {
    let (date, rest) = text.split_first_chunk::<19>()?;
    if [date[4], date[7], date[10], date[13], date[16]] != *b"--T::" {
        return None;
    }
    let (rest, fraction) = match rest {
        [b'.', rest @ ..] => nanoseconds(rest)?,
        rest => (rest, 0),
    };
    let ahead = match *rest {
        [b'Z'] => 0,
        [sign @ (b'+' | b'-'), h, hh, b':', m, mm] => {
            let (hours, minutes) = (i32::from(two(h, hh)?), i32::from(two(m, mm)?));
            if minutes > 59 {
                return None;
            }
            let ahead = 60 * (60 * hours + minutes);
            if sign == b'-' { -ahead } else { ahead }
        }
        _ => return None,
    };
    let part = |at: usize| two(date[at], date[at + 1]);
    let moment = civil::DateTime::new(
        100 * i16::from(part(0)?) + i16::from(part(2)?),
        part(5)?,
        part(8)?,
        part(11)?,
        part(14)?,
        part(17)?,
        fraction,
    );
    Offset::from_seconds(ahead).ok()?.to_timestamp(moment.ok()?).ok()
}

/// Two digits as a number.
fn two(tens: u8, ones: u8) -> Option<i8> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| (10 * tens + ones).cast_signed())
}

/// One to nine digits after a point, and what follows them.
fn nanoseconds(text: &[u8]) -> Option<(&[u8], i32)> {
    let (mut rest, mut number, mut unit) = (text, 0, 1_000_000_000);
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        unit /= 10;
        number += unit * i32::from(digit - b'0');
        rest = after;
    }
    (unit > 0 && rest.len() < text.len()).then_some((rest, number))
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
    fn the_plain_form_is_read_as_the_parser_of_all_forms_reads_it() {
        for text in [
            "2020-01-01T10:15:00Z",
            "2020-01-01T10:15:00.5Z",
            "2020-01-01T10:15:00.123456789Z",
            "2020-02-29T23:59:59.000001-11:59",
            "2020-01-01T10:15:00+25:59",
            "2020-01-01T10:15:00-00:00",
            "0000-01-01T00:00:00Z",
            "9999-12-30T22:00:00Z",
        ] {
            assert_eq!(
                plain_moment(text.as_bytes()),
                Some(text.parse().unwrap()),
                "{text}"
            );
        }
        for text in [
            "2020-01-01T10:15:00.1234567890Z",
            "2020-01-01T10:15:00.Z",
            "2021-02-29T00:00:00Z",
            "2020-01-01T24:00:00Z",
            "2020-01-01T10:15:60Z",
            "2020-01-01T10:15:00+26:00",
            "2020-01-01T10:15:00+10:60",
            "9999-12-31T23:59:59Z",
            "2020-13-01T10:15:00Z",
            "2020-1a-01T10:15:00Z",
            "2020-01-01T10:15:00Zé",
            "2020-01-01T10:15:00",
            "",
        ] {
            assert_eq!(plain_moment(text.as_bytes()), None, "{text}");
        }
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
