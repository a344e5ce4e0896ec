//! What must hold on every server, whoever wrote it.

use crate::by_cynic::{PageVariables, UsersByCynic};
use crate::by_graphql_client::{PersonByRef, person_by_ref};
use crate::server::{ARCHIVED, MEMBERS, Server, USERS};
use cynic::QueryBuilder;
use futures::future::join_all;
use graphql_client::GraphQLQuery;
use pluvo_sdk::model::{Role, User};
use pluvo_sdk::resources::Key;
use pluvo_sdk::{Client, ErrorKind};
use serde::Deserialize;
use std::collections::BTreeSet;

macro_rules! on_every_server {
    ($($check:ident)*) => {
        on_every_server!(yoga "YOGA" $($check)*);
        on_every_server!(apollo "APOLLO" $($check)*);
        on_every_server!(django "DJANGO" $($check)*);
    };
    ($server:ident $name:literal $($check:ident)*) => {
        mod $server {
            $(
                #[tokio::test]
                async fn $check() {
                    super::$check(&super::Server::named($name)).await;
                }
            )*
        }
    };
}

on_every_server! {
    lists_every_user_once
    says_how_many_there_are_with_each_page
    reads_pages_in_parallel_in_the_same_order
    goes_on_from_a_kept_position
    passes_filters_on
    gets_one_by_ref_and_none_for_nobody
    reads_a_group_beyond_its_first_page
    reads_any_document_into_any_struct
    carries_a_query_by_cynic
    carries_a_query_by_graphql_client
    renews_an_expired_token_once_without_losing_a_row
    renews_once_for_many_callers
    tells_bad_credentials_at_once
    leaves_the_callers_own_document_alone
    tells_a_variable_that_does_not_fit
}

fn refs(users: &[User]) -> Vec<&str> {
    users
        .iter()
        .map(|user| user.r#ref.as_deref().expect("everybody has a ref"))
        .collect()
}

async fn drain(client: &Client) -> Vec<User> {
    let mut items = client.users().list().items();
    let mut users = Vec::new();
    while let Some(user) = items.try_next().await.expect("the list is read") {
        users.push(user);
    }
    users
}

async fn lists_every_user_once(server: &Server) {
    let users = drain(&server.client()).await;
    let distinct: BTreeSet<_> = refs(&users).into_iter().collect();
    assert_eq!((users.len(), distinct.len()), (USERS, USERS));
    let first = users
        .iter()
        .find(|user| user.r#ref.as_deref() == Some("EMP-1"))
        .expect("EMP-1 is among them");
    assert_eq!(first.name.as_deref(), Some("Anouk de Vries 1"));
    assert_eq!(first.email.as_deref(), Some("person1@example.com"));
    assert_eq!(
        first.roles.as_deref(),
        Some(&[Role::Manager, Role::Participant][..])
    );
    assert_eq!(first.archived, Some(false));
}

async fn says_how_many_there_are_with_each_page(server: &Server) {
    let mut pager = server.client().users().list().pager().expect("the list is sound");
    let mut seen = Vec::new();
    while let Some(page) = pager.next_page().await.expect("the page is read") {
        assert_eq!(page.count, Some(USERS as u64));
        seen.push((page.items.len(), page.has_next));
    }
    assert_eq!(seen, [(50, true), (50, true), (37, false)]);
}

async fn reads_pages_in_parallel_in_the_same_order(server: &Server) {
    let client = server.client();
    let sequential = drain(&client).await;
    let parallel = client
        .users()
        .list()
        .page_size(10)
        .parallel(4)
        .to_vec()
        .await
        .expect("the list is read");
    assert_eq!(refs(&parallel), refs(&sequential));
}

async fn goes_on_from_a_kept_position(server: &Server) {
    let client = server.client();
    let all = drain(&client).await;
    let mut pager = client.users().list().pager().expect("the list is sound");
    let page = pager
        .next_page()
        .await
        .expect("the page is read")
        .expect("there is a page");
    let position = pager.position().expect("there is more");
    let rest = client
        .users()
        .list()
        .after(position)
        .to_vec()
        .await
        .expect("the list is read");
    assert_eq!(refs(&page.items), refs(&all[..50]));
    assert_eq!(refs(&rest), refs(&all[50..]));
}

async fn passes_filters_on(server: &Server) {
    let client = server.client();
    let archived = client
        .users()
        .list()
        .archived(true)
        .to_vec()
        .await
        .expect("the list is read");
    assert_eq!(archived.len(), ARCHIVED);
    assert!(archived.iter().all(|user| user.archived == Some(true)));
    let named = client
        .users()
        .list()
        .q("Łukaszewicz 4")
        .count()
        .await
        .expect("the list is counted");
    assert_eq!(named, 2, "numbers 4 and 46 have that name");
}

async fn gets_one_by_ref_and_none_for_nobody(server: &Server) {
    let client = server.client();
    let user = client
        .users()
        .get(Key::reference("EMP-42"))
        .await
        .expect("it answers")
        .expect("there is one");
    assert_eq!(user.email.as_deref(), Some("person42@example.com"));
    assert!(
        client
            .users()
            .get(Key::reference("EMP-4242"))
            .await
            .expect("it answers")
            .is_none()
    );
}

async fn reads_a_group_beyond_its_first_page(server: &Server) {
    let members = server
        .client()
        .groups()
        .members(Key::reference("GROUP-1"))
        .to_vec()
        .await
        .expect("the members are read");
    let distinct: BTreeSet<_> = refs(&members).into_iter().collect();
    assert_eq!((members.len(), distinct.len()), (MEMBERS, MEMBERS));
}

async fn reads_any_document_into_any_struct(server: &Server) {
    #[derive(Deserialize)]
    struct Data {
        user: Option<Person>,
        nobody: Option<Person>,
    }
    #[derive(Deserialize)]
    struct Person {
        name: String,
    }
    let document = "query($ref: String!) { user(ref: $ref) { name } nobody: user(ref: \"?\") { name } }";
    let data: Data = server
        .client()
        .query(document)
        .var("ref", "EMP-7")
        .send()
        .await
        .expect("it answers");
    assert_eq!(
        data.user.map(|person| person.name).as_deref(),
        Some("Güler Sørensen 7")
    );
    assert!(data.nobody.is_none());
}

async fn carries_a_query_by_cynic(server: &Server) {
    let client = server.client();
    let (mut names, mut after) = (Vec::new(), None);
    loop {
        let operation = UsersByCynic::build(PageVariables {
            first: Some(50),
            after,
        });
        let query = client.query(operation.query).variables(operation.variables);
        let data: UsersByCynic = query.send().await.expect("it answers");
        let page = data.paginated_users.expect("there is a list");
        assert_eq!(page.count, Some(137));
        names.extend(
            page.edges
                .into_iter()
                .flatten()
                .filter_map(|edge| edge.node)
                .map(|user| {
                    assert!(
                        user.roles
                            .is_some_and(|roles| roles.contains(&Some(crate::by_cynic::Role::Participant)))
                    );
                    (user.id.into_inner(), user.name)
                }),
        );
        if !page.page_info.has_next_page {
            break;
        }
        after = page.page_info.end_cursor;
    }
    assert_eq!(names.into_iter().collect::<BTreeSet<_>>().len(), USERS);
}

async fn carries_a_query_by_graphql_client(server: &Server) {
    let body = PersonByRef::build_query(person_by_ref::Variables {
        ref_: "EMP-1".to_owned(),
    });
    let query = server
        .client()
        .query(body.query)
        .operation_name(body.operation_name)
        .variables(body.variables);
    let data: person_by_ref::ResponseData = query.send().await.expect("it answers");
    let user = data.user.expect("there is one");
    assert_eq!(
        (user.name.as_str(), user.archived),
        ("Anouk de Vries 1", Some(false))
    );
    assert_eq!(
        user.roles,
        Some(vec![
            Some(person_by_ref::Role::MANAGER),
            Some(person_by_ref::Role::PARTICIPANT)
        ])
    );
}

async fn renews_an_expired_token_once_without_losing_a_row(server: &Server) {
    let before = server.tokens().await;
    let mut pager = server
        .client()
        .users()
        .list()
        .page_size(20)
        .prefetch(false)
        .pager()
        .expect("the list is sound");
    let mut users = pager
        .next_page()
        .await
        .expect("the page is read")
        .expect("there is a page")
        .items;
    server.expire_tokens().await;
    while let Some(page) = pager.next_page().await.expect("the page is read") {
        users.extend(page.items);
    }
    assert_eq!(refs(&users).into_iter().collect::<BTreeSet<_>>().len(), USERS);
    assert_eq!(
        server.tokens().await - before,
        2,
        "one token at first, one renewal"
    );
}

async fn renews_once_for_many_callers(server: &Server) {
    let client = server.client();
    let before = server.tokens().await;
    for expected in [1, 2] {
        let calls = (1..=40).map(|number| {
            let client = client.clone();
            async move {
                client
                    .users()
                    .get(Key::reference(format!("EMP-{number}")))
                    .select::<User>("name")
                    .await
            }
        });
        for user in join_all(calls).await {
            assert!(user.expect("it answers").is_some());
        }
        assert_eq!(server.tokens().await - before, expected);
        server.expire_tokens().await;
    }
}

async fn tells_bad_credentials_at_once(server: &Server) {
    let client = server.client_with_secret("wrong-secret");
    let error = client
        .users()
        .list()
        .first()
        .await
        .expect_err("the secret is wrong");
    assert_eq!(error.kind(), ErrorKind::Auth, "{error}");
    assert_eq!(error.attempts(), 1, "asking again would not help");
    assert!(error.to_string().contains("invalid_client"), "{error}");
    assert!(!format!("{error:?} {client:?}").contains("wrong-secret"));
    assert!(!format!("{:?}", server.builder()).contains(server.secret()));
}

async fn leaves_the_callers_own_document_alone(server: &Server) {
    let document = "{ paginatedUsers(first: 1) { edges { node { name shoeSize } } } }";
    let error = server
        .client()
        .query(document)
        .send::<serde_json::Value>()
        .await
        .expect_err("there is no such field");
    assert!(
        matches!(error.kind(), ErrorKind::Graphql | ErrorKind::Invalid),
        "{error:?}"
    );
    assert!(
        error
            .graphql()
            .iter()
            .any(|error| error.message.contains("shoeSize")),
        "{error:?}"
    );
    assert_eq!(error.attempts(), 1);
}

async fn tells_a_variable_that_does_not_fit(server: &Server) {
    let query = server
        .client()
        .query("query($first: Int) { paginatedUsers(first: $first) { count } }");
    let error = query
        .var("first", "many")
        .send::<serde_json::Value>()
        .await
        .expect_err("a text is no number");
    assert!(
        matches!(error.kind(), ErrorKind::Graphql | ErrorKind::Invalid),
        "{error:?}"
    );
    assert_eq!(error.attempts(), 1);
}
