//! Rows without what V8 would have to clear away.

use std::fmt::Write;

use memchr::{memchr_iter, memmem};

use crate::json;

/// How an edge begins. Its first quote opens a text, since none that closes one has a letter after it; so this stands
/// for an edge wherever it is found, and never within a text.
const EDGE: &str = r#"{"node":{"#;
/// What stands between two rows, up to the row itself.
const NEXT: &str = r#"}},{"node":{"#;

/// V8 keeps every different text of so many letters that `JSON.parse` meets, until it collects everything: a long list
/// of people fills its heap with their refs. Of one or two letters there are few.
const KEPT: std::ops::RangeInclusive<usize> = 3..=10;

/// The rows of a page.
pub(crate) struct Rows {
    /// JSON: `[{…},…]`. A short `ref` is not here but in `refs`, and its length is in its place.
    pub(crate) text: String,
    pub(crate) refs: String,
}

impl Rows {
    /// The rows of `[{"node":{…}},…]`, or nothing where that takes more than a look: where a row has an object in it, or
    /// a `ref` that is neither a text nor null.
    pub(crate) fn lift(edges: &[u8]) -> Option<Self> {
        let edges = std::str::from_utf8(edges).ok()?;
        let starts = flat(edges)?;
        let mut rows = Self {
            text: String::with_capacity(json::room(edges)),
            refs: String::with_capacity(starts.len() * KEPT.end()),
        };
        let key = memmem::Finder::new(r#""ref":"#);
        for (place, &start) in starts.iter().enumerate() {
            let end = starts.get(place + 1).map_or(edges.len() - 2, |next| next - 2);
            rows.text.push(if place == 0 { '[' } else { ',' });
            rows.push(&edges[start + EDGE.len() - 1..end], &key)?;
        }
        rows.text.push(']');
        Some(rows)
    }

    fn push(&mut self, row: &str, key: &memmem::Finder<'_>) -> Option<()> {
        let Some(at) = key.find(row.as_bytes()) else {
            json::push(&mut self.text, row);
            return Some(());
        };
        let (before, value) = row.split_at(at + key.needle().len());
        json::push(&mut self.text, before);
        let rest = match short(value) {
            Some((text, rest)) => {
                self.refs.push_str(text);
                write!(self.text, "{}", text.len()).ok()?;
                rest
            }
            // A number would be taken for a length.
            None if value.starts_with('"') || value.starts_with("null") => value,
            None => return None,
        };
        json::push(&mut self.text, rest);
        Some(())
    }
}

/// Where the edges begin, if none has anything but a node, and no node an object in it.
fn flat(edges: &str) -> Option<Vec<usize>> {
    let text = edges.as_bytes();
    let starts: Vec<usize> = memmem::find_iter(text, EDGE).collect();
    let follows = |start: &usize| edges[..start + EDGE.len()].ends_with(NEXT);
    // An edge within a row would be the first of its list, and so follow no other, or else be the value of a name.
    let is_flat = starts.first() == Some(&1)
        && starts[1..].iter().all(follows)
        && edges.starts_with('[')
        && edges.ends_with("}}]")
        && memchr_iter(b'{', text).count() == 2 * starts.len();
    is_flat.then_some(starts)
}

/// The text that this value is, if V8 would keep it, and what comes after it.
fn short(value: &str) -> Option<(&str, &str)> {
    let text = value.strip_prefix('"')?;
    let length = text.bytes().take(KEPT.end() + 1).position(|byte| byte == b'"')?;
    let (text, rest) = text.split_at(length);
    let is_plain = text.bytes().all(|byte| byte.is_ascii() && byte != b'\\');
    (is_plain && KEPT.contains(&length)).then_some((text, &rest[1..]))
}
