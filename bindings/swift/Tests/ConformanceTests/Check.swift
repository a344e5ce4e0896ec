@testable import Pluvo

/// Holds what came of a call against what was expected of it.
enum Check {
  /// What differs, but for which rows came.
  static func outcome(_ expect: Pluvo.JSON?, _ seen: Seen) throws -> [String] {
    let fields = try Fields(expect, "expect")
    var wrong: [String] = []
    func same(_ what: String, _ expected: String?, _ seen: String) {
      if let expected, expected != seen {
        wrong.append("\(what): \(expected) expected, \(seen) seen")
      }
    }
    same("rows", try fields.read("count", as: Int.self).map(String.init), String(seen.rows.count))
    if let pages = try fields.read("pages", as: [Int].self), let read = seen.pages {
      same("pages", "\(pages)", "\(read)")
    }
    if let told = try fields.read("told", as: Int.self), let count = seen.told {
      same("count told", "\(told)", "\(count)")
    }
    if try fields.read("absent") ?? false {
      same("value", "none", seen.value?.text ?? "none")
    }
    if try fields.read("unique") ?? true {
      let ids = seen.rows.compactMap(\.rowID)
      same("distinct rows", String(ids.count), String(Set(ids).count))
    }
    let (each, without) = (fields.json("each"), try fields.read("without", as: [String].self) ?? [])
    for (number, row) in seen.rows.enumerated() {
      wrong += each.flatMap { row.lacks($0, at: "row \(number)") }.map { [$0] } ?? []
      wrong += without.filter { !(row[$0] ?? .null).isNull }.map { "row \(number) has a value for \($0)" }
    }
    for (number, wanted) in try fields.read("row", as: [String: Pluvo.JSON].self) ?? [:] {
      let row = Int(number).flatMap { seen.rows.indices.contains($0) ? seen.rows[$0] : nil }
      wrong += (row ?? .null).lacks(wanted, at: "row \(number)").map { [$0] } ?? []
    }
    if let value = fields.json("value") {
      wrong += (seen.value ?? .null).lacks(value, at: "value").map { [$0] } ?? []
    }
    wrong += try error(fields.json("error"), seen.error)
    _ = fields.json("rows")
    try fields.done()
    return wrong
  }

  private static func error(_ expected: Pluvo.JSON?, _ seen: PluvoError?) throws -> [String] {
    guard let expected else {
      return seen.map { ["no error expected, seen: \($0)"] } ?? []
    }
    let fields = try Fields(expected, "error")
    guard let failure = seen?.failure else {
      return ["an error \(expected.text) expected, none seen"]
    }
    var wrong: [String] = []
    func same(_ what: String, _ expected: String?, _ seen: String) {
      if let expected, expected != seen {
        wrong.append("error's \(what): \(expected) expected, \(seen) seen")
      }
    }
    func seconds(_ seconds: Double) -> String { "\(Int((seconds * 1000).rounded())) ms" }
    same("code", try fields.read("code"), failure.code)
    same("status", try fields.read("status", as: Int.self).map(String.init), failure.status.map(String.init) ?? "none")
    same("attempts", try fields.read("attempts", as: Int.self).map(String.init), String(failure.attempts))
    same("retryable", try fields.read("retryable", as: Bool.self).map(String.init), String(failure.isRetryable))
    same("GraphQL errors", try fields.read("graphql", as: Int.self).map(String.init), String(failure.graphql.count))
    same(
      "retry_after", try fields.read("retry_after", as: Double.self).map(seconds),
      failure.retryAfter.map { seconds($0.seconds) } ?? "none")
    let text = ([failure.message] + failure.causes).joined(separator: ": ").lowercased()
    for says in try fields.read("says", as: [String].self) ?? [] where !text.contains(says.lowercased()) {
      wrong.append("the error does not say \(says): \(text)")
    }
    for never in try fields.read("never", as: [String].self) ?? [] where text.contains(never.lowercased()) {
      wrong.append("the error says \(never): \(text)")
    }
    try fields.done()
    return wrong
  }

  /// Whether these are the rows that were expected, of those that plain readings found at the start and at the end.
  static func rows(
    _ expected: Pluvo.JSON, _ seen: [Pluvo.JSON], before: [Pluvo.JSON], after: [Pluvo.JSON] = []
  ) throws -> [String] {
    switch expected {
    case "all": return equal(before, seen)
    case "kept":
      let kept = Set(before.compactMap(\.rowID)).intersection(after.compactMap(\.rowID))
      let lost = kept.subtracting(seen.compactMap(\.rowID))
      return lost.isEmpty ? [] : ["\(lost.count) rows were lost: \(lost.sorted())"]
    default: return equal(try part(try Fields(expected, "rows"), of: before), seen)
    }
  }

  private static func part(_ fields: Fields, of before: [Pluvo.JSON]) throws -> [Pluvo.JSON] {
    var rows = before
    if let values = try fields.read("where", as: [String: Pluvo.JSON].self) {
      rows.removeAll { row in !values.allSatisfy { row[$0.key] ?? .null == $0.value } }
    }
    if try fields.read("reversed") ?? false {
      rows.reverse()
    }
    rows = Array(rows.dropFirst(try fields.read("skip") ?? 0))
    rows = Array(rows.prefix(try fields.read("first") ?? rows.count))
    try fields.done()
    return rows
  }

  /// The same rows in the same order, each with the same values in the fields that both have.
  private static func equal(_ expected: [Pluvo.JSON], _ seen: [Pluvo.JSON]) -> [String] {
    guard expected.count == seen.count else {
      return ["\(expected.count) rows expected, \(seen.count) seen"]
    }
    for (number, (expected, seen)) in zip(expected, seen).enumerated() {
      if let wrong = differs(expected, seen) {
        return ["row \(number): \(wrong)"]
      }
    }
    return []
  }

  private static func differs(_ expected: Pluvo.JSON, _ seen: Pluvo.JSON) -> String? {
    guard expected.rowID == seen.rowID, case .object(let fields) = expected else {
      return "id \(expected.rowID ?? "none") expected, \(seen.rowID ?? "none") seen"
    }
    for (name, value) in fields {
      guard let other = seen[name] else {
        continue
      }
      let wrong: String?
      if case .object = value {
        wrong = other.lacks(value, at: name)
      } else {
        wrong = value == other ? nil : "\(name): \(value.text) expected, \(other.text) seen"
      }
      if let wrong {
        return wrong
      }
    }
    return nil
  }
}
