//! Groups and who is in them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::extra::{self, ExtraValue};
use super::member::Member;
use super::people::User;
use super::rng::Rng;
use super::table::{Record, Table};

/// A group. Being in it as a participant and managing it are two memberships that know nothing of each other.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) id: Uuid,
    pub(crate) reference: Option<String>,
    pub(crate) name: String,
    pub(crate) max_users: i32,
    pub(crate) enable_chat: bool,
    pub(crate) is_editable: bool,
    /// Row numbers of users by name.
    pub(crate) participants: Vec<u32>,
    pub(crate) managers: Vec<u32>,
    pub(crate) trainings: Vec<u32>,
    pub(crate) skills: Vec<(Uuid, Cow<'static, str>)>,
    pub(crate) extra: Vec<ExtraValue>,
}

impl Record for Group {
    fn id(&self) -> Uuid {
        self.id
    }
    fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }
    fn label(&self) -> &str {
        &self.name
    }
}

const TEAMS: &[&str] = &[
    "Wijkzorg",
    "Nachtdienst",
    "Servicedesk",
    "Crèche",
    "Technische dienst",
    "Receptie",
    "Inkoop",
    "Kwaliteit",
    "Opleidingen",
    "Büro Köln",
    "Équipe Liège",
    "BHV-ers",
    "Vrijwilligers",
    "Stagiairs",
    "Leidinggevenden",
];
const SKILLS: &[&str] = &[
    "Eerste hulp",
    "Medicatie delen",
    "Tillen",
    "Gesprekken voeren",
    "Excel",
];

/// The organisation's groups. Everybody is in the first one; the others share people out.
pub(crate) fn groups(seed: u64, count: usize, trainings: usize, users: &mut Table<User>) -> Vec<Group> {
    let mut groups: Vec<Group> = (0..count).map(|i| group(seed, i, trainings)).collect();
    if groups.is_empty() {
        return groups;
    }
    let teams = count - 1;
    for i in users.order().to_vec() {
        let mut rng = Rng::new(seed, "membership", u64::from(i));
        join(&mut groups, 0, i, users);
        if teams == 0 {
            continue;
        }
        let first = 1 + rng.below(teams);
        join(&mut groups, first, i, users);
        let second = 1 + rng.below(teams);
        if rng.percent(20) && second != first {
            join(&mut groups, second, i, users);
        }
        if users.get(i).roles.contains(&Member("MANAGER")) {
            for at in if rng.percent(30) {
                vec![0, first]
            } else {
                vec![first]
            } {
                groups[at].managers.push(i);
                users.get_mut(i).manager_groups.push(super::table::number(at));
            }
        }
    }
    for group in &mut groups {
        group.participants.shrink_to_fit();
    }
    groups
}

fn join(groups: &mut [Group], at: usize, i: u32, users: &mut Table<User>) {
    groups[at].participants.push(i);
    users.get_mut(i).participant_groups.push(super::table::number(at));
}

fn group(seed: u64, i: usize, trainings: usize) -> Group {
    let mut rng = Rng::new(seed, "group", i as u64);
    let name = match i {
        0 => "Alle medewerkers".to_owned(),
        _ if i <= TEAMS.len() => TEAMS[i - 1].to_owned(),
        _ => format!("{} {}", TEAMS[(i - 1) % TEAMS.len()], 1 + (i - 1) / TEAMS.len()),
    };
    let skills = SKILLS
        .iter()
        .enumerate()
        .filter(|_| rng.percent(30))
        .collect::<Vec<_>>();
    Group {
        id: rng.uuid(),
        reference: (i == 0 || !rng.percent(15)).then(|| format!("GRP-{:03}", i + 1)),
        name,
        max_users: if i == 0 {
            1_000_000
        } else {
            i32::try_from(rng.between(20, 500)).unwrap_or(20)
        },
        enable_chat: rng.percent(50),
        is_editable: i > 0,
        participants: Vec::new(),
        managers: Vec::new(),
        trainings: (0..super::table::number(trainings))
            .filter(|_| rng.percent(40))
            .take(20)
            .collect(),
        skills: skills
            .into_iter()
            .map(|(n, title)| (Rng::new(seed, "skill", n as u64).uuid(), Cow::Borrowed(*title)))
            .collect(),
        extra: extra::of_group(&mut rng),
    }
}
