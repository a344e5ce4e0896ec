//! `graphql_client` over reqwest, as its README shows.

use super::Tally;
use super::by_reqwest::Http;
use super::peer::{Page, Peer, Variables};
use crate::server::Address;
use anyhow::{Context, Result, ensure};
use graphql_client::{GraphQLQuery, Response};

type DateTime = String;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../schema/pluvo.graphql",
    query_path = "src/client/users.graphql"
)]
struct Users;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../schema/pluvo.graphql",
    query_path = "src/client/one.graphql"
)]
struct One;

pub(super) struct GraphqlClient(Http);

impl GraphqlClient {
    pub(super) fn new(server: &Address) -> Result<Self> {
        Http::new(server).map(Self)
    }

    async fn data<Q: GraphQLQuery>(&self, variables: Q::Variables) -> Result<Q::ResponseData> {
        let body = Q::build_query(variables);
        let answer: Response<Q::ResponseData> = self.0.post(&body).await?.json().await?;
        ensure!(answer.errors.is_none(), "errors: {:?}", answer.errors);
        answer.data.context("no data")
    }
}

impl Peer for GraphqlClient {
    async fn page(&self, variables: Variables<'_>) -> Result<Page> {
        let data = self
            .data::<Users>(users::Variables {
                first: Some(i64::try_from(variables.first)?),
                after: variables.after.map(str::to_owned),
                offset: variables.offset.map(i64::try_from).transpose()?,
            })
            .await?;
        let page = data.paginated_users.context("no list")?;
        let mut tally = Tally::default();
        tally.page();
        for node in page.edges.iter().flatten().filter_map(|edge| edge.node.as_ref()) {
            tally.row(node.ref_.as_deref());
        }
        Ok(Page {
            tally,
            next: page.page_info.end_cursor.filter(|_| page.page_info.has_next_page),
        })
    }

    async fn one(&self) -> Result<()> {
        let variables = one::Variables {
            ref_: Some("EMP-000001".to_owned()),
        };
        self.data::<One>(variables)
            .await?
            .user
            .context("nobody")
            .map(drop)
    }
}
