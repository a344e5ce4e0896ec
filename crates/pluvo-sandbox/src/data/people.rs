//! Users.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::extra::{self, ExtraValue};
use super::member::Member;
use super::names;
use super::rng::Rng;
use super::table::Record;
use crate::clock::{DAY, EPOCH};

/// A person of the organisation. Times are seconds since 1970.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) id: Uuid,
    pub(crate) name: Box<str>,
    pub(crate) email: Option<Box<str>>,
    pub(crate) reference: Option<Box<str>>,
    pub(crate) employee: Option<Box<str>>,
    pub(crate) person: Option<Box<str>>,
    pub(crate) roles: Vec<Member>,
    pub(crate) language: Member,
    pub(crate) archived_at: Option<i64>,
    pub(crate) invited_on: Option<i64>,
    pub(crate) last_login: Option<i64>,
    pub(crate) has_password: bool,
    /// The file of the portrait.
    pub(crate) image: Option<Uuid>,
    pub(crate) extra: Vec<ExtraValue>,
    pub(crate) participant_groups: Vec<u32>,
    pub(crate) manager_groups: Vec<u32>,
}

impl Record for User {
    fn id(&self) -> Uuid {
        self.id
    }
    fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }
    fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }
    fn label(&self) -> &str {
        &self.name
    }
}

/// The `index`-th person. One in ten is archived, one in twenty has no e-mail address, one in twelve no ref.
pub(crate) fn user(seed: u64, index: u64) -> User {
    let mut rng = Rng::new(seed, "user", index);
    let id = rng.uuid();
    let name = names::person(&mut rng);
    let email =
        (!rng.percent(5)).then(|| format!("{}.{}@example.com", names::address(&name), index + 1).into());
    let reference = (!rng.percent(8)).then(|| format!("EMP-{:05}", index + 1).into());
    let roles: &[&'static str] = match rng.below(100) {
        0..80 => &["PARTICIPANT"],
        80..90 => &["TRAINER", "PARTICIPANT"],
        90..96 => &["MANAGER", "PARTICIPANT"],
        96..98 => &["MANAGER", "TRAINER"],
        98 => &["PLANNER"],
        _ => &["MANAGER"],
    };
    let language = match rng.below(10) {
        0..8 => "NL",
        8 => "EN",
        _ => "DE",
    };
    let invited_on = rng
        .percent(92)
        .then(|| EPOCH - rng.between(400, 1800) * DAY - rng.between(0, DAY));
    let last_login = (invited_on.is_some() && rng.percent(85))
        .then(|| EPOCH - rng.between(0, 399) * DAY - rng.between(0, DAY));
    let employee = rng.percent(60).then(|| format!("{:06}", 100_000 + index));
    User {
        id,
        name: name.into(),
        email,
        reference,
        person: employee.as_ref().map(|id| id[1..].into()),
        employee: employee.map(Into::into),
        roles: roles.iter().copied().map(Member).collect(),
        language: Member(language),
        archived_at: rng.percent(10).then(|| EPOCH - rng.between(1, 300) * DAY),
        invited_on,
        last_login,
        has_password: last_login.is_some() && rng.percent(60),
        image: rng.percent(30).then(|| derived(id)),
        extra: extra::of_user(&mut rng),
        participant_groups: Vec::new(),
        manager_groups: Vec::new(),
    }
}

/// The id of something that a record has one of, made from the record's own.
pub(crate) fn derived(id: Uuid) -> Uuid {
    uuid::Builder::from_random_bytes((!id.as_u128()).to_be_bytes()).into_uuid()
}
