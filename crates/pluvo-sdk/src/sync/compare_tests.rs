//! What a plan says, for every way in which rows and people can differ.

use super::*;
use crate::literal::to_literal;
use crate::model::{ExtraFieldType, Id, Language, Role, UpdateUserInput};
use crate::sync::Guards;
use crate::sync::organization::Category;
use std::collections::BTreeSet;

#[path = "compare_properties.rs"]
mod properties;

fn member(n: u32) -> Member {
    Member {
        id: Id::from(format!("id-{n}")),
        r#ref: Some(format!("EMP-{n}")),
        email: Some(format!("p{n}@acme.nl")),
        name: Some(format!("Person {n}")),
        roles: vec![Role::Participant],
        language: Some(Language::Nl),
        ..Member::default()
    }
}

fn person(n: u32) -> Person {
    Person {
        r#ref: Some(format!("EMP-{n}")),
        email: Some(format!("p{n}@acme.nl")),
        name: Some(format!("Person {n}")),
        line: Some(u64::from(n) + 1),
        ..Person::default()
    }
}

fn plan_by(rules: Rules, people: Vec<Member>, rows: impl AsRef<[Person]>) -> Plan {
    let department = Category {
        id: Id::from("c-1"),
        kind: Some(ExtraFieldType::Select),
    };
    let since = Category {
        id: Id::from("c-2"),
        kind: Some(ExtraFieldType::Date),
    };
    let groups = [("nurses", "g-1"), ("cooks", "g-2")].map(|(name, id)| (name.into(), id.into()));
    let categories = [("department", department), ("since", since)];
    let directory = Directory {
        groups: groups.into(),
        categories: categories.map(|(name, category)| (name.into(), category)).into(),
    };
    let mut comparison = Comparison::new(rows.as_ref(), &directory, rules);
    for member in people {
        comparison.meet(&member);
    }
    comparison.finish(Client::builder("acme").token("t").build().unwrap())
}

fn plan(people: Vec<Member>, rows: Vec<Person>) -> Plan {
    plan_by(Rules::default(), people, rows)
}

fn actions(plan: &Plan) -> Vec<(Action, String)> {
    plan.steps()
        .iter()
        .map(|step| (step.action, step.who()))
        .collect()
}

fn problems(plan: &Plan) -> Vec<(ProblemKind, Option<u64>)> {
    plan.problems()
        .iter()
        .map(|problem| (problem.kind, problem.line))
        .collect()
}

#[test]
fn nothing_differs_nothing_is_done() {
    let plan = plan(vec![member(1), member(2)], vec![person(1), person(2)]);
    assert!(plan.is_empty() && plan.problems().is_empty());
    assert_eq!((plan.summary().unchanged, plan.summary().active), (2, 2));
}

#[test]
fn somebody_new_is_created_with_what_the_row_says() {
    let plan = plan(vec![], vec![person(1)]);
    assert_eq!(actions(&plan), [(Action::Create, "EMP-1".into())]);
    let input = &plan.steps()[0].input;
    assert_eq!(input.email.as_deref(), Some("p1@acme.nl"));
    assert_eq!((input.archived, &input.roles), (None, &None));
}

#[test]
fn only_what_differs_is_sent() {
    let row = Person {
        name: Some("New Name".into()),
        email: Some(" P1@ACME.nl ".into()),
        ..person(1)
    };
    let plan = plan(vec![member(1)], vec![row]);
    let step = &plan.steps()[0];
    assert_eq!(step.action, Action::Update);
    assert_eq!(step.changes.len(), 1, "{:?}", step.changes);
    assert_eq!(
        step.input,
        UpdateUserInput {
            name: Some("New Name".into()),
            ..UpdateUserInput::default()
        }
    );
}

#[test]
fn what_a_row_does_not_say_stays() {
    let row = Person {
        r#ref: Some("EMP-1".into()),
        ..Person::default()
    };
    assert!(plan(vec![member(1)], vec![row]).is_empty());
}

#[test]
fn somebody_without_a_ref_is_found_by_address_and_gets_one() {
    let found = Member {
        r#ref: None,
        ..member(1)
    };
    let plan = plan(vec![found], vec![person(1)]);
    assert_eq!(
        plan.steps()[0].input,
        UpdateUserInput {
            r#ref: Some("EMP-1".into()),
            ..UpdateUserInput::default()
        }
    );
    assert_eq!(plan.steps()[0].action, Action::Update);
}

#[test]
fn an_address_of_somebody_else_is_a_conflict() {
    let row = Person {
        email: Some("p2@acme.nl".into()),
        ..person(1)
    };
    let taken = plan(vec![member(1), member(2)], vec![row.clone()]);
    assert_eq!(problems(&taken), [(ProblemKind::Taken, Some(2))]);
    let new = plan(vec![member(2)], vec![row]);
    assert_eq!(problems(&new), [(ProblemKind::Taken, Some(2))]);
    assert!(new.is_empty() && taken.is_empty());
}

/// Whoever has the address may come by before whoever has the ref.
#[test]
fn who_comes_by_first_makes_no_difference() {
    let unnumbered = Member {
        r#ref: None,
        ..member(2)
    };
    let row = Person {
        email: Some("p2@acme.nl".into()),
        ..person(1)
    };
    for (people, kinds) in [
        (vec![member(1), unnumbered.clone()], vec![ProblemKind::Taken]),
        (vec![unnumbered.clone(), member(1)], vec![ProblemKind::Taken]),
        (vec![member(2), member(1)], vec![ProblemKind::Taken]),
        (vec![unnumbered], vec![]),
    ] {
        let plan = plan(people, vec![row.clone()]);
        let found: Vec<_> = problems(&plan).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(found, kinds, "{:?}", plan.problems());
        assert_eq!(plan.steps().len(), usize::from(kinds.is_empty()));
    }
}

#[test]
fn leavers_are_archived_once() {
    let leaver = |n| Person {
        leaving: true,
        ..person(n)
    };
    let gone = Member {
        archived: true,
        ..member(2)
    };
    let plan = plan(vec![member(1), gone], vec![leaver(1), leaver(2), leaver(3)]);
    assert_eq!(actions(&plan), [(Action::Archive, "EMP-1".into())]);
    assert_eq!(plan.summary().unchanged, 2);
}

#[test]
fn whoever_comes_back_is_reactivated_with_their_changes() {
    let gone = Member {
        archived: true,
        ..member(1)
    };
    let plan = plan(
        vec![gone],
        vec![Person {
            name: Some("Other".into()),
            ..person(1)
        }],
    );
    let step = &plan.steps()[0];
    assert_eq!(step.action, Action::Reactivate);
    assert_eq!(
        (step.input.archived, step.input.name.as_deref()),
        (Some(false), Some("Other"))
    );
}

#[test]
fn managers_stay_unless_asked_for() {
    let manager = Member {
        roles: vec![Role::Manager],
        ..member(1)
    };
    let leaver = Person {
        leaving: true,
        ..person(1)
    };
    assert_eq!(
        problems(&plan(vec![manager.clone()], vec![leaver.clone()])),
        [(ProblemKind::Protected, Some(2))]
    );
    let rules = Rules {
        archive_managers: true,
        ..Rules::default()
    };
    assert_eq!(
        actions(&plan_by(rules, vec![manager], vec![leaver])),
        [(Action::Archive, "EMP-1".into())]
    );
}

#[test]
fn the_missing_are_archived_only_if_asked_for_and_only_those_with_a_ref() {
    let people = vec![
        member(1),
        member(2),
        Member {
            r#ref: None,
            ..member(3)
        },
    ];
    assert!(plan(people.clone(), vec![person(1)]).is_empty());
    let rules = Rules {
        archive_missing: true,
        ..Rules::default()
    };
    assert_eq!(
        actions(&plan_by(rules, people, vec![person(1)])),
        [(Action::Archive, "EMP-2".into())]
    );
}

#[test]
fn whoever_stands_in_an_unusable_row_is_not_missing() {
    let rules = Rules {
        archive_missing: true,
        ..Rules::default()
    };
    let broken = Person {
        email: Some("geen e-mail".into()),
        ..person(1)
    };
    let twice = [
        Person {
            name: Some("A".into()),
            ..person(2)
        },
        Person {
            name: Some("B".into()),
            ..person(2)
        },
    ];
    let plan = plan_by(
        rules,
        vec![member(1), member(2)],
        [vec![broken], twice.to_vec()].concat(),
    );
    assert!(plan.is_empty(), "{:?}", plan.steps());
    let kinds: Vec<_> = problems(&plan).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(
        kinds,
        [
            ProblemKind::Ambiguous,
            ProblemKind::Ambiguous,
            ProblemKind::Unusable
        ]
    );
}

#[test]
fn copies_count_once() {
    let plan = plan(
        vec![],
        vec![
            person(1),
            Person {
                line: Some(99),
                ..person(1)
            },
        ],
    );
    assert_eq!(actions(&plan).len(), 1);
    assert_eq!(problems(&plan), [(ProblemKind::Duplicate, Some(99))]);
    assert_eq!(plan.unusable(), 0);
}

#[test]
fn rows_that_cannot_be_used_say_why() {
    let cases = [
        (Person::default(), "neither"),
        (
            Person {
                email: None,
                ..person(1)
            },
            "needs a name",
        ),
        (
            Person {
                name: None,
                ..person(1)
            },
            "needs a name",
        ),
        (
            Person {
                email: Some("x".into()),
                ..person(1)
            },
            "not an e-mail",
        ),
        (
            Person {
                groups: BTreeSet::from(["pilots".into()]),
                ..person(1)
            },
            "no group \"pilots\"",
        ),
        (
            Person {
                values: [("shoe".into(), "41".into())].into(),
                ..person(1)
            },
            "no category \"shoe\"",
        ),
    ];
    for (row, text) in cases {
        let plan = plan(vec![], vec![row]);
        assert!(
            plan.is_empty() && plan.problems()[0].message.contains(text),
            "{:?}",
            plan.problems()
        );
    }
}

#[test]
fn groups_are_joined_and_left_only_if_asked_for() {
    let people = || {
        vec![
            Member {
                groups: BTreeSet::from([Id::from("g-2"), Id::from("g-9")]),
                ..member(1)
            },
            member(2),
        ]
    };
    let rows = || {
        let nurse = Person {
            groups: BTreeSet::from(["nurses".into()]),
            ..person(1)
        };
        vec![
            nurse,
            Person {
                groups: BTreeSet::from(["cooks".into()]),
                ..person(2)
            },
        ]
    };
    let plan = plan(people(), rows());
    assert_eq!(
        plan.steps()[0].input.add_participant_groups,
        Some(vec![Id::from("g-1")])
    );
    assert_eq!(plan.steps()[0].input.remove_participant_groups, None);
    let leaving = plan_by(
        Rules {
            leave_groups: true,
            ..Rules::default()
        },
        people(),
        rows(),
    );
    // g-9 is in no row, so the source has no say in it.
    assert_eq!(
        leaving.steps()[0].input.remove_participant_groups,
        Some(vec![Id::from("g-2")])
    );
}

#[test]
fn values_are_set_where_they_differ_in_the_form_of_their_category() {
    let has = |text: &str| Member {
        values: [(Id::from("c-1"), text.to_owned())].into(),
        ..member(1)
    };
    let row = Person {
        values: [("department".into(), "Care".into())].into(),
        ..person(1)
    };
    assert!(plan(vec![has("Care")], vec![row.clone()]).is_empty());
    let plan = plan(vec![has("Kitchen")], vec![row]);
    assert_eq!(
        to_literal(&plan.steps()[0].values).unwrap(),
        r#"[{categoryId:"c-1",choiceValues:[{stringValue:"Care"}]}]"#
    );
    assert_eq!(plan.steps()[0].changes[0].from.as_deref(), Some("Kitchen"));
}

#[test]
fn guards_stop_what_cannot_be_meant() {
    let everybody: Vec<_> = (0..100).map(member).collect();
    let rules = Rules {
        archive_missing: true,
        ..Rules::default()
    };
    let refused = |plan: &Plan, guards: Guards| guards.check(plan).unwrap_err().message().to_owned();

    let cut_off = plan_by(rules, everybody.clone(), (0..80).map(person).collect::<Vec<_>>());
    assert!(refused(&cut_off, Guards::default()).contains("20 of 100 active people, more than 10 %"));
    assert!(
        Guards {
            archive_share: 0.2,
            ..Guards::default()
        }
        .check(&cut_off)
        .is_ok()
    );
    assert!(
        refused(
            &cut_off,
            Guards {
                archive_at_most: Some(19),
                ..Guards::none()
            }
        )
        .contains("more than 19")
    );

    let empty = plan_by(rules, everybody.clone(), []);
    assert!(refused(&empty, Guards::none()).contains("no rows at all"));

    let swapped = (0..100).map(|n| Person {
        email: person(n).name,
        name: person(n).email,
        ..person(n)
    });
    let swapped = plan_by(rules, everybody, swapped.collect::<Vec<_>>());
    assert!(swapped.is_empty());
    assert!(refused(&swapped, Guards::default()).contains("100 of 100 rows cannot be used"));

    let one = plan_by(
        rules,
        vec![member(1)],
        vec![Person {
            leaving: true,
            ..person(1)
        }],
    );
    assert!(
        Guards::default().check(&one).is_ok(),
        "one person may always leave"
    );
}

#[test]
fn a_row_that_its_source_found_wrong_is_left_alone_and_its_person_is_not_missing() {
    let rules = Rules {
        archive_missing: true,
        ..Rules::default()
    };
    let wrong = Person {
        fault: Some("`yesterday` is not a date".into()),
        // What else is wrong with it, or clashes with it, is not what its problem says.
        groups: ["nowhere".to_owned()].into(),
        ..person(1)
    };
    let plan = plan_by(
        rules,
        vec![member(1), member(2)],
        vec![wrong, person(1), person(2)],
    );
    assert!(plan.is_empty(), "{:?}", plan.steps());
    assert_eq!(
        problems(&plan),
        [
            (ProblemKind::Ambiguous, Some(2)),
            (ProblemKind::Unusable, Some(2))
        ]
    );
    assert_eq!(plan.problems()[1].message, "`yesterday` is not a date");
}

#[test]
fn a_value_that_its_category_does_not_take_makes_the_row_unusable() {
    let row = Person {
        values: [("since".into(), "soon".into())].into(),
        ..person(1)
    };
    let plan = plan(vec![member(1)], vec![row]);
    assert!(plan.is_empty());
    let message = &plan.problems()[0].message;
    assert!(
        message.starts_with("since: ") && !message.contains("soon"),
        "{message}"
    );
}

#[test]
fn each_of_two_rows_that_clash_names_the_other() {
    let named = |n: u32, name: &str, line| Person {
        name: Some(name.into()),
        line: Some(line),
        ..person(n)
    };
    let rows = vec![
        named(1, "A", 2),
        named(2, "C", 3),
        named(1, "B", 4),
        named(2, "D", 5),
    ];
    let plan = plan(vec![], rows);
    let said: Vec<_> = plan
        .problems()
        .iter()
        .map(|problem| (problem.line, problem.message.clone()))
        .collect();
    for (line, other) in [(2, "line 4"), (3, "line 5"), (4, "line 2"), (5, "line 3")] {
        assert!(
            said.iter()
                .any(|(at, text)| *at == Some(line) && text.ends_with(other)),
            "{said:?}"
        );
    }
}
