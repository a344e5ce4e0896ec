//! Proxies: of the environment, of the builder, and those that refuse.

mod support;

use pluvo_sdk::{Client, ClientBuilder, Error, ErrorKind, RetryPolicy};
use serde_json::Value;
use std::sync::{Arc, Mutex};
use support::http::{self, Received, Server, closed_port};
use support::tls::Authority;
use support::{child, lock, run, told_by_parent};
use tokio::io::AsyncWriteExt;

const DATA: &str = r#"{"data":{"ok":true}}"#;
const CREDENTIALS: &str = "proxy-user:proxy-canary";

/// A server that answers every request alike and remembers what came in.
struct Recording {
    server: Server,
    received: Arc<Mutex<Vec<Received>>>,
}

async fn recording(status: &'static str, body: &'static str) -> Recording {
    let received = Arc::new(Mutex::new(Vec::new()));
    let list = Arc::clone(&received);
    let server = Server::start(move |mut stream, _| {
        let list = Arc::clone(&list);
        async move {
            while let Some(request) = http::read(&mut stream).await {
                lock(&list).push(request);
                http::write(&mut stream, status, body).await;
            }
        }
    })
    .await;
    Recording { server, received }
}

impl Recording {
    fn url(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// The first lines of all requests.
    fn lines(&self) -> Vec<String> {
        let received = lock(&self.received);
        received
            .iter()
            .map(|request| request.head.lines().next().unwrap_or_default().to_owned())
            .collect()
    }
}

/// A proxy that tunnels nothing but is every host itself, with certificates of this authority.
async fn tunnel(authority: &Authority) -> Recording {
    let received = Arc::new(Mutex::new(Vec::new()));
    let (list, acceptor) = (
        Arc::clone(&received),
        authority.identity("acme.pluvo.com").acceptor(&["http/1.1"]),
    );
    let server = Server::start(move |mut stream, _| {
        let (list, acceptor) = (Arc::clone(&list), acceptor.clone());
        async move {
            let Some(connect) = http::read(&mut stream).await else {
                return;
            };
            lock(&list).push(connect);
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
            http::serve(acceptor.accept(stream).await.unwrap(), "200 OK", DATA).await;
        }
    })
    .await;
    Recording { server, received }
}

fn client(endpoint: &str) -> ClientBuilder {
    Client::builder(endpoint)
        .token("a-token")
        .retry(RetryPolicy::never())
}

async fn ask(client: ClientBuilder) -> Result<Value, Error> {
    client.build()?.query("{ ok }").send::<Value>().await
}

#[tokio::test]
async fn the_environment_names_the_proxy() {
    if let Some(endpoint) = told_by_parent() {
        assert_eq!(ask(client(&endpoint)).await.unwrap()["ok"], true);
        return;
    }
    let (proxy, origin) = (recording("200 OK", DATA).await, recording("500 No", "").await);
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        run(child(
            "the_environment_names_the_proxy",
            &origin.url(),
            &[(name, &proxy.url())],
        ))
        .await;
    }
    let line = format!("POST {}/graphql/ HTTP/1.1", origin.url());
    assert_eq!(proxy.lines(), [line.as_str(); 3]);
    assert_eq!(origin.server.connections(), 0);
}

#[tokio::test]
async fn no_proxy_names_hosts_that_are_reached_directly() {
    if let Some(endpoint) = told_by_parent() {
        assert_eq!(ask(client(&endpoint)).await.unwrap()["ok"], true);
        return;
    }
    let (proxy, origin) = (recording("500 No", "").await, recording("200 OK", DATA).await);
    let variables = [
        ("HTTP_PROXY", proxy.url()),
        ("NO_PROXY", "example.com,127.0.0.1".to_owned()),
    ];
    let variables = variables.each_ref().map(|(name, value)| (*name, value.as_str()));
    run(child(
        "no_proxy_names_hosts_that_are_reached_directly",
        &origin.url(),
        &variables,
    ))
    .await;
    assert_eq!(origin.lines(), ["POST /graphql/ HTTP/1.1"]);
    assert_eq!(proxy.server.connections(), 0);
}

#[tokio::test]
async fn a_client_may_ignore_the_environments_proxy() {
    if let Some(endpoint) = told_by_parent() {
        assert_eq!(ask(client(&endpoint).no_proxy()).await.unwrap()["ok"], true);
        return;
    }
    let (proxy, origin) = (recording("500 No", "").await, recording("200 OK", DATA).await);
    let variables = [("HTTP_PROXY", proxy.url())];
    let variables = variables.each_ref().map(|(name, value)| (*name, value.as_str()));
    run(child(
        "a_client_may_ignore_the_environments_proxy",
        &origin.url(),
        &variables,
    ))
    .await;
    assert_eq!(origin.lines(), ["POST /graphql/ HTTP/1.1"]);
    assert_eq!(proxy.server.connections(), 0);
}

#[tokio::test]
async fn tls_goes_through_the_environments_proxy_by_connect() {
    if let Some(pem) = told_by_parent() {
        assert_eq!(
            ask(client("acme").certificate_authority(pem)).await.unwrap()["ok"],
            true
        );
        return;
    }
    let authority = Authority::new();
    let proxy = tunnel(&authority).await;
    let test = "tls_goes_through_the_environments_proxy_by_connect";
    run(child(test, &authority.pem(), &[("HTTPS_PROXY", &proxy.url())])).await;
    assert_eq!(proxy.lines(), ["CONNECT acme.pluvo.com:443 HTTP/1.1"]);
    let head = &lock(&proxy.received)[0].head;
    assert!(
        !head.contains("a-token"),
        "the token travels inside of TLS alone: {head}"
    );
}

#[tokio::test]
async fn a_proxy_can_be_set_and_is_given_its_credentials() {
    let proxy = recording("200 OK", DATA).await;
    let url = format!("http://{CREDENTIALS}@{}", proxy.server.address);
    assert_eq!(
        ask(client("http://127.0.0.1:9").proxy(url)).await.unwrap()["ok"],
        true
    );
    let received = lock(&proxy.received);
    assert!(received[0].head.starts_with("POST http://127.0.0.1:9/graphql/"));
    // base64 of the credentials
    let expected = "proxy-authorization: Basic cHJveHktdXNlcjpwcm94eS1jYW5hcnk=";
    assert!(received[0].head.contains(expected), "{}", received[0].head);
    assert!(received[0].body.contains("{ ok }"));
}

/// In words, as a failure to connect, and without the proxy's credentials anywhere.
fn assert_refusal(error: &Error, words: &str) {
    assert_eq!(error.kind(), ErrorKind::Connect, "{error:?}");
    let text = format!("{error} {error:?} {}", error.message());
    assert!(text.contains(words), "{text}");
    for secret in ["proxy-user", "proxy-canary", "cHJveHk"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test]
async fn a_proxy_that_refuses_connections_is_a_connect_error() {
    let url = format!("http://{CREDENTIALS}@127.0.0.1:{}", closed_port().await);
    for endpoint in ["http://127.0.0.1:9", "acme"] {
        let error = ask(client(endpoint).proxy(url.as_str())).await.unwrap_err();
        assert_refusal(&error, "no connection");
        assert!(error.is_retryable());
    }
}

#[tokio::test]
async fn a_proxy_that_wants_other_credentials_says_so_without_them() {
    let proxy = recording("407 Proxy Authentication Required", "proxy-user may not").await;
    let url = format!("http://{CREDENTIALS}@{}", proxy.server.address);
    for endpoint in ["http://127.0.0.1:9", "acme"] {
        let log = support::log::Log::start();
        let error = ask(client(endpoint).proxy(url.as_str())).await.unwrap_err();
        assert_refusal(&error, "the proxy wants a user name and password");
        assert!(!log.text().contains("proxy-canary") && !log.text().contains("cHJveHk"));
    }
    assert_eq!(proxy.lines()[1], "CONNECT acme.pluvo.com:443 HTTP/1.1");
}

#[tokio::test]
async fn a_proxy_that_opens_no_tunnel_is_a_connect_error() {
    for status in ["403 Forbidden", "502 Bad Gateway"] {
        let proxy = recording(status, "").await;
        let error = ask(client("acme").proxy(proxy.url())).await.unwrap_err();
        assert_refusal(&error, "no connection");
    }
}

#[test]
fn what_is_no_proxy_is_refused_when_the_client_is_built() {
    for url in ["", "not a url", "canary:3128", "mailto:a@b.example"] {
        let error = client("acme").proxy(url).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{url}");
        assert!(!error.to_string().contains("canary"), "{error}");
    }
}
