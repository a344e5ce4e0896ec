//! Fields of extra categories and of their values.

use async_graphql::Value;
use uuid::Uuid;

use super::{
    Call, Got, Node, Resolver, flag, id, maybe_moment, maybe_text, member, members, moment, nodes, text,
};
use crate::data::Store;
use crate::data::extra::{Category, ChoiceOption, Content, ExtraValue};
use crate::data::table::Record;

impl<'a> Call<'a> {
    fn category(&self) -> &'a Category {
        match self.node {
            Node::Category(i) | Node::Choice(i, _) => self.store.categories.get(*i),
            other => unreachable!("{other:?} is not an extra category"),
        }
    }

    fn choice(&self) -> &'a ChoiceOption {
        match self.node {
            Node::Choice(_, at) => &self.category().options[*at],
            other => unreachable!("{other:?} is not a choice"),
        }
    }

    fn extra(&self) -> (Uuid, &'a ExtraValue) {
        match self.node {
            Node::Extra(model, value) => (*model, value),
            other => unreachable!("{other:?} is not an extra value"),
        }
    }
}

pub(super) fn category(ty: &str, name: &str) -> Option<Resolver> {
    match ty {
        "ExtraCategory" => extra_category(name),
        "ExtraCategoryChoiceOption" => choice_option(name),
        _ => extra_field(name),
    }
}

fn extra_category(name: &str) -> Option<Resolver> {
    let resolver: Resolver = match name {
        "id" => |c| id(c.category().id),
        "title" => |c| text(&c.category().title),
        "categoryType" => |c| member(&c.category().kind),
        "forModelTypes" => |c| members(&c.category().models),
        "choiceOptions" => |c| match c.node {
            Node::Category(i) => nodes((0..c.category().options.len()).map(|at| Node::Choice(*i, at))),
            _ => Ok(Got::Nothing),
        },
        "ref" => |c| maybe_text(c.category().reference()),
        // The older form of a category: its one field.
        "extraFields" => |c| nodes([c.node.clone()]),
        "archivedAt" => |c| maybe_moment(c.category().archived_at),
        _ => return None,
    };
    Some(resolver)
}

fn extra_field(name: &str) -> Option<Resolver> {
    let resolver: Resolver = match name {
        "id" => |c| id(crate::data::people::derived(c.category().id)),
        "key" => |c| text(&c.category().reference),
        "label" => |c| text(&c.category().title),
        "type" => |c| member(&c.category().kind),
        _ => return None,
    };
    Some(resolver)
}

fn choice_option(name: &str) -> Option<Resolver> {
    let resolver: Resolver = match name {
        "id" => |c| id(c.choice().id),
        "ref" => |c| maybe_text(c.choice().reference.as_deref()),
        "stringValue" => |c| text(&c.choice().text),
        "color" => |c| maybe_text(c.choice().color.as_deref()),
        _ => return None,
    };
    Some(resolver)
}

pub(super) fn value(name: &str) -> Option<Resolver> {
    let resolver: Resolver = match name {
        "category" => |c| Ok(Got::Node(Node::Category(c.extra().1.category))),
        "color" => |c| maybe_text(c.store.categories.get(c.extra().1.category).color.as_deref()),
        "modelId" => |c| id(c.extra().0),
        "stringValue" => |c| match &c.extra().1.content {
            Content::Text(content) => text(&**content),
            _ => Ok(Got::Nothing),
        },
        "datetimeValue" => |c| match c.extra().1.content {
            Content::Moment(seconds) => moment(seconds),
            _ => Ok(Got::Nothing),
        },
        "choiceValue" => |c| match c.extra().1 {
            ExtraValue {
                category,
                content: Content::Choice(at),
            } => Ok(Got::Node(Node::Choice(*category, usize::from(*at)))),
            _ => Ok(Got::Nothing),
        },
        "booleanValue" => |c| match c.extra().1.content {
            Content::Flag(value) => flag(value),
            _ => Ok(Got::Nothing),
        },
        _ => return None,
    };
    Some(resolver)
}

/// The member of the union that a value is; nothing for other records.
pub(super) fn type_of(node: &Node) -> Option<&'static str> {
    let Node::Extra(_, value) = node else { return None };
    Some(match value.content {
        Content::Text(_) => "ExtraCategoryStringValue",
        Content::Moment(_) => "ExtraCategoryDatetimeValue",
        Content::Choice(_) => "ExtraCategoryChoiceValue",
        Content::Flag(_) => "ExtraCategoryBooleanValue",
    })
}

/// The values of a record.
pub(super) fn values(model: Uuid, values: &[ExtraValue]) -> impl Iterator<Item = Node> + '_ {
    values.iter().map(move |value| Node::Extra(model, value.clone()))
}

/// What a value says, as text.
pub(crate) fn plain(store: &Store, value: &ExtraValue) -> String {
    match &value.content {
        Content::Text(content) => content.to_string(),
        Content::Moment(seconds) => jiff::Timestamp::from_second(*seconds)
            .unwrap_or_default()
            .to_string(),
        Content::Choice(at) => store.categories.get(value.category).options[usize::from(*at)]
            .text
            .clone(),
        Content::Flag(value) => value.to_string(),
    }
}

/// The values as the older `extraFields`: an object of titles and values, serialised.
pub(super) fn as_json(c: &Call<'_>, values: &[ExtraValue]) -> String {
    let title = |value: &ExtraValue| async_graphql::Name::new(&c.store.categories.get(value.category).title);
    let fields = values
        .iter()
        .map(|value| (title(value), Value::from(plain(c.store, value))))
        .collect();
    serde_json::to_string(&Value::Object(fields)).unwrap_or_default()
}
