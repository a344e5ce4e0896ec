//! Literals read back by a parser that others wrote.

use apollo_parser::Parser;
use apollo_parser::cst::{self, CstNode, Definition, Selection};
use serde_json::{Map, Number, Value, json};

/// Reads the literal back with apollo-parser.
pub(crate) fn by_apollo(literal: &str) -> Value {
    let document = format!("{{f(a:{literal})}}");
    let tree = Parser::new(&document).parse();
    assert_eq!(
        tree.errors().count(),
        0,
        "{:?} in {document}",
        tree.errors().collect::<Vec<_>>()
    );
    let definitions: Vec<_> = tree.document().definitions().collect();
    let [Definition::OperationDefinition(operation)] = &definitions[..] else {
        panic!("{document} is not one operation")
    };
    let selections: Vec<_> = operation.selection_set().unwrap().selections().collect();
    let [Selection::Field(field)] = &selections[..] else {
        panic!("{document} is not one field")
    };
    let arguments: Vec<_> = field.arguments().unwrap().arguments().collect();
    assert_eq!(arguments.len(), 1, "{document}");
    from_apollo(&arguments[0].value().unwrap())
}

fn from_apollo(value: &cst::Value) -> Value {
    let text = || value.source_string().trim().to_owned();
    match value {
        cst::Value::StringValue(string) => Value::String(String::from(string)),
        cst::Value::IntValue(_) => Value::Number(serde_json::from_str::<Number>(&text()).unwrap()),
        cst::Value::FloatValue(_) => json!(text().parse::<f64>().unwrap()),
        cst::Value::BooleanValue(_) => Value::Bool(text() == "true"),
        cst::Value::NullValue(_) => Value::Null,
        cst::Value::EnumValue(_) => json!({"$enum": text()}),
        cst::Value::ListValue(list) => list.values().map(|value| from_apollo(&value)).collect(),
        cst::Value::ObjectValue(object) => object
            .object_fields()
            .map(|field| {
                let name = field.name().unwrap().text().to_string();
                (name, from_apollo(&field.value().unwrap()))
            })
            .collect::<Map<_, _>>()
            .into(),
        cst::Value::Variable(_) => panic!("a variable in {}", text()),
    }
}
