//! What faults may ask of a request.

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{Pos, Value};
use serde_json::Value as Json;

use super::{Effect, Fault, Target};
use crate::schema::api;

/// What is known of a request before it is carried out.
#[derive(Debug)]
pub(crate) struct Facts<'a> {
    pub(crate) target: Target,
    pub(crate) operation: Option<&'a str>,
    pub(crate) query: Option<&'a str>,
    variables: Option<&'a Json>,
    /// The most rows asked for.
    pub(crate) rows: Option<u64>,
    /// The cursor asked with.
    pub(crate) after: Option<String>,
    document: Option<&'a ExecutableDocument>,
}

impl<'a> Facts<'a> {
    /// A request of which no more than its target is known.
    pub(crate) fn new(target: Target) -> Self {
        Self {
            target,
            operation: None,
            query: None,
            variables: None,
            rows: None,
            after: None,
            document: None,
        }
    }

    /// A GraphQL request.
    pub(crate) fn graphql(
        query: Option<&'a str>,
        operation: Option<&'a str>,
        document: Option<&'a ExecutableDocument>,
        variables: &'a Json,
    ) -> Self {
        let mut facts = Self {
            operation,
            query,
            document,
            variables: Some(variables),
            ..Self::new(Target::Graphql)
        };
        if let Some(document) = document {
            for selections in selection_sets(document) {
                facts.walk(selections, variables);
            }
        }
        facts
    }

    fn walk(&mut self, selections: &SelectionSet, variables: &Json) {
        for selection in &selections.items {
            match &selection.node {
                Selection::Field(field) => {
                    for (name, value) in &field.node.arguments {
                        let Ok(value) = value.node.clone().into_const_with(|variable| {
                            Value::from_json(variables[variable.as_str()].clone())
                        }) else {
                            continue;
                        };
                        let value = value.into_json().unwrap_or_default();
                        match name.node.as_str() {
                            "first" | "last" => self.rows = self.rows.max(value.as_u64()),
                            "after" if self.after.is_none() => self.after = value.as_str().map(str::to_owned),
                            _ => {}
                        }
                    }
                    self.walk(&field.node.selection_set.node, variables);
                }
                Selection::InlineFragment(fragment) => {
                    self.walk(&fragment.node.selection_set.node, variables);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    /// Whether the fault counts this request.
    pub(crate) fn fit(&self, fault: &Fault) -> bool {
        let target =
            fault.on == self.target || (fault.on == Target::Any && self.target != Target::Connection);
        let operation = fault
            .operation
            .as_deref()
            .is_none_or(|name| self.operation == Some(name));
        let contains = fault
            .contains
            .as_deref()
            .is_none_or(|text| self.query.is_some_and(|query| query.contains(text)));
        let rows = fault
            .first_above
            .is_none_or(|most| self.rows.is_some_and(|rows| rows > most));
        let given = |(name, value)| {
            self.variables
                .is_some_and(|variables| variables.get(name) == Some(value))
        };
        let variables = fault.variables.iter().all(given);
        let field = match &fault.effect {
            Effect::UnknownField { on, field } => self.selects(on, field).is_some(),
            _ => true,
        };
        target && operation && contains && variables && rows && field
    }

    /// Where the document selects a field of a type.
    pub(crate) fn selects(&self, ty: &str, field: &str) -> Option<Pos> {
        let document = self.document?;
        let operations = document.operations.iter().map(|(_, operation)| {
            let root = if operation.node.ty.to_string() == "mutation" {
                "Mutation"
            } else {
                "Query"
            };
            (root, &operation.node.selection_set.node)
        });
        let fragments = document.fragments.values().map(|fragment| {
            (
                fragment.node.type_condition.node.on.node.as_str(),
                &fragment.node.selection_set.node,
            )
        });
        operations
            .chain(fragments)
            .find_map(|(of, selections)| find(selections, of, ty, field))
    }
}

fn selection_sets(document: &ExecutableDocument) -> impl Iterator<Item = &SelectionSet> {
    let operations = document
        .operations
        .iter()
        .map(|(_, operation)| &operation.node.selection_set.node);
    operations.chain(
        document
            .fragments
            .values()
            .map(|fragment| &fragment.node.selection_set.node),
    )
}

fn find(selections: &SelectionSet, of: &str, ty: &str, field: &str) -> Option<Pos> {
    selections
        .items
        .iter()
        .find_map(|selection| match &selection.node {
            Selection::Field(selected) => {
                let name = selected.node.name.node.as_str();
                if of == ty && name == field {
                    return Some(selected.pos);
                }
                let inner = api().fields.get(of).and_then(|fields| fields.get(name))?;
                find(&selected.node.selection_set.node, inner, ty, field)
            }
            Selection::InlineFragment(fragment) => {
                let on = fragment
                    .node
                    .type_condition
                    .as_ref()
                    .map_or(of, |on| on.node.on.node.as_str());
                find(&fragment.node.selection_set.node, on, ty, field)
            }
            Selection::FragmentSpread(_) => None,
        })
}
