//! From rows to people, by a mapping.

use super::mapping::{Mapping, Rule};
use super::{Cell, Row};
use jiff::civil::Date;
use pluvo_sdk::model::{Language, Role};
use pluvo_sdk::sync::Person;
use std::collections::{BTreeMap, HashMap};
use toml::Spanned;

/// A row that cannot be used, and why.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Unusable {
    pub(crate) line: u64,
    /// As much as can be told of whom it is about: ref, address and name, no more.
    pub(crate) person: Person,
    pub(crate) message: String,
}

/// The people of a source.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct People {
    pub(crate) usable: Vec<Person>,
    pub(crate) unusable: Vec<Unusable>,
}

impl Mapping {
    /// Makes people of rows. Somebody leaves whose date of leaving is before `today`.
    pub(crate) fn people(&self, headings: &[String], rows: &[Row], today: Date) -> People {
        let reader = Reader {
            mapping: self,
            places: headings
                .iter()
                .enumerate()
                .map(|(place, heading)| (heading.as_str(), place))
                .collect(),
            today,
        };
        let mut people = People::default();
        for row in rows {
            let read = match &row.fault {
                Some(fault) => Err(fault.clone()),
                None => reader.person(row),
            };
            match read {
                Ok(person) => people.usable.push(person),
                Err(message) => people.unusable.push(Unusable {
                    line: row.line,
                    person: reader.who(row),
                    message,
                }),
            }
        }
        people
    }
}

struct Reader<'a> {
    mapping: &'a Mapping,
    places: HashMap<&'a str, usize>,
    today: Date,
}

impl Reader<'_> {
    fn person(&self, row: &Row) -> Result<Person, String> {
        let columns = &self.mapping.columns;
        let mut values = BTreeMap::new();
        for (name, rule) in &self.mapping.values {
            if let Some(value) = self.value(rule.get_ref(), row)? {
                values.insert(name.clone(), value);
            }
        }
        let mut person = Person {
            r#ref: self.text(columns.r#ref.as_ref(), row)?,
            email: self.text(columns.email.as_ref(), row)?,
            name: self.text(columns.name.as_ref(), row)?,
            language: self.text(columns.language.as_ref(), row)?.map(Language::from),
            leaving: self.leaving(columns.leaving.as_ref(), row)?,
            values,
            line: Some(row.line),
            ..Person::default()
        };
        if let Some(rule) = &columns.roles {
            let roles = self.texts(rule.get_ref(), row)?;
            // A row that says nothing of roles leaves them as they are.
            person.roles = (!roles.is_empty()).then(|| roles.into_iter().map(Role::from).collect());
        }
        for rule in &columns.groups {
            person.groups.extend(self.texts(rule.get_ref(), row)?);
        }
        Ok(person)
    }

    /// Whom a row is about, whatever else is wrong with it.
    fn who(&self, row: &Row) -> Person {
        let columns = &self.mapping.columns;
        let text = |rule: Option<&Spanned<Rule>>| self.text(rule, row).ok().flatten();
        Person {
            r#ref: text(columns.r#ref.as_ref()),
            email: text(columns.email.as_ref()),
            name: text(columns.name.as_ref()),
            line: Some(row.line),
            ..Person::default()
        }
    }

    fn text(&self, rule: Option<&Spanned<Rule>>, row: &Row) -> Result<Option<String>, String> {
        let Some(rule) = rule else { return Ok(None) };
        Ok(self.texts(rule.get_ref(), row)?.into_iter().next())
    }

    /// All that a rule makes of a row; nothing where the row says nothing.
    fn texts(&self, rule: &Rule, row: &Row) -> Result<Vec<String>, String> {
        if let Some(constant) = &rule.constant {
            return Ok(constant.clone());
        }
        let Some((column, cell)) = self.cell(rule, row)? else {
            return Ok(Vec::new());
        };
        let cell = cell.text();
        let cell = if rule.keep_blanks { &*cell } else { cell.trim() };
        let parts: Vec<&str> = match &rule.split {
            Some(split) => cell
                .split(split.as_str())
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .collect(),
            None => vec![cell],
        };
        let mut texts = Vec::new();
        for part in parts {
            match &rule.map {
                None if rule.lower => texts.push(part.to_lowercase()),
                None => texts.push(part.to_owned()),
                Some(map) => {
                    texts.extend_from_slice(map.get(part).ok_or_else(|| {
                        format!("`{part}` in `{column}` is not among what the mapping knows")
                    })?);
                }
            }
        }
        Ok(texts)
    }

    /// The first column that says something, and what.
    fn cell<'r>(&self, rule: &'r Rule, row: &'r Row) -> Result<Option<(&'r str, &'r Cell)>, String> {
        for column in &rule.columns {
            let place = self.places.get(column.as_str());
            match place.and_then(|place| row.cells.get(*place)) {
                Some(Cell::Bad(why)) => return Err(format!("`{column}` cannot be used: {why}")),
                Some(cell) if self.says_something(rule, cell) => return Ok(Some((column, cell))),
                _ => {}
            }
        }
        Ok(None)
    }

    fn says_something(&self, rule: &Rule, cell: &Cell) -> bool {
        let text = cell.text();
        let bare = text.trim().to_lowercase();
        let is_nothing = |text: &String| text.trim().to_lowercase() == bare;
        !bare.is_empty()
            && !rule.nothing.iter().any(is_nothing)
            && !self.mapping.nothing.iter().any(is_nothing)
    }

    /// A value of an extra category; dates as `2026-01-31`.
    fn value(&self, rule: &Rule, row: &Row) -> Result<Option<String>, String> {
        match self.date(rule, row)? {
            Some(date) => Ok(Some(date.to_string())),
            None => Ok(self.texts(rule, row)?.into_iter().next()),
        }
    }

    fn leaving(&self, rule: Option<&Spanned<Rule>>, row: &Row) -> Result<bool, String> {
        let Some(rule) = rule.map(Spanned::get_ref) else {
            return Ok(false);
        };
        if let Some(date) = self.date(rule, row)? {
            return Ok(date < self.today);
        }
        let Some(word) = self.texts(rule, row)?.into_iter().next() else {
            return Ok(false);
        };
        match word.to_lowercase().as_str() {
            "true" | "yes" | "y" | "ja" | "j" | "1" => Ok(true),
            "false" | "no" | "n" | "nee" | "0" => Ok(false),
            _ => Err(format!(
                "`{word}` says neither that somebody leaves nor that they stay"
            )),
        }
    }

    /// The date that a row says, by the cell's type or by the rule's format; none without either.
    fn date(&self, rule: &Rule, row: &Row) -> Result<Option<Date>, String> {
        let Some((column, cell)) = self.cell(rule, row)? else {
            return Ok(None);
        };
        match (cell, &rule.format) {
            (Cell::Date(date), _) => Ok(Some(*date)),
            (cell, Some(format)) => {
                let text = cell.text();
                let date = Date::strptime(format, text.trim());
                date.map(Some).map_err(|_| {
                    // A mapping whose format writes nothing is refused before.
                    let example = jiff::fmt::strtime::format(format, jiff::civil::date(2026, 1, 31));
                    format!(
                        "`{}` in `{column}` is not a date such as {}",
                        text.trim(),
                        example.unwrap_or_default()
                    )
                })
            }
            (_, None) => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sheet;

    const MAP: &str = "nothing = [\"Geen e-mail\"]\n[columns]\nref = \"nr\"\nname = \"naam\"\n\
        email = { column = [\"werk\", \"privé\"], lower = true }\nleaving = { column = \"uit\", format = \"%d-%m-%Y\" }\n\
        roles = { column = \"leidt\", map = { J = [\"MANAGER\", \"PARTICIPANT\"], N = [] } }\nlanguage = { constant = \"NL\" }\n\
        groups = [{ column = \"groepen\", split = \"/\" }, { constant = \"all\" }]\n[values]\nsince = { column = \"in\", format = \"%d-%m-%Y\" }\n";

    fn people(rows: &[&[&str]]) -> People {
        let text = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(text.path(), MAP).unwrap();
        let mapping = Mapping::read(text.path()).unwrap();
        let headings = ["nr", "naam", "werk", "privé", "uit", "leidt", "groepen", "in"];
        let sheet = Sheet {
            headings: headings.map(str::to_owned).to_vec(),
            rows: (2..)
                .zip(rows)
                .map(|(line, cells)| Row {
                    line,
                    cells: cells.iter().map(|&cell| Cell::from(cell)).collect(),
                    fault: None,
                })
                .collect(),
        };
        mapping.people(&sheet.headings, &sheet.rows, jiff::civil::date(2026, 5, 1))
    }

    #[test]
    fn a_row_becomes_a_person() {
        let people = people(&[
            &[
                "7",
                "  Zoë  ",
                "GEEN E-MAIL",
                "Zoe@Example.com",
                "30-04-2026",
                "J",
                "a / b",
                "01-02-2003",
            ],
            &["8", "Jan", "JAN@x.nl", "privé@x.nl", "01-05-2026", "", "", ""],
        ]);
        assert_eq!(people.unusable, []);
        let [zoe, jan] = people.usable.as_slice() else {
            panic!()
        };
        assert_eq!(
            (zoe.name.as_deref(), zoe.email.as_deref()),
            (Some("Zoë"), Some("zoe@example.com"))
        );
        assert!(zoe.leaving && !jan.leaving, "the last day is still worked");
        assert_eq!(zoe.roles, Some(vec![Role::Manager, Role::Participant]));
        assert_eq!(
            (jan.roles.as_ref(), jan.email.as_deref()),
            (None, Some("jan@x.nl"))
        );
        assert_eq!(
            zoe.groups.iter().map(String::as_str).collect::<Vec<_>>(),
            ["a", "all", "b"]
        );
        assert_eq!(zoe.values["since"], "2003-02-01");
        assert!(jan.values.is_empty());
        assert_eq!((zoe.line, jan.line), (Some(2), Some(3)));
        assert_eq!(jan.language, Some(Language::Nl));
    }

    #[test]
    fn a_row_that_cannot_be_read_says_why_and_whom_it_is_about() {
        let people = people(&[
            &["7", "Zoë", "", "", "31-02-2026", "J", "", ""],
            &["8", "Jan", "", "", "", "X", "", ""],
        ]);
        assert_eq!(people.usable, []);
        let told: Vec<_> = people
            .unusable
            .iter()
            .map(|row| {
                (
                    row.line,
                    row.person.r#ref.as_deref().unwrap(),
                    row.message.as_str(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (2, "7", "`31-02-2026` in `uit` is not a date such as 31-01-2026"),
                (3, "8", "`X` in `leidt` is not among what the mapping knows"),
            ]
        );
    }

    #[test]
    fn a_date_by_its_type_needs_no_form_and_a_bad_cell_only_counts_where_it_is_asked_for() {
        let mapping = |text: &str| {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), text).unwrap();
            Mapping::read(file.path()).unwrap()
        };
        let headings = ["nr", "uit", "in", "rest"].map(str::to_owned);
        let row = |cells: [Cell; 4]| Row {
            line: 2,
            cells: cells.into(),
            fault: None,
        };
        let date = |day| Cell::Date(jiff::civil::date(2026, 4, day));
        let bad = || Cell::Bad("it says #N/A".to_owned());
        let today = jiff::civil::date(2026, 4, 30);
        for map in [
            "[columns]\nref = \"nr\"\nleaving = \"uit\"\n[values]\nsince = \"in\"\n",
            "[columns]\nref = \"nr\"\nleaving = { column = \"uit\", format = \"%d-%m-%Y\" }\n\
             [values]\nsince = { column = \"in\", format = \"%d/%m/%y\" }\n",
        ] {
            let rows = [
                row(["7".into(), date(29), date(1), bad()]),
                row(["8".into(), date(30), Cell::default(), bad()]),
                row(["9".into(), bad(), date(1), Cell::default()]),
            ];
            let people = mapping(map).people(&headings, &rows, today);
            let [leaver, stayer] = people.usable.as_slice() else {
                panic!("{people:?}")
            };
            assert!(leaver.leaving && !stayer.leaving);
            assert_eq!(leaver.values["since"], "2026-04-01");
            assert_eq!(people.unusable[0].message, "`uit` cannot be used: it says #N/A");
        }
    }
}
