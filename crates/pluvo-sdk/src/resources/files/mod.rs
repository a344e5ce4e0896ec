//! Files: small ones in one request, large ones posted to Pluvo's storage.

mod multipart;
mod storage;
mod upload;

pub use storage::{PreparedUpload, Store};
pub use upload::{FileUpload, Upload};

use super::Write;
use crate::client::{CallOptions, Client};
use crate::error::Result;
use crate::model::{CreateFileInput, File};
use crate::operation::generated::{CREATE_FILE, CreateFileVariables};
use crate::time::BoxFuture;
use std::future::IntoFuture;

/// Files in Pluvo's store. Which scope they need is not documented.
///
/// The id of an uploaded file goes into `profile_image` of people and `image_id` of offers.
#[derive(Debug, Clone)]
pub struct Files {
    pub(crate) client: Client,
}

impl Client {
    /// Files in Pluvo's store.
    pub fn files(&self) -> Files {
        Files { client: self.clone() }
    }
}

impl Files {
    /// Uploads a small file, which is held in memory. Not repeated when it fails on the way.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::{Key, model::UpdateUserInput, resources::FileUpload};
    /// let portrait = FileUpload::path("anne.png").media_type("image/png");
    /// let file = client.files().upload(portrait).await?;
    /// let change = UpdateUserInput { profile_image: Some(file.id), ..UpdateUserInput::default() };
    /// client.users().update(Key::reference("EMP-1"), change).await?;
    /// # Ok(()) }
    /// ```
    pub fn upload(&self, file: FileUpload) -> Upload {
        Upload::new(self.client.clone(), file)
    }

    /// Uploads a file of any size: makes room for it, and posts its content to storage while it is read.
    ///
    /// `public` decides whether everybody in the organisation can open it.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::resources::FileUpload;
    /// let file = client.files().upload_large(FileUpload::path("handbook.pdf"), true).await?;
    /// println!("{}", file.id);
    /// # Ok(()) }
    /// ```
    pub fn upload_large(&self, file: FileUpload, public: bool) -> UploadLarge {
        UploadLarge {
            files: self.clone(),
            file,
            public,
            options: CallOptions::default(),
        }
    }

    /// Makes room for a file, and tells where its content goes: the first half of [`Files::upload_large`]. Not
    /// repeated when it fails on the way.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::{model::CreateFileInput, resources::FileUpload};
    /// let prepared = client.files().create(CreateFileInput::new("handbook.pdf")).await?;
    /// client.files().store(&prepared, FileUpload::path("handbook.pdf")).await?;
    /// println!("{}", prepared.file().id);
    /// # Ok(()) }
    /// ```
    pub fn create(&self, file: CreateFileInput) -> Write<PreparedUpload> {
        let variables = CreateFileVariables { file };
        Write::new(&self.client, &CREATE_FILE, &variables)
    }

    /// Posts a file's content to where [`Files::create`] said. The storage host gets neither token nor cookie.
    ///
    /// An attempt may take an hour unless [`Store::options`] says otherwise. Bytes and files are sent again when an
    /// attempt fails; a stream can be read only once.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client, prepared: pluvo_sdk::resources::PreparedUpload) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::resources::FileUpload;
    /// client.files().store(&prepared, FileUpload::bytes("note.txt", "Hello")).await?;
    /// # Ok(()) }
    /// ```
    pub fn store(&self, prepared: &PreparedUpload, file: FileUpload) -> Store {
        Store::new(self.client.clone(), prepared.clone(), file)
    }
}

/// A large file that is about to be uploaded. Await it.
#[derive(Debug)]
#[must_use = "nothing is sent before it is awaited"]
pub struct UploadLarge {
    files: Files,
    file: FileUpload,
    public: bool,
    options: CallOptions,
}

impl UploadLarge {
    /// Sets what differs for this call.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    async fn send(self) -> Result<File> {
        let input = CreateFileInput {
            public: Some(self.public),
            ..CreateFileInput::new(self.file.name())
        };
        let prepared = self.files.create(input).options(self.options.clone()).await?;
        self.files
            .store(&prepared, self.file)
            .options(self.options)
            .await?;
        Ok(prepared.file().clone())
    }
}

impl IntoFuture for UploadLarge {
    type Output = Result<File>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
