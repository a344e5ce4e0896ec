//! The GraphQL endpoint: GraphQL over HTTP, scopes, and the executor.

use std::collections::HashSet;
use std::sync::Arc;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Request, ServerError, Value, Variables};
use axum::http::{HeaderMap, Method};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::negotiate::{self, GRAPHQL};
use super::{Answer, Documents, JSON, Upload, multipart};
use crate::resolve::World;
use crate::schema::api;
use crate::settings::Rules;
use crate::state::Inner;
use crate::token::Token;

/// A GraphQL request as it came.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    pub(crate) query: Option<String>,
    pub(crate) operation: Option<String>,
    pub(crate) variables: serde_json::Value,
    pub(crate) document: Option<Arc<ExecutableDocument>>,
    pub(crate) uploads: Vec<Upload>,
    /// Why it cannot be carried out.
    refusal: Option<Answer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Params {
    query: Option<String>,
    operation_name: Option<String>,
    #[serde(default)]
    variables: Option<serde_json::Map<String, serde_json::Value>>,
    #[serde(default)]
    extensions: Option<serde_json::Map<String, serde_json::Value>>,
}

impl Asked {
    /// Reads a request. What is wrong with it is kept for [`Asked::answer`], so that faults and the log see the rest.
    pub(crate) async fn read(
        documents: &Documents,
        method: &Method,
        uri_query: Option<&str>,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Self {
        let refused = |answer| Self {
            refusal: Some(answer),
            ..Self::default()
        };
        let mut uploads = Vec::new();
        let multipart = headers.get("content-type").and_then(|kind| kind.to_str().ok());
        let multipart = multipart.filter(|kind| kind.starts_with("multipart/form-data"));
        let params = match *method {
            Method::POST if multipart.is_some() => {
                let read = multipart::read(multipart.unwrap_or_default(), body.clone()).await;
                read.and_then(|(operations, files)| {
                    uploads = files;
                    serde_json::from_value::<Params>(operations).map_err(|error| error.to_string())
                })
            }
            Method::POST if !negotiate::is(headers, JSON) => {
                let wanted = "Send the request as application/json in UTF-8.";
                return refused(Answer::error(415, "UNSUPPORTED_MEDIA_TYPE", wanted));
            }
            Method::POST => serde_json::from_slice::<Params>(body).map_err(|error| error.to_string()),
            Method::GET => from_uri(uri_query.unwrap_or_default()),
            _ => {
                let answer = Answer::error(
                    405,
                    "METHOD_NOT_ALLOWED",
                    "GraphQL requests are sent by POST or GET.",
                );
                return refused(answer.with("allow", "GET, POST"));
            }
        };
        let params = match params {
            Ok(params) => params,
            Err(error) => {
                let message = format!("The body is not a GraphQL request: {error}");
                return refused(Answer::error(400, "BAD_REQUEST", &message));
            }
        };
        let Some(query) = params.query else {
            return refused(Answer::error(400, "BAD_REQUEST", "Must provide query string."));
        };
        let variables = params
            .variables
            .map_or(serde_json::Value::Null, serde_json::Value::Object);
        let mut asked = Self {
            operation: params.operation_name,
            variables,
            uploads,
            ..Self::default()
        };
        match documents.parse(&query) {
            Ok(document) => {
                asked.operation = asked.operation.or_else(|| only_name(&document));
                asked.document = Some(document);
            }
            Err(error) => {
                let error = ServerError::from(error);
                asked.refusal = Some(invalid(&[error]));
            }
        }
        asked.query = Some(query);
        asked
    }

    /// Carries the request out, or says why not.
    pub(crate) async fn answer(
        self,
        inner: &Arc<Inner>,
        rules: Rules,
        method: &Method,
        token: Option<&Token>,
    ) -> Answer {
        if let Some(refusal) = self.refusal {
            return refusal;
        }
        let (Some(query), Some(document)) = (self.query, self.document) else {
            return Answer::error(400, "BAD_REQUEST", "Must provide query string.");
        };
        if let Some(operation) = selected(&document, self.operation.as_deref()) {
            if operation.ty == OperationType::Mutation && *method == Method::GET {
                let message = "Mutations are sent by POST.";
                return Answer::error(405, "METHOD_NOT_ALLOWED", message).with("allow", "POST");
            }
            if let Some(refusal) = too_many(&document, operation, inner.settings().max_aliases) {
                return refusal;
            }
            if let Some(refusal) = token.and_then(|token| permission(&document, operation, token)) {
                return refusal;
            }
        }
        let named = matches!(&document.operations, DocumentOperations::Multiple(_));
        let mut request = Request::new(query).variables(Variables::from_json(self.variables));
        if let Some(name) = self.operation.filter(|_| named) {
            request = request.operation_name(name);
        }
        request.set_parsed_query(Arc::unwrap_or_clone(document));
        let request = request.data(World {
            inner: Arc::clone(inner),
            uploads: self.uploads,
            rules,
        });
        let response = api().schema.execute(request).await;
        let refused =
            !response.errors.is_empty() && response.errors.iter().all(|error| error.path.is_empty());
        if refused && response.data == Value::Null {
            return invalid(&response.errors);
        }
        let data = Some(&response.data);
        Answer::json(
            200,
            &Body {
                data,
                errors: errors(&response.errors),
            },
        )
    }
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<serde_json::Value>,
}

/// The answer to a document that cannot be carried out. Its status is settled with the media type.
fn invalid(found: &[ServerError]) -> Answer {
    Answer::json(
        INVALID,
        &Body {
            data: None,
            errors: errors(found),
        },
    )
}

/// Marks answers to invalid documents until [`typed`] settles their status.
const INVALID: u16 = 422;

/// Errors in the words of graphql-core, which Pluvo seems to use: clients look for them.
fn errors(found: &[ServerError]) -> Vec<serde_json::Value> {
    let json = |error: &ServerError| {
        let mut json = json!(error);
        if let Some(rest) = error.message.strip_prefix("Unknown field \"") {
            json["message"] = format!("Cannot query field \"{rest}").into();
        }
        json
    };
    found.iter().map(json).collect()
}

/// The answer in the media type that the client accepts.
pub(crate) fn typed(mut answer: Answer, headers: &HeaderMap, invalid_status: u16) -> Answer {
    let Some(kind) = negotiate::accepted(headers) else {
        let offer = format!("Answers come as {GRAPHQL} or {JSON}, in UTF-8.");
        return Answer::error(406, "NOT_ACCEPTABLE", &offer);
    };
    if answer.status.as_u16() == INVALID {
        let status = if kind == GRAPHQL { 400 } else { invalid_status };
        answer.status = status.try_into().unwrap_or(answer.status);
    }
    answer.with("content-type", &format!("{kind}; charset=utf-8"))
}

fn from_uri(query: &str) -> Result<Params, String> {
    let mut params = Params {
        query: None,
        operation_name: None,
        variables: None,
        extensions: None,
    };
    let object = |text: &str| serde_json::from_str(text).map_err(|error| error.to_string());
    for (name, value) in url_pairs(query)? {
        match name.as_str() {
            "query" => params.query = Some(value),
            "operationName" => params.operation_name = Some(value),
            "variables" => params.variables = object(&value)?,
            "extensions" => params.extensions = object(&value)?,
            _ => {}
        }
    }
    Ok(params)
}

fn url_pairs(query: &str) -> Result<Vec<(String, String)>, String> {
    serde_urlencoded::from_str(query).map_err(|error| error.to_string())
}

fn only_name(document: &ExecutableDocument) -> Option<String> {
    let mut operations = document.operations.iter();
    let (name, _) = operations.next()?;
    operations
        .next()
        .is_none()
        .then(|| name.map(ToString::to_string))?
}

fn selected<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Option<&'a OperationDefinition> {
    let mut operations = document.operations.iter();
    match &document.operations {
        DocumentOperations::Single(operation) => Some(&operation.node),
        DocumentOperations::Multiple(all) if all.len() == 1 => {
            operations.next().map(|(_, operation)| &operation.node)
        }
        DocumentOperations::Multiple(all) => all.get(name?).map(|operation| &operation.node),
    }
}

/// What a mutation of more fields than `most` gets.
fn too_many(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    most: Option<usize>,
) -> Option<Answer> {
    let most = most.filter(|_| operation.ty == OperationType::Mutation)?;
    let mut roots = Vec::new();
    let selections = &operation.selection_set.node;
    root_fields(document, selections, &mut roots, &mut HashSet::new());
    (roots.len() > most).then(|| {
        let message = format!(
            "This document has {} mutations; no more than {most} are allowed.",
            roots.len()
        );
        Answer::error(INVALID, "TOO_MANY_FIELDS", &message)
    })
}

/// What a token without the operation's scopes gets.
fn permission(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    token: &Token,
) -> Option<Answer> {
    let mut roots = Vec::new();
    root_fields(
        document,
        &operation.selection_set.node,
        &mut roots,
        &mut HashSet::new(),
    );
    let lacks = |scope: &&String| !token.scopes.contains(scope);
    let missing = |field: &str| -> Option<(String, String)> {
        let scope = api().scopes.get(field)?.iter().find(lacks)?;
        Some((field.to_owned(), scope.clone()))
    };
    let (field, scope) = roots.into_iter().find_map(missing)?;
    Some(Answer::json(
        403,
        &json!({ "errors": [{
        "message": format!("You do not have permission to use {field}: the token lacks the scope {scope}."),
        "path": [field],
        "extensions": { "code": "PERMISSION_DENIED", "requiredScopes": api().scopes[&field] },
    }] }),
    ))
}

fn root_fields<'a>(
    document: &'a ExecutableDocument,
    selections: &'a SelectionSet,
    found: &mut Vec<&'a str>,
    seen: &mut HashSet<&'a str>,
) {
    for selection in &selections.items {
        match &selection.node {
            Selection::Field(field) => found.push(field.node.name.node.as_str()),
            Selection::InlineFragment(inline) => {
                root_fields(document, &inline.node.selection_set.node, found, seen);
            }
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                if let Some(fragment) = document
                    .fragments
                    .get(name)
                    .filter(|_| seen.insert(name.as_str()))
                {
                    root_fields(document, &fragment.node.selection_set.node, found, seen);
                }
            }
        }
    }
}
