//! Pages whose rows stay the text they came in.

use super::decode::{self, Connection, Envelope, Found};
use super::scan::Scan;
use crate::error::{Error, ErrorKind};
use crate::model::Id;

/// A row that stays the text it came in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RawRow<'a> {
    /// The whole edge.
    pub edge: &'a [u8],
    /// The text of the node's id.
    pub id: Option<&'a [u8]>,
}

/// Finds the rows of a page: the text of `edges`.
///
/// The rows are not checked as JSON, which would take as long as half of their decoding: their decoder does that.
pub(crate) fn raw_page<'de>(
    body: &'de [u8],
    path: &[&str],
) -> Result<Envelope<Connection<&'de [u8]>>, Error> {
    match find(body, path) {
        Some(page) => Ok(Envelope {
            data: Found::Value(page),
            errors: Vec::new(),
        }),
        // A finding, a failure, or a text that only a parser sees through.
        None => decode::checked_raw_page(body, path),
    }
}

/// The rows in the text of `edges`. A `null` edge or node is no row.
pub(crate) fn raw_rows(edges: &[u8]) -> Result<Vec<RawRow<'_>>, Error> {
    let mut rows = Vec::with_capacity(crate::paginate::MAX_PAGE_SIZE as usize);
    Scan::new(edges)
        .list(|scan| {
            rows.extend(row(scan)?);
            Some(())
        })
        .ok_or_else(|| {
            Error::new(
                ErrorKind::Decode,
                "the answer's edges are no list of objects with one node each",
            )
        })?;
    Ok(rows)
}

/// The page in a body of the usual form, with neither errors nor anything odd.
fn find<'de>(body: &'de [u8], path: &[&str]) -> Option<Connection<&'de [u8]>> {
    std::str::from_utf8(body).ok()?;
    let (mut scan, mut page) = (Scan::new(body), None);
    scan.object(|scan, key| {
        match key {
            b"data" => page = Some(descend(scan, path, 1)?),
            b"errors" => return None,
            _ => {
                scan.value()?;
            }
        }
        Some(())
    })?;
    page.filter(|_| scan.is_at_end())
}

/// `objects` are open round the value here.
fn descend<'de>(scan: &mut Scan<'de>, path: &[&str], objects: usize) -> Option<Connection<&'de [u8]>> {
    let Some((field, rest)) = path.split_first() else {
        return connection(scan, objects);
    };
    let mut page = None;
    scan.object(|scan, key| {
        if key == field.as_bytes() {
            page = Some(descend(scan, rest, objects + 1)?);
        } else {
            scan.value()?;
        }
        Some(())
    })?;
    page
}

fn connection<'de>(scan: &mut Scan<'de>, objects: usize) -> Option<Connection<&'de [u8]>> {
    let (mut info, mut count, mut edges) = (None, None, None);
    scan.object(|scan, key| {
        // Nearly every page ends with its rows. Where something else is taken for the end of them, what is cut out is no
        // JSON, and their decoder says so.
        let ends_with_rows = key == b"edges" && info.is_some();
        let last = ends_with_rows.then(|| scan.last_list(objects + 1)).flatten();
        let value = last.or_else(|| scan.value())?;
        match key {
            b"pageInfo" => info = Some(serde_json::from_slice(value).ok()?),
            b"count" => count = serde_json::from_slice(value).ok()?,
            b"edges" => edges = Some(value).filter(|value| value.starts_with(b"[")),
            _ => {}
        }
        Some(())
    })?;
    Some(Connection {
        info: info?,
        count,
        edges: edges?,
    })
}

/// Reads an edge; `Some(None)` where it is no row.
#[expect(
    clippy::option_option,
    reason = "a text that is no JSON and an edge that is no row differ"
)]
fn row<'a>(scan: &mut Scan<'a>) -> Option<Option<RawRow<'a>>> {
    if scan.peek()? != b'{' {
        return (scan.value()? == b"null").then_some(None);
    }
    let (begin, mut node, mut is_null, mut id) = (scan.rest(), false, false, None);
    scan.object(|scan, key| {
        if key != b"node" {
            scan.value()?;
            // A key with an escape may spell the same, and then the row would be lost.
            return (!key.contains(&b'\\')).then_some(());
        }
        // Of two nodes nobody knows which one is meant.
        (!std::mem::replace(&mut node, true)).then_some(())?;
        if scan.peek()? != b'{' {
            is_null = scan.value()? == b"null";
            return Some(());
        }
        scan.object(|scan, key| {
            let value = scan.value()?;
            if key == b"id" {
                id = Some(value);
            }
            Some(())
        })
    })?;
    let edge = &begin[..begin.len() - scan.rest().len()];
    Some((node && !is_null).then_some(RawRow { edge, id }))
}

impl RawRow<'_> {
    /// The id, if it has one that can be read.
    pub(crate) fn id(&self) -> Option<Id> {
        serde_json::from_slice(self.id?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const PATH: [&str; 2] = ["group", "users"];

    fn page(edges: &str) -> String {
        format!(
            r#" {{"extensions": {{"data": 1}}, "data": {{"x": "}}", "group": {{"users":
                {{"pageInfo": {{"hasNextPage": true, "endCursor": "c"}}, "count": 3, "edges": {edges}}}}}}}}} "#
        )
    }

    fn found(body: &str) -> Option<(Connection<Value>, bool)> {
        let quick = find(body.as_bytes(), &PATH).is_some();
        match raw_page(body.as_bytes(), &PATH).ok()?.data {
            Found::Value(page) => Some((page.map(|edges| serde_json::from_slice(edges).unwrap()), quick)),
            Found::Null(_) | Found::Missing(_) => None,
        }
    }

    #[test]
    fn the_rows_of_a_usual_page_are_found_without_parsing_it() {
        let (page, quick) = found(&page(r#"[{"node":{"id":"1"}},null]"#)).unwrap();
        assert!(quick);
        assert_eq!(page.edges, json!([{"node": {"id": "1"}}, null]));
        assert_eq!((page.count, page.info.has_next_page), (Some(3), true));
        assert_eq!(page.info.end_cursor.as_deref(), Some("c"));
    }

    #[test]
    fn what_is_not_usual_is_left_to_the_parser() {
        let plain = page("[]");
        let escaped = plain.replace("edges", r"\u0065dges");
        let (page, quick) = found(&escaped).unwrap();
        assert_eq!((page.edges, quick), (json!([]), false));
        for odd in [
            plain.replace(r#""data": {"#, r#""errors": [{"message": "no"}], "data": {"#),
            plain.replace("group", "team"),
            plain.replace("[]", "7"),
            plain.replace("pageInfo", "info"),
            plain.replace("true", "\"yes\""),
            plain.clone() + "x",
            plain.clone() + "}",
            plain[..plain.len() - 2].to_owned(),
            String::new(),
        ] {
            assert!(find(odd.as_bytes(), &PATH).is_none(), "{odd}");
        }
    }

    #[test]
    fn rows_in_the_middle_of_a_page_are_found_too() {
        let rows = json!([{"node": {"id": "1"}}]);
        for odd in [
            r#"[{"node":{"id":"1"}}], "more": 1"#,
            r#"[{"node":{"id":"1"}}], "more": {"a": [1]}"#,
        ] {
            assert_eq!(found(&page(odd)).unwrap().0.edges, rows);
        }
    }

    #[test]
    fn what_is_taken_for_the_end_of_the_rows_never_passes_for_rows() {
        for odd in [
            r#"[{"node":{"id":"1"}}], "more": [1]"#,
            r#"[{"node":{"roles":["a"]"#,
        ] {
            let body = page(odd);
            let Ok(Envelope {
                data: Found::Value(page),
                ..
            }) = raw_page(body.as_bytes(), &PATH)
            else {
                continue;
            };
            assert!(serde_json::from_slice::<Value>(page.edges).is_err(), "{odd}");
        }
    }

    #[test]
    fn rows_are_told_apart_by_their_ids() {
        let edges = r#"[ {"node": {"id": "1", "groups": [{"id": "9"}]}} , null, {"node": null}, {}, {"cursor": "z",
            "node": {"name": "id", "x": {"id": 3}}}, {"node": {"id": 7}}, {"node": 5}]"#;
        let rows = raw_rows(edges.as_bytes()).unwrap();
        let ids: Vec<_> = rows.iter().map(RawRow::id).collect();
        assert_eq!(ids, [Some("1".into()), None, Some("7".into()), None]);
        let texts: Vec<Value> = rows
            .iter()
            .map(|row| serde_json::from_slice(row.edge).unwrap())
            .collect();
        assert_eq!(texts[2], json!({"node": {"id": 7}}));
        assert!(raw_rows(b"[7]").is_err());
        assert!(raw_rows(b"{}").is_err());
    }

    #[test]
    fn an_edge_whose_node_is_in_doubt_is_an_error() {
        for edge in [
            r#"{"node":{"id":"1"},"node":{"id":"2"}}"#,
            r#"{"node":null,"node":{"id":"2"}}"#,
            r#"{"n\u006fde":{"id":"1"}}"#,
        ] {
            assert!(raw_rows(format!("[{edge}]").as_bytes()).is_err(), "{edge}");
        }
    }
}
