//! Tokens shared between processes.

use crate::secret::Secret;
use crate::time::BoxFuture;
use serde::{Deserialize, Serialize};
use std::any::Any;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A token as it is kept between processes.
#[derive(Debug, Clone)]
pub struct StoredToken {
    /// Whose token it is; one of another client is ignored.
    pub key: String,
    /// The token.
    pub token: Secret,
    /// When it ends, by the calendar.
    pub expires_at: SystemTime,
    /// What it may do, where that is known.
    pub scopes: Option<Vec<String>>,
}

/// Held while a process looks for a token and fetches one; dropping it lets the next process go on.
pub type StoreGuard = Box<dyn Any + Send>;

/// Keeps a token for other processes. It may fail at any time: then each process fetches its own.
pub trait TokenStore: fmt::Debug + Send + Sync + 'static {
    /// Waits until no other process is fetching.
    fn lock(&self) -> BoxFuture<'_, StoreGuard> {
        Box::pin(async { Box::new(()) as StoreGuard })
    }
    /// The token that was saved last, if it can be read.
    fn load(&self) -> BoxFuture<'_, Option<StoredToken>>;
    /// Saves a token.
    fn save(&self, token: StoredToken) -> BoxFuture<'_, ()>;
}

/// A token in a file of mode 0600. A file that cannot be read or written is passed over with a warning.
///
/// ```
/// # let path = std::env::temp_dir().join("pluvo-doc-token.json");
/// let client = pluvo_sdk::Client::builder("acme")
///     .credentials("id", "secret")
///     .token_store(pluvo_sdk::auth::FileStore::new(path))
///     .build()?;
/// # Ok::<(), pluvo_sdk::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct FileStore {
    path: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Contents {
    key: String,
    access_token: String,
    expires_at: u64,
    scopes: Option<Vec<String>>,
}

/// How long to wait for another process before fetching all the same.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(25);

impl FileStore {
    /// Keeps the token at this path. Beside it stands a `.lock` file, by which processes wait for each other.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    fn read(&self) -> io::Result<Option<StoredToken>> {
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        refuse_if_open_to_others(&file)?;
        let mut text = String::new();
        Read::by_ref(&mut file).take(1 << 16).read_to_string(&mut text)?;
        let not_ours = || io::Error::other("it is not a token file");
        let contents: Contents = serde_json::from_str(&text).map_err(|_| not_ours())?;
        let expires_at = UNIX_EPOCH
            .checked_add(Duration::from_secs(contents.expires_at))
            .ok_or_else(not_ours)?;
        Ok(Some(StoredToken {
            key: contents.key,
            token: Secret::new(contents.access_token),
            expires_at,
            scopes: contents.scopes,
        }))
    }

    /// Written aside and renamed, so that nobody reads half a token.
    fn write(&self, token: &StoredToken) -> io::Result<()> {
        let contents = Contents {
            key: token.key.clone(),
            access_token: token.token.expose().to_owned(),
            expires_at: token
                .expires_at
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default()
                .as_secs(),
            scopes: token.scopes.clone(),
        };
        let aside = with_suffix(&self.path, &format!(".{}.tmp", std::process::id()));
        let written = private_file(&aside).and_then(|mut file| {
            file.write_all(serde_json::to_string(&contents)?.as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&aside, &self.path)
        });
        if written.is_err() {
            // What is left over must not stay behind with a token in it.
            let _ = std::fs::remove_file(&aside);
        }
        written
    }

    fn warn(&self, what: &str, error: &io::Error) {
        tracing::warn!(target: "pluvo_sdk::auth", path = %self.path.display(), %error, "the token file cannot be {what}; going on without it");
    }
}

impl TokenStore for FileStore {
    fn lock(&self) -> BoxFuture<'_, StoreGuard> {
        Box::pin(async move {
            let file = match private_file(&with_suffix(&self.path, ".lock")) {
                Ok(file) => file,
                Err(error) => {
                    self.warn("locked", &error);
                    return Box::new(()) as StoreGuard;
                }
            };
            // A real wait even where a test holds the clock: the other process has a clock of its own.
            for _ in 0..PATIENCE.as_millis() / LOOK_AGAIN.as_millis() {
                match file.try_lock() {
                    Ok(()) => break,
                    Err(_) => tokio::time::sleep(LOOK_AGAIN).await,
                }
            }
            Box::new(file) as StoreGuard
        })
    }

    fn load(&self) -> BoxFuture<'_, Option<StoredToken>> {
        let loaded = self.read().unwrap_or_else(|error| {
            self.warn("read", &error);
            None
        });
        Box::pin(async { loaded })
    }

    fn save(&self, token: StoredToken) -> BoxFuture<'_, ()> {
        if let Err(error) = self.write(&token) {
            self.warn("written", &error);
        }
        Box::pin(async {})
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Others could have read the token, or put one of theirs there.
fn refuse_if_open_to_others(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            return Err(io::Error::other("others may read it; its mode must be 0600"));
        }
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}
