//! GraphQL documents of the caller's own.

use crate::client::{CallOptions, Client, Exchange, JSON, Reply};
use crate::error::{Error, ErrorKind, Result};
use crate::operation::{Body, OperationKind};
use crate::response::decode::{self, Found};
use crate::response::{GraphqlError, Meta, Response};
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
        let operation = self
            .client
            .core
            .inspected
            .get(&self.document, self.operation_name.as_deref())?;
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
