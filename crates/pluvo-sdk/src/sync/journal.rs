//! What was done, written down while it is done, so that an interrupted sync can go on.

use crate::error::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

/// A file with a line for each step that was done.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    done: HashSet<String>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    /// The step's fingerprint.
    done: String,
    who: String,
    action: String,
}

impl Journal {
    /// Opens it, and reads what was done before. A last line that was cut off by a crash is passed over.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let failed = |what: &str, cause: std::io::Error| {
            let text = format!("the journal {} cannot be {what}", path.display());
            Error::new(ErrorKind::Config, text).with_source(cause)
        };
        let mut options = OpenOptions::new();
        let mut file = options
            .read(true)
            .append(true)
            .create(true)
            .open(path)
            .map_err(|cause| failed("opened", cause))?;
        let mut done = HashSet::new();
        let mut ends_clean = true;
        for line in BufReader::new(&file).split(b'\n') {
            let line = line.map_err(|cause| failed("read", cause))?;
            ends_clean = line.is_empty();
            if let Ok(line) = serde_json::from_slice::<Line>(&line) {
                done.insert(line.done);
                ends_clean = true;
            }
        }
        if !ends_clean {
            file.write_all(b"\n").map_err(|cause| failed("written", cause))?;
        }
        Ok(Self {
            path: path.to_owned(),
            file,
            done,
        })
    }

    pub(super) fn has(&self, fingerprint: &str) -> bool {
        self.done.contains(fingerprint)
    }

    /// Writes a step down before the next is counted as done.
    pub(super) fn write(&mut self, fingerprint: &str, who: &str, action: &str) -> Result<()> {
        let line = Line {
            done: fingerprint.to_owned(),
            who: who.to_owned(),
            action: action.to_owned(),
        };
        let mut text = serde_json::to_vec(&line).unwrap_or_default();
        text.push(b'\n');
        self.file
            .write_all(&text)
            .and_then(|()| self.file.flush())
            .map_err(|cause| {
                let text = format!(
                    "the journal {} cannot be written; the sync stops here",
                    self.path.display()
                );
                Error::new(ErrorKind::Config, text).with_source(cause)
            })
    }
}
