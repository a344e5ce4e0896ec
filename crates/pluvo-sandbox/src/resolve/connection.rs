//! Connections: Relay's pages, edges and cursors.
//!
//! A cursor names the row it stands after by sort key and id, so a list can be read on although rows before it came or
//! went. Graphene, which Pluvo seems to use, counts rows instead; [`CursorStyle::Offset`] does the same.

use std::cmp::Ordering;
use std::sync::Arc;

use async_graphql::Error;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

use super::{Call, Got, Node, Place, Resolver, failure, flag, int, text};
use crate::data::Store;
use crate::data::table::{self, Key};
use crate::settings::{CursorStyle, PageCap};

/// A page of a list.
#[derive(Debug)]
pub(crate) struct Connection {
    nodes: Vec<Node>,
    /// Where in the list the page starts.
    start: usize,
    count: usize,
}

pub(super) fn connection(field: &str) -> Option<Resolver> {
    let resolver: Resolver = match field {
        "edges" => |c| {
            let page = page_of(c)?;
            Ok(Got::Nodes(
                (0..page.nodes.len())
                    .map(|i| Node::Edge(Arc::clone(page), i))
                    .collect(),
            ))
        },
        "pageInfo" => |c| Ok(Got::Node(c.node.clone())),
        "count" => |c| int(page_of(c)?.count),
        _ => return None,
    };
    Some(resolver)
}

pub(super) fn edge(field: &str) -> Option<Resolver> {
    let resolver: Resolver = match field {
        "node" => |c| match c.node {
            Node::Edge(page, i) => Ok(Got::Node(page.nodes[*i].clone())),
            _ => Ok(Got::Nothing),
        },
        "cursor" => |c| match c.node {
            Node::Edge(page, i) => text(cursor(c, page, *i)),
            _ => Ok(Got::Nothing),
        },
        _ => return None,
    };
    Some(resolver)
}

pub(super) fn page_info(field: &str) -> Option<Resolver> {
    let resolver: Resolver = match field {
        "hasNextPage" => |c| page_of(c).and_then(|page| flag(page.start + page.nodes.len() < page.count)),
        "hasPreviousPage" => |c| page_of(c).and_then(|page| flag(page.start > 0)),
        "startCursor" => |c| match page_of(c)? {
            page if page.nodes.is_empty() => Ok(Got::Nothing),
            page => text(cursor(c, page, 0)),
        },
        "endCursor" => |c| match page_of(c)? {
            page if page.nodes.is_empty() => Ok(Got::Nothing),
            page => text(cursor(c, page, page.nodes.len() - 1)),
        },
        _ => return None,
    };
    Some(resolver)
}

fn page_of<'a>(c: &Call<'a>) -> Result<&'a Arc<Connection>, Error> {
    match c.node {
        Node::Page(page) => Ok(page),
        other => Err(failure("INTERNAL", format!("{other:?} is not a connection"))),
    }
}

/// The page of a list that the arguments ask for. The list goes up by `key`, or down if `descending`.
pub(super) fn page(
    c: &Call<'_>,
    list: &str,
    count: usize,
    descending: bool,
    node: impl Fn(usize) -> Node,
) -> Result<Got, Error> {
    let place = |name| match c.str(name) {
        None | Some("") => Ok(None),
        Some(cursor) => find(c, cursor, count, descending, &node).map(Some),
    };
    let after = place("after")?.map(|place| place.next());
    let before = place("before")?.map(|place| place.at);
    let first = size(c, list, "first")?;
    let tail = size(c, list, "last")?;
    let offset = match c.int("offset") {
        Some(offset) => usize::try_from(offset).map_err(|_| invalid("offset", "must not be negative"))?,
        None => 0,
    };
    let mut start = (after.unwrap_or(0) + offset).min(count);
    let mut end = before.unwrap_or(count).max(start);
    if let Some(first) = first.or(tail.is_none().then_some(c.rules.page_size)) {
        end = end.min(start + capped(c, first));
    }
    if let Some(tail) = tail {
        start = start.max(end.saturating_sub(capped(c, tail)));
    }
    let nodes = (start..end).map(node).collect();
    Ok(Got::Node(Node::Page(Arc::new(Connection {
        nodes,
        start,
        count,
    }))))
}

fn capped(c: &Call<'_>, asked: usize) -> usize {
    asked
        .min(c.rules.page_max)
        .min(c.rules.page_limit.unwrap_or(usize::MAX))
}

fn size(c: &Call<'_>, list: &str, name: &'static str) -> Result<Option<usize>, Error> {
    let Some(asked) = c.int(name) else { return Ok(None) };
    let most = c.rules.page_max;
    match usize::try_from(asked) {
        Ok(0) | Err(_) => Err(invalid(name, "must be 1 or more")),
        Ok(asked) if asked > most && c.rules.page_cap == PageCap::Error => Err(failure(
            "PAGE_TOO_LARGE",
            format!(
                "Requesting {asked} records on the `{list}` connection exceeds the `{name}` limit of {most} records."
            ),
        )),
        Ok(asked) => Ok(Some(asked)),
    }
}

fn invalid(name: &str, what: &str) -> Error {
    failure("INVALID", format!("`{name}` {what}."))
}

/// A cursor's place in a list.
struct Found {
    at: usize,
    /// Whether the row itself is still there.
    here: bool,
}

impl Found {
    fn next(&self) -> usize {
        self.at + usize::from(self.here)
    }
}

fn find(
    c: &Call<'_>,
    cursor: &str,
    count: usize,
    descending: bool,
    node: impl Fn(usize) -> Node,
) -> Result<Found, Error> {
    let bad = || failure("INVALID_CURSOR", "This is not a cursor of this list.");
    let plain = STANDARD
        .decode(cursor)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(bad)?;
    let (style, rest) = plain.split_once(':').ok_or_else(bad)?;
    if style.trim_end_matches(char::is_numeric) == "arrayconnection" {
        let at = rest.parse::<usize>().map_err(|_| bad())?;
        return Ok(Found { at, here: true });
    }
    let (id, label) = rest.split_once(':').ok_or_else(bad)?;
    let wanted = (label.to_owned(), Uuid::try_parse(id).map_err(|_| bad())?);
    if wanted.1.is_nil() {
        return Ok(Found { at: 0, here: false });
    }
    let order = |i: usize| {
        let order = key(c.store, &node(i)).cmp(&wanted);
        if descending { order.reverse() } else { order }
    };
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        if order(middle) == Ordering::Less {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(Found {
        at: low,
        here: low < count && order(low) == Ordering::Equal,
    })
}

fn cursor(c: &Call<'_>, page: &Connection, i: usize) -> String {
    match c.rules.cursors {
        CursorStyle::Offset => STANDARD.encode(format!("arrayconnection:{}", page.start + i)),
        CursorStyle::Key => {
            let (label, id) = key(c.store, &page.nodes[i]);
            STANDARD.encode(format!("row:{id}:{label}"))
        }
    }
}

/// Another cursor for the same place, or for a list's start: what an empty page in the middle of a list ends with.
pub(crate) fn alias_cursor(after: Option<&str>) -> String {
    let plain = after
        .and_then(|cursor| STANDARD.decode(cursor).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let alias = match plain.as_deref().and_then(|plain| plain.split_once(':')) {
        Some((style, rest)) => {
            let name = style.trim_end_matches(char::is_numeric);
            let number: u32 = style[name.len()..].parse().unwrap_or(0);
            format!("{name}{}:{rest}", number + 1)
        }
        None => format!("row1:{}:", Uuid::nil()),
    };
    STANDARD.encode(alias)
}

/// The sort key of a listed record.
fn key(store: &Store, node: &Node) -> Key {
    match node {
        Node::User(i) => store.user_key(*i),
        Node::Group(i) => table::key(store.groups.get(*i)),
        Node::TrainingItem(i, _) => table::key(store.trainings.get(*i)),
        Node::TrainingUser(person) => store.user_key(person.user),
        Node::Certificate(i) => table::key(store.certificates.get(*i)),
        Node::Report(place, person) => {
            let (label, user) = store.user_key(person.user);
            let of = match place {
                Place::Training(i) => store.trainings.get(*i).id,
                Place::Course(i) => store.courses.get(*i).id,
            };
            (label, Uuid::from_u128(user.as_u128() ^ of.as_u128()))
        }
        _ => (String::new(), Uuid::nil()),
    }
}

/// The sort key of a row of the portfolio report.
pub(super) fn report_key(store: &Store, place: Place, person: crate::data::trainings::Participation) -> Key {
    key(store, &Node::Report(place, person))
}
