import Foundation

@testable import Pluvo

/// Carries one call out, by the public methods alone.
struct Caller {
  let pluvo: Pluvo
  let step: CallStep
  /// Where a list goes on.
  let after: Pluvo.Position?
  let clients: Clients
  let stage: Stage
  private let args: Fields

  init(_ pluvo: Pluvo, _ step: CallStep, after: Pluvo.Position?, _ clients: Clients, _ stage: Stage) throws {
    (self.pluvo, self.step, self.after, self.clients, self.stage) = (pluvo, step, after, clients, stage)
    args = try Fields(step.args, step.call)
  }

  var select: String? { step.how.select }

  /// The calls that ``call()`` makes itself, because the library has them by hand.
  static let handwritten: Set = [
    "query", "check", "users.upsert_many", "users.archive_many", "users.sync", "extra_categories.set_values_many",
  ]

  func call() async throws -> Seen {
    switch step.call {
    case "query": try await query()
    case "check": try await value(pluvo.check())
    case "users.upsert_many":
      try await report(
        pluvo.users.upsertMany(
          try need("rows", as: [Pluvo.UserRow].self), key: try take("key"), batch: try take("batch"),
          inFlight: try take("in_flight"), notify: try take("notify")))
    case "users.archive_many":
      try await report(
        pluvo.users.archiveMany(
          try need("rows", as: [Pluvo.UserReference].self), archived: try take("archived"), batch: try take("batch"),
          inFlight: try take("in_flight")))
    case "extra_categories.set_values_many":
      try await report(
        pluvo.extraCategories.setValuesMany(
          contentType: try need("content_type"), try need("rows", as: [Pluvo.ValuesRow].self), batch: try take("batch"),
          inFlight: try take("in_flight")))
    case "users.sync": try await sync()
    default:
      if let dot = step.call.firstIndex(of: ".") {
        try await dispatch(String(step.call[..<dot]), String(step.call[dot...].dropFirst()))
      } else {
        throw Wrong("there is no call \(step.call)")
      }
    }
  }

  // MARK: - Arguments

  func take<Value: Decodable>(_ name: String) throws -> Value? {
    guard let json = args.json(name) else {
      return nil
    }
    // Scenarios write the direction alone.
    if name == "sort_by", case .string = json {
      return try Pluvo.JSON.object(["direction": json]).read()
    }
    return try (Pluvo.JSON.ownNames.contains(name) ? json : json.camelCased).read()
  }

  func need<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
    guard let value: Value = try take(name) else {
      throw Wrong("\(step.call) needs \(name)")
    }
    return value
  }

  // MARK: - Results

  func value(_ answer: some Encodable) throws -> Seen {
    try args.done()
    let json = try Pluvo.JSON(encoding: answer)
    return Seen(value: json.isNull ? nil : json)
  }

  /// Reads a list in the way that the step says.
  func read<Row: Encodable & Sendable>(_ list: Pluvo.List<Row>) async throws -> Seen {
    try args.done()
    if let select {
      return try await rows(list.select(select, as: Pluvo.JSON.self))
    }
    return try await rows(list)
  }

  private func rows<Row: Encodable & Sendable>(_ given: Pluvo.List<Row>) async throws -> Seen {
    let how = step.how
    var list = given
    list = how.pageSize.map { list.pageSize($0) } ?? list
    list = how.limit.map { list.limit($0) } ?? list
    list = how.parallel.map { list.parallel($0) } ?? list
    list = how.prefetch.map { list.prefetch($0) } ?? list
    list = after.map { list.after($0) } ?? list
    var seen = Seen()
    do {
      switch how.read {
      case "pages": try await pages(list, &seen)
      case "items":
        for try await row in list {
          seen.rows.append(try Pluvo.JSON(encoding: row))
          if seen.rows.count == how.take {
            break
          }
        }
      case "all": seen.rows = try await list.toArray().map { try Pluvo.JSON(encoding: $0) }
      case "count": seen.told = try await list.count()
      default: throw Wrong("a list cannot be read by \(how.read)")
      }
    } catch let error as PluvoError {
      seen.error = error
    }
    return seen
  }

  private func pages<Row: Encodable & Sendable>(_ list: Pluvo.List<Row>, _ seen: inout Seen) async throws {
    var reading = list.pages().makeAsyncIterator()
    seen.pages = []
    defer { (seen.told, seen.position) = (reading.count, reading.position) }
    while seen.pages?.count != step.how.take, let page = try await reading.next() {
      seen.pages?.append(page.items.count)
      seen.rows += try page.items.map { try Pluvo.JSON(encoding: $0) }
      if let pause = step.how.pause {
        clients.clock.advance(ms: UInt64(pause.milliseconds))
        try await stage.sandbox.control("POST", "clock", body: ["advance": .string("\(pause.milliseconds)ms")])
      }
    }
  }

  // MARK: - Calls written by hand

  private func query() async throws -> Seen {
    let document = try need("document", as: String.self)
    let variables = args.json("variables") ?? [:]
    let how = step.how
    try args.done()
    if how.partial {
      let answer = try await pluvo.partialQuery(
        document, variables: variables, operationName: how.operationName, repeatable: how.repeatable,
        as: Pluvo.JSON.self)
      return Seen(value: ["data": answer.data ?? .null, "errors": .integer(Int64(answer.errors.count))])
    }
    return Seen(
      value: try await pluvo.query(
        document, variables: variables, operationName: how.operationName, repeatable: how.repeatable))
  }

  /// Needs no client.
  static func verify(_ step: CallStep, _ clients: Clients) throws -> Seen {
    let args = try Fields(step.args, step.call)
    let headers = try args.read("headers", as: [[String]].self) ?? []
    let delivery = try Pluvo.Webhooks.verify(
      body: Data((try args.read("body") ?? "").utf8), headers: headers.map { (key: $0[0], value: $0[1]) },
      keys: try args.read("keys") ?? [], literal: try args.read("literal") ?? false)
    try args.done()
    clients.hear(delivery.event)
    return Seen(value: ["event": .string(delivery.event.rawValue), "raw": .object(delivery.raw)])
  }

  private func report(_ report: Pluvo.Report) throws -> Seen {
    try args.done()
    let rows = try report.outcomes.map { try Pluvo.JSON(encoding: $0) }
    return Seen(value: ["totals": try Pluvo.JSON(encoding: report.totals), "rows": .array(rows)])
  }

  private func sync() async throws -> Seen {
    let rows = try need("rows", as: [Pluvo.SyncRow].self)
    let archiveMissing = try take("archive_missing", as: Bool.self)
    let archiveManagers = try take("archive_managers", as: Bool.self)
    let leaveGroups = try take("leave_groups", as: Bool.self)
    let isApplied = try take("apply", as: Bool.self) ?? false
    var options = Pluvo.ApplyOptions()
    options.archiveShare = try take("archive_share")
    options.archiveAtMost = try take("archive_at_most")
    options.problemShare = try take("problem_share")
    options.notify = try take("notify")
    options.batch = try take("batch")
    options.inFlight = try take("in_flight")
    options.journal = try take("journal", as: String.self).map { clients.folder.appendingPathComponent($0).path }
    try args.done()
    let plan = try await pluvo.users.sync(
      rows, archiveMissing: archiveMissing, archiveManagers: archiveManagers, leaveGroups: leaveGroups)
    clients.hear(plan)
    var value: [String: Pluvo.JSON] = [
      "summary": try Pluvo.JSON(encoding: plan.summary), "steps": try Pluvo.JSON(encoding: plan.steps),
      "problems": try Pluvo.JSON(encoding: plan.problems),
    ]
    if isApplied {
      value["applied"] = try Pluvo.JSON(encoding: try await plan.apply(options))
    }
    return Seen(value: .object(value))
  }

  private func take<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value? {
    try take(name)
  }
}

extension Pluvo.JSON {
  /// Below these, names are the organisation's own.
  static let ownNames = ["values", "values_by_id", "variables"]

  /// Names inside of arguments are those of the API, in snake case.
  var camelCased: Self {
    switch self {
    case .array(let items): .array(items.map(\.camelCased))
    case .object(let fields):
      .object(
        Dictionary(
          uniqueKeysWithValues: fields.map { name, value in
            (Self.camel(name), Self.ownNames.contains(name) ? value : value.camelCased)
          }))
    default: self
    }
  }

  private static func camel(_ name: String) -> String {
    let words = name.split(separator: "_", omittingEmptySubsequences: false)
    return words.dropFirst().reduce(String(words[0])) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
  }
}

/// As scenarios write the content of a file: its text.
extension Pluvo.Content: Decodable {
  public init(from decoder: any Decoder) throws {
    self = .data(Data(try decoder.singleValueContainer().decode(String.self).utf8))
  }
}
