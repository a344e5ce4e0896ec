//! Rows of one kind, found by id, ref and e-mail, and kept in the order in which lists show them.

use std::cmp::Ordering;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use hashbrown::HashTable;
use uuid::Uuid;

/// What a table must know of its rows.
pub(crate) trait Record {
    /// Pluvo's own identifier.
    fn id(&self) -> Uuid;
    /// The customer's identifier.
    fn reference(&self) -> Option<&str> {
        None
    }
    /// The e-mail address, for people.
    fn email(&self) -> Option<&str> {
        None
    }
    /// What lists are sorted by.
    fn label(&self) -> &str;
}

/// The sort key of a row: its label without regard to case, then its id.
pub(crate) type Key = (String, Uuid);

/// The key of a record.
pub(crate) fn key(record: &impl Record) -> Key {
    (record.label().to_lowercase(), record.id())
}

/// Rows never move, so a row's number stays good; a removed row is only unlinked.
#[derive(Debug)]
pub(crate) struct Table<T> {
    rows: Vec<T>,
    order: Vec<u32>,
    by_id: Index,
    by_reference: Index,
    by_email: Index,
}

impl<T: Record> Table<T> {
    /// A table of these rows.
    pub(crate) fn new(rows: Vec<T>) -> Self {
        let mut order: Vec<u32> = (0..number(rows.len())).collect();
        order.sort_by_cached_key(|&i| key(&rows[i as usize]));
        let mut table = Self {
            rows,
            order,
            by_id: Index::default(),
            by_reference: Index::default(),
            by_email: Index::default(),
        };
        for i in 0..number(table.rows.len()) {
            table.link(i);
        }
        table
    }

    /// The row of this number, removed or not.
    pub(crate) fn get(&self, i: u32) -> &T {
        &self.rows[i as usize]
    }

    /// The row of this number for changes of what neither finds nor sorts it.
    pub(crate) fn get_mut(&mut self, i: u32) -> &mut T {
        &mut self.rows[i as usize]
    }

    /// All rows by number, removed or not.
    pub(crate) fn rows(&self) -> &[T] {
        &self.rows
    }

    /// The numbers of the rows by label.
    pub(crate) fn order(&self) -> &[u32] {
        &self.order
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    /// How many rows there ever were: the number the next one gets.
    pub(crate) fn next(&self) -> u32 {
        number(self.rows.len())
    }

    /// Whether the row of this number has not been removed.
    pub(crate) fn has(&self, i: u32) -> bool {
        self.by_id(self.get(i).id()) == Some(i)
    }

    /// Finds a row by its id.
    pub(crate) fn by_id(&self, id: Uuid) -> Option<u32> {
        self.by_id.find(id.as_bytes(), |i| self.get(i).id() == id)
    }

    /// Finds a row by its ref.
    pub(crate) fn by_reference(&self, reference: &str) -> Option<u32> {
        self.by_reference.find(reference.as_bytes(), |i| {
            self.get(i).reference() == Some(reference)
        })
    }

    /// Finds a row by its e-mail address, whatever the case of its letters.
    pub(crate) fn by_email(&self, email: &str) -> Option<u32> {
        let email = email.to_lowercase();
        let same = |i| {
            self.get(i)
                .email()
                .is_some_and(|other| other.to_lowercase() == email)
        };
        self.by_email.find(email.as_bytes(), same)
    }

    /// Adds a row and says its number.
    pub(crate) fn insert(&mut self, row: T) -> u32 {
        let at = self.position(&key(&row));
        let i = self.next();
        self.rows.push(row);
        self.order.insert(at, i);
        self.link(i);
        i
    }

    /// Takes a row out of lists and lookups.
    pub(crate) fn remove(&mut self, i: u32) {
        let at = self.position(&key(self.get(i)));
        if self.order.get(at) == Some(&i) {
            self.order.remove(at);
        }
        let row = &self.rows[i as usize];
        self.by_id.remove(row.id().as_bytes(), i);
        if let Some(reference) = row.reference() {
            self.by_reference.remove(reference.as_bytes(), i);
        }
        if let Some(email) = row.email() {
            self.by_email.remove(email.to_lowercase().as_bytes(), i);
        }
    }

    /// Changes a row in any way, and finds and sorts it by what it has become.
    pub(crate) fn update(&mut self, i: u32, change: impl FnOnce(&mut T)) {
        self.remove(i);
        change(&mut self.rows[i as usize]);
        let at = self.position(&key(self.get(i)));
        self.order.insert(at, i);
        self.link(i);
    }

    fn position(&self, wanted: &Key) -> usize {
        self.order
            .partition_point(|&i| key(self.get(i)).cmp(wanted) == Ordering::Less)
    }

    fn link(&mut self, i: u32) {
        let row = &self.rows[i as usize];
        self.by_id.insert(row.id().as_bytes(), i);
        if let Some(reference) = row.reference() {
            self.by_reference.insert(reference.as_bytes(), i);
        }
        if let Some(email) = row.email() {
            self.by_email.insert(email.to_lowercase().as_bytes(), i);
        }
    }
}

/// A row number. The sandbox holds fewer rows than 2³².
pub(crate) fn number(i: usize) -> u32 {
    u32::try_from(i).unwrap_or(u32::MAX)
}

/// Row numbers by the hash of a key; the key itself stays in the row, so it is held once.
#[derive(Debug, Default)]
struct Index(HashTable<(u64, u32)>);

impl Index {
    fn insert(&mut self, key: &[u8], i: u32) {
        let hash = hash(key);
        self.0.insert_unique(hash, (hash, i), |&(hash, _)| hash);
    }

    fn find(&self, key: &[u8], same: impl Fn(u32) -> bool) -> Option<u32> {
        self.0.find(hash(key), |&(_, i)| same(i)).map(|&(_, i)| i)
    }

    fn remove(&mut self, key: &[u8], i: u32) {
        if let Ok(entry) = self.0.find_entry(hash(key), |&(_, other)| other == i) {
            entry.remove();
        }
    }
}

fn hash(key: &[u8]) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(key)
}
