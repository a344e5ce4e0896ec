//! `cargo xtask test`: every face of the SDK that this machine has the tools for, and one table at the end.
//!
//! What a face lacks is named with how to get it; `--require` turns that into a failure.

mod counts;
pub(crate) mod faces;
pub(crate) mod run;

use anyhow::{Result, ensure};
use clap::Args;

use counts::Counts;
use faces::{FACES, Face};

/// What to test.
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Faces that must run: a lacking tool is then a failure (`all` for every face)
    #[arg(long, value_name = "FACE", num_args = 1.., value_delimiter = ',')]
    require: Vec<String>,
    /// Run these faces and no others
    #[arg(long, value_name = "FACE", num_args = 1.., value_delimiter = ',')]
    only: Vec<String>,
}

/// What came of a face.
struct Outcome {
    face: &'static str,
    counts: Counts,
    /// The counts of each part, where the face tells them apart.
    parts: Vec<(String, Counts)>,
    note: String,
}

/// Runs the faces and prints the table. The last line is `N passed, N failed, N skipped`.
pub(crate) fn test(args: &TestArgs) -> Result<()> {
    let names: Vec<&str> = FACES.iter().map(|face| face.name).collect();
    for name in args
        .require
        .iter()
        .filter(|name| *name != "all")
        .chain(&args.only)
    {
        ensure!(
            names.contains(&name.as_str()),
            "there is no face {name}; there are: {}",
            names.join(", ")
        );
    }
    let is_required = |face: &Face| args.require.iter().any(|name| name == "all" || name == face.name);
    let is_wanted = |face: &Face| args.only.is_empty() || args.only.iter().any(|name| name == face.name);

    let outcomes: Vec<Outcome> = FACES
        .iter()
        .filter(|face| is_wanted(face))
        .map(|face| try_face(face, is_required(face)))
        .collect();
    let total: Counts = outcomes.iter().map(|outcome| outcome.counts).sum();
    println!("\n{}", table(&outcomes));
    println!("\n{total}");
    if total.failed > 0 {
        // The table has said it all; the counts stay the last line.
        std::process::exit(1);
    }
    Ok(())
}

/// Probes a face's tools, then sets it up and runs it.
fn try_face(face: &Face, is_required: bool) -> Outcome {
    println!("\n== {}: {}", face.name, face.about);
    let lacks: Vec<String> = face.needs.iter().filter_map(|tool| tool.probe().err()).collect();
    if !lacks.is_empty() {
        return not_run(face, &lacks.join("; "), is_required);
    }
    let mut parts = Vec::new();
    let mut notes = Vec::new();
    for step in face.steps {
        match run::step(step) {
            Ok(counted) => parts.extend(counted),
            Err(failure) if failure.is::<run::Lacking>() => {
                return not_run(face, &failure.to_string(), is_required);
            }
            Err(failure) => {
                println!("{failure:#}");
                parts.push((
                    String::new(),
                    Counts {
                        failed: 1,
                        ..Counts::default()
                    },
                ));
                notes.push(format!("{failure:#}"));
                // What follows stands on what failed.
                break;
            }
        }
    }
    let counts = parts.iter().map(|(_, counts)| *counts).sum();
    parts.retain(|(name, counts)| !name.is_empty() && *counts != Counts::default());
    Outcome {
        face: face.name,
        counts,
        parts,
        note: notes.join("; "),
    }
}

/// A face that lacks something: skipped, or failed where it has to run.
fn not_run(face: &Face, lacks: &str, is_required: bool) -> Outcome {
    let note = format!("not run: {lacks}");
    println!("{note}");
    Outcome {
        face: face.name,
        counts: Counts {
            failed: u64::from(is_required),
            skipped: u64::from(!is_required),
            ..Counts::default()
        },
        parts: Vec::new(),
        note,
    }
}

fn table(outcomes: &[Outcome]) -> String {
    let mut rows = vec![["face", "passed", "failed", "skipped", "note"].map(str::to_owned)];
    for outcome in outcomes {
        rows.push(row(outcome.face, outcome.counts, &outcome.note));
        rows.extend(
            outcome
                .parts
                .iter()
                .map(|(name, counts)| row(&format!("  {name}"), *counts, "")),
        );
    }
    let width = rows
        .iter()
        .map(|row| row[0].chars().count())
        .max()
        .unwrap_or_default();
    let lines = rows.iter().map(|[face, passed, failed, skipped, note]| {
        let line = format!("{face:width$}  {passed:>6}  {failed:>6}  {skipped:>7}  {note}");
        line.trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn row(name: &str, counts: Counts, note: &str) -> [String; 5] {
    let Counts {
        passed,
        failed,
        skipped,
    } = counts;
    [
        name.to_owned(),
        passed.to_string(),
        failed.to_string(),
        skipped.to_string(),
        note.to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_shows_every_face_and_its_parts() {
        let counts = Counts {
            passed: 12,
            failed: 1,
            skipped: 0,
        };
        let outcomes = [
            Outcome {
                face: "rust",
                counts,
                parts: vec![("pluvo_sdk".to_owned(), counts)],
                note: String::new(),
            },
            Outcome {
                face: "node",
                counts: Counts {
                    skipped: 1,
                    ..Counts::default()
                },
                parts: vec![],
                note: "not run: node".to_owned(),
            },
        ];
        let expected = "\
            face         passed  failed  skipped  note\n\
            rust             12       1        0\n\
            \x20 pluvo_sdk      12       1        0\n\
            node              0       0        1  not run: node";
        assert_eq!(table(&outcomes), expected);
    }
}
