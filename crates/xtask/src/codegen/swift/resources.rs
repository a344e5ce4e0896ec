//! `Resources/*.swift`: the calls, one struct of methods for each resource.

use super::text::{WIDTH, call as spread, comment, declared, label, literal, reference, value_type};
use crate::codegen::ir::{Call, CallArgument, CallKind, Ir, Scalar, Type};
use crate::codegen::words;

/// One resource's struct of methods.
pub(super) fn emit(ir: &Ir, resource: &str, calls: &[&Call]) -> String {
    let name = words::pascal(resource);
    let methods: Vec<String> = calls.iter().flat_map(|call| methods(ir, call)).collect();
    format!(
        "import Foundation\n\nextension Pluvo {{\n  /// The calls of `{resource}`.\n  \
         public struct {name}: Sendable {{\n    let core: Core\n  }}\n\n  \
         /// The calls of `{resource}`.\n  public var {resource}: {name} {{ {name}(core: core) }}\n}}\n\n\
         extension Pluvo.{name} {{\n{}}}\n",
        methods.join("\n"),
        resource = words::camel(resource),
    )
}

/// The calls of the client itself.
pub(super) fn client(ir: &Ir, calls: &[&Call]) -> String {
    let methods: Vec<String> = calls.iter().flat_map(|call| methods(ir, call)).collect();
    format!("extension Pluvo {{\n{}}}\n", methods.join("\n"))
}

/// The method of a call, and where rows of one's own can be read another one for these.
fn methods(ir: &Ir, call: &Call) -> Vec<String> {
    let mut methods = vec![method(ir, call, None)];
    if call.select && matches!(call.kind, CallKind::Get | CallKind::Listing) {
        let rows = match call.kind {
            CallKind::Get => "Row?",
            _ => "[Row]",
        };
        methods.push(method(ir, call, Some(rows)));
    }
    methods
}

/// `rows` is what comes of it where fields of one's own are read into a type of one's own.
fn method(ir: &Ir, call: &Call, rows: Option<&str>) -> String {
    let is_list = call.kind == CallKind::List;
    let mut text = match rows {
        None => documentation(ir, call),
        Some(_) => comment(
            2,
            &format!(
                "The same, of fields of one's own: `select` is a GraphQL selection such as `\"id name\"`, and `Row` \
                 is read from what it gives. {}",
                call.notes
            ),
        ),
    };
    let mut parameters: Vec<String> = call
        .arguments
        .iter()
        .map(|argument| parameter(call, argument))
        .collect();
    if rows.is_some() {
        parameters.push("select selection: String".to_owned());
        parameters.push("as type: Row.Type = Row.self".to_owned());
    }
    if !is_list {
        parameters.push("options: Pluvo.CallOptions = .init()".to_owned());
    }
    let returns = match (rows, call.kind, &call.returns) {
        (Some(rows), ..) => format!(" async throws -> {rows}"),
        (None, CallKind::List, Some(row)) => format!(" -> Pluvo.List<{}>", qualified(row)),
        (None, _, Some(ty)) if ty.is_required() => format!(" async throws -> {}", qualified(ty)),
        (None, _, Some(ty)) => format!(" async throws -> {}?", qualified(ty)),
        (None, _, None) => " async throws".to_owned(),
    };
    let generic = if rows.is_some() { "<Row: Decodable>" } else { "" };
    let head = format!("public func {}{generic}", declared(&call.method));
    text += &spread(2, &head, &parameters, &format!("{returns} {{"));
    text + &body(call, rows.is_some()) + "  }\n"
}

fn is_content(argument: &CallArgument) -> bool {
    *argument.ty.nullable() == Type::Opaque("Content".to_owned())
}

fn parameter(call: &Call, argument: &CallArgument) -> String {
    let (name, ty) = (declared(&argument.name), qualified(&argument.ty));
    if is_unlabelled(call, argument) {
        format!("_ {name}: {ty}")
    } else if argument.ty.is_required() {
        format!("{name}: {ty}")
    } else {
        format!("{name}: {ty}? = nil")
    }
}

/// The content of a file goes without saying where it comes first.
pub(super) fn is_unlabelled(call: &Call, argument: &CallArgument) -> bool {
    is_content(argument)
        && call
            .arguments
            .first()
            .is_some_and(|first| first.name == argument.name)
}

/// A type as it is written in an extension of a type inside of `Pluvo`.
fn qualified(ty: &Type) -> String {
    match ty {
        Type::NonNull(inner) => qualified(inner),
        Type::List(item) => format!("[{}]", qualified(item)),
        Type::Map(item) => format!("[String: {}]", qualified(item)),
        Type::Scalar(Scalar::Id | Scalar::Uuid | Scalar::Date | Scalar::Json | Scalar::Upload)
        | Type::Enum(_)
        | Type::Object(_)
        | Type::Union(_)
        | Type::Input(_)
        | Type::Opaque(_) => format!("Pluvo.{}", value_type(ty)),
        Type::Scalar(_) => value_type(ty),
    }
}

fn body(call: &Call, selects: bool) -> String {
    let given: Vec<String> = call
        .arguments
        .iter()
        .filter(|argument| !is_content(argument))
        .map(|argument| {
            let name = declared(&argument.name);
            let is_decimal = *argument.ty.nullable() == Type::Scalar(Scalar::Decimal);
            let value = match (is_decimal, argument.ty.is_required()) {
                (false, _) => name,
                (true, true) => format!("{name}.plain"),
                (true, false) => format!("{name}?.plain"),
            };
            format!("{:?}: {value}", label(&argument.name))
        })
        .collect();
    let name = &call.name;
    let options = if selects {
        "options.selecting(selection)"
    } else {
        "options"
    };
    let content = call.arguments.iter().find(|argument| is_content(argument));
    let content = content.map_or("nil".to_owned(), |argument| declared(&argument.name));
    let made = |arguments: &str| match call.kind {
        CallKind::List => format!("Pluvo.List(core, {name:?}, {arguments})"),
        CallKind::File => format!("try await core.upload({content}, {name:?}, {arguments}, {options})"),
        _ => format!("try await core.call({name:?}, {arguments}, {options})"),
    };
    let literal = if given.is_empty() {
        "[:]".to_owned()
    } else {
        format!("[{}]", given.join(", "))
    };
    let line = format!("    {}\n", made(&literal));
    if line.len() <= WIDTH {
        return line;
    }
    let mut text = "    let arguments: Arguments = [\n".to_owned();
    text += &given
        .iter()
        .map(|given| format!("      {given},\n"))
        .collect::<Vec<_>>()
        .concat();
    text + &format!("    ]\n    return {}\n", made("arguments"))
}

/// What a call does, an example, and a word on each argument.
fn documentation(ir: &Ir, call: &Call) -> String {
    let mut text = comment(2, &words::call_docs(call, reference));
    text += "  ///\n  /// ```swift\n";
    text += &example(ir, call);
    text += "  /// ```\n";
    if !call.arguments.is_empty() {
        text += "  ///\n  /// - Parameters:\n";
        for argument in &call.arguments {
            let about = words::described(&words::refer(&argument.docs, reference), &argument.origin);
            let docs = format!("- {}: {}", label(&argument.name), about.replace("\n\n", " "));
            for (number, line) in words::wrap(&docs, WIDTH - 10).iter().enumerate() {
                text += &format!("  ///   {}{line}\n", if number == 0 { "" } else { "  " });
            }
        }
        if call.kind != CallKind::List {
            text += "  ///   - options: How the call is made.\n";
        }
    }
    text
}

/// The lines of Swift that make the call, as a comment.
fn example(ir: &Ir, call: &Call) -> String {
    let given: Vec<String> = call
        .arguments
        .iter()
        .filter_map(|argument| {
            let value = match call.example.iter().find(|(name, _)| *name == argument.name) {
                Some((_, value)) => literal(ir, &argument.ty, value),
                // What cannot be written down comes from a call before.
                None if argument.ty.is_required() => label(&argument.name),
                None => return None,
            };
            Some(if is_unlabelled(call, argument) {
                value
            } else {
                format!("{}: {value}", label(&argument.name))
            })
        })
        .collect();
    let name = format!("pluvo.{}", words::camel_call(&call.name));
    let (head, tail) = match (call.kind, &call.returns) {
        (CallKind::List, _) => (format!("for try await row in {name}"), " { print(row) }"),
        (_, None) => (format!("try await {name}"), ""),
        (_, Some(_)) => (format!("let {} = try await {name}", result(call)), ""),
    };
    let margin = "  /// ";
    spread(margin.len(), &head, &given, tail)
        .lines()
        .map(|line| format!("{margin}{}\n", &line[margin.len()..]))
        .collect()
}

/// A name for what comes of a call.
fn result(call: &Call) -> String {
    let ty = call
        .returns
        .as_ref()
        .expect("asked where there is a result")
        .nullable();
    match ty {
        Type::List(item) => match item.innermost() {
            Type::Object(name) | Type::Union(name) => words::camel(name) + "s",
            _ => "values".to_owned(),
        },
        Type::Object(name) => words::camel(name),
        _ => "result".to_owned(),
    }
}
