import Foundation
import PluvoInternal
import XCTest

@testable import Pluvo

/// Runs every scenario of `tests/conformance`, or those whose name has `PLUVO_SCENARIO` in it.
///
/// Each says on a line of its own how it ended: XCTest on Linux has no tests that are made when it runs.
final class ConformanceTests: XCTestCase {
  func testScenarios() async throws {
    let environment = ProcessInfo.processInfo.environment
    let folder = URL(fileURLWithPath: try XCTUnwrap(environment["PLUVO_CONFORMANCE"], "where tests/conformance is"))
    let truth = try JSONDecoder().decode(
      Pluvo.JSON.self, from: try Data(contentsOf: folder.appendingPathComponent("truth.json")))
    let log = Heard()
    try Pluvo.setLog(.trace) { log.hear("\($0)") }
    defer { try? Pluvo.setLog(.off) { _ in } }
    let scenarios = try Scenario.all(
      in: folder.appendingPathComponent("scenarios"), having: environment["PLUVO_SCENARIO"] ?? "")
    XCTAssertFalse(scenarios.isEmpty, "there is no such scenario")
    for scenario in scenarios {
      if let reason = scenario.exception {
        print("scenario \(scenario.name) skipped: \(reason)")
        continue
      }
      log.forget()
      let wrong = await result(of: scenario, truth, log)
      print("scenario \(scenario.name) \(wrong.isEmpty ? "passed" : "failed")")
      if !wrong.isEmpty {
        XCTFail("\(scenario.name):\n\(wrong.joined(separator: "\n"))")
      }
    }
  }

  /// The surface file against what is there: each of its calls is made somewhere in this target, which does not compile
  /// where one is missing.
  func testTheSurfaceIsThere() throws {
    let folder = try XCTUnwrap(ProcessInfo.processInfo.environment["PLUVO_CONFORMANCE"], "where tests/conformance is")
    let file = URL(fileURLWithPath: folder).appendingPathComponent("surface.json")
    let surface = try JSONDecoder().decode([String: [String: Pluvo.JSON]].self, from: try Data(contentsOf: file))
    let promised = surface.filter { $0.value["swift"] != .null }.map(\.key)
    XCTAssertEqual(Caller.dispatched.union(Caller.handwritten).symmetricDifference(promised), [])
  }

  private func result(of scenario: Scenario, _ truth: Pluvo.JSON, _ log: Heard) async -> [String] {
    let work = Task { try await Run(scenario, truth: truth, log: log).whole() }
    // No time is asserted: this ends a test that would never end.
    let hung = Task {
      try await Task.sleep(for: .seconds(300))
      work.cancel()
    }
    defer { hung.cancel() }
    do {
      return try await work.value
    } catch {
      return [work.isCancelled ? "it hangs: not done after five minutes" : "\(error)"]
    }
  }
}
