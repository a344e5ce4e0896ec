//! The arguments of one call: those that travel as variables, and those that are written into the document.

use super::{Argument, Operation};
use crate::error::{Error, Result};
use crate::literal::to_literal;
use serde::ser::{self, Impossible, Serialize, SerializeStruct};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt::{self, Display};

/// What an operation is asked with. Only what is in it stands in the document.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Arguments {
    variables: Map<String, Value>,
    /// By variable: the values whose type's name is undocumented, as GraphQL text.
    literals: BTreeMap<&'static str, String>,
}

impl Arguments {
    /// From the struct that codegen makes for the operation. The mail switch is off.
    pub(crate) fn new<V: Serialize + ?Sized>(operation: &'static Operation, variables: &V) -> Result<Self> {
        let mut arguments = Self::default();
        if let Some(switch) = operation.mail_switch {
            arguments.set(switch, false);
        }
        variables
            .serialize(Collect {
                operation,
                arguments: &mut arguments,
            })
            .map_err(|failure| failure.0.with_operation(operation.name))?;
        Ok(arguments)
    }

    /// Sets a variable.
    pub(crate) fn set(&mut self, variable: &str, value: impl Into<Value>) {
        self.variables.insert(variable.to_owned(), value.into());
    }

    /// Sets an argument whose type has no known name.
    #[cfg(test)]
    pub(crate) fn set_literal(&mut self, variable: &'static str, literal: String) {
        self.literals.insert(variable, literal);
    }

    /// What the request's `variables` hold.
    pub(crate) fn variables(&self) -> &Map<String, Value> {
        &self.variables
    }

    /// The text that stands for an argument in the document, where there is a value for it.
    pub(crate) fn print(&self, argument: &Argument) -> Option<String> {
        if argument.literal {
            let literal = self.literals.get(argument.variable)?;
            Some(format!("{}:{literal}", argument.name))
        } else {
            let given = self.variables.contains_key(argument.variable);
            given.then(|| format!("{}:${}", argument.name, argument.variable))
        }
    }

    /// The declaration of an argument's variable, where it has one. A type with an undocumented name has none.
    pub(crate) fn declare(&self, argument: &Argument) -> Option<String> {
        let declared = !argument.literal && self.variables.contains_key(argument.variable);
        declared.then(|| format!("${}:{}", argument.variable, argument.ty))
    }

    /// The same text for the same arguments.
    pub(crate) fn fingerprint(&self) -> String {
        let mut text = Value::Object(self.variables.clone()).to_string();
        for (name, literal) in &self.literals {
            text.push('\n');
            text.push_str(name);
            text.push(':');
            text.push_str(literal);
        }
        text
    }
}

/// Names alone: what is asked for or written is not for logs.
impl fmt::Debug for Arguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let literals = self.literals.keys().copied();
        f.debug_set()
            .entries(self.variables.keys().map(String::as_str).chain(literals))
            .finish()
    }
}

/// Sorts the fields of a struct into variables and literals. Serde is the way because a literal is made from the
/// typed value: once an enum member has become JSON, nothing tells it from a string.
struct Collect<'a> {
    operation: &'static Operation,
    arguments: &'a mut Arguments,
}

impl SerializeStruct for Collect<'_> {
    type Ok = ();
    type Error = Refused;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Refused> {
        let mut all = self.operation.path.iter().flat_map(|segment| segment.arguments);
        if all.any(|argument| argument.variable == name && argument.literal) {
            let literal = to_literal(value).map_err(Refused)?;
            self.arguments.literals.insert(name, literal);
        } else {
            let value = serde_json::to_value(value).map_err(|cause| {
                Refused(Error::invalid(format!("{name} cannot be written as JSON")).with_source(cause))
            })?;
            self.arguments.variables.insert(name.to_owned(), value);
        }
        Ok(())
    }

    fn end(self) -> Result<(), Refused> {
        Ok(())
    }
}

#[derive(Debug)]
struct Refused(Error);

impl Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refused {}

impl ser::Error for Refused {
    fn custom<T: Display>(message: T) -> Self {
        Self(Error::invalid(message.to_string()))
    }
}

fn no_struct<T>() -> Result<T, Refused> {
    Err(ser::Error::custom(
        "the arguments must be a struct with named fields",
    ))
}

macro_rules! refuse {
    ($($method:ident($($ty:ty),*) -> $ok:ty;)*) => {
        $(fn $method(self, $(_: $ty),*) -> Result<$ok, Refused> {
            no_struct()
        })*
    };
}

impl ser::Serializer for Collect<'_> {
    type Ok = ();
    type Error = Refused;
    type SerializeSeq = Impossible<(), Refused>;
    type SerializeTuple = Impossible<(), Refused>;
    type SerializeTupleStruct = Impossible<(), Refused>;
    type SerializeTupleVariant = Impossible<(), Refused>;
    type SerializeMap = Impossible<(), Refused>;
    type SerializeStruct = Self;
    type SerializeStructVariant = Impossible<(), Refused>;

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Refused> {
        Ok(self)
    }

    refuse! {
        serialize_bool(bool) -> ();
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_i64(i64) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_u32(u32) -> ();
        serialize_u64(u64) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_str(&str) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_none() -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_unit_variant(&'static str, u32, &'static str) -> ();
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Refused> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Refused> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Refused> {
        no_struct()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Language, PortfolioReportRelatedObjectType, Role, UpdateUserInput};
    use crate::operation::generated::{
        PORTFOLIO_REPORT, PortfolioReportVariables, UPDATE_OR_CREATE_USER, UpdateOrCreateUserVariables,
    };
    use crate::operation::{Dropped, Selection};

    #[test]
    fn documented_types_are_variables_and_others_are_literals() {
        let variables = UpdateOrCreateUserVariables {
            r#ref: Some("EMP-1".into()),
            ..UpdateOrCreateUserVariables::new(UpdateUserInput {
                name: Some("Anne \"A\"".into()),
                roles: Some(vec![Role::Participant]),
                language: Some(Language::Nl),
                ..UpdateUserInput::default()
            })
        };
        let arguments = Arguments::new(&UPDATE_OR_CREATE_USER, &variables).unwrap();
        assert_eq!(
            Value::Object(arguments.variables().clone()),
            serde_json::json!({"ref": "EMP-1", "sendInvite": false})
        );
        let document = UPDATE_OR_CREATE_USER.document(&arguments, Selection::Default(&Dropped::default()));
        assert_eq!(
            document,
            "mutation UpdateOrCreateUser($ref:String,$sendInvite:Boolean){updateOrCreateUser(ref:$ref,\
             sendInvite:$sendInvite,user:{name:\"Anne \\\"A\\\"\",roles:[PARTICIPANT],language:NL})\
             {user{id name email ref archived roles language} created}}"
        );
    }

    #[test]
    fn a_list_of_an_undocumented_enum_is_a_literal_too() {
        let variables = PortfolioReportVariables {
            user_group_ids: None,
            related_object_types: Some(vec![PortfolioReportRelatedObjectType::Training, "SCORM".into()]),
        };
        let arguments = Arguments::new(&PORTFOLIO_REPORT, &variables).unwrap();
        assert!(arguments.variables().is_empty());
        let document = PORTFOLIO_REPORT.document(&arguments, Selection::Custom("title"));
        assert!(
            document
                .starts_with("query PortfolioReport{portfolioReport(relatedObjectTypes:[TRAINING,SCORM]){"),
            "{document}"
        );
        assert_ne!(
            arguments.fingerprint(),
            Arguments::default().fingerprint(),
            "a filter is part of what a position belongs to"
        );
    }

    #[test]
    fn what_is_no_struct_is_refused() {
        let refused = Arguments::new(&PORTFOLIO_REPORT, &[1, 2]).unwrap_err();
        assert!(refused.to_string().contains("must be a struct"), "{refused}");
        // An enum member that is no name could end the literal and begin something else.
        let variables = PortfolioReportVariables {
            user_group_ids: None,
            related_object_types: Some(vec!["A]){x}#".into()]),
        };
        assert!(Arguments::new(&PORTFOLIO_REPORT, &variables).is_err());
    }
}
