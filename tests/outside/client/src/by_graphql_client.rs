//! A query that `graphql_client` made from a document, as its README shows.

use graphql_client::GraphQLQuery;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../../../schema/pluvo.graphql",
    query_path = "src/person.graphql",
    response_derives = "Debug, PartialEq"
)]
pub(crate) struct PersonByRef;
