//! `cargo xtask codegen`: writes what the schema and the operations say in the languages of the SDK.
#![expect(
    clippy::format_push_string,
    clippy::format_collect,
    reason = "code is put together as text, and how often that allocates does not matter"
)]

mod calls;
#[cfg(test)]
mod calls_tests;
pub(crate) mod ir;
mod kotlin;
mod operations;
mod pages;
mod python;
mod rust;
mod schema;
mod shapes;
mod surface;
mod swift;
#[cfg(test)]
mod tests;
mod typescript;
pub(crate) mod words;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use ir::{Ir, Shared};

/// A generated file: its path from the root of the project, and its text.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// Writes one language's files over the intermediate form.
struct Emitter {
    /// Folders and files that hold nothing but what this emitter writes.
    owns: &'static [&'static str],
    emit: fn(&Ir) -> Result<Vec<File>>,
}

/// Every language that is generated.
const EMITTERS: &[Emitter] = &[
    Emitter {
        owns: python::OWNS,
        emit: python::emit,
    },
    Emitter {
        owns: rust::OWNS,
        emit: rust::emit,
    },
    Emitter {
        owns: kotlin::OWNS,
        emit: kotlin::emit,
    },
    Emitter {
        owns: swift::OWNS,
        emit: swift::emit,
    },
    Emitter {
        owns: &[],
        emit: |ir| Ok(surface::emit(ir)),
    },
    Emitter {
        owns: &[],
        emit: |ir| Ok(vec![sdl(ir)]),
    },
    Emitter {
        owns: typescript::OWNS,
        emit: |ir| Ok(typescript::emit(ir)),
    },
];

/// The schema for the sandbox, which is published without the folder that the schema lies in.
fn sdl(ir: &Ir) -> File {
    File {
        path: "crates/pluvo-sandbox/src/pluvo.graphql".into(),
        text: format!(
            "# Copied from schema/pluvo.graphql by `cargo xtask codegen`.\n\n{}",
            ir.sdl
        ),
    }
}

/// A generated file that is not as it should be.
struct Stale {
    path: PathBuf,
    /// What it should hold; nothing where it should not be.
    text: Option<String>,
}

/// Writes all files, or with `check` fails where one differs from what would be written.
pub(crate) fn run(root: &Path, check: bool) -> Result<()> {
    let stale = stale(root)?;
    let names: Vec<String> = stale
        .iter()
        .map(|file| format!("  {}", file.path.display()))
        .collect();
    if stale.is_empty() {
        println!("Generated files are up to date.");
    } else if check {
        bail!(
            "these generated files are stale:\n{}\nRun `cargo xtask codegen` and commit them.",
            names.join("\n")
        );
    } else {
        for file in &stale {
            write(&root.join(&file.path), file.text.as_deref())
                .with_context(|| format!("cannot write {}", file.path.display()))?;
        }
        println!("Written:\n{}", names.join("\n"));
    }
    Ok(())
}

fn write(path: &Path, text: Option<&str>) -> Result<()> {
    match text {
        Some(text) => {
            fs::create_dir_all(path.parent().context("a file at the root")?)?;
            fs::write(path, text)?;
        }
        None => fs::remove_file(path)?,
    }
    Ok(())
}

/// The files that differ from what the schema and the operations say.
fn stale(root: &Path) -> Result<Vec<Stale>> {
    let ir = load(root)?;
    let mut stale = Vec::new();
    for emitter in EMITTERS {
        let files = (emitter.emit)(&ir)?;
        let strays = strays(root, emitter, &files)?;
        stale.extend(strays.into_iter().map(|path| Stale { path, text: None }));
        let differs =
            |file: &File| fs::read_to_string(root.join(&file.path)).ok().as_ref() != Some(&file.text);
        let changed = files.into_iter().filter(differs);
        stale.extend(changed.map(|file| Stale {
            path: file.path,
            text: Some(file.text),
        }));
    }
    Ok(stale)
}

/// Reads the schema, every file of operations, and the calls.
pub(crate) fn load(root: &Path) -> Result<Ir> {
    let read =
        |path: &Path| fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()));
    let sdl = read(&root.join("schema/pluvo.graphql"))?;
    let schema = schema::parse(&sdl)?;
    let types = schema::types(&schema).context("schema/pluvo.graphql")?;

    let mut operations = Vec::new();
    for path in listed(&root.join("schema/operations"))? {
        if path.extension().is_some_and(|ext| ext == "graphql") {
            let resource = path
                .file_stem()
                .and_then(|s| s.to_str())
                .context("a file name that is no text")?;
            operations.extend(operations::read(&schema, resource, &read(&path)?)?);
        }
    }
    let mut names = BTreeSet::new();
    for operation in &operations {
        if !names.insert(&operation.name) {
            bail!("two operations are called {}", operation.name);
        }
    }
    let schema::Types {
        enums,
        objects,
        unions,
        inputs,
    } = types;
    let mut ir = Ir {
        sdl,
        enums,
        objects,
        unions,
        inputs,
        operations,
        shared: Shared::default(),
        calls: Vec::new(),
    };
    calls::read(&mut ir, &read(&root.join("schema/calls.json"))?).context("schema/calls.json")?;
    Ok(ir)
}

/// Files in an emitter's folders that it no longer writes.
fn strays(root: &Path, emitter: &Emitter, files: &[File]) -> Result<Vec<PathBuf>> {
    let mut strays = Vec::new();
    for owned in emitter.owns {
        let folder = root.join(owned);
        if folder.is_dir() {
            for path in listed(&folder)?.into_iter().filter(|path| path.is_file()) {
                let path = path.strip_prefix(root)?.to_owned();
                if !files.iter().any(|file| file.path == path) {
                    strays.push(path);
                }
            }
        }
    }
    Ok(strays)
}

/// The entries of a folder, in order.
fn listed(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
