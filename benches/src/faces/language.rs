//! The languages, and how their contenders are made ready.

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::process::{Command, Stdio};

/// A language that has a face of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Language {
    Python,
    Node,
    Kotlin,
    Swift,
}

/// How `setup` says that this machine cannot do it.
const LACKING: i32 = 3;

impl Language {
    pub(crate) const ALL: [Self; 4] = [Self::Python, Self::Node, Self::Kotlin, Self::Swift];

    /// What it is called on the command line and among folders.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Node => "node",
            Self::Kotlin => "kotlin",
            Self::Swift => "swift",
        }
    }

    /// What it is called where people read.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Python => "Python",
            Self::Node => "Node",
            Self::Kotlin => "Kotlin",
            Self::Swift => "Swift",
        }
    }

    /// Builds the face and gets the peers. The command is the one to which a contender and its job are to be added: the
    /// last line that `benches/LANGUAGE/setup` prints, as JSON.
    pub(super) fn set_up(self, root: &Path) -> Result<Vec<String>> {
        let script = root.join("benches").join(self.id()).join("setup");
        let output = Command::new(&script)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("{} cannot be run", script.display()))?;
        let name = self.name();
        ensure!(
            output.status.code() != Some(LACKING),
            "this machine lacks what the benchmarks of {name} need"
        );
        ensure!(
            output.status.success(),
            "the benchmarks of {name} cannot be set up"
        );
        let said = String::from_utf8(output.stdout)?;
        let line = said.lines().last().unwrap_or_default();
        let command: Vec<String> = serde_json::from_str(line).context("`setup` printed no command")?;
        ensure!(!command.is_empty(), "`setup` printed an empty command");
        Ok(command)
    }
}

#[cfg(test)]
mod tests {
    use super::Language;
    use clap::ValueEnum;

    #[test]
    fn a_language_is_found_by_its_id() {
        for language in Language::ALL {
            assert_eq!(Language::from_str(language.id(), false), Ok(language));
        }
        assert!(Language::from_str("drain", false).is_err());
    }
}
