//! Learning journeys and courses, who takes part in them and how far they are.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::extra::{self, ExtraValue};
use super::people::User;
use super::rng::Rng;
use super::table::{Record, Table};
use crate::clock::{DAY, EPOCH};

/// A learning journey or a course: what people take part in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "they are what the schema has")]
pub(crate) struct Training {
    pub(crate) id: Uuid,
    pub(crate) reference: Option<String>,
    pub(crate) title: String,
    pub(crate) subtitle: Option<String>,
    pub(crate) introduction: Option<String>,
    pub(crate) is_active: bool,
    pub(crate) archived: bool,
    /// Seconds since 1970, at midnight.
    pub(crate) start: Option<i64>,
    pub(crate) end: Option<i64>,
    pub(crate) minutes: Option<i64>,
    pub(crate) show_participants: bool,
    pub(crate) show_shared_files: bool,
    pub(crate) enable_chat: bool,
    pub(crate) has_image: bool,
    pub(crate) portfolio_item: Option<Uuid>,
    pub(crate) modules: Vec<(Uuid, Cow<'static, str>)>,
    /// By name of the user.
    pub(crate) people: Vec<Participation>,
    pub(crate) extra: Vec<ExtraValue>,
}

impl Record for Training {
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

/// One person in one training.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Participation {
    pub(crate) user: u32,
    pub(crate) role: TrainingRole,
    /// Hundredths of the whole.
    pub(crate) progress: u8,
    /// Tenths of a point, out of 100.
    pub(crate) score: Option<u8>,
    /// Seconds.
    pub(crate) spent: u32,
    /// Seconds since 1970.
    pub(crate) completed: Option<i64>,
}

/// What somebody is in a training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TrainingRole {
    Participant,
    Trainer,
    Mentor,
}

impl TrainingRole {
    /// The schema's name for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Participant => "PARTICIPANT",
            Self::Trainer => "TRAINER",
            Self::Mentor => "MENTOR",
        }
    }
}

const TITLES: &[&str] = &[
    "Welkom bij ons",
    "Veilig tillen",
    "Brandveiligheid",
    "Privacy en AVG",
    "Medicatieveiligheid",
    "Omgaan met agressie",
    "Reanimatie en AED",
    "Feedback geven",
    "Hygiëne en infectiepreventie",
    "Datalekken herkennen",
    "Coachend leiden",
    "Excel voor beginners",
    "Palliatieve zorg",
    "Façade: glasbewassing",
    "Führen im Alltag",
    "Séance d'accueil",
];
const MODULES: &[&str] = &["Introductie", "Theorie", "In de praktijk", "Toets", "Evaluatie"];

/// The organisation's learning journeys. Everybody takes part in the first one.
pub(crate) fn trainings(seed: u64, count: usize, users: &Table<User>) -> Vec<Training> {
    let mut trainings: Vec<_> = (0..count).map(|i| training(seed, "training", i)).collect();
    for &i in users.order() {
        if let Some(first) = trainings.first_mut() {
            first.people.push(participation(seed, 0, i));
        }
        let mut rng = Rng::new(seed, "takes-part", u64::from(i));
        let mut others: Vec<_> = (0..3).filter(|_| count > 1 && rng.percent(40)).collect();
        for at in &mut others {
            *at = 1 + rng.below(count - 1);
        }
        others.sort_unstable();
        others.dedup();
        for at in others {
            trainings[at].people.push(participation(seed, at as u64, i));
        }
    }
    for training in &mut trainings {
        training.people.shrink_to_fit();
    }
    trainings
}

/// A few courses, taken by one person in ten.
pub(crate) fn courses(seed: u64, count: usize, users: &Table<User>) -> Vec<Training> {
    let mut courses: Vec<_> = (0..count).map(|i| training(seed, "course", i)).collect();
    for (at, course) in courses.iter_mut().enumerate() {
        let chosen = users
            .order()
            .iter()
            .filter(|&&i| (u64::from(i) + at as u64).is_multiple_of(10));
        course.people = chosen
            .map(|&i| participation(seed, 1_000_000 + at as u64, i))
            .collect();
    }
    courses
}

fn participation(seed: u64, training: u64, user: u32) -> Participation {
    let mut rng = Rng::new(seed, "participation", (training << 32) | u64::from(user));
    let role = match rng.below(100) {
        0..96 => TrainingRole::Participant,
        96..99 => TrainingRole::Trainer,
        _ => TrainingRole::Mentor,
    };
    let progress = match rng.below(10) {
        0..2 => 0,
        2..6 => 100,
        _ => u8::try_from(rng.between(1, 99)).unwrap_or(1),
    };
    Participation {
        user,
        role,
        progress,
        score: (progress == 100).then(|| u8::try_from(rng.between(55, 100)).unwrap_or(55)),
        spent: u32::try_from(rng.between(0, 3 * DAY) * i64::from(progress) / 100).unwrap_or(0),
        completed: (progress == 100).then(|| EPOCH - rng.between(1, 360) * DAY - rng.between(0, DAY)),
    }
}

fn training(seed: u64, kind: &str, i: usize) -> Training {
    let mut rng = Rng::new(seed, kind, i as u64);
    let base = TITLES[i % TITLES.len()];
    let round = i / TITLES.len();
    let start = rng
        .percent(60)
        .then(|| EPOCH - EPOCH.rem_euclid(DAY) + rng.between(-400, 60) * DAY);
    let modules = 2 + rng.below(4);
    let prefix = if kind == "course" { "CRS" } else { "TRN" };
    Training {
        id: rng.uuid(),
        reference: (i == 0 || !rng.percent(15)).then(|| format!("{prefix}-{:03}", i + 1)),
        title: if round == 0 {
            base.to_owned()
        } else {
            format!("{base} ({})", round + 1)
        },
        subtitle: rng
            .percent(70)
            .then(|| format!("Alles over: {}", base.to_lowercase())),
        introduction: rng
            .percent(60)
            .then(|| "<p>In deze leerlijn leer je wat je nodig hebt.</p>".to_owned()),
        is_active: rng.percent(85),
        archived: i > 0 && rng.percent(12),
        start,
        end: start.map(|start| start + rng.between(30, 365) * DAY),
        minutes: rng.percent(80).then(|| rng.between(1, 32) * 15),
        show_participants: rng.percent(60),
        show_shared_files: rng.percent(40),
        enable_chat: rng.percent(40),
        has_image: rng.percent(50),
        portfolio_item: rng.percent(30).then(|| rng.uuid()),
        modules: MODULES[..modules]
            .iter()
            .map(|title| (rng.uuid(), Cow::Borrowed(*title)))
            .collect(),
        people: Vec::new(),
        extra: extra::of_content(&mut rng),
    }
}
