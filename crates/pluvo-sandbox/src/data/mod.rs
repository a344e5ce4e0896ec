//! The organisation's data: made from a seed, held in tables, found by id, ref and e-mail.

pub(crate) mod certificates;
pub(crate) mod edit;
pub(crate) mod extra;
pub(crate) mod files;
pub(crate) mod groups;
pub(crate) mod member;
pub(crate) mod names;
pub(crate) mod offers;
pub(crate) mod people;
mod rng;
mod snapshot;
pub(crate) mod table;
pub(crate) mod trainings;

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use self::certificates::{Certificate, PortfolioItem};
use self::extra::Category;
use self::groups::Group;
use self::offers::{Offer, OfferEvent, Others};
use self::people::User;
pub(crate) use self::rng::Rng;
use self::table::{Record, Table};
use self::trainings::Training;

/// How much data an organisation has, and from which seed it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Size {
    /// Equal seeds give equal data.
    pub seed: u64,
    /// People, archived ones included.
    pub users: usize,
    /// Groups; everybody is in the first one.
    pub groups: usize,
    /// Learning journeys; everybody takes part in the first one.
    pub trainings: usize,
    /// Offers, each with two to four events.
    pub offers: usize,
    /// Certificates that can be issued.
    pub certificates: usize,
}

impl Default for Size {
    fn default() -> Self {
        Self {
            seed: 1,
            users: 60,
            groups: 5,
            trainings: 4,
            offers: 4,
            certificates: 12,
        }
    }
}

const COURSES: usize = 3;

/// One organisation.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Store {
    pub(crate) users: Table<User>,
    pub(crate) groups: Table<Group>,
    pub(crate) trainings: Table<Training>,
    pub(crate) courses: Table<Training>,
    pub(crate) offers: Table<Offer>,
    pub(crate) events: Table<OfferEvent>,
    pub(crate) certificates: Table<Certificate>,
    pub(crate) portfolio: Table<PortfolioItem>,
    pub(crate) categories: Table<Category>,
    pub(crate) files: Table<files::File>,
    seed: u64,
    /// Changes of members that are not done yet.
    pub(crate) slow: Vec<edit::Slow>,
    /// How many ids were given to new records.
    made: u64,
    #[serde(skip)]
    found: Mutex<Vec<(String, Arc<[u32]>)>>,
}

/// How many filtered lists are kept, so that the pages of one list do not filter everything again.
const KEPT: usize = 16;

impl Store {
    /// Makes the organisation of this size.
    pub(crate) fn new(size: Size) -> Self {
        let Size { seed, .. } = size;
        let mut users = Table::new((0..size.users as u64).map(|i| people::user(seed, i)).collect());
        let groups = groups::groups(seed, size.groups, size.trainings, &mut users);
        let trainings = trainings::trainings(seed, size.trainings, &users);
        let courses = trainings::courses(seed, COURSES, &users);
        let others = Others {
            users: size.users,
            trainings: size.trainings,
            courses: COURSES,
            certificates: size.certificates,
        };
        let (offers, events) = offers::offers(seed, size.offers, others);
        Self {
            users,
            groups: Table::new(groups),
            trainings: Table::new(trainings),
            courses: Table::new(courses),
            offers: Table::new(offers),
            events: Table::new(events),
            certificates: Table::new(certificates::certificates(seed, size.certificates)),
            portfolio: Table::new(certificates::portfolio(seed, size.users / 2, size.users)),
            categories: Table::new(extra::categories(seed)),
            files: Table::new(Vec::new()),
            seed,
            slow: Vec::new(),
            made: 0,
            found: Mutex::default(),
        }
    }

    /// The rows of a list by what was asked for: kept until the data changes.
    pub(crate) fn list(&self, asked: String, find: impl FnOnce() -> Vec<u32>) -> Arc<[u32]> {
        if let Some((_, rows)) = self.kept().iter().find(|(key, _)| *key == asked) {
            return Arc::clone(rows);
        }
        let rows: Arc<[u32]> = find().into();
        let mut kept = self.kept();
        if kept.len() == KEPT {
            kept.remove(0);
        }
        kept.push((asked, Arc::clone(&rows)));
        rows
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Vec<(String, Arc<[u32]>)>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has to follow every change of the data: filtered lists are made anew.
    pub(crate) fn changed(&mut self) {
        self.kept().clear();
    }

    /// Adds people at one end of the list of names, or spread over it.
    pub(crate) fn insert_users(&mut self, count: usize, at: Place) {
        for _ in 0..count {
            let mut user = people::user(self.seed, u64::from(self.users.next()));
            match at {
                Place::Front => user.name = format!("'A {}", user.name).into(),
                Place::Back => user.name = format!("Ω {}", user.name).into(),
                Place::Spread => {}
            }
            self.users.insert(user);
        }
        self.changed();
    }

    /// Takes people away for good, from one end of the list of names or spread over it.
    pub(crate) fn remove_users(&mut self, count: usize, at: Place) {
        for n in 0..count {
            let order = self.users.order();
            let Some(last) = order.len().checked_sub(1) else {
                break;
            };
            let i = match at {
                Place::Front => order[0],
                Place::Back => order[last],
                Place::Spread => order[Rng::new(self.seed, "remove", n as u64).below(order.len())],
            };
            self.users.remove(i);
            for at in std::mem::take(&mut self.users.get_mut(i).participant_groups) {
                self.groups.get_mut(at).participants.retain(|&user| user != i);
            }
            for at in std::mem::take(&mut self.users.get_mut(i).manager_groups) {
                self.groups.get_mut(at).managers.retain(|&user| user != i);
            }
            for at in 0..self.trainings.next() {
                self.trainings
                    .get_mut(at)
                    .people
                    .retain(|person| person.user != i);
            }
            for at in 0..self.courses.next() {
                self.courses.get_mut(at).people.retain(|person| person.user != i);
            }
            for at in 0..self.events.next() {
                self.events
                    .get_mut(at)
                    .enrollments
                    .retain(|enrollment| enrollment.user != i);
            }
            let items = self.portfolio.order().iter().copied();
            let theirs: Vec<u32> = items.filter(|&item| self.portfolio.get(item).user == i).collect();
            for item in theirs {
                self.portfolio.remove(item);
            }
        }
        self.changed();
    }

    /// The sort key of a person.
    pub(crate) fn user_key(&self, i: u32) -> table::Key {
        table::key(self.users.get(i))
    }

    /// Whether the person's name or e-mail address has these letters, lower case, in it.
    pub(crate) fn user_has(&self, i: u32, letters: &str) -> bool {
        let user = self.users.get(i);
        let has = |text: &str| text.to_lowercase().contains(letters);
        has(&user.name) || user.email().is_some_and(has)
    }
}

/// Where in the list of names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Before everybody else.
    #[default]
    Front,
    /// After everybody else.
    Back,
    /// Anywhere.
    Spread,
}
