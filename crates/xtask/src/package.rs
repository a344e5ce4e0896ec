//! `cargo xtask package`: what is published for a language, as far as it can be made on this machine.

use std::env;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum;

use crate::test::run;

/// A language with a package of its own.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Language {
    Rust,
    Python,
    Node,
    Kotlin,
    Swift,
}

impl Language {
    /// Makes the package. Scripts get the folder for it, and say themselves what is left to do elsewhere.
    fn command(self, folder: &str) -> Vec<&str> {
        match self {
            Self::Rust => vec![
                "cargo",
                "package",
                "--package",
                "pluvo-sdk",
                "--package",
                "pluvo-sandbox",
            ],
            Self::Python => vec!["python/run", "package", folder],
            Self::Node => vec!["node/package", folder],
            Self::Kotlin => vec!["bindings/kotlin/package", folder],
            Self::Swift => vec!["bindings/swift/package", folder],
        }
    }
}

/// Makes the package of one language.
pub(crate) fn package(language: Language) -> Result<()> {
    let target = target()?;
    let folder = target
        .join("package")
        .join(format!("{language:?}").to_lowercase());
    fs::create_dir_all(&folder)?;
    let folder = folder.to_string_lossy();
    let command = language.command(&folder);
    let line = command.join(" ");
    println!("$ {line}");
    let status = run::command(&command).status()?;
    ensure!(status.success(), "`{line}` ended with {status}");
    if let Language::Rust = language {
        println!(
            "\nThe crates are in {}.\n\nNot made here:\n- pluvo-cli, which stands on a crate that is not published yet: \
             once it is, `cargo package --package pluvo-cli`\n- publishing: `publish = false` in Cargo.toml keeps them \
             from being published by mistake; without it `cargo publish`, pluvo-cli last",
            target.join("package").display()
        );
    }
    Ok(())
}

/// Cargo's folder, in which this program lies: `target/debug/xtask`.
fn target() -> Result<PathBuf> {
    let program = env::current_exe()?;
    let target = program.ancestors().nth(2);
    Ok(target
        .context("this program lies in no folder of cargo's")?
        .to_owned())
}
