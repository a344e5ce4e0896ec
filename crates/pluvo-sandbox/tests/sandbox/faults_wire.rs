//! Faults of the connection, seen by a bare socket.

use std::io::ErrorKind;
use std::time::Duration;

use pluvo_sandbox::{Action, At, Effect, Fault, Point, Sandbox, Target, Tls};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::common::{USERS, client, page, start, with};

/// A connection with a request on it.
async fn asked(sandbox: &Sandbox) -> TcpStream {
    let mut socket = TcpStream::connect(sandbox.address()).await.expect("a connection");
    ask(sandbox, &mut socket).await;
    socket
}

async fn ask(sandbox: &Sandbox, socket: &mut TcpStream) {
    let body = json!({ "query": USERS, "variables": { "first": 3 } }).to_string();
    let token = sandbox.issue_token(None);
    let head = format!(
        "POST /graphql/ HTTP/1.1\r\nhost: sandbox\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    // A connection that was reset before takes no request: that is for the reading to see.
    let _ = socket.write_all(format!("{head}{body}").as_bytes()).await;
}

/// What comes until the connection ends, and how it ends.
async fn read(socket: &mut TcpStream) -> (Vec<u8>, Option<ErrorKind>) {
    let mut all = Vec::new();
    let end = socket.read_to_end(&mut all).await.err().map(|error| error.kind());
    (all, end)
}

fn connection(action: Action, at: At) -> Effect {
    Effect::Connection { action, at }
}

fn body_of(answer: &[u8]) -> Option<&[u8]> {
    let at = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    Some(&answer[at + 4..])
}

#[tokio::test]
async fn connections_are_reset_or_closed_at_any_point() {
    for (action, end) in [
        (Action::Reset, Some(ErrorKind::ConnectionReset)),
        (Action::Close, None),
    ] {
        for (at, kept) in [
            (At::Point(Point::Start), None),
            (At::Point(Point::Headers), Some(0)),
            (At::Byte(17), Some(17)),
            (At::Point(Point::End), Some(usize::MAX)),
        ] {
            let sandbox = start(Sandbox::builder().fault(Fault::graphql(connection(action, at)))).await;
            let (answer, ended) = read(&mut asked(&sandbox).await).await;
            assert_eq!(ended, end, "{action:?} {at:?}");
            let body = body_of(&answer).map(<[u8]>::len);
            match kept {
                Some(usize::MAX) => assert!(body > Some(300), "{action:?} {at:?}: {body:?}"),
                kept => assert_eq!(body, kept, "{action:?} {at:?}"),
            }
            assert_eq!(sandbox.faults()[0].hits, 1);
            assert_eq!(sandbox.log()[0].status, kept.map(|_| 200));
        }
    }
}

#[tokio::test]
async fn connections_stall_until_the_client_leaves() {
    for (at, kept) in [
        (At::Point(Point::Start), None),
        (At::Point(Point::Headers), Some(0)),
        (At::Byte(17), Some(17)),
    ] {
        let sandbox = start(Sandbox::builder().fault(Fault::graphql(connection(Action::Stall, at)))).await;
        let mut socket = asked(&sandbox).await;
        let mut answer = Vec::new();
        while body_of(&answer).map(<[u8]>::len) != kept {
            socket.read_buf(&mut answer).await.expect("more");
        }
        while sandbox.faults()[0].hits == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(
            socket.try_read(&mut [0; 1]).map_err(|error| error.kind()),
            Err(ErrorKind::WouldBlock)
        );
        // Others are served meanwhile, on their own connections.
        page(&sandbox, json!({})).await;
        drop(socket);
        while sandbox.state().in_flight > 0 {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn connections_break_before_a_request_is_read() {
    let before = |action| Fault {
        on: Target::Connection,
        ..Fault::graphql(connection(action, At::Point(Point::Start)))
    };
    let sandbox = start(
        Sandbox::builder()
            .fault(before(Action::Reset))
            .fault(before(Action::Close)),
    )
    .await;
    for _ in 0..2 {
        let mut socket = TcpStream::connect(sandbox.address()).await.expect("a connection");
        let (answer, _) = read(&mut socket).await;
        assert_eq!(answer, b"");
    }
    assert!(sandbox.faults().iter().all(|planned| planned.hits == 1));
    assert_eq!(sandbox.log(), []);
    page(&sandbox, json!({})).await;
}

#[tokio::test]
async fn the_control_port_is_out_of_reach_of_faults() {
    let sandbox = start(Sandbox::builder().tls(Tls::Valid)).await;
    let faults = format!("{}/__sandbox/faults", sandbox.control_url());
    let reset = json!({ "on": "connection", "times": null,
        "do": { "kind": "connection", "action": "reset", "at": "start" } });
    assert_eq!(
        client()
            .post(&faults)
            .json(&reset)
            .send()
            .await
            .expect("an answer")
            .status(),
        204
    );
    assert!(client().get(sandbox.graphql_url()).send().await.is_err());
    let planned: serde_json::Value = client()
        .get(&faults)
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(planned["all_hit"], true);
    let elsewhere = format!("{}/graphql/", sandbox.control_url());
    assert_eq!(
        client().post(elsewhere).send().await.expect("an answer").status(),
        404
    );
}

#[tokio::test]
async fn an_idle_connection_is_closed_after_an_answer() {
    let close = Fault::graphql(connection(Action::Close, At::Point(Point::End)));
    let sandbox = start(Sandbox::builder().fault(close)).await;
    let client = client();
    for _ in 0..2 {
        let answer = with(&client, &sandbox, USERS, &json!({}))
            .send()
            .await
            .expect("an answer");
        assert!(!answer.headers().contains_key("connection"));
        assert!(answer.bytes().await.expect("a body").ends_with(b"}"));
    }
    assert_eq!(
        sandbox
            .log()
            .iter()
            .map(|entry| entry.connection)
            .collect::<Vec<_>>(),
        [1, 2]
    );
}

#[tokio::test]
async fn bytes_trickle_by_the_clock() {
    let slow = Fault::graphql(Effect::Slow {
        bytes: 1,
        every: Duration::from_secs(1),
    });
    let sandbox = start(Sandbox::builder().hold_clock(true).fault(slow)).await;
    let mut socket = asked(&sandbox).await;
    let mut got = Vec::new();
    for wanted in 1..=20 {
        while got.len() < wanted {
            socket.read_buf(&mut got).await.expect("a byte");
        }
        assert_eq!(got.len(), wanted);
        assert_eq!(
            socket.try_read(&mut [0; 1]).map_err(|error| error.kind()),
            Err(ErrorKind::WouldBlock)
        );
        sandbox.advance(Duration::from_secs(1));
    }
    assert_eq!(got, b"HTTP/1.1 200 OK\r\ncon");
}

#[tokio::test]
async fn single_byte_segments_make_the_same_answer() {
    let sandbox = start(Sandbox::builder()).await;
    let whole = page(&sandbox, json!({ "first": 3 })).await;
    sandbox.add_faults([Fault::graphql(Effect::Slow {
        bytes: 1,
        every: Duration::ZERO,
    })]);
    assert_eq!(page(&sandbox, json!({ "first": 3 })).await, whole);
    assert_eq!(sandbox.faults()[0].hits, 1);
}

#[tokio::test]
async fn the_token_endpoint_breaks_alike() {
    let reset = Effect::Connection {
        action: Action::Reset,
        at: At::Point(Point::Start),
    };
    let sandbox = start(Sandbox::builder().fault(Fault::token(reset))).await;
    assert!(client().post(sandbox.token_url()).send().await.is_err());
    assert!(client().post(sandbox.token_url()).send().await.is_ok());
}
