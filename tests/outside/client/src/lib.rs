//! The client against GraphQL and OAuth servers that others wrote. `tests/outside/README.md` says which and why.
//!
//! There is nothing here but tests, and those only with the feature `servers`: without the servers they could not pass,
//! and a test that passes because it did nothing would say too much.
#![cfg(all(test, feature = "servers"))]

mod by_cynic;
mod by_graphql_client;
mod differences;
mod every_server;
mod server;
mod writes;
