//! Faults that stand in for an answer, and faults that change one.

use std::io::Write;

use async_graphql::Pos;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::matching::Facts;
use super::{Canned, DataPart, Edit, Effect, Encoding, edit};
use crate::http::{Answer, JSON};
use crate::resolve::alias_cursor;

/// What the fault answers instead of carrying the request out; nothing if it leaves that be.
pub(crate) fn before(effect: &Effect, facts: &Facts<'_>) -> Option<Answer> {
    Some(match effect {
        Effect::Status {
            status,
            headers,
            body,
            content_type,
        } => {
            let body = body.clone().unwrap_or_default();
            let answer = Answer::new(*status, content_type.as_deref().unwrap_or("text/plain"), body);
            headers
                .iter()
                .fold(answer, |answer, (name, value)| answer.with(name, value))
        }
        Effect::Redirect { status, location } => {
            Answer::new(*status, "text/html", "").with("location", location)
        }
        Effect::Unauthorized => Answer::unauthorized(),
        Effect::Errors {
            code,
            message,
            status,
            data,
            path,
        } if *data != DataPart::Partial => {
            let mut body = json!({ "errors": [error(code.as_deref(), message.as_deref(), path)] });
            if *data == DataPart::Null {
                body["data"] = Value::Null;
            }
            Answer::json(*status, &body)
        }
        Effect::Neither => Answer::json(200, &json!({})),
        Effect::UnknownField { on, field } => {
            let Pos { line, column } = facts.selects(on, field).unwrap_or_default();
            Answer::json(
                400,
                &json!({ "errors": [{
                "message": format!("Cannot query field \"{field}\" on type \"{on}\"."),
                "locations": [{ "line": line, "column": column }],
            }] }),
            )
        }
        Effect::Body { what } => match what {
            Canned::Html => Answer::new(200, "text/html; charset=utf-8", LOGIN),
            Canned::Empty => Answer::new(200, JSON, ""),
            Canned::Garbage => Answer::new(200, JSON, "{]garbage, \"data\": nul"),
            Canned::OtherShape => Answer::json(200, &json!([{ "users": 3 }, "data"])),
        },
        _ => return None,
    })
}

const LOGIN: &str = "<!DOCTYPE html>\n<html><head><title>Inloggen</title></head><body>\n\
                     <form method=\"post\"><input name=\"username\"><input type=\"password\" name=\"password\">\n\
                     <button>Inloggen</button></form></body></html>\n";

fn error(code: Option<&str>, message: Option<&str>, path: &[Value]) -> Value {
    let mut error = json!({ "message": message.unwrap_or("The sandbox was told to fail.") });
    if !path.is_empty() {
        error["path"] = json!(path);
    }
    if let Some(code) = code {
        error["extensions"] = json!({ "code": code });
    }
    error
}

/// Changes an answer as the fault says.
pub(crate) fn after(effect: &Effect, facts: &Facts<'_>, mut answer: Answer) -> Answer {
    match effect {
        Effect::Errors {
            code,
            message,
            data: DataPart::Partial,
            path,
            ..
        } => {
            let steps = path
                .iter()
                .map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned));
            let place = steps.fold("data".to_owned(), |place, step| place + "." + &step);
            let errors = json!([error(code.as_deref(), message.as_deref(), path)]);
            let edits = [Edit::set(place, Value::Null), Edit::set("errors", errors)];
            answer.body = edit::apply(&answer.body, &edits).into();
        }
        Effect::Edit { edits } => answer.body = edit::apply(&answer.body, edits).into(),
        Effect::Truncate { at } => answer.body.truncate(*at),
        Effect::Bom => answer.body = [b"\xef\xbb\xbf", &answer.body[..]].concat().into(),
        Effect::InvalidUtf8 => {
            let at = answer
                .body
                .windows(2)
                .position(|pair| pair == b":\"")
                .map_or(0, |at| at + 2);
            let (head, tail) = answer.body.split_at(at);
            answer.body = [head, b"\xc3\x28\xff", tail].concat().into();
        }
        Effect::Headers { set } => {
            for (name, value) in set {
                answer = match value {
                    Some(value) => answer.with(name, value),
                    None => answer.without(name),
                };
            }
        }
        Effect::Encode { with } => answer = encode(answer, *with),
        Effect::StuckCursor => {
            let cursor = facts.after.clone().map_or(Value::Null, Value::String);
            page(&mut answer, |list| {
                list["pageInfo"]["hasNextPage"] = true.into();
                // The first page has no cursor to be stuck at but its own.
                if cursor != Value::Null {
                    list["pageInfo"]["endCursor"] = cursor;
                }
            });
        }
        Effect::NullCursor => page(&mut answer, |list| {
            list["pageInfo"]["hasNextPage"] = true.into();
            list["pageInfo"]["endCursor"] = Value::Null;
        }),
        Effect::EmptyPage => {
            let cursor = alias_cursor(facts.after.as_deref());
            page(&mut answer, |list| {
                list["edges"] = json!([]);
                list["pageInfo"]["hasNextPage"] = true.into();
                list["pageInfo"]["endCursor"] = cursor.into();
            });
        }
        _ => {}
    }
    answer
}

/// Changes the outermost connection of the answer.
fn page(answer: &mut Answer, change: impl FnOnce(&mut Value)) {
    let Ok(mut json) = serde_json::from_slice::<Value>(&answer.body) else {
        return;
    };
    if let Some(list) = connection(&mut json["data"]) {
        change(list);
    }
    answer.body = json.to_string().into();
}

fn connection(json: &mut Value) -> Option<&mut Value> {
    if json.get("pageInfo").is_some() {
        return Some(json);
    }
    json.as_object_mut()?.values_mut().find_map(connection)
}

/// Compresses an answer.
pub(crate) fn encode(mut answer: Answer, with: Encoding) -> Answer {
    let mut out = Vec::new();
    let name = match with {
        Encoding::Gzip => {
            let mut encoder = GzEncoder::new(&mut out, Compression::fast());
            encoder
                .write_all(&answer.body)
                .and_then(|()| encoder.finish().map(drop))
                .map(|()| "gzip")
        }
        Encoding::Br => {
            let params = brotli::enc::BrotliEncoderParams {
                quality: 4,
                ..Default::default()
            };
            brotli::BrotliCompress(&mut &answer.body[..], &mut out, &params).map(|_| "br")
        }
    };
    // Writing to memory does not fail.
    let Ok(name) = name else { return answer };
    answer.body = out.into();
    answer
        .with("content-encoding", name)
        .with("vary", "accept-encoding")
}
