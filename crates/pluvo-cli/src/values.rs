//! Values that are written on the command line.

use jiff::SignedDuration;
use pluvo_sdk::model::DateTime;
use std::time::Duration;

/// A duration such as `50ms`, `1.5s` or `1h`; a bare number is seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is not a duration such as 50ms, 30s or 1h");
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).map_err(|_| wrong());
    }
    let signed: SignedDuration = text.parse().map_err(|_| wrong())?;
    Duration::try_from(signed).map_err(|_| wrong())
}

/// A moment such as `2026-01-31T10:15:00Z`, or a date, which is its midnight in UTC.
pub(crate) fn moment(text: &str) -> Result<DateTime, String> {
    let moment = DateTime::from(text);
    if moment.timestamp().is_some() {
        Ok(moment)
    } else {
        Err(format!(
            "`{text}` is not a moment such as 2026-01-31 or 2026-01-31T10:15:00Z"
        ))
    }
}

/// A member of an enum, in either case: Pluvo writes them in capitals.
pub(crate) fn member<E: From<String>>(text: &str) -> Result<E, String> {
    let known = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if text.is_empty() || !text.chars().all(known) {
        return Err(format!("`{text}` is not a name"));
    }
    Ok(E::from(text.to_ascii_uppercase()))
}

/// What to sort by, and which way: `name`, `name:asc`, `name:desc`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) field: String,
    pub(crate) direction: Option<String>,
}

impl std::str::FromStr for Order {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (field, direction) = match text.split_once(':') {
            Some((field, direction)) => (field, Some(direction)),
            None => (text, None),
        };
        match direction {
            None | Some("asc" | "desc") => Ok(Self {
                field: member(field)?,
                direction: direction.map(str::to_ascii_uppercase),
            }),
            Some(_) => Err(format!("`{text}` is not an order such as name or name:desc")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_refused() {
        for (text, milliseconds) in [
            ("50ms", 50),
            ("1.5s", 1500),
            ("1h", 3_600_000),
            ("2", 2000),
            ("0.25", 250),
        ] {
            assert_eq!(duration(text).map(|d| d.as_millis()), Ok(milliseconds), "{text}");
        }
        for text in ["", "soon", "-1s", "-1", "NaN", "1e99"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn moments_must_be_moments() {
        assert!(moment("2026-01-31").is_ok() && moment("2026-01-31T10:15:00+01:00").is_ok());
        assert!(moment("yesterday").is_err() && moment("").is_err());
    }

    #[test]
    fn orders_and_members_are_read_in_either_case() {
        let order: Order = "name:desc".parse().unwrap();
        assert_eq!(
            (order.field.as_str(), order.direction.as_deref()),
            ("NAME", Some("DESC"))
        );
        assert!("name:up".parse::<Order>().is_err() && ":asc".parse::<Order>().is_err());
        assert_eq!(member::<String>("trainer").as_deref(), Ok("TRAINER"));
        assert!(member::<String>("a b").is_err());
    }
}
