//! The documents and the variables that the calls send.

use super::Canned;
use super::surface::{CALLS, Call};
use crate::model::{CreateUserInput, TrainingRole, UpdateOfferEventInput, UpdateUserInput};
use crate::operation::generated::ALL;
use crate::operation::{Arguments, Dropped, Operation, Selection};
use crate::resources::{Key, Members, UserKey};
use crate::transport::Request;
use apollo_parser::Parser;
use apollo_parser::cst::{CstNode, Definition};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;

/// A GraphQL request.
pub(super) struct Sent {
    pub(super) operation: String,
    pub(super) document: String,
    pub(super) variables: Value,
}

/// Makes a call and tells what it sent to Pluvo.
pub(super) async fn sent(call: &Call) -> Vec<Sent> {
    let answers = call.answers.iter().map(|data| format!(r#"{{"data":{data}}}"#));
    let wire = Canned::bodies(answers);
    (call.run)(wire.client())
        .await
        .unwrap_or_else(|error| panic!("{}: {error:?}", call.name));
    wire.requests().iter().filter_map(read).collect()
}

fn read(request: &Request) -> Option<Sent> {
    if request.url.path() != "/graphql/" {
        return None;
    }
    let body = std::str::from_utf8(&request.body).unwrap();
    let json = match body.split_once("name=\"operations\"\r\n\r\n") {
        None => body,
        Some((_, part)) => part.split_once("\r\n").unwrap().0,
    };
    let mut json: Value = serde_json::from_str(json).unwrap();
    Some(Sent {
        operation: json["operationName"].as_str().unwrap().to_owned(),
        document: json["query"].as_str().unwrap().to_owned(),
        variables: json["variables"].take(),
    })
}

#[tokio::test]
async fn every_call_sends_what_it_is_known_to_send() {
    let mut text = String::new();
    for call in CALLS {
        let _ = writeln!(text, "{}", call.name);
        for sent in sent(call).await {
            let _ = writeln!(text, "  {}\n  {}", sent.document, sent.variables);
        }
    }
    insta::assert_snapshot!("documents", text);
}

#[tokio::test]
async fn a_mail_switch_is_always_sent_and_off() {
    let mut seen = BTreeSet::new();
    for call in CALLS {
        for sent in sent(call).await {
            let operation = ALL.iter().find(|all| all.name == sent.operation).unwrap();
            if let Some(switch) = operation.mail_switch {
                assert_eq!(sent.variables[switch], false, "{}", call.name);
                seen.insert(switch);
            }
        }
    }
    assert_eq!(
        seen,
        BTreeSet::from(["sendInvite", "sendInvites", "sendMail", "sendNotification"])
    );
}

#[tokio::test]
async fn a_mail_switch_is_on_where_the_caller_says_so() {
    let (key, people) = (|| Key::reference("r"), || Members::refs(["E"]));
    let wire = Canned::data("{}");
    let client = wire.client();
    // Each fails at the empty payload, after it was sent.
    let user = CreateUserInput::new("a@example.com", "A");
    drop(client.users().create(user).notify(true).await);
    let change = UpdateUserInput::default();
    drop(
        client
            .users()
            .upsert(UserKey::reference("E"), change)
            .notify(true)
            .await,
    );
    let trainings = client.trainings();
    drop(
        trainings
            .add_users(key(), people(), TrainingRole::Mentor)
            .notify(true)
            .await,
    );
    let change = UpdateOfferEventInput::default();
    drop(client.offer_events().update(key(), change).notify(true).await);
    drop(
        client
            .enrollments()
            .enroll_many(key(), people())
            .notify(true)
            .await,
    );
    let switches: Vec<Value> = wire
        .sent()
        .iter()
        .map(|sent| {
            let variables = sent["variables"].as_object().unwrap();
            let is_switch = |(name, _): &(&String, &Value)| name.starts_with("send");
            variables.iter().find(is_switch).unwrap().1.clone()
        })
        .collect();
    assert_eq!(json!(switches), json!([true, true, true, true, true]));
    // Where there is none, the word has no effect.
    drop(client.groups().delete("1").notify(true).await);
    assert_eq!(wire.sent().last().unwrap()["variables"], json!({"id": "1"}));
}

/// The types whose name the schema file marks as guessed.
fn guessed_names() -> BTreeSet<String> {
    let sdl = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../schema/pluvo.graphql"));
    let tree = Parser::new(sdl).parse();
    assert_eq!(tree.errors().count(), 0);
    let definitions = tree.document().definitions();
    let named = definitions.filter_map(|definition| match definition {
        Definition::ScalarTypeDefinition(ty) => Some((ty.name()?, ty.directives()?)),
        Definition::EnumTypeDefinition(ty) => Some((ty.name()?, ty.directives()?)),
        Definition::InputObjectTypeDefinition(ty) => Some((ty.name()?, ty.directives()?)),
        _ => None,
    });
    named
        .filter(|(_, directives)| {
            directives.directives().any(|directive| {
                let text = directive.syntax().text().to_string();
                text.starts_with("@inferred") && text.contains("NAME")
                    || text.starts_with("@known") && text.contains("INFERRED")
            })
        })
        .map(|(name, _)| name.text().to_string())
        .collect()
}

/// All arguments at once, each with a value that its form can have.
fn everything(operation: &'static Operation) -> Arguments {
    let mut arguments = Arguments::default();
    for argument in operation.path.iter().flat_map(|segment| segment.arguments) {
        if argument.literal {
            arguments.set_literal(argument.variable, "[]".to_owned());
        } else {
            arguments.set(argument.variable, Value::Null);
        }
    }
    arguments
}

#[test]
fn no_document_names_a_type_whose_name_is_guessed() {
    let guessed = guessed_names();
    assert!(guessed.contains("UpdateUserInput") && guessed.contains("PortfolioReportRelatedObjectType"));
    assert!(!guessed.contains("UserSortByInput"));
    let dropped = Dropped::default();
    for operation in ALL {
        let document = operation.document(&everything(operation), Selection::Default(&dropped));
        async_graphql_parser::parse_query(&document).unwrap_or_else(|error| panic!("{document}: {error}"));
        let words = document.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        for word in words {
            assert!(!guessed.contains(word), "{document} names {word}");
        }
        for argument in operation.path.iter().flat_map(|segment| segment.arguments) {
            let name = argument.ty.trim_matches(['[', ']', '!']);
            assert_eq!(argument.literal, guessed.contains(name), "{document}: {name}");
            assert!(document.contains(&format!("{}:", argument.name)), "{document}");
        }
    }
}
