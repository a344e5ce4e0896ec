//! Which fault hits which request.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::Fault;
use super::matching::Facts;
use crate::data::Rng;

/// A planned fault and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedFault {
    /// What was planned.
    pub fault: Fault,
    /// How many requests it counted.
    pub seen: u64,
    /// How many requests it hit.
    pub hits: u64,
}

impl PlannedFault {
    /// Counts a request; whether this one is to be hit.
    fn is_due(&mut self) -> bool {
        let fault = &self.fault;
        self.seen += 1;
        let Some(past) = self.seen.checked_sub(fault.from.max(1)) else {
            return false;
        };
        if fault.times.is_some_and(|times| self.hits >= times) || past % fault.every.max(1) != 0 {
            return false;
        }
        fault.probability.is_none_or(|wanted| {
            let roll = Rng::new(fault.seed, "fault", self.seen).below(1_000_000);
            f64::from(u32::try_from(roll).unwrap_or(0)) < wanted * 1_000_000.0
        })
    }
}

/// All planned faults, in the order in which they were planned.
#[derive(Debug, Default)]
pub(crate) struct Plan(Mutex<Vec<PlannedFault>>);

impl Plan {
    fn faults(&self) -> MutexGuard<'_, Vec<PlannedFault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds faults behind those that are there.
    pub(crate) fn add(&self, faults: impl IntoIterator<Item = Fault>) {
        self.faults().extend(faults.into_iter().map(|fault| PlannedFault {
            fault,
            seen: 0,
            hits: 0,
        }));
    }

    /// The faults and their counts.
    pub(crate) fn all(&self) -> Vec<PlannedFault> {
        self.faults().clone()
    }

    /// Forgets all faults.
    pub(crate) fn clear(&self) {
        self.faults().clear();
    }

    /// Counts a request and gives the fault that hits it. Every fault that the request fits counts it; the first one
    /// that is due is the one that happens, and another that was due as well keeps its hits for later requests.
    pub(crate) fn take(&self, facts: &Facts<'_>) -> Option<Fault> {
        let mut faults = self.faults();
        let mut taken = None;
        for planned in faults.iter_mut().filter(|planned| facts.fit(&planned.fault)) {
            if planned.is_due() && taken.is_none() {
                planned.hits += 1;
                taken = Some(planned.fault.clone());
            }
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Effect, Fault, Target};
    use super::{Facts, Plan};

    fn hits(fault: Fault, requests: u64) -> Vec<u64> {
        let plan = Plan::default();
        plan.add([fault]);
        let facts = Facts::new(Target::Graphql);
        (1..=requests).filter(|_| plan.take(&facts).is_some()).collect()
    }

    #[test]
    fn from_times_and_every_choose_requests() {
        let fault = || Fault::graphql(Effect::Unauthorized);
        assert_eq!(hits(fault(), 5), [1]);
        assert_eq!(hits(fault().from(3), 5), [3]);
        assert_eq!(hits(fault().from(2).times(2), 5), [2, 3]);
        assert_eq!(hits(fault().always(), 3), [1, 2, 3]);
        assert_eq!(
            hits(
                Fault {
                    every: 3,
                    times: None,
                    ..fault()
                },
                8
            ),
            [1, 4, 7]
        );
        assert_eq!(
            hits(
                Fault {
                    on: Target::Token,
                    ..fault()
                },
                3
            ),
            [0; 0]
        );
        let any = Fault {
            on: Target::Any,
            ..fault()
        };
        assert_eq!(hits(any, 2), [1]);
        let some = hits(
            Fault {
                probability: Some(0.3),
                times: None,
                ..fault()
            },
            1000,
        );
        assert!((200..400).contains(&some.len()), "{}", some.len());
        assert_eq!(
            some,
            hits(
                Fault {
                    probability: Some(0.3),
                    times: None,
                    ..fault()
                },
                1000
            )
        );
    }

    #[test]
    fn a_fault_that_another_got_before_is_not_lost() {
        let plan = Plan::default();
        plan.add([
            Fault::graphql(Effect::Unauthorized),
            Fault::graphql(Effect::Neither),
        ]);
        let facts = Facts::new(Target::Graphql);
        assert_eq!(
            plan.take(&facts).map(|fault| fault.effect),
            Some(Effect::Unauthorized)
        );
        assert_eq!(plan.take(&facts).map(|fault| fault.effect), Some(Effect::Neither));
        assert_eq!(plan.take(&facts), None);
        assert!(
            plan.all()
                .iter()
                .all(|planned| planned.hits == 1 && planned.seen == 3)
        );
    }
}
