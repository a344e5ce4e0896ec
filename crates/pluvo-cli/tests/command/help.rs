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
