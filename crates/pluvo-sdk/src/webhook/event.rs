//! What a delivery says.

use super::verify::refused;
use crate::error::Result;
use crate::model::open_enum::open_enum;
use crate::model::{Date, DateTime, Decimal, Id};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

open_enum! {
    /// What happened. Pluvo's list of events is not known to its end, so others are kept by name.
    pub enum Event {
        /// Somebody was created. Documented on: `webhooks-2`.
        UserCreated = "USER_CREATED",
        /// Somebody was changed. Documented on: `webhooks-2`.
        UserUpdated = "USER_UPDATED",
        /// Somebody was deleted. Documented on: `webhooks-2`.
        UserDeleted = "USER_DELETED",
        /// A training was created. Documented on: `webhooks-2`.
        TrainingCreated = "TRAINING_CREATED",
        /// A training was changed. Documented on: `webhooks-2`.
        TrainingUpdated = "TRAINING_UPDATED",
        /// A training was deleted. Documented on: `webhooks-2`.
        TrainingDeleted = "TRAINING_DELETED",
        /// A group was created. Documented on: `webhooks-2`.
        GroupCreated = "GROUP_CREATED",
        /// A group was changed. No event tells of its members. Documented on: `webhooks-2`.
        GroupUpdated = "GROUP_UPDATED",
        /// A group was deleted. Documented on: `webhooks-2`.
        GroupDeleted = "GROUP_DELETED",
        /// Somebody was enrolled. Documented on: `webhooks-2`.
        OfferEventEnrolled = "OFFER_EVENT_ENROLLED",
        /// An enrolment has another status. Documented on: `webhooks-2`.
        OfferEventEnrollmentStatusUpdated = "OFFER_EVENT_ENROLLMENT_STATUS_UPDATED",
        /// Somebody was taken off. Documented on: `webhooks-2`.
        OfferEventUnenrolled = "OFFER_EVENT_UNENROLLED",
        /// A module group was unlocked. Only on an older page: `webhooks-0b489`.
        EventConditionsFulfilled = "EVENT_CONDITIONS_FULFILLED",
        /// A file was handed in. Only on an older page: `webhooks-0b489`.
        EventFileUploaded = "EVENT_FILE_UPLOADED",
        /// Somebody got a certificate. Documented on: `certificate-2`.
        EventCertificateAchieved = "EVENT_CERTIFICATE_ACHIEVED",
        /// A certificate has another status. Documented on: `certificate-2`.
        EventCertificateStatusChanged = "EVENT_CERTIFICATE_STATUS_CHANGED",
        /// A portfolio item was created. Only on an older page: `webhooks-0b489`.
        PortfolioItemCreated = "PORTFOLIO_ITEM_CREATED",
        /// A portfolio item was changed. Only on an older page: `webhooks-0b489`.
        PortfolioItemUpdated = "PORTFOLIO_ITEM_UPDATED",
        /// A portfolio item was deleted. Only on an older page: `webhooks-0b489`.
        PortfolioItemDeleted = "PORTFOLIO_ITEM_DELETED",
        /// A training was finished. Named on `concepten-architectuur`; its payload is not known.
        TrainingFinished = "TRAINING_FINISHED",
        /// A course was finished. Named on `concepten-architectuur`; its payload is not known.
        CourseFinished = "COURSE_FINISHED",
    }
}

/// A delivery that was verified.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Delivery {
    /// What happened.
    pub event: Event,
    /// When it was sent, as Pluvo says.
    pub sent_date: Option<DateTime>,
    /// What it happened to.
    pub payload: Payload,
    /// The same for two deliveries of one body. Pluvo sends no id of a delivery and repeats deliveries that were not
    /// answered with success, so keep this for a while and drop what you have seen.
    pub key: String,
    /// Everything that was sent, keys as Pluvo names them.
    pub raw: Map<String, Value>,
}

/// What an event is about.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Payload {
    /// A person.
    User(UserPayload),
    /// A training.
    Training(TrainingPayload),
    /// A group.
    Group(GroupPayload),
    /// An enrolment.
    Enrollment(EnrollmentPayload),
    /// A module group.
    ModuleGroup(ModuleGroupPayload),
    /// An event without a documented payload, or one whose payload is not as documented: see [`Delivery::raw`].
    Unknown,
}

/// A person in a delivery. Documented on: `webhooks-2`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserPayload {
    /// Pluvo's id.
    pub id: Id,
    /// The caller's own id.
    pub r#ref: Option<String>,
    /// The full name.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// Whether the person is active.
    pub is_active: Option<bool>,
    /// Extra fields by name. An object here, where GraphQL has JSON in a string.
    pub extra_fields: Option<Map<String, Value>>,
}

/// A training in a delivery. Documented on: `webhooks-2`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct TrainingPayload {
    /// Pluvo's id.
    pub id: Id,
    /// The caller's own id.
    pub r#ref: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// The subtitle.
    pub subtitle: Option<String>,
    /// The introduction.
    pub introduction: Option<String>,
    /// The first day.
    pub start_date: Option<Date>,
    /// The last day.
    pub end_date: Option<Date>,
    /// Whether it is active.
    pub is_active: Option<bool>,
}

/// A group in a delivery. It does not list the members. Documented on: `webhooks-2`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct GroupPayload {
    /// Pluvo's id.
    pub id: Id,
    /// The caller's own id.
    pub r#ref: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// Whether members may chat.
    pub enable_chat: Option<bool>,
}

/// An enrolment in a delivery. Documented on: `webhooks-2`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct EnrollmentPayload {
    /// Pluvo's id.
    pub id: Id,
    /// Who is enrolled.
    pub user: Option<UserPayload>,
    /// `ENROLLED` and the like.
    pub status: Option<crate::model::EnrollmentStatus>,
    /// For what.
    #[serde(alias = "offer_event")]
    pub offer_event: Option<OfferEventPayload>,
}

/// A moment of an offer in a delivery. Documented on: `webhooks-2`, whose keys are in snake case here.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct OfferEventPayload {
    /// Pluvo's id.
    pub id: Id,
    /// The caller's own id.
    pub r#ref: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// The price, to the letter.
    pub price: Option<Decimal>,
    /// How many may enrol.
    #[serde(alias = "max_subscriptions")]
    pub max_subscriptions: Option<i64>,
    /// Whether it is cancelled.
    pub cancelled: Option<bool>,
    /// What kind it is; `kind` in the delivery, `type` in GraphQL.
    #[serde(alias = "kind")]
    pub r#type: Option<crate::model::OfferEventType>,
}

/// A module group in a delivery. Only on an older page: `webhooks-0b489`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct ModuleGroupPayload {
    /// Pluvo's id.
    pub id: Id,
    /// The caller's own id.
    pub r#ref: Option<String>,
    /// The training it belongs to.
    pub training: Option<TrainingPayload>,
    /// Who unlocked it or handed something in.
    pub user: Option<UserPayload>,
    /// The conditions that were fulfilled, as they came.
    pub conditions: Option<Vec<Value>>,
    /// The address of a file. Whether it comes with every such event is not known.
    pub file: Option<String>,
}

impl Delivery {
    pub(super) fn read(body: &[u8]) -> Result<Self> {
        let raw: Map<String, Value> = serde_json::from_slice(body)
            .map_err(|_| refused("the signature fits, but the body is not JSON, or no JSON object"))?;
        let event = Event::from(raw.get("event").and_then(Value::as_str).unwrap_or_default());
        let sent_date = raw.get("sentDate").and_then(Value::as_str).map(DateTime::from);
        let payload = Payload::read(&event, &raw);
        let key = crate::hash(body);
        Ok(Self {
            event,
            sent_date,
            payload,
            key,
            raw,
        })
    }
}

impl Payload {
    fn read(event: &Event, raw: &Map<String, Value>) -> Self {
        fn of<T: serde::de::DeserializeOwned>(
            raw: &Map<String, Value>,
            make: impl Fn(T) -> Payload,
        ) -> Payload {
            T::deserialize(raw).map_or(Payload::Unknown, make)
        }
        match event {
            Event::UserCreated | Event::UserUpdated | Event::UserDeleted => of(raw, Self::User),
            Event::TrainingCreated | Event::TrainingUpdated | Event::TrainingDeleted => {
                of(raw, Self::Training)
            }
            Event::GroupCreated | Event::GroupUpdated | Event::GroupDeleted => of(raw, Self::Group),
            Event::OfferEventEnrolled
            | Event::OfferEventEnrollmentStatusUpdated
            | Event::OfferEventUnenrolled => of(raw, Self::Enrollment),
            Event::EventConditionsFulfilled | Event::EventFileUploaded => of(raw, Self::ModuleGroup),
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enrolment_is_read_in_one_naming_style() {
        let body = br#"{"id":"e1","user":{"id":"u1","isActive":true,"extraFields":{"Department":"Marketing"}},
            "status":"ENROLLED","offer_event":{"id":"o1","price":"0.00","max_subscriptions":25,"kind":"TRAINING"},
            "sentDate":"2024-09-01T10:15:00.000Z","event":"OFFER_EVENT_ENROLLED"}"#;
        let delivery = Delivery::read(body).unwrap();
        let Payload::Enrollment(enrollment) = delivery.payload else {
            panic!("{:?}", delivery.payload)
        };
        let offer_event = enrollment.offer_event.unwrap();
        assert_eq!(offer_event.max_subscriptions, Some(25));
        assert_eq!(offer_event.r#type, Some(crate::model::OfferEventType::Training));
        assert_eq!(
            enrollment.user.unwrap().extra_fields.unwrap()["Department"],
            "Marketing"
        );
        assert!(delivery.sent_date.unwrap().timestamp().is_some());
    }

    #[test]
    fn unknown_events_are_kept() {
        let delivery = Delivery::read(br#"{"event":"MOON_LANDED","id":"x"}"#).unwrap();
        assert_eq!(
            (delivery.event.as_str(), &delivery.payload),
            ("MOON_LANDED", &Payload::Unknown)
        );
        assert_eq!(delivery.raw["id"], "x");
        assert_eq!(Delivery::read(b"{}").unwrap().payload, Payload::Unknown);
        assert!(Delivery::read(b"[]").is_err());
    }

    #[test]
    fn a_payload_of_another_shape_loses_nothing() {
        let delivery = Delivery::read(br#"{"event":"USER_CREATED","name":["a"]}"#).unwrap();
        assert_eq!(delivery.payload, Payload::Unknown);
        assert_eq!(delivery.raw["name"][0], "a");
    }

    #[test]
    fn two_deliveries_of_one_body_have_one_key() {
        let key = |body: &[u8]| Delivery::read(body).unwrap().key;
        assert_eq!(key(b"{}"), key(b"{}"));
        assert_ne!(key(b"{}"), key(b"{ }"));
    }
}
