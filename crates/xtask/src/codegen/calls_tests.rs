use std::collections::BTreeSet;
use std::fs;

use pluvo_bridge::{Callbacks, Content, Session};
use serde_json::{Value, json};

use super::ir::{Call, CallKind, Ir, Scalar, Type};
use super::{calls, load, words};
use crate::root;

fn ir() -> Ir {
    load(&root()).unwrap()
}

fn call<'a>(ir: &'a Ir, name: &str) -> &'a Call {
    ir.calls.iter().find(|call| call.name == name).unwrap()
}

fn names(call: &Call) -> Vec<&str> {
    call.arguments
        .iter()
        .map(|argument| argument.name.as_str())
        .collect()
}

fn document() -> Value {
    let text = fs::read_to_string(root().join("schema/calls.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// What is said when the file has another value at this place, or one that it did not have.
fn refused(pointer: &str, member: &str, value: Value) -> String {
    let mut document = document();
    let place = document.pointer_mut(pointer).unwrap();
    place.as_object_mut().unwrap().insert(member.to_owned(), value);
    let refusal = calls::read(&mut ir(), &document.to_string()).unwrap_err();
    format!("{refusal:#}")
}

/// Where a call stands in the file.
fn place(name: &str) -> String {
    let document = document();
    let calls = document["calls"].as_array().unwrap();
    let index = calls.iter().position(|call| call["name"] == name).unwrap();
    format!("/calls/{index}")
}

#[test]
fn every_operation_has_a_call() {
    let ir = ir();
    let sent: BTreeSet<_> = ir.calls.iter().flat_map(|call| &call.operations).collect();
    for operation in &ir.operations {
        assert!(sent.contains(&operation.name), "no call sends {}", operation.name);
    }
}

#[test]
fn arguments_are_flat_and_keys_come_first() {
    let ir = ir();
    let update = call(&ir, "users.update");
    assert_eq!(names(update)[..4], ["id", "ref", "email", "name"]);
    assert!(!names(update).contains(&"user"));
    assert_eq!(update.one_of, [["id", "ref"]]);

    // An e-mail address is a key here and a field at once, and what makes up a row.
    let upsert = call(&ir, "users.upsert");
    assert_eq!(names(upsert)[..3], ["ref", "email", "name"]);
    assert_eq!(upsert.one_of, [["ref", "email"]]);
    let row = ir
        .shared
        .inputs
        .iter()
        .find(|input| input.name == "UserRow")
        .unwrap();
    let fields: Vec<_> = row.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(fields[..], names(upsert)[..fields.len()]);
    assert_eq!(names(upsert)[fields.len()..], ["notify"]);

    assert_eq!(
        names(call(&ir, "groups.add_users")),
        ["id", "ref", "userIds", "userRefs", "chunk", "inFlight"]
    );
    let add = call(&ir, "groups.add_users");
    assert_eq!(add.one_of, [["id", "ref"], ["userIds", "userRefs"]]);
    // The ref is the event's own here, so the offer's stays what it is.
    let event = call(&ir, "offer_events.create");
    assert_eq!(names(event)[..4], ["offerId", "offerRef", "title", "ref"]);
    assert_eq!(event.one_of, [["offerId", "offerRef"]]);
    // A filter that happens to be an id is no key.
    assert!(call(&ir, "trainings.list").one_of.is_empty());
}

#[test]
fn what_a_pager_and_the_sdk_set_is_no_argument() {
    for call in &ir().calls {
        for name in [
            "first",
            "after",
            "last",
            "before",
            "offset",
            "sendInvite",
            "sendInvites",
            "sendMail",
        ] {
            assert!(!names(call).contains(&name), "{}: {name}", call.name);
        }
    }
}

#[test]
fn whoever_can_be_mailed_is_not_by_default() {
    let ir = ir();
    for call in &ir.calls {
        let has_switch = call
            .operations
            .iter()
            .filter_map(|name| ir.operations.iter().find(|o| o.name == *name))
            .any(|operation| operation.mail.is_some());
        let mails = names(call).contains(&"notify");
        assert!(mails || !has_switch, "{}", call.name);
        assert_eq!(
            mails,
            call.notes.contains("Nobody is mailed unless"),
            "{}",
            call.name
        );
        let notify = call.arguments.iter().find(|argument| argument.name == "notify");
        assert!(
            notify.is_none_or(|notify| notify.ty == Type::Scalar(Scalar::Boolean)),
            "{}",
            call.name
        );
    }
    let mailing: Vec<_> = ir
        .calls
        .iter()
        .filter(|call| names(call).contains(&"notify"))
        .map(|call| call.name.as_str())
        .collect();
    assert_eq!(
        mailing,
        [
            "users.create",
            "users.upsert",
            "users.upsert_many",
            "trainings.add_users",
            "offer_events.update",
            "enrollments.enroll_many",
        ]
    );
}

#[test]
fn kinds_and_results_follow_from_the_operation() {
    let ir = ir();
    let object = |name: &str| Type::Object(name.to_owned());
    let required = |ty: Type| Type::NonNull(Box::new(ty));
    let rows = |name: &str| required(Type::List(Box::new(required(object(name)))));
    for (name, kind, returns, select) in [
        ("users.list", CallKind::List, Some(required(object("User"))), true),
        ("users.get", CallKind::Get, Some(object("User")), true),
        ("offers.list", CallKind::Listing, Some(rows("Offer")), true),
        (
            "users.create",
            CallKind::Write,
            Some(required(object("User"))),
            true,
        ),
        (
            "users.upsert",
            CallKind::Write,
            Some(required(object("Upserted"))),
            true,
        ),
        (
            "users.archive",
            CallKind::Write,
            Some(required(object("BulkResult"))),
            false,
        ),
        (
            "groups.add_users",
            CallKind::Write,
            Some(required(object("Membership"))),
            true,
        ),
        ("groups.delete", CallKind::Write, None, false),
        (
            "enrollments.enroll_many",
            CallKind::Write,
            Some(rows("OfferEventEnrollment")),
            true,
        ),
        (
            "files.upload",
            CallKind::File,
            Some(required(object("File"))),
            false,
        ),
    ] {
        let call = call(&ir, name);
        assert_eq!(
            (call.kind, &call.returns, call.select),
            (kind, &returns, select),
            "{name}"
        );
    }
    assert!(call(&ir, "offers.list").notes.contains("Only on an older page"));
    assert_eq!(call(&ir, "users.sync").scopes, ["users.read", "users.write"]);
}

#[test]
fn documentation_names_calls_that_are_there() {
    let ir = ir();
    for call in &ir.calls {
        words::refer(&call.docs, |name| {
            let other = ir.calls.iter().find(|other| other.name == name);
            assert!(
                other.is_some_and(|other| !other.rust_only),
                "{}: {name}",
                call.name
            );
            String::new()
        });
    }
}

#[test]
fn what_does_not_fit_the_operations_is_refused() {
    for (member, value, why) in [
        ("operations", json!(["Nobody"]), "there is no operation Nobody"),
        ("example", json!({"nobody": 1}), "no argument nobody"),
        ("example", json!({"archived": "yes"}), "\"yes\" is no"),
        ("example", json!({"userRoles": ["QUEEN"]}), "\"QUEEN\" is no"),
        (
            "example",
            json!({"sortBy": {"way": "DESC"}}),
            "there is no field way",
        ),
        ("without", json!(["nobody"]), "no argument nobody to leave out"),
        ("required", json!(["nobody"]), "no argument nobody to require"),
        ("returns", json!("[Nobody!]"), "no form for the scalar Nobody"),
        ("kind", json!("list"), "list is no kind that is said"),
        ("only", json!(["python"]), "there are calls for Rust only"),
        ("colour", json!("red"), "unknown field `colour`"),
        ("name", json!("users.get"), "two calls are called users.get"),
    ] {
        let refusal = refused(&place("users.list"), member, value);
        assert!(refusal.contains(why), "{refusal}");
    }
    let lacking = refused(&place("groups.create"), "example", json!({"ref": "sales"}));
    assert!(
        lacking.contains("groups.create: the example lacks name"),
        "{lacking}"
    );
    let unsaid = refused(&place("groups.create"), "operations", json!([]));
    assert!(unsaid.contains("neither a kind nor an operation"), "{unsaid}");
}

#[test]
fn shapes_that_have_no_form_are_refused() {
    for (member, value, why) in [
        ("name", json!("User"), "two types are called User"),
        ("docs", json!(""), "no docs"),
        (
            "members",
            json!([{"name": "a", "docs": "A."}]),
            "it must be one of",
        ),
        ("fields", json!([]), "it must be one of"),
        ("secret", json!(["nobody"]), "no field nobody to hide"),
        (
            "fields",
            json!([{"name": "a", "type": "Upload!", "docs": "A."}]),
            "is a Content",
        ),
    ] {
        let refusal = refused("/shapes/0", member, value);
        assert!(refusal.contains(why), "{refusal}");
    }
}

#[test]
fn types_are_read_as_graphql_spells_them() {
    let ir = ir();
    let values = &call(&ir, "extra_categories.set_values").arguments[3];
    let value = Type::NonNull(Box::new(Type::Opaque("ExtraValue".to_owned())));
    assert_eq!(
        (values.name.as_str(), &values.ty),
        ("values", &Type::Map(Box::new(value)))
    );
}

/// Whoever gives the bridge an argument that it does not know is told which ones it knows: all of them must be here,
/// and no others.
#[tokio::test]
async fn the_bridge_takes_the_same_arguments() {
    let session = Session::open(
        r#"{"baseUrl": "http://127.0.0.1:1", "token": "t"}"#,
        Callbacks::default(),
    )
    .unwrap();
    for call in ir().calls.iter().filter(|call| !call.rust_only) {
        let apart = match call.kind {
            CallKind::Bulk => "rows",
            CallKind::File => "content",
            _ => "",
        };
        let mut given: serde_json::Map<_, _> = call.example.iter().cloned().collect();
        given.remove(apart);
        if names(call).contains(&"prepared") {
            let file = json!({"file": {"id": "1"}, "url": "http://127.0.0.1:1/", "fields": {}});
            given.insert("prepared".to_owned(), file);
        }
        given.insert("stray".to_owned(), json!(1));
        let request = json!({"args": given}).to_string();
        let refused = match call.kind {
            CallKind::List => session.list(&call.name, &request).unwrap_err(),
            CallKind::Bulk => session.bulk(&call.name, &request).unwrap_err(),
            CallKind::Sync => session.plan(&request).await.map(drop).unwrap_err(),
            CallKind::File => session
                .upload(&call.name, &request, Content::Path("a".into()))
                .await
                .unwrap_err(),
            _ => session.call(&call.name, &request).await.unwrap_err(),
        };
        let known = refused
            .message
            .strip_prefix(&format!("{} has no argument `stray`; it takes ", call.name));
        let known = known.unwrap_or_else(|| panic!("{}", refused.message));
        let known: BTreeSet<_> = known.split(", ").filter(|name| *name != "none").collect();
        let expected: BTreeSet<_> = names(call).into_iter().filter(|name| *name != apart).collect();
        assert_eq!(known, expected, "{}", call.name);
    }
}
