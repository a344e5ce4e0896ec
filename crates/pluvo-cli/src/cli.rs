//! What can be said on the command line, as far as it is the same for every subcommand.

use crate::commands::{
    certificates, check, completions, demo, groups, query, report, sandbox, trainings, users, webhook,
};
use crate::exit;
use crate::values::duration;
use clap::builder::Styles;
use clap::builder::styling::AnsiColor;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const ABOUT: &str = "\
Reads, exports, changes and checks a Pluvo organisation, and runs a sandbox of one

Where to go and how to get in comes from flags, then from the environment (PLUVO_ORGANIZATION or PLUVO_BASE_URL, \
PLUVO_CLIENT_ID and PLUVO_CLIENT_SECRET or PLUVO_ACCESS_TOKEN, PLUVO_SCOPES), then from the default profile of the \
configuration file. A profile that is named by --profile counts as a flag. No secret is ever taken as an argument.";

/// Reads, exports, changes and checks a Pluvo organisation, and runs a sandbox of one
#[derive(Debug, Parser)]
#[command(name = "pluvo", version, long_about = ABOUT, styles = STYLES, after_long_help = exit::HELP, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what the token may do, what the server answers, and what differs from the schema that is known
    Check(check::Arguments),
    /// Send a GraphQL document of one's own
    Query(query::Arguments),
    /// People
    #[command(subcommand)]
    Users(users::Command),
    /// Groups, their members and their managers
    #[command(subcommand)]
    Groups(groups::Command),
    /// Trainings, their participants and their trainers
    #[command(subcommand)]
    Trainings(trainings::Command),
    /// How far people are with their trainings
    #[command(subcommand)]
    Report(report::Command),
    /// Certificates that can be issued
    #[command(subcommand)]
    Certificates(certificates::Command),
    /// Check, send and receive what Pluvo delivers
    #[command(subcommand)]
    Webhook(webhook::Command),
    /// Run a Pluvo organisation on this machine, until Ctrl-C
    Sandbox(sandbox::Arguments),
    /// Show all of it against a sandbox: access, lists, exports, and faults that are survived
    Demo(demo::Arguments),
    /// Print a completion script for a shell
    Completions(completions::Arguments),
}

/// Flags of every subcommand.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// The organisation: its name (acme), its host or its URL
    #[arg(long, global = true, visible_alias = "base-url", value_name = "NAME|HOST|URL")]
    pub(crate) organization: Option<String>,
    /// Take organisation and credentials from this profile of the configuration file
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// The configuration file [default: pluvo/config.toml in the configuration folder]
    #[arg(
        long,
        global = true,
        env = "PLUVO_CONFIG",
        hide_env_values = true,
        value_name = "FILE"
    )]
    pub(crate) config: Option<PathBuf>,
    /// Ask for these scopes only, such as users.read,groups.read
    #[arg(long, global = true, value_delimiter = ',', value_name = "SCOPE,…")]
    pub(crate) scopes: Option<Vec<String>>,
    /// Keep the token in a file of mode 0600 between runs, even for a server on this machine
    #[arg(long, global = true, overrides_with = "no_token_cache")]
    pub(crate) token_cache: bool,
    /// Get a token anew in every run
    #[arg(long, global = true)]
    pub(crate) no_token_cache: bool,
    /// Trust the certificate authorities in this PEM file too
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    /// How long one attempt of a request may take, such as 30s [default: 60s]
    #[arg(long, global = true, value_parser = duration, value_name = "DURATION")]
    pub(crate) timeout: Option<Duration>,
    /// How often a request is sent at most; 1 never repeats [default: 5]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) max_attempts: Option<u32>,
    /// Requests in flight at most [default: 8]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) in_flight: Option<usize>,
    /// Requests a second at most [default: what the server lets through]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) rate: Option<f64>,
    /// Log each request to standard error; twice for more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Say nothing on standard error but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// When to colour
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: Color,
    /// How an error is written to standard error
    #[arg(
        long,
        global = true,
        env = "PLUVO_ERROR_FORMAT",
        hide_env_values = true,
        value_enum,
        default_value_t,
        value_name = "FORMAT"
    )]
    pub(crate) error_format: ErrorFormat,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Also in a pipe
    Always,
    /// Not at all
    Never,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ErrorFormat {
    /// For people
    #[default]
    Text,
    /// One JSON object on a line
    Json,
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_surface_file_names_subcommands_that_are_there() {
        let surface = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../tests/conformance/surface.json"
        ));
        let surface: serde_json::Map<String, serde_json::Value> = serde_json::from_str(surface).unwrap();
        let mut named = 0;
        for (call, entry) in &surface {
            let Some(words) = entry["cli"].as_str() else {
                continue;
            };
            let mut command = &Cli::command();
            for word in words.split(' ') {
                command = command
                    .find_subcommand(word)
                    .unwrap_or_else(|| panic!("{call}: there is no `pluvo {words}`"));
            }
            assert!(
                !command.has_subcommands(),
                "{call}: `pluvo {words}` does nothing itself"
            );
            named += 1;
        }
        assert!(named > 10, "{named}");
    }
}
