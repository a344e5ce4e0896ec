//! What is uploaded, and the upload of a small file as a GraphQL multipart request.

use super::multipart::Form;
use crate::client::{CallOptions, Client};
use crate::error::{Error, ErrorKind, Result};
use crate::model::File;
use crate::operation::generated::{UPLOAD_FILE, UploadFileVariables};
use crate::operation::{Arguments, Body, Selection, Sending, send};
use crate::resources::answer::Answer;
use crate::time::BoxFuture;
use crate::transport::Streamed;
use bytes::{Bytes, BytesMut};
use futures::stream::{self, Stream, StreamExt, TryStreamExt};
use serde_json::Value;
use std::fmt;
use std::future::IntoFuture;
use std::io::{self, Read};
use std::path::PathBuf;

/// How much of a file is read at a time.
const CHUNK: usize = 256 * 1024;

/// A file to be uploaded: its content, its name and its media type.
///
/// ```
/// use pluvo_sdk::resources::FileUpload;
/// let file = FileUpload::bytes("note.txt", "Hello").media_type("text/plain");
/// assert_eq!(file.name(), "note.txt");
/// assert_eq!(FileUpload::path("/tmp/anne.png").name(), "anne.png");
/// ```
#[derive(Debug, Clone)]
pub struct FileUpload {
    name: String,
    media_type: String,
    content: Content,
}

#[derive(Clone)]
enum Content {
    Bytes(Bytes),
    Path(PathBuf),
    Stream(Streamed),
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Path(path) => path.fmt(f),
            Self::Stream(stream) => stream.fmt(f),
        }
    }
}

impl FileUpload {
    fn new(name: String, content: Content) -> Self {
        Self {
            name,
            media_type: "application/octet-stream".to_owned(),
            content,
        }
    }

    /// From memory.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self::new(name.into(), Content::Bytes(bytes.into()))
    }

    /// From a file, under its own name. It is opened when it is sent.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        Self::new(name, Content::Path(path))
    }

    /// From a stream of so many bytes, which storage must know before it takes them. It can be sent only once.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use futures::stream;
    /// let chunks = stream::iter([Ok(Bytes::from("Hel")), Ok(Bytes::from("lo"))]);
    /// let file = pluvo_sdk::resources::FileUpload::stream("note.txt", 5, chunks);
    /// ```
    pub fn stream(
        name: impl Into<String>,
        length: u64,
        chunks: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Self {
        Self::new(name.into(), Content::Stream(Streamed::new(length, chunks)))
    }

    /// Another name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The media type, `image/png` for example. `application/octet-stream` where nothing is said.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = media_type.into();
        self
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The media type, which must not end its line in the form.
    pub(super) fn checked_media_type(&self) -> Result<&str> {
        if self.media_type.contains(|c: char| c.is_control()) {
            return Err(Error::invalid("the media type has control characters in it"));
        }
        Ok(&self.media_type)
    }

    /// Whether the content can be had a second time.
    pub(super) fn is_replayable(&self) -> bool {
        !matches!(self.content, Content::Stream(_))
    }

    /// The content, to be read while it is sent.
    pub(super) async fn open(&self) -> Result<Streamed> {
        match &self.content {
            Content::Bytes(bytes) => {
                let bytes = bytes.clone();
                Ok(Streamed::new(
                    bytes.len() as u64,
                    stream::once(async move { Ok(bytes) }),
                ))
            }
            Content::Path(path) => {
                let path = path.clone();
                let opened = blocking(move || {
                    let file = std::fs::File::open(path)?;
                    let length = file.metadata()?.len();
                    Ok((file, length))
                });
                let (file, length) = opened.await.map_err(unreadable)?;
                Ok(Streamed::new(length, chunks(file)))
            }
            Content::Stream(stream) => Ok(stream.clone()),
        }
    }

    /// The content as a whole.
    async fn read(&self) -> Result<Bytes> {
        if let Content::Bytes(bytes) = &self.content {
            return Ok(bytes.clone());
        }
        let chunks = self.open().await?.take();
        let chunks = chunks.ok_or_else(|| Error::invalid("the stream of the file was read before"))?;
        let all = chunks
            .try_fold(BytesMut::new(), |mut all, chunk| async move {
                all.extend_from_slice(&chunk);
                Ok(all)
            })
            .await;
        all.map(BytesMut::freeze).map_err(unreadable)
    }
}

/// Its text does not name the path, which may hold a person's name.
fn unreadable(cause: io::Error) -> Error {
    Error::invalid(format!("the file cannot be read: {}", cause.kind())).with_source(cause)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
}

/// Reads a file piece by piece, on tokio's threads for work that blocks.
fn chunks(file: std::fs::File) -> impl Stream<Item = io::Result<Bytes>> {
    stream::try_unfold(file, |mut file| async move {
        blocking(move || {
            let mut chunk = Vec::with_capacity(CHUNK);
            (&mut file).take(CHUNK as u64).read_to_end(&mut chunk)?;
            Ok((!chunk.is_empty()).then(|| (Bytes::from(chunk), file)))
        })
        .await
    })
    .fuse()
}

/// A small file that is about to be uploaded. Await it.
#[derive(Debug)]
#[must_use = "nothing is sent before it is awaited"]
pub struct Upload {
    client: Client,
    file: FileUpload,
    options: CallOptions,
}

impl Upload {
    pub(super) fn new(client: Client, file: FileUpload) -> Self {
        Self {
            client,
            file,
            options: CallOptions::default(),
        }
    }

    /// Sets what differs for this call.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    async fn send(self) -> Result<File> {
        let core = &self.client.core;
        let content = self.file.read().await?;
        let mut arguments = Arguments::new(&UPLOAD_FILE, &UploadFileVariables {})?;
        arguments.set("file", Value::Null);
        let form = Form::new();
        let frame = |operations: &str| -> Result<_> {
            let mut form = form.clone();
            form.field("operations", operations);
            form.field("map", r#"{"0":["variables.file"]}"#);
            Ok(form.file("0", &self.file.name, self.file.checked_media_type()?))
        };
        let content_type = frame("")?.content_type;
        let print = || {
            let document = UPLOAD_FILE.document(&arguments, Selection::Default(&core.dropped));
            let operations = Body::new(Some(UPLOAD_FILE.name), &document, arguments.variables())?.with(&[]);
            let frame = frame(&String::from_utf8_lossy(&operations))?;
            let body = Bytes::from([&frame.head[..], &content, &frame.tail].concat());
            Ok(move |_| body.clone())
        };
        let mut sending = Sending::new(&UPLOAD_FILE, false, &self.options);
        sending.content_type = &content_type;
        let reply = send(core, sending, print).await?;
        let answer = Answer {
            reply,
            operation: &UPLOAD_FILE,
            whole: false,
        };
        answer.told(read)
    }
}

fn read(answer: &Answer) -> Result<File> {
    let payload: crate::model::UploadFile = answer.payload()?;
    if payload.ok == Some(false) {
        return Err(Error::new(
            ErrorKind::Graphql,
            "Pluvo answers that the file was not stored: ok is false",
        ));
    }
    answer.field("file")
}

impl IntoFuture for Upload {
    type Output = Result<File>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
