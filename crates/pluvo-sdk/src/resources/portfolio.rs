//! Portfolio items: what people have achieved.

use super::{Done, Get, Listing, Write};
use crate::client::Client;
use crate::model::{CreatePortfolioItemInput, Id, PortfolioItem, UpdatePortfolioItemInput};
use crate::operation::generated::{
    CREATE_PORTFOLIO_ITEM, CreatePortfolioItemVariables, DELETE_PORTFOLIO_ITEM, DeletePortfolioItemVariables,
    PORTFOLIO_ITEM, PORTFOLIO_ITEMS, PortfolioItemVariables, PortfolioItemsVariables, UPDATE_PORTFOLIO_ITEM,
    UpdatePortfolioItemVariables,
};

/// What people have achieved, outside Pluvo too. Known from an older page only; which scope it needs is not documented.
///
/// How far people are with their trainings is in [`PortfolioReport`](super::PortfolioReport).
#[derive(Debug, Clone)]
pub struct Portfolio {
    pub(crate) client: Client,
}

impl Client {
    /// What people have achieved.
    pub fn portfolio(&self) -> Portfolio {
        Portfolio { client: self.clone() }
    }
}

impl Portfolio {
    /// All portfolio items, in one answer. On an older page alone.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let items = client.portfolio().list().user_id("933d8663-edf6-42c9-895a-eeec13fff0ab").await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self) -> Listing<PortfolioItem, PortfolioItemsVariables> {
        Listing::new(&self.client, &PORTFOLIO_ITEMS, PortfolioItemsVariables::default())
    }

    /// One portfolio item, or none. On an older page alone.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let item = client.portfolio().get("933d8663-edf6-42c9-895a-eeec13fff0ab").await?;
    /// # Ok(()) }
    /// ```
    pub fn get(&self, id: impl Into<Id>) -> Get<PortfolioItem> {
        Get::new(&self.client, &PORTFOLIO_ITEM, &PortfolioItemVariables::new(id))
    }

    /// Creates a portfolio item, without a certificate document: that is [`Certificates::issue`](super::Certificates::issue).
    /// On an older page alone. Not repeated when it fails on the way.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::model::CreatePortfolioItemInput;
    /// let item = CreatePortfolioItemInput::new("933d8663-edf6-42c9-895a-eeec13fff0ab", "Lifeguard");
    /// client.portfolio().create(item).await?;
    /// # Ok(()) }
    /// ```
    pub fn create(&self, item: CreatePortfolioItemInput) -> Write<PortfolioItem> {
        let variables = CreatePortfolioItemVariables { input: item };
        Write::new(&self.client, &CREATE_PORTFOLIO_ITEM, &variables)
    }

    /// Changes a portfolio item. On an older page alone.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// use pluvo_sdk::model::UpdatePortfolioItemInput;
    /// let change = UpdatePortfolioItemInput { title: Some("Lifeguard II".into()), ..UpdatePortfolioItemInput::default() };
    /// client.portfolio().update("933d8663-edf6-42c9-895a-eeec13fff0ab", change).await?;
    /// # Ok(()) }
    /// ```
    pub fn update(&self, id: impl Into<Id>, item: UpdatePortfolioItemInput) -> Write<PortfolioItem> {
        let variables = UpdatePortfolioItemVariables::new(id, item);
        Write::new(&self.client, &UPDATE_PORTFOLIO_ITEM, &variables)
    }

    /// Deletes a portfolio item. On an older page alone. Not repeated when it fails on the way.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// client.portfolio().delete("933d8663-edf6-42c9-895a-eeec13fff0ab").await?;
    /// # Ok(()) }
    /// ```
    pub fn delete(&self, id: impl Into<Id>) -> Write<Done> {
        let variables = DeletePortfolioItemVariables::new(id);
        Write::new(&self.client, &DELETE_PORTFOLIO_ITEM, &variables)
    }
}

/// Filters of portfolio items.
impl<T> Listing<T, PortfolioItemsVariables> {
    /// Only this person's.
    pub fn user_id(mut self, id: impl Into<Id>) -> Self {
        self.arguments.user_id = Some(id.into());
        self
    }
}
