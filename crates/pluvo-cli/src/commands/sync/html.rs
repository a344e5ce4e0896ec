//! A plan as a page for whoever decides. It needs nothing but itself, and runs nothing.

use super::report::{Change, Report, Step};
use std::fmt::{self, Display, Write};

const HEAD: &str = "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<title>Plan of a sync</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
dl { display: flex; flex-wrap: wrap; gap: .75rem; }
dl div { border: 1px solid #8886; border-radius: .5rem; padding: .5rem 1rem; min-width: 7rem; }
dt { font-size: .85rem; opacity: .75; }
dd { margin: 0; font-size: 1.6rem; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #8884; }
td:first-child { font-variant-numeric: tabular-nums; opacity: .75; }
summary { cursor: pointer; font-size: 1.2rem; font-weight: 600; }
del { opacity: .7; }
ins { text-decoration: none; font-weight: 600; }
ul { margin: 0; padding: 0; list-style: none; }
</style>
</head>
<body>
";

/// The steps of each kind, under what heading.
const PARTS: [(&str, &str); 4] = [
    ("archive", "To archive"),
    ("reactivate", "To re-activate"),
    ("create", "To create"),
    ("update", "To change"),
];

pub(super) fn page(report: &Report) -> String {
    let mut page = HEAD.to_owned();
    // Writing to a text cannot fail.
    let _ = body(&mut page, report);
    page
}

fn body(page: &mut String, report: &Report) -> fmt::Result {
    let figures = &report.summary;
    writeln!(
        page,
        "<h1>What the sync would do</h1>\n<p>{}, {} rows, held against {} active people on {}. Nothing has been written.</p>\n<dl>",
        Escaped(&report.source),
        figures.rows,
        figures.active,
        Escaped(&report.today)
    )?;
    for (name, count) in figures.named() {
        writeln!(page, "<div><dt>{name}</dt><dd>{count}</dd></div>")?;
    }
    writeln!(page, "</dl>")?;
    problems(page, report)?;
    for (action, title) in PARTS {
        let steps: Vec<&Step> = report.steps.iter().filter(|step| step.action == action).collect();
        if steps.is_empty() {
            continue;
        }
        writeln!(
            page,
            "<details open><summary>{title} ({})</summary>\n<table>\n<tr><th>Line</th><th>Who</th><th>Name</th><th>E-mail</th><th>Changes</th></tr>",
            steps.len()
        )?;
        for step in steps {
            row(page, step)?;
        }
        writeln!(page, "</table></details>")?;
    }
    writeln!(page, "</body>\n</html>")
}

fn problems(page: &mut String, report: &Report) -> fmt::Result {
    if report.problems.is_empty() {
        return Ok(());
    }
    writeln!(
        page,
        "<details open><summary>Left alone ({})</summary>\n<table>\n<tr><th>Line</th><th>Who</th><th>Kind</th><th>Why</th></tr>",
        report.problems.len()
    )?;
    for problem in &report.problems {
        writeln!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            line(problem.line),
            Escaped(&problem.who),
            problem.kind,
            Escaped(&problem.message)
        )?;
    }
    writeln!(page, "</table></details>")
}

fn row(page: &mut String, step: &Step) -> fmt::Result {
    let text = |text: &Option<String>| Escaped(text.as_deref().unwrap_or_default()).to_string();
    write!(
        page,
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td><ul>",
        line(step.line),
        Escaped(step.who()),
        text(&step.name),
        text(&step.email)
    )?;
    for Change { field, from, to } in &step.changes {
        write!(page, "<li>{}: ", Escaped(field))?;
        if let Some(from) = from {
            write!(page, "<del>{}</del> → ", Escaped(from))?;
        }
        write!(
            page,
            "<ins>{}</ins></li>",
            Escaped(to.as_deref().unwrap_or("nothing"))
        )?;
    }
    writeln!(page, "</ul></td></tr>")
}

fn line(line: Option<u64>) -> String {
    line.map(|line| line.to_string()).unwrap_or_default()
}

/// A text that is nothing but text in HTML.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                c if c.is_control() && !matches!(c, '\n' | '\t') => f.write_char('\u{fffd}')?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Escaped;

    #[test]
    fn nothing_gets_out_of_a_text() {
        assert_eq!(
            Escaped("<script>alert('&\"')</script>\u{0}").to_string(),
            "&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;\u{fffd}"
        );
    }
}
