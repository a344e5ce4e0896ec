//! Literals, held against two GraphQL parsers that others wrote.

#[path = "support/graphql.rs"]
mod graphql;

use graphql::by_apollo;
use pluvo_sdk::ErrorKind;
use pluvo_sdk::literal::to_literal;
use pluvo_sdk::model::Role;
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Reads the literal back with async-graphql's parser.
fn by_async_graphql(literal: &str) -> Value {
    use async_graphql_parser::types::Selection;
    let document = async_graphql_parser::parse_query(format!("{{f(a:{literal})}}")).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    let selections = &operation.node.selection_set.node.items;
    assert_eq!(selections.len(), 1);
    let Selection::Field(field) = &selections[0].node else {
        panic!("{literal} is not one field")
    };
    assert_eq!(field.node.arguments.len(), 1);
    let value = field.node.arguments[0].1.node.clone();
    value.into_const().expect("no variables").into_json().unwrap()
}

/// Equal but for the last bits of a float, which `serde_json`'s quicker reading of numbers may lose.
fn alike(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) if right.is_f64() => {
            let (left, right) = (left.as_f64().unwrap(), right.as_f64().unwrap());
            // The second parser reads the tiniest numbers, those below all normal ones, only nearly right.
            (left - right).abs() <= right.abs() * 4.0 * f64::EPSILON + f64::MIN_POSITIVE * f64::EPSILON * 8.0
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| alike(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, value)| right.get(key).is_some_and(|other| alike(value, other)))
        }
        _ => left == right,
    }
}

/// Characters of every plane, and above all those that end strings, comments, lines and documents.
fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        4 => any::<char>(),
        2 => proptest::char::range('\0', '\u{a0}'),
        3 => prop::sample::select(vec!['"', '\\', '\n', '\r', '\t', '\u{8}', '\u{c}', '#', '}', '$', ',']),
        1 => prop::sample::select(vec!['\u{2028}', '\u{2029}', '\u{feff}', '\u{fffe}', '\u{d7ff}', '\u{10ffff}']),
    ];
    prop::collection::vec(character, 0..24).prop_map(String::from_iter)
}

fn name() -> impl Strategy<Value = String> {
    "[_A-Za-z][_0-9A-Za-z]{0,12}"
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("JSON has no other numbers", |f| f.is_finite())
            .prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::btree_map(name(), inner, 0..8)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn every_value_reads_back_as_itself(value in value()) {
        let literal = to_literal(&value).unwrap();
        prop_assert_eq!(&by_apollo(&literal), &value, "{}", literal);
        prop_assert!(alike(&by_async_graphql(&literal), &value), "{}", literal);
    }

    #[test]
    fn every_text_reads_back_as_itself_on_one_line(text in text()) {
        let literal = to_literal(&text).unwrap();
        prop_assert_eq!(&by_apollo(&literal), &json!(text), "{}", literal);
        prop_assert_eq!(&by_async_graphql(&literal), &json!(text), "{}", literal);
        prop_assert!(!literal.contains(|c: char| c.is_control()), "{}", literal);
    }

    #[test]
    fn a_key_is_a_name_or_is_refused(key in prop_oneof![text(), name(), ".{0,3}"]) {
        let outcome = to_literal(&BTreeMap::from([(&key, 1)]));
        if is_name(&key) {
            prop_assert_eq!(by_apollo(&outcome.unwrap()), json!({&key: 1}));
        } else {
            let error = outcome.unwrap_err();
            prop_assert_eq!(error.kind(), ErrorKind::Invalid);
        }
    }

    #[test]
    fn an_enum_member_is_a_bare_name_or_is_refused(member in prop_oneof![text(), name(), ".{0,3}"]) {
        let outcome = to_literal(&Role::from(member.as_str()));
        if is_name(&member) && !["true", "false", "null"].contains(&member.as_str()) {
            let literal = outcome.unwrap();
            prop_assert_eq!(&literal, &member);
            prop_assert_eq!(by_apollo(&literal), json!({"$enum": member}));
        } else {
            prop_assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Invalid);
        }
    }
}

#[test]
fn what_would_read_as_another_value_is_no_enum_member() {
    for member in [
        "true", "false", "null", "", "1", "A B", "A\"", "\"A\"", "\"A", "A}",
    ] {
        let error = to_literal(&[Role::from(member)]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{member}");
    }
}

#[test]
fn structs_keep_the_names_that_serde_gives_them() {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Row {
        user_roles: Vec<Role>,
        #[serde(skip_serializing_if = "Option::is_none")]
        left_out: Option<u8>,
        empty: Option<u8>,
        letter: char,
        pair: (i8, f32),
    }
    let row = Row {
        user_roles: vec![Role::from("OWNER")],
        left_out: None,
        empty: None,
        letter: '"',
        pair: (-1, 0.5),
    };
    let literal = to_literal(&row).unwrap();
    assert_eq!(
        literal,
        r#"{userRoles:[OWNER],empty:null,letter:"\"",pair:[-1,0.5]}"#
    );
    assert_eq!(by_apollo(&literal)["pair"], json!([-1, 0.5]));
}

#[test]
fn what_graphql_cannot_say_is_refused() {
    #[derive(Serialize)]
    enum Shape {
        Round(u8),
        Square { side: u8 },
        Flat(u8, u8),
    }
    for shape in [Shape::Round(1), Shape::Square { side: 1 }, Shape::Flat(1, 2)] {
        assert_eq!(to_literal(&shape).unwrap_err().kind(), ErrorKind::Invalid);
    }
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(to_literal(&number).unwrap_err().kind(), ErrorKind::Invalid);
    }
    assert!(to_literal(&BTreeMap::from([(1, 1)])).is_err());
    assert!(to_literal(&BTreeMap::from([([1], 1)])).is_err());
}
