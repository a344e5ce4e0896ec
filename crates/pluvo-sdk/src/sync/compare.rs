//! Comparing rows with what is there. Pure: reads nothing, writes nothing.

use super::Rules;
use super::organization::{Member, Organization};
use super::person::{Person, is_address, normalized};
use super::plan::{Action, FieldChange, Plan, Problem, ProblemKind, Step, Summary};
use crate::client::Client;
use crate::model::{ExtraCategoryValueInput, Id, Role, UpdateUserInput};
use crate::resources::{ExtraValue, Key, same_value};
use std::collections::{BTreeSet, HashMap, HashSet};

pub(super) fn compare(
    client: Client,
    organization: &Organization,
    people: Vec<Person>,
    rules: Rules,
) -> Plan {
    let mut draft = Draft {
        organization,
        rules,
        named_groups: named_groups(organization, &people),
        spoken_of: HashSet::new(),
        steps: Vec::new(),
        problems: Vec::new(),
        unchanged: 0,
    };
    let rows = people.len();
    for row in draft.unambiguous(people) {
        draft.row(&row);
    }
    if rules.archive_missing {
        draft.missing();
    }
    let count = |action| draft.steps.iter().filter(|step| step.action == action).count();
    let summary = Summary {
        rows,
        active: organization
            .people
            .iter()
            .filter(|member| !member.archived)
            .count(),
        create: count(Action::Create),
        update: count(Action::Update),
        reactivate: count(Action::Reactivate),
        archive: count(Action::Archive),
        unchanged: draft.unchanged,
        problems: draft.problems.len(),
    };
    Plan {
        client,
        steps: draft.steps,
        problems: draft.problems,
        summary,
    }
}

struct Draft<'a> {
    organization: &'a Organization,
    rules: Rules,
    /// The groups that any row names: those that the source has a say in.
    named_groups: BTreeSet<Id>,
    /// Places of people of whom a row speaks, usable or not. They are not missing.
    spoken_of: HashSet<usize>,
    steps: Vec<Step>,
    problems: Vec<Problem>,
    unchanged: usize,
}

fn named_groups(organization: &Organization, people: &[Person]) -> BTreeSet<Id> {
    let names = people.iter().flat_map(|person| &person.groups);
    names
        .filter_map(|name| organization.groups.get(name))
        .cloned()
        .collect()
}

impl<'a> Draft<'a> {
    /// Drops copies of rows, and rows that say different things of one person.
    fn unambiguous(&mut self, people: Vec<Person>) -> Vec<Person> {
        let mut first: HashMap<String, usize> = HashMap::new();
        // Rows that clash, each with one that it clashes with.
        let mut clashing: HashMap<usize, usize> = HashMap::new();
        let mut copies: HashSet<usize> = HashSet::new();
        // A row with a fault is told for its fault; the others that speak of its person are not to be trusted.
        for (place, person) in people.iter().enumerate() {
            let keys = [
                person.key().map(|key| format!("ref {key}")),
                person.address().map(|email| format!("email {email}")),
            ];
            for key in keys.into_iter().flatten() {
                let before = *first.entry(key).or_insert(place);
                if before == place {
                    continue;
                }
                if same(&people[before], person) {
                    copies.insert(place);
                } else {
                    clashing.entry(before).or_insert(place);
                    clashing.entry(place).or_insert(before);
                }
            }
        }
        let lines: Vec<Option<u64>> = people.iter().map(|person| person.line).collect();
        let mut kept = Vec::with_capacity(people.len());
        for (place, person) in people.into_iter().enumerate() {
            if let Some(other) = clashing.get(&place).filter(|_| person.fault.is_none()) {
                self.speak_of(&person);
                let line = lines.get(*other).copied().flatten();
                let where_ = line.map(|line| format!(", line {line}")).unwrap_or_default();
                let text =
                    format!("another row has the same ref or e-mail address and says something else{where_}");
                self.problem(&person, ProblemKind::Ambiguous, text);
            } else if copies.contains(&place) {
                self.problem(
                    &person,
                    ProblemKind::Duplicate,
                    "the row is a copy of an earlier one".to_owned(),
                );
            } else {
                kept.push(person);
            }
        }
        kept
    }

    /// Whoever a row may be about is not missing, even if the row cannot be used.
    fn speak_of(&mut self, person: &Person) {
        let by_ref = person.key().and_then(|key| self.organization.by_ref.get(key));
        let by_email = person
            .address()
            .and_then(|email| self.organization.by_email.get(&email).copied());
        self.spoken_of.extend(by_ref.copied().into_iter().chain(by_email));
    }

    fn row(&mut self, person: &Person) {
        self.speak_of(person);
        if let Some(fault) = &person.fault {
            return self.problem(person, ProblemKind::Unusable, fault.clone());
        }
        match self.find(person) {
            Err((kind, text)) => self.problem(person, kind, text),
            Ok(Some(member)) if person.leaving => self.leave(person, member),
            // Somebody who left and was never here.
            Ok(None) if person.leaving => self.unchanged += 1,
            Ok(member) => self.keep(person, member),
        }
    }

    /// By ref, then by address.
    fn find(&self, person: &Person) -> Result<Option<&'a Member>, (ProblemKind, String)> {
        let organization = self.organization;
        let at = |place: &usize| &organization.people[*place];
        if let Some(email) = person.address().filter(|email| !is_address(email)) {
            return Err((
                ProblemKind::Unusable,
                format!("{email:?} is not an e-mail address"),
            ));
        }
        let by_ref = person
            .key()
            .and_then(|key| self.organization.by_ref.get(key))
            .map(at);
        let by_email = person
            .address()
            .and_then(|email| self.organization.by_email.get(&email))
            .map(at);
        match (by_ref, by_email) {
            (Some(one), Some(other)) if one.id != other.id => {
                let other = other.r#ref.as_deref().unwrap_or("no ref");
                Err((
                    ProblemKind::Taken,
                    format!("the e-mail address belongs to somebody else ({other})"),
                ))
            }
            (None, Some(found)) => match (&found.r#ref, person.key()) {
                (Some(theirs), Some(_)) => Err((
                    ProblemKind::Taken,
                    format!("the e-mail address belongs to somebody with the ref {theirs}"),
                )),
                _ => Ok(Some(found)),
            },
            (Some(found), _) => Ok(Some(found)),
            (None, None) if person.key().is_none() && person.address().is_none() => Err((
                ProblemKind::Unusable,
                "it has neither a ref nor an e-mail address".to_owned(),
            )),
            (None, None) => Ok(None),
        }
    }

    fn leave(&mut self, person: &Person, member: &Member) {
        if member.archived {
            self.unchanged += 1;
        } else if self.is_protected(member) {
            let text = "is a manager, and managers are not archived unless that is asked for".to_owned();
            self.problem(person, ProblemKind::Protected, text);
        } else {
            self.steps.push(archive(member, person.line));
        }
    }

    fn missing(&mut self) {
        for (place, member) in self.organization.people.iter().enumerate() {
            if member.archived || member.r#ref.is_none() || self.spoken_of.contains(&place) {
                continue;
            }
            if self.is_protected(member) {
                self.problems.push(Problem {
                    line: None,
                    who: member.r#ref.clone().unwrap_or_default(),
                    kind: ProblemKind::Protected,
                    message: "is in no row, but is a manager".to_owned(),
                });
            } else {
                self.steps.push(archive(member, None));
            }
        }
    }

    fn is_protected(&self, member: &Member) -> bool {
        !self.rules.archive_managers && member.roles.contains(&Role::Manager)
    }

    /// Creates somebody, or changes what differs.
    fn keep(&mut self, person: &Person, member: Option<&Member>) {
        if member.is_none()
            && (person.name.as_deref().is_none_or(str::is_empty) || person.address().is_none())
        {
            let text = "somebody who is not there yet needs a name and an e-mail address".to_owned();
            return self.problem(person, ProblemKind::Unusable, text);
        }
        let nobody = Member::default();
        let mut changes = Changes::default();
        let old = member.unwrap_or(&nobody);
        changes.text("ref", old.r#ref.as_deref(), person.key(), |input, value| {
            input.r#ref = Some(value);
        });
        if old.email.as_deref().map(normalized) != person.address() {
            let address = person.address();
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
            return self.problem(person, ProblemKind::Unusable, text);
        }
        let action = match member {
            None => Action::Create,
            Some(member) if member.archived => {
                changes.note("archived", Some("true".into()), Some("false".into()));
                changes.input.archived = Some(false);
                Action::Reactivate
            }
            Some(_) if changes.list.is_empty() => {
                self.unchanged += 1;
                return;
            }
            Some(_) => Action::Update,
        };
        self.steps.push(Step {
            action,
            line: person.line,
            id: member.map(|member| member.id.clone()),
            r#ref: person.r#ref.clone().or_else(|| old.r#ref.clone()),
            email: person.address().or_else(|| old.email.clone()),
            name: person.name.clone().or_else(|| old.name.clone()),
            changes: changes.list,
            input: changes.input,
            values: changes.values,
        });
    }

    fn groups(&self, person: &Person, old: &Member, changes: &mut Changes) -> Result<(), String> {
        let mut wanted = BTreeSet::new();
        let mut joins = Vec::new();
        for name in &person.groups {
            let id = self
                .organization
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
            |id: &&Id| self.rules.leave_groups && self.named_groups.contains(*id) && !wanted.contains(id);
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
                .organization
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

    fn problem(&mut self, person: &Person, kind: ProblemKind, message: String) {
        let who = person
            .key()
            .map(str::to_owned)
            .or_else(|| person.address())
            .or_else(|| person.name.clone());
        self.problems.push(Problem {
            line: person.line,
            who: who.unwrap_or_default(),
            kind,
            message,
        });
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

fn archive(member: &Member, line: Option<u64>) -> Step {
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

/// Two rows that differ in nothing but where they stand.
fn same(one: &Person, other: &Person) -> bool {
    Person {
        line: None,
        ..one.clone()
    } == Person {
        line: None,
        ..other.clone()
    }
}

fn names(roles: &[Role]) -> String {
    let names: BTreeSet<&str> = roles.iter().map(Role::as_str).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
