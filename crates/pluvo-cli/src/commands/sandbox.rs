//! `pluvo sandbox`.

use super::stop_signal;
use crate::cli::Global;
use crate::exit::{Failure, Result};
use crate::output::Aside;
use crate::terminal;
use crate::values::duration;
use clap::{Args, ValueEnum};
use pluvo_sandbox::{PageCap, RateLimit, Sandbox, Tls, serve};
use serde_json::json;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The port to listen on; 0 takes a free one and tells which
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// The address to listen on. Clients send their token unprotected: keep to this machine or a trusted network
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_name = "ADDRESS")]
    host: IpAddr,
    /// How many people there are [default: 60]
    #[arg(long, value_name = "N")]
    users: Option<usize>,
    /// How many groups [default: 5]
    #[arg(long, value_name = "N")]
    groups: Option<usize>,
    /// How many trainings [default: 4]
    #[arg(long, value_name = "N")]
    trainings: Option<usize>,
    /// Equal seeds give equal data [default: 1]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// How long every answer takes at least, such as 50ms
    #[arg(long, value_parser = duration, value_name = "DURATION")]
    latency: Option<Duration>,
    /// How many GraphQL requests a client may send, such as 10/s or 600/m
    #[arg(long, value_name = "RATE")]
    rate_limit: Option<RateLimit>,
    /// What asking for more than 50 rows does: an error, or a page of 50
    #[arg(long, value_name = "error|cap")]
    page_cap: Option<PageCap>,
    /// How long tokens live, such as 1h [default: 24h]
    #[arg(long, value_parser = duration, value_name = "DURATION")]
    token_lifetime: Option<Duration>,
    /// How long it takes until adding people to groups and removing them takes effect, such as 2m
    #[arg(long, value_parser = duration, value_name = "DURATION")]
    slow_membership: Option<Duration>,
    /// Refuse documents with more mutations than this
    #[arg(long, value_name = "N")]
    max_aliases: Option<usize>,
    /// Start with the organisation in this file, which --save wrote
    #[arg(long, conflicts_with_all = ["users", "groups", "trainings", "seed"], value_name = "FILE")]
    load: Option<PathBuf>,
    /// Write the organisation to this file when it ends
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Speak HTTPS, with a certificate that is valid unless another kind is said
    #[arg(long, value_enum, num_args = 0..=1, default_missing_value = "valid", value_name = "KIND")]
    tls: Option<Certificate>,
    /// Write the authority that clients have to trust to this file, as PEM: pluvo --ca-file FILE …
    #[arg(long, requires = "tls", value_name = "FILE")]
    write_ca: Option<PathBuf>,
    /// How to say where it listens
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Shell commands that point a client at it
    #[default]
    Text,
    /// One JSON object on a line
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Certificate {
    Valid,
    WrongHost,
    Expired,
}

impl From<Certificate> for Tls {
    fn from(certificate: Certificate) -> Self {
        match certificate {
            Certificate::Valid => Self::Valid,
            Certificate::WrongHost => Self::WrongHost,
            Certificate::Expired => Self::Expired,
        }
    }
}

pub(crate) async fn run(global: &Global, arguments: &Arguments) -> Result {
    let stop = stop_signal()?;
    let address = SocketAddr::new(arguments.host, arguments.port);
    // Told at the start, not after an hour's work, if it cannot be written.
    let save = arguments.save.as_deref().map(saving).transpose()?;
    if let Some(path) = &arguments.load {
        std::fs::metadata(path).map_err(|error| Failure::file("read", path, &error))?;
    }
    let sandbox = serve(arguments.builder(), address)
        .await
        .map_err(|error| Failure::io(&format!("listen on {address}"), &error))?;
    if let (Some(path), Some(pem)) = (&arguments.write_ca, sandbox.ca_pem()) {
        std::fs::write(path, pem).map_err(|error| Failure::file("write", path, &error))?;
    }
    terminal::print(&match arguments.format {
        Format::Text => text(&sandbox),
        Format::Json => line(&sandbox),
    })?;
    if arguments.format == Format::Text {
        terminal::note(global, "Ctrl-C ends it.");
    }
    stop.await;
    match save {
        None => Ok(()),
        Some((path, aside)) => {
            let written = write(aside, &sandbox.snapshot());
            written.map_err(|error| Failure::file("write", path, &error))
        }
    }
}

fn saving(path: &Path) -> Result<(&Path, Aside)> {
    let aside = Aside::new(path).map_err(|error| Failure::file("write", path, &error))?;
    Ok((path, aside))
}

fn write(aside: Aside, snapshot: &[u8]) -> io::Result<()> {
    let mut out = aside.writer()?;
    out.write_all(snapshot)?;
    out.flush()?;
    drop(out);
    aside.put().map(drop)
}

impl Arguments {
    fn builder(&self) -> pluvo_sandbox::Builder {
        let mut builder = Sandbox::builder();
        if let Some(users) = self.users {
            builder = builder.users(users);
        }
        if let Some(groups) = self.groups {
            builder = builder.groups(groups);
        }
        if let Some(trainings) = self.trainings {
            builder = builder.trainings(trainings);
        }
        if let Some(seed) = self.seed {
            builder = builder.seed(seed);
        }
        if let Some(latency) = self.latency {
            builder = builder.latency(latency);
        }
        if let Some(limit) = self.rate_limit {
            builder = builder.rate_limit(limit);
        }
        if let Some(cap) = self.page_cap {
            builder = builder.page_cap(cap);
        }
        if let Some(lifetime) = self.token_lifetime {
            builder = builder.token_lifetime(lifetime);
        }
        if let Some(delay) = self.slow_membership {
            builder = builder.slow_membership(delay);
        }
        if let Some(most) = self.max_aliases {
            builder = builder.max_aliases(most);
        }
        if let Some(path) = &self.load {
            builder = builder.load(path);
        }
        if let Some(certificate) = self.tls {
            builder = builder.tls(certificate.into());
        }
        builder
    }
}

fn text(sandbox: &Sandbox) -> String {
    format!(
        "The sandbox listens on {url}\n\n  \
         export PLUVO_BASE_URL={url}\n  \
         export PLUVO_CLIENT_ID={id}\n  \
         export PLUVO_CLIENT_SECRET={secret}\n\n\
         Then, for example: pluvo users list --limit 5\n\
         Faults, settings and the request log: {control}/__sandbox/\n",
        control = sandbox.control_url(),
        url = sandbox.url(),
        id = sandbox.client_id(),
        secret = sandbox.client_secret(),
    )
}

fn line(sandbox: &Sandbox) -> String {
    let told = json!({
        "url": sandbox.url(),
        "port": sandbox.address().port(),
        "graphql_url": sandbox.graphql_url(),
        "token_url": sandbox.token_url(),
        "control_url": format!("{}/__sandbox/", sandbox.control_url()),
        "client_id": sandbox.client_id(),
        "client_secret": sandbox.client_secret(),
        "ca_pem": sandbox.ca_pem(),
    });
    format!("{told}\n")
}
