//! What holds of a plan whatever the rows and the people are.

use super::*;
use proptest::prelude::*;

/// People and rows of few numbers, so that they meet, clash and miss each other in every way.
fn few() -> impl Strategy<Value = (Vec<Member>, Vec<Person>)> {
    let people = prop::collection::hash_set(0_u32..6, 0..6).prop_flat_map(|numbers| {
        let one = |n: u32| {
            (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(move |(numbered, archived, manages)| {
                Member {
                    r#ref: numbered.then(|| format!("EMP-{n}")),
                    archived,
                    roles: if manages { vec![Role::Manager] } else { Vec::new() },
                    ..member(n)
                }
            })
        };
        numbers.into_iter().map(one).collect::<Vec<_>>().prop_shuffle()
    });
    let row = (0_u32..6, 0_u32..6, 0_u32..8, any::<bool>()).prop_map(|(n, address, form, leaving)| Person {
        r#ref: (form != 1).then(|| format!("EMP-{n}")),
        email: (form != 2).then(|| format!("P{}@acme.nl", if form > 4 { address } else { n })),
        fault: (form == 3).then(|| "wrong".to_owned()),
        leaving,
        ..person(n)
    });
    (people, prop::collection::vec(row, 0..8))
}

proptest! {
    #[test]
    fn the_order_in_which_people_come_by_makes_no_difference(
        (people, rows) in few(),
        archive_missing: bool,
    ) {
        let rules = Rules { archive_missing, ..Rules::default() };
        let told = |people: &[Member]| {
            let plan = plan_by(rules, people.to_vec(), &rows);
            let mut steps = plan.steps().to_vec();
            let mut problems = plan.problems().to_vec();
            // Those whom no row names stand in the order in which they came.
            steps.sort_by_key(|step| (step.line, step.id.clone()));
            problems.sort_by_key(|problem| (problem.line, problem.who.clone(), problem.kind));
            (steps, problems, plan.summary())
        };
        let (steps, problems, summary) = told(&people);
        let backwards: Vec<_> = people.iter().rev().cloned().collect();
        prop_assert_eq!(&told(&backwards), &(steps.clone(), problems.clone(), summary));

        // Each row ends in one way, and nobody of whom a row speaks is missing.
        let of_rows = steps.iter().filter(|step| step.line.is_some()).count()
            + problems.iter().filter(|problem| problem.line.is_some()).count();
        prop_assert_eq!(of_rows + summary.unchanged, rows.len());
        for step in steps.iter().filter(|step| step.line.is_none()) {
            let spoken_of = |row: &Person| row.r#ref == step.r#ref
                || row.email.as_ref().map(|email| email.to_lowercase()) == step.email;
            prop_assert!(!rows.iter().any(spoken_of), "{:?}", step);
        }
    }
}
