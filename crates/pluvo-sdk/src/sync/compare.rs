//! Comparing rows with what is there, one person after the other. Pure: reads nothing, writes nothing.
//!
//! The rows are there from the start, the people come by. Of most nothing is kept but that they came: of each whom a row
//! speaks of, the verdict, which is small where nothing is to be done. So memory grows with the rows and with what is
//! to be done, and not with the organisation.

use super::Rules;
use super::difference::{Judge, Verdict, archive};
use super::organization::{Directory, Member};
use super::person::{Person, is_address, normalized};
use super::plan::{Action, Plan, Problem, ProblemKind, Step, Summary};
use crate::client::Client;
use std::borrow::Cow;
use std::collections::HashMap;

/// Rows, and what is known of them from the people who came by so far.
#[derive(Debug)]
pub(super) struct Comparison<'a> {
    judge: Judge<'a>,
    people: &'a [Person],
    /// How each row is to be taken.
    rows: Vec<Row>,
    /// The first row with a ref.
    by_ref: HashMap<&'a str, usize>,
    /// The first row with an address.
    by_email: HashMap<Cow<'a, str>, usize>,
    /// How many people came by.
    met: usize,
    active: usize,
    /// Archivings of people of whom no row speaks.
    missing: Vec<Step>,
    /// Those of them who stay.
    protected: Vec<Problem>,
}

#[derive(Debug)]
enum Row {
    Open(Matches),
    /// Another row, at this place, says something else of the same person.
    Clashing(usize),
    /// An earlier row says the same.
    Copy,
    /// Its source found it wrong.
    Faulty,
}

/// Who came by and has the row's ref or address. Where several have it, the last one counts.
#[derive(Debug, Default)]
struct Matches {
    by_ref: Option<Match>,
    by_email: Option<Match>,
    /// The ref of who has the address.
    email_ref: Option<Box<str>>,
}

#[derive(Debug)]
struct Match {
    /// Tells people apart.
    number: usize,
    verdict: Verdict,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(people: &'a [Person], directory: &'a Directory, rules: Rules) -> Self {
        let mut comparison = Self {
            judge: Judge::new(directory, rules, people),
            people,
            rows: Vec::with_capacity(people.len()),
            by_ref: HashMap::new(),
            by_email: HashMap::new(),
            met: 0,
            active: 0,
            missing: Vec::new(),
            protected: Vec::new(),
        };
        for person in people {
            comparison.add(person);
        }
        comparison
    }

    /// Finds out whether a row is a copy of an earlier one, or says something else of the same person.
    fn add(&mut self, person: &'a Person) {
        let place = self.rows.len();
        let by_ref = person.key().map(|key| *self.by_ref.entry(key).or_insert(place));
        let by_email = person
            .address()
            .map(|email| *self.by_email.entry(email).or_insert(place));
        let (mut copy, mut clash) = (false, None);
        let earlier = [by_ref, by_email].into_iter().flatten();
        for before in earlier.filter(|before| *before != place) {
            if same(&self.people[before], person) {
                copy = true;
                continue;
            }
            clash = clash.or(Some(before));
            // A row with a fault is told for its fault; the others that speak of its person are not to be trusted.
            if matches!(self.rows[before], Row::Open(_)) {
                self.rows[before] = Row::Clashing(place);
            }
        }
        self.rows.push(match clash {
            None if copy => Row::Copy,
            _ if person.fault.is_some() => Row::Faulty,
            Some(before) => Row::Clashing(before),
            None => Row::Open(Matches::default()),
        });
    }

    /// Compares somebody who is there with the rows that speak of them.
    pub(super) fn meet(&mut self, member: &Member) {
        let number = self.met;
        self.met += 1;
        self.active += usize::from(!member.archived);
        let place_of = |key: &str| self.by_ref.get(key).copied();
        let by_ref = member.r#ref.as_deref().and_then(place_of);
        let email = member.email.as_deref().map(normalized);
        let by_email = email.and_then(|email| self.by_email.get(&email).copied());
        // Whoever a row may be about is not missing, even if the row cannot be used.
        if by_ref.is_none() && by_email.is_none() {
            return self.miss(member);
        }
        if let Some(place) = by_ref
            && let Row::Open(matches) = &mut self.rows[place]
        {
            let verdict = self.judge.verdict(&self.people[place], Some(member));
            matches.by_ref = Some(Match { number, verdict });
        }
        if let Some(place) = by_email
            && let Row::Open(matches) = &mut self.rows[place]
        {
            let person = &self.people[place];
            // It is known already, or the address is somebody else's: then nothing of this is done.
            let idle = by_ref == Some(place) || (member.r#ref.is_some() && person.key().is_some());
            let verdict = if idle {
                Verdict::AsItShould
            } else {
                self.judge.verdict(person, Some(member))
            };
            matches.by_email = Some(Match { number, verdict });
            let reference = member.r#ref.as_deref().filter(|_| by_ref != Some(place));
            matches.email_ref = reference.map(Box::from);
        }
    }

    /// Notes somebody of whom no row speaks, as far as that has consequences.
    fn miss(&mut self, member: &Member) {
        let Some(reference) = member.r#ref.as_ref().filter(|_| !member.archived) else {
            return;
        };
        if !self.judge.rules.archive_missing {
            return;
        }
        if self.judge.is_protected(member) {
            self.protected.push(Problem {
                line: None,
                who: reference.clone(),
                kind: ProblemKind::Protected,
                message: "is in no row, but is a manager".to_owned(),
            });
        } else {
            self.missing.push(archive(member, None));
        }
    }

    /// The plan, once everybody came by.
    pub(super) fn finish(mut self, client: Client) -> Plan {
        let rows = std::mem::take(&mut self.rows);
        let (mut steps, mut problems, mut unchanged) = (Vec::new(), Vec::new(), 0);
        let mut verdicts = Vec::new();
        // What is wrong with rows among each other comes before what is wrong with single ones.
        for (person, row) in self.people.iter().zip(rows) {
            match row {
                Row::Open(matches) => verdicts.push((person, self.settle(person, matches))),
                Row::Faulty => {
                    let fault = person.fault.clone().unwrap_or_default();
                    verdicts.push((person, Verdict::problem(ProblemKind::Unusable, fault)));
                }
                Row::Clashing(other) => problems.push(clash(person, &self.people[other])),
                Row::Copy => {
                    let text = "the row is a copy of an earlier one";
                    problems.push(problem(person, ProblemKind::Duplicate, text.to_owned()));
                }
            }
        }
        for (person, verdict) in verdicts {
            match verdict {
                Verdict::AsItShould => unchanged += 1,
                Verdict::Step(step) => steps.push(*step),
                Verdict::Problem(told) => problems.push(problem(person, told.0, told.1)),
            }
        }
        steps.append(&mut self.missing);
        problems.append(&mut self.protected);
        let count = |action| steps.iter().filter(|step| step.action == action).count();
        let summary = Summary {
            rows: self.people.len(),
            active: self.active,
            create: count(Action::Create),
            update: count(Action::Update),
            reactivate: count(Action::Reactivate),
            archive: count(Action::Archive),
            unchanged,
            problems: problems.len(),
        };
        Plan {
            client,
            steps,
            problems,
            summary,
        }
    }

    /// Whom a row is about, by ref and then by address, and what is to be done to them.
    fn settle(&self, person: &Person, matches: Matches) -> Verdict {
        if let Some(email) = person.address().filter(|email| !is_address(email)) {
            let text = format!("{email:?} is not an e-mail address");
            return Verdict::problem(ProblemKind::Unusable, text);
        }
        let holder = matches.email_ref.as_deref();
        match (matches.by_ref, matches.by_email) {
            (Some(one), Some(other)) if one.number != other.number => Verdict::problem(
                ProblemKind::Taken,
                format!(
                    "the e-mail address belongs to somebody else ({})",
                    holder.unwrap_or("no ref")
                ),
            ),
            (Some(found), _) => found.verdict,
            (None, Some(found)) => match holder.filter(|_| person.key().is_some()) {
                Some(theirs) => Verdict::problem(
                    ProblemKind::Taken,
                    format!("the e-mail address belongs to somebody with the ref {theirs}"),
                ),
                None => found.verdict,
            },
            (None, None) if person.key().is_none() && person.address().is_none() => Verdict::problem(
                ProblemKind::Unusable,
                "it has neither a ref nor an e-mail address",
            ),
            (None, None) => self.judge.verdict(person, None),
        }
    }
}

fn clash(person: &Person, other: &Person) -> Problem {
    let line = other
        .line
        .map(|line| format!(", line {line}"))
        .unwrap_or_default();
    let text = format!("another row has the same ref or e-mail address and says something else{line}");
    problem(person, ProblemKind::Ambiguous, text)
}

fn problem(person: &Person, kind: ProblemKind, message: String) -> Problem {
    let who = person
        .key()
        .map(str::to_owned)
        .or_else(|| person.address().map(Cow::into_owned))
        .or_else(|| person.name.clone());
    Problem {
        line: person.line,
        who: who.unwrap_or_default(),
        kind,
        message,
    }
}

/// Two rows that differ in nothing but where they stand.
fn same(one: &Person, other: &Person) -> bool {
    let nowhere = |person: &Person| Person {
        line: None,
        ..person.clone()
    };
    nowhere(one) == nowhere(other)
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
