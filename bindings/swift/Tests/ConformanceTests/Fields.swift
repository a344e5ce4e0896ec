import Foundation

@testable import Pluvo

/// What is wrong with a scenario or with its run, in words.
struct Wrong: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// The fields of an object of a scenario. A field that nobody asked for is an error: it would be a promise that is not
/// checked.
final class Fields {
  private var fields: [String: Pluvo.JSON]
  private let what: String

  init(_ json: Pluvo.JSON?, _ what: String) throws {
    switch json {
    case nil: fields = [:]
    case .object(let fields): self.fields = fields
    default: throw Wrong("\(what) is no object")
    }
    self.what = what
  }

  func json(_ name: String) -> Pluvo.JSON? {
    fields.removeValue(forKey: name)
  }

  func read<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value? {
    try json(name).map { try $0.read(as: type) }
  }

  func object(_ name: String) throws -> Fields {
    try Fields(json(name), "\(what).\(name)")
  }

  func span(_ name: String) throws -> Duration? {
    try read(name, as: String.self).map { try Span.read($0) }
  }

  func done() throws {
    if !fields.isEmpty {
      throw Wrong("\(what): unknown \(fields.keys.sorted().joined(separator: ", "))")
    }
  }
}

extension Pluvo.JSON {
  func read<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
    try JSONCoding.decoder().decode(type, from: try JSONCoding.encoder().encode(self))
  }

  /// A value of the SDK by the names of the API.
  init(encoding value: some Encodable) throws {
    self = try JSONCoding.decoder().decode(Self.self, from: try JSONCoding.encoder().encode(value))
  }

  var text: String {
    (try? JSONCoding.text(self)) ?? "?"
  }

  var items: [Pluvo.JSON] {
    if case .array(let items) = self { items } else { [] }
  }

  var isNull: Bool { self == .null }

  /// What a row is told apart by: its id, or its person's.
  var rowID: String? { (self["id"] ?? self["user"]?["id"])?.string }

  /// What an expected value has and this one has not. Objects may have more fields than expected.
  func lacks(_ expected: Pluvo.JSON, at place: String) -> String? {
    switch (expected, self) {
    case (.object(let wanted), .object(let seen)):
      for (field, value) in wanted.sorted(by: { $0.key < $1.key }) {
        if let wrong = (seen[field] ?? .null).lacks(value, at: "\(place).\(field)") {
          return wrong
        }
      }
      return nil
    case (.array(let wanted), .array(let seen)) where wanted.count == seen.count:
      for (number, (value, seen)) in zip(wanted, seen).enumerated() {
        if let wrong = seen.lacks(value, at: "\(place).\(number)") {
          return wrong
        }
      }
      return nil
    case (.integer(let wanted), .number(let seen)) where Double(wanted) == seen: return nil
    case (.number(let wanted), .integer(let seen)) where wanted == Double(seen): return nil
    default: return expected == self ? nil : "\(place): \(expected.text) expected, \(text) seen"
    }
  }
}

/// A length of time as scenarios write it: `150ms`, `2s`, `5m`, `1h 30m`, `-24h`.
enum Span {
  static func read(_ text: String) throws -> Duration {
    var sum = 0.0
    let isNegative = text.hasPrefix("-")
    for part in text.drop(while: { $0 == "-" }).split(separator: " ") {
      let unit = part.drop { $0.isNumber || $0 == "." }
      guard let number = Double(part.dropLast(unit.count)), let seconds = units[String(unit)] else {
        throw Wrong("not a length of time: \(text)")
      }
      sum += number * seconds
    }
    return .seconds(isNegative ? -sum : sum)
  }

  private static let units = ["ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400]
}

extension Duration {
  var milliseconds: Int64 { Int64((seconds * 1000).rounded()) }
}
