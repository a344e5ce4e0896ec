//! Noticing what comes twice in a source of any length.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};

/// The keys that came before, as hashes, and where.
#[derive(Default)]
pub(super) struct Seen {
    places: HashMap<u64, u64>,
    keys: RandomState,
    rows: u64,
}

impl Seen {
    /// The place of the row that comes now.
    pub(super) fn next_row(&mut self) -> u64 {
        self.rows += 1;
        self.rows - 1
    }

    /// Remembers a key, and tells the earlier row that had it.
    pub(super) fn insert<K: Hash + ?Sized>(&mut self, key: &K, place: u64) -> Option<u64> {
        let hash = self.keys.hash_one(key);
        let before = *self.places.entry(hash).or_insert(place);
        (before != place).then_some(before)
    }
}
