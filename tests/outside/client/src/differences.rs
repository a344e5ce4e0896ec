//! Where the servers differ, each in its own way.

use crate::server::{Server, USERS};
use futures::future::join_all;
use pluvo_sdk::ErrorKind;
use pluvo_sdk::resources::Key;
use serde::Deserialize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    paginated_users: Connection,
}

#[derive(Deserialize)]
struct Connection {
    edges: Vec<serde::de::IgnoredAny>,
}

const TOO_MANY: &str = "{ paginatedUsers(first: 51) { edges { node { id } } } }";

/// A client that counts the attempts that the server refused.
fn counting(server: &Server) -> (pluvo_sdk::Client, Arc<AtomicUsize>) {
    let refused = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&refused);
    let builder = server.builder().on_attempt(move |attempt| {
        if attempt.status != Some(200) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    });
    (builder.build().expect("the settings are sound"), refused)
}

#[tokio::test]
async fn yoga_caps_a_page_that_is_too_large() {
    let data: Data = Server::named("YOGA")
        .client()
        .query(TOO_MANY)
        .send()
        .await
        .expect("it answers");
    assert_eq!(data.paginated_users.edges.len(), 50);
}

#[tokio::test]
async fn apollo_and_django_refuse_a_page_that_is_too_large() {
    for name in ["APOLLO", "DJANGO"] {
        let error = Server::named(name)
            .client()
            .query(TOO_MANY)
            .send::<Data>()
            .await
            .err()
            .expect("51 are too many");
        assert!(
            matches!(error.kind(), ErrorKind::Graphql | ErrorKind::Invalid),
            "{name}: {error:?}"
        );
        assert!(
            error.graphql().iter().any(|error| error.message.contains("51")),
            "{name}: {error:?}"
        );
    }
}

#[tokio::test]
async fn oidc_provider_grants_less_than_was_asked_without_a_word() {
    let builder = Server::named("YOGA")
        .builder()
        .scopes(["users.read", "users.rule"]);
    let access = builder
        .build()
        .expect("the settings are sound")
        .check()
        .await
        .expect("a token is had");
    assert_eq!(access.granted.as_deref(), Some(&["users.read".to_owned()][..]));
    assert_eq!(access.missing, ["users.rule"]);
}

#[tokio::test]
async fn others_refuse_a_scope_that_does_not_exist() {
    for name in ["APOLLO", "DJANGO"] {
        let client = Server::named(name)
            .builder()
            .scopes(["users.rule"])
            .build()
            .expect("the settings are sound");
        let error = client.check().await.expect_err("there is no such scope");
        assert_eq!(error.kind(), ErrorKind::Auth, "{name}: {error:?}");
        assert!(error.to_string().contains("invalid_scope"), "{name}: {error}");
    }
}

#[tokio::test]
async fn django_oauth_toolkit_wants_the_scope() {
    let client = Server::named("DJANGO")
        .builder()
        .scopes(["groups.read"])
        .build()
        .expect("the settings are sound");
    let error = client
        .users()
        .list()
        .first()
        .await
        .expect_err("users.read is missing");
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Permission, Some(403)),
        "{error:?}"
    );
    assert!(error.to_string().contains("users.read"), "{error}");
}

#[tokio::test]
async fn graphene_lacks_a_field_of_the_list_and_is_asked_without_it() {
    let (client, refused) = counting(&Server::named("DJANGO"));
    for _ in 0..2 {
        let users = client.users().list().to_vec().await.expect("the list is read");
        assert_eq!(users.len(), USERS);
        assert!(
            users
                .iter()
                .all(|user| user.language.is_none() && user.name.is_some())
        );
        assert_eq!(
            refused.load(Ordering::Relaxed),
            1,
            "refused once, then remembered"
        );
    }
}

#[tokio::test]
async fn graphene_lacks_a_field_and_many_callers_meet_that_at_once() {
    let (client, refused) = counting(&Server::named("DJANGO"));
    let calls = (0..20).map(|_| async { client.users().list().limit(10).to_vec().await });
    for users in join_all(calls).await {
        assert_eq!(users.expect("the list is read").len(), 10);
    }
    let refused = refused.load(Ordering::Relaxed);
    assert!(
        (1..=20).contains(&refused),
        "at most once for each caller, not {refused} times"
    );
}

#[tokio::test]
async fn graphene_lacks_objects_and_types_and_is_asked_without_them() {
    let (client, refused) = counting(&Server::named("DJANGO"));
    let user = client
        .users()
        .get(Key::reference("EMP-1"))
        .await
        .expect("it answers")
        .expect("there is one");
    assert_eq!(user.name.as_deref(), Some("Anouk de Vries 1"));
    assert!(user.profile_image.is_none() && user.extra_category_values.is_none());
    assert_eq!(user.participant_groups.map(|groups| groups.len()), Some(1));
    assert_eq!(
        refused.load(Ordering::Relaxed),
        1,
        "one answer names all that is missing"
    );
    let group = client
        .groups()
        .get(Key::reference("GROUP-1"))
        .await
        .expect("it answers")
        .expect("there is one");
    assert_eq!(group.name.as_deref(), Some("Everybody"));
    assert_eq!(refused.load(Ordering::Relaxed), 2);
}
