//! People who are written, and rows of people to sync.

use crate::server::pages::known;
use pluvo_sdk::model::UpdateUserInput;
use pluvo_sdk::sync::Person;

/// One row in so many differs from what is there.
const DIFFERS: usize = 100;

/// A person to create.
pub(super) fn input(row: usize) -> UpdateUserInput {
    let known = known(row);
    UpdateUserInput {
        r#ref: Some(known.reference),
        name: Some(known.name),
        email: Some(known.email),
        ..UpdateUserInput::default()
    }
}

/// A row for everybody who is there: the archived leave, and one in a hundred has another name.
pub(super) fn people(rows: usize) -> Vec<Person> {
    (0..rows)
        .map(|row| {
            let known = known(row);
            let name = if differs(row) {
                format!("{} (new)", known.name)
            } else {
                known.name
            };
            Person {
                r#ref: Some(known.reference),
                name: Some(name),
                email: Some(known.email),
                leaving: known.archived,
                line: Some(row as u64 + 2),
                ..Person::default()
            }
        })
        .collect()
}

fn differs(row: usize) -> bool {
    row % DIFFERS == 1 && !known(row).archived
}

/// How many of [`people`] change somebody.
pub(super) fn differing(rows: usize) -> usize {
    (0..rows).filter(|row| differs(*row)).count()
}
