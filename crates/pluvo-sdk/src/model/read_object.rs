//! How objects are read.

/// Reads a struct from an object, field by field, into the place where each belongs. Fields that are not there stay as
/// they are by default, and those that the struct does not have are ignored.
///
/// What serde derives keeps each field in a variable and moves all of them into the struct at the end. Rows are large
/// and come by the ten thousand: that moving is a tenth of the time that reading a page takes.
macro_rules! read_object {
    ($name:ident { $($field:ident = $text:literal $(by $read:path)?,)+ }) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(serde::Deserialize)]
                #[serde(field_identifier)]
                #[allow(non_camel_case_types, reason = "named as the fields are")]
                enum Field {
                    $(#[serde(rename = $text)] $field,)+
                    #[serde(other)]
                    Unknown,
                }

                struct Fields<'a>(&'a mut $name);

                impl<'de> serde::de::Visitor<'de> for Fields<'_> {
                    type Value = ();

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("the fields of ", stringify!($name)))
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
                        while let Some(field) = map.next_key()? {
                            match field {
                                $(Field::$field => self.0.$field = read_object!(@value map $($read)?),)+
                                Field::Unknown => {
                                    map.next_value::<serde::de::IgnoredAny>()?;
                                }
                            }
                        }
                        Ok(())
                    }
                }

                let mut object = $name::default();
                deserializer.deserialize_struct(stringify!($name), &[$($text),+], Fields(&mut object))?;
                Ok(object)
            }
        }
    };
    (@value $map:ident) => {
        $map.next_value()?
    };
    (@value $map:ident $read:path) => {
        $map.next_value_seed($read())?
    };
}

pub(crate) use read_object;
