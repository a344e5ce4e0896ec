//! The organisation's data as JSON, and back.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Store;
use super::extra::{Content, ExtraValue};
use super::table::{Record, Table};

/// A table is its rows, and which of them are there in the order of lists.
#[derive(Serialize)]
struct Rows<'a, T> {
    rows: &'a [T],
    order: &'a [u32],
}

impl<T: Record + Serialize> Serialize for Table<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Rows {
            rows: self.rows(),
            order: self.order(),
        }
        .serialize(serializer)
    }
}

impl<'de, T: Record + Deserialize<'de>> Deserialize<'de> for Table<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Owned<T> {
            rows: Vec<T>,
            order: Vec<u32>,
        }
        let Owned { rows, order } = Owned::deserialize(deserializer)?;
        let mut there = vec![false; rows.len()];
        for &i in &order {
            match there.get_mut(i as usize) {
                Some(there) if !*there => *there = true,
                _ => {
                    return Err(D::Error::custom(format!(
                        "a table has no row {i}, or has it twice"
                    )));
                }
            }
        }
        let mut table = Self::new(rows);
        for (i, _) in there.iter().enumerate().filter(|(_, there)| !**there) {
            table.remove(super::table::number(i));
        }
        Ok(table)
    }
}

impl Store {
    /// Says what refers to a row that is not there: a file that was changed by hand must not bring the sandbox down.
    pub(crate) fn check(&self) -> Result<(), String> {
        let within = |what: &str, of: u32, mut rows: Box<dyn Iterator<Item = u32> + '_>| match rows
            .find(|&i| i >= of)
        {
            Some(i) => Err(format!("there is no {what} {i}")),
            None => Ok(()),
        };
        let (users, groups) = (self.users.next(), self.groups.next());
        let (trainings, courses) = (self.trainings.next(), self.courses.next());
        let values = |values: &[ExtraValue]| {
            let fits = |value: &ExtraValue| {
                let category =
                    (value.category < self.categories.next()).then(|| self.categories.get(value.category));
                category.is_some_and(|category| match value.content {
                    Content::Choice(at) => usize::from(at) < category.options.len(),
                    _ => true,
                })
            };
            values
                .iter()
                .all(fits)
                .then_some(())
                .ok_or("there is no such extra category or choice")
        };
        for i in 0..users {
            let user = self.users.get(i);
            let of = user.participant_groups.iter().chain(&user.manager_groups);
            within("group", groups, Box::new(of.copied()))?;
            values(&user.extra)?;
        }
        for i in 0..groups {
            let group = self.groups.get(i);
            let people = group.participants.iter().chain(&group.managers);
            within("user", users, Box::new(people.copied()))?;
            within("training", trainings, Box::new(group.trainings.iter().copied()))?;
            values(&group.extra)?;
        }
        let trained = (0..trainings).map(|i| self.trainings.get(i));
        for training in trained.chain((0..courses).map(|i| self.courses.get(i))) {
            within(
                "user",
                users,
                Box::new(training.people.iter().map(|person| person.user)),
            )?;
            values(&training.extra)?;
        }
        for i in 0..self.offers.next() {
            let offer = self.offers.get(i);
            within(
                "event",
                self.events.next(),
                Box::new(offer.events.iter().copied()),
            )?;
            values(&offer.extra)?;
        }
        for i in 0..self.events.next() {
            let event = self.events.get(i);
            within(
                "user",
                users,
                Box::new(event.enrollments.iter().map(|one| one.user)),
            )?;
            within("training", trainings, Box::new(event.trainings.iter().copied()))?;
            within("course", courses, Box::new(event.courses.iter().copied()))?;
            within(
                "certificate",
                self.certificates.next(),
                Box::new(event.certificate.into_iter()),
            )?;
        }
        for i in 0..self.portfolio.next() {
            within(
                "user",
                users,
                Box::new(std::iter::once(self.portfolio.get(i).user)),
            )?;
        }
        for change in &self.slow {
            within("group", groups, Box::new(std::iter::once(change.group)))?;
            within("user", users, Box::new(change.users.iter().copied()))?;
        }
        Ok(())
    }
}
