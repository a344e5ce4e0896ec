//! Uploads: in one step, and by way of storage.

use pluvo_sandbox::Sandbox;
use reqwest::Response;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::common::{body, client, code, data, start};

const UPLOAD: &str = "mutation($file: Upload!) { uploadFile(file: $file) { ok file { id url } } }";

async fn upload(sandbox: &Sandbox, map: &Value) -> Response {
    let operations = json!({ "query": UPLOAD, "variables": { "file": null } });
    let form = Form::new()
        .text("operations", operations.to_string())
        .text("map", map.to_string())
        .part("0", Part::bytes(vec![0, 159, 255]).file_name("a.bin"));
    client()
        .post(sandbox.graphql_url())
        .bearer_auth(sandbox.issue_token(None))
        .multipart(form)
        .send()
        .await
        .expect("an answer")
}

#[tokio::test]
async fn a_small_file_comes_with_the_request() {
    let sandbox = start(Sandbox::builder()).await;
    let answer = upload(&sandbox, &json!({ "0": ["variables.file"] })).await;
    let answer: Value = answer.json().await.expect("JSON");
    let file = &answer["data"]["uploadFile"]["file"];
    assert_eq!(answer["data"]["uploadFile"]["ok"], true, "{answer}");
    let url = file["url"].as_str().expect("an address");
    let content = client()
        .get(url)
        .send()
        .await
        .expect("an answer")
        .bytes()
        .await
        .expect("bytes");
    assert_eq!(content.as_ref(), [0, 159, 255]);
    let update = "mutation($id: UUID!) { updateUser(ref: \"EMP-00003\", user: { profileImage: $id }) { user { profileImage { id url } } } }";
    let got = data(&sandbox, update, json!({ "id": file["id"] })).await;
    assert_eq!(got["updateUser"]["user"]["profileImage"], *file);
    let unknown = json!({ "id": "00000000-0000-4000-8000-000000000000" });
    assert_eq!(code(&body(&sandbox, update, unknown).await), "NOT_FOUND");
    for map in [json!({ "0": ["variables.other"] }), json!({}), json!([])] {
        assert_eq!(upload(&sandbox, &map).await.status(), 400, "{map}");
    }
    assert_eq!(
        code(&body(&sandbox, UPLOAD, json!({ "file": "a.bin" })).await),
        "INVALID"
    );
}

#[tokio::test]
async fn a_large_file_goes_to_storage_without_a_token() {
    let sandbox = start(Sandbox::builder()).await;
    let create = "mutation { createFile(file: { name: \"large.bin\", public: true }) { file { id url } s3Url s3Data } }";
    let made = data(&sandbox, create, json!({})).await["createFile"].clone();
    assert_eq!(made["file"]["url"], Value::Null);
    let url = made["s3Url"].as_str().expect("an address");
    let form = |fields: bool| {
        let mut form = Form::new();
        for (name, value) in made["s3Data"]
            .as_object()
            .expect("fields")
            .iter()
            .filter(|_| fields)
        {
            form = form.text(name.clone(), value.as_str().expect("text").to_owned());
        }
        form.part("file", Part::bytes(vec![7; 3 << 20]))
    };
    let with_token = client()
        .post(url)
        .bearer_auth(sandbox.issue_token(None))
        .multipart(form(true));
    assert_eq!(with_token.send().await.expect("an answer").status(), 400);
    let without_fields = client()
        .post(url)
        .multipart(form(false))
        .send()
        .await
        .expect("an answer");
    assert_eq!(without_fields.status(), 403);
    assert_eq!(client().get(url).send().await.expect("an answer").status(), 404);
    let sent = client()
        .post(url)
        .multipart(form(true))
        .send()
        .await
        .expect("an answer");
    assert_eq!(sent.status(), 204);
    let content = client()
        .get(url)
        .send()
        .await
        .expect("an answer")
        .bytes()
        .await
        .expect("bytes");
    assert_eq!(content.len(), 3 << 20);
}
