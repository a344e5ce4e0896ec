//! HTTP/2: that it is spoken, and what its refusals mean for a write.

mod support;

use bytes::Bytes;
use hyper::{Response, StatusCode};
use pluvo_sdk::{Client, ErrorKind, RetryPolicy};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use support::http::Server;
use support::tls::{Authority, Tls};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const MUTATION: &str = "mutation { createUser(email: \"a@b.example\") { ok } }";
const REFUSED_STREAM: u32 = 7;
const INTERNAL_ERROR: u32 = 2;

/// What the server does to the first request of a connection.
#[derive(Clone, Copy)]
enum Fate {
    Answered,
    Reset(u32),
    /// GOAWAY without error, with this as the last stream that was looked at.
    GoAway {
        last_stream: u32,
    },
}

struct Peer {
    server: Server,
    authority: Authority,
    carried_out: Arc<AtomicUsize>,
}

/// A server whose n-th connection meets the n-th fate, and the last one for ever after.
async fn peer(fates: &'static [Fate]) -> Peer {
    let authority = Authority::new();
    let acceptor = authority.identity("localhost").acceptor(&["h2"]);
    let carried_out = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&carried_out);
    let server = Server::start(move |stream, index| {
        let (acceptor, counter) = (acceptor.clone(), Arc::clone(&counter));
        async move {
            let stream = acceptor.accept(stream).await.unwrap();
            match fates[index.min(fates.len() - 1)] {
                Fate::Answered => serve(stream, &counter).await,
                Fate::Reset(code) => {
                    interrupt(stream, |request| frame(3, request, &code.to_be_bytes())).await;
                }
                Fate::GoAway { last_stream } => {
                    let payload = [last_stream.to_be_bytes(), [0; 4]].concat();
                    interrupt(stream, |_| frame(7, 0, &payload)).await;
                }
            }
        }
    })
    .await;
    Peer {
        server,
        authority,
        carried_out,
    }
}

impl Peer {
    fn client(&self, retry: RetryPolicy) -> Client {
        Client::builder(format!("https://localhost:{}", self.server.address.port()))
            .token("a-token")
            .no_proxy()
            .certificate_authority(self.authority.pem())
            .retry(retry)
            .clock(pluvo_sdk::time::HeldClock::new())
            .build()
            .unwrap()
    }

    fn carried_out(&self) -> usize {
        self.carried_out.load(Ordering::SeqCst)
    }
}

/// Answers every request, by a complete implementation.
async fn serve(stream: Tls, carried_out: &AtomicUsize) {
    let mut connection = h2::server::handshake(stream).await.unwrap();
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        carried_out.fetch_add(1, Ordering::SeqCst);
        assert_eq!(request.version(), hyper::Version::HTTP_2);
        let head = Response::builder().status(StatusCode::OK).body(()).unwrap();
        let body = json!({"data": {"createUser": {"ok": true}}}).to_string();
        respond
            .send_response(head, false)
            .unwrap()
            .send_data(Bytes::from(body), true)
            .unwrap();
    }
}

/// Answers each request with one frame, made for its stream. By hand, since a complete implementation does not
/// misbehave.
async fn interrupt(mut stream: Tls, answer: impl Fn(u32) -> Vec<u8>) {
    const END_STREAM: u8 = 1;
    let mut preface = [0; 24];
    stream.read_exact(&mut preface).await.unwrap();
    assert_eq!(&preface[..14], b"PRI * HTTP/2.0");
    stream.write_all(&frame(4, 0, &[])).await.unwrap();
    let mut head = [0; 9];
    while stream.read_exact(&mut head).await.is_ok() {
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        stream.read_exact(&mut payload).await.unwrap();
        let (kind, flags) = (head[3], head[4]);
        if kind <= 1 && flags & END_STREAM != 0 {
            let request = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
            stream.write_all(&answer(request)).await.unwrap();
            stream.flush().await.unwrap();
        }
    }
}

fn frame(kind: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, 0], &stream.to_be_bytes(), payload].concat()
}

#[tokio::test]
async fn http2_is_spoken_where_the_server_offers_it() {
    let peer = peer(&[Fate::Answered]).await;
    let client = peer.client(RetryPolicy::never());
    for _ in 0..3 {
        let data: Value = client.query(MUTATION).send().await.unwrap();
        assert_eq!(data["createUser"]["ok"], true);
    }
    assert_eq!((peer.carried_out(), peer.server.connections()), (3, 1));
}

#[tokio::test]
async fn many_requests_share_one_connection() {
    let peer = peer(&[Fate::Answered]).await;
    let client = peer.client(RetryPolicy::never());
    client.query(MUTATION).send::<Value>().await.unwrap();
    let calls = (0..50).map(|_| client.query(MUTATION).send::<Value>());
    for outcome in futures::future::join_all(calls).await {
        outcome.unwrap();
    }
    assert_eq!((peer.carried_out(), peer.server.connections()), (51, 1));
}

#[tokio::test]
async fn a_refused_stream_is_sent_again_even_for_a_write_that_must_not_be_repeated() {
    let peer = peer(&[Fate::Reset(REFUSED_STREAM)]).await;
    let client = peer.client(RetryPolicy {
        max_attempts: 3,
        ..RetryPolicy::default()
    });
    let error = client.query(MUTATION).send::<Value>().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Connect, 3),
        "{error:?}"
    );
    assert!(!error.is_indeterminate() && error.is_retryable());
    assert_eq!(peer.carried_out(), 0);
}

#[tokio::test]
async fn a_goaway_before_the_request_is_followed_by_a_new_connection() {
    let peer = peer(&[Fate::GoAway { last_stream: 0 }, Fate::Answered]).await;
    let client = peer.client(RetryPolicy::default());
    let data: Value = client.query(MUTATION).send().await.unwrap();
    assert_eq!(data["createUser"]["ok"], true);
    assert_eq!((peer.carried_out(), peer.server.connections()), (1, 2));
}

#[tokio::test]
async fn a_server_that_always_goes_away_ends_in_a_connect_error() {
    let peer = peer(&[Fate::GoAway { last_stream: 0 }]).await;
    let client = peer.client(RetryPolicy {
        max_attempts: 2,
        ..RetryPolicy::default()
    });
    let error = client.query(MUTATION).send::<Value>().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Connect, 2),
        "{error:?}"
    );
    assert!(!error.is_indeterminate());
}

#[tokio::test]
async fn a_stream_reset_after_the_request_leaves_a_write_indeterminate() {
    let peer = peer(&[Fate::Reset(INTERNAL_ERROR)]).await;
    let client = peer.client(RetryPolicy::default());
    let error = client.query(MUTATION).send::<Value>().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Indeterminate, 1),
        "{error:?}"
    );
    assert!(error.is_indeterminate() && !error.is_retryable());
}

#[tokio::test]
async fn a_stream_reset_after_a_query_is_repeated() {
    let peer = peer(&[Fate::Reset(INTERNAL_ERROR)]).await;
    let client = peer.client(RetryPolicy {
        max_attempts: 3,
        ..RetryPolicy::default()
    });
    let error = client.query("{ ok }").send::<Value>().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Connect, 3),
        "{error:?}"
    );
}
