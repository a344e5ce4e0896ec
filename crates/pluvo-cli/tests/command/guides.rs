//! What the README and the guides show of the shell, done as they show it.

use crate::run::{Done, bare, done, rows};
use std::collections::BTreeMap;
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use tempfile::TempDir;

const README: &str = include_str!("../../../../README.md");
const PROGRAM: &str = include_str!("../../../pluvo-sdk/examples/list_users.rs");
/// The ports that the pages name. Each becomes one that is free.
const PORTS: [&str; 4] = ["8787", "8788", "8789", "9000"];

/// The code blocks of a page that begin like this.
fn blocks<'a>(page: &'a str, opening: &str) -> Vec<&'a str> {
    let blocks = page.split("\n```").skip(1).step_by(2);
    blocks.filter_map(|block| block.strip_prefix(opening)).collect()
}

/// A page's shell, one line after the other.
struct Shell {
    /// A folder of its own, with the project's test data in it.
    folder: TempDir,
    variables: BTreeMap<String, String>,
    ports: Vec<(&'static str, String)>,
    servers: Vec<Server>,
    done: Vec<(String, Done)>,
}

/// What was started with `&`.
struct Server {
    line: String,
    child: Child,
    out: JoinHandle<String>,
}

impl Shell {
    /// Does all that a page shows, but what builds the project.
    fn run(page: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
        std::os::unix::fs::symlink(tests, folder.path().join("tests")).unwrap();
        // Held until all are chosen, so that no two are the same.
        let listeners = PORTS.map(|_| TcpListener::bind("127.0.0.1:0").unwrap());
        let chosen = listeners
            .iter()
            .map(|listener| listener.local_addr().unwrap().port().to_string());
        let mut shell = Self {
            folder,
            variables: BTreeMap::new(),
            ports: PORTS.into_iter().zip(chosen).collect(),
            servers: Vec::new(),
            done: Vec::new(),
        };
        drop(listeners);
        for line in blocks(page, "sh\n").into_iter().flat_map(str::lines) {
            if !(line.is_empty() || line.starts_with("cargo ")) {
                shell.line(line);
            }
        }
        shell
    }

    fn line(&mut self, shown: &str) {
        // Not every machine has it; what it asks of the sandbox is tested elsewhere.
        if shown.starts_with("curl ") && Command::new("curl").arg("--version").output().is_err() {
            return;
        }
        let mut line = shown.to_owned();
        for (name, port) in &self.ports {
            line = line.replace(name, port);
        }
        if let Some(exports) = line.strip_prefix("export ") {
            let pairs = exports
                .split_whitespace()
                .map(|pair| pair.split_once('=').unwrap());
            self.variables
                .extend(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
        } else if let Some(server) = line.strip_suffix(" &") {
            self.serve(server);
        } else {
            let output = self.command(&line).stdin(Stdio::null()).output().unwrap();
            let done = done(&output);
            assert_eq!(done.code, 0, "{shown}: {done:?}");
            self.done.push((shown.to_owned(), done));
        }
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new("sh");
        let folder = Path::new(env!("CARGO_BIN_EXE_pluvo")).parent().unwrap();
        let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
        let surroundings = bare(self.folder.path());
        command
            .args(["-c", line])
            .env_clear()
            .current_dir(self.folder.path())
            .envs(
                surroundings
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
            .envs(&self.variables)
            .env("PATH", path);
        command
    }

    /// Starts a server, and waits until it listens.
    fn serve(&mut self, line: &str) {
        let mut words = line.split_whitespace().skip_while(|word| *word != "--port");
        let address = format!("127.0.0.1:{}", words.nth(1).unwrap());
        // In the shell's place, so that what is ended is the server.
        let mut child = self
            .command(&format!("exec {line}"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut out = child.stdout.take().unwrap();
        let out = std::thread::spawn(move || {
            let mut text = String::new();
            out.read_to_string(&mut text).map(|_| text).unwrap_or_default()
        });
        while TcpStream::connect(&address).is_err() {
            assert!(child.try_wait().unwrap().is_none(), "{line} ended");
            std::thread::yield_now();
        }
        self.servers.push(Server {
            line: line.to_owned(),
            child,
            out,
        });
    }

    /// What the lines that begin like this printed.
    fn printed(&self, beginning: &str) -> Vec<&str> {
        let lines = self.done.iter().filter(|(line, _)| line.starts_with(beginning));
        lines.map(|(_, done)| done.out.as_str()).collect()
    }

    fn has(&self, file: &str) -> bool {
        self.folder.path().join(file).exists()
    }

    /// Ends the servers; what each one printed, by its line.
    fn end(&mut self) -> Vec<(String, String)> {
        let ended = self.servers.drain(..).map(|mut server| {
            drop(server.child.kill());
            drop(server.child.wait());
            (server.line, server.out.join().unwrap())
        });
        ended.collect()
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        for server in &mut self.servers {
            drop(server.child.kill());
            drop(server.child.wait());
        }
    }
}

#[test]
fn every_command_line_of_the_readme_works() {
    let shell = Shell::run(README);
    assert!(
        shell.done.len() >= 4 && shell.servers.len() == 1,
        "{}",
        shell.done.len()
    );
    for (line, done) in &shell.done {
        assert!(
            !done.out.is_empty() || line.contains("-o "),
            "{line} prints nothing"
        );
    }
    assert!(shell.has("users.parquet"));
}

#[test]
fn the_program_of_the_readme_is_the_example() {
    let program = blocks(README, "rust,no_run\n").remove(0).trim();
    assert!(
        PROGRAM.contains(program),
        "examples/list_users.rs differs from the README:\n{program}"
    );
}

/// The figures of a plan as people see them.
fn figures(text: &str) -> Vec<&str> {
    let lines = text.lines().skip_while(|line| !line.starts_with(" to create"));
    lines.take(6).collect()
}

#[test]
fn the_guide_to_hr_sync_plans_applies_is_killed_and_goes_on() {
    let guide = include_str!("../../../../docs/guides/hr-sync.md");
    let shell = Shell::run(guide);
    let [first, page, applied, second, rest, third] = shell.printed("pluvo users sync tests/data/")[..]
    else {
        panic!("{:?}", shell.done)
    };
    assert_eq!(figures(first), figures(guide), "a new plan");
    assert!(page.is_empty() && shell.has("plan.html"));
    assert!(
        applied.ends_with("2345 created, 0 updated, 0 as they were, 0 failed\n"),
        "{applied}"
    );
    // However far the run came that was killed.
    assert!(
        rest.ends_with(" 0 failed\n") || !rest.contains("Changes"),
        "{rest}"
    );
    for plan in [second, third] {
        assert!(
            !plan.contains("Changes") && figures(plan)[0].ends_with(" 0"),
            "{plan}"
        );
    }
    assert_eq!(shell.printed("timeout ").len(), 1);
}

#[test]
fn the_guide_to_webhooks_sends_receives_and_verifies() {
    let mut shell = Shell::run(include_str!("../../../../docs/guides/webhooks.md"));
    assert_eq!(shell.printed("pluvo webhook send").len(), 3);
    let verified = rows(shell.printed("pluvo webhook verify")[0]);
    assert_eq!(verified[0]["event"], "USER_CREATED");
    let ended = shell.end();
    let printed = |port: &str| {
        let (_, out) = ended.iter().find(|(line, _)| line.contains(port)).unwrap();
        let events = rows(out)
            .into_iter()
            .map(|row| row["event"].as_str().unwrap().to_owned());
        events.collect::<Vec<_>>()
    };
    let port = |shown: &str| {
        shell
            .ports
            .iter()
            .find(|(name, _)| *name == shown)
            .unwrap()
            .1
            .clone()
    };
    let mut listened = printed(&format!("listen --port {}", port("8788")));
    // The sandbox delivers when it comes to it.
    listened[2..].sort();
    assert_eq!(listened[..2], ["USER_CREATED", "USER_CREATED"]);
    assert!(
        listened[2..].contains(&"GROUP_UPDATED".to_owned()),
        "{listened:?}"
    );
    assert_eq!(
        printed(&format!("listen --port {}", port("9000"))),
        ["GROUP_UPDATED"]
    );
}

#[test]
fn the_guide_to_reporting_lists_and_exports() {
    let shell = Shell::run(include_str!("../../../../docs/guides/reporting.md"));
    assert!(shell.done.len() >= 15, "{}", shell.done.len());
    for (line, done) in &shell.done {
        if line.contains("export ") {
            let file = line
                .split_whitespace()
                .skip_while(|word| *word != "-o")
                .nth(1)
                .unwrap();
            assert!(
                shell.has(file) && !done.err.starts_with("0 rows"),
                "{line}: {}",
                done.err
            );
        } else {
            assert!(
                done.out.lines().count() > 1 || done.out.starts_with('{'),
                "{line} prints nothing"
            );
        }
    }
}
