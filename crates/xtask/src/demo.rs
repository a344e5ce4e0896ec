//! `cargo xtask demo`: what the command shows, and then the README's program in every language that the machine has the
//! tools for.

use std::env;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::cargo;
use crate::test::faces::{FACES, Face};
use crate::test::run;

/// Runs the demo. Arguments go to `pluvo demo`, which is then all that is shown.
pub(crate) fn demo(args: &[String]) -> Result<()> {
    let show = ["run", "--package", "pluvo-cli", "--bin", "pluvo", "--", "demo"];
    cargo(&show, args)?;
    if !args.is_empty() {
        return Ok(());
    }
    println!("\nThe program of the README, in each language, against a sandbox with five people:");
    let sandbox = Sandbox::start()?;
    let mut failures = Vec::new();
    for (face, line) in FACES.iter().filter_map(|face| Some((face, face.demo?))) {
        if let Err(failure) = program(face, line, &sandbox) {
            println!("{failure:#}");
            failures.push(face.name);
        }
    }
    ensure!(failures.is_empty(), "the demo failed in {}", failures.join(", "));
    Ok(())
}

/// Runs the program of one language.
fn program(face: &Face, line: &[&str], sandbox: &Sandbox) -> Result<()> {
    println!("\n== {}", face.name);
    let lacks: Vec<String> = face.needs.iter().filter_map(|tool| tool.probe().err()).collect();
    if !lacks.is_empty() {
        println!("not shown: {}", lacks.join("; "));
        return Ok(());
    }
    println!("$ {}", line.join(" "));
    let mut command = run::command(line);
    command
        .env("PLUVO_BASE_URL", &sandbox.url)
        .env("PLUVO_CLIENT_ID", &sandbox.id)
        .env("PLUVO_CLIENT_SECRET", &sandbox.secret)
        .env("PLUVO_COMMAND", &sandbox.command)
        .env_remove("PLUVO_ORGANIZATION")
        .env_remove("PLUVO_ACCESS_TOKEN")
        .env_remove("PLUVO_SCOPES");
    let status = command
        .status()
        .with_context(|| format!("cannot run `{}`", line.join(" ")))?;
    match status.code() {
        Some(run::LACKING) => println!("not shown: a tool is lacking"),
        _ => ensure!(status.success(), "`{}` ended with {status}", line.join(" ")),
    }
    Ok(())
}

/// `pluvo sandbox`, until it is dropped.
struct Sandbox {
    child: Child,
    /// Held open: whoever writes to a closed pipe ends.
    output: Option<BufReader<ChildStdout>>,
    command: PathBuf,
    url: String,
    id: String,
    secret: String,
}

impl Sandbox {
    fn start() -> Result<Self> {
        // It was built for the command's own demo, into the folder that this program lies in.
        let command = env::current_exe()?.with_file_name(format!("pluvo{}", env::consts::EXE_SUFFIX));
        let mut child = Command::new(&command)
            .args(["sandbox", "--port", "0", "--users", "5", "--format", "json"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot run {}", command.display()))?;
        let stdout = child
            .stdout
            .take()
            .context("the sandbox has no standard output")?;
        let mut sandbox = Self {
            child,
            output: None,
            command,
            url: String::new(),
            id: String::new(),
            secret: String::new(),
        };
        let mut line = String::new();
        sandbox
            .output
            .insert(BufReader::new(stdout))
            .read_line(&mut line)?;
        let said: Value = serde_json::from_str(&line).context("the sandbox did not start")?;
        let text = |name: &str| {
            let value = said[name].as_str().map(str::to_owned);
            value.with_context(|| format!("the sandbox does not tell its {name}"))
        };
        sandbox.url = text("url")?;
        sandbox.id = text("client_id")?;
        sandbox.secret = text("client_secret")?;
        Ok(sandbox)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing left to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::root;

    #[test]
    fn the_readme_shows_the_programs_that_are_run() {
        let readme = fs::read_to_string(root().join("README.md")).unwrap();
        // What stands above a program, where it is run from a file, is a remark and not a part of it.
        for (path, begins) in [
            ("crates/pluvo-sdk/examples/list_users.rs", "#[tokio::main]"),
            ("python/examples/quickstart.py", "import "),
            ("node/examples/list-users.js", "import "),
            ("bindings/kotlin/samples/quickstart/Quickstart.kt", "import "),
            ("bindings/swift/Examples/ListUsers/main.swift", "import "),
        ] {
            let file = format!("\n{}", fs::read_to_string(root().join(path)).unwrap());
            let (_, program) = file.split_once(&format!("\n{begins}")).unwrap();
            assert!(
                readme.contains(&format!("\n{begins}{}", program.trim_end())),
                "{path}"
            );
        }
    }
}
