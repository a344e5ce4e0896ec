//! Names and documentation, for the emitters of every language.

use std::collections::BTreeMap;

use heck::{ToLowerCamelCase as _, ToShoutySnakeCase as _, ToSnakeCase as _, ToUpperCamelCase as _};

use super::ir::{Call, Origin, Part, Standing};

/// `lastLoginGt` as `last_login_gt`.
pub(crate) fn snake(name: &str) -> String {
    name.to_snake_case()
}

/// `add_users` as `addUsers`.
pub(crate) fn camel(name: &str) -> String {
    name.to_lower_camel_case()
}

/// `offer_events` as `OfferEvents`.
pub(crate) fn pascal(name: &str) -> String {
    name.to_upper_camel_case()
}

/// `webinarOnly` as `WEBINAR_ONLY`.
pub(crate) fn shouty(name: &str) -> String {
    name.to_shouty_snake_case()
}

/// A call's name in languages that write methods in camel case: `offerEvents.get`.
pub(crate) fn camel_call(name: &str) -> String {
    name.split('.').map(camel).collect::<Vec<_>>().join(".")
}

/// A name as it is, or as the language escapes it where it is one of its words.
pub(crate) fn escaped(name: String, keywords: &[&str], escape: impl Fn(&str) -> String) -> String {
    if keywords.contains(&name.as_str()) {
        escape(&name)
    } else {
        name
    }
}

/// Text broken into lines of at most so many characters, unless one word is longer. Paragraphs stay apart.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line += word;
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Documentation in which each call, `[users.list]`, stands as the language refers to it.
pub(crate) fn refer(docs: &str, spell: impl Fn(&str) -> String) -> String {
    let mut text = String::new();
    let mut rest = docs;
    while let Some((before, after)) = rest.split_once('[') {
        text += before;
        match after.split_once(']') {
            Some((name, after)) if is_call(name) => {
                text += &spell(name);
                rest = after;
            }
            _ => {
                text.push('[');
                rest = after;
            }
        }
    }
    text + rest
}

fn is_call(name: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    name.split_once('.')
        .is_some_and(|(resource, method)| is_word(resource) && is_word(method))
}

/// What a call does, and in a second paragraph what it needs and how well it is known.
pub(crate) fn call_docs(call: &Call, spell: impl Fn(&str) -> String) -> String {
    let docs = refer(&call.docs, spell);
    if call.notes.is_empty() {
        docs
    } else {
        format!("{docs}\n\n{}", call.notes)
    }
}

/// What a definition is, and on a line of its own how well that is known where there is something to say.
pub(crate) fn described(docs: &str, origin: &Origin) -> String {
    let about = about(origin);
    if about.is_empty() {
        docs.to_owned()
    } else {
        format!("{docs}\n\n{about}")
    }
}

/// Where a definition comes from, in a sentence or two. A definition that is known as its parent is says nothing.
pub(crate) fn about(origin: &Origin) -> String {
    let mut sentences = Vec::new();
    if !origin.inherited {
        let pages = origin
            .pages
            .iter()
            .map(|page| format!("`{page}`"))
            .collect::<Vec<_>>()
            .join(", ");
        sentences.push(match origin.standing {
            Standing::Defined => format!("Documented on: {pages}."),
            Standing::Used => format!("Used but not defined on: {pages}."),
            Standing::Old => format!("Only on an older page: {pages}."),
            Standing::Inferred => "Inferred: nothing documents it.".to_owned(),
        });
    }
    if origin.standing != Standing::Inferred {
        let guessed = origin.guessed.iter().map(|part| match part {
            Part::Name => "Its name in the schema is inferred.",
            Part::Kind => "Its kind of type is inferred.",
            Part::Type => "Its type is inferred.",
            Part::Nullability => "Whether it can be null is inferred.",
        });
        sentences.extend(guessed.map(str::to_owned));
    }
    sentences.extend(origin.note.clone());
    sentences.join(" ")
}

/// Groups things by resource, sorted by its name.
pub(crate) fn by_resource<'a, T>(items: &'a [T], resource: impl Fn(&T) -> &str) -> Vec<(String, Vec<&'a T>)> {
    let mut groups: BTreeMap<String, Vec<&'a T>> = BTreeMap::new();
    for item in items {
        groups.entry(resource(item).to_owned()).or_default().push(item);
    }
    groups.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_as_languages_spell_them() {
        assert_eq!(snake("lastLoginGt"), "last_login_gt");
        assert_eq!(camel_call("offer_events.get"), "offerEvents.get");
        assert_eq!(camel_call("query"), "query");
        assert_eq!(pascal("offer_events"), "OfferEvents");
        assert_eq!(shouty("appliedStep"), "APPLIED_STEP");
        let backticks = |name: &str| format!("`{name}`");
        assert_eq!(escaped("in".to_owned(), &["in", "is"], backticks), "`in`");
        assert_eq!(escaped("inner".to_owned(), &["in", "is"], backticks), "inner");
    }

    #[test]
    fn calls_in_documentation_are_spelled_and_other_brackets_stay() {
        let docs = "Prefer [users.set_archived]. A list [of things], [users.list";
        assert_eq!(
            refer(docs, |name| format!("`{}`", camel_call(name))),
            "Prefer `users.setArchived`. A list [of things], [users.list"
        );
    }

    #[test]
    fn lines_are_broken_between_words_and_paragraphs_stay_apart() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(
            wrap("one\n\nunbreakable two", 5),
            ["one", "", "unbreakable", "two"]
        );
    }
}
