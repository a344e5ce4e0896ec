//! Where a profile's client secret and the webhook key come from: never from the command line.

use crate::config::Profile;
use crate::exit::{Failure, Result};
use pluvo_sdk::Secret;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

/// A client secret is short; more than this is some other file.
const LONGEST: u64 = 64 << 10;

impl Profile {
    /// The profile's secret, if it says where one is. `base` is the folder of the configuration file.
    pub(crate) fn secret(&self, base: &Path) -> Result<Option<Secret>> {
        if let Some(secret) = &self.client_secret {
            return Ok(Some(Secret::new(secret.expose())));
        }
        if let Some(path) = &self.client_secret_file {
            return from_file(&base.join(path), "client secret").map(Some);
        }
        self.client_secret_command
            .as_deref()
            .map(from_command)
            .transpose()
    }
}

/// A webhook key from a file of its own.
pub(crate) fn webhook_key(path: &Path) -> Result<Secret> {
    from_file(path, "webhook key")
}

fn from_file(path: &Path, what: &str) -> Result<Secret> {
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(LONGEST).read_to_string(&mut text))
        .map_err(|error| {
            Failure::config(format!(
                "the {what} in {} cannot be read: {error}",
                path.display()
            ))
        })?;
    whole(&text, &format!("the {what} file {}", path.display()))
}

/// Runs a program of the user's own, without a shell. It may ask on the terminal.
fn from_command(words: &[String]) -> Result<Secret> {
    let [program, arguments @ ..] = words else {
        return Err(Failure::config(
            "client_secret_command is empty; give a program and its arguments",
        ));
    };
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::inherit())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| {
            Failure::config(format!("client_secret_command {program} cannot be run: {error}"))
        })?;
    if !output.status.success() {
        return Err(Failure::config(format!(
            "client_secret_command {program} failed: {}",
            output.status
        )));
    }
    let text = String::from_utf8(output.stdout)
        .map_err(|_| Failure::config(format!("client_secret_command {program} gave no text")))?;
    whole(&text, &format!("the output of client_secret_command {program}"))
}

fn whole(text: &str, what: &str) -> Result<Secret> {
    let secret = text.trim();
    if secret.is_empty() || secret.contains(char::is_whitespace) {
        return Err(Failure::config(format!(
            "{what} must hold the secret and nothing else"
        )));
    }
    Ok(Secret::new(secret))
}
