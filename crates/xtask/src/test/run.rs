//! Running a command while reading its counts.

use std::fmt;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use super::counts::Counts;

/// One command of a face.
pub(crate) struct Step {
    pub(crate) command: &'static [&'static str],
    pub(crate) reads: Reads,
}

/// How a command says what it counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reads {
    /// As `cargo test`: a closing line per test target.
    Cargo,
    /// As this command: `N passed, N failed, N skipped` on the last line.
    LastLine,
}

/// A script found that a tool is lacking: what it said last.
#[derive(Debug)]
pub(crate) struct Lacking(pub(crate) String);

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Lacking {}

/// With what a face's script ends where a tool is lacking.
pub(crate) const LACKING: i32 = 3;

/// A command that runs at the root of the project.
pub(crate) fn command(line: &[&str]) -> Command {
    let mut command = Command::new(line[0]);
    command.args(&line[1..]).current_dir(crate::root());
    command
}

/// Text without the colours that some programs write into pipes too.
pub(crate) fn plain(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default();
    let rest = parts.map(|part| part.split_once('m').map_or(part, |(_, text)| text));
    std::iter::once(first).chain(rest).collect()
}

/// Runs a step, showing its output as it comes, and gives the counts of its parts.
pub(crate) fn step(step: &Step) -> Result<Vec<(String, Counts)>> {
    let line = step.command.join(" ");
    println!("$ {line}");
    // One pipe for both streams: cargo names a test target on one and the target counts on the other.
    let (reader, writer) = io::pipe()?;
    let mut child = {
        let mut command = command(step.command);
        command
            .env("CARGO_TERM_COLOR", "never")
            .stdout(writer.try_clone()?)
            .stderr(writer);
        command.spawn().with_context(|| format!("cannot run `{line}`"))?
        // The command, and with it this side of the pipe, ends here: the reader would wait for it else.
    };
    let mut reading = Reading::new(step.reads);
    let mut reader = BufReader::new(reader);
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes)? > 0 {
        let text = String::from_utf8_lossy(&bytes);
        print!("{text}");
        io::stdout().flush()?;
        reading.line(&text);
        bytes.clear();
    }
    let status = child.wait()?;
    if step.reads == Reads::LastLine && status.code() == Some(LACKING) {
        bail!(Lacking(reading.last.trim().to_owned()));
    }
    reading
        .finish(status.success())
        .with_context(|| format!("`{line}` ended with {status}"))
}

/// What has been read of a command's output.
struct Reading {
    reads: Reads,
    parts: Vec<(String, Counts)>,
    part: String,
    last: String,
}

impl Reading {
    fn new(reads: Reads) -> Self {
        Self {
            reads,
            parts: Vec::new(),
            part: String::new(),
            last: String::new(),
        }
    }

    fn line(&mut self, line: &str) {
        match self.reads {
            Reads::Cargo => {
                if let Some(name) = target(line) {
                    self.part = name;
                } else if let Some(counts) = Counts::from_cargo(line) {
                    match self.parts.iter_mut().find(|(name, _)| *name == self.part) {
                        Some((_, known)) => *known = [*known, counts].into_iter().sum(),
                        None => self.parts.push((self.part.clone(), counts)),
                    }
                }
            }
            Reads::LastLine => {
                let line = plain(line);
                if !line.trim().is_empty() {
                    self.last = line;
                }
            }
        }
    }

    /// The counts, if they and the exit status tell the same.
    fn finish(mut self, succeeded: bool) -> Result<Vec<(String, Counts)>> {
        if self.reads == Reads::LastLine {
            let counts = Counts::from_plain(&self.last).context("the last line is no count of tests")?;
            self.parts.push((String::new(), counts));
        }
        let total: Counts = self.parts.iter().map(|(_, counts)| *counts).sum();
        ensure!(total != Counts::default(), "no test was run");
        if !succeeded && total.failed == 0 {
            bail!("not everything was run");
        }
        Ok(self.parts)
    }
}

/// The crate or test file that cargo says it runs next.
fn target(line: &str) -> Option<String> {
    let line = line.trim();
    if let Some(name) = line.strip_prefix("Doc-tests ") {
        return Some(format!("{name} (documentation)"));
    }
    let (_, executable) = line.strip_prefix("Running ")?.rsplit_once('(')?;
    let executable = executable.strip_suffix(')')?.rsplit(['/', '\\']).next()?;
    Some(
        executable
            .rsplit_once('-')
            .map_or(executable, |(name, _hash)| name)
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(reads: Reads, output: &str, succeeded: bool) -> Result<Vec<(String, Counts)>> {
        let mut reading = Reading::new(reads);
        output.lines().for_each(|line| reading.line(line));
        reading.finish(succeeded)
    }

    const CARGO: &str = "
     Running unittests src/lib.rs (target/debug/deps/pluvo_sdk-0123456789abcdef)
test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s
     Running tests/scenarios.rs (target/debug/deps/scenarios-0123456789abcdef)
test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s
   Doc-tests pluvo_sdk
test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s
test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s
";

    #[test]
    fn the_targets_of_cargo_are_told_apart() {
        let counts = |passed, failed, skipped| Counts {
            passed,
            failed,
            skipped,
        };
        let expected = vec![
            ("pluvo_sdk".to_owned(), counts(5, 0, 1)),
            ("scenarios".to_owned(), counts(2, 1, 0)),
            ("pluvo_sdk (documentation)".to_owned(), counts(3, 0, 0)),
        ];
        assert_eq!(read(Reads::Cargo, CARGO, false).unwrap(), expected);
    }

    #[test]
    fn a_run_that_broke_off_does_not_pass() {
        let before = "test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
        assert!(read(Reads::Cargo, before, false).is_err());
        assert!(read(Reads::Cargo, "error: could not compile", false).is_err());
        assert!(read(Reads::Cargo, "", true).is_err());
        assert!(
            read(
                Reads::LastLine,
                "3 passed, 0 failed, 0 skipped\n\nthen it broke",
                true
            )
            .is_err()
        );
        assert!(read(Reads::LastLine, "3 passed, 0 failed, 0 skipped", false).is_err());
    }

    #[test]
    fn the_last_line_that_says_something_counts() {
        let parts = read(Reads::LastLine, "ok 1\n3 passed, 1 failed, 2 skipped\n\n", false).unwrap();
        assert_eq!(
            parts,
            [(
                String::new(),
                Counts {
                    passed: 3,
                    failed: 1,
                    skipped: 2
                }
            )]
        );
    }

    #[test]
    fn colours_are_no_part_of_a_version() {
        assert_eq!(
            plain("\u{1b}[0m\u{1b}[1mApache Maven 3.8.7\u{1b}[m"),
            "Apache Maven 3.8.7"
        );
        assert_eq!(plain("v20.1.0"), "v20.1.0");
    }

    #[test]
    fn colours_before_a_count_are_passed_over() {
        let parts = read(
            Reads::LastLine,
            "\u{1b}[0m\u{1b}[0m3 passed, 0 failed, 0 skipped\n\u{1b}[0m",
            true,
        );
        assert_eq!(parts.unwrap()[0].1.passed, 3);
    }

    #[test]
    fn a_command_is_run_and_counted() {
        let counted = step(&Step {
            command: &["echo", "1 passed, 0 failed, 0 skipped"],
            reads: Reads::LastLine,
        });
        assert_eq!(counted.unwrap()[0].1.passed, 1);
        let broken = step(&Step {
            command: &["a-program-that-is-not-there"],
            reads: Reads::LastLine,
        });
        assert!(broken.unwrap_err().to_string().contains("cannot run"));
    }

    #[test]
    fn a_script_that_lacks_a_tool_says_so() {
        let lacking = step(&Step {
            command: &["bash", "-c", "echo quern is lacking; exit 3"],
            reads: Reads::LastLine,
        });
        let lacking = lacking.unwrap_err().downcast::<Lacking>().unwrap();
        assert_eq!(lacking.to_string(), "quern is lacking");
        let broken = step(&Step {
            command: &["bash", "-c", "exit 3"],
            reads: Reads::Cargo,
        });
        assert!(!broken.unwrap_err().is::<Lacking>());
    }
}
