//! `pluvo webhook verify`.

use super::{Keys, line};
use crate::exit::{Failure, Result};
use crate::terminal;
use clap::Args;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    keys: Keys,
    /// The value of the header X-Signature
    #[arg(long, allow_hyphen_values = true, value_name = "TEXT")]
    signature: String,
    /// The value of the header X-Signature-Salt
    #[arg(long, allow_hyphen_values = true, value_name = "TEXT")]
    salt: String,
    /// Take the words of Pluvo's newest page literally: the key is not hashed with the salt
    #[arg(long)]
    literal: bool,
    /// The body, to the byte as it arrived; `-` is standard input
    #[arg(default_value = "-", value_name = "FILE")]
    body: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result {
    let mut verifier = arguments.keys.verifier()?;
    if arguments.literal {
        verifier = verifier.literal();
    }
    let body = read(&arguments.body)?;
    let headers = [
        ("x-signature", arguments.signature.as_str()),
        ("x-signature-salt", arguments.salt.as_str()),
    ];
    let delivery = verifier.verify(&body, headers)?;
    terminal::print(&line(&delivery))
}

/// A file, or standard input, to the byte.
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().read_to_end(&mut body)
    } else {
        File::open(path).and_then(|mut file| file.read_to_end(&mut body))
    };
    match read {
        Ok(_) => Ok(body),
        Err(error) => Err(Failure::file("read", path, &error)),
    }
}
