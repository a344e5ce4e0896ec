//! The schema that a server tells of itself.

use super::{Member, Standing, Type, Types};
use pluvo_sdk::{Client, Error};
use serde::Deserialize;

const DOCUMENT: &str = "query PluvoIntrospection { __schema { types { kind name \
    fields(includeDeprecated: true) { name args { name type { ...T } } type { ...T } } \
    inputFields { name type { ...T } } enumValues(includeDeprecated: true) { name } possibleTypes { name } } } } \
    fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }";

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "__schema")]
    schema: Option<Schema>,
}

#[derive(Deserialize)]
struct Schema {
    types: Vec<Described>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Described {
    kind: String,
    name: String,
    fields: Option<Vec<Field>>,
    input_fields: Option<Vec<Field>>,
    enum_values: Option<Vec<Named>>,
    possible_types: Option<Vec<Named>>,
}

#[derive(Deserialize)]
struct Field {
    name: String,
    #[serde(default)]
    args: Vec<Field>,
    #[serde(rename = "type")]
    ty: Reference,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reference {
    kind: String,
    name: Option<String>,
    of_type: Option<Box<Reference>>,
}

/// Asks the server. None where it answers without a schema.
pub(crate) async fn introspect(client: &Client) -> Result<Option<Types>, Error> {
    let data: Data = client.query(DOCUMENT).send().await?;
    Ok(data.schema.map(|schema| {
        let own = schema
            .types
            .into_iter()
            .filter(|ty| !ty.name.starts_with("__") && ty.kind != "SCALAR");
        own.map(|ty| (ty.name.clone(), ty.into())).collect()
    }))
}

impl From<Described> for Type {
    fn from(described: Described) -> Self {
        // An object has fields; only of a union are its possible types of interest.
        let union = described.possible_types.filter(|_| described.kind == "UNION");
        let fields = described
            .fields
            .into_iter()
            .chain(described.input_fields)
            .flatten();
        let others = described.enum_values.into_iter().chain(union).flatten();
        let plain = others.map(|it| (it.name, Member::default()));
        Self {
            standing: Standing::Defined,
            name_guessed: false,
            members: fields.map(Field::into_member).chain(plain).collect(),
        }
    }
}

impl Field {
    fn into_member(self) -> (String, Member) {
        let member = Member {
            standing: Standing::Defined,
            ty: Some(self.ty.print()),
            arguments: self.args.into_iter().map(Self::into_member).collect(),
        };
        (self.name, member)
    }
}

impl Reference {
    fn print(&self) -> String {
        let inner = || self.of_type.as_ref().map_or_else(String::new, |ty| ty.print());
        match self.kind.as_str() {
            "NON_NULL" => format!("{}!", inner()),
            "LIST" => format!("[{}]", inner()),
            _ => self.name.clone().unwrap_or_default(),
        }
    }
}
