//! What the command asks on a terminal, and what it does with the answer.

use crate::run::Bench;
use crate::sync::data;
use nix::pty::openpty;
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Nothing here takes so long. It only ends a test that would otherwise wait for ever.
const PATIENCE: Duration = Duration::from_secs(120);

/// The command on a terminal of its own, ended when it is dropped.
struct Terminal {
    child: Child,
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    shown: String,
}

impl Terminal {
    fn new(bench: &Bench, arguments: &[&str]) -> Self {
        let pty = openpty(None, None).unwrap();
        let end = || Stdio::from(pty.slave.try_clone().unwrap());
        let child = bench
            .command(arguments)
            .stdin(end())
            .stdout(end())
            .stderr(end())
            .spawn()
            .unwrap();
        let keyboard = File::from(pty.master);
        let mut glass = keyboard.try_clone().unwrap();
        let (sender, screen) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            loop {
                match glass.read(&mut bytes) {
                    Ok(count) if count > 0 => drop(sender.send(bytes[..count].to_vec())),
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    // Linux ends a terminal that nobody has open any more with an error.
                    _ => return,
                }
            }
        });
        Self {
            child,
            keyboard,
            screen,
            shown: String::new(),
        }
    }

    /// Reads on until this is shown.
    fn until(&mut self, text: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.shown.contains(text) {
            let left = end.saturating_duration_since(Instant::now());
            let bytes = self.screen.recv_timeout(left);
            let bytes = bytes.unwrap_or_else(|_| panic!("{text:?} is not shown, but {}", self.shown));
            self.shown.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    fn types(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).unwrap();
    }

    /// Reads to the end; the exit code and all that was shown.
    fn ends(mut self) -> (Option<i32>, String) {
        let end = Instant::now() + PATIENCE;
        while let Ok(bytes) = self
            .screen
            .recv_timeout(end.saturating_duration_since(Instant::now()))
        {
            self.shown.push_str(&String::from_utf8_lossy(&bytes));
        }
        assert!(Instant::now() < end, "it does not end, but shows {}", self.shown);
        let code = self.child.wait().unwrap().code();
        (code, std::mem::take(&mut self.shown))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended by itself already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn bench() -> Bench {
    let bench = Bench::new();
    bench.write(
        "people.csv",
        "ref,name,email\nN-1,New One,n1@example.com\nN-2,No Address,\n",
    );
    bench.write(
        "map.toml",
        "[columns]\nref = \"ref\"\nname = \"name\"\nemail = \"email\"\n",
    );
    bench
}

const SYNC: [&str; 5] = ["users", "sync", "people.csv", "--map", "map.toml"];

fn is_there(bench: &Bench) -> bool {
    !bench.rows(&["users", "list", "--q", "n1@example.com"]).is_empty()
}

#[test]
fn the_plan_is_shown_and_a_yes_applies_it() {
    for yes in ["y\n", "Yes\n"] {
        let bench = bench();
        let mut terminal = Terminal::new(&bench, &SYNC);
        terminal.until("[y/N] ");
        for shown in ["2 rows", "N-1", "New One", "to create", "N-2", "Apply it: "] {
            assert!(terminal.shown.contains(shown), "{shown}: {}", terminal.shown);
        }
        assert!(!is_there(&bench), "nothing is written before the answer");
        terminal.types(yes);
        let (code, shown) = terminal.ends();
        assert_eq!(code, Some(0), "{shown}");
        assert!(
            shown.contains("1 created, 0 updated, 0 as they were, 0 failed"),
            "{shown}"
        );
        assert!(is_there(&bench) && bench.sandbox.outbox().is_empty());
    }
}

#[test]
fn anything_but_a_yes_writes_nothing() {
    // Ctrl-D at the beginning of a line ends the input.
    for no in ["n\n", "\n", "yesterday\n", "\u{4}"] {
        let bench = bench();
        let mut terminal = Terminal::new(&bench, &SYNC);
        terminal.until("[y/N] ");
        terminal.types(no);
        let (code, shown) = terminal.ends();
        assert_eq!(code, Some(0), "{shown}");
        assert!(shown.contains("Nothing was written."), "{no:?}: {shown}");
        assert!(!is_there(&bench));
    }
}

#[test]
fn nobody_is_asked_where_there_is_nothing_to_answer() {
    let bench = bench();
    let shown = |more: &[&str]| Terminal::new(&bench, &[&SYNC, more].concat()).ends();
    let (code, dry) = shown(&["--dry-run"]);
    assert_eq!(
        (code, dry.contains("[y/N]"), is_there(&bench)),
        (Some(0), false, false),
        "{dry}"
    );
    let (code, strict) = shown(&["--strict"]);
    assert_eq!(
        (code, strict.contains("[y/N]"), is_there(&bench)),
        (Some(7), false, false)
    );
    assert!(strict.contains("--strict allows none"), "{strict}");
    let (code, yes) = shown(&["--yes"]);
    assert_eq!(
        (code, yes.contains("[y/N]"), is_there(&bench)),
        (Some(0), false, true),
        "{yes}"
    );
    let (code, again) = shown(&[]);
    assert_eq!((code, again.contains("[y/N]")), (Some(0), false), "{again}");
}

#[test]
fn a_long_plan_fits_the_terminal_and_is_told_to_be_longer() {
    let bench = Bench::new();
    let (file, map) = (data("medewerkers-utf8.csv"), data("afas.toml"));
    let words = [
        "users",
        "sync",
        &file,
        "--map",
        &map,
        "--today",
        "2026-06-01",
        "--dry-run",
    ];
    let (code, shown) = Terminal::new(&bench, &words).ends();
    assert_eq!(code, Some(0), "{shown}");
    assert!(
        shown.contains("more: --format json or html has all of them"),
        "{shown}"
    );
}
