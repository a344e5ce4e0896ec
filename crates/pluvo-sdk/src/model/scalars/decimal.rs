//! Decimal numbers.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// A decimal number such as a price, as the text that carried it: nothing is rounded.
///
/// ```
/// use pluvo_sdk::model::Decimal;
///
/// let price = Decimal::from("12.50");
/// assert_eq!(price.to_string(), "12.50");
/// assert_eq!(price.to_f64(), Some(12.5));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decimal(Box<str>);

impl Decimal {
    /// The number as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest floating-point number. `None` where the text is no number.
    pub fn to_f64(&self) -> Option<f64> {
        self.0.parse().ok()
    }
}

impl From<&str> for Decimal {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Decimal {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Pluvo sends text; a number is taken too.
impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;

        impl Visitor<'_> for Number {
            type Value = Decimal;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a decimal number, as text or as a number")
            }

            fn visit_str<E>(self, text: &str) -> Result<Decimal, E> {
                Ok(text.into())
            }

            fn visit_u64<E>(self, number: u64) -> Result<Decimal, E> {
                Ok(number.to_string().into())
            }

            fn visit_i64<E>(self, number: i64) -> Result<Decimal, E> {
                Ok(number.to_string().into())
            }

            fn visit_f64<E>(self, number: f64) -> Result<Decimal, E> {
                Ok(number.to_string().into())
            }
        }

        deserializer.deserialize_any(Number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_kept_to_the_digit() {
        for text in ["0.00", "-1.10", "123456789012345678901234567890.123"] {
            let json = format!("\"{text}\"");
            let decimal: Decimal = serde_json::from_str(&json).unwrap();
            assert_eq!(decimal.as_str(), text);
            assert_eq!(serde_json::to_string(&decimal).unwrap(), json);
        }
    }

    #[test]
    fn numbers_are_read() {
        let read = |json: &str| serde_json::from_str::<Decimal>(json).unwrap().to_string();
        assert_eq!(
            [read("25"), read("-3"), read("12.5"), read("0.1")],
            ["25", "-3", "12.5", "0.1"]
        );
        assert!(serde_json::from_str::<Decimal>("true").is_err());
    }

    #[test]
    fn what_is_no_number_has_no_value() {
        assert_eq!(Decimal::from("free").to_f64(), None);
        assert_eq!(Decimal::from("-0.5").to_f64(), Some(-0.5));
    }
}
