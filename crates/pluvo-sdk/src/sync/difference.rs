//! What is to be done to one person, by what one row says.

use super::Rules;
use super::organization::{Directory, Member};
use super::person::{Person, normalized};
use super::plan::{Action, FieldChange, ProblemKind, Step};
use crate::model::{ExtraCategoryValueInput, Id, Role, UpdateUserInput};
use crate::resources::{ExtraValue, Key, same_value};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What is to be done to a person. Small where nothing is, as it is for most.
#[derive(Debug)]
pub(super) enum Verdict {
    AsItShould,
    Step(Box<Step>),
    Problem(Box<(ProblemKind, String)>),
}

/// What verdicts depend on besides the row and the person.
#[derive(Debug)]
pub(super) struct Judge<'a> {
    pub(super) directory: &'a Directory,
    pub(super) rules: Rules,
    /// The groups that any row names: those that the source has a say in.
    named_groups: BTreeSet<&'a Id>,
}

impl Verdict {
    pub(super) fn problem(kind: ProblemKind, message: impl Into<String>) -> Self {
        Self::Problem(Box::new((kind, message.into())))
    }
}

impl<'a> Judge<'a> {
    pub(super) fn new(directory: &'a Directory, rules: Rules, people: &[Person]) -> Self {
        let names = people.iter().flat_map(|person| &person.groups);
        Self {
            directory,
            rules,
            named_groups: names.filter_map(|name| directory.groups.get(name)).collect(),
        }
    }

    /// What a row makes of the person whom it is about; none where nobody is there.
    pub(super) fn verdict(&self, person: &Person, member: Option<&Member>) -> Verdict {
        match member {
            Some(member) if person.leaving => self.leave(person, member),
            // Somebody who left and was never here.
            None if person.leaving => Verdict::AsItShould,
            member => self.keep(person, member),
        }
    }

    fn leave(&self, person: &Person, member: &Member) -> Verdict {
        if member.archived {
            Verdict::AsItShould
        } else if self.is_protected(member) {
            let text = "is a manager, and managers are not archived unless that is asked for";
            Verdict::problem(ProblemKind::Protected, text)
        } else {
            Verdict::Step(Box::new(archive(member, person.line)))
        }
    }

    pub(super) fn is_protected(&self, member: &Member) -> bool {
        !self.rules.archive_managers && member.roles.contains(&Role::Manager)
    }

    /// Creates somebody, or changes what differs.
    fn keep(&self, person: &Person, member: Option<&Member>) -> Verdict {
        if member.is_none()
            && (person.name.as_deref().is_none_or(str::is_empty) || person.address().is_none())
        {
            let text = "somebody who is not there yet needs a name and an e-mail address";
            return Verdict::problem(ProblemKind::Unusable, text);
        }
        let nobody = Member::default();
        let mut changes = Changes::default();
        let old = member.unwrap_or(&nobody);
        changes.text("ref", old.r#ref.as_deref(), person.key(), |input, value| {
            input.r#ref = Some(value);
        });
        let address = person.address();
        if old.email.as_deref().map(normalized) != address {
            changes.text(
                "email",
                old.email.as_deref(),
                address.as_deref(),
                |input, value| input.email = Some(value),
            );
        }
        changes.text(
            "name",
            old.name.as_deref(),
            person.name.as_deref(),
            |input, value| input.name = Some(value),
        );
        if let Some(language) = person
            .language
            .as_ref()
            .filter(|new| old.language.as_ref() != Some(new))
        {
            changes.note(
                "language",
                old.language.as_ref().map(ToString::to_string),
                Some(language.to_string()),
            );
            changes.input.language = Some(language.clone());
        }
        if let Some(roles) = person
            .roles
            .as_ref()
            .filter(|new| names(new) != names(&old.roles))
        {
            let before = names(&old.roles);
            changes.note(
                "roles",
                (!before.is_empty()).then_some(before),
                Some(names(roles)),
            );
            changes.input.roles = Some(roles.clone());
        }
        let placed = self
            .groups(person, old, &mut changes)
            .and_then(|()| self.values(person, old, &mut changes));
        if let Err(text) = placed {
            return Verdict::problem(ProblemKind::Unusable, text);
        }
        let action = match member {
            None => Action::Create,
            Some(member) if member.archived => {
                changes.note("archived", Some("true".into()), Some("false".into()));
                changes.input.archived = Some(false);
                Action::Reactivate
            }
            Some(_) if changes.list.is_empty() => return Verdict::AsItShould,
            Some(_) => Action::Update,
        };
        Verdict::Step(Box::new(Step {
            action,
            line: person.line,
            id: member.map(|member| member.id.clone()),
            r#ref: person.r#ref.clone().or_else(|| old.r#ref.clone()),
            email: address.map(Cow::into_owned).or_else(|| old.email.clone()),
            name: person.name.clone().or_else(|| old.name.clone()),
            changes: changes.list,
            input: changes.input,
            values: changes.values,
        }))
    }

    fn groups(&self, person: &Person, old: &Member, changes: &mut Changes) -> Result<(), String> {
        let mut wanted = BTreeSet::new();
        let mut joins = Vec::new();
        for name in &person.groups {
            let id = self
                .directory
                .groups
                .get(name)
                .ok_or_else(|| format!("there is no group {name:?}"))?;
            wanted.insert(id);
            if !old.groups.contains(id) && !joins.contains(id) {
                changes.note("group", None, Some(name.clone()));
                joins.push(id.clone());
            }
        }
        let goes =
            |id: &&Id| self.rules.leave_groups && self.named_groups.contains(id) && !wanted.contains(id);
        let leaves: Vec<Id> = old.groups.iter().filter(goes).cloned().collect();
        for id in &leaves {
            changes.note("group", Some(id.to_string()), None);
        }
        changes.input.add_participant_groups = (!joins.is_empty()).then_some(joins);
        changes.input.remove_participant_groups = (!leaves.is_empty()).then_some(leaves);
        Ok(())
    }

    fn values(&self, person: &Person, old: &Member, changes: &mut Changes) -> Result<(), String> {
        for (name, new) in &person.values {
            let category = self
                .directory
                .categories
                .get(name)
                .ok_or_else(|| format!("there is no category {name:?}"))?;
            let before = old.values.get(&category.id);
            let kind = category.kind.as_ref();
            if before.is_some_and(|before| same_value(kind, before, new)) {
                continue;
            }
            let value = ExtraValue::from(new.as_str()).input(Key::Id(category.id.clone()), kind);
            changes
                .values
                .push(value.map_err(|error| format!("{name}: {}", error.message()))?);
            changes.note(name, before.cloned(), Some(new.clone()));
        }
        Ok(())
    }
}

/// What differs of one person.
#[derive(Default)]
struct Changes {
    list: Vec<FieldChange>,
    input: UpdateUserInput,
    values: Vec<ExtraCategoryValueInput>,
}

impl Changes {
    fn note(&mut self, field: &str, from: Option<String>, to: Option<String>) {
        self.list.push(FieldChange {
            field: field.to_owned(),
            from,
            to,
        });
    }

    /// A text that is not given, or is empty, is left as it is.
    fn text(
        &mut self,
        field: &str,
        old: Option<&str>,
        new: Option<&str>,
        set: impl FnOnce(&mut UpdateUserInput, String),
    ) {
        let Some(new) = new.filter(|new| !new.is_empty() && Some(*new) != old) else {
            return;
        };
        self.note(field, old.map(str::to_owned), Some(new.to_owned()));
        set(&mut self.input, new.to_owned());
    }
}

pub(super) fn archive(member: &Member, line: Option<u64>) -> Step {
    Step {
        action: Action::Archive,
        line,
        id: Some(member.id.clone()),
        r#ref: member.r#ref.clone(),
        email: member.email.clone(),
        name: member.name.clone(),
        changes: vec![FieldChange {
            field: "archived".into(),
            from: Some("false".into()),
            to: Some("true".into()),
        }],
        input: UpdateUserInput {
            archived: Some(true),
            ..UpdateUserInput::default()
        },
        values: Vec::new(),
    }
}

fn names(roles: &[Role]) -> String {
    let names: BTreeSet<&str> = roles.iter().map(Role::as_str).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}
