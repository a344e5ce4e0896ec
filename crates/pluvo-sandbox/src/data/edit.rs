//! Changes that touch more than one table: lists of people stay in the order of their names.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::extra::{Content, ExtraValue};
use super::people::User;
use super::table::{Table, key};
use super::trainings::Participation;
use super::{Rng, Store};

/// The two memberships of a group, which know nothing of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Membership {
    Participant,
    Manager,
}

/// A change of a group's members that takes its time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Slow {
    /// When it is done, in milliseconds of the sandbox's time.
    pub(crate) due_ms: u64,
    pub(crate) group: u32,
    pub(crate) users: Vec<u32>,
    /// Whether they join or leave.
    pub(crate) join: bool,
}

impl Store {
    /// Carries out the slow changes whose time has come.
    pub(crate) fn settle(&mut self, now_ms: u64) {
        let (due, slow) = std::mem::take(&mut self.slow)
            .into_iter()
            .partition(|change| change.due_ms <= now_ms);
        self.slow = slow;
        let due: Vec<Slow> = due;
        for change in &due {
            self.carry_out(change);
        }
        if !due.is_empty() {
            self.changed();
        }
    }

    /// Carries out a change of members, as far as the group and the people are still there.
    pub(crate) fn carry_out(&mut self, change: &Slow) {
        if !self.groups.has(change.group) {
            return;
        }
        for &user in &change.users {
            if !self.users.has(user) {
                continue;
            }
            if change.join {
                self.join(change.group, user, Membership::Participant);
            } else {
                self.leave(change.group, user, Membership::Participant);
            }
        }
    }

    /// An id for a new record. Equal changes of equal organisations get equal ids.
    pub(crate) fn new_id(&mut self) -> Uuid {
        self.made += 1;
        Rng::new(self.seed, "made", self.made).uuid()
    }

    /// Adds a person to a group; false if they were in it.
    pub(crate) fn join(&mut self, group: u32, user: u32, as_: Membership) -> bool {
        let (list, of) = self.membership(group, user, as_);
        if of.contains(&group) {
            return false;
        }
        of.push(group);
        let mut members = std::mem::take(list);
        put(&self.users, &mut members, user, |&member| member);
        *self.membership(group, user, as_).0 = members;
        true
    }

    /// Takes a person out of a group; false if they were not in it.
    pub(crate) fn leave(&mut self, group: u32, user: u32, as_: Membership) -> bool {
        let (list, of) = self.membership(group, user, as_);
        let before = of.len();
        of.retain(|&other| other != group);
        list.retain(|&member| member != user);
        of.len() < before
    }

    fn membership(&mut self, group: u32, user: u32, as_: Membership) -> (&mut Vec<u32>, &mut Vec<u32>) {
        let (group, user) = (self.groups.get_mut(group), self.users.get_mut(user));
        match as_ {
            Membership::Participant => (&mut group.participants, &mut user.participant_groups),
            Membership::Manager => (&mut group.managers, &mut user.manager_groups),
        }
    }

    /// Adds somebody to a training.
    pub(crate) fn take_part(&mut self, training: u32, person: Participation) {
        put(
            &self.users,
            &mut self.trainings.get_mut(training).people,
            person,
            |person| person.user,
        );
    }

    /// Changes a person in any way.
    pub(crate) fn update_user(&mut self, i: u32, change: impl FnOnce(&mut User)) {
        let before = self.user_key(i);
        self.users.update(i, change);
        if self.user_key(i) == before {
            return;
        }
        let user = self.users.get(i);
        for &group in &user.participant_groups {
            move_to_place(
                &self.users,
                &mut self.groups.get_mut(group).participants,
                i,
                |&m| m,
            );
        }
        for &group in &user.manager_groups {
            move_to_place(&self.users, &mut self.groups.get_mut(group).managers, i, |&m| m);
        }
        for table in [&mut self.trainings, &mut self.courses] {
            for at in 0..table.next() {
                let people = &mut table.get_mut(at).people;
                move_to_place(&self.users, people, i, |person| person.user);
            }
        }
    }

    /// Follows the choices of a category to their new places in its list; values of choices that are gone go too.
    pub(crate) fn move_choices(&mut self, category: u32, places: &[Option<usize>]) {
        let follow = |values: &mut Vec<ExtraValue>| {
            values.retain_mut(|value| {
                let Content::Choice(at) = &mut value.content else {
                    return true;
                };
                if value.category != category {
                    return true;
                }
                let place = places.get(usize::from(*at)).copied().flatten();
                *at = place.and_then(|place| u16::try_from(place).ok()).unwrap_or(*at);
                place.is_some()
            });
        };
        (0..self.users.next()).for_each(|i| follow(&mut self.users.get_mut(i).extra));
        (0..self.groups.next()).for_each(|i| follow(&mut self.groups.get_mut(i).extra));
        (0..self.trainings.next()).for_each(|i| follow(&mut self.trainings.get_mut(i).extra));
        (0..self.courses.next()).for_each(|i| follow(&mut self.courses.get_mut(i).extra));
        (0..self.offers.next()).for_each(|i| follow(&mut self.offers.get_mut(i).extra));
    }

    /// Deletes a group for good.
    pub(crate) fn delete_group(&mut self, i: u32) {
        let group = self.groups.get_mut(i);
        for user in std::mem::take(&mut group.participants) {
            self.users.get_mut(user).participant_groups.retain(|&of| of != i);
        }
        for user in std::mem::take(&mut group.managers) {
            self.users.get_mut(user).manager_groups.retain(|&of| of != i);
        }
        self.groups.remove(i);
    }
}

/// Puts somebody in their place in a list by name.
fn put<T>(users: &Table<User>, list: &mut Vec<T>, entry: T, user: impl Fn(&T) -> u32) {
    let wanted = key(users.get(user(&entry)));
    let at = list.partition_point(|other| key(users.get(user(other))) < wanted);
    list.insert(at, entry);
}

/// Moves somebody whose name changed to their new place.
fn move_to_place<T>(users: &Table<User>, list: &mut Vec<T>, i: u32, user: impl Fn(&T) -> u32) {
    if let Some(at) = list.iter().position(|entry| user(entry) == i) {
        let entry = list.remove(at);
        put(users, list, entry, user);
    }
}
