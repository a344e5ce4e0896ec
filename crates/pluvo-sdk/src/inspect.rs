//! Looking into documents and selections before they are sent.

use crate::error::{Error, Result};
use crate::operation::OperationKind;
use apollo_parser::Parser;
use apollo_parser::cst::{self, Definition, OperationDefinition};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What must be known of a document before it is sent.
#[derive(Debug)]
pub(crate) struct Inspected {
    pub name: Option<String>,
    pub kind: OperationKind,
    /// Variables without which the server would refuse it.
    pub required: Vec<String>,
}

/// Documents that were inspected before: programs send the same few again and again, and parsing one costs more than
/// all else that is done with it.
#[derive(Debug, Default)]
pub(crate) struct Inspections(Mutex<HashMap<String, Arc<Inspected>>>);

/// How many are kept. A program that makes up its documents fills this, and begins anew.
const KEPT: usize = 64;

impl Inspections {
    pub(crate) fn get(&self, document: &str, wanted: Option<&str>) -> Result<Arc<Inspected>> {
        // A choice among operations is rare, and not worth a key of two parts.
        if wanted.is_some() {
            return inspect(document, wanted).map(Arc::new);
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(inspected) = known.get(document) {
            return Ok(Arc::clone(inspected));
        }
        let inspected = Arc::new(inspect(document, None)?);
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(document.to_owned(), Arc::clone(&inspected));
        Ok(inspected)
    }
}

fn inspect(document: &str, wanted: Option<&str>) -> Result<Inspected> {
    if document.trim().is_empty() {
        return Err(Error::invalid("the document holds no operation"));
    }
    let tree = Parser::new(document).parse();
    if let Some(error) = tree.errors().next() {
        let before = document.get(..error.index()).unwrap_or(document);
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        return Err(Error::invalid(format!(
            "the document is not GraphQL: {} at line {line}, column {column}",
            error.message()
        )));
    }
    let operations: Vec<_> = tree
        .document()
        .definitions()
        .filter_map(|definition| match definition {
            Definition::OperationDefinition(operation) => Some(operation),
            _ => None,
        })
        .collect();
    let name_of = |operation: &OperationDefinition| operation.name().map(|name| name.text().to_string());
    let operation = match (operations.as_slice(), wanted) {
        ([], _) => return Err(Error::invalid("the document holds no operation")),
        ([one], None) => one,
        (_, None) => {
            return Err(Error::invalid(
                "the document holds several operations; say which by its operation name",
            ));
        }
        (all, Some(wanted)) => all
            .iter()
            .find(|operation| name_of(operation).as_deref() == Some(wanted))
            .ok_or_else(|| Error::invalid(format!("the document holds no operation called {wanted}")))?,
    };
    let kind = operation.operation_type();
    if kind
        .as_ref()
        .is_some_and(|kind| kind.subscription_token().is_some())
    {
        return Err(Error::invalid(
            "Pluvo offers no subscriptions; use webhooks instead",
        ));
    }
    let is_mutation = kind.is_some_and(|kind| kind.mutation_token().is_some());
    let variables = operation.variable_definitions();
    let required = variables
        .into_iter()
        .flat_map(|list| list.variable_definitions().collect::<Vec<_>>());
    Ok(Inspected {
        name: name_of(operation),
        kind: if is_mutation {
            OperationKind::Mutation
        } else {
            OperationKind::Query
        },
        required: required
            .filter(|variable| {
                matches!(variable.ty(), Some(cst::Type::NonNullType(_))) && variable.default_value().is_none()
            })
            .filter_map(|variable| Some(variable.variable()?.name()?.text().to_string()))
            .collect(),
    })
}

/// Checks a selection that a caller gives in place of the default one, with or without its outer braces, and
/// returns it without them.
pub(crate) fn selection(text: &str) -> Result<String> {
    let inner = text.trim();
    let inner = inner
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .unwrap_or(inner)
        .trim();
    if inner.is_empty() {
        return Err(Error::invalid(
            "the selection is empty; name at least one field, such as id",
        ));
    }
    // Parsed in its place, so that a brace too many cannot reach out of it.
    let document = format!("{{node{{{inner}\n}}}}");
    let tree = Parser::new(&document).parse();
    if let Some(error) = tree.errors().next() {
        return Err(Error::invalid(format!(
            "the selection is not GraphQL: {}",
            error.message()
        )));
    }
    let definitions: Vec<_> = tree.document().definitions().collect();
    let roots = match definitions.as_slice() {
        [Definition::OperationDefinition(one)] => {
            one.selection_set().map_or(0, |set| set.selections().count())
        }
        _ => 0,
    };
    if roots == 1 {
        Ok(inner.to_owned())
    } else {
        Err(Error::invalid(
            "the selection closes a brace that it did not open",
        ))
    }
}

/// Whether a selection gives each row an `id` of its own, as far as can be seen without resolving fragments.
pub(crate) fn selects_id(selection: &str) -> bool {
    let braced = format!("{{{selection}}}");
    let fields = Parser::new(&braced).parse_selection_set().field_set();
    fields.selections().any(|selection| match selection {
        cst::Selection::Field(field) => {
            let alias = field.alias().and_then(|alias| alias.name());
            alias
                .or_else(|| field.name())
                .is_some_and(|name| name.text() == "id")
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(document: &str, wanted: Option<&str>) -> String {
        inspect(document, wanted).unwrap_err().message().to_owned()
    }

    #[test]
    fn kinds_names_and_required_variables_are_found() {
        let found = inspect("query A($a: ID!, $b: Int = 1, $c: [Int!]!, $d: Int) { x }", None).unwrap();
        assert_eq!(
            (found.name.as_deref(), found.kind),
            (Some("A"), OperationKind::Query)
        );
        assert_eq!(found.required, ["a", "c"]);
        assert_eq!(inspect("{ x }", None).unwrap().kind, OperationKind::Query);
        assert_eq!(
            inspect("mutation { x }", None).unwrap().kind,
            OperationKind::Mutation
        );
        let two = "query A { x } mutation B { y } fragment F on User { id }";
        assert_eq!(inspect(two, Some("B")).unwrap().kind, OperationKind::Mutation);
    }

    #[test]
    fn what_cannot_be_sent_is_refused() {
        assert!(refused("query {\n  user(ref: ) {", None).contains("line 2"));
        assert!(refused("", None).contains("no operation"));
        assert!(refused("fragment F on User { id }", None).contains("no operation"));
        assert!(refused("query A { x } query B { x }", None).contains("several"));
        assert!(refused("query A { x }", Some("C")).contains("called C"));
        assert!(refused("subscription { x }", None).contains("webhooks"));
    }

    #[test]
    fn selections_lose_their_braces_and_stay_inside_them() {
        assert_eq!(selection(" id name ").unwrap(), "id name");
        assert_eq!(
            selection("{ id profileImage { url } }").unwrap(),
            "id profileImage { url }"
        );
        for wrong in [
            "",
            "{}",
            "id }",
            "id } other { x",
            "id }} query B { a { b",
            "id profileImage {",
        ] {
            assert!(selection(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_rows_own_id_is_told_from_others() {
        for has in ["id", "name id", "id: modelId", "profileImage { url } id"] {
            assert!(selects_id(has), "{has}");
        }
        for has_not in ["name", "user { id }", "x: id", "...F"] {
            assert!(!selects_id(has_not), "{has_not}");
        }
    }

    #[test]
    fn a_document_is_inspected_once_and_few_are_kept() {
        let known = Inspections::default();
        let first = known.get("query A { x }", None).unwrap();
        assert!(Arc::ptr_eq(&first, &known.get("query A { x }", None).unwrap()));
        assert!(known.get("{", None).is_err());
        for n in 0..200 {
            known.get(&format!("query Q{n} {{ x }}"), None).unwrap();
        }
        assert!(known.0.lock().unwrap().len() <= KEPT);
        assert_eq!(
            known.get("query A { x }", Some("A")).unwrap().name.as_deref(),
            Some("A")
        );
    }
}
