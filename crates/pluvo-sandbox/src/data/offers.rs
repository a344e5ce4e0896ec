//! Offers, their events with dates, and who is enrolled.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::extra::{self, ExtraValue};
use super::member::Member;
use super::rng::Rng;
use super::table::{Record, number};
use crate::clock::{DAY, EPOCH, HOUR};

/// Something people can enrol in, held in one or more events.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Offer {
    pub(crate) id: Uuid,
    pub(crate) reference: Option<String>,
    pub(crate) title: String,
    pub(crate) description: Option<String>,
    pub(crate) is_active: bool,
    pub(crate) archived_at: Option<i64>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    /// Row numbers of its events.
    pub(crate) events: Vec<u32>,
    pub(crate) extra: Vec<ExtraValue>,
}

impl Record for Offer {
    fn id(&self) -> Uuid {
        self.id
    }
    fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }
    fn label(&self) -> &str {
        &self.title
    }
}

/// One time that an offer is held.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct OfferEvent {
    pub(crate) id: Uuid,
    pub(crate) reference: Option<String>,
    pub(crate) title: String,
    /// A member of the schema's `OfferEventType`.
    pub(crate) kind: Member,
    pub(crate) trainings: Vec<u32>,
    pub(crate) courses: Vec<u32>,
    pub(crate) certificate: Option<u32>,
    pub(crate) max_subscriptions: Option<i64>,
    pub(crate) min_subscriptions: Option<i64>,
    pub(crate) waiting_list: bool,
    pub(crate) closing: Option<i64>,
    /// Cents.
    pub(crate) price: i64,
    pub(crate) cancelled: bool,
    pub(crate) publish: bool,
    pub(crate) score_threshold: Option<i64>,
    /// Id, start and end of each meeting.
    pub(crate) dates: Vec<(Uuid, i64, i64)>,
    pub(crate) enrollments: Vec<Enrollment>,
}

impl OfferEvent {
    /// How many people have a place.
    pub(crate) fn enrolled(&self) -> usize {
        self.enrollments
            .iter()
            .filter(|enrollment| enrollment.status == Member("ENROLLED"))
            .count()
    }
}

impl Record for OfferEvent {
    fn id(&self) -> Uuid {
        self.id
    }
    fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }
    fn label(&self) -> &str {
        &self.title
    }
}

/// One person in one event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Enrollment {
    pub(crate) id: Uuid,
    pub(crate) user: u32,
    /// A member of the schema's `EnrollmentStatus`.
    pub(crate) status: Member,
    pub(crate) enrolled_at: i64,
}

/// How many rows there are of what events refer to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Others {
    pub(crate) users: usize,
    pub(crate) trainings: usize,
    pub(crate) courses: usize,
    pub(crate) certificates: usize,
}

const TITLES: &[&str] = &[
    "BHV-basiscursus",
    "EHBO-herhaling",
    "Inwerkdag",
    "Workshop Gesprekken",
    "Studiereis Köln",
    "Leergang Leiden",
    "Webinar AVG",
    "Cours de français",
];
const KINDS: &[&str] = &["MEETING", "WEBINAR", "TRAINING", "ELEARNING", "COURSE"];

/// Offers with two to four events each.
pub(crate) fn offers(seed: u64, count: usize, others: Others) -> (Vec<Offer>, Vec<OfferEvent>) {
    let mut events = Vec::new();
    let mut offers: Vec<Offer> = (0..count).map(|i| offer(seed, i)).collect();
    for (at, offer) in offers.iter_mut().enumerate() {
        let held = 2 + Rng::new(seed, "held", at as u64).below(3);
        for n in 0..held {
            offer.events.push(number(events.len()));
            events.push(event(seed, number(at), &offer.title, n, others));
        }
    }
    (offers, events)
}

fn offer(seed: u64, i: usize) -> Offer {
    let mut rng = Rng::new(seed, "offer", i as u64);
    let created_at = EPOCH - rng.between(200, 900) * DAY;
    let base = TITLES[i % TITLES.len()];
    Offer {
        id: rng.uuid(),
        reference: (i == 0 || !rng.percent(20)).then(|| format!("OFF-{:03}", i + 1)),
        title: if i < TITLES.len() {
            base.to_owned()
        } else {
            format!("{base} {}", i + 1)
        },
        description: rng.percent(70).then(|| format!("<p>{base}: meld je aan.</p>")),
        is_active: rng.percent(90),
        archived_at: rng.percent(10).then(|| EPOCH - rng.between(1, 100) * DAY),
        created_at,
        updated_at: created_at + rng.between(0, 190) * DAY,
        events: Vec::new(),
        extra: extra::of_content(&mut rng),
    }
}

fn event(seed: u64, offer: u32, title: &str, n: usize, others: Others) -> OfferEvent {
    let mut rng = Rng::new(seed, "event", u64::from(offer) * 100 + n as u64);
    let some =
        |rng: &mut Rng, percent, of: usize| (of > 0 && rng.percent(percent)).then(|| number(rng.below(of)));
    let first = EPOCH - EPOCH.rem_euclid(DAY) + rng.between(-200, 200) * DAY + 9 * HOUR;
    let meetings = 1 + i64::try_from(rng.below(3)).unwrap_or(0);
    let dates = (0..meetings)
        .map(|k| (rng.uuid(), first + 7 * k * DAY, first + 7 * k * DAY + 3 * HOUR))
        .collect();
    let mut event = OfferEvent {
        id: rng.uuid(),
        reference: (n == 0 || !rng.percent(20)).then(|| format!("EVT-{:03}-{}", offer + 1, n + 1)),
        title: format!("{title}, ronde {}", n + 1),
        kind: Member(KINDS[rng.below(KINDS.len())]),
        trainings: some(&mut rng, 60, others.trainings).into_iter().collect(),
        courses: some(&mut rng, 30, others.courses).into_iter().collect(),
        certificate: some(&mut rng, 40, others.certificates),
        max_subscriptions: rng.percent(80).then(|| rng.between(8, 40)),
        min_subscriptions: rng.percent(40).then(|| rng.between(2, 6)),
        waiting_list: rng.percent(50),
        closing: rng.percent(70).then_some(first - 7 * DAY),
        price: if rng.percent(60) {
            0
        } else {
            rng.between(10, 400) * 50
        },
        cancelled: rng.percent(8),
        publish: rng.percent(90),
        score_threshold: rng.percent(30).then(|| rng.between(5, 9) * 10),
        dates,
        enrollments: Vec::new(),
    };
    let wanted = others.users.min(6 + rng.below(20));
    let mut people: Vec<u32> = (0..wanted).map(|_| number(rng.below(others.users))).collect();
    people.sort_unstable();
    people.dedup();
    for user in people {
        let status = match rng.below(10) {
            0..7 => "ENROLLED",
            7 => "WAITLISTED",
            8 => "CANCELLED",
            _ => "DECLINED",
        };
        let enrolled_at = first - rng.between(10, 90) * DAY - rng.between(0, DAY);
        event.enrollments.push(Enrollment {
            id: rng.uuid(),
            user,
            status: Member(status),
            enrolled_at,
        });
    }
    event
}
