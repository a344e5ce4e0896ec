//! Enrolments: who takes part in which offer event.

use super::{Done, Get, Key, Listing, Members, Rows, Write};
use crate::client::Client;
use crate::model::{EnrollUserInput, Enrollment, Id, OfferEventEnrollment};
use crate::operation::generated::{
    CREATE_OFFER_EVENT_ENROLLMENTS, CreateOfferEventEnrollmentsVariables, ENROLL_USER_IN_OFFER_EVENT,
    ENROLLMENT, ENROLLMENTS, EnrollUserInOfferEventVariables, EnrollmentVariables, EnrollmentsVariables,
    UNENROLL_USER_FROM_OFFER_EVENT, UnenrollUserFromOfferEventVariables,
};

/// Who takes part in which offer event. Reading needs the scope `events.read`, writing `events.write`.
#[derive(Debug, Clone)]
pub struct Enrollments {
    pub(crate) client: Client,
}

impl Client {
    /// Who takes part in which offer event.
    pub fn enrollments(&self) -> Enrollments {
        Enrollments { client: self.clone() }
    }
}

impl Enrollments {
    /// All enrolments, in one answer. On an older page alone.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let mine = client.enrollments().list().user_id("933d8663-edf6-42c9-895a-eeec13fff0ab").await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self) -> Listing<Enrollment, EnrollmentsVariables> {
        Listing::new(&self.client, &ENROLLMENTS, EnrollmentsVariables::default())
    }

    /// One person's enrolment in one event, or none. On an older page alone.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// # let (user, event) = ("a", "b");
    /// let enrollment = client.enrollments().get(user, event).await?;
    /// # Ok(()) }
    /// ```
    pub fn get(&self, user_id: impl Into<Id>, offer_event_id: impl Into<Id>) -> Get<Enrollment> {
        let variables = EnrollmentVariables::new(user_id, offer_event_id);
        Get::new(&self.client, &ENROLLMENT, &variables)
    }

    /// Enrols people in an event, who are not mailed unless [`Write::notify`] says so. Who is enrolled already is not
    /// enrolled again.
    ///
    /// Pluvo documents the refs of the event and of the people; that ids do as well is inferred. It does not say for whom
    /// it failed: compare the enrolments with those who were to have one.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::{Key, resources::Members};
    /// let people = Members::refs(["EMP-1", "EMP-2"]);
    /// let enrolled = client.enrollments().enroll_many(Key::reference("first-aid-9"), people).await?;
    /// println!("{} are enrolled", enrolled.len());
    /// # Ok(()) }
    /// ```
    pub fn enroll_many(
        &self,
        offer_event: impl Into<Key>,
        users: Members,
    ) -> Write<Rows<OfferEventEnrollment>> {
        let (offer_event_id, offer_event_ref) = offer_event.into().split();
        let (user_ids, user_refs) = users.split();
        let variables = CreateOfferEventEnrollmentsVariables {
            offer_event_id,
            offer_event_ref,
            user_ids,
            user_refs,
        };
        Write::new(&self.client, &CREATE_OFFER_EVENT_ENROLLMENTS, &variables)
    }

    /// Enrols one person, with a mutation that only an older page has and that has no mail switch. Prefer
    /// [`Enrollments::enroll_many`]. Not repeated when it fails on the way.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// # let (user, event) = ("a", "b");
    /// use pluvo_sdk::model::EnrollUserInput;
    /// client.enrollments().enroll(EnrollUserInput::new(user, event)).await?;
    /// # Ok(()) }
    /// ```
    pub fn enroll(&self, enrollment: EnrollUserInput) -> Write<Enrollment> {
        let variables = EnrollUserInOfferEventVariables { enrollment };
        Write::new(&self.client, &ENROLL_USER_IN_OFFER_EVENT, &variables)
    }

    /// Withdraws one person's enrolment, with a mutation that only an older page has. Not repeated when it fails on the way.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// # let (user, event) = ("a", "b");
    /// client.enrollments().unenroll(user, event).await?;
    /// # Ok(()) }
    /// ```
    pub fn unenroll(&self, user_id: impl Into<Id>, offer_event_id: impl Into<Id>) -> Write<Done> {
        let variables = UnenrollUserFromOfferEventVariables::new(user_id, offer_event_id);
        Write::new(&self.client, &UNENROLL_USER_FROM_OFFER_EVENT, &variables)
    }
}

/// Filters of enrolments.
impl<T> Listing<T, EnrollmentsVariables> {
    /// Only this person's.
    pub fn user_id(mut self, id: impl Into<Id>) -> Self {
        self.arguments.user_id = Some(id.into());
        self
    }
}
