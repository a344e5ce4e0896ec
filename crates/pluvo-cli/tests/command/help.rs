//! Help, version and completions.

use crate::run::{bare, run};

fn printed(arguments: &[&str]) -> String {
    let home = tempfile::tempdir().unwrap();
    let done = run(bare(home.path()).args(arguments));
    assert_eq!((done.code, done.err.as_str()), (0, ""), "{arguments:?}");
    done.out
}

#[test]
fn help_is_as_it_was() {
    insta::assert_snapshot!("root", printed(&["--help"]));
    // Global options are in the root's help.
    let own = |arguments: &[&str]| {
        let help = printed(&[arguments, &["-h"]].concat());
        help.split("Global options:")
            .next()
            .unwrap()
            .trim_end()
            .to_owned()
    };
    for words in [
        &["check"][..],
        &["query"],
        &["users"],
        &["users", "list"],
        &["users", "get"],
        &["users", "export"],
        &["users", "sync"],
        &["users", "upsert"],
        &["users", "archive"],
        &["groups"],
        &["groups", "members"],
        &["trainings"],
        &["trainings", "list"],
        &["report"],
        &["report", "list"],
        &["report", "export"],
        &["certificates"],
        &["webhook"],
        &["webhook", "verify"],
        &["webhook", "send"],
        &["webhook", "listen"],
        &["sandbox"],
        &["demo"],
        &["completions"],
    ] {
        insta::assert_snapshot!(words.join("-"), own(words));
    }
}

#[test]
fn the_version_is_the_packages() {
    assert_eq!(
        printed(&["--version"]),
        format!("pluvo {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn completions_know_the_subcommands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = printed(&["completions", shell]);
        assert!(
            script.contains("participants") && script.contains("token-cache"),
            "{shell}"
        );
    }
}

#[test]
fn the_guide_has_the_same_exit_codes() {
    let guide = include_str!("../../../../docs/guides/command.md");
    let help = printed(&["--help"]);
    let codes = help.split("Exit codes:\n").nth(1).unwrap();
    let mut count = 0;
    for line in codes.lines() {
        let (code, rest) = line.trim().split_once("  ").unwrap();
        let name = rest.split([':', ';']).next().unwrap();
        let name = if code == "0" { "ok" } else { name };
        assert!(guide.contains(&format!("| {code} | `{name}` |")), "{line}");
        count += 1;
    }
    assert_eq!(count, 20);
}

#[test]
fn the_readme_has_every_command() {
    let readme = include_str!("../../../../README.md");
    let rows: Vec<&str> = readme.lines().filter(|line| line.starts_with("| `")).collect();
    let help = printed(&["--help"]);
    let commands = help.split("Commands:\n").nth(1).unwrap();
    let mut count = 0;
    for line in commands.lines().take_while(|line| line.starts_with("  ")) {
        let Some(name) = line
            .split_whitespace()
            .next()
            .filter(|_| !line.starts_with("   "))
        else {
            continue;
        };
        let is_of = |row: &&str| row.contains(&format!("`{name}")) || name == "help";
        assert!(rows.iter().any(is_of), "the README does not have {name}");
        count += 1;
    }
    assert!(count >= 11, "{count}");
}
