//! Takes personal data out of text that ends up in error messages.

/// Replaces e-mail addresses, and keeps the rest.
pub(crate) fn emails(text: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || "@._%+-".contains(c);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let (before, word_on) = rest.split_at(start);
        let (word, after) = word_on.split_at(word_on.find(|c| !is_part(c)).unwrap_or(word_on.len()));
        out.push_str(before);
        out.push_str(if word.contains('@') { "[e-mail]" } else { word });
        rest = after;
    }
    out + rest
}

/// The texts among the variables and the literals of a request's body, longest first. Those of one or two letters tell nothing of
/// anybody, and would be found in any message.
pub(crate) fn variables(body: &[u8]) -> Vec<String> {
    #[derive(serde::Deserialize)]
    struct Sent {
        #[serde(default)]
        query: String,
        #[serde(default)]
        variables: serde_json::Value,
    }
    fn collect(value: serde_json::Value, texts: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text) if text.chars().count() > 2 => texts.push(text),
            serde_json::Value::Array(items) => items.into_iter().for_each(|item| collect(item, texts)),
            serde_json::Value::Object(fields) => {
                fields.into_iter().for_each(|(_, field)| collect(field, texts));
            }
            _ => {}
        }
    }
    let mut texts = Vec::new();
    if let Ok(sent) = serde_json::from_slice::<Sent>(body) {
        collect(sent.variables, &mut texts);
        for literal in literals(&sent.query) {
            collect(literal, &mut texts);
        }
    }
    texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
    texts
}

/// The string literals of a document. GraphQL escapes as JSON does.
fn literals(document: &str) -> impl Iterator<Item = serde_json::Value> {
    let mut rest = document;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once('"')?;
        let mut escaped = false;
        let end = after.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        })?;
        let (text, after) = after.split_at(end);
        rest = &after[1..];
        let text = serde_json::from_str(&format!("\"{text}\""));
        Some(text.unwrap_or_default())
    })
}

/// Takes texts out of a server's words: it may repeat what was sent.
pub(crate) fn without(text: &str, texts: &[String]) -> String {
    texts
        .iter()
        .fold(text.to_owned(), |words, text| words.replace(text.as_str(), "…"))
}

/// Replaces what stands in quotes or backticks: the values that a JSON decoder repeats in its complaints.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // The quote that is open, and whether what stands in it is the schema's word and not the data's.
    let mut open: Option<(char, bool)> = None;
    for c in text.chars() {
        match open {
            None => {
                if c == '"' || c == '`' {
                    open = Some((c, c == '`' && out.ends_with("field ")));
                }
                out.push(c);
            }
            Some((quote, keep)) if c == quote => {
                if !keep {
                    out.push('…');
                }
                out.push(c);
                open = None;
            }
            Some((_, keep)) => out.extend(keep.then_some(c)),
        }
    }
    out
}

/// The beginning of a body that is not what it should be, on one line, without markup and e-mail addresses.
pub(crate) fn excerpt(body: &[u8]) -> String {
    const LIMIT: usize = 120;
    let head = String::from_utf8_lossy(&body[..body.len().min(4096)]);
    let mut text = String::new();
    let mut in_tag = false;
    for c in head.chars() {
        match c {
            '<' => in_tag = true,
            '>' => {
                in_tag = false;
                text.push(' ');
            }
            _ if in_tag => {}
            c => text.push(c),
        }
    }
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = emails(&words);
    match words.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_go_and_words_stay() {
        assert_eq!(
            emails("user jan@acme.nl exists, no?"),
            "user [e-mail] exists, no?"
        );
        assert_eq!(emails("«é@x» ok"), "«[e-mail]» ok");
        assert_eq!(emails(""), "");
    }

    #[test]
    fn values_in_quotes_go() {
        assert_eq!(
            quoted(r#"invalid type: string "Jan", expected u64"#),
            r#"invalid type: string "…", expected u64"#
        );
        assert_eq!(quoted("integer `5` and \"open"), "integer `…` and \"");
        assert_eq!(
            quoted("missing field `pageInfo`, \"x\""),
            "missing field `pageInfo`, \"…\""
        );
    }

    #[test]
    fn variables_are_found_and_taken_out() {
        let body = br#"{"query":"q","variables":{"ref":"EMP-1","in":["EMP-12",{"x":"no"}],"first":50}}"#;
        let found = variables(body);
        assert_eq!(found, ["EMP-12", "EMP-1"]);
        assert_eq!(
            without("no user \"EMP-12\" nor EMP-1", &found),
            "no user \"…\" nor …"
        );
        assert_eq!(variables(b"nonsense"), [""; 0]);
    }

    #[test]
    fn literals_are_found_as_variables_are() {
        let document = r#"mutation{a(name:"Anne \"A\"",path:"C:\\",note:"",roles:[MANAGER]){id}}"#;
        let body = serde_json::json!({"query": document, "variables": {"ref": "EMP-1"}}).to_string();
        assert_eq!(variables(body.as_bytes()), [r#"Anne "A""#, "EMP-1", r"C:\"]);
        assert_eq!(literals(r#"{a(b:"never closed)}"#).count(), 0);
    }

    #[test]
    fn markup_is_left_out_of_an_excerpt() {
        assert_eq!(
            excerpt(b"<html><title>Log  in</title>\n<p>mail a@b.c"),
            "Log in mail [e-mail]"
        );
        assert!(excerpt("é".repeat(5000).as_bytes()).chars().count() <= 121);
    }
}
