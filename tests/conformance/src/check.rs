//! Holds what came of a call against what was expected of it.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use crate::face::{Failed, Seen};
use crate::scenario::{Failure, Named, Outcome, Part, Rows};

/// Rows as plain readings found them.
#[derive(Debug, Default)]
pub struct Plain<'a> {
    /// At the start.
    pub before: &'a [Value],
    /// At the end; read only for `kept`.
    pub after: Option<&'a [Value]>,
}

/// What differs, but for which rows came: that is [`rows`], which may need a reading at the end.
pub fn outcome(expected: &Outcome, seen: &Seen) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut same = |what: &str, expected: String, seen: String| {
        if expected != seen {
            wrong.push(format!("{what}: {expected} expected, {seen} seen"));
        }
    };
    if let Some(count) = expected.count {
        same("rows", count.to_string(), seen.rows.len().to_string());
    }
    if let (Some(expected), Some(seen)) = (&expected.pages, &seen.pages) {
        same("pages", format!("{expected:?}"), format!("{seen:?}"));
    }
    if let (Some(expected), Some(seen)) = (expected.told, seen.told) {
        same("count told", expected.to_string(), seen.to_string());
    }
    if expected.absent {
        same(
            "value",
            "none".to_owned(),
            seen.value.as_ref().map_or("none".to_owned(), Value::to_string),
        );
    }
    if expected.unique != Some(false) {
        let ids: Vec<_> = seen.rows.iter().filter_map(id).collect();
        let distinct: HashSet<_> = ids.iter().collect();
        same("distinct rows", ids.len().to_string(), distinct.len().to_string());
    }
    for (number, row) in seen.rows.iter().enumerate() {
        wrong.extend(
            expected
                .each
                .as_ref()
                .and_then(|each| lacks(each, row, &format!("row {number}"))),
        );
        let surplus = expected
            .without
            .iter()
            .filter(|field| !row[field.as_str()].is_null());
        wrong.extend(surplus.map(|field| format!("row {number} has a value for {field}")));
    }
    for (number, wanted) in &expected.row {
        let row = number
            .parse()
            .ok()
            .and_then(|number: usize| seen.rows.get(number))
            .unwrap_or(&Value::Null);
        wrong.extend(lacks(wanted, row, &format!("row {number}")));
    }
    if let Some(value) = &expected.value {
        wrong.extend(lacks(value, seen.value.as_ref().unwrap_or(&Value::Null), "value"));
    }
    wrong.extend(error(expected.error.as_ref(), seen.error.as_ref()));
    wrong
}

fn error(expected: Option<&Failure>, seen: Option<&Failed>) -> Vec<String> {
    let (expected, seen) = match (expected, seen) {
        (None, None) => return Vec::new(),
        (None, Some(seen)) => return vec![format!("no error expected, seen: {}", seen.text)],
        (Some(expected), None) => return vec![format!("an error {} expected, none seen", expected.code)],
        (Some(expected), Some(seen)) => (expected, seen),
    };
    let mut wrong = Vec::new();
    let mut same = |what: &str, expected: Option<String>, seen: String| {
        if let Some(expected) = expected.filter(|expected| *expected != seen) {
            wrong.push(format!("error's {what}: {expected} expected, {seen} seen"));
        }
    };
    same("code", Some(expected.code.clone()), seen.code.clone());
    same(
        "status",
        expected.status.map(|of| of.to_string()),
        seen.status.map_or("none".to_owned(), |of| of.to_string()),
    );
    same(
        "attempts",
        expected.attempts.map(|of| of.to_string()),
        seen.attempts.to_string(),
    );
    let retryable = expected.retryable.filter(|_| seen.retryable.is_some());
    same(
        "retryable",
        retryable.map(|of| of.to_string()),
        seen.retryable.unwrap_or_default().to_string(),
    );
    same(
        "GraphQL errors",
        expected.graphql.map(|of| of.to_string()),
        seen.graphql.to_string(),
    );
    let seconds = |seconds: f64| format!("{seconds:.3} s");
    same(
        "retry_after",
        expected.retry_after.map(seconds),
        seen.retry_after.map_or("none".to_owned(), seconds),
    );
    let text = seen.text.to_lowercase();
    for says in &expected.says {
        if !text.contains(&says.to_lowercase()) {
            wrong.push(format!("the error does not say {says:?}: {}", seen.text));
        }
    }
    for never in &expected.never {
        if text.contains(&never.to_lowercase()) {
            wrong.push(format!("the error says {never:?}: {}", seen.text));
        }
    }
    wrong
}

/// Whether these are the rows that were expected.
pub fn rows(expected: &Rows, seen: &[Value], plain: &Plain<'_>) -> Vec<String> {
    match expected {
        Rows::Named(Named::All) => equal(&plain.before.iter().collect::<Vec<_>>(), seen),
        Rows::Some(part) => equal(&part_of(part, plain.before), seen),
        Rows::Named(Named::Kept) => {
            let ids = |rows: &[Value]| rows.iter().filter_map(id).collect::<BTreeSet<_>>();
            let kept = &ids(plain.before) & &ids(plain.after.unwrap_or_default());
            let lost: Vec<_> = kept.difference(&ids(seen)).cloned().collect();
            if lost.is_empty() {
                Vec::new()
            } else {
                vec![format!("{} rows were lost: {lost:?}", lost.len())]
            }
        }
    }
}

fn part_of<'a>(part: &Part, before: &'a [Value]) -> Vec<&'a Value> {
    let mut rows: Vec<_> = before.iter().collect();
    rows.retain(|row| part.r#where.iter().all(|(field, value)| row[field] == *value));
    if part.reversed {
        rows.reverse();
    }
    rows.into_iter()
        .skip(part.skip)
        .take(part.first.unwrap_or(usize::MAX))
        .collect()
}

/// The same rows in the same order, each with the same values in the fields that both have.
fn equal(expected: &[&Value], seen: &[Value]) -> Vec<String> {
    if expected.len() != seen.len() {
        return vec![format!("{} rows expected, {} seen", expected.len(), seen.len())];
    }
    for (number, (expected, seen)) in expected.iter().zip(seen).enumerate() {
        if let Some(wrong) = differs(expected, seen) {
            return vec![format!("row {number}: {wrong}")];
        }
    }
    Vec::new()
}

fn differs(expected: &Value, seen: &Value) -> Option<String> {
    if id(expected) != id(seen) {
        return Some(format!("id {:?} expected, {:?} seen", id(expected), id(seen)));
    }
    let fields = expected.as_object().into_iter().flatten();
    fields
        .filter_map(|(name, value)| Some((name, value, seen.get(name)?)))
        .find_map(|(name, expected, seen)| {
            let same = if expected.is_object() {
                lacks(expected, seen, name).is_none()
            } else {
                expected == seen
            };
            (!same).then(|| format!("{name}: {expected} expected, {seen} seen"))
        })
}

/// What a row is told apart by: its id, or its person's.
pub fn id(row: &Value) -> Option<String> {
    let id = row.get("id").or_else(|| row.get("user")?.get("id"));
    id.and_then(Value::as_str).map(str::to_owned)
}

/// What an expected value has and the seen one has not. Objects may have more fields than expected.
pub fn lacks(expected: &Value, seen: &Value, at: &str) -> Option<String> {
    match (expected, seen) {
        (Value::Object(expected), Value::Object(seen)) => expected.iter().find_map(|(field, expected)| {
            lacks(
                expected,
                seen.get(field).unwrap_or(&Value::Null),
                &format!("{at}.{field}"),
            )
        }),
        (Value::Array(expected), Value::Array(seen)) if expected.len() == seen.len() => {
            let pairs = expected.iter().zip(seen).enumerate();
            pairs
                .into_iter()
                .find_map(|(n, (expected, seen))| lacks(expected, seen, &format!("{at}.{n}")))
        }
        _ if expected == seen => None,
        _ => Some(format!("{at}: {expected} expected, {seen} seen")),
    }
}
