//! `Tests/ConformanceTests/Generated/*.swift`: every call by its name in scenarios, made with the public methods.
//!
//! It does not compile where a call of the surface is missing, or where its arguments or result have changed.

use super::resources::is_unlabelled;
use super::text::{call as spread, declared, label};
use crate::codegen::ir::{Call, CallKind};
use crate::codegen::words;

/// The calls of one resource.
pub(super) fn emit(resource: &str, calls: &[&Call]) -> String {
    let cases: Vec<String> = calls.iter().map(|call| case(call)).collect();
    format!(
        "import Pluvo\n\nextension Caller {{\n  func {}(_ method: String) async throws -> Seen {{\n    \
         let calls = pluvo.{}\n    switch method {{\n{}    default: throw Wrong(\"there is no call {resource}.\\(method)\")\n    \
         }}\n  }}\n}}\n",
        declared(resource),
        label(resource),
        cases.concat()
    )
}

/// Which resource a call belongs to, and the names of all calls.
pub(super) fn table(resources: &[String], calls: &[&Call]) -> String {
    let names: Vec<String> = calls
        .iter()
        .map(|call| format!("    {:?},\n", call.name))
        .collect();
    let cases: Vec<String> = resources
        .iter()
        .map(|resource| {
            format!(
                "    case {resource:?}: try await {}(method)\n",
                declared(resource)
            )
        })
        .collect();
    format!(
        "extension Caller {{\n  /// The calls that are made here.\n  static let dispatched: Set = [\n{}  ]\n\n  func dispatch(_ resource: String, _ method: String) async throws -> Seen {{\n    \
         switch resource {{\n{}    default: throw Wrong(\"there is no call \\(resource).\\(method)\")\n    }}\n  }}\n}}\n",
        names.concat(),
        cases.concat()
    )
}

fn case(call: &Call) -> String {
    let mut text = format!("    case {:?}:\n", call.method);
    let given: Vec<String> = call
        .arguments
        .iter()
        .map(|argument| {
            let how = if argument.ty.is_required() { "need" } else { "take" };
            let value = format!("{how}({:?})", words::snake(&argument.name));
            if is_unlabelled(call, argument) {
                value
            } else {
                format!("{}: {value}", label(&argument.name))
            }
        })
        .collect();
    let made = format!("calls.{}", label(&call.method));
    if call.select && matches!(call.kind, CallKind::Get | CallKind::Listing) {
        let mut given = given.clone();
        given.push("select: select".to_owned());
        given.push("as: Pluvo.JSON.self".to_owned());
        text += "      if let select {\n";
        text += &spread(8, &format!("let answer = try await {made}"), &given, "");
        text += "        return try value(answer)\n      }\n";
    }
    text + &match (call.kind, &call.returns) {
        (CallKind::List, _) => {
            let attempt = if given.is_empty() { "" } else { "try " };
            spread(6, &format!("let list = {attempt}{made}"), &given, "")
                + "      return try await read(list)\n"
        }
        (_, Some(_)) => {
            spread(6, &format!("let answer = try await {made}"), &given, "")
                + "      return try value(answer)\n"
        }
        (_, None) => spread(6, &format!("try await {made}"), &given, "") + "      return Seen()\n",
    }
}
