//! cynic over reqwest, as its guide shows.

use super::Tally;
use super::by_reqwest::Http;
use super::peer::{Page, Peer, Variables};
use crate::server::Address;
use anyhow::{Context, Result, ensure};
use cynic::{GraphQlResponse, Operation, QueryBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;

mod schema {
    cynic::use_schema!("../schema/pluvo.graphql");
}

#[derive(cynic::QueryVariables)]
struct UsersVariables {
    first: Option<i32>,
    after: Option<String>,
    offset: Option<i32>,
}

#[derive(cynic::QueryFragment)]
#[cynic(
    schema_path = "../schema/pluvo.graphql",
    graphql_type = "Query",
    variables = "UsersVariables"
)]
struct Users {
    #[arguments(first: $first, after: $after, offset: $offset)]
    paginated_users: Option<UserConnection>,
}

#[derive(cynic::QueryFragment)]
#[cynic(schema_path = "../schema/pluvo.graphql")]
#[expect(dead_code, reason = "decoded as a user of the client would have it")]
struct UserConnection {
    page_info: PageInfo,
    count: Option<i32>,
    edges: Vec<Option<UserEdge>>,
}

#[derive(cynic::QueryFragment)]
#[cynic(schema_path = "../schema/pluvo.graphql")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

#[derive(cynic::QueryFragment)]
#[cynic(schema_path = "../schema/pluvo.graphql")]
struct UserEdge {
    node: Option<User>,
}

#[derive(cynic::QueryFragment)]
#[cynic(schema_path = "../schema/pluvo.graphql")]
#[expect(
    dead_code,
    reason = "decoded as a user of the client would have them, and then only counted"
)]
struct User {
    id: cynic::Id,
    name: String,
    email: Option<String>,
    #[cynic(rename = "ref")]
    reference: Option<String>,
    archived: Option<bool>,
    is_active: Option<bool>,
    roles: Option<Vec<Option<Role>>>,
    language: Language,
    last_login: Option<DateTime>,
    invited_on: Option<DateTime>,
    group_count: Option<i32>,
}

#[derive(cynic::Enum, Clone, Copy)]
#[cynic(schema_path = "../schema/pluvo.graphql")]
enum Role {
    Manager,
    Trainer,
    Participant,
    Planner,
}

#[derive(cynic::Enum, Clone, Copy)]
#[cynic(schema_path = "../schema/pluvo.graphql")]
enum Language {
    Nl,
    En,
    De,
}

#[derive(cynic::Scalar)]
struct DateTime(String);

/// By e-mail: cynic cannot name an argument `ref`, which is a word of Rust's own.
#[derive(cynic::QueryVariables)]
struct OneVariables {
    email: Option<String>,
}

#[derive(cynic::QueryFragment)]
#[cynic(
    schema_path = "../schema/pluvo.graphql",
    graphql_type = "Query",
    variables = "OneVariables"
)]
struct One {
    #[arguments(email: $email)]
    user: Option<Name>,
}

#[derive(cynic::QueryFragment)]
#[cynic(schema_path = "../schema/pluvo.graphql", graphql_type = "User")]
#[expect(dead_code, reason = "decoded as a user of the client would have it")]
struct Name {
    id: cynic::Id,
    name: String,
}

pub(super) struct Cynic(Http);

impl Cynic {
    pub(super) fn new(server: &Address) -> Result<Self> {
        Http::new(server).map(Self)
    }

    async fn data<T, V>(&self, operation: &Operation<T, V>) -> Result<T>
    where
        T: DeserializeOwned,
        V: Serialize,
    {
        let answer: GraphQlResponse<T> = self.0.post(operation).await?.json().await?;
        ensure!(answer.errors.is_none(), "errors: {:?}", answer.errors);
        answer.data.context("no data")
    }
}

impl Peer for Cynic {
    async fn page(&self, variables: Variables<'_>) -> Result<Page> {
        let operation = Users::build(UsersVariables {
            first: Some(i32::try_from(variables.first)?),
            after: variables.after.map(str::to_owned),
            offset: variables.offset.map(i32::try_from).transpose()?,
        });
        let page = self.data(&operation).await?.paginated_users.context("no list")?;
        let mut tally = Tally::default();
        tally.page();
        for node in page.edges.iter().flatten().filter_map(|edge| edge.node.as_ref()) {
            tally.row(node.reference.as_deref());
        }
        Ok(Page {
            tally,
            next: page.page_info.end_cursor.filter(|_| page.page_info.has_next_page),
        })
    }

    async fn one(&self) -> Result<()> {
        let operation = One::build(OneVariables {
            email: Some("medewerker.000001@voorbeeld-organisatie.example".to_owned()),
        });
        self.data(&operation).await?.user.context("nobody").map(drop)
    }
}
