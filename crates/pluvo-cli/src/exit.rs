//! How the command ends: what it says, and with which exit code.

use crate::cli::{ErrorFormat, Global};
use crate::terminal;
use clap::error::ErrorKind as Usage;
use pluvo_sdk::{Error, ErrorKind, Position};
use serde::Serialize;
use std::fmt;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// The last part of `--help`. `docs/guides/command.md` has the same table.
pub(crate) const HELP: &str = "\
Exit codes:
   0  done; also when whoever reads the output closes it early
   1  internal: a fault of the command itself
   2  usage: the command line is wrong
   3  config: the organisation, a setting, the environment or the configuration file
   4  auth: no token could be had, or Pluvo does not accept it
   5  permission: the token may not do this; a scope is missing
   6  not_found: what was asked for does not exist
   7  invalid: a malformed document, a missing variable, a refused argument
   8  conflict: it collides with what is there
   9  rate_limited: Pluvo asks for fewer requests
  10  timeout: it took too long
  11  connect: no connection
  12  server: Pluvo answered with a server error
  13  indeterminate: nobody knows whether a write was carried out
  14  graphql: Pluvo answered with GraphQL errors of no other kind
  15  decode: the answer could not be read
  16  pagination: a list could not be read to its end without doubt
  17  webhook: a webhook could not be verified
  18  io: a file or the output could not be read or written
 130  cancelled: interrupted";

const USAGE: u8 = 2;
const IO: u8 = 18;

fn code_of(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::Config => 3,
        ErrorKind::Auth => 4,
        ErrorKind::Permission => 5,
        ErrorKind::NotFound => 6,
        ErrorKind::Invalid => 7,
        ErrorKind::Conflict => 8,
        ErrorKind::RateLimited => 9,
        ErrorKind::Timeout => 10,
        ErrorKind::Connect => 11,
        ErrorKind::Server => 12,
        ErrorKind::Indeterminate => 13,
        ErrorKind::Graphql => 14,
        ErrorKind::Decode => 15,
        ErrorKind::Pagination => 16,
        ErrorKind::Webhook => 17,
        ErrorKind::Cancelled => 130,
        _ => 1,
    }
}

pub(crate) type Result<T = (), E = Failure> = std::result::Result<T, E>;

/// Why the command did not do what it was asked to.
#[derive(Debug)]
pub(crate) struct Failure {
    cause: Cause,
    /// Where a list can be gone on from.
    position: Option<Position>,
}

#[derive(Debug)]
enum Cause {
    Sdk(Error),
    Usage(String),
    Io(String),
    /// Whoever read the output has had enough: no failure at all.
    ClosedPipe,
}

impl Failure {
    fn new(cause: Cause) -> Self {
        Self {
            cause,
            position: None,
        }
    }

    /// The command line asks for something that cannot be.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Cause::Usage(message.into()))
    }

    /// A file or stream failed.
    pub(crate) fn io(doing: &str, error: &io::Error) -> Self {
        Self::new(Cause::Io(format!("cannot {doing}: {error}")))
    }

    /// A file failed.
    pub(crate) fn file(doing: &str, path: &Path, error: &io::Error) -> Self {
        Self::io(&format!("{doing} {}", path.display()), error)
    }

    /// Standard output failed.
    pub(crate) fn stdout(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::new(Cause::ClosedPipe)
        } else {
            Self::io("write to standard output", error)
        }
    }

    /// The organisation, a setting or the environment cannot be used.
    pub(crate) fn config(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Config, message.into()).into()
    }

    /// What was given cannot be used.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Invalid, message.into()).into()
    }

    /// What was asked for does not exist.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::NotFound, message.into()).into()
    }

    /// Somebody pressed Ctrl-C.
    pub(crate) fn interrupted() -> Self {
        Error::new(ErrorKind::Cancelled, "interrupted").into()
    }

    /// Adds where the list can be gone on from.
    pub(crate) fn at(mut self, position: Option<Position>) -> Self {
        self.position = position;
        self
    }

    fn exit_code(&self) -> u8 {
        match &self.cause {
            Cause::Sdk(error) => code_of(error.kind()),
            Cause::Usage(_) => USAGE,
            Cause::Io(_) => IO,
            Cause::ClosedPipe => 0,
        }
    }

    /// Says on standard error what went wrong, and gives the exit code.
    pub(crate) fn report(&self, global: &Global) -> ExitCode {
        if !matches!(self.cause, Cause::ClosedPipe) {
            let written = match global.error_format {
                ErrorFormat::Text => self.write_text(terminal::color_stderr(global.color)),
                ErrorFormat::Json => self.write_json(),
            };
            // With standard error closed there is nobody left to tell.
            drop(written);
        }
        ExitCode::from(self.exit_code())
    }

    fn write_text(&self, color: bool) -> io::Result<()> {
        let mut err = io::stderr().lock();
        let label = if color {
            "\u{1b}[1;31merror:\u{1b}[0m"
        } else {
            "error:"
        };
        match &self.cause {
            Cause::Sdk(error) => {
                writeln!(err, "{label} {error}")?;
                // The first one is part of the message already.
                for more in error.graphql().iter().skip(1) {
                    writeln!(err, "  also: {}", more.message)?;
                }
            }
            Cause::Usage(message) | Cause::Io(message) => writeln!(err, "{label} {message}")?,
            Cause::ClosedPipe => {}
        }
        if let Some(position) = &self.position {
            writeln!(
                err,
                "The rows before that are whole. Go on with: --after '{position}'"
            )?;
        }
        Ok(())
    }

    fn write_json(&self) -> io::Result<()> {
        let plain = |code, message| Told {
            code,
            message,
            ..Told::default()
        };
        let mut told = match &self.cause {
            Cause::Sdk(error) => Told {
                code: error.kind().code(),
                message: error.message(),
                operation: error.operation(),
                status: error.status(),
                attempts: error.attempts(),
                retryable: error.is_retryable(),
                retry_after: error.retry_after().map(|after| after.as_secs_f64()),
                request_id: error.request_id(),
                graphql: error.graphql(),
                position: None,
            },
            Cause::Usage(message) => plain("usage", message),
            Cause::Io(message) => plain("io", message),
            Cause::ClosedPipe => return Ok(()),
        };
        told.position = self.position.as_ref().map(ToString::to_string);
        tell(&told)
    }
}

/// What went wrong, for a sentence of somebody else's.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Cause::Sdk(error) => error.fmt(f),
            Cause::Usage(message) | Cause::Io(message) => f.write_str(message),
            Cause::ClosedPipe => f.write_str("nobody reads the output"),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::new(Cause::Sdk(error))
    }
}

/// An error as `--error-format json` tells it.
#[derive(Default, Serialize)]
struct Told<'a> {
    code: &'a str,
    message: &'a str,
    operation: Option<&'a str>,
    status: Option<u16>,
    attempts: u32,
    /// Whether the same call may succeed later without any change.
    retryable: bool,
    /// In seconds.
    retry_after: Option<f64>,
    request_id: Option<&'a str>,
    graphql: &'a [pluvo_sdk::GraphqlError],
    /// For `--after`.
    position: Option<String>,
}

fn tell(told: &Told<'_>) -> io::Result<()> {
    #[derive(Serialize)]
    struct Line<'a> {
        error: &'a Told<'a>,
    }
    let mut line = serde_json::to_vec(&Line { error: told })?;
    line.push(b'\n');
    io::stderr().lock().write_all(&line)
}

/// Ends what never began: help, the version, or a command line that cannot be read.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let asked_for = matches!(error.kind(), Usage::DisplayHelp | Usage::DisplayVersion);
    let written = if !asked_for && json_wanted() {
        let message = error.render().to_string();
        let message = message.trim().trim_start_matches("error: ");
        tell(&Told {
            code: "usage",
            message,
            ..Told::default()
        })
    } else {
        error.print()
    };
    // A closed pipe after `--help | head` is no failure, and there is nobody to tell of any other.
    drop(written);
    ExitCode::from(if asked_for { 0 } else { USAGE })
}

/// Whether errors are wanted as JSON, where the command line could not be read as a whole.
fn json_wanted() -> bool {
    let arguments: Vec<_> = std::env::args().collect();
    let flag = arguments
        .windows(2)
        .any(|pair| pair[0] == "--error-format" && pair[1] == "json");
    flag || arguments.iter().any(|argument| argument == "--error-format=json")
        || std::env::var_os("PLUVO_ERROR_FORMAT").is_some_and(|format| format == "json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_code_of_its_own_and_stands_in_the_help() {
        let mut codes: Vec<_> = ErrorKind::ALL.iter().map(|kind| code_of(*kind)).collect();
        codes.extend([USAGE, IO]);
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ErrorKind::ALL.len() + 2);
        for kind in ErrorKind::ALL {
            let line = format!("{:4}  {}: ", code_of(kind), kind.code());
            assert!(HELP.contains(&line), "{line}");
        }
        for line in ["   2  usage: ", "  18  io: "] {
            assert!(HELP.contains(line), "{line}");
        }
    }
}
