//! Enrolments in offer events.

use async_graphql::Error;

use super::people::{People, by_id_or_ref};
use super::{Change, Mutation, flag, not_found, payload};
use crate::data::member::Member;
use crate::data::offers::Enrollment;
use crate::resolve::{Got, Node, failure};

pub(super) fn mutation(name: &str) -> Option<Mutation> {
    let mutation: Mutation = match name {
        "createOfferEventEnrollments" => enroll_many,
        "enrollUserInOfferEvent" => enroll_one,
        "unenrollUserFromOfferEvent" => unenroll,
        _ => return None,
    };
    Some(mutation)
}

fn place(c: &Change<'_>, event: u32, user: u32) -> Option<usize> {
    let mut enrollments = c.store.events.get(event).enrollments.iter();
    enrollments.position(|enrollment| enrollment.user == user)
}

fn is_open(enrollment: &Enrollment) -> bool {
    matches!(enrollment.status.0, "ENROLLED" | "WAITLISTED")
}

/// Enrols somebody, or enrols them anew after they had withdrawn, and says where in the list.
fn enroll(c: &mut Change<'_>, event: u32, user: u32, status: Option<Member>) -> usize {
    let at = place(c, event, user);
    let id = c.store.new_id();
    let now = c.now;
    let row = event;
    let event = c.store.events.get_mut(row);
    let full = event
        .max_subscriptions
        .is_some_and(|most| usize::try_from(most).is_ok_and(|most| event.enrolled() >= most));
    let status = status.unwrap_or(Member(if full && event.waiting_list {
        "WAITLISTED"
    } else {
        "ENROLLED"
    }));
    if let Some(at) = at {
        let enrollment = &mut event.enrollments[at];
        enrollment.status = status;
        enrollment.enrolled_at = now;
        c.tell(
            "OFFER_EVENT_ENROLLMENT_STATUS_UPDATED",
            &Node::Enrollment(row, at),
        );
        return at;
    }
    event.enrollments.push(Enrollment {
        id,
        user,
        status,
        enrolled_at: now,
    });
    let at = event.enrollments.len() - 1;
    c.tell("OFFER_EVENT_ENROLLED", &Node::Enrollment(row, at));
    at
}

fn enroll_many(c: &mut Change<'_>) -> Result<Got, Error> {
    let event = by_id_or_ref(
        &c.store.events,
        c.args,
        "offerEventId",
        "offerEventRef",
        "offer event",
    )?;
    // Whom it does not know, the answer has no place for.
    let people = People::of(c)?;
    let (mut places, mut new) = (Vec::new(), Vec::new());
    for &user in &people.found {
        let at = place(c, event, user).filter(|&at| is_open(&c.store.events.get(event).enrollments[at]));
        let at = at.unwrap_or_else(|| {
            new.push(user);
            enroll(c, event, user, None)
        });
        if !places.contains(&at) {
            places.push(at);
        }
    }
    if c.flag("sendMail").unwrap_or(true) {
        c.mail("mail", &new);
    }
    let nodes = places.into_iter().map(|at| Node::Enrollment(event, at));
    Ok(Got::Nodes(nodes.collect()))
}

fn enroll_one(c: &mut Change<'_>) -> Result<Got, Error> {
    let input = c.input("enrollment")?;
    let user = input.uuid("userId").and_then(|id| c.store.users.by_id(id));
    let user = user.ok_or_else(|| not_found("person"))?;
    let event = input.uuid("offerEventId").and_then(|id| c.store.events.by_id(id));
    let event = event.ok_or_else(|| not_found("offer event"))?;
    if place(c, event, user).is_some_and(|at| is_open(&c.store.events.get(event).enrollments[at])) {
        return Err(failure(
            "ALREADY_EXISTS",
            "This person is enrolled in this event already.",
        ));
    }
    let at = enroll(c, event, user, input.str("status").and_then(Member::find));
    Ok(payload([("enrollment", Got::Node(Node::Enrollment(event, at)))]))
}

fn unenroll(c: &mut Change<'_>) -> Result<Got, Error> {
    let user = c.uuid("userId").and_then(|id| c.store.users.by_id(id));
    let event = c.uuid("offerEventId").and_then(|id| c.store.events.by_id(id));
    let (Some(user), Some(event)) = (user, event) else {
        return Err(not_found("person or offer event"));
    };
    let at = place(c, event, user).filter(|&at| is_open(&c.store.events.get(event).enrollments[at]));
    if let Some(at) = at {
        c.store.events.get_mut(event).enrollments[at].status = Member("CANCELLED");
        c.tell("OFFER_EVENT_UNENROLLED", &Node::Enrollment(event, at));
    }
    Ok(payload([("success", flag(at.is_some()))]))
}
