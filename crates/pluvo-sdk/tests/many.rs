//! What many clients leave behind. One test and a process of its own, since it counts what the process has.
#![cfg(target_os = "linux")]

mod support;

use pluvo_sdk::Client;
use serde_json::{Value, json};
use std::fs;
use support::http::{self, Server};

/// Threads, open files and resident kilobytes of this process.
fn held() -> (usize, usize, usize) {
    let count = |folder| fs::read_dir(folder).unwrap().count();
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let resident = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap();
    let kilobytes = resident.trim().trim_end_matches(" kB").parse().unwrap();
    (count("/proc/self/task"), count("/proc/self/fd"), kilobytes)
}

async fn server() -> Server {
    let answer = json!({"data": {"ok": true}}).to_string();
    Server::start(move |stream, _| {
        let answer = answer.clone();
        async move { http::serve(stream, "200 OK", &answer).await }
    })
    .await
}

fn client(server: &Server) -> Client {
    let built = Client::builder(format!("http://{}", server.address))
        .token("a-token")
        .no_proxy();
    built.build().unwrap()
}

/// Makes clients and drops them; one in fifty has sent something.
async fn make(server: &Server, clients: usize) {
    for number in 0..clients {
        let client = client(server);
        if number % 50 == 0 {
            let answer = client.query("{ ok }").send::<Value>().await.unwrap();
            assert_eq!(answer["ok"], true);
        }
    }
}

#[tokio::test]
async fn clients_that_are_dropped_leave_nothing() {
    let server = server().await;
    make(&server, 2_000).await;
    let before = held();
    make(&server, 10_000).await;
    // Both ends of a connection are in this process, and the server's notices a little later.
    let mut after = held();
    while after.1 > before.1 + 4 {
        tokio::task::yield_now().await;
        after = held();
    }
    assert!(after.0 <= before.0, "threads: {before:?}, then {after:?}");
    // A kilobyte kept for each would be 10,000.
    assert!(after.2 < before.2 + 4_000, "memory: {before:?}, then {after:?}");
}
