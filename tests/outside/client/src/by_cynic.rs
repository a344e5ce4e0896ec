//! A query that cynic made from Rust types, as its guide shows.

mod schema {
    cynic::use_schema!("../../../schema/pluvo.graphql");
}

#[derive(cynic::QueryVariables, Debug)]
pub(crate) struct PageVariables {
    pub first: Option<i32>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(
    schema_path = "../../../schema/pluvo.graphql",
    graphql_type = "Query",
    variables = "PageVariables"
)]
pub(crate) struct UsersByCynic {
    #[arguments(first: $first, after: $after)]
    pub paginated_users: Option<UserConnection>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(schema_path = "../../../schema/pluvo.graphql")]
pub(crate) struct UserConnection {
    pub edges: Vec<Option<UserEdge>>,
    pub page_info: PageInfo,
    pub count: Option<i32>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(schema_path = "../../../schema/pluvo.graphql")]
pub(crate) struct UserEdge {
    pub node: Option<User>,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(schema_path = "../../../schema/pluvo.graphql")]
pub(crate) struct User {
    pub id: cynic::Id,
    pub name: String,
    pub roles: Option<Vec<Option<Role>>>,
}

#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[cynic(schema_path = "../../../schema/pluvo.graphql")]
pub(crate) enum Role {
    Manager,
    Trainer,
    Participant,
    Planner,
}

#[derive(cynic::QueryFragment, Debug)]
#[cynic(schema_path = "../../../schema/pluvo.graphql")]
pub(crate) struct PageInfo {
    pub has_next_page: bool,
    pub end_cursor: Option<String>,
}
