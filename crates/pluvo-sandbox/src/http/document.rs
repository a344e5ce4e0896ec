//! Parsed documents, kept because clients send the same few again and again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::parser::{Error, parse_query};

/// How many documents are kept.
const KEPT: usize = 32;
/// Longer ones are not kept.
const LONGEST: usize = 64 << 10;

/// The documents parsed last.
#[derive(Debug, Default)]
pub(crate) struct Documents(Mutex<VecDeque<(String, Arc<ExecutableDocument>)>>);

impl Documents {
    /// Parses a document, unless it was parsed before.
    pub(crate) fn parse(&self, query: &str) -> Result<Arc<ExecutableDocument>, Error> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, document)) = kept.iter().find(|(text, _)| text == query) {
            return Ok(Arc::clone(document));
        }
        let document = Arc::new(parse_query(query)?);
        if query.len() <= LONGEST {
            kept.truncate(KEPT - 1);
            kept.push_front((query.to_owned(), Arc::clone(&document)));
        }
        Ok(document)
    }
}
