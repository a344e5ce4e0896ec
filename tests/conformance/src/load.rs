//! Finds the scenarios and holds them against the schema.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::control::Result;
use crate::scenario::Scenario;

/// A scenario's file.
#[derive(Debug, Clone)]
pub struct File {
    /// `area/name`.
    pub name: String,
    /// What stands in it.
    pub json: Value,
    /// The same, read.
    pub scenario: Scenario,
}

fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// A validator of scenarios.
///
/// # Errors
///
/// If the schema is none.
pub fn schema() -> Result<jsonschema::Validator> {
    let text =
        std::fs::read_to_string(home().join("scenario.schema.json")).map_err(|error| error.to_string())?;
    let schema: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    jsonschema::validator_for(&schema).map_err(|error| error.to_string())
}

/// All scenarios, by name. A file that is no scenario is an error that names it.
///
/// # Errors
///
/// As said, or if the files cannot be read.
pub fn all() -> Result<Vec<File>> {
    let schema = schema()?;
    let mut files = Vec::new();
    let root = home().join("scenarios");
    for area in entries(&root)? {
        for path in entries(&area)? {
            let name = path.strip_prefix(&root).unwrap_or(&path).with_extension("");
            let name = name.to_string_lossy().replace('\\', "/");
            let file = read(&schema, &path, &name).map_err(|error| format!("{}: {error}", path.display()))?;
            files.push(file);
        }
    }
    Ok(files)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let paths: std::io::Result<Vec<_>> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(|error| error.to_string())?;
    paths.sort();
    Ok(paths)
}

fn read(schema: &jsonschema::Validator, path: &Path, name: &str) -> Result<File> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let json: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let wrong: Vec<_> = schema
        .iter_errors(&json)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    if !wrong.is_empty() {
        return Err(wrong.join("; "));
    }
    let scenario = serde_json::from_value(json.clone()).map_err(|error| error.to_string())?;
    Ok(File {
        name: name.to_owned(),
        json,
        scenario,
    })
}
