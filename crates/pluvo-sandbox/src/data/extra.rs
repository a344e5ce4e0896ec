//! Extra categories (custom fields) and the values that records have in them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::member::Member;
use super::rng::Rng;
use super::table::Record;
use crate::clock::{DAY, EPOCH};

/// A custom field of the organisation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Category {
    pub(crate) id: Uuid,
    pub(crate) reference: String,
    pub(crate) title: String,
    /// A member of the schema's `ExtraFieldType`.
    pub(crate) kind: Member,
    /// Members of the schema's `ContentType`.
    pub(crate) models: Vec<Member>,
    pub(crate) options: Vec<ChoiceOption>,
    pub(crate) archived_at: Option<i64>,
    pub(crate) color: Option<Cow<'static, str>>,
}

/// One of the choices of a select field.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ChoiceOption {
    pub(crate) id: Uuid,
    pub(crate) reference: Option<String>,
    pub(crate) text: String,
    pub(crate) color: Option<Cow<'static, str>>,
}

impl Record for Category {
    fn id(&self) -> Uuid {
        self.id
    }
    fn reference(&self) -> Option<&str> {
        Some(&self.reference)
    }
    fn label(&self) -> &str {
        &self.title
    }
}

/// What a record has in a category.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ExtraValue {
    /// The category's row number.
    pub(crate) category: u32,
    pub(crate) content: Content,
}

/// The four kinds of values.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Content {
    /// Text or a number as text.
    Text(Box<str>),
    /// Seconds since 1970.
    Moment(i64),
    /// The number of the choice in its category.
    Choice(u16),
    /// Yes or no.
    Flag(bool),
}

const DEPARTMENTS: &[&str] = &[
    "Zorg",
    "Verpleging & verzorging",
    "ICT",
    "Financiën",
    "Personeelszaken",
    "Logistiek",
    "Onderhoud",
    "Bestuur",
];
const SITES: &[&str] = &[
    "Amsterdam",
    "Den Haag",
    "'s-Hertogenbosch",
    "Köln",
    "Liège",
    "Málaga",
    "Łódź",
];
const COLORS: &[&str] = &[
    "#00AAFF", "#FF8800", "#22BB55", "#AA33CC", "#DD2233", "#777777", "#FFD400", "#004488",
];

/// The row numbers of the fields below, as values refer to them.
const DEPARTMENT: u32 = 0;
const SITE: u32 = 1;
const STARTED: u32 = 2;
const COST_CENTRE: u32 = 3;
const DRIVER: u32 = 4;
const AUDIENCE: u32 = 5;

/// The organisation's fields.
pub(crate) fn categories(seed: u64) -> Vec<Category> {
    let field = |i: u64, reference: &str, title: &str, kind, models: &[&'static str], options: &[&str]| {
        let mut rng = Rng::new(seed, "category", i);
        let id = rng.uuid();
        let option = |(n, text): (usize, &&str)| ChoiceOption {
            id: Rng::new(seed, "option", i * 100 + n as u64).uuid(),
            reference: Some(format!("{reference}-{}", n + 1)),
            text: (*text).to_owned(),
            color: Some(Cow::Borrowed(COLORS[n % COLORS.len()])),
        };
        Category {
            id,
            reference: reference.to_owned(),
            title: title.to_owned(),
            kind: Member(kind),
            models: models.iter().copied().map(Member).collect(),
            archived_at: None,
            options: options.iter().enumerate().map(option).collect(),
            color: rng
                .percent(50)
                .then(|| Cow::Borrowed(COLORS[rng.below(COLORS.len())])),
        }
    };
    vec![
        field(
            0,
            "department",
            "Afdeling",
            "SELECT",
            &["USER", "GROUP"],
            DEPARTMENTS,
        ),
        field(1, "site", "Vestiging", "MULTISELECT", &["USER"], SITES),
        field(2, "in-service", "In dienst sinds", "DATE", &["USER"], &[]),
        field(3, "cost-centre", "Kostenplaats", "TEXT", &["USER", "GROUP"], &[]),
        field(4, "driver", "Rijbewijs", "BOOLEAN", &["USER"], &[]),
        field(
            5,
            "audience",
            "Doelgroep",
            "TEXT",
            &["TRAINING", "OFFER", "COURSE", "VIDEO"],
            &[],
        ),
    ]
}

fn choice(rng: &mut Rng, from: &[&str]) -> Content {
    Content::Choice(u16::try_from(rng.below(from.len())).unwrap_or(0))
}

/// A person's values: some have none, most have all four kinds.
pub(crate) fn of_user(rng: &mut Rng) -> Vec<ExtraValue> {
    let mut values = Vec::new();
    let mut add = |category, content| values.push(ExtraValue { category, content });
    if rng.percent(90) {
        add(DEPARTMENT, choice(rng, DEPARTMENTS));
    }
    if rng.percent(60) {
        add(SITE, choice(rng, SITES));
    }
    if rng.percent(80) {
        add(STARTED, Content::Moment(EPOCH - rng.between(30, 9000) * DAY));
    }
    if rng.percent(70) {
        add(
            COST_CENTRE,
            Content::Text(format!("KP-{:04}", rng.below(400)).into()),
        );
    }
    if rng.percent(50) {
        add(DRIVER, Content::Flag(rng.percent(75)));
    }
    values.shrink_to_fit();
    values
}

/// A group's values.
pub(crate) fn of_group(rng: &mut Rng) -> Vec<ExtraValue> {
    vec![
        ExtraValue {
            category: DEPARTMENT,
            content: choice(rng, DEPARTMENTS),
        },
        ExtraValue {
            category: COST_CENTRE,
            content: Content::Text(format!("KP-{:04}", rng.below(400)).into()),
        },
    ]
}

/// The values of a training or an offer.
pub(crate) fn of_content(rng: &mut Rng) -> Vec<ExtraValue> {
    let audience = rng.pick(&["Iedereen", "Nieuwe medewerkers", "Leidinggevenden"]);
    vec![ExtraValue {
        category: AUDIENCE,
        content: Content::Text(audience.into()),
    }]
}
