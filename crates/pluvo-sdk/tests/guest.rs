//! A library is a guest: what it leaves behind, what it starts, and what it can be moved across.

mod support;

use pluvo_sdk::model::User;
use pluvo_sdk::operation::generated::UsersVariables;
use pluvo_sdk::{Client, Error, Items, List, Page, Pager, Position, Query, Secret};
use serde_json::{Value, json};
use support::http::{self, Server};
use support::{Wire, ok, users};

fn is_send_sync<T: Send + Sync + 'static>() {}
fn moves<T: Send + Unpin>() {}
fn is_send<T: Send>(value: T) -> T {
    value
}

#[test]
fn what_tasks_share_can_be_shared() {
    is_send_sync::<Client>();
    is_send_sync::<Error>();
    is_send_sync::<List<User, UsersVariables>>();
    is_send_sync::<Pager<User>>();
    is_send_sync::<Page<User>>();
    is_send_sync::<Position>();
    is_send_sync::<Query>();
    is_send_sync::<Secret>();
    moves::<Items<User>>();
}

#[test]
fn the_futures_can_be_spawned() {
    let client = Wire::always(|| Ok(ok(users(&[], None)))).client();
    drop(is_send(client.query("{ ok }").send::<serde_json::Value>()));
    drop(is_send(client.users().list().to_vec()));
    drop(is_send(client.check()));
    let mut pager = client.users().list().pager().unwrap();
    drop(is_send(pager.next_page()));
    let mut items = client.users().list().items();
    drop(is_send(items.next()));
}

#[test]
fn an_error_is_small() {
    assert!(size_of::<Error>() <= 16);
    assert!(size_of::<Result<(), Error>>() <= 16);
    assert!(size_of::<Client>() <= 16);
}

/// Rows of one page of fifty, as a list of 200.
fn page(request: &pluvo_sdk::transport::Request) -> serde_json::Value {
    let after = support::body(request)["variables"]["after"]
        .as_str()
        .map_or(0, |text| text.parse().unwrap());
    let ids: Vec<String> = (after..after + 50).map(|id| id.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let next = (after + 50).to_string();
    users(&ids, (after + 50 < 200).then_some(next.as_str()))
}

#[tokio::test]
async fn a_pager_that_is_dropped_with_a_page_ahead_sends_nothing_more() {
    let wire = Wire::new(|request, _| Ok(ok(page(request))));
    let mut pager = wire.client().users().list().pager().unwrap();
    assert_eq!(pager.next_page().await.unwrap().unwrap().items.len(), 50);
    drop(pager);
    settle().await;
    // The page ahead had not begun, or had just been sent; nothing follows it.
    assert!(wire.sent().len() <= 2);
    let sent = wire.sent().len();
    settle().await;
    assert_eq!(wire.sent().len(), sent);
}

#[tokio::test]
async fn a_slow_reader_costs_one_request_ahead_and_no_more() {
    let wire = Wire::new(|request, _| Ok(ok(page(request))));
    let mut items = wire.client().users().list().items();
    for expected in 1..=3 {
        for _ in 0..50 {
            items.try_next().await.unwrap().unwrap();
        }
        settle().await;
        assert_eq!(wire.sent().len(), expected + 1);
    }
}

#[tokio::test]
async fn a_reader_that_wants_no_page_ahead_gets_none() {
    let wire = Wire::new(|request, _| Ok(ok(page(request))));
    let mut items = wire.client().users().list().prefetch(false).items();
    items.try_next().await.unwrap().unwrap();
    settle().await;
    assert_eq!(wire.sent().len(), 1);
    drop(items);
    let first = wire.client().users().list().first().await.unwrap().unwrap();
    settle().await;
    assert_eq!((first.id.to_string(), wire.sent().len()), ("0".to_owned(), 2));
}

#[tokio::test]
async fn a_call_that_is_dropped_gives_its_place_back() {
    let wire = Wire::waiting(|_, index| {
        Box::pin(async move {
            if index < 100 {
                std::future::pending::<()>().await;
            }
            Ok(ok(json!({"data": {"ok": true}})))
        })
    });
    let client = wire.client();
    for _ in 0..100 {
        let call = client.query("{ ok }").send::<serde_json::Value>();
        tokio::select! {
            biased;
            _ = call => unreachable!("the transport hangs"),
            () = tokio::task::yield_now() => {}
        }
    }
    assert_eq!(
        client.query("{ ok }").send::<serde_json::Value>().await.unwrap()["ok"],
        true
    );
}

async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

/// What `/proc` tells of this process; each runs alone in a child, since tests of one process share threads.
#[cfg(target_os = "linux")]
mod footprint {
    use super::support::http::{self, Server};
    use super::support::{child, run, told_by_parent};
    use pluvo_sdk::{Client, Limits};
    use serde_json::Value;

    /// The pool may open a second connection while it waits for the first of another request.
    const MOST: usize = 2 * IN_FLIGHT;
    const IN_FLIGHT: usize = 16;

    /// Threads and open files.
    fn footprint() -> (usize, usize) {
        let count = |path| std::fs::read_dir(path).unwrap().count();
        (count("/proc/self/task"), count("/proc/self/fd"))
    }

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    }

    fn builder(endpoint: &str) -> pluvo_sdk::ClientBuilder {
        Client::builder(endpoint)
            .credentials("an-id", "a-secret")
            .no_proxy()
    }

    #[test]
    fn clients_are_built_and_dropped_without_a_runtime_or_a_trace() {
        if told_by_parent().is_none() {
            return runtime().block_on(run(child(
                "footprint::clients_are_built_and_dropped_without_a_runtime_or_a_trace",
                "go",
                &[],
            )));
        }
        assert!(tokio::runtime::Handle::try_current().is_err());
        let before = footprint();
        let clients: Vec<_> = (0..10_000).map(|_| builder("acme").build().unwrap()).collect();
        assert_eq!(footprint(), before);
        let lists: Vec<_> = clients
            .iter()
            .map(|client| client.users().list().pager().unwrap())
            .collect();
        drop((clients, lists));
        assert_eq!(footprint(), before);
    }

    #[test]
    fn a_client_of_a_thousand_tasks_leaves_nothing_behind() {
        let test = "footprint::a_client_of_a_thousand_tasks_leaves_nothing_behind";
        let Some(endpoint) = told_by_parent() else {
            return runtime().block_on(async {
                let server = Server::start(|mut stream, _| async move {
                    while let Some(request) = http::read(&mut stream).await {
                        let body = if request.head.starts_with("POST /oauth/") {
                            r#"{"access_token":"a-token","expires_in":86400}"#
                        } else {
                            r#"{"data":{"ok":true}}"#
                        };
                        http::write(&mut stream, "200 OK", body).await;
                    }
                })
                .await;
                run(child(test, &format!("http://{}", server.address), &[])).await;
                assert!(
                    server.connections() <= 1 + 16,
                    "{} connections",
                    server.connections()
                );
            });
        };
        // The first runtime of a process opens what tokio keeps for all of them, such as its pipe for signals.
        drop(runtime());
        let outside = footprint();
        let runtime = runtime();
        runtime.block_on(async {
            let before = footprint();
            let limits = Limits {
                in_flight: IN_FLIGHT,
                ..Limits::default()
            };
            let client = builder(&endpoint).limits(limits).build().unwrap();
            let tasks: Vec<_> = (0..1000)
                .map(|_| {
                    let client = client.clone();
                    tokio::spawn(async move { client.query("{ ok }").send::<Value>().await.unwrap() })
                })
                .collect();
            for task in tasks {
                assert_eq!(task.await.unwrap()["ok"], true);
            }
            let (threads, files) = footprint();
            assert_eq!(threads, before.0, "nothing runs on a thread of ours");
            assert!(files <= before.1 + MOST, "{files} files");
            drop(client);
            // Connections close when their tasks notice; each turn of the runtime lets them.
            for _ in 0..1000 {
                if footprint() == before {
                    return;
                }
                tokio::task::yield_now().await;
            }
            panic!("{:?} before, {:?} after", before, footprint());
        });
        drop(runtime);
        assert_eq!(footprint(), outside);
    }
}

#[tokio::test]
async fn a_thousand_tasks_share_a_client() {
    let answer = json!({"data": {"ok": true}}).to_string();
    let server = Server::start(move |stream, _| {
        let answer = answer.clone();
        async move { http::serve(stream, "200 OK", &answer).await }
    })
    .await;
    let client = Client::builder(format!("http://{}", server.address))
        .token("a-token")
        .no_proxy();
    let client = client.build().unwrap();
    let tasks: Vec<_> = (0..1_000)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.query("{ ok }").send::<Value>().await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap()["ok"], true);
    }
    // As many as may be in flight at once.
    assert!(server.connections() <= 8, "{}", server.connections());
}
