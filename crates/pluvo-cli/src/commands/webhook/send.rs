//! `pluvo webhook send`.

use super::{Keys, poster, sample, url, verify};
use crate::cli::Global;
use crate::exit::{Failure, Result};
use crate::terminal;
use crate::values::member;
use clap::Args;
use pluvo_sdk::webhook::{Event, sign_for_test};
use pluvo_sdk::{Error, ErrorKind, Secret};
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Where the receiver listens
    #[arg(value_parser = url, value_name = "URL")]
    to: reqwest::Url,
    #[command(flatten)]
    keys: Keys,
    /// Send a sample of this event, such as `USER_CREATED`
    #[arg(long, value_parser = member::<Event>, required_unless_present = "body", value_name = "EVENT")]
    event: Option<Event>,
    /// Send this body instead of a sample; `-` is standard input
    #[arg(long, conflicts_with = "event", value_name = "FILE")]
    body: Option<PathBuf>,
    /// Sign with this salt [default: a random one]
    #[arg(long, allow_hyphen_values = true, value_name = "TEXT")]
    salt: Option<String>,
}

pub(super) async fn run(global: &Global, arguments: &Arguments) -> Result {
    let keys = arguments.keys.read()?;
    let [key] = keys.as_slice() else {
        return Err(Failure::usage(
            "a delivery is signed with one key: give one --key-file",
        ));
    };
    let body = match (&arguments.body, &arguments.event) {
        (Some(path), _) => verify::read(path)?,
        (None, event) => {
            let event = event.as_ref().map_or("", Event::as_str);
            let now = jiff::Timestamp::now()
                .strftime("%Y-%m-%dT%H:%M:%S.%3fZ")
                .to_string();
            sample::body(event, &now).to_string().into_bytes()
        }
    };
    let status = post(arguments, key, body).await?;
    if status.as_u16() == 410 {
        terminal::note(
            global,
            "warning: to a 410 Pluvo would end the subscription for good",
        );
    }
    if status.is_success() {
        return Ok(());
    }
    let text = format!(
        "the receiver answered {}; Pluvo would send it again",
        status.as_u16()
    );
    Err(Error::new(ErrorKind::Server, text).into())
}

/// Posts it and prints what was sent and answered.
async fn post(arguments: &Arguments, key: &Secret, body: Vec<u8>) -> Result<reqwest::StatusCode> {
    let random = || (0..12).map(|_| fastrand::alphanumeric()).collect();
    let salt: String = arguments.salt.clone().unwrap_or_else(random);
    let signed = sign_for_test(&body, key, &salt);
    let answer = poster()?
        .post(arguments.to.clone())
        .header("content-type", "application/json")
        .header("x-signature", &signed.signature)
        .header("x-signature-salt", &signed.salt)
        .body(body)
        .send()
        .await
        .map_err(|error| {
            let kind = if error.is_timeout() {
                ErrorKind::Timeout
            } else {
                ErrorKind::Connect
            };
            Error::new(kind, "the receiver cannot be reached, or does not answer").with_source(error)
        })?;
    let status = answer.status();
    let told = json!({
        "status": status.as_u16(),
        "signature": signed.signature,
        "salt": signed.salt,
    });
    terminal::print(&format!("{told}\n"))?;
    Ok(status)
}
