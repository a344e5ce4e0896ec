//! Whatever a server answers, reading it ends, in a value or in an error, and nothing panics.

use bolero::check;
use hyper::HeaderMap;
use pluvo_sdk::time::{BoxFuture, HeldClock};
use pluvo_sdk::transport::{Failure, Request, Response, Transport};
use pluvo_sdk::{Client, ErrorKind, Result, UserKey};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::runtime::Runtime;

/// Answers every request with the same bytes, but for the token that a refused one is renewed with.
#[derive(Debug)]
struct Parrot {
    status: u16,
    body: Vec<u8>,
    also_tokens: bool,
    requests: Arc<AtomicUsize>,
}

impl Transport for Parrot {
    fn send(&self, request: Request) -> BoxFuture<'_, std::result::Result<Response, Failure>> {
        self.requests.fetch_add(1, Ordering::SeqCst);
        let token = request.url.path() == "/oauth/token/" && !self.also_tokens;
        let (status, body) = if token {
            (200, br#"{"access_token":"a-token","expires_in":86400}"#.to_vec())
        } else {
            (self.status, self.body.clone())
        };
        Box::pin(async move { Ok(Response::new(status, HeaderMap::default(), body)) })
    }
}

/// More requests than any call may need for one and the same answer, however often it is refused, renewed, limited
/// and asked for fewer fields.
const MANY: usize = 100;

/// Makes one call, and holds what comes of it against what may come of it.
fn call<T>(runtime: &Runtime, status: u16, body: &[u8], ask: impl AsyncFnOnce(Client) -> Result<T>) {
    let requests = Arc::new(AtomicUsize::new(0));
    let also_tokens = status == 0;
    let parrot = Parrot {
        status: if also_tokens { 200 } else { status },
        body: body.to_vec(),
        also_tokens,
        requests: Arc::clone(&requests),
    };
    let client = Client::builder("acme")
        .credentials("an-id", "a-secret")
        .transport(parrot)
        .clock(HeldClock::new())
        .build()
        .unwrap();
    if let Err(error) = runtime.block_on(ask(client)) {
        assert_ne!(error.kind(), ErrorKind::Internal, "{error:?}");
        assert!(
            error.to_string().len() < 8 * 1024 + body.len(),
            "an excerpt is an excerpt"
        );
    }
    let requests = requests.load(Ordering::SeqCst);
    assert!(requests <= MANY, "{requests} requests");
}

fn every_call(runtime: &Runtime, body: &[u8]) {
    for status in [200, 400] {
        call(runtime, status, body, async |client| {
            client.users().list().to_vec().await
        });
        call(runtime, status, body, async |client| {
            client.users().list().parallel(1).to_vec().await
        });
        call(runtime, status, body, async |client| {
            client.users().list().count().await
        });
        call(runtime, status, body, async |client| {
            let mut pager = client.users().list().raw_pager()?;
            while let Some(page) = pager.next_page().await? {
                drop(page.edges());
            }
            Ok(())
        });
        call(runtime, status, body, async |client| {
            client.groups().members(pluvo_sdk::Key::id("1")).to_vec().await
        });
        call(runtime, status, body, async |client| {
            client.users().get(UserKey::reference("EMP-1")).await
        });
        call(runtime, status, body, async |client| {
            client.query("{ user { id } }").send::<Value>().await
        });
        call(runtime, status, body, async |client| {
            client.query("{ user { id } }").send_partial::<Value>().await
        });
        call(runtime, status, body, async |client| {
            client.query("mutation { a }").send_raw().await
        });
    }
    // Status 0: the token endpoint answers the same.
    call(runtime, 0, body, async |client| client.check().await);
}

/// What answers are made of, so that random bytes spell something that comes close to one.
const PIECES: [&str; 32] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "true",
    "false",
    "1",
    "-1.5e9",
    "\"\"",
    "\"a\"",
    "\"data\":",
    "\"errors\":",
    "\"paginatedUsers\":",
    "\"group\":",
    "\"users\":",
    "\"user\":",
    "\"pageInfo\":",
    "\"hasNextPage\":",
    "\"endCursor\":",
    "\"count\":",
    "\"edges\":[",
    "{\"node\":{\"id\":\"1\"}}",
    "\"node\":",
    "\"id\":",
    "\"message\":",
    "\"extensions\":{\"code\":\"AuthError\"}",
    "\"Cannot query field 'archived' on type 'User'.\"",
    "{\"data\":{\"paginatedUsers\":{",
    "\"pageInfo\":{\"hasNextPage\":true,\"endCursor\":\"a\"}",
];

fn spelt(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| PIECES[usize::from(*byte) % PIECES.len()])
        .collect()
}

#[test]
fn envelope() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    check!().for_each(|bytes: &[u8]| {
        every_call(&runtime, bytes);
        every_call(&runtime, spelt(bytes).as_bytes());
    });
}
