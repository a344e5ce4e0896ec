//! `pluvo webhook`.

mod listen;
mod sample;
mod send;
mod verify;

use crate::cli::Global;
use crate::exit::{Failure, Result};
use crate::secret;
use clap::{Args, Subcommand};
use pluvo_sdk::Secret;
use pluvo_sdk::webhook::{Delivery, Verifier};
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check the signature of a body that was received, and show what it says
    Verify(verify::Arguments),
    /// Sign a delivery as Pluvo does and post it, to test a receiver
    Send(send::Arguments),
    /// Receive deliveries, print those that are Pluvo's, and refuse all others; until Ctrl-C
    Listen(listen::Arguments),
}

/// Where the webhook key is. Never the key itself: other users of the machine could read it there.
#[derive(Debug, Args)]
struct Keys {
    /// A file with the webhook key; may be repeated while a key is replaced [default: `PLUVO_WEBHOOK_KEY`]
    #[arg(long, value_name = "FILE")]
    key_file: Vec<PathBuf>,
}

impl Keys {
    fn read(&self) -> Result<Vec<Secret>> {
        if self.key_file.is_empty() {
            let key = std::env::var("PLUVO_WEBHOOK_KEY")
                .ok()
                .filter(|key| !key.trim().is_empty());
            let key = key.ok_or_else(|| {
                Failure::config(
                    "no webhook key is given: name its file by --key-file, or set PLUVO_WEBHOOK_KEY",
                )
            })?;
            return Ok(vec![Secret::new(key.trim())]);
        }
        self.key_file
            .iter()
            .map(|path| secret::webhook_key(path))
            .collect()
    }

    fn verifier(&self) -> Result<Verifier> {
        let mut keys = self.read()?.into_iter();
        let first = keys.next().unwrap_or_else(|| Secret::new(""));
        Ok(keys.try_fold(Verifier::new(first)?, Verifier::also)?)
    }
}

/// A delivery as one line of JSON.
fn line(delivery: &Delivery) -> String {
    let told = json!({
        "event": delivery.event.as_str(),
        "sent_date": delivery.sent_date.as_ref().map(ToString::to_string),
        "key": delivery.key,
        "payload": delivery.raw,
    });
    format!("{told}\n")
}

/// Pluvo waits so long for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A client for posting deliveries. It follows no redirect, as Pluvo is not known to.
fn poster() -> Result<reqwest::Client> {
    // Fails where there is one already, which does as well.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .user_agent(concat!("pluvo-cli/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| Failure::config(format!("an HTTP client cannot be set up: {error}")))
}

fn url(text: &str) -> Result<reqwest::Url, String> {
    match reqwest::Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        _ => Err(format!("`{text}` is not a URL such as https://example.com/hook")),
    }
}

pub(crate) async fn run(global: &Global, command: &Command) -> Result {
    match command {
        Command::Verify(arguments) => verify::run(arguments),
        Command::Send(arguments) => send::run(global, arguments).await,
        Command::Listen(arguments) => listen::run(global, arguments).await,
    }
}
