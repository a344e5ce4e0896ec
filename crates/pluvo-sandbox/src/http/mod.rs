//! The sandbox on the wire.

mod document;
mod exchange;
mod graphql;
mod listen;
mod multipart;
mod negotiate;
mod tls;
pub(crate) mod wire;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use serde::Serialize;
use serde_json::json;

pub(crate) use self::document::Documents;
pub(crate) use self::listen::{Door, Listener, listen};
pub(crate) use self::multipart::Upload;
pub use self::tls::Tls;
pub(crate) use self::tls::acceptor as tls_acceptor;

/// The media type of JSON.
pub(crate) const JSON: &str = "application/json";

/// An answer before it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// An answer of this status, media type and body.
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        // A fault may name a status that HTTP does not have.
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self {
            status,
            headers: HeaderMap::new(),
            body: body.into(),
        }
        .with("content-type", content_type)
    }

    /// An answer in JSON.
    pub(crate) fn json(status: u16, body: &impl Serialize) -> Self {
        Self::new(status, JSON, serde_json::to_vec(body).unwrap_or_default())
    }

    /// An answer that is one GraphQL error.
    pub(crate) fn error(status: u16, code: &str, message: &str) -> Self {
        Self::json(
            status,
            &json!({ "errors": [{ "message": message, "extensions": { "code": code } }] }),
        )
    }

    /// What a missing, unknown or expired token gets.
    pub(crate) fn unauthorized() -> Self {
        Self::error(
            401,
            "UNAUTHENTICATED",
            "The access token is missing, unknown or expired.",
        )
        .with(
            "www-authenticate",
            "Bearer realm=\"Pluvo\", error=\"invalid_token\"",
        )
    }

    /// With this header instead of another of the name. Names and values that HTTP does not allow are left out.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (
            name.parse::<HeaderName>(),
            HeaderValue::from_bytes(value.as_bytes()),
        ) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Without this header.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    /// The response that says so.
    pub(crate) fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        if !response.headers().contains_key(header::CONTENT_LENGTH) {
            response
                .headers_mut()
                .insert(header::CONTENT_LENGTH, self.body.len().into());
        }
        response
    }
}
