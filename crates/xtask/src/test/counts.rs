//! How many tests passed, failed and were left out, as runners say it.

use std::fmt;
use std::iter::Sum;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Counts {
    /// Reads `test result: ok. 12 passed; 0 failed; 1 ignored; …`, with which each test target of Rust closes.
    pub(crate) fn from_cargo(line: &str) -> Option<Self> {
        let (_, counts) = line.trim().strip_prefix("test result: ")?.split_once(". ")?;
        Self::read(counts, "; ", "ignored")
    }

    /// Reads `12 passed, 0 failed, 1 skipped`, with which this command and the project's scripts close.
    pub(crate) fn from_plain(line: &str) -> Option<Self> {
        Self::read(line.trim(), ", ", "skipped")
    }

    fn read(counts: &str, separator: &str, skipped: &str) -> Option<Self> {
        let mut counts = counts.split(separator);
        let mut next = |word: &str| counts.next()?.strip_suffix(word)?.trim_end().parse().ok();
        Some(Self {
            passed: next("passed")?,
            failed: next("failed")?,
            skipped: next(skipped)?,
        })
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} passed, {} failed, {} skipped",
            self.passed, self.failed, self.skipped
        )
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |a, b| Self {
            passed: a.passed + b.passed,
            failed: a.failed + b.failed,
            skipped: a.skipped + b.skipped,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_of_cargo_are_read() {
        let ok =
            "test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(
            Counts::from_cargo(ok),
            Some(Counts {
                passed: 12,
                failed: 0,
                skipped: 3
            })
        );
        let failed = "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 7 filtered out; finished in 1.00s";
        assert_eq!(
            Counts::from_cargo(failed),
            Some(Counts {
                passed: 1,
                failed: 2,
                skipped: 0
            })
        );
        assert_eq!(Counts::from_cargo("test a::b ... ok"), None);
        assert_eq!(
            Counts::from_cargo("test result: ok. many passed; 0 failed; 0 ignored"),
            None
        );
    }

    #[test]
    fn plain_lines_are_read_back_as_they_are_written() {
        let counts = Counts {
            passed: 3,
            failed: 1,
            skipped: 2,
        };
        assert_eq!(Counts::from_plain(&counts.to_string()), Some(counts));
        assert_eq!(Counts::from_plain("3 passed"), None);
        assert_eq!(Counts::from_plain("ok 1 - 3 passed, 0 failed"), None);
    }

    #[test]
    fn counts_add_up() {
        let one = Counts {
            passed: 1,
            failed: 2,
            skipped: 3,
        };
        assert_eq!(
            [one, one].into_iter().sum::<Counts>(),
            Counts {
                passed: 2,
                failed: 4,
                skipped: 6
            }
        );
    }
}
