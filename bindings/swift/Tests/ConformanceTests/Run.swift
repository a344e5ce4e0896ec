import Foundation
import PluvoInternal
import PluvoTesting

@testable import Pluvo

/// Runs one scenario and says what was wrong with what came of it.
final class Run {
  private let stage: Stage
  private let clients: Clients
  private let log: Heard
  private var positions: [String: Pluvo.Position] = [:]
  private var background: [String: (CallStep, Task<Seen, any Error>)] = [:]
  /// The lists that were read, and their rows.
  private var lists: [(step: CallStep, rows: [Pluvo.JSON])] = []
  private var wrong: [String] = []

  init(_ draft: Scenario, truth: Pluvo.JSON, log: Heard) async throws {
    let clock = TestClock()
    let today = Date(timeIntervalSince1970: Double(clock.wall()) / 1000)
    stage = try await Stage(draft, truth: truth, today: today)
    clients = try Clients(stage, clock)
    self.log = log
  }

  func whole() async throws -> [String] {
    defer { stage.stop() }
    for (number, step) in stage.scenario.steps.enumerated() {
      let known = wrong.count
      do {
        try await take(step)
      } catch {
        throw Wrong("step \(number + 1): \(error)")
      }
      for index in known..<wrong.count {
        wrong[index] = "step \(number + 1): \(wrong[index])"
      }
    }
    try await end()
    return wrong
  }

  private func take(_ step: Pluvo.JSON) async throws {
    if step["call"] != nil {
      return try await call(try CallStep(step))
    }
    let fields = try Fields(step, "step")
    if let name = try fields.read("join", as: String.self) {
      let (call, work) = try begun(name)
      try judge(call, fields.json("expect"), try await work.value)
    } else if let name = try fields.read("cancel", as: String.self) {
      try await cancel(try begun(name).1, name)
    } else if let until = fields.json("until") {
      try await wait(until: try Fields(until, "until"))
    } else if let advance = fields.json("advance") {
      try await pass(try Fields(advance, "advance"))
    } else {
      let control = try fields.object("control")
      let path = try control.read("path", as: String.self) ?? ""
      try await stage.sandbox.control(
        try control.read("method") ?? "", String(path.dropFirst("/__sandbox/".count)), body: control.json("body"))
      try control.done()
    }
    try fields.done()
  }

  private func begun(_ name: String) throws -> (CallStep, Task<Seen, any Error>) {
    guard let begun = background.removeValue(forKey: name) else {
      throw Wrong("nothing was begun under the name \(name)")
    }
    return begun
  }

  private func call(_ step: CallStep) async throws {
    var after = step.how.afterText.map { Pluvo.Position($0) }
    if let name = step.how.after {
      after = positions[name]
      guard after != nil else {
        throw Wrong("no position was kept as \(name)")
      }
    }
    let begin = { [clients, stage, after] in
      Task { try await Self.made(step, after, clients, stage) }
    }
    if let name = step.background {
      background[name] = (step, begin())
      return
    }
    let calls = (0..<step.concurrently).map { _ in begin() }
    for call in calls {
      try judge(step, step.expect, try await call.value)
    }
  }

  private static func made(
    _ step: CallStep, _ after: Pluvo.Position?, _ clients: Clients, _ stage: Stage
  ) async throws -> Seen {
    var seen = Seen()
    do {
      if step.call == "webhooks.verify" {
        seen = try Caller.verify(step, clients)
      } else {
        let client = try await clients.client(step.client)
        seen = try await Caller(client, step, after: after, clients, stage).call()
      }
    } catch let error as PluvoError {
      seen.error = error
    }
    if let error = seen.error {
      clients.hear(error)
      clients.hear(error.failure)
    }
    return seen
  }

  private func cancel(_ work: Task<Seen, any Error>, _ name: String) async throws {
    work.cancel()
    do {
      _ = try await work.value
    } catch is CancellationError {
      return
    }
    throw Wrong("\(name) was over before it could be given up")
  }

  private func judge(_ step: CallStep, _ expect: Pluvo.JSON?, _ seen: Seen) throws {
    wrong += try Check.outcome(expect, seen)
    if let rows = expect?["rows"], rows != "kept" {
      wrong += try Check.rows(rows, seen.rows, before: try stage.rows(of: step.call, step.args))
    }
    if let name = step.how.keep {
      positions[name] = seen.position
      if seen.position == nil {
        wrong.append("there is no position to keep as \(name)")
      }
    }
    if stage.isList(step.call) {
      lists.append((step, seen.rows))
    }
  }

  private func wait(until fields: Fields) async throws {
    let (tokens, graphql) = (try fields.read("tokens") ?? 0, try fields.read("graphql") ?? 0)
    try fields.done()
    // What never comes is given up with the scenario, after minutes.
    while !Task.isCancelled {
      let log = try await stage.log()
      if Account.of(log, token: true).count >= tokens, Account.of(log, token: false).count >= graphql {
        return
      }
      await Task.yield()
    }
    throw Wrong("\(tokens) requests for tokens and \(graphql) others never came")
  }

  private func pass(_ fields: Fields) async throws {
    if let sandbox = try fields.span("sandbox") {
      try await stage.sandbox.control("POST", "clock", body: ["advance": .string("\(sandbox.milliseconds)ms")])
    }
    if let client = try fields.span("client") {
      clients.clock.advance(ms: UInt64(client.milliseconds))
    }
    if let calendar = try fields.span("calendar") {
      clients.clock.shiftWall(ms: calendar.milliseconds)
    }
    try fields.done()
  }

  private func end() async throws {
    let expect = try Fields(stage.scenario.json["expect"], "expect")
    let log = try await stage.log()
    let planned = try await stage.sandbox.control("GET", "faults")["faults"]?.items ?? []
    wrong += try Account.requests(expect, log)
    wrong += Account.faults(unhit: try expect.read("unhit") ?? [], planned)
    wrong += Account.outbox(expect.json("outbox") ?? [], try await stage.sandbox.control("GET", "outbox"))
    let trapped = try await stage.trapped()
    if trapped > 0 {
      wrong.append("\(trapped) requests went to the host that may not be called")
    }
    if let waited = expect.json("waited") {
      wrong += try Account.waits(waited, clients.clock.waits())
    }
    let said = self.log.text
    for text in try expect.read("logs", as: [String].self) ?? [] where !said.contains(text) {
      wrong.append("the log does not say \(text)")
    }
    let secrets = secrets(try expect.read("secrets") ?? [])
    wrong += Account.leaks(secrets, in: said, "the log")
    wrong += Account.leaks(secrets, in: await clients.told(), "what the client gave off")
    if let mode = try expect.read("store_mode", as: String.self) {
      let seen = await clients.storeMode()
      if seen != mode {
        wrong.append("the token file's mode: \(mode) expected, \(seen ?? "none") seen")
      }
    }
    try await rows(expect.json("rows"))
    try expect.done()
    if !wrong.isEmpty {
      let entries = log.prefix(40).map { entry in
        ["operation", "variables", "status", "fault"].map { entry[$0]?.text ?? "" }.joined(separator: " ")
      }
      wrong.append("the requests were:\n\(entries.joined(separator: "\n"))")
    }
  }

  private func secrets(_ further: [String]) -> [String] {
    let auth = stage.scenario.json["client"]?["auth"]
    let own: String? =
      switch auth?["kind"]?.string ?? "credentials" {
      case "credentials": auth?["secret"]?.string ?? Sandbox.clientSecret
      case "token": auth?["value"]?.string
      default: nil
      }
    // Every token of a sandbox begins so.
    return further + ["sandbox-token-"] + (own.map { [$0] } ?? [])
  }

  /// The rows of all steps together, and those that need a reading at the end.
  private func rows(_ together: Pluvo.JSON?) async throws {
    for (step, rows) in lists where step.expect?["rows"] == "kept" {
      wrong += try Check.rows(
        "kept", rows, before: try stage.rows(of: step.call, step.args),
        after: try await stage.rowsNow(of: step.call, step.args))
    }
    if let together, let first = lists.first?.step {
      let after = together == "kept" ? try await stage.rowsNow(of: first.call, first.args) : []
      wrong += try Check.rows(
        together, lists.flatMap(\.rows), before: try stage.rows(of: first.call, first.args), after: after)
    }
  }
}
