//! Offers: what people can enrol in, through its events.

use super::answer::Answer;
use super::chunked::IDS;
use super::{BulkResult, Chunked, Get, Key, Listing, Members, Write};
use crate::client::Client;
use crate::model::{CreateOfferInput, Id, Offer, UpdateOfferInput};
use crate::operation::generated::{
    ARCHIVE_OFFERS, ArchiveOffersVariables, CREATE_OFFER, CreateOfferVariables, OFFER, OFFERS,
    OfferVariables, OffersVariables, UPDATE_OFFER, UpdateOfferVariables,
};

/// The organisation's offers. Reading needs the scope `events.read`, writing `events.write`.
///
/// What an offer has, and most of what can be done with one, is known from an older page only.
#[derive(Debug, Clone)]
pub struct Offers {
    pub(crate) client: Client,
}

impl Client {
    /// The organisation's offers.
    pub fn offers(&self) -> Offers {
        Offers { client: self.clone() }
    }
}

impl Offers {
    /// All offers, in one answer. On an older page alone.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// for offer in client.offers().list().await? {
    ///     println!("{:?}", offer.title);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn list(&self) -> Listing<Offer, OffersVariables> {
        Listing::new(&self.client, &OFFERS, OffersVariables::default())
    }

    /// One offer with its events, or none.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let offer = client.offers().get(pluvo_sdk::Key::reference("spring")).await?;
    /// # Ok(()) }
    /// ```
    pub fn get(&self, key: impl Into<Key>) -> Get<Offer> {
        let (id, r#ref) = key.into().split();
        Get::new(&self.client, &OFFER, &OfferVariables { id, r#ref })
    }

    /// Creates an offer. On an older page alone. Not repeated when it fails on the way.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::model::CreateOfferInput;
    /// let offer = client.offers().create(CreateOfferInput::new("Spring courses")).await?;
    /// # Ok(()) }
    /// ```
    pub fn create(&self, offer: CreateOfferInput) -> Write<Offer> {
        let variables = CreateOfferVariables { offer };
        Write::new(&self.client, &CREATE_OFFER, &variables)
    }

    /// Changes an offer, by Pluvo's id only.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::model::UpdateOfferInput;
    /// let change = UpdateOfferInput { title: Some("Summer courses".into()), ..UpdateOfferInput::default() };
    /// client.offers().update("933d8663-edf6-42c9-895a-eeec13fff0ab", change).await?;
    /// # Ok(()) }
    /// ```
    pub fn update(&self, id: impl Into<Id>, offer: UpdateOfferInput) -> Write<Offer> {
        let variables = UpdateOfferVariables::new(id, offer);
        Write::new(&self.client, &UPDATE_OFFER, &variables)
    }

    /// Archives offers by Pluvo's ids, or re-activates them. On an older page alone. There is no way to delete one.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// client.offers().archive(["933d8663-edf6-42c9-895a-eeec13fff0ab"], true).await?;
    /// # Ok(()) }
    /// ```
    pub fn archive<I: Into<Id>>(
        &self,
        ids: impl IntoIterator<Item = I>,
        archive: bool,
    ) -> Chunked<BulkResult> {
        let variables = ArchiveOffersVariables {
            archive,
            ids: Vec::new(),
        };
        let write = Write::new(&self.client, &ARCHIVE_OFFERS, &variables);
        Chunked::new(write, Answer::bulk, IDS, Members::ids(ids))
    }
}
