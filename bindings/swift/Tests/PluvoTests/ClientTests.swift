import Foundation
import PluvoTesting
import Samples
import XCTest

@testable import Pluvo

/// What an app does with a client, against a sandbox.
final class ClientTests: XCTestCase {
  private var sandbox: Sandbox!

  override func setUp() async throws {
    sandbox = try await Sandbox.start(users: 120)
  }

  override func tearDown() async throws {
    sandbox.stop()
  }

  /// A client as an app has it: its tokens come from somewhere else.
  private func client(_ configuration: Pluvo.Configuration = .init()) throws -> Pluvo {
    try Pluvo(organization: sandbox.url.absoluteString, configuration: configuration) { [sandbox] in
      Pluvo.Token(try await sandbox!.token(), expiresIn: .seconds(3600))
    }
  }

  private func requests() async throws -> Int {
    try await sandbox.control("GET", "log").items.filter { $0["path"] == "/graphql/" }.count
  }

  // MARK: - Lists

  func testAListIsReadInEveryWay() async throws {
    let pluvo = try client()
    var names: [String] = []
    for try await user in pluvo.users.list() {
      names.append(try XCTUnwrap(user.name))
    }
    XCTAssertEqual(names.count, 120)
    var pages: [Int] = []
    for try await page in pluvo.users.list().pages() {
      pages.append(page.items.count)
      XCTAssertEqual(page.count, 120)
      XCTAssertEqual(page.hasNext, pages.count < 3)
    }
    XCTAssertEqual(pages, [50, 50, 20])
    let parallel = try await pluvo.users.list().parallel(4).toArray()
    XCTAssertEqual(parallel.map(\.name), names)
    let all = try await pluvo.users.list().toArray()
    XCTAssertEqual(all.count, 120)
    let ten = try await pluvo.users.list().toArray(limit: 10)
    XCTAssertEqual(ten.map(\.name), Array(names.prefix(10)))
    let count = try await pluvo.users.list(archived: false).count()
    XCTAssertLessThanOrEqual(count, 120)
    let first = try await pluvo.users.list().first()
    XCTAssertEqual(first?.name, names.first)
    let nobody = try await pluvo.users.list(q: "nobody is called so").first()
    XCTAssertNil(nobody)
  }

  func testAListGoesOnFromAKeptPosition() async throws {
    let pluvo = try client()
    var pages = pluvo.users.list().pageSize(30).pages().makeAsyncIterator()
    let first = try await pages.next()
    let kept = try XCTUnwrap(first?.position)
    let text = try JSONEncoder().encode([kept])
    let position = try JSONDecoder().decode([Pluvo.Position].self, from: text)[0]
    let rest = try await client().users.list().pageSize(30).after(position).toArray()
    XCTAssertEqual(rest.count, 90)
    XCTAssertTrue(Set(rest.map(\.id)).isDisjoint(with: first!.items.map(\.id)))
  }

  func testRowsOfOnesOwn() async throws {
    struct Row: Decodable, Sendable {
      let id: UUID
      let name: String
    }
    let pluvo = try client()
    let rows = try await pluvo.users.list().select("id name", as: Row.self).toArray(limit: 60)
    XCTAssertEqual(rows.count, 60)
    let one = try await pluvo.users.get(id: Pluvo.ID(rows[0].id), select: "id name", as: Row.self)
    XCTAssertEqual(one?.name, rows[0].name)
    let user = try await pluvo.users.get(id: Pluvo.ID(rows[0].id), options: .init(select: "name"))
    XCTAssertEqual(user?.name, rows[0].name)
    XCTAssertNil(user?.email)
  }

  func testAnErrorLeavesAListWhereItWas() async throws {
    var configuration = Pluvo.Configuration()
    configuration.retry.maxAttempts = 1
    let pluvo = try client(configuration)
    try await sandbox.control("POST", "faults", body: ["from": 2, "do": ["kind": "status", "status": 503]])
    var rows = pluvo.users.list().prefetch(false).makeAsyncIterator()
    var read = 0
    do {
      while try await rows.next() != nil { read += 1 }
      XCTFail("the second page fails")
    } catch let error as PluvoError {
      guard case .server(let failure) = error else { return XCTFail("\(error)") }
      XCTAssertEqual(failure.status, 503)
      XCTAssertTrue(failure.isRetryable)
    }
    XCTAssertEqual(read, 50)
    while try await rows.next() != nil { read += 1 }
    XCTAssertEqual(read, 120)
  }

  // MARK: - Queries and writes

  func testQueries() async throws {
    struct Answer: Decodable, Sendable {
      struct User: Decodable, Sendable { let name: String }
      let user: User?
    }
    let pluvo = try client()
    let first = try await pluvo.users.list().first()
    let document = "query($id: ID!) { user(id: $id) { name } }"
    let answer: Answer = try await pluvo.query(document, variables: ["id": first!.id])
    XCTAssertEqual(answer.user?.name, first?.name)
    let json = try await pluvo.query(document, variables: ["id": .string(first!.id.text)], as: Pluvo.JSON.self)
    XCTAssertEqual(json["user"]?["name"]?.string, first?.name)
    let partial = try await pluvo.partialQuery(document, variables: ["id": first!.id], as: Answer.self)
    XCTAssertEqual(partial.data?.user?.name, first?.name)
    XCTAssertEqual(partial.errors, [])
    do {
      _ = try await pluvo.query("query { nonsense }", as: Pluvo.JSON.self)
      XCTFail("there is no such field")
    } catch let error as PluvoError {
      XCTAssertEqual(error.code, "graphql")
      XCTAssertFalse(error.failure.graphql.isEmpty)
    }
  }

  func testWritesAndManyOfThem() async throws {
    let pluvo = try client()
    let made = try await pluvo.users.upsert(ref: "EMP-S", email: "anne@example.com", name: "Anne", roles: [.trainer])
    XCTAssertTrue(made.created)
    XCTAssertEqual(made.user.roles, [.trainer])
    let rows = (0..<250).lazy.map {
      Pluvo.UserRow(ref: "MANY-\($0)", email: "many-\($0)@example.com", name: "Person \($0)")
    }
    let report = try await pluvo.users.upsertMany(rows)
    XCTAssertEqual(report.totals.created, 250)
    XCTAssertEqual(report.outcomes.map(\.index), Array(0..<250))
    let bad = try await pluvo.users.upsertMany([.init(ref: "MANY-0", name: "New"), .init(name: "No key")])
    XCTAssertEqual(bad.totals.updated, 1)
    XCTAssertEqual(bad.failed.first?.index, 1)
    XCTAssertEqual(bad.failed.first?.error?.code, "invalid")
    let archived = try await pluvo.users.archiveMany([.init(ref: "MANY-1"), .init(ref: "NOBODY")])
    XCTAssertEqual(archived.totals.failed, 1)
    let mails = try await sandbox.control("GET", "outbox")
    XCTAssertEqual(mails, [], "nobody is mailed unasked")
  }

  func testASyncIsPlannedAndApplied() async throws {
    let pluvo = try client()
    let rows = [Pluvo.SyncRow(ref: "SYNC-1", email: "sync-1@example.com", name: "New One")]
    let plan = try await pluvo.users.sync(rows)
    XCTAssertEqual(plan.summary.create, 1)
    XCTAssertEqual(plan.steps.first?.action, .create)
    XCTAssertFalse("\(plan)".contains("New One"))
    let applied = try await plan.apply()
    XCTAssertTrue(applied.complete)
    let again = try await pluvo.users.sync(rows)
    XCTAssertEqual(again.steps, [])
  }

  func testFiles() async throws {
    let pluvo = try client()
    let file = try await pluvo.files.upload(.data(Data("portrait".utf8)), name: "a.png", mediaType: "image/png")
    XCTAssertNotNil(file.id.uuid)
    let prepared = try await pluvo.files.create(name: "big.pdf")
    var dumped = ""
    dump(prepared, to: &dumped)
    for text in ["\(prepared)", String(reflecting: prepared), dumped] {
      XCTAssertFalse(text.contains(prepared.url), text)
    }
    try await pluvo.files.store(prepared: prepared, content: .data(Data("content".utf8)), name: "big.pdf")
  }

  // MARK: - Giving up

  /// The call is given up while the server is silent, and the server sees its connection go.
  func testACancelledTaskEndsItsCall() async throws {
    let pluvo = try client()
    _ = try await pluvo.check()
    try await sandbox.control("POST", "clock", body: ["hold": true])
    try await sandbox.control("POST", "faults", body: ["delay": "1h", "times": .null])
    let calls: [@Sendable () async throws -> Void] = [
      { _ = try await pluvo.users.get(ref: "EMP-1") },
      { for try await _ in pluvo.users.list() {} },
      { _ = try await pluvo.users.list().toArray() },
      { _ = try await pluvo.users.list().count() },
      { _ = try await pluvo.query("query { organisation }", as: Pluvo.JSON.self) },
      { _ = try await pluvo.users.sync([.init(ref: "A")]) },
    ]
    for (number, call) in calls.enumerated() {
      let before = try await requests()
      let task = Task { try await call() }
      while try await requests() == before { await Task.yield() }
      task.cancel()
      do {
        try await task.value
        XCTFail("call \(number) was given up")
      } catch {
        XCTAssertTrue(error is CancellationError, "call \(number): \(error)")
      }
    }
    try await nothingInFlight()
  }

  func testACallInACancelledTaskSendsNothing() async throws {
    let pluvo = try client()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      _ = try await pluvo.users.get(ref: "EMP-1")
    }
    do {
      try await task.value
      XCTFail("the task was cancelled")
    } catch {
      XCTAssertTrue(error is CancellationError, "\(error)")
    }
    let sent = try await requests()
    XCTAssertEqual(sent, 0)
  }

  /// A loop that is left has one page ahead in flight, which is given up with it.
  func testALoopThatIsLeftLeavesNothingRunning() async throws {
    let pluvo = try client()
    try await sandbox.control("POST", "clock", body: ["hold": true])
    try await sandbox.control("POST", "faults", body: ["from": 2, "delay": "1h", "times": .null])
    for try await _ in pluvo.users.list() {
      while try await requests() < 2 { await Task.yield() }
      break
    }
    try await nothingInFlight()
    let sent = try await requests()
    XCTAssertEqual(sent, 2)
  }

  /// A bulk write that is given up finishes what is in flight, and says so.
  func testACancelledBulkWriteTellsWhatItDid() async throws {
    let pluvo = try client()
    try await sandbox.control("POST", "clock", body: ["hold": true])
    // It cannot come to its end before it is given up.
    try await sandbox.control("POST", "faults", body: ["from": 3, "delay": "1h", "times": .null])
    let rows = (0..<5000).lazy.map { Pluvo.UserRow(ref: "C-\($0)", email: "c-\($0)@example.com", name: "C \($0)") }
    let task = Task { try await pluvo.users.upsertMany(rows) }
    while try await requests() < 3 { await Task.yield() }
    task.cancel()
    try await sandbox.control("DELETE", "faults")
    try await sandbox.control("POST", "clock", body: ["advance": "1h"])
    let report = try await task.value
    XCTAssertLessThan(report.outcomes.count, 5000)
    XCTAssertEqual(report.totals.done, report.outcomes.count)
    XCTAssertEqual(report.totals.indeterminate, 0)
    let there = try await pluvo.users.list(q: "c-").count()
    XCTAssertEqual(there, report.totals.created)
  }

  func testATokenProviderIsGivenUpWithItsCall() async throws {
    let (entered, enter) = AsyncStream<Void>.makeStream()
    let (left, leave) = AsyncStream<Void>.makeStream()
    let pluvo = try Pluvo(organization: sandbox.url.absoluteString) {
      enter.yield()
      try? await Task.sleep(for: .seconds(3600))
      leave.yield()
      throw CancellationError()
    }
    let task = Task { try await pluvo.users.get(ref: "EMP-1") }
    for await _ in entered { break }
    task.cancel()
    do {
      _ = try await task.value
      XCTFail("the call was given up")
    } catch {
      XCTAssertTrue(error is CancellationError, "\(error)")
    }
    for await _ in left { break }
  }

  // MARK: - Sharing

  func testAThousandTasksShareAClient() async throws {
    let pluvo = try client()
    let ids = try await pluvo.users.list().toArray().map(\.id)
    let found = try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<1000 {
        group.addTask {
          let id = ids[number % ids.count]
          return try await pluvo.users.get(id: id)?.id == id
        }
      }
      return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    XCTAssertEqual(found, 1000)
    let inFlight = try await sandbox.control("GET", "log").items.compactMap { $0["in_flight"] }
    let allowed = (0...8).map { Pluvo.JSON.integer($0) }
    XCTAssertTrue(inFlight.allSatisfy(allowed.contains))
  }

  func testClientsThatAreDroppedLeaveNothing() async throws {
    func held() throws -> [Int] {
      try ["/proc/self/task", "/proc/self/fd"].map { try FileManager.default.contentsOfDirectory(atPath: $0).count }
    }
    let address = sandbox.url.absoluteString
    _ = try await client().users.list().first()
    let before = try held()
    for _ in 0..<10_000 { _ = try Pluvo(organization: address, accessToken: "a-token") }
    for _ in 0..<20 { _ = try await client().users.list().first() }
    let after = try held()
    // Threads of the pool and of Foundation come and go; one for each client would be thousands.
    for (before, after) in zip(before, after) { XCTAssertLessThan(after, before + 60) }
  }

  /// The last reference to a client goes while a list of it is read.
  func testAClientThatIsGoneLetsItsCallsEnd() async throws {
    weak var gone: Pluvo?
    let list: Pluvo.List<Pluvo.User> = try {
      let pluvo = try client()
      gone = pluvo
      return pluvo.users.list()
    }()
    XCTAssertNil(gone)
    let users = try await list.toArray()
    XCTAssertEqual(users.count, 120)

    try await sandbox.control("POST", "clock", body: ["hold": true])
    try await sandbox.control("POST", "faults", body: ["delay": "5s"])
    let before = try await requests()
    var pluvo: Pluvo? = try client()
    let task = Task { [users = pluvo!.users] in try await users.list().first() }
    while try await requests() == before { await Task.yield() }
    pluvo = nil
    try await sandbox.control("POST", "clock", body: ["advance": "10s"])
    let first = try await task.value
    XCTAssertNotNil(first)
  }

  func testDerivedClientsShareTokens() async throws {
    let pluvo = try client()
    _ = try await pluvo.users.list().first()
    let patient = try pluvo.with(.init(timeout: .seconds(30), maxAttempts: 1))
    _ = try await patient.users.list().first()
    let tokens = try await sandbox.control("GET", "state")["tokens"]
    XCTAssertEqual(tokens, 1)
    XCTAssertThrowsError(try pluvo.with(.init(maxAttempts: 0)))
  }

  // MARK: - What is told

  func testNothingShowsASecret() async throws {
    let secret = "s3cr3t-canary"
    let token = Pluvo.Token(secret, expiresIn: .seconds(5))
    let pluvo = try Pluvo(organization: "acme", clientID: "id", clientSecret: secret)
    let fixed = try Pluvo(organization: "acme", accessToken: secret)
    var configuration = Pluvo.Configuration()
    configuration.proxy = .url(URL(string: "http://user:\(secret)@proxy.example.com")!)
    let things: [Any] = [token, pluvo, fixed, configuration]
    for thing in things {
      var dumped = ""
      dump(thing, to: &dumped)
      for text in ["\(thing)", String(reflecting: thing), dumped] {
        XCTAssertFalse(text.contains(secret), text)
      }
    }
    XCTAssertTrue("\(pluvo)".contains("acme"))
  }

  func testAttemptsAreHeard() async throws {
    let heard = Recorder()
    var configuration = Pluvo.Configuration()
    configuration.onAttempt = { heard.hear($0) }
    try await sandbox.control("POST", "faults", body: ["do": ["kind": "status", "status": 503]])
    configuration.retry.baseDelay = .milliseconds(1)
    _ = try await client(configuration).users.list().first()
    let attempts = heard.attempts.filter { $0.operation == "Users" }
    XCTAssertEqual(attempts.map(\.status), [503, 200])
    XCTAssertEqual(attempts.map(\.number), [1, 2])
    XCTAssertEqual(attempts.first?.error, "server")
    XCTAssertNotNil(attempts.first?.retryIn)
  }

  func testProviderErrorsAreAuthenticationErrors() async throws {
    struct SignedOut: Error {}
    let pluvo = try Pluvo(organization: sandbox.url.absoluteString) { throw SignedOut() }
    do {
      _ = try await pluvo.check()
      XCTFail("there is no token")
    } catch PluvoError.authentication(let failure) {
      XCTAssertTrue("\(PluvoError(failure))".contains("SignedOut"), "\(failure)")
    }
    let sent = try await requests()
    XCTAssertEqual(sent, 0)
  }

  func testSettingsThatAreWrongAreNamed() {
    XCTAssertThrowsError(try Pluvo(organization: "not a host", accessToken: "t")) { error in
      guard case PluvoError.configuration = error else { return XCTFail("\(error)") }
    }
    XCTAssertThrowsError(try Pluvo.fromEnvironment()) { error in
      XCTAssertTrue("\(error)".contains("PLUVO_"), "\(error)")
    }
  }

  func testWebhooks() throws {
    let body = Data(#"{"event":"USER_CREATED","id":"933d8663-edf6-42c9-895a-eeec13fff0ab"}"#.utf8)
    let headers = ["x-signature": "t7YSkU7k1zNFBf5p-sGIMsGEHhA", "X-Signature-Salt": "a1b2c3"]
    let delivery = try Pluvo.Webhooks.verify(body: body, headers: headers, keys: ["old", "webhook-key"])
    XCTAssertEqual(delivery.event, .userCreated)
    guard case .user(let user) = delivery.payload else { return XCTFail("\(delivery.payload)") }
    XCTAssertEqual(user.id, "933d8663-edf6-42c9-895a-eeec13fff0ab")
    let signed = Pluvo.Webhooks.signForTest(body: body, key: "k", salt: "s")
    XCTAssertNoThrow(try Pluvo.Webhooks.verify(body: body, headers: signed, keys: ["k"]))
    XCTAssertThrowsError(try Pluvo.Webhooks.verify(body: body, headers: signed, keys: ["other"])) { error in
      XCTAssertEqual((error as? PluvoError)?.code, "webhook")
    }
  }

  // MARK: - Samples

  @available(macOS 14, *)
  @MainActor
  func testTheSampleModelLoads() async throws {
    let model = PeopleModel(pluvo: try client())
    await model.load()
    XCTAssertEqual(model.total, model.people.count)
    XCTAssertFalse(model.people.isEmpty)
    XCTAssertNil(model.problem)
  }

  private func nothingInFlight() async throws {
    // Each look takes the sandbox a moment: what has not ended after so many never ends.
    for _ in 0..<20_000 {
      if try await sandbox.control("GET", "state")["in_flight"] == 0 {
        return
      }
      await Task.yield()
    }
    XCTFail("requests are still in flight")
  }
}

private final class Recorder: @unchecked Sendable {
  private let lock = NSLock()
  private var heard: [Pluvo.Attempt] = []

  func hear(_ attempt: Pluvo.Attempt) { lock.withLock { heard.append(attempt) } }
  var attempts: [Pluvo.Attempt] { lock.withLock { heard } }
}

extension Pluvo.JSON {
  fileprivate var items: [Pluvo.JSON] { if case .array(let items) = self { items } else { [] } }
}
