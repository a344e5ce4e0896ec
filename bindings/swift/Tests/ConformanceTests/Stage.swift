import Foundation
import PluvoTesting

@testable import Pluvo

/// A scenario with everything round it in place: sandbox, trap, plain reading, settings, faults.
final class Stage: Sendable {
  let sandbox: Sandbox
  let scenario: Scenario
  private let trap: Sandbox
  /// Where lists are read plainly: the same data without TLS, which a plain client would not trust.
  private let plain: Sandbox
  private let truth: Pluvo.JSON
  private let lists: [String: [Pluvo.JSON]]
  private let settings: Pluvo.JSON
  private let nobody: ClosedPort

  init(_ draft: Scenario, truth: Pluvo.JSON, today: Date) async throws {
    let setup = try Fields(draft.json["sandbox"], "sandbox")
    var arguments: [String] = []
    for name in ["users", "groups", "trainings", "seed"] {
      arguments += try setup.read(name, as: Int.self).map { ["--\(name)", String($0)] } ?? []
    }
    let tls = try setup.read("tls", as: String.self)
    let secure = tls.map { ["--tls=\($0.replacingOccurrences(of: "_", with: "-"))"] } ?? []
    sandbox = try await Sandbox.start(arguments: arguments + secure)
    plain = tls == nil ? sandbox : try await Sandbox.start(arguments: arguments)
    trap = try await Sandbox.start()
    nobody = try ClosedPort()
    self.truth = truth
    let filling = Filling(sandbox: sandbox.url, trap: trap.url, nobody: nobody.number, today: today) { [plain] list in
      try await Self.rows(of: list, [:], truth, plain)
    }
    scenario = Scenario(name: draft.name, json: try await filling.fill(draft.json))
    var lists: [String: [Pluvo.JSON]] = [:]
    for (call, args) in Self.listsWanted(of: scenario, truth) {
      let key = Self.key(call, args)
      if lists[key] == nil {
        lists[key] = try await Self.rows(of: call, args, truth, plain)
      }
    }
    self.lists = lists
    settings = try await sandbox.control("GET", "settings")
    try await breakThings()
  }

  func stop() {
    for sandbox in [sandbox, trap, plain] {
      sandbox.stop()
    }
  }

  func isList(_ call: String) -> Bool { truth[call] != nil }

  /// The rows that a plain reading found at the start.
  func rows(of call: String, _ args: Pluvo.JSON) throws -> [Pluvo.JSON] {
    guard let rows = lists[Self.key(call, args)] else {
      throw Wrong("\(call) was not read beforehand")
    }
    return rows
  }

  /// The rows that are there now, with everything that was broken made whole. The log is lost by it.
  func rowsNow(of call: String, _ args: Pluvo.JSON) async throws -> [Pluvo.JSON] {
    try await sandbox.control("DELETE", "faults")
    try await sandbox.control("POST", "clock", body: ["hold": false])
    try await sandbox.control("POST", "settings", body: settings)
    return try await Self.rows(of: call, args, truth, sandbox)
  }

  func log() async throws -> [Pluvo.JSON] {
    try await sandbox.control("GET", "log").items
  }

  /// How many requests came to the sandbox that nobody may call.
  func trapped() async throws -> Int {
    try await trap.control("GET", "log").items.count
  }

  private func breakThings() async throws {
    let setup = try Fields(scenario.json["sandbox"], "sandbox")
    for known in ["users", "groups", "trainings", "seed", "tls"] {
      _ = setup.json(known)
    }
    if let settings = setup.json("settings") {
      try await sandbox.control("POST", "settings", body: settings)
    }
    if try setup.read("held") ?? false {
      try await sandbox.control("POST", "clock", body: ["hold": true])
    }
    try await sandbox.control("POST", "faults", body: setup.json("faults") ?? [])
    try await sandbox.control("DELETE", "log")
    try setup.done()
  }

  /// The lists of which the scenario says what their rows are.
  private static func listsWanted(of scenario: Scenario, _ truth: Pluvo.JSON) -> [(String, Pluvo.JSON)] {
    let all = scenario.json["expect"]?["rows"] != nil
    return scenario.steps.compactMap { step in
      guard let call = step["call"]?.string, step["expect"]?["rows"] != nil || (all && truth[call] != nil) else {
        return nil
      }
      return (call, step["args"] ?? [:])
    }
  }

  private static func key(_ call: String, _ args: Pluvo.JSON) -> String {
    ([call] + ["id", "ref"].compactMap { args[$0]?.string }).joined(separator: " ")
  }

  /// All rows of a list as a plain client reads them: with the document of `truth.json`, page after page.
  private static func rows(
    of list: String, _ args: Pluvo.JSON, _ truth: Pluvo.JSON, _ sandbox: Sandbox
  ) async throws -> [Pluvo.JSON] {
    guard let document = truth[list]?["query"], let path = truth[list]?["path"]?.items.compactMap(\.string) else {
      throw Wrong("truth.json has nothing for \(list)")
    }
    var request = HTTPRequest(method: "POST", url: sandbox.url.appendingPathComponent("graphql/"))
    request.authorize(with: try await sandbox.token())
    var (rows, after): ([Pluvo.JSON], Pluvo.JSON) = ([], .null)
    while true {
      var variables: [String: Pluvo.JSON] = ["after": after]
      for name in ["id", "ref"] {
        variables[name] = args[name]
      }
      let body: Pluvo.JSON = ["query": document, "variables": .object(variables)]
      request.body = try JSONEncoder().encode(body)
      let answer = try JSONDecoder().decode(Pluvo.JSON.self, from: try await request.send().body)
      let found = path.reduce(answer["data"]) { $0?[$1] }
      guard case .array(let edges)? = found?["edges"] else {
        throw Wrong("the plain reading got no list: \(answer.text)")
      }
      rows += edges.map { $0["node"] ?? .null }
      if found?["pageInfo"]?["hasNextPage"] != true {
        return rows
      }
      after = found?["pageInfo"]?["endCursor"] ?? .null
    }
  }
}

/// Fills placeholders in: `${sandbox}`, `${trap}`, `${nobody}`, `${date +30s}`, `${users.list/0/id}`.
private struct Filling {
  let sandbox: URL
  let trap: URL
  let nobody: Int
  let today: Date
  let rows: (String) async throws -> [Pluvo.JSON]

  func fill(_ json: Pluvo.JSON) async throws -> Pluvo.JSON {
    switch json {
    case .string(let text): return .string(try await filled(text))
    case .array(let items):
      var filled: [Pluvo.JSON] = []
      for item in items {
        filled.append(try await fill(item))
      }
      return .array(filled)
    case .object(let fields):
      var filled: [String: Pluvo.JSON] = [:]
      for (name, value) in fields {
        filled[name] = try await fill(value)
      }
      return .object(filled)
    default: return json
    }
  }

  private func filled(_ text: String) async throws -> String {
    var parts = text.components(separatedBy: "${")
    var filled = parts.removeFirst()
    for part in parts {
      guard let end = part.firstIndex(of: "}") else {
        throw Wrong("no end of a placeholder in \(text)")
      }
      filled += try await value(String(part[..<end])) + part[part.index(after: end)...]
    }
    return filled
  }

  private func value(_ name: String) async throws -> String {
    if name.hasPrefix("date ") {
      let distance = name.dropFirst("date ".count)
      let span = try Span.read(distance.replacingOccurrences(of: "+", with: ""))
      return httpDate(today.addingTimeInterval(span.seconds))
    }
    let parts = name.split(separator: "/").map(String.init)
    switch parts.first {
    case "sandbox": return sandbox.withoutSlash
    case "trap": return trap.withoutSlash
    case "nobody": return "http://127.0.0.1:\(nobody)"
    default:
      guard parts.count == 3, let number = Int(parts[1]), let row = try await rows(parts[0])[safe: number],
        let text = row[parts[2]]?.string
      else {
        throw Wrong("no such placeholder: \(name)")
      }
      return text
    }
  }

  private func httpDate(_ date: Date) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: "GMT")
    format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    return format.string(from: date)
  }
}

extension URL {
  fileprivate var withoutSlash: String {
    absoluteString.hasSuffix("/") ? String(absoluteString.dropLast()) : absoluteString
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
