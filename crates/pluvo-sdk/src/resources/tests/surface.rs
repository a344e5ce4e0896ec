//! Every call of the Rust API, by the name that `tests/conformance/surface.json` has for it.
//!
//! The table below is compiled, so a name in the file that Rust does not have cannot stay there.

use super::Canned;
use crate::bulk::{ExtraValues, UpsertKey};
use crate::model::{
    ContentType, CreateFileInput, CreateGroupInput, CreateOfferEventInput, CreateOfferInput,
    CreatePortfolioItemInput, CreateTrainingInput, CreateUserInput, EnrollUserInput, ExtraCategoryInput,
    ExtraFieldType, Language, OfferEventDateInput, OfferEventType, PortfolioReportRelatedObjectType, Role,
    TrainingRole, UpdateGroupInput, UpdateOfferEventInput, UpdateOfferInput, UpdatePortfolioItemInput,
    UpdateTrainingInput, UpdateUserInput,
};
use crate::operation::OperationKind;
use crate::operation::generated::ALL;
use crate::resources::{CertificateIssue, ExtraValue, FileUpload, Key, Members, UserKey};
use crate::time::BoxFuture;
use crate::{Client, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// One call with arguments of every kind that it takes.
pub(super) struct Call {
    pub(super) name: &'static str,
    /// What the server answers under `data`, request by request.
    pub(super) answers: &'static [&'static str],
    pub(super) run: fn(Client) -> BoxFuture<'static, Result<()>>,
}

macro_rules! calls {
    ($($resource:ident.$method:ident($($argument:expr),*)$(.$then:ident($($more:expr),*))* => $($answer:literal),+;)*) => {
        &[$(Call {
            name: concat!(stringify!($resource), ".", stringify!($method)),
            answers: &[$($answer),+],
            run: |client| Box::pin(async move {
                client.$resource().$method($($argument),*)$(.$then($($more),*))*.await.map(drop)
            }),
        }),*]
    };
}

fn one() -> Key {
    Key::reference("r")
}

fn people() -> Members {
    Members::refs(["E1", "E2"])
}

fn ids() -> [&'static str; 1] {
    ["1"]
}

pub(super) static CALLS: &[Call] = calls! {
    users.list().q("a").archived(false).first() => r#"{"paginatedUsers":{"pageInfo":{"hasNextPage":false},"edges":[]}}"#;
    users.get(UserKey::email("a@example.com")) => r#"{"user":null}"#;
    users.all().active(true) => r#"{"users":[]}"#;
    users.create(CreateUserInput {
        r#ref: Some("E1".into()),
        roles: Some(vec![Role::Participant]),
        language: Some(Language::Nl),
        ..CreateUserInput::new("a@example.com", "Anne \"A\"")
    }) => r#"{"createUser":{"user":{"id":"1"},"created":true}}"#;
    users.update(Key::id("1"), UpdateUserInput { name: Some("Anne".into()), ..UpdateUserInput::default() })
        => r#"{"updateUser":{"user":{"id":"1"}}}"#;
    users.upsert(UserKey::reference("E1"), UpdateUserInput { archived: Some(false), ..UpdateUserInput::default() })
        => r#"{"updateOrCreateUser":{"user":{"id":"1"},"created":true}}"#;
    users.set_archived(one(), true) => r#"{"updateUser":{"user":{"id":"1"}}}"#;
    users.archive(ids(), true) => r#"{"archiveUsers":{"response":{"succeededIds":["1"],"failedIds":[]}}}"#;
    groups.list().q("a").first() => r#"{"paginatedGroups":{"pageInfo":{"hasNextPage":false},"edges":[]}}"#;
    groups.get(one()) => r#"{"group":null}"#;
    groups.all() => r#"{"groups":[]}"#;
    groups.members(one()).first() => r#"{"group":{"users":{"pageInfo":{"hasNextPage":false},"edges":[]}}}"#;
    groups.managers(one()).first() => r#"{"group":{"managers":{"pageInfo":{"hasNextPage":false},"edges":[]}}}"#;
    groups.create(CreateGroupInput::new("Sales")) => r#"{"createGroup":{"group":{"id":"1"}}}"#;
    groups.update(one(), UpdateGroupInput { name: Some("Sales".into()), ..UpdateGroupInput::default() })
        => r#"{"updateGroup":{"group":{"id":"1"}}}"#;
    groups.delete("1") => r#"{"deleteGroup":{"ok":true}}"#;
    groups.delete_many(ids()) => r#"{"deleteGroups":{"bulkDelete":{"succeededIds":["1"],"failedIds":[]}}}"#;
    groups.add_users(one(), people()) => r#"{"addUsersToGroup":{"addedIds":["1"]}}"#;
    groups.remove_users(Key::id("1"), Members::ids(ids())) => r#"{"removeUsersFromGroup":{"removedIds":["1"]}}"#;
    groups.add_managers(one(), people()) => r#"{"addManagersToGroup":{"response":{"succeededIds":["1"]}}}"#;
    groups.remove_managers(one(), people()) => r#"{"removeManagersFromGroup":{"response":{"succeededIds":["1"]}}}"#;
    trainings.list().archived(false).first()
        => r#"{"paginatedTrainings":{"pageInfo":{"hasNextPage":false},"edges":[]}}"#;
    trainings.get(one()) => r#"{"training":null}"#;
    trainings.all().query("a") => r#"{"trainings":[]}"#;
    trainings.participants(one()).first()
        => r#"{"training":{"participants":{"pageInfo":{"hasNextPage":false},"edges":[]}}}"#;
    trainings.trainers(one()).first()
        => r#"{"training":{"trainers":{"pageInfo":{"hasNextPage":false},"edges":[]}}}"#;
    trainings.create(CreateTrainingInput { start_date: Some("2024-01-31".into()), ..CreateTrainingInput::new("T") })
        => r#"{"createTraining":{"training":{"id":"1"}}}"#;
    trainings.update(one(), UpdateTrainingInput { archived: Some(true), ..UpdateTrainingInput::default() })
        => r#"{"updateTraining":{"training":{"id":"1"}}}"#;
    trainings.add_users(one(), people(), TrainingRole::Participant)
        => r#"{"addUsersToTraining":{"addedIds":["1"],"addedRefs":["E1"]}}"#;
    trainings.remove_users(one(), people()) => r#"{"removeUsersFromTraining":{"removedIds":["1"]}}"#;
    offers.list() => r#"{"offers":[]}"#;
    offers.get(one()) => r#"{"offer":null}"#;
    offers.create(CreateOfferInput::new("O")) => r#"{"createOffer":{"offer":{"id":"1"}}}"#;
    offers.update("1", UpdateOfferInput { image_id: Some("2".into()), ..UpdateOfferInput::default() })
        => r#"{"updateOffer":{"offer":{"id":"1"}}}"#;
    offers.archive(ids(), true) => r#"{"archiveOffers":{"response":{"succeededIds":["1"]}}}"#;
    offer_events.get(one()) => r#"{"offerEvent":null}"#;
    offer_events.create(one(), CreateOfferEventInput {
        r#type: Some(OfferEventType::Meeting),
        dates: Some(vec![OfferEventDateInput::new("2024-01-31T10:00:00Z", "2024-01-31T12:00:00Z")]),
        ..CreateOfferEventInput::default()
    }) => r#"{"createOfferEvent":{"offerEvent":{"id":"1"}}}"#;
    offer_events.update(one(), UpdateOfferEventInput { max_subscriptions: Some(3), ..UpdateOfferEventInput::default() })
        => r#"{"updateOfferEvent":{"offerEvent":{"id":"1"}}}"#;
    offer_events.delete(Key::id("1")) => r#"{"deleteOfferEvent":{"ok":true}}"#;
    enrollments.list().user_id("1") => r#"{"enrollments":[]}"#;
    enrollments.get("1", "2") => r#"{"enrollment":null}"#;
    enrollments.enroll_many(one(), people()) => r#"{"createOfferEventEnrollments":[{"id":"1"}]}"#;
    enrollments.enroll(EnrollUserInput::new("1", "2"))
        => r#"{"enrollUserInOfferEvent":{"enrollment":{"id":"1"}}}"#;
    enrollments.unenroll("1", "2") => r#"{"unenrollUserFromOfferEvent":{"success":true}}"#;
    certificates.list().first() => r#"{"certificates":{"pageInfo":{"hasNextPage":false},"edges":[]}}"#;
    certificates.issue(&CertificateIssue {
        issue_date: Some("2024-01-31".into()),
        ..CertificateIssue::new("1", ["2".into()])
    }) => r#"{"generateCertificate":{"bulkGenerate":{"succeededIds":["2"]}}}"#;
    portfolio.list().user_id("1") => r#"{"portfolioItems":[]}"#;
    portfolio.get("1") => r#"{"portfolioItem":null}"#;
    portfolio.create(CreatePortfolioItemInput::new("1", "P"))
        => r#"{"createPortfolioItem":{"portfolioItem":{"id":"1"}}}"#;
    portfolio.update("1", UpdatePortfolioItemInput { title: Some("P".into()), ..UpdatePortfolioItemInput::default() })
        => r#"{"updatePortfolioItem":{"portfolioItem":{"id":"1"}}}"#;
    portfolio.delete("1") => r#"{"deletePortfolioItem":{"success":true}}"#;
    portfolio_report.list()
        .user_group_ids(ids())
        .related_object_types([PortfolioReportRelatedObjectType::Training])
        .first() => r#"{"portfolioReport":{"pageInfo":{"hasNextPage":false},"edges":[]}}"#;
    extra_categories.list().content_type(ContentType::User) => r#"{"extraCategories":[]}"#;
    extra_categories.get("1") => r#"{"extraCategory":null}"#;
    extra_categories.kinds(ContentType::User) => r#"{"extraCategories":[]}"#;
    extra_categories.create(ExtraCategoryInput {
        name: Some("Department".into()),
        category_type: Some(ExtraFieldType::Text),
        for_model_types: Some(vec![ContentType::User]),
        ..ExtraCategoryInput::default()
    }) => r#"{"createExtraCategory":{"extraCategory":{"id":"1"}}}"#;
    extra_categories.update("1", ExtraCategoryInput { name: Some("Team".into()), ..ExtraCategoryInput::default() })
        => r#"{"updateExtraCategory":{"extraCategory":{"id":"1"}}}"#;
    extra_categories.archive(ids(), true) => r#"{"archiveExtraCategories":{"response":{"succeededIds":["1"]}}}"#;
    extra_categories.set_values(ContentType::User, Key::reference("E1"), [
        (Key::reference("a"), ExtraValue::from("x")),
        (Key::reference("b"), ExtraValue::choices(["y", "z"])),
        (Key::reference("c"), ExtraValue::Boolean(true)),
    ]) => r#"{"extraCategories":[{"id":"1","ref":"a","categoryType":"TEXT"}]}"#,
        r#"{"updateExtraCategoryValues":{"extraCategoryValues":[]}}"#;
    files.upload(FileUpload::bytes("a.txt", "Hello")) => r#"{"uploadFile":{"ok":true,"file":{"id":"1"}}}"#;
    files.upload_large(FileUpload::bytes("a.txt", "Hello"), false)
        => r#"{"createFile":{"file":{"id":"1"},"s3Url":"https://storage.example.com/","s3Data":{"key":"k"}}}"#, "null";
    files.create(CreateFileInput::new("a.txt"))
        => r#"{"createFile":{"file":{"id":"1"},"s3Url":"https://storage.example.com/","s3Data":"{}"}}"#;
};

/// Calls that send no document of their own: what the caller wrote, a batch, or no GraphQL at all.
fn others(client: &Client) -> [&'static str; 9] {
    drop(client.query("{ user { id } }"));
    drop(client.check());
    drop(client.users().upsert_many([], UpsertKey::Ref));
    drop(
        client
            .users()
            .upsert_stream(futures::stream::empty(), UpsertKey::Ref),
    );
    drop(client.users().archive_many([one()], true));
    drop(client.users().sync([]));
    let values = || ExtraValues::new(one(), [(one(), "a")]);
    let categories = client.extra_categories();
    drop(categories.set_values_many(ContentType::User, [values()]));
    drop(categories.set_values_stream(ContentType::User, futures::stream::iter([values()])));
    let _ = crate::resources::Files::store;
    [
        "query",
        "check",
        "users.upsert_many",
        "users.upsert_stream",
        "users.archive_many",
        "users.sync",
        "extra_categories.set_values_many",
        "extra_categories.set_values_stream",
        "files.store",
    ]
}

/// What a call is called in each face; null where it is not there yet.
#[derive(Debug, Deserialize)]
struct Entry {
    /// The documents of `schema/operations` that it sends.
    operations: BTreeSet<String>,
    rust: Option<String>,
    #[serde(flatten)]
    faces: BTreeMap<String, Option<String>>,
}

fn surface() -> BTreeMap<String, Entry> {
    let text = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/conformance/surface.json"
    ));
    serde_json::from_str(text).unwrap()
}

fn rust_name(call: &str) -> String {
    match call.split_once('.') {
        Some((resource, method)) => format!("client.{resource}().{method}"),
        None => format!("client.{call}"),
    }
}

#[tokio::test]
async fn the_surface_file_has_every_call_and_no_other() {
    let surface = surface();
    let others = others(&Canned::data("{}").client());
    let mut known = BTreeSet::new();
    for name in CALLS.iter().map(|call| call.name).chain(others) {
        let entry = surface
            .get(name)
            .unwrap_or_else(|| panic!("{name} is not in the file"));
        assert_eq!(entry.rust, Some(rust_name(name)));
        known.insert(name);
    }
    for (name, entry) in &surface {
        assert_eq!(entry.rust.is_some(), known.contains(name.as_str()), "{name}");
        let faces: Vec<_> = entry.faces.keys().map(String::as_str).collect();
        assert_eq!(faces, ["cli", "kotlin", "node", "python", "swift"], "{name}");
    }
}

#[tokio::test]
async fn every_operation_has_a_call_that_sends_it() {
    let surface = surface();
    let mut sent = BTreeSet::new();
    for call in CALLS {
        let operations: BTreeSet<String> = super::documents::sent(call)
            .await
            .into_iter()
            .map(|sent| sent.operation)
            .collect();
        assert_eq!(surface[call.name].operations, operations, "{}", call.name);
        sent.extend(operations);
    }
    let all: BTreeSet<String> = ALL.iter().map(|operation| operation.name.to_owned()).collect();
    assert_eq!(sent, all);
    assert!(
        ALL.iter()
            .any(|operation| operation.kind == OperationKind::Mutation)
    );
}
