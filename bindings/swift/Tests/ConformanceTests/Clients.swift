import Foundation
import PluvoInternal
import PluvoTesting

@testable import Pluvo

/// The clients of a scenario, on one held clock, and everything that they give off.
actor Clients {
  nonisolated let clock: TestClock
  private let stage: Stage
  private let settings: Pluvo.JSON?
  private let store: URL?
  /// A folder of the scenario's own, for token files and journals.
  nonisolated let folder: URL
  private var clients: [String: Pluvo] = [:]
  private nonisolated let heard = Heard()

  init(_ stage: Stage, _ clock: TestClock) throws {
    (self.stage, self.clock) = (stage, clock)
    settings = stage.scenario.json["client"]
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    store = try Self.store(settings?["store"], in: folder)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  /// The client of a name, made when it is first asked for.
  func client(_ name: String) async throws -> Pluvo {
    if let client = clients[name] {
      return client
    }
    let made = try await make()
    // Another call may have made it while this one waited for a token of the sandbox.
    let client = clients[name] ?? made
    clients[name] = client
    return client
  }

  nonisolated func hear(_ what: Any) {
    heard.hear("\(what) \(String(reflecting: what))")
  }

  /// Errors, hook events, and the debug forms of the clients.
  func told() -> String {
    for client in clients.values {
      var dumped = ""
      dump(client, to: &dumped)
      heard.hear("\(client) \(String(reflecting: client)) \(dumped)")
    }
    return heard.text
  }

  func storeMode() -> String? {
    guard let store, let facts = try? FileManager.default.attributesOfItem(atPath: store.path) else {
      return nil
    }
    return (facts[.posixPermissions] as? NSNumber).map { String($0.intValue, radix: 8) }
  }

  private func make() async throws -> Pluvo {
    let fields = try Fields(settings, "client")
    let auth = try fields.object("auth")
    let organization = try fields.read("organization", as: String.self) ?? stage.sandbox.url.absoluteString
    _ = fields.json("store")
    let configuration = try configuration(fields)
    heard.hear("\(configuration)")
    let kind = try auth.read("kind", as: String.self) ?? "credentials"
    switch kind {
    case "credentials":
      let id = try auth.read("id") ?? Sandbox.clientID
      let secret = try auth.read("secret") ?? Sandbox.clientSecret
      try auth.done()
      return try Pluvo(configuration, clock: clock) {
        ($0.organization, $0.clientId, $0.clientSecret) = (organization, id, secret)
      }
    case "token":
      var token = try auth.read("value", as: String.self)
      try auth.done()
      if token == nil {
        token = try await stage.sandbox.token()
      }
      return try Pluvo(configuration, clock: clock) { ($0.organization, $0.token) = (organization, token) }
    case "provider":
      let provider = try provider(try auth.read("does") ?? "")
      try auth.done()
      return try Pluvo(configuration, provider: provider, clock: clock) { $0.organization = organization }
    default: throw Wrong("there is no auth \(kind)")
    }
  }

  private func configuration(_ fields: Fields) throws -> Pluvo.Configuration {
    var made = Pluvo.Configuration()
    made.scopes = try fields.read("scopes")
    made.maxBody = try fields.read("max_body")
    made.userAgent = try fields.read("user_agent")
    made.tokenStore = store
    made.proxy = Pluvo.Configuration.Proxy.none
    if try fields.read("trust") ?? false {
      made.certificateAuthority = stage.sandbox.certificateAuthority
    }
    let retry = try fields.object("retry")
    made.retry.maxAttempts = try retry.read("max_attempts")
    made.retry.baseDelay = try retry.span("base_delay")
    made.retry.maxDelay = try retry.span("max_delay")
    made.retry.total = try retry.span("total")
    made.retry.maxRetryAfter = try retry.span("max_retry_after")
    let budget = try fields.object("retry_budget")
    made.retryBudget.ratio = try budget.read("ratio")
    made.retryBudget.window = try budget.span("window")
    made.retryBudget.reserve = try budget.read("reserve")
    let renewal = try fields.object("renewal")
    made.renewal.ahead = try renewal.span("ahead")
    made.renewal.margin = try renewal.span("margin")
    made.renewal.pause = try renewal.span("pause")
    made.renewal.providerTimeout = try renewal.span("provider_timeout")
    let limits = try fields.object("limits")
    made.limits.inFlight = try limits.read("in_flight")
    made.limits.rate = try limits.read("rate")
    let timeouts = try fields.object("timeouts")
    made.timeouts.connect = try timeouts.span("connect")
    made.timeouts.read = try timeouts.span("read")
    made.timeouts.attempt = try timeouts.span("attempt")
    for part in [fields, retry, budget, renewal, limits, timeouts] {
      try part.done()
    }
    made.onAttempt = { [heard] in heard.hear("\($0)") }
    return made
  }

  private func provider(_ does: String) throws -> Pluvo.TokenProvider {
    switch does {
    case "fresh":
      let sandbox = stage.sandbox
      return { Pluvo.Token(try await sandbox.token()) }
    case "fails": return { throw Wrong("the vault is shut") }
    case "hangs":
      return {
        for await _ in AsyncStream<Void>(unfolding: { try? await Task.sleep(for: .seconds(3600)) }) {}
        throw CancellationError()
      }
    case "empty": return { Pluvo.Token("") }
    case "expired": return { Pluvo.Token("once-good", expiresIn: .zero) }
    default: throw Wrong("there is no provider that \(does)")
    }
  }

  private static func store(_ json: Pluvo.JSON?, in folder: URL) throws -> URL? {
    guard let json else {
      return nil
    }
    let fields = try Fields(json, "store")
    let file = folder.appendingPathComponent("token.json")
    if let holds = try fields.read("holds", as: String.self) {
      // As the SDK would have left it, or its mode alone would be reason enough not to read it.
      _ = FileManager.default.createFile(
        atPath: file.path, contents: Data(holds.utf8), attributes: [.posixPermissions: 0o600])
    }
    try fields.done()
    return file
  }
}

/// What was given off, from any thread.
final class Heard: @unchecked Sendable {
  private let lock = NSLock()
  private var lines: [String] = []

  func hear(_ line: String) {
    lock.withLock { lines.append(line) }
  }

  func forget() {
    lock.withLock { lines.removeAll() }
  }

  var text: String {
    lock.withLock { lines.joined(separator: "\n") }
  }
}
