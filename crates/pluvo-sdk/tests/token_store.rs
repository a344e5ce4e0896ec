//! A token that processes share through a file.

mod support;

use pluvo_sdk::auth::FileStore;
use pluvo_sdk::time::HeldClock;
use pluvo_sdk::{Client, Error};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use support::http::{self, Server};
use support::log::Log;
use support::{Wire, answer, bearer, child, is_token_request, ok, run, token, told_by_parent};
use tempfile::TempDir;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::sync::Barrier;

fn data() -> pluvo_sdk::transport::Response {
    ok(json!({"data": {"ok": true}}))
}

fn client(wire: &Wire, path: &Path) -> Client {
    client_of("an-id", wire, path)
}

fn client_of(id: &str, wire: &Wire, path: &Path) -> Client {
    wire.builder()
        .credentials(id, "a-secret")
        .token_store(FileStore::new(path))
        .build()
        .unwrap()
}

async fn ask(client: &Client) -> Result<Value, Error> {
    client.query("{ ok }").send().await
}

/// A directory of its own and a path in it.
fn place() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("token.json");
    (directory, path)
}

fn contents(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Writes a file as the store itself would, for its owner alone.
fn write_private(path: &Path, text: &[u8]) {
    std::fs::write(path, text).unwrap();
    set_mode(path, 0o600);
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) {}

#[tokio::test]
async fn the_next_process_uses_the_token_of_the_last() {
    let ((_directory, path), wire) = (place(), Wire::always(|| Ok(data())));
    ask(&client(&wire, &path)).await.unwrap();
    ask(&client(&wire, &path)).await.unwrap();
    assert_eq!((wire.token_requests(), wire.graphql_requests()), (1, 2));
    assert!(
        wire.sent()[1..]
            .iter()
            .all(|request| bearer(request) == "token-1")
    );
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_for_its_owner_alone_and_replaced_as_a_whole() {
    use std::os::unix::fs::MetadataExt;
    let ((directory, path), wire) = (place(), Wire::always(|| Ok(data())));
    ask(&client(&wire, &path)).await.unwrap();
    let first = std::fs::metadata(&path).unwrap();
    assert_eq!(first.mode() & 0o777, 0o600);
    assert_eq!(contents(&path)["access_token"], "token-1");
    // Kept open, so that the next file cannot be given the same number.
    let kept = std::fs::File::open(&path).unwrap();
    ask(&client_of("another", &wire, &path)).await.unwrap();
    let second = std::fs::metadata(&path).unwrap();
    assert_eq!(contents(&path)["access_token"], "token-2");
    assert_ne!(first.ino(), second.ino(), "written aside and renamed");
    assert_eq!(second.mode() & 0o777, 0o600);
    drop(kept);
    let mut names: Vec<_> = std::fs::read_dir(directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["token.json", "token.json.lock"]);
}

#[tokio::test]
async fn a_file_that_holds_no_token_is_passed_over_with_a_warning_and_replaced() {
    let far = json!({"key": "k", "access_token": "t", "expires_at": u64::MAX, "scopes": null}).to_string();
    let corrupt: [&[u8]; 8] = [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        br#"{"key":"k"}"#,
        br#"{"key":"k","access_token":"t","expires_at":-1}"#,
        far.as_bytes(),
    ];
    for bytes in corrupt {
        let ((_directory, path), wire, log) = (place(), Wire::always(|| Ok(data())), Log::start());
        write_private(&path, bytes);
        ask(&client(&wire, &path)).await.unwrap();
        assert_eq!(wire.token_requests(), 1);
        assert_eq!(log.count("cannot be read"), 1, "{}", log.text());
        assert_eq!(contents(&path)["access_token"], "token-1");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_passed_over_with_a_warning() {
    let ((_directory, path), wire, log) = (place(), Wire::always(|| Ok(data())), Log::start());
    // A directory cannot be read as a file, not even by root.
    std::fs::create_dir(&path).unwrap();
    let client = client(&wire, &path);
    ask(&client).await.unwrap();
    ask(&client).await.unwrap();
    assert_eq!(wire.token_requests(), 1);
    assert_eq!(
        (log.count("cannot be read"), log.count("cannot be written")),
        (1, 1)
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_others_may_read_is_passed_over_with_a_warning() {
    let ((_directory, path), wire) = (place(), Wire::always(|| Ok(data())));
    ask(&client(&wire, &path)).await.unwrap();
    for mode in [0o644, 0o640, 0o602] {
        let log = Log::start();
        set_mode(&path, mode);
        let before = wire.token_requests();
        ask(&client(&wire, &path)).await.unwrap();
        assert_eq!(wire.token_requests(), before + 1);
        assert_eq!(log.count("mode must be 0600"), 1, "{}", log.text());
    }
}

#[tokio::test]
async fn the_token_of_another_client_or_of_other_scopes_is_ignored() {
    let ((_directory, path), wire) = (place(), Wire::always(|| Ok(data())));
    ask(&client(&wire, &path)).await.unwrap();
    ask(&client_of("another", &wire, &path)).await.unwrap();
    assert_eq!(wire.token_requests(), 2);
    let scoped = wire
        .builder()
        .credentials("another", "a-secret")
        .scopes(["users.read"])
        .token_store(FileStore::new(&path))
        .build()
        .unwrap();
    ask(&scoped).await.unwrap();
    assert_eq!(wire.token_requests(), 3);
}

#[tokio::test]
async fn a_token_that_has_ended_is_not_loaded() {
    let ((_directory, path), wire) = (place(), Wire::always(|| Ok(data())));
    ask(&client(&wire, &path)).await.unwrap();
    let mut kept = contents(&path);
    for left in [-10_i64, 0, 59] {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        kept["expires_at"] = json!(now.checked_add_signed(left).unwrap());
        write_private(&path, kept.to_string().as_bytes());
        let before = wire.token_requests();
        ask(&client(&wire, &path)).await.unwrap();
        assert_eq!(wire.token_requests(), before + 1, "{left} s left");
    }
}

#[tokio::test]
async fn a_refused_token_is_not_loaded_again() {
    let (_directory, path) = place();
    let count = AtomicUsize::new(0);
    let wire = Wire::new(move |request, _| {
        if is_token_request(request) {
            let number = count.fetch_add(1, Ordering::SeqCst);
            Ok(token(&format!("token-{number}"), json!(86_400)))
        } else if bearer(request) == "token-0" {
            Ok(answer(401, &[], ""))
        } else {
            Ok(data())
        }
    });
    ask(&client(&wire, &path)).await.unwrap();
    assert_eq!(wire.token_requests(), 2);
    assert_eq!(contents(&path)["access_token"], "token-1");
    ask(&client(&wire, &path)).await.unwrap();
    assert_eq!(wire.token_requests(), 2);
}

#[tokio::test]
async fn a_due_token_is_renewed_although_the_file_still_holds_it() {
    let ((_directory, path), wire) = (place(), Wire::always(|| Ok(data())));
    let clock = HeldClock::new();
    let client = wire
        .builder()
        .credentials("an-id", "a-secret")
        .token_store(FileStore::new(&path))
        .clock(clock.clone())
        .build()
        .unwrap();
    ask(&client).await.unwrap();
    clock.advance(Duration::from_secs(86_400 - 1800));
    ask(&client).await.unwrap();
    assert_eq!(wire.token_requests(), 2);
    assert_eq!(contents(&path)["access_token"], "token-2");
}

#[tokio::test]
async fn a_date_that_jumps_back_does_not_bring_an_old_token_back() {
    let ((_directory, path), wire) = (place(), Wire::always(|| Ok(data())));
    let clock = HeldClock::new();
    let client = wire
        .builder()
        .credentials("an-id", "a-secret")
        .token_store(FileStore::new(&path))
        .clock(clock.clone())
        .build()
        .unwrap();
    ask(&client).await.unwrap();
    clock.advance(Duration::from_secs(86_400));
    clock.set_wall(SystemTime::now() - Duration::from_secs(86_400));
    ask(&client).await.unwrap();
    assert_eq!(wire.token_requests(), 2);
}

#[tokio::test]
async fn a_lifetime_that_no_calendar_holds_is_survived() {
    let (_directory, path) = place();
    let wire = Wire::new(|request, _| {
        if is_token_request(request) {
            Ok(token("a-token", json!(1e19)))
        } else {
            Ok(data())
        }
    });
    let client = client(&wire, &path);
    ask(&client).await.unwrap();
    ask(&client).await.unwrap();
    assert_eq!(wire.token_requests(), 1);
}

#[tokio::test]
async fn a_place_that_cannot_be_written_is_survived_with_a_warning() {
    let (directory, _) = place();
    let file = directory.path().join("file");
    std::fs::write(&file, "").unwrap();
    let read_only = directory.path().join("read-only");
    std::fs::create_dir(&read_only).unwrap();
    set_mode(&read_only, 0o500);
    // Nothing can be made below a file, nor in the kernel's own directories, not even by root.
    for path in [
        file.join("token.json"),
        directory.path().join("none/token.json"),
        "/proc/token.json".into(),
    ] {
        let (wire, log) = (Wire::always(|| Ok(data())), Log::start());
        let client = client(&wire, &path);
        ask(&client).await.unwrap();
        ask(&client).await.unwrap();
        assert_eq!(wire.token_requests(), 1);
        assert_eq!(log.count("cannot be written"), 1, "{}", log.text());
        assert!(!log.text().contains("token-1"));
    }
    let wire = Wire::always(|| Ok(data()));
    ask(&client(&wire, &read_only.join("token.json"))).await.unwrap();
    assert_eq!(wire.token_requests(), 1);
}

#[tokio::test]
async fn processes_that_share_a_file_make_one_fetch() {
    const PROCESSES: usize = 4;
    if let Some(told) = told_by_parent() {
        let [endpoint, gate, path] = serde_json::from_str::<[String; 3]>(&told).unwrap();
        // All begin together.
        TcpStream::connect(gate)
            .await
            .unwrap()
            .read_u8()
            .await
            .unwrap_err();
        let client = Client::builder(endpoint)
            .credentials("an-id", "a-secret")
            .no_proxy()
            .token_store(FileStore::new(path))
            .build()
            .unwrap();
        assert_eq!(ask(&client).await.unwrap()["ok"], true);
        return;
    }
    let (directory, path) = place();
    let barrier = Arc::new(Barrier::new(PROCESSES));
    let gate = Server::start(move |stream, _| {
        let barrier = Arc::clone(&barrier);
        async move {
            barrier.wait().await;
            drop(stream);
        }
    })
    .await;
    let (tokens, calls) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let counters = (Arc::clone(&tokens), Arc::clone(&calls));
    let server = Server::start(move |mut stream, _| {
        let (tokens, calls) = (Arc::clone(&counters.0), Arc::clone(&counters.1));
        async move {
            while let Some(request) = http::read(&mut stream).await {
                let (counter, body) = if request.head.starts_with("POST /oauth/token/") {
                    (&tokens, json!({"access_token": "shared", "expires_in": 86_400}))
                } else {
                    assert!(request.head.contains("Bearer shared"));
                    (&calls, json!({"data": {"ok": true}}))
                };
                counter.fetch_add(1, Ordering::SeqCst);
                http::write(&mut stream, "200 OK", &body.to_string()).await;
            }
        }
    })
    .await;
    let tell = json!([
        format!("http://{}", server.address),
        gate.address.to_string(),
        path
    ])
    .to_string();
    let children =
        (0..PROCESSES).map(|_| run(child("processes_that_share_a_file_make_one_fetch", &tell, &[])));
    futures::future::join_all(children).await;
    assert_eq!(
        (tokens.load(Ordering::SeqCst), calls.load(Ordering::SeqCst)),
        (1, PROCESSES)
    );
    drop(directory);
}
