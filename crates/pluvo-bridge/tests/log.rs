//! The log is the process's, so its test is alone here.

mod support;

use pluvo_bridge::set_log;
use serde_json::json;
use std::sync::{Arc, Mutex};
use support::{call, open, parsed, sandbox};

#[tokio::test]
async fn the_sdk_tells_its_work_and_no_secret() {
    let sandbox = sandbox().await;
    let session = open(&sandbox);
    assert_eq!(set_log("loud", Box::new(|_| {})).unwrap_err().code, "config");
    let told = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&told);
    set_log("debug", Box::new(move |record| keep.lock().unwrap().push(record))).unwrap();
    call(&session, "users.get", &json!({"ref": "canary-ref"}))
        .await
        .unwrap();
    {
        let told = told.lock().unwrap();
        let attempt = told
            .iter()
            .find(|record| record.target == "pluvo_sdk::http")
            .unwrap();
        assert_eq!((attempt.level, attempt.message.as_str()), ("debug", "attempt"));
        assert_eq!(parsed(&attempt.fields)["operation"], "User");
        let everything = format!("{told:?}");
        for secret in [sandbox.client_secret(), "sandbox-token-", "canary-ref"] {
            assert!(!everything.contains(secret), "{everything}");
        }
        assert!(
            told.iter().all(|record| record.target.starts_with("pluvo_sdk")),
            "{everything}"
        );
    }
    let before = told.lock().unwrap().len();
    set_log("off", Box::new(|_| panic!("nothing is told"))).unwrap();
    call(&session, "users.get", &json!({"ref": "x"})).await.unwrap();
    assert_eq!(told.lock().unwrap().len(), before);
}
