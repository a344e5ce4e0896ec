//! Values as GraphQL literals.
//!
//! The names of most of Pluvo's input types are undocumented, and a variable must name its type. So an object of such
//! a type is written into the document itself. This module is the only place that does it, and escapes.

use crate::error::{Error, Result};
use serde::ser::{self, Serialize};
use std::fmt::{self, Display, Write};

/// The name under which an enum value serialises itself as a newtype, so that it becomes `NL` and not `"NL"`.
pub(crate) const ENUM: &str = "$pluvo_sdk::Enum";

/// Writes a value as a GraphQL literal.
///
/// Enum members become bare names, `None` becomes `null`, and fields that a struct skips stay away.
///
/// # Errors
///
/// [`Invalid`](crate::ErrorKind::Invalid) for what GraphQL cannot say: a number that is none, a key that is no name,
/// raw bytes.
///
/// ```
/// #[derive(serde::Serialize)]
/// struct Row { name: &'static str, archived: bool, roles: Vec<pluvo_sdk::model::Role> }
/// let row = Row { name: "Anne \"A\"\n", archived: true, roles: vec![pluvo_sdk::model::Role::Participant] };
/// assert_eq!(
///     pluvo_sdk::literal::to_literal(&row)?,
///     r#"{name:"Anne \"A\"\n",archived:true,roles:[PARTICIPANT]}"#
/// );
/// # Ok::<(), pluvo_sdk::Error>(())
/// ```
pub fn to_literal<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    let mut writer = Writer(String::new());
    value
        .serialize(&mut writer)
        .map_err(|refused| Error::invalid(refused.0))?;
    Ok(writer.0)
}

struct Writer(String);

#[derive(Debug)]
struct Refused(String);

impl Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

impl ser::Error for Refused {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

type Written<T = ()> = std::result::Result<T, Refused>;

fn refused<T>(what: &str) -> Written<T> {
    Err(Refused(format!("{what} cannot be written as a GraphQL value")))
}

fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes
        .next()
        .is_some_and(|first| first == b'_' || first.is_ascii_alphabetic())
        && bytes.all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
}

impl Writer {
    fn plain(&mut self, value: impl Display) {
        // Writing to a string does not fail.
        let _ = write!(self.0, "{value}");
    }

    fn name(&mut self, name: &str, what: &str) -> Written {
        if !is_name(name) {
            return refused(what);
        }
        self.0.push_str(name);
        Ok(())
    }

    /// An enum member may have any name but those of other values.
    fn member(&mut self, name: &str) -> Written {
        if matches!(name, "true" | "false" | "null") {
            return refused("an enum member with this name");
        }
        self.name(name, "an enum member with this name")
    }

    fn string(&mut self, text: &str) {
        self.0.push('"');
        for c in text.chars() {
            match c {
                '"' => self.0.push_str("\\\""),
                '\\' => self.0.push_str("\\\\"),
                '\n' => self.0.push_str("\\n"),
                '\r' => self.0.push_str("\\r"),
                '\t' => self.0.push_str("\\t"),
                // Escaped beyond what the grammar asks for: some servers refuse control characters, and some split
                // lines at U+2028.
                '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                    let _ = write!(self.0, "\\u{:04x}", c as u32);
                }
                c => self.0.push(c),
            }
        }
        self.0.push('"');
    }

    fn list(&mut self) -> Compound<'_> {
        self.0.push('[');
        Compound {
            writer: self,
            first: true,
            close: ']',
        }
    }

    fn object(&mut self) -> Compound<'_> {
        self.0.push('{');
        Compound {
            writer: self,
            first: true,
            close: '}',
        }
    }
}

macro_rules! plain {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, value: $type) -> Written {
            self.plain(value);
            Ok(())
        })*
    };
}

impl<'a> ser::Serializer for &'a mut Writer {
    type Ok = ();
    type Error = Refused;
    type SerializeSeq = Compound<'a>;
    type SerializeTuple = Compound<'a>;
    type SerializeTupleStruct = Compound<'a>;
    type SerializeTupleVariant = ser::Impossible<(), Refused>;
    type SerializeMap = Compound<'a>;
    type SerializeStruct = Compound<'a>;
    type SerializeStructVariant = ser::Impossible<(), Refused>;

    plain!(serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64);

    fn serialize_f32(self, value: f32) -> Written {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Written {
        if !value.is_finite() {
            return refused("a number that is none");
        }
        self.plain(format_args!("{value:?}"));
        Ok(())
    }

    fn serialize_char(self, value: char) -> Written {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Written {
        self.string(value);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Written {
        refused("raw bytes")
    }

    fn serialize_none(self) -> Written {
        self.plain("null");
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        self.plain("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        self.plain("null");
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        self.member(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Written {
        if name != ENUM {
            return value.serialize(self);
        }
        let start = self.0.len();
        value.serialize(&mut *self)?;
        let member = self.0.split_off(start);
        self.member(member.trim_matches('"'))
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Written {
        refused("an enum with a value inside")
    }

    fn serialize_seq(self, _: Option<usize>) -> Written<Compound<'a>> {
        Ok(self.list())
    }

    fn serialize_tuple(self, _: usize) -> Written<Compound<'a>> {
        Ok(self.list())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Written<Compound<'a>> {
        Ok(self.list())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Written<Self::SerializeTupleVariant> {
        refused("an enum with values inside")
    }

    fn serialize_map(self, _: Option<usize>) -> Written<Compound<'a>> {
        Ok(self.object())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Written<Compound<'a>> {
        Ok(self.object())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Written<Self::SerializeStructVariant> {
        refused("an enum with fields inside")
    }
}

/// A list or an object that is being written.
struct Compound<'a> {
    writer: &'a mut Writer,
    first: bool,
    close: char,
}

impl Compound<'_> {
    fn comma(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.writer.0.push(',');
        }
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.comma();
        value.serialize(&mut *self.writer)
    }

    fn key(&mut self, key: &str) -> Written {
        self.comma();
        self.writer.name(key, "a key that is not a GraphQL name")?;
        self.writer.0.push(':');
        Ok(())
    }

    fn close(self) {
        self.writer.0.push(self.close);
    }
}

macro_rules! sequence {
    ($trait:ident, $method:ident) => {
        impl ser::$trait for Compound<'_> {
            type Ok = ();
            type Error = Refused;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
                self.item(value)
            }

            fn end(self) -> Written {
                self.close();
                Ok(())
            }
        }
    };
}

sequence!(SerializeSeq, serialize_element);
sequence!(SerializeTuple, serialize_element);
sequence!(SerializeTupleStruct, serialize_field);

impl ser::SerializeMap for Compound<'_> {
    type Ok = ();
    type Error = Refused;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Written {
        let mut plain = Writer(String::new());
        key.serialize(&mut plain)?;
        self.key(plain.0.trim_matches('"'))
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Written {
        self.close();
        Ok(())
    }
}

impl ser::SerializeStruct for Compound<'_> {
    type Ok = ();
    type Error = Refused;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Written {
        self.key(key)?;
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Written {
        self.close();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_of_every_kind() {
        let value = json!({"a": [1, -2.5, 1e30, true, null], "b": {"c": "x"}, "_d": []});
        assert_eq!(
            to_literal(&value).unwrap(),
            r#"{_d:[],a:[1,-2.5,1e30,true,null],b:{c:"x"}}"#
        );
    }

    #[test]
    fn what_graphql_cannot_say_is_refused() {
        for value in [
            json!({"a b": 1}),
            json!({"": 1}),
            json!({"1a": 1}),
            json!({"a\"": 1}),
        ] {
            assert!(to_literal(&value).is_err(), "{value}");
        }
        assert!(to_literal(&f64::NAN).is_err());
        assert!(to_literal(&f32::INFINITY).is_err());
    }
}
