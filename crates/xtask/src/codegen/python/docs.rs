//! Documentation in Python.

use crate::codegen::words::{refer, wrap};

/// The longest line.
const WIDTH: usize = 120;

/// A docstring, so many levels deep. Calls in it, `[users.list]`, stand as they are called.
pub(super) fn docstring(depth: usize, docs: &str) -> String {
    let indent = "    ".repeat(depth);
    let docs = spelled(docs);
    let lines = lines(&docs, WIDTH - indent.len());
    if let [line] = lines.as_slice()
        && indent.len() + line.chars().count() + 6 <= WIDTH
    {
        return format!("{indent}\"\"\"{line}\"\"\"\n");
    }
    let mut text = format!("{indent}\"\"\"");
    for (number, line) in lines.iter().enumerate() {
        let line = match (number, line.as_str()) {
            (0, line) => line.to_owned(),
            (_, "") => String::new(),
            (_, line) => format!("{indent}{line}"),
        };
        text += &line;
        text.push('\n');
    }
    text + &format!("{indent}\"\"\"\n")
}

/// Lines of at most this width. Those that begin with a blank are laid out already and stay as they are.
fn lines(docs: &str, width: usize) -> Vec<String> {
    docs.lines()
        .enumerate()
        .flat_map(|(number, line)| {
            if line.starts_with(' ') || line.is_empty() {
                vec![line.to_owned()]
            } else {
                // The first line shares its place with the quotes.
                wrap(line, if number == 0 { width - 6 } else { width })
            }
        })
        .collect()
}

/// A part of a docstring: a heading and things under it, each with its meaning.
pub(super) fn section(heading: &str, depth: usize, things: &[(String, String)]) -> String {
    if things.is_empty() {
        return String::new();
    }
    let mut text = format!("\n\n{heading}:");
    for (name, docs) in things {
        let docs = spelled(docs).replace("\n\n", " ");
        let lines = wrap(&format!("{name}: {docs}"), WIDTH - depth * 4 - 8);
        for (number, line) in lines.iter().enumerate() {
            text += &format!("\n{}{line}", " ".repeat(if number == 0 { 4 } else { 8 }));
        }
    }
    text
}

fn spelled(docs: &str) -> String {
    refer(docs, |name| format!("`{name}`"))
        .replace('\\', "\\\\")
        .replace('×', "x")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_documentation_is_broken_and_short_is_not() {
        assert_eq!(docstring(1, "Short."), "    \"\"\"Short.\"\"\"\n");
        let long = docstring(2, &format!("{}\n\nMore of it.", "word ".repeat(40).trim_end()));
        assert!(long.lines().all(|line| line.len() <= WIDTH), "{long}");
        assert!(
            long.ends_with("\n\n        More of it.\n        \"\"\"\n"),
            "{long}"
        );
        assert_eq!(
            docstring(0, "See [users.list]."),
            "\"\"\"See `users.list`.\"\"\"\n"
        );
    }

    #[test]
    fn a_section_hangs_its_lines() {
        let things = [("a".to_owned(), "word ".repeat(30).trim_end().to_owned())];
        let text = section("Args", 2, &things);
        assert!(text.starts_with("\n\nArgs:\n    a: word"), "{text}");
        assert!(text.contains("\n        word"), "{text}");
        assert_eq!(section("Args", 2, &[]), "");
    }
}
