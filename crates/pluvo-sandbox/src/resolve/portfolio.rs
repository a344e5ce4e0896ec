//! Fields of portfolio items and of the portfolio report.

use async_graphql::{Error, Value};

use super::{
    Call, Got, Node, Place, Resolver, connection, float, id, int, maybe_moment, maybe_text, moment, text,
};
use crate::clock::DAY;
use crate::data::certificates::PortfolioItem;
use crate::data::table::number;
use crate::data::trainings::{Participation, TrainingRole};

impl<'a> Call<'a> {
    fn item(&self) -> &'a PortfolioItem {
        match self.node {
            Node::PortfolioItem(i) => self.store.portfolio.get(*i),
            other => unreachable!("{other:?} is not a portfolio item"),
        }
    }

    fn report(&self) -> (Place, &'a Participation) {
        match self.node {
            Node::Report(place, person) => (*place, person),
            other => unreachable!("{other:?} is not a row of the report"),
        }
    }
}

pub(super) fn field(ty: &str, name: &str) -> Option<Resolver> {
    match ty {
        "PortfolioItem" => item(name),
        "PortfolioItemListItem" => stub(name),
        "TimeSpent" => time_spent(name),
        _ => report_item(name),
    }
}

fn item(name: &str) -> Option<Resolver> {
    let resolver: Resolver = match name {
        "id" => |c| id(c.item().id),
        "user" => |c| Ok(Got::Node(Node::User(c.item().user))),
        "title" => |c| text(&c.item().title),
        "description" => |c| maybe_text(c.item().description.as_deref()),
        "startDate" => |c| moment(c.item().start),
        "endDate" => |c| maybe_moment(c.item().end),
        "files" => |c| {
            let files = c.item().files.iter().cloned().map(Value::from);
            Ok(Got::Value(Value::List(files.collect())))
        },
        "createdAt" => |c| moment(c.item().created_at),
        "updatedAt" => |c| moment(c.item().updated_at),
        _ => return None,
    };
    Some(resolver)
}

fn stub(name: &str) -> Option<Resolver> {
    let resolver: Resolver = match name {
        "id" => |c| match c.node {
            Node::PortfolioStub(item) => id(*item),
            _ => Ok(Got::Nothing),
        },
        _ => return None,
    };
    Some(resolver)
}

fn report_item(name: &str) -> Option<Resolver> {
    let resolver: Resolver = match name {
        "user" => |c| Ok(Got::Node(Node::User(c.report().1.user))),
        "title" => |c| match c.report().0 {
            Place::Training(i) => text(&c.store.trainings.get(i).title),
            Place::Course(i) => text(&c.store.courses.get(i).title),
        },
        "progress" => |c| float(f64::from(c.report().1.progress) / 100.0),
        "score" => |c| {
            c.report()
                .1
                .score
                .map_or(Ok(Got::Nothing), |score| float(f64::from(score) / 10.0))
        },
        "completionDate" => |c| maybe_moment(c.report().1.completed),
        "timeSpent" => |c| Ok(Got::Node(Node::TimeSpent(c.report().1.spent))),
        _ => return None,
    };
    Some(resolver)
}

fn time_spent(name: &str) -> Option<Resolver> {
    let resolver: Resolver = match name {
        "days" => |c| match c.node {
            Node::TimeSpent(seconds) => int(i64::from(*seconds) / DAY),
            _ => Ok(Got::Nothing),
        },
        "seconds" => |c| match c.node {
            Node::TimeSpent(seconds) => int(i64::from(*seconds) % DAY),
            _ => Ok(Got::Nothing),
        },
        _ => return None,
    };
    Some(resolver)
}

/// `portfolioReport`: every participant of every training and course, by name.
pub(super) fn report(c: &Call<'_>) -> Result<Got, Error> {
    let store = c.store;
    let trainings = store.trainings.next();
    let place = |at: u32| {
        if at < trainings {
            Place::Training(at)
        } else {
            Place::Course(at - trainings)
        }
    };
    let people = |place: Place| match place {
        Place::Training(i) => &store.trainings.get(i).people,
        Place::Course(i) => &store.courses.get(i).people,
    };
    // A list holds single numbers, so a row here is two of them: the place, and the person's place in it.
    let rows = store.list(c.filter_key("portfolioReport"), || {
        let kinds = c.strs("relatedObjectTypes");
        let wanted = |kind| kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind));
        let groups = c.uuids("userGroupIds").map(|ids| {
            ids.into_iter()
                .filter_map(|id| store.groups.by_id(id))
                .collect::<Vec<_>>()
        });
        let in_groups = |user: u32| {
            let of = &store.users.get(user).participant_groups;
            groups
                .as_ref()
                .is_none_or(|groups| of.iter().any(|group| groups.contains(group)))
        };
        let mut rows = Vec::new();
        for at in 0..trainings + store.courses.next() {
            let place = place(at);
            if !wanted(if matches!(place, Place::Training(_)) {
                "TRAINING"
            } else {
                "COURSE"
            }) {
                continue;
            }
            for (n, person) in people(place).iter().enumerate() {
                if person.role == TrainingRole::Participant && in_groups(person.user) {
                    rows.push((at, number(n)));
                }
            }
        }
        rows.sort_by_cached_key(|&(at, n)| {
            connection::report_key(store, place(at), people(place(at))[n as usize])
        });
        rows.into_iter().flat_map(|(at, n)| [at, n]).collect()
    });
    connection::page(c, "portfolioReport", rows.len() / 2, false, |i| {
        let place = place(rows[2 * i]);
        Node::Report(place, people(place)[rows[2 * i + 1] as usize])
    })
}
