//! Rows of any list, in the order and with the values that the server gave.

use crate::exit::Result;
use indexmap::IndexMap;
use pluvo_sdk::time::BoxFuture;
use pluvo_sdk::{Pager, Position};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// One row: its fields, undecoded.
pub(crate) type Row = IndexMap<String, Box<RawValue>>;

/// Pages of rows, whatever they are read as behind the scenes.
pub(crate) trait Pages: Send {
    /// The next page, or none after the last.
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Vec<Row>>>>;
    /// How many rows the whole list has, as the server counts.
    fn count(&self) -> Option<u64>;
    /// Where to go on later.
    fn position(&self) -> Option<Position>;
}

/// Pages of a model, as the SDK's own selection gives them.
pub(crate) struct Models<T>(pub(crate) Pager<T>);

/// Pages of a selection of the caller's own.
pub(crate) struct Selected(pub(crate) Pager<Row>);

impl<T: Serialize + DeserializeOwned + Send + 'static> Pages for Models<T> {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Vec<Row>>>> {
        Box::pin(async {
            let page = self.0.next_page().await?;
            Ok(page.map(|page| page.items.iter().map(row).collect()))
        })
    }

    fn count(&self) -> Option<u64> {
        self.0.count()
    }

    fn position(&self) -> Option<Position> {
        self.0.position()
    }
}

impl Pages for Selected {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Vec<Row>>>> {
        Box::pin(async { Ok(self.0.next_page().await?.map(|page| page.items)) })
    }

    fn count(&self) -> Option<u64> {
        self.0.count()
    }

    fn position(&self) -> Option<Position> {
        self.0.position()
    }
}

/// A model as a row.
pub(crate) fn row<T: Serialize>(model: &T) -> Row {
    // Models have text keys and plain values: writing them and reading them back cannot fail.
    serde_json::to_string(model)
        .and_then(|text| serde_json::from_str(&text))
        .unwrap_or_default()
}
