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
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; --line: #8885; --soft: #8882; }
body { max-width: 78rem; margin: 2rem auto; padding: 0 1rem; }
h1 { margin: 0; font-size: 1.7rem; }
h2 { margin: 2rem 0 .25rem; font-size: 1.2rem; scroll-margin-top: .5rem; }
h2 span { font-weight: 400; opacity: .7; }
h3 { margin: 1rem 0 0; font-size: 1rem; }
.stop { border-left: .35rem solid #d33; background: #d332; padding: .6rem 1rem; }
.figures { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1rem 0; padding: 0; list-style: none; }
.figures a { display: block; border: 1px solid var(--line); border-top: .3rem solid var(--tone, #8888);
  border-radius: .4rem; padding: .4rem 1rem; min-width: 7rem; color: inherit; text-decoration: none; }
.figures a[href]:hover { background: var(--soft); }
.figures b { display: block; font-size: 1.6rem; font-weight: 500; font-variant-numeric: tabular-nums; }
.rules { margin: 0; padding-left: 1.2rem; }
table { border-collapse: collapse; width: 100%; margin: .25rem 0 1rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
th { position: sticky; top: 0; background: Canvas; font-size: .85rem; }
tr { break-inside: avoid; }
td { overflow-wrap: break-word; }
td:first-child { width: 3.5rem; font-variant-numeric: tabular-nums; opacity: .75; }
td:nth-child(2) { width: 7rem; }
td:nth-child(3) { width: 15rem; }
.steps td:nth-child(4) { width: 22rem; }
del { opacity: .7; }
ins { text-decoration: none; font-weight: 600; }
ul.changes { margin: 0; padding: 0; list-style: none; }
@media print { body { margin: 0; max-width: none; font-size: 11px; } th { position: static; } }
</style>
</head>
<body>
";

/// A kind of step: its name in the plan, under what heading, in which colour, and whether there is more to tell than that.
struct Part {
    action: &'static str,
    title: &'static str,
    tone: &'static str,
    has_changes: bool,
}

/// What takes something away comes first.
const PARTS: [Part; 4] = [
    Part {
        action: "archive",
        title: "To archive",
        tone: "#d33",
        has_changes: false,
    },
    Part {
        action: "reactivate",
        title: "To re-activate",
        tone: "#c80",
        has_changes: true,
    },
    Part {
        action: "create",
        title: "To create",
        tone: "#2a5",
        has_changes: true,
    },
    Part {
        action: "update",
        title: "To change",
        tone: "#27c",
        has_changes: true,
    },
];

/// The kinds of problems, and what they come down to.
const PROBLEMS: [(&str, &str); 6] = [
    ("ambiguous", "Rows that contradict each other"),
    ("taken", "Addresses that belong to somebody else"),
    ("unusable", "Rows that cannot be used"),
    ("protected", "Managers, who are not archived"),
    ("duplicate", "Copies of other rows"),
    ("other", "Others"),
];

/// What the plan was made under, beside its rows.
pub(super) struct Terms {
    /// Sentences.
    pub(super) rules: Vec<String>,
    /// Why it would not be applied.
    pub(super) objection: Option<String>,
}

pub(super) fn page(report: &Report, terms: &Terms) -> String {
    let mut page = HEAD.to_owned();
    // Writing to a text cannot fail.
    let _ = body(&mut page, report, terms);
    page
}

fn body(page: &mut String, report: &Report, terms: &Terms) -> fmt::Result {
    let figures = &report.summary;
    writeln!(
        page,
        "<h1>What the sync would do</h1>\n<p>{}: {} rows, held against {} active people on {}. Nothing has been written.</p>",
        Escaped(&report.source),
        figures.rows,
        figures.active,
        Escaped(&report.today)
    )?;
    if let Some(objection) = &terms.objection {
        writeln!(
            page,
            "<p class=\"stop\"><strong>As it is, it would not be applied:</strong> {}.</p>",
            Escaped(objection)
        )?;
    }
    tiles(page, report)?;
    writeln!(page, "<ul class=\"rules\">")?;
    for rule in &terms.rules {
        writeln!(page, "<li>{}</li>", Escaped(rule))?;
    }
    writeln!(page, "</ul>")?;
    problems(page, report)?;
    for part in &PARTS {
        let steps: Vec<&Step> = report
            .steps
            .iter()
            .filter(|step| step.action == part.action)
            .collect();
        if steps.is_empty() {
            continue;
        }
        heading(page, part.action, part.title, steps.len())?;
        let changes = if part.has_changes { "<th>Changes</th>" } else { "" };
        writeln!(
            page,
            "<table class=\"steps\">\n<thead><tr><th>Line</th><th>Ref</th><th>Name</th><th>E-mail</th>{changes}</tr></thead>"
        )?;
        for step in steps {
            row(page, step, part.has_changes)?;
        }
        writeln!(page, "</table>")?;
    }
    writeln!(page, "</body>\n</html>")
}

/// The figures, each of which leads to what it counts.
fn tiles(page: &mut String, report: &Report) -> fmt::Result {
    const PLAIN: &str = "#8888";
    let figures = &report.summary;
    let counts = [
        figures.archive,
        figures.reactivate,
        figures.create,
        figures.update,
    ];
    let steps = PARTS.iter().zip(counts);
    let mut tiles: Vec<_> = steps
        .map(|(part, count)| (part.title, part.tone, count, Some(part.action)))
        .collect();
    tiles.push(("As they should be", PLAIN, figures.unchanged, None));
    tiles.push(("Left alone", PLAIN, figures.problems, Some("problems")));
    writeln!(page, "<ul class=\"figures\">")?;
    for (name, tone, count, place) in tiles {
        let place = place.filter(|_| count > 0);
        let href = place
            .map(|place| format!(" href=\"#{place}\""))
            .unwrap_or_default();
        writeln!(
            page,
            "<li><a style=\"--tone: {tone}\"{href}>{name}<b>{count}</b></a></li>"
        )?;
    }
    writeln!(page, "</ul>")
}

fn heading(page: &mut String, place: &str, title: &str, count: usize) -> fmt::Result {
    writeln!(page, "<h2 id=\"{place}\">{title} <span>({count})</span></h2>")
}

fn problems(page: &mut String, report: &Report) -> fmt::Result {
    if report.problems.is_empty() {
        return Ok(());
    }
    heading(page, "problems", "Left alone", report.problems.len())?;
    for (kind, title) in PROBLEMS {
        let mut problems = report
            .problems
            .iter()
            .filter(|problem| problem.kind == kind)
            .peekable();
        if problems.peek().is_none() {
            continue;
        }
        writeln!(
            page,
            "<h3>{title}</h3>\n<table>\n<thead><tr><th>Line</th><th>Who</th><th>Name</th><th>Why</th></tr></thead>"
        )?;
        for problem in problems {
            writeln!(
                page,
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                line(problem.line),
                Escaped(&problem.who),
                Escaped(problem.name.as_deref().unwrap_or_default()),
                Escaped(&problem.message)
            )?;
        }
        writeln!(page, "</table>")?;
    }
    Ok(())
}

fn row(page: &mut String, step: &Step, has_changes: bool) -> fmt::Result {
    let text = |text: &Option<String>| Escaped(text.as_deref().unwrap_or_default()).to_string();
    write!(
        page,
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td>",
        line(step.line),
        text(&step.r#ref),
        text(&step.name),
        text(&step.email)
    )?;
    if has_changes {
        write!(page, "<td><ul class=\"changes\">")?;
        // What stands in the row already, and what the heading says, is not said again.
        let own = |change: &&Change| {
            let is_told = change.from.is_none() && matches!(change.field.as_str(), "ref" | "name" | "email");
            !is_told && change.field != "archived"
        };
        for Change { field, from, to } in step.changes.iter().filter(own) {
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
        write!(page, "</ul></td>")?;
    }
    writeln!(page, "</tr>")
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
