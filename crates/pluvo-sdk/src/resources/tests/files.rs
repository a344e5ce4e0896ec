//! Uploads: what goes to Pluvo, what goes to storage, and what does not.

use super::Canned;
use crate::model::CreateFileInput;
use crate::resources::FileUpload;
use crate::time::{BoxFuture, HeldClock};
use crate::transport::{Failure, Request, Response, Transport};
use crate::{Client, ErrorKind};
use bytes::Bytes;
use futures::TryStreamExt;
use futures::stream;
use std::io::Write;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const PREPARED: &str = r#"{"data":{"createFile":{"file":{"id":"1"},"s3Url":"https://storage.example.com/bucket","s3Data":"{\"key\":\"uploads/1\",\"policy\":\"p\",\"nothing\":null}"}}}"#;

/// Answers Pluvo's half, and storage's with a status for each attempt; keeps what storage was sent.
#[derive(Debug, Clone, Default)]
struct Storage {
    statuses: Arc<Mutex<Vec<u16>>>,
    sent: Arc<Mutex<Vec<Stored>>>,
}

type Stored = (Request, Vec<u8>);

impl Storage {
    fn new(statuses: &[u16]) -> Self {
        Self {
            statuses: Arc::new(Mutex::new(statuses.iter().rev().copied().collect())),
            sent: Arc::default(),
        }
    }

    fn client(&self) -> Client {
        let builder = Client::builder("acme").token("a-token").transport(self.clone());
        builder.clock(HeldClock::new()).build().unwrap()
    }

    fn sent(&self) -> Vec<Stored> {
        self.sent.lock().unwrap().clone()
    }
}

impl Transport for Storage {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, Failure>> {
        Box::pin(async move {
            let headers = reqwest::header::HeaderMap::default();
            if request.url.host_str() == Some("acme.pluvo.com") {
                assert!(request.bearer.is_some());
                return Ok(Response::new(200, headers, PREPARED));
            }
            let rest = request.rest.clone().unwrap();
            let chunks: Vec<Bytes> = rest.take().unwrap().try_collect().await.unwrap();
            let body = [&request.body[..], &chunks.concat()].concat();
            assert_eq!(body.len() as u64, request.body.len() as u64 + rest.length());
            self.sent.lock().unwrap().push((request, body));
            let status = self.statuses.lock().unwrap().pop().unwrap();
            Ok(Response::new(status, headers, "<Error><Code>Oops</Code></Error>"))
        })
    }
}

#[tokio::test]
async fn a_small_file_is_one_multipart_request() {
    let wire = Canned::data(r#"{"uploadFile":{"ok":true,"file":{"id":"1","url":"u"}}}"#);
    let file = FileUpload::bytes("a \"b\".txt", "Hello\r\n--").media_type("text/plain");
    let stored = wire.client().files().upload(file).await.unwrap();
    assert_eq!(stored.id, "1");

    let requests = wire.requests();
    let boundary = requests[0]
        .content_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    let document = "mutation UploadFile($file:Upload!){uploadFile(file:$file){ok file{id url}}}";
    let operations =
        format!(r#"{{"operationName":"UploadFile","query":"{document}","variables":{{"file":null}}}}"#);
    let expected = [
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{operations}\r\n"
        ),
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"map\"\r\n\r\n{{\"0\":[\"variables.file\"]}}\r\n"
        ),
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\"0\"; filename=\"a %22b%22.txt\"\r\n"),
        format!("Content-Type: text/plain\r\n\r\nHello\r\n--\r\n--{boundary}--\r\n"),
    ];
    assert_eq!(requests[0].body, expected.concat());
    assert!(requests[0].bearer.is_some());
}

#[tokio::test]
async fn a_small_file_may_come_from_anywhere() {
    let mut on_disk = tempfile::NamedTempFile::new().unwrap();
    on_disk.write_all(b"from disk").unwrap();
    let chunks = stream::iter([Ok(Bytes::from("from ")), Ok(Bytes::from("a stream"))]);
    for (file, content) in [
        (FileUpload::path(on_disk.path()), "from disk"),
        (FileUpload::stream("a", 13, chunks), "from a stream"),
    ] {
        let wire = Canned::data(r#"{"uploadFile":{"ok":true,"file":{"id":"1"}}}"#);
        wire.client().files().upload(file).await.unwrap();
        let body = wire.requests()[0].body.clone();
        assert!(String::from_utf8_lossy(&body).contains(content));
    }
    let wire = Canned::data("{}");
    let missing = FileUpload::path("/there/is/no/such/anne.png");
    let error = wire.client().files().upload(missing).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(wire.requests().is_empty() && !error.to_string().contains("anne"));
}

#[tokio::test]
async fn what_was_not_stored_is_an_error() {
    for (data, kind) in [
        (r#"{"uploadFile":{"ok":false,"file":null}}"#, ErrorKind::Graphql),
        (r#"{"uploadFile":{"ok":true,"file":null}}"#, ErrorKind::Decode),
        (r#"{"uploadFile":null}"#, ErrorKind::Decode),
    ] {
        let client = Canned::data(data).client();
        let error = client
            .files()
            .upload(FileUpload::bytes("a", "b"))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind, "{data}");
    }
    // A file is not made twice by chance.
    let wire = Canned::bodies([""]);
    let file = FileUpload::bytes("a", "b");
    assert!(
        wire.client()
            .files()
            .upload(file)
            .await
            .unwrap_err()
            .is_indeterminate()
    );
    assert_eq!(wire.requests().len(), 1);
}

#[tokio::test]
async fn storage_gets_the_fields_and_the_content_and_no_token() {
    let storage = Storage::new(&[204]);
    let file = FileUpload::bytes("a.txt", "Hello");
    let stored = storage.client().files().upload_large(file, true).await.unwrap();
    assert_eq!(stored.id, "1");
    let sent = storage.sent();
    let (request, body) = &sent[0];
    assert!(request.bearer.is_none());
    assert_eq!(request.url.as_str(), "https://storage.example.com/bucket");
    let body = String::from_utf8_lossy(body);
    let places = [
        "name=\"key\"\r\n\r\nuploads/1\r\n",
        "name=\"policy\"\r\n\r\np\r\n",
        "name=\"file\"; filename=\"a.txt\"\r\nContent-Type: application/octet-stream\r\n\r\nHello\r\n",
    ]
    .map(|part| body.find(part).unwrap_or_else(|| panic!("{part} in {body}")));
    assert!(places.is_sorted(), "the file comes last");
    assert!(!body.contains("nothing"));
}

#[tokio::test]
async fn storage_is_asked_again_where_the_content_can_be_had_again() {
    let storage = Storage::new(&[503, 500, 204]);
    let file = FileUpload::bytes("a.txt", "Hello");
    storage.client().files().upload_large(file, false).await.unwrap();
    let sent = storage.sent();
    assert_eq!(sent.len(), 3);
    assert!(
        sent.iter()
            .all(|(_, body)| body.windows(5).any(|part| part == b"Hello"))
    );

    let storage = Storage::new(&[503, 204]);
    let file = FileUpload::stream("a.txt", 5, stream::iter([Ok(Bytes::from("Hello"))]));
    let error = storage
        .client()
        .files()
        .upload_large(file, false)
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Server, Some(503)));

    for (status, kind) in [
        (403, ErrorKind::Permission),
        (400, ErrorKind::Invalid),
        (307, ErrorKind::Invalid),
    ] {
        let storage = Storage::new(&[status, 204]);
        let file = FileUpload::bytes("a.txt", "Hello");
        let error = storage
            .client()
            .files()
            .upload_large(file, false)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind, "{status}");
        assert_eq!(storage.sent().len(), 1);
    }
}

#[tokio::test]
async fn where_the_content_goes_must_be_safe_and_shows_in_no_log() {
    let create = |url: &str, data: &str| {
        let answer = format!(r#"{{"createFile":{{"file":{{"id":"1"}},"s3Url":{url},"s3Data":{data}}}}}"#);
        let client = Canned::data(&answer).client();
        async move { client.files().create(CreateFileInput::new("a")).await }
    };
    let prepared = create(
        r#""https://s.example.com/?signature=secret""#,
        r#"{"policy":"secret","n":1}"#,
    )
    .await
    .unwrap();
    assert!(!format!("{prepared:?}").contains("secret"));
    let fields: Vec<_> = prepared.fields().collect();
    assert_eq!(fields, [("n", "1"), ("policy", "secret")]);
    assert!(create(r#""http://127.0.0.1:1/""#, "null").await.is_ok());
    for (url, data) in [
        (r#""http://s.example.com/""#, "{}"),
        (r#""ftp://127.0.0.1/""#, "{}"),
        (r#""nonsense""#, "{}"),
        ("null", "{}"),
        (r#""https://s.example.com/""#, r#""[]""#),
        (r#""https://s.example.com/""#, r#"{"a":{}}"#),
    ] {
        let error = create(url, data).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{url} {data}");
    }
}

/// Storage takes no body of unknown length.
#[tokio::test]
async fn content_is_sent_as_it_is_read_and_its_length_is_announced() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut bytes = Vec::new();
        let head = loop {
            assert_ne!(socket.read_buf(&mut bytes).await.unwrap(), 0);
            if let Some(end) = bytes.windows(4).position(|part| part == b"\r\n\r\n") {
                break String::from_utf8(bytes.drain(..end + 4).collect()).unwrap();
            }
        };
        let head = head.to_ascii_lowercase();
        let (_, length) = head.split_once("content-length: ").unwrap();
        let length: usize = length.split_once("\r\n").unwrap().0.parse().unwrap();
        while bytes.len() < length {
            assert_ne!(socket.read_buf(&mut bytes).await.unwrap(), 0);
        }
        let answer = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
        socket.write_all(answer).await.unwrap();
        (head, bytes)
    });

    let mut on_disk = tempfile::NamedTempFile::new().unwrap();
    let content = "0123456789".repeat(100_000);
    on_disk.write_all(content.as_bytes()).unwrap();
    let answer =
        format!(r#"{{"createFile":{{"file":{{"id":"1"}},"s3Url":"http://{address}/","s3Data":{{}}}}}}"#);
    let prepared = Canned::data(&answer)
        .client()
        .files()
        .create(CreateFileInput::new("a"))
        .await
        .unwrap();
    let client = Client::builder("http://127.0.0.1:9")
        .token("a-token")
        .build()
        .unwrap();
    let file = FileUpload::path(on_disk.path()).with_name("big.txt");
    client.files().store(&prepared, file).await.unwrap();

    let (head, body) = server.await.unwrap();
    assert!(
        !head.contains("authorization") && !head.contains("transfer-encoding"),
        "{head}"
    );
    assert!(String::from_utf8(body).unwrap().contains(&content));
}
