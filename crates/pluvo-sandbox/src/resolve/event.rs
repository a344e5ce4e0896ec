//! Fields of offers, their events and enrolments.

use super::{
    Call, Got, Node, Resolver, extra, flag, float, id, int, maybe_moment, maybe_text, member, moment, nodes,
    text,
};
use crate::data::offers::{Enrollment, Offer, OfferEvent};
use crate::data::table::{Record, number};
use crate::data::trainings::TrainingRole;

impl<'a> Call<'a> {
    fn offer(&self) -> &'a Offer {
        match self.node {
            Node::Offer(i) => self.store.offers.get(*i),
            other => unreachable!("{other:?} is not an offer"),
        }
    }

    fn event(&self) -> &'a OfferEvent {
        match self.node {
            Node::Event(i) | Node::Enrollment(i, _) => self.store.events.get(*i),
            other => unreachable!("{other:?} is not an event"),
        }
    }

    fn enrollment(&self) -> &'a Enrollment {
        match self.node {
            Node::Enrollment(_, at) => &self.event().enrollments[*at],
            other => unreachable!("{other:?} is not an enrolment"),
        }
    }

    fn date(&self) -> (uuid::Uuid, i64, i64) {
        match self.node {
            Node::EventDate(id, start, end) => (*id, *start, *end),
            other => unreachable!("{other:?} is not a date"),
        }
    }
}

pub(super) fn field(ty: &str, name: &str) -> Option<Resolver> {
    match ty {
        "Offer" => offer(name),
        "OfferEvent" => event(name),
        "OfferEventDate" => date(name),
        _ => enrollment(name),
    }
}

fn offer(name: &str) -> Option<Resolver> {
    let resolver: Resolver = match name {
        "id" => |c| id(c.offer().id),
        "ref" => |c| maybe_text(c.offer().reference()),
        "title" => |c| text(&c.offer().title),
        "description" => |c| maybe_text(c.offer().description.as_deref()),
        "isActive" => |c| flag(c.offer().is_active),
        "archivedAt" => |c| maybe_moment(c.offer().archived_at),
        "createdAt" => |c| moment(c.offer().created_at),
        "updatedAt" => |c| moment(c.offer().updated_at),
        "offerEvents" => |c| nodes(c.offer().events.iter().map(|&i| Node::Event(i))),
        "extraCategoryValues" => |c| nodes(extra::values(c.offer().id, &c.offer().extra)),
        _ => return None,
    };
    Some(resolver)
}

fn event(name: &str) -> Option<Resolver> {
    let resolver: Resolver = match name {
        "id" => |c| id(c.event().id),
        "ref" => |c| maybe_text(c.event().reference()),
        "title" => |c| text(&c.event().title),
        "type" => |c| member(&c.event().kind),
        "accessTrainings" => |c| nodes(c.event().trainings.iter().map(|&i| Node::Training(i))),
        "accessCourses" => |c| nodes(c.event().courses.iter().map(|&i| Node::Course(i))),
        "accessExternalContents" | "accessScorms" | "accessVideos" => |_| nodes([]),
        "maxSubscriptions" => |c| c.event().max_subscriptions.map_or(Ok(Got::Nothing), int),
        "minSubscriptions" => |c| c.event().min_subscriptions.map_or(Ok(Got::Nothing), int),
        "waitingList" => |c| flag(c.event().waiting_list),
        "closingDate" => |c| maybe_moment(c.event().closing),
        "price" => |c| text(format!("{}.{:02}", c.event().price / 100, c.event().price % 100)),
        "cancelled" => |c| flag(c.event().cancelled),
        "publish" => |c| flag(c.event().publish),
        "certificateId" => |c| match c.event().certificate {
            Some(i) => id(c.store.certificates.get(i).id),
            None => Ok(Got::Nothing),
        },
        "enrolledCount" => |c| int(c.event().enrolled()),
        "spotsAvailable" => |c| match c.event().max_subscriptions {
            Some(most) => int(most - i64::from(number(c.event().enrolled())).min(most)),
            None => Ok(Got::Nothing),
        },
        "trainers" => |c| {
            let people = c
                .event()
                .trainings
                .iter()
                .flat_map(|&i| &c.store.trainings.get(i).people);
            let trainers = people
                .filter(|person| person.role == TrainingRole::Trainer)
                .take(3);
            nodes(trainers.map(|person| Node::User(person.user)))
        },
        "scoreThreshold" => |c| match c.event().score_threshold {
            Some(hundredths) => float(f64::from(i32::try_from(hundredths).unwrap_or(0)) / 100.0),
            None => Ok(Got::Nothing),
        },
        "dates" => |c| {
            nodes(
                c.event()
                    .dates
                    .iter()
                    .map(|&(id, start, end)| Node::EventDate(id, start, end)),
            )
        },
        _ => return None,
    };
    Some(resolver)
}

fn date(name: &str) -> Option<Resolver> {
    let resolver: Resolver = match name {
        "id" => |c| id(c.date().0),
        "startDate" => |c| moment(c.date().1),
        "endDate" => |c| moment(c.date().2),
        _ => return None,
    };
    Some(resolver)
}

fn enrollment(name: &str) -> Option<Resolver> {
    let resolver: Resolver = match name {
        "id" => |c| id(c.enrollment().id),
        "user" => |c| Ok(Got::Node(Node::User(c.enrollment().user))),
        "userId" => |c| id(c.store.users.get(c.enrollment().user).id),
        "status" => |c| member(&c.enrollment().status),
        "enrolledAt" => |c| moment(c.enrollment().enrolled_at),
        "offerEventId" => |c| id(c.event().id),
        "offerEvent" => |c| match c.node {
            Node::Enrollment(event, _) => Ok(Got::Node(Node::Event(*event))),
            _ => Ok(Got::Nothing),
        },
        _ => return None,
    };
    Some(resolver)
}

/// Kinds of content that no event of the sandbox has, but that the schema can name.
pub(super) fn other_content(name: &str) -> Option<Resolver> {
    super::training::named(name)
}
