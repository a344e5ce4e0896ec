//! What is to be true at the end: requests, faults, waits, secrets.

use std::collections::HashSet;
use std::time::Duration;

use pluvo_sandbox::{LogEntry, PlannedFault};
use serde_json::Value;

use crate::check::lacks;
use crate::scenario::{Expect, Mail, On, Range, Request, Waited};

const GRAPHQL: &str = "/graphql/";
const TOKEN: &str = "/oauth/token/";

/// The requests of a kind.
pub fn of(log: &[LogEntry], on: On) -> Vec<&LogEntry> {
    let path = if on == On::Token { TOKEN } else { GRAPHQL };
    log.iter().filter(|entry| entry.path == path).collect()
}

/// What differs in the requests.
pub fn requests(expected: &Expect, log: &[LogEntry]) -> Vec<String> {
    let (tokens, graphql) = (of(log, On::Token), of(log, On::Graphql));
    let connections: HashSet<_> = log.iter().map(|entry| entry.connection).collect();
    let in_flight = log.iter().map(|entry| entry.in_flight).max().unwrap_or_default();
    let mut wrong = Vec::new();
    let mut number = |what: &str, expected: Option<Range>, seen: usize| {
        if let Some(expected) = expected.filter(|expected| !expected.holds(seen)) {
            wrong.push(format!("{what}: {expected} expected, {seen} seen"));
        }
    };
    number("requests for tokens", expected.tokens, tokens.len());
    number("GraphQL requests", expected.graphql, graphql.len());
    number("connections", expected.connections, connections.len());
    number("in flight", expected.in_flight, in_flight);
    number(
        "requests elsewhere",
        Some(Range::Exactly(0)),
        log.len() - tokens.len() - graphql.len(),
    );
    for request in &expected.requests {
        let all = if request.on == On::Token {
            &tokens
        } else {
            &graphql
        };
        let chosen: Vec<_> = match request.nth {
            None => all.iter().enumerate().collect(),
            Some(nth) => all
                .iter()
                .enumerate()
                .skip(nth.saturating_sub(1))
                .take(1)
                .collect(),
        };
        if chosen.is_empty() {
            wrong.push(format!("there was no request {:?} to look at", request.nth));
        }
        for (at, entry) in chosen {
            wrong.extend(
                one(request, entry)
                    .into_iter()
                    .map(|what| format!("{:?} request {}: {what}", request.on, at + 1)),
            );
        }
    }
    wrong
}

fn one(expected: &Request, seen: &LogEntry) -> Vec<String> {
    let mut wrong = Vec::new();
    if expected.operation.is_some() && expected.operation != seen.operation {
        wrong.push(format!(
            "operation {:?} expected, {:?} seen",
            expected.operation, seen.operation
        ));
    }
    if let Some(version) = expected
        .version
        .as_ref()
        .filter(|version| **version != seen.version)
    {
        wrong.push(format!("{version} expected, {} seen", seen.version));
    }
    let variables = seen
        .variables
        .clone()
        .unwrap_or_else(|| Value::Object(serde_json::Map::new()));
    wrong.extend(lacks(
        &Value::Object(expected.variables.clone()),
        &variables,
        "variables",
    ));
    let sent = expected
        .without
        .iter()
        .filter(|name| !variables[name.as_str()].is_null());
    wrong.extend(sent.map(|name| format!("the variable {name} was sent")));
    let query = seen.query.as_deref().unwrap_or_default();
    let unsaid = expected
        .query_says
        .iter()
        .filter(|text| !query.contains(text.as_str()));
    wrong.extend(unsaid.map(|text| format!("the document lacks {text:?}: {query}")));
    let said = expected
        .query_never
        .iter()
        .filter(|text| query.contains(text.as_str()));
    wrong.extend(said.map(|text| format!("the document has {text:?}: {query}")));
    for (name, expected) in &expected.headers {
        let seen = seen.headers.get(name);
        let right = match expected {
            None => seen.is_none(),
            Some(text) => seen.is_some_and(|seen| seen.contains(text.as_str())),
        };
        if !right {
            wrong.push(format!("header {name}: {expected:?} expected, {seen:?} seen"));
        }
    }
    for (name, expected) in &expected.form {
        let seen = seen.form.as_ref().and_then(|form| form.get(name));
        if expected.as_ref() != seen {
            wrong.push(format!("form field {name}: {expected:?} expected, {seen:?} seen"));
        }
    }
    wrong
}

/// Faults that were not hit although planned, or hit although they were not to be.
pub fn faults(expected: &Expect, planned: &[PlannedFault]) -> Vec<String> {
    let mut wrong = Vec::new();
    for planned in planned {
        let name = planned.fault.name.clone().unwrap_or_default();
        let trap = expected.unhit.contains(&name);
        if trap == (planned.hits > 0) {
            let what = if trap { "was hit" } else { "was not hit" };
            wrong.push(format!("the fault {name} {:?} {what}", planned.fault.effect));
        }
    }
    let known: HashSet<_> = planned
        .iter()
        .filter_map(|planned| planned.fault.name.as_ref())
        .collect();
    wrong.extend(
        expected
            .unhit
            .iter()
            .filter(|name| !known.contains(name))
            .map(|name| format!("there is no fault {name}")),
    );
    wrong
}

/// Mail that was not expected, or did not go out.
pub fn outbox(expected: &Expect, mails: &[pluvo_sandbox::Mail]) -> Option<String> {
    let sent: Vec<Mail> = mails
        .iter()
        .map(|mail| Mail {
            operation: mail.operation.clone(),
            people: mail.to.len(),
        })
        .collect();
    let expected = &expected.outbox;
    (*expected != sent).then(|| format!("mail: {expected:?} expected, {sent:?} seen"))
}

/// What differs in the waits.
pub fn waits(expected: &Waited, waits: &[Duration]) -> Vec<String> {
    let sum: Duration = waits.iter().sum();
    let mut wrong = Vec::new();
    if expected.least.is_some_and(|least| sum < least.length())
        || expected.most.is_some_and(|most| sum > most.length())
    {
        wrong.push(format!("waited {sum:?} in all, {expected:?} expected: {waits:?}"));
    }
    if expected.times.is_some_and(|times| !times.holds(waits.len())) {
        wrong.push(format!(
            "waited {} times, {expected:?} expected: {waits:?}",
            waits.len()
        ));
    }
    wrong
}

/// Secrets that stand in a text.
pub fn leaks(secrets: &[String], text: &str, what: &str) -> Vec<String> {
    let found = secrets
        .iter()
        .filter_map(|secret| Some((secret, text.find(secret.as_str())?)));
    found
        .map(|(secret, at)| {
            let before: Vec<_> = text[..at].chars().rev().take(120).collect();
            let before: String = before.into_iter().rev().collect();
            format!("{secret:?} stands in {what}, after: {before}")
        })
        .collect()
}
