//! Every call of `schema/calls.json` reaches Pluvo, with the arguments of its example.

mod support;

use pluvo_bridge::{Content, Session, WireError};
use pluvo_sdk::operation::{Shape, generated};
use serde_json::{Value, json};
use support::{open, outcomes, sandbox};

/// How a call is made.
enum How {
    Plain,
    List,
    Bulk,
    Sync,
    File,
}

fn how(call: &Value) -> How {
    let sent = call["operations"][0].as_str();
    let operation = generated::ALL
        .iter()
        .find(|operation| Some(operation.name) == sent);
    match call["kind"].as_str() {
        Some("bulk") => How::Bulk,
        Some("sync") => How::Sync,
        Some("file") => How::File,
        _ if operation.is_some_and(|operation| operation.shape == Shape::Connection) => How::List,
        _ => How::Plain,
    }
}

async fn make(session: &Session, call: &Value) -> Result<(), WireError> {
    let name = call["name"].as_str().unwrap();
    let mut args = match call["example"].clone() {
        Value::Null => json!({}),
        example => example,
    };
    let request = |args: &Value| json!({"args": args}).to_string();
    match how(call) {
        How::Plain => session.call(name, &request(&args)).await.map(drop),
        How::List => session.list(name, &request(&args))?.next().await.map(drop),
        How::Sync => session.plan(&request(&args)).await.map(drop),
        How::File => {
            args.as_object_mut().unwrap().remove("content");
            args["name"] = json!("note.txt");
            if name == "files.store" {
                let prepared = session
                    .call("files.create", r#"{"args": {"name": "note.txt"}}"#)
                    .await?;
                args["prepared"] = serde_json::from_slice(&prepared).unwrap();
            }
            let content = Content::Bytes("Hello".into());
            session.upload(name, &request(&args), content).await.map(drop)
        }
        How::Bulk => {
            let rows = args.as_object_mut().unwrap().remove("rows").unwrap();
            let bulk = session.bulk(name, &request(&args))?;
            bulk.push(&rows.to_string()).await?;
            bulk.finish()?;
            let told = outcomes(&bulk).await;
            assert_eq!(told.len(), rows.as_array().unwrap().len(), "{name}");
            for row in &told {
                let refused_here = row["error"]["code"] == "invalid" && row["error"]["operation"].is_null();
                assert!(!refused_here, "{name}: {row}");
            }
            Ok(())
        }
    }
}

#[tokio::test]
async fn every_call_is_sent() {
    let calls: Value = serde_json::from_str(include_str!("../../../schema/calls.json")).unwrap();
    let sandbox = sandbox().await;
    let session = open(&sandbox);
    let mut made = 0;
    for call in calls["calls"].as_array().unwrap() {
        if call["only"] == json!(["rust"]) {
            continue;
        }
        sandbox.clear_log();
        if let Err(error) = make(&session, call).await {
            // The sandbox may not have what an example names. What was refused on this side has no operation.
            assert!(error.operation.is_some(), "{}: {error}", call["name"]);
        }
        let sent = sandbox.log().iter().any(|entry| entry.path == "/graphql/");
        assert!(sent || call["name"] == "check", "{} sends nothing", call["name"]);
        made += 1;
    }
    assert!(made > 60, "{made}");
}

#[tokio::test]
async fn a_call_that_is_made_in_another_way_says_so() {
    let sandbox = sandbox().await;
    let session = open(&sandbox);
    let plain = session.call("users.list", "{}").await.unwrap_err();
    assert!(
        plain
            .message
            .contains("there is no call users.list that is answered at once"),
        "{plain}"
    );
    let list = session.list("offers.list", "{}").unwrap_err();
    assert!(
        list.message
            .contains("there is no list offers.list that has pages"),
        "{list}"
    );
    let bulk = session.bulk("users.create", "{}").unwrap_err();
    assert!(
        bulk.message
            .contains("there is no call users.create that takes many rows"),
        "{bulk}"
    );
    let file = session
        .upload("users.get", "{}", Content::Bytes("x".into()))
        .await
        .unwrap_err();
    assert!(
        file.message
            .contains("there is no call users.get that takes a file"),
        "{file}"
    );
    let paged = session.call("users.get", r#"{"limit": 3}"#).await.unwrap_err();
    assert!(paged.message.contains("users.get takes no limit"), "{paged}");
    let repeatable = session
        .call(
            "users.get",
            r#"{"args": {"ref": "x"}, "options": {"repeatable": true}}"#,
        )
        .await
        .unwrap_err();
    assert!(
        repeatable.message.contains("only query takes repeatable"),
        "{repeatable}"
    );
    let unknown = session.call("users.get", r#"{"argz": {}}"#).await.unwrap_err();
    assert!(unknown.message.contains("no member `argz`"), "{unknown}");
}
