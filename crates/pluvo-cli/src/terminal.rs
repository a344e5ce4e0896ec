//! Standard output and error: what they are, and what goes there beside the result.

use crate::cli::{Color, Global};
use crate::exit::{Failure, Result};
use indicatif::{ProgressBar, ProgressStyle};
use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Standard output, locked and buffered.
pub(crate) fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::new(io::stdout().lock())
}

/// Whether somebody sees standard output on a terminal.
pub(crate) fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Writes a whole text to standard output.
pub(crate) fn print(text: &str) -> Result {
    let mut out = stdout();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Failure::stdout(&error))
}

/// Says something beside the result, on standard error. Nobody listening is no failure.
pub(crate) fn note(global: &Global, text: &str) {
    if !global.quiet {
        drop(writeln!(io::stderr().lock(), "{text}"));
    }
}

/// Whether somebody can be asked: they see standard error, and what they type arrives.
pub(crate) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks, and takes nothing but a clear yes for one.
pub(crate) fn ask(question: &str) -> Result<bool> {
    let failed = |error: io::Error| Failure::io("ask", &error);
    let mut err = io::stderr().lock();
    write!(err, "{question} [y/N] ")
        .and_then(|()| err.flush())
        .map_err(failed)?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).map_err(failed)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// A progress bar on a terminal, where somebody looks at it; otherwise one that is not there.
pub(crate) fn bar(global: &Global, what: &str) -> ProgressBar {
    if global.quiet || global.verbose > 0 || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let template = format!("{{bar:30}} {{human_pos}} of {{human_len}} {what}, {{eta}} left");
    let bar = ProgressBar::new(0);
    match ProgressStyle::with_template(&template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

pub(crate) fn color_stdout(color: Color) -> bool {
    wanted(color, io::stdout().is_terminal(), variable)
}

pub(crate) fn color_stderr(color: Color) -> bool {
    wanted(color, io::stderr().is_terminal(), variable)
}

fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// As <https://no-color.org> has it: set to anything but nothing, `NO_COLOR` means no.
fn wanted(color: Color, terminal: bool, variable: impl Fn(&str) -> Option<OsString>) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let no_color = variable("NO_COLOR").is_some_and(|value| !value.is_empty());
            let dumb = variable("TERM").is_some_and(|term| term == "dumb");
            terminal && !no_color && !dumb
        }
    }
}

/// Sends the SDK's own log to standard error. Nothing of it holds a secret, and no other crate is let in, because
/// what those log is not ours to know.
pub(crate) fn log(global: &Global) {
    let level = match (global.quiet, global.verbose) {
        (true, _) => LevelFilter::ERROR,
        (false, 0) => LevelFilter::WARN,
        (false, 1) => LevelFilter::DEBUG,
        (false, _) => LevelFilter::TRACE,
    };
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(color_stderr(global.color))
        .without_time()
        .with_target(global.verbose > 1);
    tracing_subscriber::registry()
        .with(layer)
        .with(
            Targets::new()
                .with_target("pluvo_sdk", level)
                .with_target("pluvo", level),
        )
        .init();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_come_on_terminals_unless_somebody_objects() {
        let set = |pairs: &'static [(&str, &str)]| {
            move |name: &str| {
                pairs
                    .iter()
                    .find(|(key, _)| *key == name)
                    .map(|(_, value)| OsString::from(value))
            }
        };
        assert!(wanted(Color::Auto, true, set(&[])));
        assert!(wanted(
            Color::Auto,
            true,
            set(&[("NO_COLOR", ""), ("TERM", "xterm")])
        ));
        assert!(!wanted(Color::Auto, false, set(&[])));
        assert!(!wanted(Color::Auto, true, set(&[("NO_COLOR", "1")])));
        assert!(!wanted(Color::Auto, true, set(&[("TERM", "dumb")])));
        assert!(wanted(Color::Always, false, set(&[("NO_COLOR", "1")])));
        assert!(!wanted(Color::Never, true, set(&[])));
    }
}
