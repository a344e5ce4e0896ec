//! The storage that large files are posted to: no part of the API, so a token has no business here.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use futures::stream;
use uuid::Uuid;

use crate::state::Inner;

/// Where a file's content is posted to, and read from.
pub(crate) fn url(base: &str, id: Uuid) -> String {
    format!("{base}/__sandbox/storage/{id}")
}

/// The form fields that have to come before the file.
pub(crate) fn fields(id: Uuid) -> [(&'static str, String); 2] {
    [
        ("key", id.to_string()),
        ("policy", format!("sandbox-{}", id.simple())),
    ]
}

pub(crate) fn router(inner: Arc<Inner>) -> Router {
    Router::new()
        .route("/__sandbox/storage/{id}", get(read).post(write))
        .layer(DefaultBodyLimit::disable())
        .with_state(inner)
}

async fn read(State(inner): State<Arc<Inner>>, Path(id): Path<Uuid>, headers: HeaderMap) -> Response {
    if headers.contains_key(header::AUTHORIZATION) {
        return one_mechanism();
    }
    let store = inner.store();
    let file = store.files.by_id(id).map(|i| store.files.get(i));
    match file.and_then(|file| file.content.clone()) {
        Some(content) => content.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn write(
    State(inner): State<Arc<Inner>>,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if headers.contains_key(header::AUTHORIZATION) {
        return one_mechanism();
    }
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let Some(boundary) = kind.and_then(|kind| multer::parse_boundary(kind).ok()) else {
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send multipart/form-data.").into_response();
    };
    let parts = stream::once(async { Ok::<_, std::convert::Infallible>(body) });
    let (before, content) = match parse(multer::Multipart::new(parts, boundary)).await {
        Ok(form) => form,
        Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    };
    let Some(content) = content else {
        return (StatusCode::BAD_REQUEST, "The form has no part named file.").into_response();
    };
    if fields(id)
        .iter()
        .any(|(name, value)| before.get(*name) != Some(value))
    {
        return (
            StatusCode::FORBIDDEN,
            "The fields before the file are not those of s3Data.",
        )
            .into_response();
    }
    inner.edit(|store| match store.files.by_id(id) {
        Some(i) => {
            store.files.get_mut(i).content = Some(content.to_vec());
            StatusCode::NO_CONTENT.into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

/// The fields before the file, and the file.
async fn parse(
    mut form: multer::Multipart<'_>,
) -> Result<(BTreeMap<String, String>, Option<Bytes>), multer::Error> {
    let mut before = BTreeMap::new();
    while let Some(field) = form.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            return Ok((before, Some(field.bytes().await?)));
        }
        before.insert(name, field.text().await?);
    }
    Ok((before, None))
}

fn one_mechanism() -> Response {
    let message = "Only one auth mechanism allowed: storage takes no Authorization header.";
    (StatusCode::BAD_REQUEST, message).into_response()
}
