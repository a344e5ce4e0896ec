//! The form of every enum: known members, and room for those that a server adds later.

/// Declares an enum whose unknown members are kept and written back as they came.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$member_meta:meta])* $member:ident = $text:literal,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$member_meta])* $member,)+
            /// A member that this version does not know, as the server wrote it.
            Other(String),
        }

        impl $name {
            /// The known members, as the API writes them.
            pub const MEMBERS: &'static [&'static str] = &[$($text),+];

            /// The member as the API writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$member => $text,)+
                    Self::Other(text) => text,
                }
            }

            fn known(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$member),)+
                    _ => None,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::known(text).unwrap_or_else(|| Self::Other(text.to_owned()))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::known(&text).unwrap_or(Self::Other(text))
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(text.into())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                // As a newtype, so that a GraphQL literal knows it from a string.
                serializer.serialize_newtype_struct(crate::literal::ENUM, self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;

                impl serde::de::Visitor<'_> for Text {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("a member of ", stringify!($name)))
                    }

                    fn visit_str<E>(self, text: &str) -> Result<$name, E> {
                        Ok(text.into())
                    }

                    fn visit_string<E>(self, text: String) -> Result<$name, E> {
                        Ok(text.into())
                    }
                }

                deserializer.deserialize_str(Text)
            }
        }
    };
}

pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    use crate::model::Role;

    #[test]
    fn known_members_are_read_and_written() {
        let role: Role = serde_json::from_str("\"TRAINER\"").unwrap();
        assert_eq!(role, Role::Trainer);
        assert_eq!(serde_json::to_string(&role).unwrap(), "\"TRAINER\"");
        assert_eq!("MANAGER".parse(), Ok(Role::Manager));
        assert_eq!(format!("{:>8}|", Role::Manager), " MANAGER|");
        assert!(Role::MEMBERS.contains(&"PARTICIPANT"));
    }

    #[test]
    fn unknown_members_are_kept() {
        let role: Role = serde_json::from_str(r#""JANITOR \"x\"""#).unwrap();
        assert_eq!(role, Role::Other("JANITOR \"x\"".to_owned()));
        assert_eq!(serde_json::to_string(&role).unwrap(), r#""JANITOR \"x\"""#);
        assert!(serde_json::from_str::<Role>("7").is_err());
    }
}
