//! Ours.

use super::by_reqwest::OwnedUser;
use super::peer::ONE;
use super::writes::input;
use super::{Contender, Kind, Reading, Tally, Task, Writing};
use crate::server::Address;
use crate::server::pages::FIELDS;
use anyhow::{Context, Result, ensure};
use futures::StreamExt;
use pluvo_sdk::bulk::{Outcome, UpsertKey};
use pluvo_sdk::model::User;
use pluvo_sdk::operation::generated::UsersVariables;
use pluvo_sdk::resources::UserKey;
use pluvo_sdk::sync::{Action, Person};
use pluvo_sdk::{Client, Limits, List};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::pin::pin;

pub(super) struct Pluvo {
    client: Client,
    kind: Kind,
}

#[derive(Deserialize)]
struct OneUser {
    user: Option<Name>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded as a user of the client would have it")]
struct Name {
    id: String,
    name: String,
}

impl Pluvo {
    pub(super) fn new(server: &Address, kind: Kind, task: Task) -> Result<Self> {
        let mut builder = Client::builder(server.url.as_str())
            .credentials("sandbox", "sandbox-secret")
            .no_proxy();
        if let Some(pem) = &server.certificate {
            builder = builder.certificate_authority(pem.as_bytes());
        }
        // As it is out of the box, but for whoever wants more in flight than that allows.
        if let Task::Drain {
            reading: Reading::Parallel(pages),
            ..
        } = task
        {
            let limits = Limits::default();
            builder = builder.limits(Limits {
                in_flight: limits.in_flight.max(pages),
                ..limits
            });
        }
        Ok(Self {
            client: builder.build()?,
            kind,
        })
    }

    fn list<R>(&self, reading: Reading) -> List<R, UsersVariables>
    where
        R: DeserializeOwned + Send + 'static,
    {
        let list = self.client.users().list().select::<R>(FIELDS);
        match reading {
            Reading::Sequential => list.prefetch(false),
            Reading::Ahead => list,
            Reading::Parallel(pages) => list.parallel(pages),
        }
    }

    async fn rows<R>(&self, reading: Reading, reference: impl Fn(&R) -> Option<&str>) -> Result<Tally>
    where
        R: DeserializeOwned + Send + 'static,
    {
        let mut tally = Tally::default();
        let mut rows = self.list::<R>(reading).items();
        while let Some(row) = rows.try_next().await? {
            tally.row(reference(&row));
        }
        Ok(tally)
    }

    async fn pages(&self, reading: Reading) -> Result<Tally> {
        let mut tally = Tally::default();
        let mut pager = self.list::<User>(reading).pager()?;
        while let Some(page) = pager.next_page().await? {
            tally.page();
            for user in &page.items {
                tally.row(user.r#ref.as_deref());
            }
        }
        Ok(tally)
    }

    async fn raw(&self, reading: Reading) -> Result<Tally> {
        let mut tally = Tally::default();
        let mut pager = self.list::<User>(reading).raw_pager()?;
        while let Some(page) = pager.next_page().await? {
            tally.page();
            drop(page.edges());
        }
        Ok(tally)
    }
}

impl Contender for Pluvo {
    async fn warm_up(&self) -> Result<()> {
        self.list::<User>(Reading::Sequential).first().await?;
        Ok(())
    }

    async fn drain(&self, _: usize, reading: Reading) -> Result<Tally> {
        match self.kind {
            Kind::PluvoPages => self.pages(reading).await,
            Kind::PluvoOwn => self.rows(reading, |user: &OwnedUser| user.r#ref.as_deref()).await,
            Kind::PluvoRaw => self.raw(reading).await,
            _ => self.rows(reading, |user: &User| user.r#ref.as_deref()).await,
        }
    }

    async fn one(&self) -> Result<()> {
        if self.kind == Kind::PluvoGet {
            let user = self.client.users().get(UserKey::reference("EMP-000001")).await?;
            return user.context("nobody").map(drop);
        }
        let data: OneUser = self.client.query(ONE).var("ref", "EMP-000001").send().await?;
        data.user.context("nobody").map(drop)
    }

    async fn upsert(&self, rows: usize, writing: Writing) -> Result<usize> {
        let users = self.client.users();
        let mut created = 0;
        match writing {
            Writing::OneByOne => {
                for row in 0..rows {
                    let key = UserKey::reference(format!("EMP-{row:06}"));
                    created += usize::from(users.upsert(key, input(row)).await?.created);
                }
            }
            Writing::Many => {
                // As a service does that must not keep them: rows come and outcomes go.
                let mut outcomes = pin!(users.upsert_many((0..rows).map(input), UpsertKey::Ref).outcomes());
                while let Some(row) = outcomes.next().await {
                    created += usize::from(matches!(row.outcome, Outcome::Created(_)));
                }
            }
        }
        Ok(created)
    }

    async fn read_all(&self) -> Result<Tally> {
        let mut tally = Tally::default();
        for user in &self.client.users().list().to_vec().await? {
            tally.row(user.r#ref.as_deref());
        }
        Ok(tally)
    }

    async fn plan(&self, rows: Vec<Person>) -> Result<usize> {
        let plan = self.client.users().sync(rows).plan().await?;
        ensure!(plan.problems().is_empty(), "{:?}", plan.problems());
        let is_update = plan.steps().iter().all(|step| step.action == Action::Update);
        ensure!(is_update, "only names differ: {}", plan.summary());
        Ok(plan.steps().len())
    }
}
