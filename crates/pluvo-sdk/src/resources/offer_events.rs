//! Offer events: the occasions of an offer, with places and dates.

use super::{Done, Get, Key, Write};
use crate::client::Client;
use crate::model::{CreateOfferEventInput, OfferEvent, UpdateOfferEventInput};
use crate::operation::generated::{
    CREATE_OFFER_EVENT, CreateOfferEventVariables, DELETE_OFFER_EVENT, DeleteOfferEventVariables,
    OFFER_EVENT, OfferEventVariables, UPDATE_OFFER_EVENT, UpdateOfferEventVariables,
};

/// The occasions of offers. Reading needs the scope `events.read`, writing `events.write`.
#[derive(Debug, Clone)]
pub struct OfferEvents {
    pub(crate) client: Client,
}

impl Client {
    /// The occasions of offers.
    pub fn offer_events(&self) -> OfferEvents {
        OfferEvents { client: self.clone() }
    }
}

impl OfferEvents {
    /// One event, or none. That it can be found by ref is inferred.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let event = client.offer_events().get(pluvo_sdk::Key::id("933d8663-edf6-42c9-895a-eeec13fff0ab")).await?;
    /// # Ok(()) }
    /// ```
    pub fn get(&self, key: impl Into<Key>) -> Get<OfferEvent> {
        let (id, r#ref) = key.into().split();
        Get::new(&self.client, &OFFER_EVENT, &OfferEventVariables { id, r#ref })
    }

    /// Creates an event of an offer. Not repeated when it fails on the way.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::{Key, model::{CreateOfferEventInput, OfferEventType}};
    /// let event = CreateOfferEventInput {
    ///     title: Some("First aid, September".into()),
    ///     r#type: Some(OfferEventType::Meeting),
    ///     ..CreateOfferEventInput::default()
    /// };
    /// client.offer_events().create(Key::reference("first-aid"), event).await?;
    /// # Ok(()) }
    /// ```
    pub fn create(&self, offer: impl Into<Key>, event: CreateOfferEventInput) -> Write<OfferEvent> {
        let (offer_id, offer_ref) = offer.into().split();
        let variables = CreateOfferEventVariables {
            offer_id,
            offer_ref,
            offer_event: event,
        };
        Write::new(&self.client, &CREATE_OFFER_EVENT, &variables)
    }

    /// Changes an event. Those enrolled are not mailed unless [`Write::notify`] says so, and then it is not repeated when
    /// it fails on the way, since a repeat would mail them again.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::{Key, model::UpdateOfferEventInput};
    /// let change = UpdateOfferEventInput { max_subscriptions: Some(30), ..UpdateOfferEventInput::default() };
    /// client.offer_events().update(Key::reference("first-aid-9"), change).notify(true).await?;
    /// # Ok(()) }
    /// ```
    pub fn update(&self, key: impl Into<Key>, event: UpdateOfferEventInput) -> Write<OfferEvent> {
        let (id, r#ref) = key.into().split();
        let variables = UpdateOfferEventVariables {
            id,
            r#ref,
            offer_event: event,
        };
        Write::new(&self.client, &UPDATE_OFFER_EVENT, &variables)
    }

    /// Deletes an event. That it can be named by ref is inferred. Not repeated when it fails on the way.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// client.offer_events().delete(pluvo_sdk::Key::id("933d8663-edf6-42c9-895a-eeec13fff0ab")).await?;
    /// # Ok(()) }
    /// ```
    pub fn delete(&self, key: impl Into<Key>) -> Write<Done> {
        let (id, r#ref) = key.into().split();
        let variables = DeleteOfferEventVariables { id, r#ref };
        Write::new(&self.client, &DELETE_OFFER_EVENT, &variables)
    }
}
