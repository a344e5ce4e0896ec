//! Medians of what was measured.

use crate::run::{CaseResults, Run};

pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    match (sorted.len() / 2, sorted.len() % 2) {
        (_, _) if sorted.is_empty() => f64::NAN,
        (middle, 1) => sorted[middle],
        (middle, _) => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

impl CaseResults {
    pub(crate) fn median(&self, figure: impl Fn(&Run) -> f64) -> f64 {
        median(self.runs.iter().map(figure))
    }

    /// The median of the rounds' ratios: runs of one round met the same disturbances.
    pub(super) fn ratio(&self, to: &Self, figure: impl Fn(&Run) -> f64) -> f64 {
        let pairs = self.runs.iter().zip(&to.runs);
        median(pairs.map(|(ours, theirs)| figure(ours) / figure(theirs)))
    }
}

pub(super) fn cpu(run: &Run) -> f64 {
    run.outcome.used.cpu()
}

pub(super) fn wall(run: &Run) -> f64 {
    run.outcome.used.wall
}

#[expect(clippy::cast_precision_loss, reason = "kilobytes of one process")]
pub(super) fn peak_mb(run: &Run) -> f64 {
    run.outcome.used.peak_kb as f64 / 1024.0
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median([3.0, 1.0, 2.0]).to_bits(), 2.0_f64.to_bits());
        assert_eq!(median([4.0, 1.0, 2.0, 3.0]).to_bits(), 2.5_f64.to_bits());
        assert!(median([]).is_nan());
    }
}
