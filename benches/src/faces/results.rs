//! What was measured, and where it is kept.

use super::language::Language;
use super::workload::Case;
use crate::report::median;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// All that was measured for a workload.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Results {
    pub language: Language,
    pub workload: String,
    pub cores: usize,
    pub cases: Vec<CaseResults>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CaseResults {
    #[serde(flatten)]
    pub case: Case,
    /// In the order of the rounds.
    pub runs: Vec<Run>,
}

/// One contender, once.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Run {
    /// Seconds of CPU of the process, in its own code and in the kernel.
    pub cpu: f64,
    /// Seconds on the wall.
    pub wall: f64,
    /// The most memory that the process ever held, in kB.
    pub peak_kb: u64,
}

impl Results {
    pub(super) fn save(&self, root: &Path) -> Result<()> {
        let path = path(root, self.language, &self.workload);
        let folder = path.parent().context("no folder")?;
        std::fs::create_dir_all(folder)?;
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        std::fs::write(path, text).context("the results cannot be kept")
    }

    /// What was saved last, if anything.
    pub(super) fn load(root: &Path, language: Language, workload: &str) -> Result<Option<Self>> {
        match std::fs::read(path(root, language, workload)) {
            Ok(text) => Ok(Some(serde_json::from_slice(&text)?)),
            Err(_) => Ok(None),
        }
    }

    /// By what the program calls a contender.
    pub(super) fn of(&self, contender: &str) -> Option<&CaseResults> {
        self.cases
            .iter()
            .find(|results| results.case.contender == contender)
    }
}

impl CaseResults {
    pub(super) fn median(&self, figure: impl Fn(&Run) -> f64) -> f64 {
        median(self.runs.iter().map(figure))
    }

    /// The median of the rounds' ratios, of a row or a call: runs of one round met the same disturbances.
    pub(super) fn ratio(&self, to: &Self, figure: impl Fn(&Run) -> f64) -> f64 {
        let pairs = self.runs.iter().zip(&to.runs);
        let units = to.case.units() / self.case.units();
        median(pairs.map(|(ours, theirs)| units * figure(ours) / figure(theirs)))
    }
}

fn path(root: &Path, language: Language, workload: &str) -> PathBuf {
    let file = format!("{}-{workload}.json", language.id());
    root.join("benches/results").join(file)
}

#[cfg(test)]
mod tests {
    use super::{CaseResults, Run};
    use crate::faces::workload::{Case, Task};

    fn of(pages: usize, cpu: [f64; 3]) -> CaseResults {
        let case = Case {
            name: String::new(),
            contender: String::new(),
            task: Task::Drain { pages, in_flight: 1 },
        };
        let run = |cpu| Run {
            cpu,
            wall: 0.0,
            peak_kb: 0,
        };
        CaseResults {
            case,
            runs: cpu.map(run).into(),
        }
    }

    #[test]
    fn whoever_reads_fewer_pages_is_compared_by_the_row() {
        let (ours, theirs) = (of(1000, [1.0, 2.0, 8.0]), of(100, [0.4, 0.8, 0.8]));
        assert!((theirs.ratio(&ours, |run| run.cpu) - 4.0).abs() < 1e-9);
    }
}
