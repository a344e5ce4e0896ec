use std::collections::BTreeSet;
use std::fs;

use apollo_compiler::executable::{ExecutableDocument, Selection, SelectionSet};
use apollo_compiler::validation::Valid;
use apollo_compiler::{Node, Schema, executable};

use super::ir::{OperationKind, Part, Standing};
use super::pages::PAGES;
use super::{load, operations, schema, stale};
use crate::root;

/// Fields that are selected although the newest documentation neither defines nor uses them.
const EXCEPTIONS: [&str; 5] = [
    // Nothing says what the rows of a training's people have: without these they could not be read at all.
    "TrainingUser.user",
    "TrainingUserEdge.node",
    // Only an older page says what an option has: without these a chosen option could not be read at all.
    "ExtraCategoryChoiceOption.id",
    "ExtraCategoryChoiceOption.stringValue",
    // Values are set by the category's ref: without it to read, the kind of value could not be found by it.
    "ExtraCategory.ref",
];

fn sdl() -> String {
    fs::read_to_string(root().join("schema/pluvo.graphql")).unwrap()
}

fn documents(schema: &Valid<Schema>) -> Vec<Node<executable::Operation>> {
    let files = fs::read_dir(root().join("schema/operations")).unwrap();
    files
        .flat_map(|file| {
            let path = file.unwrap().path();
            let source = fs::read_to_string(&path).unwrap();
            let document = ExecutableDocument::parse_and_validate(schema, source, &path).unwrap();
            document.operations.iter().cloned().collect::<Vec<_>>()
        })
        .collect()
}

/// Gives every field of a selection, however deep, with its type and standing.
fn walk(schema: &Schema, set: &SelectionSet, seen: &mut dyn FnMut(String, Standing)) {
    for selection in &set.selections {
        match selection {
            Selection::Field(field) => {
                let parent = schema::type_origin(schema, &set.ty).unwrap();
                let origin = schema::origin(&field.definition.directives, &parent).unwrap();
                seen(format!("{}.{}", set.ty, field.name), origin.standing);
                walk(schema, &field.selection_set, seen);
            }
            Selection::InlineFragment(fragment) => walk(schema, &fragment.selection_set, seen),
            Selection::FragmentSpread(_) => panic!("named fragments are refused"),
        }
    }
}

#[test]
fn default_selections_hold_defined_and_used_fields_only() {
    let schema = schema::parse(&sdl()).unwrap();
    let ir = load(&root()).unwrap();
    let documents = documents(&schema);
    assert_eq!(documents.len(), ir.operations.len());
    let mut exceptions = BTreeSet::new();
    for operation in documents {
        let name = operation.name.as_ref().unwrap();
        let is_old = ir
            .operations
            .iter()
            .find(|o| o.name == name.as_str())
            .unwrap()
            .old;
        walk(
            &schema,
            &operation.selection_set,
            &mut |field, standing| match standing {
                Standing::Defined | Standing::Used => {}
                Standing::Old if is_old => {}
                _ if EXCEPTIONS.contains(&field.as_str()) => {
                    exceptions.insert(field);
                }
                _ => panic!("{name} selects {field}, which is {standing:?}"),
            },
        );
    }
    assert_eq!(
        exceptions,
        EXCEPTIONS.map(str::to_owned).into(),
        "an exception that nothing selects"
    );
}

#[test]
fn no_document_names_a_type_whose_name_is_inferred() {
    let schema = schema::parse(&sdl()).unwrap();
    let is_inferred = |name: &str| {
        let has_origin = schema
            .types
            .get(name)
            .is_some_and(|ty| ty.directives().has("known"));
        has_origin
            && schema::type_origin(&schema, name)
                .unwrap()
                .guessed
                .contains(&Part::Name)
    };
    assert!(is_inferred("UpdateUserInput") && !is_inferred("UserSortByInput"));
    let mut literals = Vec::new();
    for operation in &load(&root()).unwrap().operations {
        for argument in operation.path.iter().flat_map(|segment| &segment.arguments) {
            let name = argument.spelled.replace(['[', ']', '!'], "");
            assert_eq!(
                argument.literal,
                is_inferred(&name),
                "{} of {}",
                argument.name,
                operation.name
            );
            if argument.literal {
                literals.push(format!("{}.{}", operation.name, argument.name));
            }
        }
    }
    assert_eq!(
        literals,
        [
            "CreateExtraCategory.extraCategoryInput",
            "UpdateExtraCategory.extraCategoryInput",
            "UpdateExtraCategoryValues.values",
            "CreateFile.file",
            "PortfolioReport.relatedObjectTypes",
            "CreateTraining.training",
            "UpdateTraining.training",
            "CreateUser.user",
            "UpdateUser.user",
            "UpdateOrCreateUser.user",
        ]
    );
}

#[test]
fn every_query_and_mutation_has_a_document() {
    let schema = schema::parse(&sdl()).unwrap();
    let ir = load(&root()).unwrap();
    for (root, kind) in [
        ("Query", OperationKind::Query),
        ("Mutation", OperationKind::Mutation),
    ] {
        for field in schema.get_object(root).unwrap().fields.keys() {
            assert!(
                ir.operations
                    .iter()
                    .any(|o| o.kind == kind && o.path[0].field == field.as_str()),
                "{field}"
            );
        }
    }
}

#[test]
fn mail_switches_are_known() {
    let operations = load(&root()).unwrap().operations;
    let mut switches: Vec<_> = operations
        .iter()
        .filter_map(|o| Some((o.name.as_str(), o.mail.as_ref()?)))
        .map(|(name, mail)| (name, mail.variable.as_str(), mail.again))
        .collect();
    switches.sort_unstable();
    assert_eq!(
        switches,
        [
            ("AddUsersToTraining", "sendInvites", false),
            ("CreateOfferEventEnrollments", "sendMail", false),
            ("CreateUser", "sendInvite", false),
            ("UpdateOfferEvent", "sendNotification", true),
            ("UpdateOrCreateUser", "sendInvite", false),
        ]
    );
    // Whatever is called so without the mark would mail people by the server's default.
    for argument in operations
        .iter()
        .flat_map(|o| o.path.iter().flat_map(|segment| &segment.arguments))
    {
        assert!(
            argument.internal || !argument.name.starts_with("send"),
            "{}",
            argument.name
        );
    }
}

/// The client prints its documents itself and writes objects into them, so what it is known to send is held against
/// the schema too.
#[test]
fn what_the_client_sends_is_valid() {
    let schema = schema::parse(&sdl()).unwrap();
    let path = root()
        .join("crates/pluvo-sdk/src/resources/tests/snapshots")
        .join("pluvo_sdk__resources__tests__documents__documents.snap");
    let sent = fs::read_to_string(path).unwrap();
    let documents: Vec<_> = sent
        .lines()
        .map(str::trim_start)
        .filter(|line| line.starts_with("query ") || line.starts_with("mutation "))
        .collect();
    assert!(documents.len() >= load(&root()).unwrap().operations.len());
    for document in documents {
        ExecutableDocument::parse_and_validate(&schema, document, "sent.graphql")
            .unwrap_or_else(|refused| panic!("{document}\n{}", refused.errors));
    }
}

#[test]
fn generated_files_are_up_to_date() {
    let names: Vec<_> = stale(&root())
        .unwrap()
        .into_iter()
        .map(|file| file.path)
        .collect();
    assert!(
        names.is_empty(),
        "stale: {names:?}; run `cargo xtask codegen` and commit them"
    );
}

#[test]
fn pages_are_listed_once_and_used() {
    let sdl = sdl();
    assert!(PAGES.is_sorted_by(|a, b| a < b));
    for page in PAGES {
        assert!(sdl.contains(&format!("{page:?}")), "no definition names {page}");
    }
}

/// The first of the project's types, with one of its lines replaced.
fn refused(from: &str, to: &str) -> String {
    let sdl = sdl();
    assert!(sdl.contains(from), "{from}");
    let schema = schema::parse(&sdl.replacen(from, to, 1)).unwrap();
    format!("{:#}", schema::types(&schema).unwrap_err())
}

#[test]
fn annotations_that_say_too_little_are_refused() {
    let page = "@known(standing: DEFINED, pages: [\"learning-journeys-2\"])\n\n\"A moment";
    let unknown = refused(
        page,
        "@known(standing: DEFINED, pages: [\"a-page\"])\n\n\"A moment",
    );
    assert!(
        unknown.contains("\"a-page\", which is not in the list"),
        "{unknown}"
    );
    let none = refused(page, "@known(standing: DEFINED)\n\n\"A moment");
    assert!(
        none.contains("type Date: @known: what is inferred has no page, all else has one"),
        "{none}"
    );
    let unmarked = refused(page, "\"A moment");
    assert!(unmarked.contains("type Date: no @known"), "{unmarked}");
    let undescribed = refused("\"The portrait.\"\n", "\n");
    assert!(
        undescribed.contains("type User: field profileImage: no description"),
        "{undescribed}"
    );
}

#[test]
fn documents_that_have_no_form_are_refused() {
    let schema = schema::parse(&sdl()).unwrap();
    let refused = |document: &str| match operations::read(&schema, "test", document) {
        Ok(_) => panic!("{document} was read"),
        Err(error) => format!("{error:#}"),
    };
    let frame = "pageInfo { hasNextPage endCursor } count edges { node { id } }";
    let page = |frame: &str| {
        let arguments = "first: $first, after: $after, last: $last, before: $before";
        let variables = "$first: Int, $after: String, $last: Int, $before: String";
        format!("query A({variables}) {{ certificates({arguments}) {{ {frame} }} }}")
    };
    assert!(operations::read(&schema, "test", &page(frame)).is_ok());

    let cases = [
        (
            page("edges { node { id } } pageInfo { hasNextPage endCursor } count"),
            "in this order",
        ),
        (
            page("pageInfo { endCursor } count edges { node { id } }"),
            "must select hasNextPage and endCursor",
        ),
        (
            page("pageInfo { hasNextPage endCursor } count edges { cursor node { id } }"),
            "must be one field",
        ),
        ("{ offers { id } }".to_owned(), "needs a name"),
        ("query A { offers { key: id } }".to_owned(), "aliases"),
        (
            "query A { offers { id @skip(if: true) } }".to_owned(),
            "directives",
        ),
        (
            "query A { offers { id } extraCategories { id } }".to_owned(),
            "must be one field",
        ),
        (
            "query A { extraCategories { id } }".to_owned(),
            "contentType: the document does not pass it",
        ),
        (
            "query A { extraCategories(contentType: USER) { id } }".to_owned(),
            "only variables",
        ),
        (
            "query A($id: UUID!) { offer(id: $id, ref: null) { id } }".to_owned(),
            "only variables",
        ),
        (
            "query A($t: ContentType!) { extraCategories(contentType: $t) { id } }".to_owned(),
            "is declared as",
        ),
        (
            "query A($t: ContentType = USER) { extraCategories(contentType: $t) { id } }".to_owned(),
            "defaults",
        ),
        ("query A { offers { nothing } }".to_owned(), "nothing"),
        (
            "query A { offers { ...F } } fragment F on Offer { id }".to_owned(),
            "named fragments",
        ),
    ];
    for (document, message) in cases {
        let refusal = refused(&document);
        assert!(refusal.contains(message), "{document}\n{refusal}");
    }
}
