//! Making and changing extra categories.

use std::borrow::Cow;

use async_graphql::Error;

use super::{Change, Mutation, bulk, free_reference, invalid, not_blank, not_found, payload};
use crate::data::extra::{Category, ChoiceOption};
use crate::data::member::Member;
use crate::resolve::{Got, Input, Node};

pub(super) fn mutation(name: &str) -> Option<Mutation> {
    let mutation: Mutation = match name {
        "createExtraCategory" => create,
        "updateExtraCategory" => update,
        "archiveExtraCategories" => archive,
        _ => return None,
    };
    Some(mutation)
}

/// The kind that an input names, if it names one.
fn kind(input: Input<'_>) -> Option<Member> {
    match (input.str("categoryType"), input.flag("multipleChoices")) {
        (None | Some("SELECT"), Some(true)) => Some(Member("MULTISELECT")),
        (kind, _) => kind.and_then(Member::find),
    }
}

/// The options that an input lists. One that the category has, by ref or by text, keeps its id.
fn options(
    c: &mut Change<'_>,
    input: Input<'_>,
    had: &[ChoiceOption],
) -> Result<Option<Vec<ChoiceOption>>, Error> {
    let Some(inputs) = input.objects("choiceOptions") else {
        return Ok(None);
    };
    let mut options: Vec<ChoiceOption> = Vec::new();
    for input in inputs {
        let (reference, text) = (input.str("ref"), input.str("stringValue").unwrap_or_default());
        not_blank("stringValue", Some(text))?;
        let same = |option: &&ChoiceOption| match reference {
            Some(reference) => option.reference.as_deref() == Some(reference),
            None => option.text == text,
        };
        let known = had.iter().find(same);
        let option = ChoiceOption {
            id: known.map_or_else(|| c.store.new_id(), |option| option.id),
            reference: reference.map(str::to_owned).or_else(|| known?.reference.clone()),
            text: text.to_owned(),
            color: input
                .str("color")
                .map(|color| Cow::Owned(color.to_owned()))
                .or_else(|| known?.color.clone()),
        };
        if options
            .iter()
            .any(|other| other.id == option.id || other.text == option.text)
        {
            return Err(invalid(format!("The choice \"{text}\" is there twice.")));
        }
        options.push(option);
    }
    Ok(Some(options))
}

fn check(c: &Change<'_>, input: Input<'_>, own: Option<u32>) -> Result<(), Error> {
    not_blank("name", input.str("name"))?;
    free_reference(&c.store.categories, input.str("ref"), own)
}

fn apply(category: &mut Category, input: Input<'_>, options: Option<Vec<ChoiceOption>>) {
    if let Some(name) = input.str("name") {
        name.clone_into(&mut category.title);
    }
    if let Some(reference) = input.str("ref") {
        reference.clone_into(&mut category.reference);
    }
    if let Some(color) = input.str("color") {
        category.color = Some(Cow::Owned(color.to_owned()));
    }
    if let Some(models) = input.strs("forModelTypes") {
        category.models = models.into_iter().filter_map(Member::find).collect();
    }
    category.kind = kind(input).unwrap_or(category.kind);
    if let Some(options) = options {
        category.options = options;
    }
}

fn create(c: &mut Change<'_>) -> Result<Got, Error> {
    let input = c.input("extraCategoryInput")?;
    if input.str("name").is_none() {
        return Err(invalid("`name` has to be given."));
    }
    check(c, input, None)?;
    let options = options(c, input, &[])?;
    let mut category = Category {
        id: c.store.new_id(),
        reference: c.store.new_id().to_string(),
        title: String::new(),
        kind: Member("TEXT"),
        models: vec![Member("USER")],
        options: Vec::new(),
        archived_at: None,
        color: None,
    };
    apply(&mut category, input, options);
    let i = c.store.categories.insert(category);
    Ok(payload([("extraCategory", Got::Node(Node::Category(i)))]))
}

fn update(c: &mut Change<'_>) -> Result<Got, Error> {
    let i = c
        .one_of(&c.store.categories)?
        .ok_or_else(|| not_found("extra category"))?;
    let input = c.input("extraCategoryInput")?;
    check(c, input, Some(i))?;
    let (had, old) = (
        c.store.categories.get(i).options.clone(),
        c.store.categories.get(i).kind,
    );
    if kind(input).is_some_and(|new| new != old && (old.0, new.0) != ("SELECT", "MULTISELECT")) {
        return Err(invalid("The kind of a category's values stays as it is."));
    }
    let options = options(c, input, &had)?;
    if let Some(options) = &options {
        let moved = had
            .iter()
            .map(|old| options.iter().position(|new| new.id == old.id));
        c.store.move_choices(i, &moved.collect::<Vec<_>>());
    }
    c.store
        .categories
        .update(i, |category| apply(category, input, options));
    Ok(payload([("extraCategory", Got::Node(Node::Category(i)))]))
}

fn archive(c: &mut Change<'_>) -> Result<Got, Error> {
    let archived = c.flag("archive").unwrap_or(true);
    let wanted = c.uuids("ids").unwrap_or_default();
    let response = bulk(
        c,
        &wanted,
        |store| &store.categories,
        |c, i| {
            let category = c.store.categories.get_mut(i);
            category.archived_at = archived.then(|| category.archived_at.unwrap_or(c.now));
        },
    );
    Ok(payload([("response", response)]))
}
