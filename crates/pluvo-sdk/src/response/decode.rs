//! From bytes to structs in one pass.
//!
//! A GraphQL body is walked once: the envelope's keys, then down a path of fields, then whatever the caller wants
//! at its end. Nothing is kept of what lies beside the path.

use super::GraphqlError;
use super::explain::explain;
use crate::error::Error;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};
use serde_json::value::RawValue;
use std::cell::Cell;
use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;

/// What lies at the end of a path of fields.
#[derive(Debug, PartialEq)]
pub(crate) enum Found<T> {
    /// A value that is not `null`.
    Value(T),
    /// `null`, at this depth of the path; 0 is `data` itself.
    Null(usize),
    /// No such key at this depth.
    Missing(usize),
}

/// A whole body.
#[derive(Debug)]
pub(crate) struct Envelope<T> {
    pub data: Found<T>,
    pub errors: Vec<GraphqlError>,
}

/// Reads `data` as a whole.
pub(crate) fn data<'de, T: Deserialize<'de>>(body: &'de [u8]) -> Result<Envelope<T>, Error> {
    at(body, &[])
}

/// Reads the value at a path below `data`.
pub(crate) fn at<'de, T: Deserialize<'de>>(body: &'de [u8], path: &[&str]) -> Result<Envelope<T>, Error> {
    read(body, path, PhantomData::<T>)
}

/// Reads `errors` alone.
pub(crate) fn errors(body: &[u8]) -> Result<Vec<GraphqlError>, Error> {
    Ok(at::<IgnoredAny>(body, &[])?.errors)
}

/// Whether a body may hold errors. A cheap look: the key's letters occur nowhere in most bodies.
pub(crate) fn may_hold_errors(body: &[u8]) -> bool {
    memchr::memmem::find(body, b"\"errors\"").is_some()
}

/// One page of a connection.
#[derive(Debug)]
pub(crate) struct Connection<E> {
    pub info: PageInfo,
    pub count: Option<u64>,
    pub edges: E,
}

/// The `pageInfo` of a connection, as far as it is used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageInfo {
    pub has_next_page: bool,
    #[serde(default)]
    pub end_cursor: Option<String>,
}

impl PageInfo {
    /// Whether another page follows, with a cursor to it.
    pub(crate) fn goes_on(&self) -> bool {
        self.has_next_page && self.end_cursor.is_some()
    }
}

/// Reads a page whose rows become `T`. A `null` edge or node is no row.
pub(crate) fn page<'de, T: Deserialize<'de>>(
    body: &'de [u8],
    path: &[&str],
) -> Result<Envelope<Connection<Vec<T>>>, Error> {
    read(body, path, ConnectionSeed(PhantomData::<Nodes<T>>))
        .map(|envelope| envelope.map(|page| page.map(|nodes| nodes.0)))
}

/// Reads a page whose rows stay the text they came in, and checks all of it.
pub(super) fn checked_raw_page<'de>(
    body: &'de [u8],
    path: &[&str],
) -> Result<Envelope<Connection<&'de [u8]>>, Error> {
    read(body, path, ConnectionSeed(PhantomData::<&'de RawValue>))
        .map(|envelope| envelope.map(|page| page.map(|edges| edges.get().as_bytes())))
}

/// Reads `pageInfo` from the front of a page without reading its rows; `None` where the rows come first, and where
/// something follows them or they are cut off: nobody should go on by an answer that is an error.
pub(crate) fn peek(body: &[u8], path: &[&str]) -> Option<PageInfo> {
    if !ends_with_rows(body, path.len()) {
        return None;
    }
    let info = Cell::new(None);
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let seed = PeekSeed(&info);
    // The walk ends in an error of its own as soon as it meets the rows.
    let _ = EnvelopeSeed { path, seed }.deserialize(&mut serde_json::Deserializer::from_slice(body));
    info.take()
}

/// Whether a list at some depth of the data is the last of an answer.
fn ends_with_rows(body: &[u8], depth: usize) -> bool {
    let mut body = body.trim_ascii_end();
    // The list's own object and those around it, `data` and the answer.
    for _ in 0..depth + 2 {
        let Some(inner) = body.strip_suffix(b"}") else {
            return false;
        };
        body = inner.trim_ascii_end();
    }
    body.ends_with(b"]")
}

impl<T> Envelope<T> {
    pub(crate) fn map<U>(self, f: impl FnOnce(T) -> U) -> Envelope<U> {
        match self.try_map(|value| Ok::<_, Infallible>(f(value))) {
            Ok(envelope) => envelope,
        }
    }

    pub(crate) fn try_map<U, E>(self, f: impl FnOnce(T) -> Result<U, E>) -> Result<Envelope<U>, E> {
        let data = match self.data {
            Found::Value(value) => Found::Value(f(value)?),
            Found::Null(depth) => Found::Null(depth),
            Found::Missing(depth) => Found::Missing(depth),
        };
        Ok(Envelope {
            data,
            errors: self.errors,
        })
    }
}

impl<E> Connection<E> {
    pub(crate) fn map<F>(self, f: impl FnOnce(E) -> F) -> Connection<F> {
        Connection {
            info: self.info,
            count: self.count,
            edges: f(self.edges),
        }
    }
}

fn read<'de, S: DeserializeSeed<'de>>(
    body: &'de [u8],
    path: &[&str],
    seed: S,
) -> Result<Envelope<S::Value>, Error> {
    walk(body, path, seed).map_err(|cause| explain(body, &cause))
}

fn walk<'de, S: DeserializeSeed<'de>>(
    body: &'de [u8],
    path: &[&str],
    seed: S,
) -> Result<Envelope<S::Value>, serde_json::Error> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    // One look at the whole is far cheaper than one at each of its strings.
    let text = std::str::from_utf8(body).map_err(|_| de::Error::custom("it is not UTF-8"))?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let envelope = EnvelopeSeed { path, seed }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(envelope)
}

struct EnvelopeSeed<'p, S> {
    path: &'p [&'p str],
    seed: S,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for EnvelopeSeed<'_, S> {
    type Value = Envelope<S::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for EnvelopeSeed<'_, S> {
    type Value = Envelope<S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GraphQL response")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut seed, mut data, mut errors) = (Some(self.seed), Found::Missing(0), None);
        while let Some(key) = map.next_key::<EnvelopeKey>()? {
            match key {
                EnvelopeKey::Data => match seed.take() {
                    Some(seed) => {
                        let at = PathSeed {
                            path: self.path,
                            depth: 0,
                            seed,
                        };
                        data = map.next_value_seed(at)?;
                    }
                    None => return Err(de::Error::duplicate_field("data")),
                },
                EnvelopeKey::Errors => errors = map.next_value::<Option<Vec<GraphqlError>>>()?,
                EnvelopeKey::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if matches!(data, Found::Missing(0)) && errors.is_none() {
            return Err(de::Error::custom("neither data nor errors"));
        }
        Ok(Envelope {
            data,
            errors: errors.unwrap_or_default(),
        })
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum EnvelopeKey {
    Data,
    Errors,
    #[serde(other)]
    Other,
}

/// Goes down a path of fields. `null` on the way is a finding, not a failure.
struct PathSeed<'p, S> {
    path: &'p [&'p str],
    depth: usize,
    seed: S,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for PathSeed<'_, S> {
    type Value = Found<S::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for PathSeed<'_, S> {
    type Value = Found<S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.get(self.depth) {
            Some(field) => write!(f, "an object with the field {field}"),
            None => f.write_str("a value"),
        }
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Found::Null(self.depth))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Found::Null(self.depth))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        if self.depth == self.path.len() {
            self.seed.deserialize(deserializer).map(Found::Value)
        } else {
            deserializer.deserialize_map(self)
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let field = self.path[self.depth];
        let (mut seed, mut found) = (Some(self.seed), Found::Missing(self.depth + 1));
        while let Some(is_it) = map.next_key_seed(KeyIs(field))? {
            match seed.take_if(|_| is_it) {
                Some(seed) => {
                    let at = PathSeed {
                        path: self.path,
                        depth: self.depth + 1,
                        seed,
                    };
                    found = map.next_value_seed(at)?;
                }
                // Of two values nobody knows which one is meant.
                None if is_it => return Err(de::Error::custom(format_args!("duplicate field `{field}`"))),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(found)
    }
}

/// Compares a key without keeping it.
struct KeyIs<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for KeyIs<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for KeyIs<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<bool, E> {
        Ok(key == self.0)
    }
}

/// A connection whose `edges` become `E`.
struct ConnectionSeed<E>(PhantomData<E>);

impl<'de, E: Deserialize<'de>> DeserializeSeed<'de> for ConnectionSeed<E> {
    type Value = Connection<E>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, E: Deserialize<'de>> Visitor<'de> for ConnectionSeed<E> {
    type Value = Connection<E>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a connection with pageInfo and edges")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut info, mut count, mut edges) = (None, None, None);
        while let Some(key) = map.next_key::<ConnectionKey>()? {
            match key {
                ConnectionKey::PageInfo => info = Some(map.next_value()?),
                ConnectionKey::Count => count = map.next_value()?,
                ConnectionKey::Edges => edges = Some(map.next_value()?),
                ConnectionKey::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Connection {
            info: info.ok_or_else(|| de::Error::missing_field("pageInfo"))?,
            count,
            edges: edges.ok_or_else(|| de::Error::missing_field("edges"))?,
        })
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum ConnectionKey {
    PageInfo,
    Count,
    Edges,
    #[serde(other)]
    Other,
}

/// The nodes of `edges`, without the edges round them.
struct Nodes<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nodes<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(NodesVisitor(PhantomData)).map(Nodes)
    }
}

struct NodesVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for NodesVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of edges")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut nodes = Vec::with_capacity(crate::paginate::MAX_PAGE_SIZE as usize);
        loop {
            let edge = PathSeed {
                path: &["node"],
                depth: 0,
                seed: NodeSeed(&mut nodes),
            };
            if seq.next_element_seed(edge)?.is_none() {
                return Ok(nodes);
            }
        }
    }
}

/// Puts a node at its place in the list at once: rows are large, and each move costs.
struct NodeSeed<'v, T>(&'v mut Vec<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for NodeSeed<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.push(T::deserialize(deserializer)?);
        Ok(())
    }
}

struct PeekSeed<'c>(&'c Cell<Option<PageInfo>>);

impl<'de> DeserializeSeed<'de> for PeekSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for PeekSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a connection")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<ConnectionKey>()? {
            match key {
                ConnectionKey::PageInfo => {
                    self.0.set(Some(map.next_value()?));
                    return Err(de::Error::custom("seen"));
                }
                ConnectionKey::Edges => return Err(de::Error::custom("rows first")),
                ConnectionKey::Count | ConnectionKey::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    const PAGE: &str = r#"{"extensions":{},"data":{"x":[1,{"y":2}],"group":{"users":{"pageInfo":{"hasNextPage":true,"endCursor":"c"},
        "count":3,"edges":[{"node":{"id":"1"}},null,{"node":null},{},{"cursor":"z","node":{"id":"2"}}]}}}}"#;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Row {
        id: String,
    }

    fn message(body: &str) -> String {
        page::<Row>(body.as_bytes(), &["users"]).unwrap_err().to_string()
    }

    #[test]
    fn a_page_is_read_below_its_path() {
        let envelope = page::<Row>(PAGE.as_bytes(), &["group", "users"]).unwrap();
        let Found::Value(connection) = envelope.data else {
            panic!("{:?}", envelope.data)
        };
        assert_eq!(connection.edges, [Row { id: "1".into() }, Row { id: "2".into() }]);
        assert_eq!(connection.count, Some(3));
        assert_eq!(connection.info.end_cursor.as_deref(), Some("c"));
        assert_eq!(peek(PAGE.as_bytes(), &["group", "users"]), Some(connection.info));
    }

    #[test]
    fn a_field_that_comes_twice_is_an_error() {
        let twice = r#"{"node":{"id":"1"},"node":{"id":"2"}}"#;
        let body = PAGE.replace(r#"{"node":null}"#, twice);
        let error = page::<Row>(body.as_bytes(), &["group", "users"]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.message().contains("edges[2]"), "{error}");
        assert!(message(r#"{"data":{"users":null,"users":null}}"#).contains("duplicate field `users`"));
    }

    #[test]
    fn nulls_and_gaps_are_told_apart() {
        let found = |body: &str| page::<Row>(body.as_bytes(), &["group", "users"]).unwrap().data;
        assert!(matches!(found(r#"{"data":null}"#), Found::Null(0)));
        assert!(matches!(found(r#"{"data":{"group":null}}"#), Found::Null(1)));
        assert!(matches!(
            found(r#"{"data":{"group":{"users":null}}}"#),
            Found::Null(2)
        ));
        assert!(matches!(found(r#"{"data":{}}"#), Found::Missing(1)));
        assert!(matches!(found(r#"{"errors":[]}"#), Found::Missing(0)));
    }

    #[test]
    fn a_page_without_page_info_is_an_error() {
        assert!(message(r#"{"data":{"users":{"edges":[]}}}"#).contains("pageInfo"));
        assert!(message(r#"{"data":{"users":{"pageInfo":{"hasNextPage":false}}}}"#).contains("edges"));
        assert!(message(r#"{"data":{"users":{"pageInfo":null,"edges":[]}}}"#).contains("data.users"));
    }

    #[test]
    fn complaints_name_the_place_and_not_the_data() {
        let text = message(r#"{"data":{"users":{"edges":[{"node":{"id":["jan@acme.nl"]}}]}}}"#);
        assert!(
            text.contains("data.users.edges[0].node.id") && !text.contains("jan"),
            "{text}"
        );
        let text = message(r#"{"data":{"users":{"pageInfo":"secret"}}}"#);
        assert!(!text.contains("secret"), "{text}");
        assert_eq!(message(" "), "the answer is empty");
        assert_eq!(
            message("<html><b>Log in</b>"),
            "the answer is not GraphQL but begins with: Log in"
        );
        assert!(message("{}").contains("neither data nor errors"));
        assert!(message(r#"{"data":{"users":"#).contains("EOF"));
    }

    #[test]
    fn a_byte_order_mark_is_no_obstacle() {
        let body = format!("\u{feff}{PAGE}");
        assert!(page::<Row>(body.as_bytes(), &["group", "users"]).is_ok());
        assert!(peek(body.as_bytes(), &["group", "users"]).is_some());
    }

    #[test]
    fn what_is_not_utf8_is_an_error() {
        let body = b"{\"data\":{\"users\":{\"x\":\"Zo\xeb\"}}}";
        let error = page::<Row>(body, &["users"]).unwrap_err();
        assert!(error.message().contains("not UTF-8"), "{error}");
    }

    #[test]
    fn peeking_needs_page_info_first() {
        let body = r#"{"data":{"users":{"edges":[],"pageInfo":{"hasNextPage":true}}}}"#;
        assert_eq!(peek(body.as_bytes(), &["users"]), None);
        assert_eq!(peek(b"nonsense", &["users"]), None);
    }

    #[test]
    fn peeking_needs_an_answer_that_ends_with_its_rows() {
        let info = r#""pageInfo":{"hasNextPage":true,"endCursor":"c"}"#;
        let whole =
            format!(r#"{{"data":{{"group":{{"users":{{{info},"edges":[{{"node":{{"id":"1"}}}}]}}}}}} }}"#);
        assert!(peek(whole.as_bytes(), &["group", "users"]).is_some());
        for cut in 1..whole.len() {
            assert_eq!(peek(&whole.as_bytes()[..cut], &["group", "users"]), None, "{cut}");
        }
        for other in [
            format!(r#"{{"data":{{"users":{{{info},"edges":[]}}}},"errors":[{{"message":"no"}}]}}"#),
            format!(r#"{{"data":{{"users":{{{info},"count":1}}}}}}"#),
        ] {
            assert_eq!(peek(other.as_bytes(), &["users"]), None, "{other}");
        }
    }
}
