//! What the README says, done as it says it.

use crate::run::Bench;
use pluvo_sandbox::Sandbox;
use std::path::Path;
use std::process::Command;

const README: &str = include_str!("../../../../README.md");
const PROGRAM: &str = include_str!("../../../pluvo-sdk/examples/list_users.rs");

/// The code blocks of the README that begin like this.
fn blocks(opening: &str) -> Vec<&'static str> {
    let blocks = README.split("\n```").skip(1).step_by(2);
    blocks.filter_map(|block| block.strip_prefix(opening)).collect()
}

#[cfg(unix)]
#[test]
fn every_command_line_of_the_readme_works() {
    let bench = Bench::with(Sandbox::builder().users(500));
    let folder = Path::new(env!("CARGO_BIN_EXE_pluvo")).parent().unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let lines: Vec<_> = blocks("sh\n").into_iter().flat_map(str::lines).collect();
    let runs = |line: &&&str| line.starts_with("pluvo ") && !line.ends_with('&');
    let mut count = 0;
    for line in lines.iter().filter(runs) {
        let surroundings = bench.command(&[]);
        let mut command = Command::new("sh");
        command
            .args(["-c", line])
            .current_dir(surroundings.get_current_dir().unwrap());
        command.envs(
            surroundings
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        let output = command.env("PATH", &path).output().unwrap();
        assert!(output.status.success(), "{line}: {output:?}");
        assert!(
            !output.stdout.is_empty() || line.contains("-o "),
            "{line} prints nothing"
        );
        count += 1;
    }
    assert!(count >= 4, "{count} lines were run");
    assert!(bench.path("users.parquet").exists());
    let sandbox = lines
        .iter()
        .find(|line| line.starts_with("pluvo sandbox "))
        .unwrap();
    assert!(sandbox.contains("--port 8787"), "{sandbox}");
    assert!(
        lines
            .iter()
            .any(|line| line.contains("PLUVO_BASE_URL=http://127.0.0.1:8787 PLUVO_CLIENT_ID=sandbox"))
    );
}

#[test]
fn the_program_of_the_readme_is_the_example() {
    let program = blocks("rust,no_run\n").remove(0).trim();
    assert!(
        PROGRAM.contains(program),
        "examples/list_users.rs differs from the README:\n{program}"
    );
}
