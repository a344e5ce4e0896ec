//! What comes back: GraphQL errors, request metadata, and the reading of a body in one pass.

pub(crate) mod decode;
mod explain;
mod graphql_error;
mod raw;
mod scan;

pub use graphql_error::{GraphqlError, Location, PathSegment};
pub(crate) use graphql_error::{Verdict, verdict};
pub(crate) use raw::{RawRow, raw_page, raw_rows};

use std::time::Duration;

/// How a request went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Meta {
    /// The HTTP status of the answer.
    pub status: u16,
    /// The server's id of the request, from `x-request-id` or a header like it.
    pub request_id: Option<String>,
    /// How many attempts it took.
    pub attempts: u32,
    /// From the first attempt's start to the last byte, waits included.
    pub elapsed: Duration,
    /// The size of the body, decompressed.
    pub bytes: usize,
}

/// An answer together with what the server said beside it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// What was asked for.
    pub data: T,
    /// GraphQL errors that came with partial data; empty unless partial data was asked for.
    pub errors: Vec<GraphqlError>,
    /// How the request went.
    pub meta: Meta,
}
