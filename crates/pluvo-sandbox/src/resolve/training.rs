//! Fields of trainings, courses and who takes part in them.

use async_graphql::Error;

use super::{
    Call, Got, Node, Resolver, connection, extra, flag, float, id, maybe_day, maybe_node, maybe_text, member,
    nodes, text,
};
use crate::data::people::derived;
use crate::data::table::Record;
use crate::data::trainings::{Participation, Training, TrainingRole};

impl<'a> Call<'a> {
    fn training(&self) -> &'a Training {
        match self.node {
            Node::Training(i) | Node::TrainingItem(i, _) => self.store.trainings.get(*i),
            Node::Course(i) => self.store.courses.get(*i),
            other => unreachable!("{other:?} is not a training"),
        }
    }

    fn participation(&self) -> &'a Participation {
        match self.node {
            Node::TrainingUser(person) => person,
            other => unreachable!("{other:?} is not a participation"),
        }
    }

    /// The people of the training that have a role, by name or e-mail where asked for.
    fn people(&self, list: &str, role: fn(TrainingRole) -> bool) -> Result<Got, Error> {
        let training = self.training();
        let q = self.str("q").map(str::to_lowercase);
        let rows = self
            .store
            .list(self.filter_key(&format!("{list} of {}", training.id)), || {
                let people = training.people.iter().enumerate();
                let wanted = people.filter(|(_, person)| {
                    role(person.role) && q.as_deref().is_none_or(|q| self.store.user_has(person.user, q))
                });
                wanted.map(|(i, _)| crate::data::table::number(i)).collect()
            });
        connection::page(self, list, rows.len(), false, |i| {
            Node::TrainingUser(training.people[rows[i] as usize])
        })
    }
}

pub(super) fn field(ty: &str, name: &str) -> Option<Resolver> {
    match ty {
        "Module" => named(name),
        "TrainingUser" => training_user(name),
        "TrainingUserData" => user_data(name),
        _ => training(name),
    }
}

/// Things that are an id and a title.
pub(super) fn named(name: &str) -> Option<Resolver> {
    let resolver: Resolver = match name {
        "id" => |c| match c.node {
            Node::Module(module, _) => id(*module),
            _ => Ok(Got::Nothing),
        },
        "title" => |c| match c.node {
            Node::Module(_, title) => text(&**title),
            _ => Ok(Got::Nothing),
        },
        _ => return None,
    };
    Some(resolver)
}

fn training(name: &str) -> Option<Resolver> {
    let resolver: Resolver = match name {
        "id" => |c| id(c.training().id),
        "title" => |c| text(&c.training().title),
        "subtitle" => |c| maybe_text(c.training().subtitle.as_deref()),
        "introduction" => |c| maybe_text(c.training().introduction.as_deref()),
        "ref" => |c| maybe_text(c.training().reference()),
        "isActive" => |c| flag(c.training().is_active),
        "archived" => |c| flag(c.training().archived),
        "overviewImage" => |c| {
            maybe_node(
                c.training()
                    .has_image
                    .then(|| Node::File(derived(c.training().id))),
            )
        },
        "startDate" => |c| maybe_day(c.training().start),
        "endDate" => |c| maybe_day(c.training().end),
        "estimatedTimeSpent" => |c| match c.training().minutes {
            Some(minutes) => text(format!("{:02}:{:02}:00", minutes / 60, minutes % 60)),
            None => Ok(Got::Nothing),
        },
        "showParticipants" => |c| flag(c.training().show_participants),
        "showSharedFiles" => |c| flag(c.training().show_shared_files),
        "enableChat" => |c| flag(c.training().enable_chat),
        "portfolioItem" => |c| maybe_node(c.training().portfolio_item.map(Node::PortfolioStub)),
        "participants" => |c| c.people("participants", |role| role == TrainingRole::Participant),
        "trainers" => |c| c.people("trainers", |role| role == TrainingRole::Trainer),
        "modules" => |c| {
            nodes(
                c.training()
                    .modules
                    .iter()
                    .map(|(id, title)| Node::Module(*id, title.clone())),
            )
        },
        "users" => |c| nodes(c.training().people.iter().map(|person| Node::User(person.user))),
        "groups" => |c| {
            let Node::Training(at) = c.node else {
                return Ok(Got::Nothing);
            };
            let groups = c.store.groups.order().iter();
            nodes(
                groups
                    .filter(|&&i| c.store.groups.get(i).trainings.contains(at))
                    .map(|&i| Node::Group(i)),
            )
        },
        "extraCategoryValues" => |c| nodes(extra::values(c.training().id, &c.training().extra)),
        "userData" => |c| {
            let Node::TrainingItem(_, Some(user)) = c.node else {
                return Ok(Got::Nothing);
            };
            let person = c.training().people.iter().find(|person| person.user == *user);
            maybe_node(person.map(|person| Node::UserData(person.progress)))
        },
        "progress" => |c| {
            let people = c
                .training()
                .people
                .iter()
                .filter(|person| person.role == TrainingRole::Participant);
            let progress: Vec<_> = people.map(|person| f64::from(person.progress)).collect();
            if progress.is_empty() {
                return Ok(Got::Nothing);
            }
            let people = f64::from(crate::data::table::number(progress.len()));
            float((progress.iter().sum::<f64>() / people).round() / 100.0)
        },
        _ => return None,
    };
    Some(resolver)
}

fn training_user(name: &str) -> Option<Resolver> {
    let resolver: Resolver = match name {
        "user" => |c| Ok(Got::Node(Node::User(c.participation().user))),
        "role" => |c| member(c.participation().role.name()),
        "progress" => |c| float(f64::from(c.participation().progress) / 100.0),
        _ => return None,
    };
    Some(resolver)
}

fn user_data(name: &str) -> Option<Resolver> {
    let resolver: Resolver = match name {
        "progress" => |c| match c.node {
            Node::UserData(progress) => float(f64::from(*progress) / 100.0),
            _ => Ok(Got::Nothing),
        },
        _ => return None,
    };
    Some(resolver)
}
