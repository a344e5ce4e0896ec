//! HTTP/2, with prior knowledge and over TLS.

use pluvo_sandbox::{Action, At, Effect, Fault, Point, Sandbox, Tls};
use serde_json::json;

use crate::common::{USERS, client, plain, start, with};

fn h2() -> reqwest::Client {
    plain().http2_prior_knowledge().build().expect("a client")
}

#[tokio::test]
async fn http2_is_spoken_where_the_client_does() {
    let sandbox = start(Sandbox::builder()).await;
    for (client, wanted) in [(h2(), "HTTP/2.0"), (client(), "HTTP/1.1")] {
        with(&client, &sandbox, USERS, &json!({}))
            .send()
            .await
            .expect("an answer");
        assert_eq!(sandbox.log().last().expect("an entry").version, wanted);
    }
    let sandbox = start(Sandbox::builder().tls(Tls::Valid)).await;
    let ca = reqwest::Certificate::from_pem(sandbox.ca_pem().expect("a CA").as_bytes()).expect("PEM");
    let client = plain().tls_certs_only([ca]).build().expect("a client");
    with(&client, &sandbox, USERS, &json!({}))
        .send()
        .await
        .expect("an answer");
    assert_eq!(sandbox.log()[0].version, "HTTP/2.0");
}

#[tokio::test]
async fn a_stream_is_refused() {
    let sandbox = start(Sandbox::builder().fault(Fault::graphql(Effect::RefusedStream))).await;
    // Not by reqwest, which asks again on its own when a stream was refused.
    let socket = tokio::net::TcpStream::connect(sandbox.address())
        .await
        .expect("a connection");
    let (mut sender, connection) = h2::client::handshake(socket).await.expect("a handshake");
    tokio::spawn(connection);
    for refused in [true, false] {
        let request = hyper::Request::post(sandbox.graphql_url())
            .body(())
            .expect("a request");
        sender = sender.ready().await.expect("ready");
        let (answer, _) = sender.send_request(request, true).expect("sent");
        match answer.await {
            Ok(answer) => assert!(!refused, "{answer:?}"),
            Err(error) => assert_eq!(
                (refused, error.reason()),
                (true, Some(h2::Reason::REFUSED_STREAM))
            ),
        }
    }
    assert_eq!(sandbox.log()[0].status, None);
}

#[tokio::test]
async fn a_connection_is_said_goodbye_to() {
    let sandbox = start(Sandbox::builder().fault(Fault::graphql(Effect::Goaway))).await;
    for client in [h2(), client()] {
        sandbox.clear_faults();
        sandbox.clear_log();
        sandbox.add_faults([Fault::graphql(Effect::Goaway)]);
        for _ in 0..2 {
            let answer = with(&client, &sandbox, USERS, &json!({}))
                .send()
                .await
                .expect("an answer");
            assert_eq!(answer.status(), 200);
            answer.bytes().await.expect("a body");
        }
        let log = sandbox.log();
        assert_ne!(log[0].connection, log[1].connection);
    }
}

#[tokio::test]
async fn connections_break_on_http2_too() {
    for at in [At::Point(Point::Start), At::Point(Point::Headers), At::Byte(9)] {
        let reset = Fault::graphql(Effect::Connection {
            action: Action::Reset,
            at,
        });
        let sandbox = start(Sandbox::builder().fault(reset)).await;
        let answer = with(&h2(), &sandbox, USERS, &json!({})).send().await;
        let broken = match answer {
            Err(_) => true,
            Ok(answer) => answer.bytes().await.is_err(),
        };
        assert!(broken, "{at:?}");
    }
}
