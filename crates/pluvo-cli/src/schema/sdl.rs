//! Reading the annotated SDL.

use super::{Member, Standing, Type, Types};
use apollo_parser::Parser;
use apollo_parser::cst::{ArgumentsDefinition, CstNode, Definition, Directives, Name};
use std::collections::BTreeMap;

/// Reads definitions with their `@known` marks. What has none of its own has its parent's.
pub(super) fn read(sdl: &str) -> Types {
    let tree = Parser::new(sdl).parse();
    tree.document().definitions().filter_map(definition).collect()
}

fn definition(definition: Definition) -> Option<(String, Type)> {
    let mark = |directives| Mark::of(directives, Standing::Defined);
    let (name, mark, members) = match definition {
        Definition::ObjectTypeDefinition(object) => {
            let mark = mark(object.directives());
            let fields = object.fields_definition()?.field_definitions();
            let members = fields.filter_map(|field| {
                let own = Mark::of(field.directives(), mark.standing);
                let arguments = field
                    .arguments_definition()
                    .map(|list| arguments(&list, own.standing));
                let member = Member {
                    standing: own.standing,
                    ty: Some(source(&field.ty()?)),
                    arguments: arguments.unwrap_or_default(),
                };
                Some((text(field.name())?, member))
            });
            (object.name(), mark, members.collect())
        }
        Definition::InputObjectTypeDefinition(input) => {
            let mark = mark(input.directives());
            let fields = input.input_fields_definition()?.input_value_definitions();
            let members = fields.filter_map(|field| {
                let own = Mark::of(field.directives(), mark.standing);
                Some((
                    text(field.name())?,
                    Member::new(own.standing, Some(source(&field.ty()?))),
                ))
            });
            (input.name(), mark, members.collect())
        }
        Definition::EnumTypeDefinition(list) => {
            let mark = mark(list.directives());
            let values = list.enum_values_definition()?.enum_value_definitions();
            let members = values.filter_map(|value| {
                let own = Mark::of(value.directives(), mark.standing);
                Some((text(value.enum_value()?.name())?, Member::new(own.standing, None)))
            });
            (list.name(), mark, members.collect())
        }
        Definition::UnionTypeDefinition(union) => {
            let mark = mark(union.directives());
            let types = union.union_member_types()?.named_types();
            let members = types.filter_map(|ty| Some((text(ty.name())?, Member::new(mark.standing, None))));
            (union.name(), mark, members.collect())
        }
        _ => return None,
    };
    // What has no mark describes the file itself, not Pluvo.
    let Mark {
        standing,
        name_guessed,
        own,
    } = mark;
    let ty = Type {
        standing,
        name_guessed,
        members,
    };
    if own { Some((text(name)?, ty)) } else { None }
}

fn arguments(list: &ArgumentsDefinition, parent: Standing) -> BTreeMap<String, Member> {
    let arguments = list.input_value_definitions().filter_map(|argument| {
        let own = Mark::of(argument.directives(), parent);
        Some((
            text(argument.name())?,
            Member::new(own.standing, Some(source(&argument.ty()?))),
        ))
    });
    arguments.collect()
}

/// What the marks of a definition say.
#[derive(Clone, Copy)]
struct Mark {
    standing: Standing,
    name_guessed: bool,
    /// Whether there is a mark at all.
    own: bool,
}

impl Mark {
    fn of(directives: Option<Directives>, parent: Standing) -> Self {
        let mut mark = Self {
            standing: parent,
            name_guessed: parent == Standing::Inferred,
            own: false,
        };
        for directive in directives.into_iter().flat_map(|list| list.directives()) {
            let name = text(directive.name()).unwrap_or_default();
            let arguments = directive
                .arguments()
                .into_iter()
                .flat_map(|list| list.arguments());
            for argument in arguments {
                let argument = (
                    text(argument.name()),
                    argument.value().map(|value| source(&value)),
                );
                match (name.as_str(), argument) {
                    ("known", (Some(name), Some(value))) if name == "standing" => {
                        mark.standing = standing(&value);
                        mark.own = true;
                        mark.name_guessed |= mark.standing == Standing::Inferred;
                    }
                    ("inferred", (_, Some(parts))) => mark.name_guessed |= parts.contains("NAME"),
                    _ => {}
                }
            }
        }
        mark
    }
}

fn standing(text: &str) -> Standing {
    match text {
        "DEFINED" => Standing::Defined,
        "USED" => Standing::Used,
        "OLD" => Standing::Old,
        _ => Standing::Inferred,
    }
}

fn text(name: Option<Name>) -> Option<String> {
    name.map(|name| name.text().to_string())
}

/// What stands in the document, without the space around it.
fn source(node: &impl CstNode) -> String {
    node.syntax().text().to_string().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::{Standing, known};

    #[test]
    fn the_whole_schema_is_read_with_its_marks() {
        let user = &known()["User"];
        assert_eq!((user.standing, user.name_guessed), (Standing::Used, false));
        assert_eq!(user.members["roles"].ty.as_deref(), Some("[Role]"));
        assert_eq!(user.members["lastLogin"].standing, Standing::Old);
        assert_eq!(user.members["name"].standing, Standing::Used, "its parent's");
        let users = &known()["Query"].members["paginatedUsers"];
        assert_eq!(users.arguments["userRoles"].ty.as_deref(), Some("[Role!]"));
        assert!(known()["CreateUserInput"].name_guessed);
        assert!(known()["Role"].members.contains_key("PLANNER"));
        assert!(
            known()["ExtraCategoryValue"]
                .members
                .contains_key("ExtraCategoryStringValue")
        );
        assert!(!known().contains_key("Standing"), "not Pluvo's");
        assert!(known().len() > 80, "{}", known().len());
    }
}
