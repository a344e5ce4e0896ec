//! The accept loop. Connections are served one by one over [`Wire`], so that faults can reach the socket.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::exchange::serve;
use super::wire::{End, Line, Wire};
use crate::control;
use crate::fault::{Action, At, Effect, Facts, Point, Target};
use crate::state::Inner;

/// A bound socket on which nobody is served yet.
#[derive(Debug)]
pub(crate) struct Listener {
    socket: TcpListener,
    pub(crate) address: SocketAddr,
}

impl Listener {
    pub(crate) async fn bind(address: SocketAddr) -> std::io::Result<Self> {
        let socket = TcpListener::bind(address).await?;
        let address = socket.local_addr()?;
        Ok(Self { socket, address })
    }
}

/// What is behind a listener.
#[derive(Clone)]
pub(crate) enum Door {
    /// Everything, by HTTPS if there is an acceptor.
    Public(Option<TlsAcceptor>),
    /// The control API alone, by HTTP, out of reach of faults: a helper must get through to say what breaks.
    Control,
}

/// Serves connections until told to stop; then all of them are dropped.
pub(crate) async fn listen(inner: Arc<Inner>, listener: Listener, door: Door, stop: CancellationToken) {
    let connections = AtomicU64::new(0);
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.socket.accept() => accepted,
        };
        // What can fail here is the other side leaving early, or too many open files for a while.
        let Ok((socket, _)) = accepted else {
            tokio::task::yield_now().await;
            continue;
        };
        let line = Arc::new(Line::new(connections.fetch_add(1, Ordering::Relaxed) + 1));
        let (inner, door, stop) = (Arc::clone(&inner), door.clone(), stop.clone());
        tokio::spawn(async move {
            let served = async {
                match door {
                    Door::Public(tls) => connection(inner, socket, tls, line).await,
                    Door::Control => controlled(inner, socket).await,
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = served => {}
            }
        });
    }
}

async fn connection(inner: Arc<Inner>, socket: TcpStream, tls: Option<TlsAcceptor>, line: Arc<Line>) {
    // Only small answers get slower without it.
    let _ = socket.set_nodelay(true);
    let fault = inner.faults.take(&Facts::new(Target::Connection));
    let wire = Wire::new(socket, Arc::clone(&line), Arc::clone(&inner.clock));
    if let Some(fault) = fault {
        inner.clock.sleep(fault.delay).await;
        if let Effect::Connection {
            action,
            at: At::Point(Point::Start),
        } = fault.effect
        {
            match action {
                Action::Reset => line.end(End::Reset),
                Action::Close => {}
                Action::Stall => std::future::pending().await,
            }
            return;
        }
    }
    match tls {
        None => http(inner, wire, line).await,
        Some(tls) => {
            let accepted = tokio::select! {
                accepted = tls.accept(wire) => accepted,
                () = line.ended() => return,
            };
            // A client that does not trust the certificate ends the handshake: nothing to serve then.
            if let Ok(stream) = accepted {
                http(inner, stream, line).await;
            }
        }
    }
}

async fn controlled(inner: Arc<Inner>, socket: TcpStream) {
    let service = TowerToHyperService::new(control::router(inner));
    let builder = auto::Builder::new(TokioExecutor::new());
    // What ended it, the client sees as well.
    let _ = builder.serve_connection(TokioIo::new(socket), service).await;
}

async fn http(
    inner: Arc<Inner>,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    line: Arc<Line>,
) {
    let service = service_fn(|request| serve(Arc::clone(&inner), Arc::clone(&line), request));
    let builder = auto::Builder::new(TokioExecutor::new());
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let mut draining = false;
    loop {
        tokio::select! {
            biased;
            () = line.ended() => return,
            () = line.draining(), if !draining => {
                draining = true;
                connection.as_mut().graceful_shutdown();
            }
            // What ended it, the client sees as well.
            _ = connection.as_mut() => return,
        }
    }
}
