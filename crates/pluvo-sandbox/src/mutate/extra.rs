//! The values of extra categories.

use async_graphql::Error;
use uuid::Uuid;

use super::people::by_id_or_ref;
use super::{Change, Mutation, invalid, not_found, payload};
use crate::data::Store;
use crate::data::extra::{Category, Content, ExtraValue};
use crate::resolve::{Got, Input, Node, seconds};

pub(super) fn mutation(name: &str) -> Option<Mutation> {
    let mutation: Mutation = match name {
        "updateExtraCategoryValues" => update_values,
        _ => return None,
    };
    Some(mutation)
}

fn update_values(c: &mut Change<'_>) -> Result<Got, Error> {
    let kind = c.str("contentType").unwrap_or_default();
    let mut changes = Vec::new();
    for input in c.objects("values").unwrap_or_default() {
        let i = by_id_or_ref(
            &c.store.categories,
            input,
            "categoryId",
            "categoryRef",
            "extra category",
        )?;
        let category = c.store.categories.get(i);
        if !category.models.iter().any(|model| model.0 == kind) {
            let title = &category.title;
            return Err(invalid(format!(
                "The extra category \"{title}\" is not for {kind}."
            )));
        }
        changes.push((i, contents(category, input)?));
    }
    let (id, values) = model(c.store, c.args, kind)?;
    for (category, contents) in changes {
        values.retain(|value| value.category != category);
        values.extend(
            contents
                .into_iter()
                .map(|content| ExtraValue { category, content }),
        );
    }
    values.sort_by_key(|value| value.category);
    let nodes = values
        .iter()
        .map(|value| Node::Extra(id, value.clone()))
        .collect();
    if let Some(i) = c.store.users.by_id(id).filter(|_| kind == "USER") {
        c.tell("USER_UPDATED", &Node::User(i));
    }
    Ok(payload([("extraCategoryValues", Got::Nodes(nodes))]))
}

/// The id and the values of the record that `modelId` or `modelRef` names.
fn model<'s>(
    store: &'s mut Store,
    args: Input<'_>,
    kind: &str,
) -> Result<(Uuid, &'s mut Vec<ExtraValue>), Error> {
    macro_rules! of {
        ($table:ident) => {{
            let i = by_id_or_ref(&store.$table, args, "modelId", "modelRef", "record")?;
            let record = store.$table.get_mut(i);
            Ok((record.id, &mut record.extra))
        }};
    }
    match kind {
        "USER" => of!(users),
        "GROUP" => of!(groups),
        "TRAINING" => of!(trainings),
        "COURSE" => of!(courses),
        "OFFER" => of!(offers),
        _ => Err(not_found("record")),
    }
}

/// What a value's input says, by the kind of its category. An empty text, an empty list or a null clears the category.
fn contents(category: &Category, input: Input<'_>) -> Result<Vec<Content>, Error> {
    let (title, kind) = (&category.title, category.kind.0);
    let key = match kind {
        "DATE" => "datetimeValue",
        "BOOLEAN" => "booleanValue",
        "SELECT" | "MULTISELECT" => "choiceValues",
        _ => "stringValue",
    };
    let keys = ["stringValue", "datetimeValue", "booleanValue", "choiceValues"];
    if let Some(other) = keys
        .into_iter()
        .find(|&name| name != key && input.given(name).is_some())
    {
        return Err(invalid(format!(
            "\"{title}\" is of {kind} and takes `{key}`, not `{other}`."
        )));
    }
    if input.given(key).is_none() {
        return if input.0.contains_key(key) {
            Ok(Vec::new())
        } else {
            Err(invalid(format!("\"{title}\" takes `{key}`, which is not given.")))
        };
    }
    match kind {
        "DATE" => {
            let text = input.str(key).unwrap_or_default();
            let moment = seconds(text).ok_or_else(|| invalid(format!("\"{text}\" is not a DateTime.")))?;
            Ok(vec![Content::Moment(moment)])
        }
        "BOOLEAN" => Ok(input.flag(key).map(Content::Flag).into_iter().collect()),
        "SELECT" | "MULTISELECT" => choices(category, &input.objects(key).unwrap_or_default()),
        _ => match input.str(key).unwrap_or_default() {
            "" => Ok(Vec::new()),
            text if kind == "NUMBER" && text.trim().parse::<f64>().is_err() => Err(invalid(format!(
                "\"{title}\" takes a number, and \"{text}\" is none."
            ))),
            text => Ok(vec![Content::Text(text.into())]),
        },
    }
}

fn choices(category: &Category, inputs: &[Input<'_>]) -> Result<Vec<Content>, Error> {
    if category.kind.0 == "SELECT" && inputs.len() > 1 {
        return Err(invalid(format!("\"{}\" takes one choice only.", category.title)));
    }
    let mut chosen = Vec::new();
    for input in inputs {
        let (id, reference, text) = (input.uuid("id"), input.str("ref"), input.str("stringValue"));
        if id.is_none() && reference.is_none() && text.is_none() {
            return Err(invalid("A choice is named by `stringValue`, `id` or `ref`."));
        }
        let fits = |option: &crate::data::extra::ChoiceOption| {
            id.is_none_or(|id| id == option.id)
                && reference.is_none_or(|reference| option.reference.as_deref() == Some(reference))
                && text.is_none_or(|text| option.text == text)
        };
        let at = category.options.iter().position(fits).ok_or_else(|| {
            let said = text
                .or(reference)
                .map_or_else(String::new, |said| format!(" \"{said}\""));
            invalid(format!("\"{}\" has no such choice{said}.", category.title))
        })?;
        let at = u16::try_from(at).unwrap_or(u16::MAX);
        if !chosen.contains(&at) {
            chosen.push(at);
        }
    }
    chosen.sort_unstable();
    Ok(chosen.into_iter().map(Content::Choice).collect())
}
