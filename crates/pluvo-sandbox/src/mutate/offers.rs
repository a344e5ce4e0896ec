//! Offers and their events.

use async_graphql::{Error, Value};
use uuid::Uuid;

use super::people::by_id_or_ref;
use super::{Change, Mutation, bulk, flag, free_reference, invalid, not_blank, not_found, payload, rows};
use crate::data::member::Member;
use crate::data::offers::{Offer, OfferEvent};
use crate::resolve::{Got, Input, Node};

pub(super) fn mutation(name: &str) -> Option<Mutation> {
    let mutation: Mutation = match name {
        "createOffer" => create,
        "updateOffer" => update,
        "archiveOffers" => archive,
        "createOfferEvent" => create_event,
        "updateOfferEvent" => update_event,
        "deleteOfferEvent" => delete_event,
        _ => return None,
    };
    Some(mutation)
}

fn check(c: &Change<'_>, input: Input<'_>, own: Option<u32>) -> Result<(), Error> {
    not_blank("title", input.str("title"))?;
    c.known_file(input.uuid("imageId"))?;
    free_reference(&c.store.offers, input.str("ref"), own)
}

fn apply(offer: &mut Offer, input: Input<'_>, now: i64) {
    if let Some(title) = input.str("title") {
        title.clone_into(&mut offer.title);
    }
    if let Some(reference) = input.str("ref") {
        offer.reference = Some(reference.to_owned());
    }
    if let Some(description) = input.str("description") {
        offer.description = Some(description.to_owned());
    }
    offer.is_active = input.flag("isActive").unwrap_or(offer.is_active);
    offer.updated_at = now;
}

fn create(c: &mut Change<'_>) -> Result<Got, Error> {
    let input = c.input("offer")?;
    check(c, input, None)?;
    let mut offer = Offer {
        id: c.store.new_id(),
        reference: Some(c.store.new_id().to_string()),
        title: String::new(),
        description: None,
        is_active: true,
        archived_at: None,
        created_at: c.now,
        updated_at: c.now,
        events: Vec::new(),
        extra: Vec::new(),
    };
    apply(&mut offer, input, c.now);
    let i = c.store.offers.insert(offer);
    Ok(payload([("offer", Got::Node(Node::Offer(i)))]))
}

fn update(c: &mut Change<'_>) -> Result<Got, Error> {
    let i = c.one_of(&c.store.offers)?.ok_or_else(|| not_found("offer"))?;
    let (input, now) = (c.input("offer")?, c.now);
    check(c, input, Some(i))?;
    c.store.offers.update(i, |offer| apply(offer, input, now));
    Ok(payload([("offer", Got::Node(Node::Offer(i)))]))
}

fn archive(c: &mut Change<'_>) -> Result<Got, Error> {
    let archived = c.flag("archive").unwrap_or(true);
    let wanted = c.uuids("ids").unwrap_or_default();
    let response = bulk(
        c,
        &wanted,
        |store| &store.offers,
        |c, i| {
            let offer = c.store.offers.get_mut(i);
            offer.archived_at = archived.then(|| offer.archived_at.unwrap_or(c.now));
            offer.updated_at = c.now;
        },
    );
    Ok(payload([("response", response)]))
}

/// What is said about an event, checked.
struct Event<'a> {
    input: Input<'a>,
    trainings: Option<Vec<u32>>,
    courses: Option<Vec<u32>>,
    certificate: Option<u32>,
    closing: Option<i64>,
    price: Option<i64>,
    threshold: Option<i64>,
    dates: Option<Vec<(Uuid, i64, i64)>>,
}

impl<'a> Event<'a> {
    fn read(c: &mut Change<'_>, input: Input<'a>, own: Option<u32>) -> Result<Self, Error> {
        not_blank("title", input.str("title"))?;
        free_reference(&c.store.events, input.str("ref"), own)?;
        for name in ["accessExternalContents", "accessScorms", "accessVideos"] {
            if input.uuids(name).is_some_and(|ids| !ids.is_empty()) {
                return Err(not_found(&format!(
                    "record in `{name}`: the sandbox has none of that kind"
                )));
            }
        }
        for name in ["maxSubscriptions", "minSubscriptions"] {
            if input.int(name).is_some_and(|number| number < 0) {
                return Err(invalid(format!("`{name}` must not be negative.")));
            }
        }
        let given = |name| input.uuids(name).map(Some);
        let access =
            |ids: Option<Option<Vec<Uuid>>>| ids.map(|ids| rows(&c.store.trainings, ids, "training"));
        let trainings = access(given("accessTrainings")).transpose()?;
        let courses = given("accessCourses")
            .map(|ids| rows(&c.store.courses, ids, "course"))
            .transpose()?;
        let certificate = input.uuid("certificateId").map(|id| {
            let found = c.store.certificates.by_id(id);
            found.ok_or_else(|| not_found("certificate"))
        });
        let mut dates = None;
        if let Some(inputs) = input.objects("dates") {
            let mut read = Vec::new();
            for date in inputs {
                let (start, end) = (date.moment("startDate")?, date.moment("endDate")?);
                match (start, end) {
                    (Some(start), Some(end)) if start <= end => read.push((c.store.new_id(), start, end)),
                    _ => return Err(invalid("A date has to start before it ends.")),
                }
            }
            dates = Some(read);
        }
        Ok(Self {
            input,
            trainings,
            courses,
            certificate: certificate.transpose()?,
            closing: input.moment("closingDate")?,
            price: input.given("price").map(cents).transpose()?,
            threshold: input.given("scoreThreshold").and_then(hundredths),
            dates,
        })
    }

    fn apply(self, event: &mut OfferEvent) {
        let input = self.input;
        if let Some(title) = input.str("title") {
            title.clone_into(&mut event.title);
        }
        if let Some(reference) = input.str("ref") {
            event.reference = Some(reference.to_owned());
        }
        event.kind = input.str("type").and_then(Member::find).unwrap_or(event.kind);
        event.max_subscriptions = input.int("maxSubscriptions").or(event.max_subscriptions);
        event.min_subscriptions = input.int("minSubscriptions").or(event.min_subscriptions);
        event.waiting_list = input.flag("waitingList").unwrap_or(event.waiting_list);
        event.cancelled = input.flag("cancelled").unwrap_or(event.cancelled);
        event.publish = input.flag("publish").unwrap_or(event.publish);
        event.closing = self.closing.or(event.closing);
        event.price = self.price.unwrap_or(event.price);
        event.certificate = self.certificate.or(event.certificate);
        event.score_threshold = self.threshold.or(event.score_threshold);
        if let Some(trainings) = self.trainings {
            event.trainings = trainings;
        }
        if let Some(courses) = self.courses {
            event.courses = courses;
        }
        if let Some(dates) = self.dates {
            event.dates = dates;
        }
    }
}

/// A price, a number or a text such as `12.50`, in cents.
fn cents(price: &Value) -> Result<i64, Error> {
    let text = match price {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let cents = format!("{whole}{rest:0<2}").parse().ok();
    cents
        .filter(|_| !whole.is_empty() && rest.len() <= 2 && digits(whole) && digits(rest))
        .ok_or_else(|| invalid(format!("\"{text}\" is not a price such as \"12.50\".")))
}

fn hundredths(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => format!("{:.0}", number.as_f64()? * 100.0).parse().ok(),
        _ => None,
    }
}

fn create_event(c: &mut Change<'_>) -> Result<Got, Error> {
    let offer = by_id_or_ref(&c.store.offers, c.args, "offerId", "offerRef", "offer")?;
    let input = c.input("offerEvent")?;
    let fields = Event::read(c, input, None)?;
    let mut event = OfferEvent {
        id: c.store.new_id(),
        reference: Some(c.store.new_id().to_string()),
        title: c.store.offers.get(offer).title.clone(),
        kind: Member("MEETING"),
        trainings: Vec::new(),
        courses: Vec::new(),
        certificate: None,
        max_subscriptions: None,
        min_subscriptions: None,
        waiting_list: false,
        closing: None,
        price: 0,
        cancelled: false,
        publish: true,
        score_threshold: None,
        dates: Vec::new(),
        enrollments: Vec::new(),
    };
    fields.apply(&mut event);
    let i = c.store.events.insert(event);
    c.store.offers.get_mut(offer).events.push(i);
    Ok(payload([("offerEvent", Got::Node(Node::Event(i)))]))
}

fn update_event(c: &mut Change<'_>) -> Result<Got, Error> {
    let i = c
        .one_of(&c.store.events)?
        .ok_or_else(|| not_found("offer event"))?;
    let input = c.input("offerEvent")?;
    let fields = Event::read(c, input, Some(i))?;
    c.store.events.update(i, |event| fields.apply(event));
    if c.flag("sendNotification").unwrap_or(true) {
        let enrollments = c.store.events.get(i).enrollments.iter();
        let enrolled = enrollments.filter(|one| one.status == Member("ENROLLED"));
        let people: Vec<u32> = enrolled.map(|one| one.user).collect();
        c.mail("notification", &people);
    }
    Ok(payload([("offerEvent", Got::Node(Node::Event(i)))]))
}

fn delete_event(c: &mut Change<'_>) -> Result<Got, Error> {
    let i = c
        .one_of(&c.store.events)?
        .ok_or_else(|| not_found("offer event"))?;
    for offer in 0..c.store.offers.next() {
        c.store.offers.get_mut(offer).events.retain(|&event| event != i);
    }
    c.store.events.remove(i);
    Ok(payload([("ok", flag(true))]))
}
