//! `pluvo query`.

use crate::cli::Global;
use crate::connect;
use crate::exit::{Failure, Result};
use crate::output::one_line;
use crate::terminal;
use clap::Args;
use pluvo_sdk::{Error, ErrorKind, GraphqlError};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::io::{self, Read, Write};
use std::path::Path;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The document
    #[arg(required_unless_present = "file", conflicts_with = "file")]
    document: Option<String>,
    /// Read the document from this file; `-` is standard input
    #[arg(short, long, value_name = "FILE")]
    file: Option<String>,
    /// Set a variable; what parses as JSON is taken as that, everything else as text
    #[arg(long, value_parser = assignment, value_name = "NAME=VALUE")]
    var: Vec<(String, Value)>,
    /// Set variables from a JSON object or from a file with one
    #[arg(long, value_name = "JSON|@FILE")]
    vars: Option<String>,
    /// Choose among several operations of the document
    #[arg(long, value_name = "NAME")]
    operation_name: Option<String>,
    /// Say that a mutation may be sent again when it fails: that doing it twice is as good as doing it once
    #[arg(long)]
    repeatable: bool,
    /// Print the whole answer as it came, errors included
    #[arg(long, conflicts_with = "partial")]
    raw: bool,
    /// Take what data there is beside errors, and call that a success
    #[arg(long)]
    partial: bool,
}

fn assignment(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text
        .split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .ok_or_else(|| format!("`{text}` is not of the form NAME=VALUE"))?;
    let typed = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
    Ok((name.trim_start_matches('$').to_owned(), typed))
}

pub(crate) async fn run(global: &Global, arguments: &Arguments) -> Result {
    let document = match (&arguments.document, &arguments.file) {
        (Some(document), _) => document.clone(),
        (None, file) => read(file.as_deref().unwrap_or("-"))?,
    };
    let variables = variables(arguments)?;
    let client = connect::client(global)?;
    let mut query = client.query(document).variables(variables);
    if let Some(name) = &arguments.operation_name {
        query = query.operation_name(name);
    }
    if arguments.repeatable {
        query = query.repeatable(true);
    }
    if arguments.raw {
        let answer = query.send_raw().await?;
        let mut out = terminal::stdout();
        out.write_all(&answer.data)
            .and_then(|()| {
                if answer.data.ends_with(b"\n") {
                    Ok(())
                } else {
                    out.write_all(b"\n")
                }
            })
            .and_then(|()| out.flush())
            .map_err(|error| Failure::stdout(&error))?;
        return refused(&answer.errors);
    }
    if !arguments.partial {
        return print(&query.send::<Box<RawValue>>().await?);
    }
    let answer = query.send_partial::<Box<RawValue>>().await?;
    let Some(data) = &answer.data else {
        return refused(&answer.errors).and_then(|()| {
            let nothing = "the answer holds neither data nor errors";
            Err(Error::new(ErrorKind::Decode, nothing).into())
        });
    };
    print(data)?;
    for error in &answer.errors {
        terminal::note(global, &format!("warning: Pluvo answers: {}", error.message));
    }
    Ok(())
}

/// Errors in an answer that was printed all the same.
fn refused(errors: &[GraphqlError]) -> Result {
    match errors {
        [] => Ok(()),
        [first, ..] => {
            let message = format!("Pluvo answers with {} error(s): {}", errors.len(), first.message);
            Err(Error::new(ErrorKind::Graphql, message).into())
        }
    }
}

fn variables(arguments: &Arguments) -> Result<Map<String, Value>> {
    let mut variables = match &arguments.vars {
        None => Map::new(),
        Some(given) => {
            let text = given.strip_prefix('@').map_or_else(|| Ok(given.clone()), read)?;
            serde_json::from_str(&text)
                .map_err(|error| Failure::usage(format!("--vars is not a JSON object: {error}")))?
        }
    };
    variables.extend(arguments.var.iter().cloned());
    Ok(variables)
}

fn read(path: &str) -> Result<String> {
    let mut text = String::new();
    if path == "-" {
        io::stdin()
            .lock()
            .read_to_string(&mut text)
            .map_err(|error| Failure::io("read standard input", &error))?;
    } else {
        text =
            std::fs::read_to_string(path).map_err(|error| Failure::file("read", Path::new(path), &error))?;
    }
    Ok(text)
}

/// On a terminal with line breaks, in a pipe on one line: JSON in either case, in the server's order.
fn print(data: &RawValue) -> Result {
    if terminal::stdout_is_terminal()
        && let Some(pretty) = pretty(data)
    {
        return terminal::print(&pretty);
    }
    terminal::print(&format!("{}\n", one_line(data.get())))
}

/// None where it is nested deeper than can be read.
fn pretty(data: &RawValue) -> Option<String> {
    let mut text = Vec::new();
    let mut reader = serde_json::Deserializer::from_str(data.get());
    serde_transcode::transcode(&mut reader, &mut serde_json::Serializer::pretty(&mut text)).ok()?;
    text.push(b'\n');
    String::from_utf8(text).ok()
}

#[cfg(test)]
mod tests {
    use super::{assignment, pretty};
    use serde_json::json;
    use serde_json::value::RawValue;

    #[test]
    fn people_get_line_breaks_in_the_servers_order_unless_it_is_too_deep() {
        let data = RawValue::from_string(r#"{"z":[1],"a":null}"#.to_owned()).unwrap();
        assert_eq!(
            pretty(&data).as_deref(),
            Some("{\n  \"z\": [\n    1\n  ],\n  \"a\": null\n}\n")
        );
        let deep = "[".repeat(1000) + &"]".repeat(1000);
        assert_eq!(pretty(&RawValue::from_string(deep).unwrap()), None);
    }

    #[test]
    fn variables_are_typed_where_they_are_json() {
        for (text, name, value) in [
            ("n=5", "n", json!(5)),
            ("$ref=EMP-1", "ref", json!("EMP-1")),
            ("ids=[\"a\"]", "ids", json!(["a"])),
            ("s=\"5\"", "s", json!("5")),
            ("t=", "t", json!("")),
            ("u=a=b", "u", json!("a=b")),
            ("v=null", "v", json!(null)),
        ] {
            assert_eq!(assignment(text), Ok((name.to_owned(), value)), "{text}");
        }
        assert!(assignment("x").is_err() && assignment("=1").is_err());
    }
}
