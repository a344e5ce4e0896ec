//! Certificates and portfolio items.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::rng::Rng;
use super::table::{Record, number};
use crate::clock::{DAY, EPOCH};

/// A certificate that can be issued.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Certificate {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) title: Option<String>,
}

impl Record for Certificate {
    fn id(&self) -> Uuid {
        self.id
    }
    fn label(&self) -> &str {
        &self.name
    }
}

/// Something in a person's portfolio. Times are seconds since 1970.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PortfolioItem {
    pub(crate) id: Uuid,
    pub(crate) user: u32,
    pub(crate) title: String,
    pub(crate) description: Option<String>,
    pub(crate) start: i64,
    pub(crate) end: Option<i64>,
    /// Where each file is.
    pub(crate) files: Vec<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Record for PortfolioItem {
    fn id(&self) -> Uuid {
        self.id
    }
    fn label(&self) -> &str {
        &self.title
    }
}

const SUBJECTS: &[&str] = &[
    "BHV",
    "EHBO",
    "Medicatie",
    "AVG",
    "Tillen",
    "Hygiëne",
    "Reanimatie",
    "Coaching",
];

/// The organisation's certificates.
pub(crate) fn certificates(seed: u64, count: usize) -> Vec<Certificate> {
    let certificate = |i: usize| {
        let mut rng = Rng::new(seed, "certificate", i as u64);
        let subject = SUBJECTS[i % SUBJECTS.len()];
        Certificate {
            id: rng.uuid(),
            name: format!("{subject} {}", 2020 + i / SUBJECTS.len()),
            title: rng.percent(85).then(|| format!("Certificaat {subject}")),
        }
    };
    (0..count).map(certificate).collect()
}

/// Portfolio items of random people.
pub(crate) fn portfolio(seed: u64, count: usize, users: usize) -> Vec<PortfolioItem> {
    let item = |i: usize| {
        let mut rng = Rng::new(seed, "portfolio", i as u64);
        let start = EPOCH - rng.between(10, 1500) * DAY;
        let created_at = start + rng.between(0, 9) * DAY;
        let subject = rng.pick(SUBJECTS);
        let id = rng.uuid();
        PortfolioItem {
            id,
            user: number(rng.below(users)),
            title: format!("Diploma {subject}"),
            description: rng
                .percent(50)
                .then(|| format!("Behaald buiten Pluvo: {subject}")),
            start,
            end: rng.percent(60).then(|| start + rng.between(200, 1000) * DAY),
            files: (0..rng.below(3))
                .map(|n| format!("https://files.example.com/{id}-{n}.pdf"))
                .collect(),
            created_at,
            updated_at: created_at,
        }
    };
    if users == 0 {
        Vec::new()
    } else {
        (0..count).map(item).collect()
    }
}
