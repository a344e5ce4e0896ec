//! Running the command in surroundings of its own.

use pluvo_sandbox::{Builder, Sandbox};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A sandbox, and a folder that is everything the command finds of a home.
pub(crate) struct Bench {
    // Dropped first: the sandbox lives on the runtime.
    pub(crate) sandbox: Sandbox,
    _runtime: Runtime,
    folder: TempDir,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Bench {
    /// A sandbox of 60 people.
    pub(crate) fn new() -> Self {
        Self::with(Sandbox::builder())
    }

    pub(crate) fn with(builder: Builder) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let sandbox = runtime.block_on(builder.start()).unwrap();
        Self {
            sandbox,
            _runtime: runtime,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the folder.
    pub(crate) fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// The command with nothing in its environment but a home; the client's waits take no time.
    pub(crate) fn bare(&self) -> Command {
        bare(self.folder.path())
    }

    /// The command, pointed at the sandbox.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.bare();
        command
            .args(arguments)
            .env("PLUVO_BASE_URL", self.sandbox.url())
            .env("PLUVO_CLIENT_ID", self.sandbox.client_id())
            .env("PLUVO_CLIENT_SECRET", self.sandbox.client_secret());
        command
    }

    pub(crate) fn pluvo(&self, arguments: &[&str]) -> Done {
        run(&mut self.command(arguments))
    }

    /// A run that must succeed and say nothing on standard error; what it printed.
    pub(crate) fn prints(&self, arguments: &[&str]) -> String {
        let done = self.pluvo(arguments);
        assert_eq!((done.code, done.err.as_str()), (0, ""), "{arguments:?}");
        done.out
    }

    /// The rows that a run prints as JSON lines.
    pub(crate) fn rows(&self, arguments: &[&str]) -> Vec<serde_json::Value> {
        rows(&self.prints(arguments))
    }
}

/// The command with nothing in its environment but a home.
pub(crate) fn bare(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pluvo"));
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("PLUVO_TEST_CLOCK", "held")
        .current_dir(home)
        .stdin(Stdio::null());
    command
}

pub(crate) fn run(command: &mut Command) -> Done {
    done(&command.output().unwrap())
}

pub(crate) fn run_with_input(command: &mut Command, input: &str) -> Done {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    done(&child.wait_with_output().unwrap())
}

pub(crate) fn done(output: &Output) -> Done {
    Done {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout.clone()).unwrap(),
        err: String::from_utf8(output.stderr.clone()).unwrap(),
    }
}

pub(crate) fn rows(lines: &str) -> Vec<serde_json::Value> {
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

impl Done {
    /// The error as `--error-format json` tells it.
    pub(crate) fn error(&self) -> serde_json::Value {
        let line: serde_json::Value = serde_json::from_str(self.err.lines().last().unwrap()).unwrap();
        line["error"].clone()
    }

    /// A failure with this exit code that says this.
    pub(crate) fn fails(&self, code: i32, says: &str) {
        assert_eq!(self.code, code, "{self:?}");
        assert!(self.err.contains(says), "{self:?}");
    }
}
