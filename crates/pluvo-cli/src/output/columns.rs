//! From a selection to columns: what `table`, `csv` and `parquet` have, and `--columns` chooses from.

use crate::exit::{Failure, Result};
use crate::rows::Row;
use crate::schema::known;
use apollo_parser::Parser;
use apollo_parser::cst::{Selection, SelectionSet};
use pluvo_sdk::operation::{Field, Operation};
use serde_json::value::RawValue;

/// A column. The fields of an object that is no list are columns of their own: `profileImage.url`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    path: Vec<String>,
    pub(crate) kind: Kind,
}

/// What a column holds, as far as the schema tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text, an id, an enum's member; also what nothing is known of.
    Text,
    Boolean,
    Integer,
    Float,
    /// A moment.
    Moment,
    /// A calendar date.
    Date,
    /// A list of texts.
    Texts,
    /// A list of anything else, or an object of no fixed shape.
    Json,
}

impl Column {
    /// The column's value in a row; none for null.
    pub(crate) fn cell<'a>(&self, row: &'a Row) -> Option<Cell<'a>> {
        let (first, rest) = self.path.split_first()?;
        let mut value: &'a RawValue = row.get(first)?;
        for name in rest {
            // An object's fields, borrowed from the row.
            let object: indexmap::IndexMap<String, &'a RawValue> = serde_json::from_str(value.get()).ok()?;
            value = object.get(name).copied()?;
        }
        Some(Cell(value)).filter(|cell| cell.0.get() != "null")
    }
}

/// A value as the server wrote it. Never null.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell<'a>(&'a RawValue);

impl<'a> Cell<'a> {
    /// The value as JSON.
    pub(crate) fn json(self) -> &'a RawValue {
        self.0
    }

    /// Texts without their quotation marks, everything else as JSON.
    pub(crate) fn text(self) -> String {
        serde_json::from_str(self.0.get()).unwrap_or_else(|_| self.0.get().to_owned())
    }

    /// For people: lists of plain values with commas between them.
    pub(crate) fn display(self) -> String {
        match serde_json::from_str::<Vec<&RawValue>>(self.0.get()) {
            Ok(list) if list.iter().all(|value| !value.get().starts_with(['{', '['])) => {
                let texts: Vec<_> = list.into_iter().map(|value| Self(value).text()).collect();
                texts.join(", ")
            }
            _ => self.text(),
        }
    }
}

/// The columns of an operation's rows, with the selection of one's own if there is one.
pub(crate) fn columns(operation: &Operation, selection: Option<&str>) -> Vec<Column> {
    let text = match selection {
        Some(own) => own
            .trim()
            .trim_start_matches('{')
            .trim_end_matches('}')
            .to_owned(),
        None => print(operation.selection),
    };
    let tree = Parser::new(&format!("{{{text}}}")).parse_selection_set();
    let mut columns = Vec::new();
    add(&mut columns, &tree.field_set(), operation.node, &[]);
    columns
}

/// Those of the columns that are asked for, in that order.
pub(crate) fn choose(columns: Vec<Column>, names: Option<&[String]>) -> Result<Vec<Column>> {
    let Some(names) = names else {
        return Ok(columns);
    };
    let one = |name: &String| {
        columns
            .iter()
            .find(|column| column.name == *name)
            .cloned()
            .ok_or_else(|| {
                let there: Vec<_> = columns.iter().map(|column| column.name.as_str()).collect();
                Failure::usage(format!(
                    "there is no column `{name}`; there are: {} (others by --select)",
                    there.join(", ")
                ))
            })
    };
    names.iter().map(one).collect()
}

fn print(fields: &[Field]) -> String {
    let mut text = String::new();
    for field in fields {
        text.push_str(field.name);
        if !field.selection.is_empty() {
            text.push('{');
            text.push_str(&print(field.selection));
            text.push('}');
        }
        text.push(' ');
    }
    text
}

fn add(columns: &mut Vec<Column>, set: &SelectionSet, on: &str, above: &[String]) {
    for selection in set.selections() {
        match selection {
            Selection::Field(field) => {
                let Some(name) = field.name().map(|name| name.text().to_string()) else {
                    continue;
                };
                let alias = field.alias().and_then(|alias| alias.name());
                let shown = alias.map_or_else(|| name.clone(), |alias| alias.text().to_string());
                let path = [above, &[shown]].concat();
                let ty = known()
                    .get(on)
                    .and_then(|ty| ty.members.get(&name)?.ty.as_deref());
                match (field.selection_set(), ty) {
                    (Some(inner), Some(ty)) if !ty.starts_with('[') => {
                        add(columns, &inner, ty.trim_end_matches('!'), &path);
                    }
                    (Some(_), _) => push(columns, path, Kind::Json),
                    (None, ty) => push(columns, path, ty.map_or(Kind::Text, kind)),
                }
            }
            Selection::InlineFragment(fragment) => {
                let named = fragment
                    .type_condition()
                    .and_then(|condition| condition.named_type()?.name());
                let on = named.map_or_else(|| on.to_owned(), |name| name.text().to_string());
                if let Some(inner) = fragment.selection_set() {
                    add(columns, &inner, &on, above);
                }
            }
            // A selection has no place where a fragment could be defined.
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn push(columns: &mut Vec<Column>, path: Vec<String>, kind: Kind) {
    let name = path.join(".");
    if columns.iter().all(|column| column.name != name) {
        columns.push(Column { name, path, kind });
    }
}

fn kind(ty: &str) -> Kind {
    let bare = ty.trim_end_matches('!');
    if let Some(item) = bare.strip_prefix('[') {
        let item = kind(item.trim_end_matches(']'));
        return if item == Kind::Text {
            Kind::Texts
        } else {
            Kind::Json
        };
    }
    match bare {
        "Boolean" => Kind::Boolean,
        "Int" => Kind::Integer,
        "Float" => Kind::Float,
        "DateTime" => Kind::Moment,
        "Date" => Kind::Date,
        "GenericScalar" => Kind::Json,
        _ => Kind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pluvo_sdk::operation::generated::{GROUPS, TRAINING_PARTICIPANTS, USER, USERS};

    fn named(operation: &Operation, selection: Option<&str>) -> Vec<(String, Kind)> {
        let columns = columns(operation, selection);
        columns
            .into_iter()
            .map(|column| (column.name, column.kind))
            .collect()
    }

    #[test]
    fn default_columns_have_the_types_of_the_schema() {
        let users = named(&USERS, None);
        assert_eq!(users[0], ("id".to_owned(), Kind::Text));
        assert!(users.contains(&("archived".to_owned(), Kind::Boolean)));
        assert!(users.contains(&("roles".to_owned(), Kind::Texts)));
        assert!(named(&GROUPS, None).contains(&("userCount".to_owned(), Kind::Integer)));
        assert!(named(&TRAINING_PARTICIPANTS, None).contains(&("user.email".to_owned(), Kind::Text)));
        let user = named(&USER, None);
        assert!(user.contains(&("profileImage.url".to_owned(), Kind::Text)));
        assert!(user.contains(&("participantGroups".to_owned(), Kind::Json)));
        assert!(user.contains(&("extraCategoryValues".to_owned(), Kind::Json)));
    }

    #[test]
    fn selections_of_ones_own_are_followed() {
        let own = "{ nummer: ref lastLogin ... on User { groupCount } profileImage { link: url } new { a } newer ref }";
        let expected = [
            ("nummer", Kind::Text),
            ("lastLogin", Kind::Moment),
            ("groupCount", Kind::Integer),
            ("profileImage.link", Kind::Text),
            ("new", Kind::Json),
            ("newer", Kind::Text),
            ("ref", Kind::Text),
        ];
        let expected: Vec<_> = expected.map(|(name, kind)| (name.to_owned(), kind)).into();
        assert_eq!(named(&USERS, Some(own)), expected);
    }

    #[test]
    fn cells_are_found_and_shown() {
        let row: Row = serde_json::from_str(
            r#"{"id":"1","roles":["A","B"],"user":{"name":"Zoë \"Z\"","age":null},"n":1.50,"o":[{"a":1}],"x":null}"#,
        )
        .unwrap();
        // As text and for people.
        let show = |name: &str| {
            let path = name.split('.').map(str::to_owned).collect();
            let column = Column {
                name: name.to_owned(),
                path,
                kind: Kind::Text,
            };
            column.cell(&row).map(|cell| (cell.text(), cell.display()))
        };
        for (name, text, shown) in [
            ("roles", r#"["A","B"]"#, "A, B"),
            ("user.name", "Zoë \"Z\"", "Zoë \"Z\""),
            ("n", "1.50", "1.50"),
            ("o", r#"[{"a":1}]"#, r#"[{"a":1}]"#),
        ] {
            assert_eq!(show(name), Some((text.to_owned(), shown.to_owned())), "{name}");
        }
        for absent in ["user.age", "x", "y", "id.z", "user.other"] {
            assert_eq!(show(absent), None, "{absent}");
        }
    }

    #[test]
    fn columns_are_chosen_by_name_or_refused() {
        let all = columns(&USERS, None);
        let names = ["email".to_owned(), "id".to_owned()];
        let chosen = choose(all.clone(), Some(&names)).unwrap();
        assert_eq!(
            chosen
                .iter()
                .map(|column| column.name.as_str())
                .collect::<Vec<_>>(),
            ["email", "id"]
        );
        assert!(choose(all, Some(&["nope".to_owned()])).is_err());
    }
}
