//! Writing to servers whose input types have other names than ours: what the client says was done is held against what
//! the server holds.

use crate::server::{MEMBERS, Server, USERS};
use pluvo_sdk::bulk::{Outcome, UpsertKey};
use pluvo_sdk::model::{Id, Role, UpdateUserInput};
use pluvo_sdk::resources::Members;
use pluvo_sdk::sync::Person;
use pluvo_sdk::{Client, ErrorKind, Key, UserKey};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

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
                    let server = super::Server::named($name);
                    super::$check(&server).await;
                    server.reset().await;
                }
            )*
        }
    };
}

on_every_server! {
    names_no_input_type_that_only_we_have
    creates_and_changes_one_person
    tells_what_is_refused
    writes_many_people_each_once
    keeps_the_other_rows_where_some_are_refused
    archives_many_and_brings_them_back
    adds_members_and_removes_them
    syncs_a_list_and_finds_nothing_to_do_afterwards
}

/// Texts that break documents which are put together carelessly.
const AWKWARD: [&str; 8] = [
    "O'Brien \"Zoë\" \\ de Vries",
    "line\nbreak\tand tab",
    "{curly} $dollar #hash",
    "\"\"\"block\"\"\"",
    "emoji 👩‍⚕️ and 𝒵",
    "right-to-left שלום",
    "null",
    "\u{1}control\u{7f}",
];

async fn client(server: &Server) -> Client {
    server.writer().await.build().expect("the settings are sound")
}

fn row(number: usize) -> UpdateUserInput {
    UpdateUserInput {
        r#ref: Some(format!("NEW-{number}")),
        name: Some(format!("{} {number}", AWKWARD[number % AWKWARD.len()])),
        email: Some(format!("new{number}@example.com")),
        roles: Some(vec![Role::Participant]),
        ..UpdateUserInput::default()
    }
}

/// The type that the server's mutations take a person as, without its exclamation mark.
async fn persons_type(client: &Client) -> String {
    let document =
        "{ __type(name: \"Mutation\") { fields { name args { name type { name ofType { name } } } } } }";
    let data: Value = client.query(document).send().await.expect("it tells its schema");
    let fields = data["__type"]["fields"].as_array().expect("there are fields");
    let upsert = fields.iter().find(|field| field["name"] == "updateOrCreateUser");
    let arguments = upsert.expect("there is such a mutation")["args"]
        .as_array()
        .expect("a list");
    let user = arguments.iter().find(|argument| argument["name"] == "user");
    let kind = &user.expect("it takes a person")["type"]["ofType"]["name"];
    kind.as_str().expect("a name").to_owned()
}

async fn names_no_input_type_that_only_we_have(server: &Server) {
    let client = client(server).await;
    let kind = persons_type(&client).await;
    let ours = include_str!("../../../../schema/pluvo.graphql");
    assert!(
        !ours.contains(&format!("input {kind} ")),
        "{kind} is our own name"
    );
    // Whoever names our type meets a refusal, so that what follows shows something.
    let named =
        "mutation($user: UpdateUserInput!) { updateUser(ref: \"EMP-1\", user: $user) { user { id } } }";
    let error = client
        .query(named)
        .var("user", serde_json::json!({"name": "X"}))
        .send::<Value>()
        .await
        .expect_err("there is no such type");
    let says = |text: &str| error.graphql().iter().any(|error| error.message.contains(text));
    assert!(says("UpdateUserInput"), "{error:?}");
    client
        .users()
        .update(Key::reference("EMP-1"), row(1))
        .await
        .expect("a literal needs no name");
}

async fn creates_and_changes_one_person(server: &Server) {
    let client = client(server).await;
    for (number, name) in AWKWARD.into_iter().enumerate() {
        let key = || UserKey::reference(format!("NEW-{number}"));
        let person = UpdateUserInput {
            name: Some(name.to_owned()),
            ..row(number)
        };
        let created = client
            .users()
            .upsert(key(), person.clone())
            .await
            .expect("it is written");
        assert!(created.created);
        let again = client.users().upsert(key(), person).await.expect("it is written");
        assert!(!again.created);
        let state = server.state().await;
        let held = state.user(&format!("NEW-{number}")).expect("it is there");
        assert_eq!(held.name, name);
        assert_eq!(held.id, created.user.id.to_string());
    }
    assert_eq!(server.state().await.count(), USERS + AWKWARD.len());
    let moved = UpdateUserInput {
        email: Some("moved@example.com".to_owned()),
        ..UpdateUserInput::default()
    };
    client
        .users()
        .update(Key::reference("EMP-7"), moved)
        .await
        .expect("it is written");
    let state = server.state().await;
    let held = state.user("EMP-7").expect("it is there");
    assert_eq!(
        (held.email.as_str(), held.name.as_str()),
        ("moved@example.com", "Güler Sørensen 7")
    );
}

async fn tells_what_is_refused(server: &Server) {
    let client = client(server).await;
    let before = server.state().await;
    let taken = UpdateUserInput {
        email: Some("person2@example.com".to_owned()),
        ..row(1)
    };
    let upsert = client.users().upsert(UserKey::reference("NEW-1"), taken).await;
    let error = upsert.expect_err("the address is somebody else's");
    assert!(!error.is_indeterminate() && error.attempts() == 1, "{error:?}");
    let nobody = client.users().update(Key::reference("EMP-4242"), row(2)).await;
    assert!(nobody.is_err());
    assert_eq!(server.state().await, before);
}

/// Writes sixty people and holds them against the server's own state; how many requests that took.
async fn writes_sixty(server: &Server) -> usize {
    let requests = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&requests);
    let builder = server.writer().await.on_attempt(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
    });
    let client = builder.build().expect("the settings are sound");
    // Every third is there already.
    let rows = (0..60).map(|number| match number % 3 {
        0 => UpdateUserInput {
            r#ref: Some(format!("EMP-{}", number + 1)),
            name: Some(format!("Changed {number}")),
            ..UpdateUserInput::default()
        },
        _ => row(number),
    });
    let report = client.users().upsert_many(rows, UpsertKey::Ref).run().await;
    assert!(
        report.is_complete(),
        "{:?}",
        report.unfinished().collect::<Vec<_>>()
    );
    assert_eq!((report.totals.created, report.totals.updated), (40, 20));
    let state = server.state().await;
    assert_eq!(state.count(), USERS + 40);
    for (number, told) in report.rows.iter().enumerate() {
        assert_eq!(told.index, number as u64);
        let (reference, name) = match number % 3 {
            0 => (format!("EMP-{}", number + 1), format!("Changed {number}")),
            _ => (format!("NEW-{number}"), row(number).name.expect("it has one")),
        };
        let held = state.user(&reference).expect("it is there");
        assert_eq!(held.name, name);
        match &told.outcome {
            Outcome::Created(id) | Outcome::Updated(id) => assert_eq!(id.to_string(), held.id),
            other => panic!("{other:?}"),
        }
    }
    requests.load(Ordering::Relaxed)
}

async fn writes_many_people_each_once(server: &Server) {
    writes_sixty(server).await;
}

/// GraphQL Armor takes four aliases at most; the others take as many as they get.
#[tokio::test]
async fn a_server_that_refuses_batches_is_met_with_smaller_ones() {
    for (name, most) in [("APOLLO", 7), ("DJANGO", 7), ("YOGA", 60)] {
        let server = Server::named(name);
        // Beside the batches a token is asked for.
        let requests = writes_sixty(&server).await;
        server.reset().await;
        assert!(requests <= most, "{name}: {requests}");
        if name == "YOGA" {
            assert!(requests >= 15, "ten rows went into one request: {requests}");
        }
    }
}

async fn keeps_the_other_rows_where_some_are_refused(server: &Server) {
    let client = client(server).await;
    let rows = (0..30).map(|number| match number {
        4 => UpdateUserInput {
            email: Some("person9@example.com".to_owned()),
            ..row(number)
        },
        17 => UpdateUserInput {
            name: None,
            email: None,
            ..row(number)
        },
        _ => row(number),
    });
    let report = client.users().upsert_many(rows, UpsertKey::Ref).run().await;
    let failed: Vec<u64> = report.unfinished().map(|row| row.index).collect();
    assert_eq!((failed.as_slice(), report.totals.created), (&[4, 17][..], 28));
    let state = server.state().await;
    assert_eq!(state.count(), USERS + 28);
    assert!(state.user("NEW-4").is_none() && state.user("NEW-17").is_none());
    let owner = state.user("EMP-9").expect("it is there");
    assert_eq!(owner.email, "person9@example.com");
}

async fn archives_many_and_brings_them_back(server: &Server) {
    let client = client(server).await;
    let keys = || (1..=23).map(|number| UserKey::reference(format!("EMP-{number}")));
    for archived in [true, false] {
        let report = client.users().archive_many(keys(), archived).run().await;
        assert_eq!(report.totals.updated, 23, "{report:?}");
        let state = server.state().await;
        let is_so = |number| {
            state
                .user(&format!("EMP-{number}"))
                .is_some_and(|user| user.archived == archived)
        };
        assert!((1..=23).all(is_so));
        assert_eq!(state.count(), USERS, "nobody is created");
    }
    let nobody = client
        .users()
        .archive_many([UserKey::reference("EMP-4242")], true)
        .run()
        .await;
    assert_eq!((nobody.totals.failed, server.state().await.count()), (1, USERS));
}

async fn adds_members_and_removes_them(server: &Server) {
    let client = client(server).await;
    let group = || Key::reference("GROUP-1");
    let people = || Members::refs(["EMP-1", "EMP-130", "EMP-131"]);
    let added = client
        .groups()
        .add_users(group(), people())
        .await
        .expect("it is written");
    assert_eq!(
        (added.added.len(), added.already.len(), added.failed.len()),
        (2, 1, 0)
    );
    let state = server.state().await;
    assert!(state.is_member("EMP-130") && state.is_member("EMP-131"));
    let id = &state.user("EMP-130").expect("it is there").id;
    assert!(added.added.contains(&Id::from(id.as_str())));
    let again = client
        .groups()
        .add_users(group(), people())
        .await
        .expect("it is written");
    assert_eq!((again.added.len(), again.already.len()), (0, 3));
    let removed = client
        .groups()
        .remove_users(group(), people())
        .await
        .expect("it is written");
    assert_eq!((removed.removed.len(), removed.already.len()), (3, 0));
    let state = server.state().await;
    assert_eq!(state.members(), MEMBERS - 1);
    assert!(!state.is_member("EMP-1"));
    let nobody = Members::ids(["00000000-0000-4000-8000-000000004242"]);
    let failed = client
        .groups()
        .add_users(group(), nobody)
        .await
        .expect("it answers");
    assert_eq!((failed.added.len(), failed.failed.len()), (0, 1));
    let missing = client
        .groups()
        .add_users(Key::reference("GROUP-9"), people())
        .await;
    let error = missing.expect_err("there is no such group");
    assert!(!matches!(error.kind(), ErrorKind::Indeterminate), "{error:?}");
}

async fn syncs_a_list_and_finds_nothing_to_do_afterwards(server: &Server) {
    let client = client(server).await;
    let people = || {
        let person = |number: usize| {
            let name = AWKWARD[number % AWKWARD.len()];
            Person {
                r#ref: Some(format!("EMP-{number}")),
                name: Some(format!("{name} {number}").replace(['\n', '\t', '\u{1}', '\u{7f}'], " ")),
                email: Some(format!("person{number}@example.com")),
                leaving: number == 3,
                groups: ["GROUP-1".to_owned()].into(),
                line: Some(number as u64),
                ..Person::default()
            }
        };
        // Some change, some join the group, one leaves, one is archived and comes back, and some are new.
        [2, 3, 10, 125, 126].into_iter().chain(200..215).map(person)
    };
    let plan = client
        .users()
        .sync(people())
        .plan()
        .await
        .expect("the plan is made");
    assert!(plan.problems().is_empty(), "{:?}", plan.problems());
    let summary = plan.summary();
    assert_eq!(
        (summary.create, summary.archive, summary.reactivate),
        (15, 1, 1),
        "{summary}"
    );
    let applied = plan.apply().run().await.expect("it is applied");
    assert!(applied.is_complete(), "{applied:?}");
    let state = server.state().await;
    assert_eq!(state.count(), USERS + 15);
    assert!(state.user("EMP-3").is_some_and(|user| user.archived));
    assert!(state.user("EMP-10").is_some_and(|user| !user.archived));
    assert!(
        ["EMP-125", "EMP-200", "EMP-214"]
            .iter()
            .all(|one| state.is_member(one))
    );
    let again = client
        .users()
        .sync(people())
        .plan()
        .await
        .expect("the plan is made");
    assert!(
        again.is_empty() && again.problems().is_empty(),
        "{:?}",
        again.steps()
    );
}
