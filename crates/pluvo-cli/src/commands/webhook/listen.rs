//! `pluvo webhook listen`.

use super::{Keys, line, poster, url};
use crate::cli::Global;
use crate::commands::stop_signal;
use crate::exit::{Failure, Result};
use crate::terminal;
use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use clap::Args;
use pluvo_sdk::webhook::Verifier;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// No body that Pluvo documents comes near.
const LARGEST: usize = 1 << 20;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    keys: Keys,
    /// The port to listen on; 0 takes a free one and tells which
    #[arg(long, default_value_t = 8788)]
    port: u16,
    /// The address to listen on
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_name = "ADDRESS")]
    host: IpAddr,
    /// Post what was verified on to this URL, with its headers, and answer success once that has
    #[arg(long, value_parser = url, value_name = "URL")]
    forward: Option<reqwest::Url>,
}

struct Receiver {
    verifier: Verifier,
    forward: Option<(reqwest::Client, reqwest::Url)>,
    /// What a refused delivery is told of, beside the answer.
    refused: mpsc::UnboundedSender<String>,
    /// Standard output is gone.
    broken: mpsc::UnboundedSender<Failure>,
}

pub(super) async fn run(global: &Global, arguments: &Arguments) -> Result {
    let stop = stop_signal()?;
    let (refused, mut refusals) = mpsc::unbounded_channel();
    let (broken, mut breaks) = mpsc::unbounded_channel();
    let receiver = Receiver {
        verifier: arguments.keys.verifier()?,
        forward: match &arguments.forward {
            None => None,
            Some(url) => Some((poster()?, url.clone())),
        },
        refused,
        broken,
    };
    let address = SocketAddr::new(arguments.host, arguments.port);
    let doing = format!("listen on {address}");
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| Failure::io(&doing, &error))?;
    let address = listener
        .local_addr()
        .map_err(|error| Failure::io(&doing, &error))?;
    terminal::note(global, &format!("Listening on http://{address}; Ctrl-C ends it."));
    let router = Router::new().fallback(receive).with_state(Arc::new(receiver));
    let told = async {
        while let Some(why) = refusals.recv().await {
            terminal::note(global, &format!("refused: {why}"));
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        served = async { axum::serve(listener, router).await } => served.map_err(|error| Failure::io(&doing, &error)),
        Some(failure) = breaks.recv() => Err(failure),
        () = told => Ok(()),
        () = stop => Ok(()),
    }
}

/// Never answers 410, which would end the subscription for good.
async fn receive(State(receiver): State<Arc<Receiver>>, request: Request) -> StatusCode {
    if request.method() != Method::POST {
        return StatusCode::METHOD_NOT_ALLOWED;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE;
    };
    let headers = parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()));
    let delivery = match receiver.verifier.verify(&body, headers) {
        Ok(delivery) => delivery,
        Err(error) => {
            // If nobody is left to be told, the command is ending.
            drop(receiver.refused.send(error.message().to_owned()));
            return StatusCode::UNAUTHORIZED;
        }
    };
    if !receiver.passes_on(&parts.headers, body).await {
        return StatusCode::BAD_GATEWAY;
    }
    match terminal::print(&line(&delivery)) {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(failure) => {
            drop(receiver.broken.send(failure));
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

impl Receiver {
    /// Whether it was taken by whom it is forwarded to, if there is somebody.
    async fn passes_on(&self, headers: &HeaderMap, body: Bytes) -> bool {
        let Some((client, url)) = &self.forward else {
            return true;
        };
        let mut request = client.post(url.clone()).body(body);
        for name in [header::CONTENT_TYPE.as_str(), "x-signature", "x-signature-salt"] {
            if let Some(value) = headers.get(name) {
                request = request.header(name, value);
            }
        }
        let why = match request.send().await {
            Ok(answer) if answer.status().is_success() => return true,
            Ok(answer) => format!("{url} answered {}", answer.status().as_u16()),
            Err(error) => format!("{url} cannot be reached: {error}"),
        };
        drop(self.refused.send(format!("{why}; Pluvo will send it again")));
        false
    }
}
