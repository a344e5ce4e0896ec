//! Taking connections.

use super::answer::Answers;
use super::{Address, Spec};
use anyhow::{Context, Result};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rcgen::CertifiedKey;
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use std::net::Ipv4Addr;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// Listens on a free port, in the background.
pub(super) async fn start(spec: &Spec) -> Result<(Address, Arc<Answers>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let port = listener.local_addr()?.port();
    let answers = Arc::new(Answers::new(spec)?);
    let (tls, certificate) = if spec.real { tls()? } else { (None, None) };
    let url = match tls {
        Some(_) => format!("https://localhost:{port}"),
        None => format!("http://127.0.0.1:{port}"),
    };
    tokio::spawn(accept(listener, tls, Arc::clone(&answers), spec.faulty));
    Ok((Address { url, certificate }, answers))
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, answers: Arc<Answers>, resets: bool) {
    while let Ok((stream, _)) = listener.accept().await {
        // Without these, answers of several segments wait for each other's acknowledgement.
        let _ = stream.set_nodelay(true);
        if resets {
            let _ = stream.set_zero_linger();
        }
        let (tls, answers) = (tls.clone(), Arc::clone(&answers));
        tokio::spawn(async move {
            match tls {
                None => serve(stream, answers).await,
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        serve(stream, answers).await;
                    }
                }
            }
        });
    }
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin, answers: Arc<Answers>) {
    let service = service_fn(|request| answers.answer(request));
    // A connection that breaks, by our doing or by the contender's, is over.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// TLS 1.3 with a certificate of its own.
fn tls() -> Result<(Option<TlsAcceptor>, Option<String>)> {
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).context("no certificate")?;
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_no_client_auth()
        .with_single_cert(
            vec![cert.der().clone()],
            PrivatePkcs8KeyDer::from(signing_key.serialize_der()).into(),
        )?;
    Ok((Some(TlsAcceptor::from(Arc::new(config))), Some(cert.pem())))
}
