//! Who is trusted, and what is said when nobody is. Real TLS on loopback.

mod support;

use pluvo_sdk::transport::ServerTrust;
use pluvo_sdk::{Client, ClientBuilder, Error, ErrorKind, RetryPolicy};
use serde_json::{Value, json};
use std::error::Error as _;
use std::sync::{Arc, Mutex};
use support::http::{self, Server};
use support::tls::{Authority, Identity, self_signed};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A server that shows this certificate and answers every request.
async fn server(identity: Identity) -> Server {
    let acceptor = identity.acceptor(&["http/1.1"]);
    Server::start(move |stream, _| {
        let acceptor = acceptor.clone();
        async move {
            if let Ok(stream) = acceptor.accept(stream).await {
                http::serve(stream, "200 OK", &json!({"data": {"ok": true}}).to_string()).await;
            }
        }
    })
    .await
}

fn client(server: &Server) -> ClientBuilder {
    Client::builder(format!("https://localhost:{}", server.address.port()))
        .token("a-token")
        .no_proxy()
        .retry(RetryPolicy::never())
}

async fn ask(client: ClientBuilder) -> Result<Value, Error> {
    client.build()?.query("{ ok }").send::<Value>().await
}

/// Every error of a connection that never stood: nothing was sent, so it may be tried again.
fn assert_connect(error: &Error, words: &str) {
    assert_eq!(error.kind(), ErrorKind::Connect, "{error:?}");
    assert!(error.is_retryable(), "{error:?}");
    assert!(error.message().contains(words), "{error:?}");
    assert!(error.source().is_some(), "the cause is kept");
}

#[tokio::test]
async fn a_self_signed_certificate_is_refused_in_words() {
    let server = server(self_signed("localhost")).await;
    let error = ask(client(&server)).await.unwrap_err();
    assert_connect(&error, "signed by nobody this machine trusts");
}

#[tokio::test]
async fn an_unknown_authority_is_refused_and_its_pem_makes_it_known() {
    let authority = Authority::new();
    let server = server(authority.identity("localhost")).await;
    let error = ask(client(&server)).await.unwrap_err();
    assert_connect(&error, "signed by nobody this machine trusts");
    let trusting = client(&server).certificate_authority(authority.pem());
    assert_eq!(ask(trusting).await.unwrap()["ok"], true);
}

#[tokio::test]
async fn several_authorities_are_trusted_side_by_side() {
    let (one, other) = (Authority::new(), Authority::new());
    for identity in [one.identity("localhost"), other.identity("localhost")] {
        let server = server(identity).await;
        let together = client(&server).certificate_authority(one.pem() + &other.pem());
        assert_eq!(ask(together).await.unwrap()["ok"], true);
        let apart = client(&server)
            .certificate_authority(one.pem())
            .certificate_authority(other.pem());
        assert_eq!(ask(apart).await.unwrap()["ok"], true);
    }
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused_in_words() {
    let authority = Authority::new();
    let server = server(authority.identity("elsewhere.example")).await;
    let trusting = client(&server).certificate_authority(authority.pem());
    assert_connect(&ask(trusting).await.unwrap_err(), "is for another host");
}

#[tokio::test]
async fn an_expired_certificate_is_refused_in_words() {
    let authority = Authority::new();
    let server = server(authority.expired("localhost")).await;
    let trusting = client(&server).certificate_authority(authority.pem());
    assert_connect(&ask(trusting).await.unwrap_err(), "has expired");
}

/// Says the same of every server, and keeps what it was asked.
#[derive(Debug, Clone)]
struct Says {
    verdict: Result<(), String>,
    asked: Arc<Mutex<Vec<(usize, String)>>>,
}

impl Says {
    fn new(verdict: Result<(), &str>) -> Self {
        let (verdict, asked) = (verdict.map_err(str::to_owned), Arc::default());
        Self { verdict, asked }
    }
}

impl ServerTrust for Says {
    fn check(&self, chain: &[&[u8]], host: &str) -> Result<(), String> {
        self.asked.lock().unwrap().push((chain.len(), host.to_owned()));
        self.verdict.clone()
    }
}

#[tokio::test]
async fn code_of_ones_own_says_who_is_trusted() {
    let server = server(self_signed("localhost")).await;
    let trust = Says::new(Ok(()));
    assert_eq!(
        ask(client(&server).server_trust(Arc::new(trust.clone())))
            .await
            .unwrap()["ok"],
        true
    );
    assert_eq!(*trust.asked.lock().unwrap(), [(1, "localhost".to_owned())]);

    let trust = Says::new(Err("it is on nobody's list"));
    let error = ask(client(&server).server_trust(Arc::new(trust)))
        .await
        .unwrap_err();
    assert_connect(
        &error,
        "the server's certificate is not trusted: it is on nobody's list",
    );
}

#[tokio::test]
async fn code_of_ones_own_does_not_vouch_for_another_host() {
    let server = server(self_signed("elsewhere.example")).await;
    let trust = Says::new(Ok(()));
    let error = ask(client(&server).server_trust(Arc::new(trust.clone())))
        .await
        .unwrap_err();
    assert_connect(&error, "is for another host");
    assert!(trust.asked.lock().unwrap().is_empty());
}

#[test]
fn authorities_and_code_of_ones_own_do_not_go_together() {
    let built = Client::builder("acme")
        .token("a-token")
        .certificate_authority(Authority::new().pem())
        .server_trust(Arc::new(Says::new(Ok(()))))
        .build();
    let error = built.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.message().contains("give one of both"), "{error:?}");
}

/// A `ServerHello` of TLS 1.0 or 1.1, as its record layer would carry it.
fn old_server_hello(version: [u8; 2]) -> Vec<u8> {
    let mut hello = version.to_vec();
    hello.extend([7; 32]);
    // No session, TLS_RSA_WITH_AES_128_CBC_SHA, no compression.
    hello.extend([0, 0x00, 0x2f, 0]);
    let length = u8::try_from(hello.len()).unwrap();
    let mut record = vec![22, version[0], version[1], 0, length + 4, 2, 0, 0, length];
    record.extend(hello);
    record
}

#[tokio::test]
async fn tls_below_1_2_is_refused() {
    for version in [[3, 1], [3, 2]] {
        let server = Server::start(move |mut stream, _| async move {
            let mut hello = [0; 4096];
            let _ = stream.read(&mut hello).await;
            let _ = stream.write_all(&old_server_hello(version)).await;
            // The client's refusal, so that the answer is not lost to a reset.
            let _ = stream.read(&mut hello).await;
        })
        .await;
        let error = ask(client(&server)).await.unwrap_err();
        assert_connect(&error, "TLS failed");
    }
}

#[tokio::test]
async fn a_server_that_refuses_the_clients_tls_versions_is_told_in_words() {
    let server = Server::start(|mut stream, _| async move {
        let mut hello = [0; 4096];
        let _ = stream.read(&mut hello).await;
        // A fatal alert: protocol_version.
        let _ = stream.write_all(&[21, 3, 1, 0, 2, 2, 70]).await;
    })
    .await;
    assert_connect(&ask(client(&server)).await.unwrap_err(), "TLS failed");
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_told_in_words() {
    let server = Server::start(|mut stream, _| async move {
        let mut hello = [0; 4096];
        let _ = stream.read(&mut hello).await;
        http::write(&mut stream, "400 Bad Request", "").await;
    })
    .await;
    assert_connect(&ask(client(&server)).await.unwrap_err(), "TLS failed");
}

#[tokio::test]
async fn a_host_that_hangs_up_in_the_handshake_was_sent_nothing() {
    let server = Server::start(|stream, _| async move { drop(stream) }).await;
    let error = ask(client(&server)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.message().starts_with("no connection"), "{error:?}");
}

#[test]
fn what_is_no_certificate_is_refused_when_the_client_is_built() {
    let half = Authority::new().pem().replace("-----END", "-----FIN");
    let no_certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (pem, words) in [
        ("", "holds no certificate"),
        ("not PEM at all", "holds no certificate"),
        (half.as_str(), "not PEM"),
        (no_certificate, "cannot be used"),
    ] {
        let built = Client::builder("acme")
            .token("a-token")
            .certificate_authority(pem)
            .build();
        let error = built.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{error:?}");
        assert!(error.message().contains(words), "{error:?}");
    }
}
