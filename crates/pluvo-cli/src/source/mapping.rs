//! The mapping file: which column becomes what.
//!
//! ```toml
//! nothing = ["geen e-mail"]                      # texts that mean nothing, in any column
//!
//! [columns]
//! ref = "Medewerker"
//! email = { column = ["E-mail werk", "E-mail privé"], lower = true }
//! leaving = { column = "Datum uit dienst", format = "%d-%m-%Y" }
//! roles = { column = "Leidinggevende", map = { J = "MANAGER", N = [] } }
//!
//! [values]
//! department = "Afdeling"
//! ```

use crate::exit::{Failure, Result};
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use toml::Spanned;

/// What the file says.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Mapping {
    /// Texts that mean nothing, in any column and any case.
    pub(super) nothing: Vec<String>,
    pub(super) columns: Columns,
    /// Values of extra categories, by the category's ref, title or id.
    pub(super) values: BTreeMap<String, Spanned<Rule>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Columns {
    pub(super) r#ref: Option<Spanned<Rule>>,
    pub(super) email: Option<Spanned<Rule>>,
    pub(super) name: Option<Spanned<Rule>>,
    pub(super) roles: Option<Spanned<Rule>>,
    pub(super) language: Option<Spanned<Rule>>,
    pub(super) leaving: Option<Spanned<Rule>>,
    pub(super) groups: Vec<Spanned<Rule>>,
}

/// Where a value comes from, and what is done to it on the way.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    column: Texts,
    constant: Option<Texts>,
    keep_blanks: bool,
    lower: bool,
    nothing: Vec<String>,
    split: Option<String>,
    map: Option<BTreeMap<String, Texts>>,
    format: Option<String>,
}

/// The same, whether it was written as a table or as names of columns alone.
#[derive(Debug, Clone, Default)]
pub(super) struct Rule {
    /// The first of these that says something counts.
    pub(super) columns: Vec<String>,
    /// What every row has, whatever the columns say.
    pub(super) constant: Option<Vec<String>>,
    /// Leave blanks round the text.
    pub(super) keep_blanks: bool,
    pub(super) lower: bool,
    /// Texts that mean nothing here.
    pub(super) nothing: Vec<String>,
    /// What stands between several values in a cell.
    pub(super) split: Option<String>,
    /// What each text becomes; no other text may come.
    pub(super) map: Option<BTreeMap<String, Vec<String>>>,
    /// How dates are written.
    pub(super) format: Option<String>,
}

/// A text, or a list of texts.
#[derive(Debug, Clone, Default)]
struct Texts(Vec<String>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Texts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of texts")
            }

            fn visit_str<E>(self, text: &str) -> Result<Texts, E> {
                Ok(Texts(vec![text.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Texts, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(items)).map(Texts)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Rule;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a column, a list of such names, or a table")
            }

            fn visit_str<E>(self, column: &str) -> Result<Rule, E> {
                Ok(Rule::of([column]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Rule, A::Error> {
                let columns = Vec::deserialize(SeqAccessDeserializer::new(items))?;
                Ok(Rule {
                    columns,
                    ..Rule::default()
                })
            }

            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Rule, A::Error> {
                Written::deserialize(MapAccessDeserializer::new(entries)).map(Rule::from)
            }
        }
        deserializer.deserialize_any(Any)
    }
}

impl From<Written> for Rule {
    fn from(written: Written) -> Self {
        let map =
            |map: BTreeMap<String, Texts>| map.into_iter().map(|(text, Texts(to))| (text, to)).collect();
        Self {
            columns: written.column.0,
            constant: written.constant.map(|Texts(texts)| texts),
            keep_blanks: written.keep_blanks,
            lower: written.lower,
            nothing: written.nothing,
            split: written.split,
            map: written.map.map(map),
            format: written.format,
        }
    }
}

impl Rule {
    fn of<const N: usize>(columns: [&str; N]) -> Self {
        Self {
            columns: columns.map(str::to_owned).to_vec(),
            ..Self::default()
        }
    }
}

/// What a key may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Several,
    Date,
}

impl Mapping {
    /// Reads the file and checks all that can be checked without rows.
    ///
    /// # Errors
    ///
    /// Config, with file, line and key.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Failure::config(format!("the mapping {} cannot be read: {error}", path.display()))
        })?;
        Self::parse(&text).map_err(|wrong| Failure::config(wrong.told(path, &text)))
    }

    fn parse(text: &str) -> Result<Self, Wrong> {
        let unreadable = |error: &toml::de::Error, key: String| Wrong {
            at: error.span().map_or(0, |span| span.start),
            key,
            message: error.message().to_owned(),
        };
        let parsed = toml::Deserializer::parse(text).map_err(|error| unreadable(&error, String::new()))?;
        let mapping: Self = serde_path_to_error::deserialize(parsed).map_err(|error| {
            // The parts that `Spanned` adds are nobody's key.
            let segments = error.path().iter().map(ToString::to_string);
            let named: Vec<String> = segments
                .filter(|segment| !segment.contains("__serde_spanned"))
                .collect();
            let key = named.join(".");
            unreadable(error.inner(), key)
        })?;
        mapping.check()?;
        Ok(mapping)
    }

    /// For rows whose columns are named as the fields of a person.
    pub(crate) fn by_name(headings: &[String]) -> Self {
        let rule = |name: &str| {
            let is_there = headings.iter().any(|heading| heading == name);
            is_there.then(|| Spanned::new(0..0, Rule::of([name])))
        };
        let mut roles = rule("roles");
        if let Some(roles) = &mut roles {
            roles.get_mut().split = Some(",".to_owned());
        }
        Self {
            columns: Columns {
                r#ref: rule("ref"),
                email: rule("email"),
                name: rule("name"),
                roles,
                language: rule("language"),
                ..Columns::default()
            },
            ..Self::default()
        }
    }

    /// Holds the rules against the columns that are there.
    ///
    /// # Errors
    ///
    /// Config, with file, line and key, for a column that the source does not have.
    pub(crate) fn fits(&self, path: &Path, headings: &[String], source: &str) -> Result {
        for (key, rule, _) in self.rules() {
            let missing = |column: &&String| !headings.contains(column);
            if let Some(column) = rule.get_ref().columns.iter().find(missing) {
                let text = std::fs::read_to_string(path).unwrap_or_default();
                let wrong = Wrong {
                    at: rule.span().start,
                    key,
                    message: format!(
                        "{source} has no column `{column}`; it has {}",
                        headings.join(", ")
                    ),
                };
                return Err(Failure::config(wrong.told(path, &text)));
            }
        }
        Ok(())
    }

    /// Whether any rule speaks of groups or values of extra categories.
    pub(crate) fn has_more_than_fields(&self) -> bool {
        !self.columns.groups.is_empty() || !self.values.is_empty()
    }

    fn rules(&self) -> impl Iterator<Item = (String, &Spanned<Rule>, Kind)> {
        let columns = &self.columns;
        let fields = [
            ("ref", &columns.r#ref, Kind::Text),
            ("email", &columns.email, Kind::Text),
            ("name", &columns.name, Kind::Text),
            ("roles", &columns.roles, Kind::Several),
            ("language", &columns.language, Kind::Text),
            ("leaving", &columns.leaving, Kind::Date),
        ];
        let fields = fields
            .into_iter()
            .filter_map(|(key, rule, kind)| Some((format!("columns.{key}"), rule.as_ref()?, kind)));
        let groups = columns
            .groups
            .iter()
            .enumerate()
            .map(|(place, rule)| (format!("columns.groups[{place}]"), rule, Kind::Several));
        let values = self
            .values
            .iter()
            .map(|(name, rule)| (format!("values.{name}"), rule, Kind::Date));
        fields.chain(groups).chain(values)
    }

    fn check(&self) -> Result<(), Wrong> {
        if self.columns.r#ref.is_none() && self.columns.email.is_none() {
            return Err(Wrong {
                at: 0,
                key: "columns".to_owned(),
                message: "neither `ref` nor `email` is mapped, by which people are found".to_owned(),
            });
        }
        for (key, spanned, kind) in self.rules() {
            let rule = spanned.get_ref();
            let wrong = |message: &str| Wrong {
                at: spanned.span().start,
                key: key.clone(),
                message: message.to_owned(),
            };
            if rule.columns.is_empty() == rule.constant.is_none() {
                return Err(wrong("give either a `column` or a `constant`"));
            }
            let several = |texts: &Vec<String>| texts.len() > 1;
            let has_several = rule.split.is_some()
                || rule.constant.as_ref().is_some_and(several)
                || rule.map.iter().flat_map(BTreeMap::values).any(several);
            if has_several && kind != Kind::Several {
                return Err(wrong("only `roles` and `groups` hold several values"));
            }
            if rule.split.as_deref() == Some("") {
                return Err(wrong("`split` is empty"));
            }
            if let Some(format) = &rule.format {
                if kind != Kind::Date || rule.constant.is_some() {
                    return Err(wrong(
                        "`format` is for `leaving` and `values` that come from a column",
                    ));
                }
                if jiff::fmt::strtime::format(format, jiff::civil::date(2026, 1, 31)).is_err() {
                    return Err(wrong("`format` is not one of a date, such as \"%d-%m-%Y\""));
                }
            }
        }
        Ok(())
    }
}

/// What is wrong in the file, and where.
#[derive(Debug)]
struct Wrong {
    at: usize,
    key: String,
    message: String,
}

impl Wrong {
    fn told(&self, path: &Path, text: &str) -> String {
        let line = text.get(..self.at).unwrap_or_default().matches('\n').count() + 1;
        let key = if self.key.is_empty() {
            String::new()
        } else {
            format!(", {}", self.key)
        };
        format!("{}, line {line}{key}: {}", path.display(), self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        Mapping::parse(text)
            .unwrap_err()
            .told(Path::new("map.toml"), text)
    }

    #[test]
    fn rules_are_read_in_all_their_forms() {
        let mapping = Mapping::parse(
            "[columns]\nref = \"A\"\nemail = [\"B\", \"C\"]\nroles = { column = \"D\", map = { J = \"MANAGER\", N = [] } }\n\
             groups = [\"E\", { constant = [\"all\", \"more\"] }]\n[values.x]\ncolumn = \"F\"\nformat = \"%d-%m-%Y\"\n",
        )
        .unwrap();
        let columns = |rule: &Option<Spanned<Rule>>| rule.as_ref().unwrap().get_ref().columns.clone();
        assert_eq!(columns(&mapping.columns.r#ref), ["A"]);
        assert_eq!(columns(&mapping.columns.email), ["B", "C"]);
        assert_eq!(mapping.columns.groups.len(), 2);
        assert!(mapping.has_more_than_fields());
    }

    #[test]
    fn what_is_wrong_is_told_with_line_and_key() {
        for (text, says) in [
            (
                "[columns]\nref = \"A\"\nemial = \"B\"\n",
                "map.toml, line 3, columns.emial: unknown field `emial`",
            ),
            (
                "[columns]\nref = \"A\"\n\nemail = 5\n",
                "map.toml, line 4, columns.email: invalid type: integer",
            ),
            (
                "[columns]\nref = { column = \"A\", trim = 1 }\n",
                "map.toml, line 2, columns.ref",
            ),
            ("[columns]\nref = \n", "map.toml, line 2: "),
            (
                "[columns]\nname = \"A\"\n",
                "line 1, columns: neither `ref` nor `email` is mapped",
            ),
            (
                "[columns]\nref = {}\n",
                "line 2, columns.ref: give either a `column` or a `constant`",
            ),
            (
                "[columns]\nref = { column = \"A\", split = \",\" }\n",
                "line 2, columns.ref: only `roles`",
            ),
            (
                "[columns]\nref = { column = \"A\", format = \"%d\" }\n",
                "columns.ref: `format` is for",
            ),
            (
                "[columns]\nref = \"A\"\nleaving = { column = \"B\", format = \"%!\" }\n",
                "line 3, columns.leaving: `format` is not",
            ),
            (
                "[columns]\nref = \"A\"\n[values]\nx = { column = \"B\", map = { a = [\"b\", \"c\"] } }\n",
                "line 4, values.x: only",
            ),
        ] {
            let told = refused(text);
            assert!(told.contains(says), "{told:?} does not say {says:?}");
        }
    }

    #[test]
    fn columns_that_are_not_there_are_told() {
        let mapping = Mapping::parse("[columns]\nref = \"A\"\nname = [\"B\", \"C\"]\n").unwrap();
        let headings = ["A", "B"].map(str::to_owned);
        let failure = mapping
            .fits(Path::new("map.toml"), &headings, "people.csv")
            .unwrap_err();
        assert!(format!("{failure:?}").contains("columns.name: people.csv has no column `C`; it has A, B"));
    }
}
