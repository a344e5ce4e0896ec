@testable import Pluvo

/// What is to be true at the end: requests, faults, waits, secrets.
enum Account {
  static func of(_ log: [Pluvo.JSON], token: Bool) -> [Pluvo.JSON] {
    log.filter { $0["path"]?.string == (token ? "/oauth/token/" : "/graphql/") }
  }

  /// What differs in the requests.
  static func requests(_ expect: Fields, _ log: [Pluvo.JSON]) throws -> [String] {
    let (tokens, graphql) = (of(log, token: true), of(log, token: false))
    var wrong: [String] = []
    wrong += try number("requests for tokens", expect.json("tokens"), tokens.count)
    wrong += try number("GraphQL requests", expect.json("graphql"), graphql.count)
    wrong += try number("connections", expect.json("connections"), Set(log.compactMap { $0["connection"] }).count)
    let inFlight = log.compactMap { entry -> Int? in try? entry["in_flight"]?.read() }
    wrong += try number("in flight", expect.json("in_flight"), inFlight.max() ?? 0)
    wrong += try number("requests elsewhere", 0, log.count - tokens.count - graphql.count)
    for request in expect.json("requests")?.items ?? [] {
      let fields = try Fields(request, "request")
      let all = try fields.read("on") == "token" ? tokens : graphql
      var chosen = Array(all.enumerated())
      if let nth = try fields.read("nth", as: Int.self) {
        chosen = Array(chosen.dropFirst(nth - 1).prefix(1))
      }
      if chosen.isEmpty {
        wrong.append("there was no such request: \(request.text)")
      }
      for (at, entry) in chosen {
        wrong += try one(request, entry).map { "request \(at + 1): \($0)" }
      }
    }
    return wrong
  }

  private static func number(_ what: String, _ expected: Pluvo.JSON?, _ seen: Int) throws -> [String] {
    let isRight: Bool
    switch expected {
    case nil: isRight = true
    case .array(let range): isRight = try (range[0].read() as Int)...(range[1].read() as Int) ~= seen
    case .some(let exactly): isRight = try exactly.read() == seen
    }
    return isRight ? [] : ["\(what): \(expected?.text ?? "") expected, \(seen) seen"]
  }

  private static func one(_ expected: Pluvo.JSON, _ seen: Pluvo.JSON) throws -> [String] {
    let fields = try Fields(expected, "request")
    _ = (fields.json("on"), fields.json("nth"))
    var wrong: [String] = []
    for (name, key) in [("operation", "operation"), ("version", "version")] {
      if let value = fields.json(name), value != seen[key] {
        wrong.append("\(name) \(value.text) expected, \(seen[key]?.text ?? "none") seen")
      }
    }
    let variables = seen["variables"].flatMap { $0.isNull ? nil : $0 } ?? [:]
    wrong += variables.lacks(fields.json("variables") ?? [:], at: "variables").map { [$0] } ?? []
    let without = try fields.read("without", as: [String].self) ?? []
    wrong += without.filter { !(variables[$0] ?? .null).isNull }.map { "the variable \($0) was sent" }
    let query = seen["query"]?.string ?? ""
    for text in try fields.read("query_says", as: [String].self) ?? [] where !query.contains(text) {
      wrong.append("the document lacks \(text): \(query)")
    }
    for text in try fields.read("query_never", as: [String].self) ?? [] where query.contains(text) {
      wrong.append("the document has \(text): \(query)")
    }
    for (name, value) in try fields.read("headers", as: [String: Pluvo.JSON].self) ?? [:] {
      let header = seen["headers"]?[name]?.string
      let isRight = value.string.map { header?.contains($0) ?? false } ?? (header == nil)
      if !isRight {
        wrong.append("header \(name): \(value.text) expected, \(header ?? "none") seen")
      }
    }
    for (name, value) in try fields.read("form", as: [String: Pluvo.JSON].self) ?? [:] {
      let field = seen["form"]?[name]?.string
      if value.string != field {
        wrong.append("form field \(name): \(value.text) expected, \(field ?? "none") seen")
      }
    }
    try fields.done()
    return wrong
  }

  /// Faults that were not hit although planned, or hit although they were not to be.
  static func faults(unhit: [String], _ planned: [Pluvo.JSON]) -> [String] {
    var wrong: [String] = []
    for plan in planned {
      let name = plan["fault"]?["name"]?.string ?? ""
      let wasHit = plan["hits"] != 0
      if unhit.contains(name) == wasHit {
        wrong.append("the fault \(plan["fault"]?.text ?? "") was \(wasHit ? "hit" : "not hit")")
      }
    }
    let known = planned.compactMap { $0["fault"]?["name"]?.string }
    return wrong + unhit.filter { !known.contains($0) }.map { "there is no fault \($0)" }
  }

  /// Mail that was not expected, or did not go out.
  static func outbox(_ expected: Pluvo.JSON, _ mails: Pluvo.JSON) -> [String] {
    let sent = mails.items.map { mail -> Pluvo.JSON in
      ["operation": mail["operation"] ?? .null, "people": .integer(Int64(mail["to"]?.items.count ?? 0))]
    }
    return expected == .array(sent) ? [] : ["mail: \(expected.text) expected, \(Pluvo.JSON.array(sent).text) seen"]
  }

  /// What differs in the waits, which are in seconds.
  static func waits(_ expected: Pluvo.JSON, _ waits: [Double]) throws -> [String] {
    let fields = try Fields(expected, "waited")
    let sum = waits.reduce(0, +)
    var wrong = try number("waits", fields.json("times"), waits.count)
    if let least = try fields.span("least"), sum < least.seconds {
      wrong.append("waited \(sum) s in all, at least \(least) expected")
    }
    if let most = try fields.span("most"), sum > most.seconds {
      wrong.append("waited \(sum) s in all, at most \(most) expected")
    }
    try fields.done()
    return wrong
  }

  /// Secrets that stand in a text.
  static func leaks(_ secrets: [String], in text: String, _ what: String) -> [String] {
    secrets.compactMap { secret in
      text.range(of: secret).map { "\(secret) stands in \(what), after: \(text[..<$0.lowerBound].suffix(120))" }
    }
  }
}
