//! GraphQL documents of the caller's own.

use crate::client::{CallOptions, Client, Exchange, JSON, Reply};
use crate::error::{Error, ErrorKind, Result};
use crate::operation::{Body, OperationKind};
use crate::response::decode::{self, Found};
use crate::response::{GraphqlError, Meta, Response};
use apollo_parser::Parser;
use apollo_parser::cst::{self, Definition, OperationDefinition};
use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::fmt;
use std::time::Duration;

/// A document on its way. Made by [`Client::query`].
///
/// A `query` may be repeated when it fails, a `mutation` may not unless [`Query::repeatable`] says so.
#[must_use = "nothing is sent before `send`"]
pub struct Query {
    client: Client,
    document: String,
    operation_name: Option<String>,
    variables: Result<Map<String, Value>>,
    repeatable: Option<bool>,
    options: CallOptions,
}

/// Without the variables and the document, which may hold personal data.
impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query")
            .field("operation_name", &self.operation_name)
            .field("repeatable", &self.repeatable)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Query {
    pub(crate) fn new(client: Client, document: String) -> Self {
        Self {
            client,
            document,
            operation_name: None,
            variables: Ok(Map::new()),
            repeatable: None,
            options: CallOptions::default(),
        }
    }

    /// Sets one variable.
    pub fn var(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        let name = name.into();
        match serde_json::to_value(value) {
            Ok(value) => {
                if let Ok(variables) = &mut self.variables {
                    variables.insert(name, value);
                }
            }
            Err(cause) => self.variables = Err(not_json(&format!("the variable ${name}"), cause)),
        }
        self
    }

    /// Sets all variables: a struct, a map, or what cynic and `graphql_client` generate.
    pub fn variables(mut self, variables: impl Serialize) -> Self {
        self.variables = match serde_json::to_value(variables) {
            Ok(Value::Object(map)) => Ok(map),
            Ok(Value::Null) => Ok(Map::new()),
            Ok(_) => Err(Error::invalid("the variables must be an object")),
            Err(cause) => Err(not_json("the variables", cause)),
        };
        self
    }

    /// Chooses among several operations of the document.
    pub fn operation_name(mut self, name: impl Into<String>) -> Self {
        self.operation_name = Some(name.into());
        self
    }

    /// Says that a mutation may be sent again when it fails: that doing it twice is as good as doing it once.
    pub fn repeatable(mut self, repeatable: bool) -> Self {
        self.repeatable = Some(repeatable);
        self
    }

    /// Sets what differs for this call.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Bounds each attempt of this call.
    pub fn timeout(mut self, attempt: Duration) -> Self {
        let mut timeouts = self.options.timeouts.unwrap_or(self.client.core.timeouts);
        timeouts.attempt = attempt;
        timeouts.read = timeouts.read.min(attempt);
        self.options.timeouts = Some(timeouts);
        self
    }

    /// Sends it and reads the data. GraphQL errors are an error, even where there is data too.
    ///
    /// # Errors
    ///
    /// [`Invalid`](ErrorKind::Invalid) for a malformed document or a missing variable, before anything is sent;
    /// [`Graphql`](ErrorKind::Graphql) or a more special kind for what Pluvo answers; and whatever can befall a request.
    pub async fn send<T: DeserializeOwned>(self) -> Result<T> {
        self.send_with_meta().await.map(|response| response.data)
    }

    /// Sends it and tells also how the request went.
    ///
    /// # Errors
    ///
    /// As [`Query::send`].
    pub async fn send_with_meta<T: DeserializeOwned>(self) -> Result<Response<T>> {
        let (reply, name) = self.exchange().await?;
        if !reply.errors.is_empty() {
            return Err(reply.into_error(&name));
        }
        let data = reply.data::<T>(&name)?;
        Ok(Response {
            data,
            errors: Vec::new(),
            meta: reply.meta,
        })
    }

    /// Sends it and keeps what data there is beside GraphQL errors; `None` where there is none.
    ///
    /// # Errors
    ///
    /// As [`Query::send`], except that GraphQL errors in an answer with data are handed over beside the data.
    pub async fn send_partial<T: DeserializeOwned>(self) -> Result<Response<Option<T>>> {
        let (reply, name) = self.exchange().await?;
        let data = match decode::data::<T>(&reply.body)
            .map_err(|error| reply.attach(error, &name))?
            .data
        {
            Found::Value(data) => Some(data),
            Found::Null(_) | Found::Missing(_) => None,
        };
        Ok(Response {
            data,
            errors: reply.errors,
            meta: reply.meta,
        })
    }

    /// Sends it and hands over the whole body as it came, errors included.
    ///
    /// # Errors
    ///
    /// What can befall a request; GraphQL errors are in the body.
    pub async fn send_raw(self) -> Result<Response<Bytes>> {
        let (reply, _) = self.exchange().await?;
        let errors: Vec<GraphqlError> = reply.errors;
        let meta: Meta = reply.meta;
        Ok(Response {
            data: reply.body,
            errors,
            meta,
        })
    }

    async fn exchange(self) -> Result<(Reply, String)> {
        let variables = self.variables?;
        let operation = inspect(&self.document, self.operation_name.as_deref())?;
        let name = operation.name.clone().unwrap_or_else(|| "query".to_owned());
        if let Some(missing) = operation
            .required
            .iter()
            .find(|name| !variables.contains_key(*name))
        {
            return Err(Error::invalid(format!(
                "the document needs the variable ${missing}, which has no value"
            ))
            .with_operation(name));
        }
        let body = Body::new(operation.name.as_deref(), &self.document, &variables)?.with(&[]);
        let exchange = Exchange {
            operation: &name,
            repeatable: self.repeatable.unwrap_or(operation.kind == OperationKind::Query),
            scopes: &[],
            options: &self.options,
            content_type: JSON,
            body: &|_| body.clone(),
        };
        let reply = self.client.core.execute(exchange).await?;
        Ok((reply, name))
    }
}

impl Reply {
    /// The data as a whole.
    pub(crate) fn data<T: DeserializeOwned>(&self, operation: &str) -> Result<T> {
        let found = decode::data::<T>(&self.body)
            .map_err(|error| self.attach(error, operation))?
            .data;
        match found {
            Found::Value(data) => Ok(data),
            Found::Null(_) | Found::Missing(_) => {
                let error = Error::new(ErrorKind::Decode, "the answer holds neither data nor errors");
                Err(self.attach(error, operation))
            }
        }
    }
}

fn not_json(what: &str, cause: serde_json::Error) -> Error {
    Error::invalid(format!("{what} cannot be written as JSON")).with_source(cause)
}

/// What must be known of a document before it is sent.
#[derive(Debug)]
struct Inspected {
    name: Option<String>,
    kind: OperationKind,
    /// Variables without which the server would refuse it.
    required: Vec<String>,
}

fn inspect(document: &str, wanted: Option<&str>) -> Result<Inspected> {
    if document.trim().is_empty() {
        return Err(Error::invalid("the document holds no operation"));
    }
    let tree = Parser::new(document).parse();
    if let Some(error) = tree.errors().next() {
        let before = document.get(..error.index()).unwrap_or(document);
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        return Err(Error::invalid(format!(
            "the document is not GraphQL: {} at line {line}, column {column}",
            error.message()
        )));
    }
    let operations: Vec<_> = tree
        .document()
        .definitions()
        .filter_map(|definition| match definition {
            Definition::OperationDefinition(operation) => Some(operation),
            _ => None,
        })
        .collect();
    let name_of = |operation: &OperationDefinition| operation.name().map(|name| name.text().to_string());
    let operation = match (operations.as_slice(), wanted) {
        ([], _) => return Err(Error::invalid("the document holds no operation")),
        ([one], None) => one,
        (_, None) => {
            return Err(Error::invalid(
                "the document holds several operations; say which by its operation name",
            ));
        }
        (all, Some(wanted)) => all
            .iter()
            .find(|operation| name_of(operation).as_deref() == Some(wanted))
            .ok_or_else(|| Error::invalid(format!("the document holds no operation called {wanted}")))?,
    };
    let kind = operation.operation_type();
    if kind
        .as_ref()
        .is_some_and(|kind| kind.subscription_token().is_some())
    {
        return Err(Error::invalid(
            "Pluvo offers no subscriptions; use webhooks instead",
        ));
    }
    let is_mutation = kind.is_some_and(|kind| kind.mutation_token().is_some());
    let variables = operation.variable_definitions();
    let required = variables
        .into_iter()
        .flat_map(|list| list.variable_definitions().collect::<Vec<_>>());
    Ok(Inspected {
        name: name_of(operation),
        kind: if is_mutation {
            OperationKind::Mutation
        } else {
            OperationKind::Query
        },
        required: required
            .filter(|variable| {
                matches!(variable.ty(), Some(cst::Type::NonNullType(_))) && variable.default_value().is_none()
            })
            .filter_map(|variable| Some(variable.variable()?.name()?.text().to_string()))
            .collect(),
    })
}

/// Checks a selection that a caller gives in place of the default one, with or without its outer braces, and
/// returns it without them.
pub(crate) fn selection(text: &str) -> Result<String> {
    let inner = text.trim();
    let inner = inner
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .unwrap_or(inner)
        .trim();
    if inner.is_empty() {
        return Err(Error::invalid(
            "the selection is empty; name at least one field, such as id",
        ));
    }
    // Parsed in its place, so that a brace too many cannot reach out of it.
    let document = format!("{{node{{{inner}\n}}}}");
    let tree = Parser::new(&document).parse();
    if let Some(error) = tree.errors().next() {
        return Err(Error::invalid(format!(
            "the selection is not GraphQL: {}",
            error.message()
        )));
    }
    let definitions: Vec<_> = tree.document().definitions().collect();
    let roots = match definitions.as_slice() {
        [Definition::OperationDefinition(one)] => {
            one.selection_set().map_or(0, |set| set.selections().count())
        }
        _ => 0,
    };
    if roots == 1 {
        Ok(inner.to_owned())
    } else {
        Err(Error::invalid(
            "the selection closes a brace that it did not open",
        ))
    }
}

/// Whether a selection gives each row an `id` of its own, as far as can be seen without resolving fragments.
pub(crate) fn selects_id(selection: &str) -> bool {
    let braced = format!("{{{selection}}}");
    let fields = Parser::new(&braced).parse_selection_set().field_set();
    fields.selections().any(|selection| match selection {
        cst::Selection::Field(field) => {
            let alias = field.alias().and_then(|alias| alias.name());
            alias
                .or_else(|| field.name())
                .is_some_and(|name| name.text() == "id")
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(document: &str, wanted: Option<&str>) -> String {
        inspect(document, wanted).unwrap_err().message().to_owned()
    }

    #[test]
    fn kinds_names_and_required_variables_are_found() {
        let found = inspect("query A($a: ID!, $b: Int = 1, $c: [Int!]!, $d: Int) { x }", None).unwrap();
        assert_eq!(
            (found.name.as_deref(), found.kind),
            (Some("A"), OperationKind::Query)
        );
        assert_eq!(found.required, ["a", "c"]);
        assert_eq!(inspect("{ x }", None).unwrap().kind, OperationKind::Query);
        assert_eq!(
            inspect("mutation { x }", None).unwrap().kind,
            OperationKind::Mutation
        );
        let two = "query A { x } mutation B { y } fragment F on User { id }";
        assert_eq!(inspect(two, Some("B")).unwrap().kind, OperationKind::Mutation);
    }

    #[test]
    fn what_cannot_be_sent_is_refused() {
        assert!(refused("query {\n  user(ref: ) {", None).contains("line 2"));
        assert!(refused("", None).contains("no operation"));
        assert!(refused("fragment F on User { id }", None).contains("no operation"));
        assert!(refused("query A { x } query B { x }", None).contains("several"));
        assert!(refused("query A { x }", Some("C")).contains("called C"));
        assert!(refused("subscription { x }", None).contains("webhooks"));
    }

    #[test]
    fn selections_lose_their_braces_and_stay_inside_them() {
        assert_eq!(selection(" id name ").unwrap(), "id name");
        assert_eq!(
            selection("{ id profileImage { url } }").unwrap(),
            "id profileImage { url }"
        );
        for wrong in [
            "",
            "{}",
            "id }",
            "id } other { x",
            "id }} query B { a { b",
            "id profileImage {",
        ] {
            assert!(selection(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_rows_own_id_is_told_from_others() {
        for has in ["id", "name id", "id: modelId", "profileImage { url } id"] {
            assert!(selects_id(has), "{has}");
        }
        for has_not in ["name", "user { id }", "x: id", "...F"] {
            assert!(!selects_id(has_not), "{has_not}");
        }
    }
}
