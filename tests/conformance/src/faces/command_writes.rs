//! What the command writes: rows go into files, and what it tells of them becomes what the SDKs tell.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::writes::Args;
use crate::control::Result;

type Rows = Vec<Map<String, Value>>;

/// The command line for a call that writes; nothing if it is none.
pub(super) fn arguments(call: &str, args: &Map<String, Value>, folder: &Path) -> Result<Option<Vec<String>>> {
    let args = &mut Args::new(args);
    let line = match call {
        "users.upsert_many" => upsert(args, folder)?,
        "users.archive_many" => archive(args)?,
        "users.sync" => sync(args, folder)?,
        "webhooks.verify" => verify(args, folder)?,
        _ => return Ok(None),
    };
    args.end()
        .map_err(|error| format!("the command does not take that: {error}"))?;
    Ok(Some(line))
}

/// What the SDKs tell, of what the command printed; and whether that is all, so that its failure is that of rows.
pub(super) fn told(call: &str, mut value: Value) -> (Value, bool) {
    let count =
        |of: &Value, names: &[&str]| -> u64 { names.iter().filter_map(|name| of[*name].as_u64()).sum() };
    match call {
        "users.upsert_many" | "users.archive_many" => {
            value["done"] = count(
                &value,
                &["created", "updated", "unchanged", "failed", "indeterminate"],
            )
            .into();
            (json!({ "totals": value }), true)
        }
        "users.sync" => {
            let applied = value["applied"].take();
            if applied.is_null() {
                return (value, false);
            }
            let complete =
                applied["faults"].as_array().is_some_and(Vec::is_empty) && applied["not_begun"] == 0;
            value["applied"] = json!({
                "done": count(&applied, &["created", "updated", "unchanged"]),
                "complete": complete,
            });
            (value, true)
        }
        "webhooks.verify" => {
            value["raw"] = value["payload"].take();
            (value, false)
        }
        _ => (value, false),
    }
}

fn upsert(args: &mut Args, folder: &Path) -> Result<Vec<String>> {
    let rows: Rows = args.need("rows")?;
    let known = ["ref", "email", "name", "roles", "language"];
    if let Some(other) = rows
        .iter()
        .flat_map(Map::keys)
        .find(|field| !known.contains(&field.as_str()))
    {
        return Err(format!("the command has no column for {other}"));
    }
    let mut line = vec!["users".to_owned(), "upsert".to_owned(), lines(&rows, folder)?];
    line.extend(args.take::<String>("key")?.map(|key| format!("--by={key}")));
    line.extend(
        args.take("notify")?
            .unwrap_or(false)
            .then(|| "--notify".to_owned()),
    );
    line.push("--format=json".to_owned());
    Ok(line)
}

fn archive(args: &mut Args) -> Result<Vec<String>> {
    let rows: Rows = args.need("rows")?;
    let mut line = vec!["users".to_owned(), "archive".to_owned()];
    for row in &rows {
        for name in ["ref", "id"] {
            line.extend(
                row.get(name)
                    .and_then(Value::as_str)
                    .map(|key| format!("--{name}={key}")),
            );
        }
    }
    if args.take("archived")? == Some(false) {
        line.push("--undo".to_owned());
    }
    line.push("--format=json".to_owned());
    Ok(line)
}

fn sync(args: &mut Args, folder: &Path) -> Result<Vec<String>> {
    let mut rows: Rows = args.need("rows")?;
    let mut columns = BTreeSet::new();
    let mut values = BTreeSet::new();
    for row in &mut rows {
        if row.contains_key("fault") {
            return Err("the command finds faults itself".to_owned());
        }
        if let Some(Value::Object(given)) = row.remove("values") {
            for (category, value) in given {
                row.insert(format!("value {category}"), value);
                values.insert(category);
            }
        }
        for list in ["roles", "groups"] {
            if let Some(Value::Array(items)) = row.get(list) {
                let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                let joined = Value::from(items.join("/"));
                row.insert(list.to_owned(), joined);
            }
        }
        columns.extend(row.keys().filter(|name| !name.starts_with("value ")).cloned());
    }
    let mut map = "[columns]\n".to_owned();
    for column in columns {
        let _ = match column.as_str() {
            "roles" => writeln!(map, "roles = {{ column = \"roles\", split = \"/\" }}"),
            "groups" => writeln!(map, "groups = [{{ column = \"groups\", split = \"/\" }}]"),
            _ => writeln!(map, "{column} = \"{column}\""),
        };
    }
    map.push_str("[values]\n");
    for category in values {
        let _ = writeln!(map, "\"{category}\" = \"value {category}\"");
    }
    let map_file = folder.join("map.toml");
    std::fs::write(&map_file, map).map_err(|error| error.to_string())?;
    let mut line = vec!["users".to_owned(), "sync".to_owned(), lines(&rows, folder)?];
    line.push(format!("--map={}", map_file.display()));
    for (argument, flag) in [
        ("archiveMissing", "--archive-missing"),
        ("archiveManagers", "--archive-managers"),
        ("leaveGroups", "--leave-groups"),
        ("notify", "--notify"),
    ] {
        line.extend(args.take(argument)?.unwrap_or(false).then(|| flag.to_owned()));
    }
    let apply = args.take("apply")?.unwrap_or(false);
    line.push(if apply { "--yes" } else { "--dry-run" }.to_owned());
    if let Some(people) = args.take::<usize>("archiveAtMost")? {
        line.push(format!("--max-archive={people}"));
    }
    if let Some(share) = args.take::<f64>("archiveShare")? {
        line.push(format!("--max-archive={}%", share * 100.0));
    }
    if let Some(name) = args.take::<String>("journal")? {
        line.push(format!("--journal={}", folder.join(name).display()));
    }
    line.push("--format=json".to_owned());
    Ok(line)
}

fn verify(args: &mut Args, folder: &Path) -> Result<Vec<String>> {
    let mut line = vec!["webhook".to_owned(), "verify".to_owned()];
    let headers: Vec<(String, String)> = args.need("headers")?;
    let names: Vec<String> = headers.iter().map(|(name, _)| name.to_lowercase()).collect();
    if names != ["x-signature", "x-signature-salt"] {
        return Err("the command takes both headers, each once".to_owned());
    }
    for ((_, value), flag) in headers.iter().zip(["signature", "salt"]) {
        line.push(format!("--{flag}={value}"));
    }
    for (place, key) in args.need::<Vec<String>>("keys")?.into_iter().enumerate() {
        let path = folder.join(format!("key-{place}"));
        std::fs::write(&path, key).map_err(|error| error.to_string())?;
        private(&path)?;
        line.push(format!("--key-file={}", path.display()));
    }
    line.extend(
        args.take("literal")?
            .unwrap_or(false)
            .then(|| "--literal".to_owned()),
    );
    let body = folder.join("body");
    std::fs::write(&body, args.need::<String>("body")?).map_err(|error| error.to_string())?;
    line.push(body.display().to_string());
    Ok(line)
}

#[cfg(unix)]
fn private(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(|error| error.to_string())
}

#[cfg(not(unix))]
fn private(_: &Path) -> Result<()> {
    Ok(())
}

/// The rows as a file with a line of JSON for each.
fn lines(rows: &[Map<String, Value>], folder: &Path) -> Result<String> {
    let mut text = String::new();
    for row in rows {
        let _ = writeln!(text, "{}", Value::from(row.clone()));
    }
    let path = folder.join("rows.jsonl");
    std::fs::write(&path, text).map_err(|error| error.to_string())?;
    Ok(path.display().to_string())
}
