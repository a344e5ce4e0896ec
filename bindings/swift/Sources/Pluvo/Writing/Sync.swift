import Foundation
internal import PluvoInternal

extension Pluvo.Users {
  /// Compares people as they should be with the organisation, and plans what to do about it. Nothing is written before
  /// the plan is applied; a plan that archives too many is refused then.
  ///
  /// ```swift
  /// let plan = try await pluvo.users.sync(rows, archiveMissing: true)
  /// for step in plan.steps { print(step.action, step.name ?? "", step.changes) }
  /// let applied = try await plan.apply()
  /// ```
  ///
  /// Needs the scopes `users.read` and `users.write`.
  ///
  /// - Parameters:
  ///   - rows: The people as they should be.
  ///   - archiveMissing: Whether active people of whom no row speaks are archived. Only those with a ref, since others
  ///     were never put there by such a list. Off where nothing is said.
  ///   - archiveManagers: Whether managers are archived too, where they leave or are missing. Off where nothing is said.
  ///   - leaveGroups: Whether people are taken out of groups that other rows name and theirs does not. Where nothing is
  ///     said people only join groups.
  ///   - options: How the calls are made.
  public func sync(
    _ rows: [Pluvo.SyncRow],
    archiveMissing: Bool? = nil,
    archiveManagers: Bool? = nil,
    leaveGroups: Bool? = nil,
    options: Pluvo.CallOptions = .init()
  ) async throws -> Pluvo.SyncPlan {
    let arguments: Arguments = [
      "rows": rows, "archiveMissing": archiveMissing, "archiveManagers": archiveManagers, "leaveGroups": leaveGroups,
    ]
    let request = try Core.write(Request(arguments, options))
    let plan = try await Core.cancellable { [core] in try await core.session.plan(request: request, cancel: $0) }
    return try Pluvo.SyncPlan(plan)
  }
}

extension Pluvo {
  /// What a sync would do. Nothing is written before it is applied.
  public struct SyncPlan: Sendable {
    /// The plan in numbers.
    public let summary: SyncSummary
    /// What is done to each person.
    public let steps: [SyncStep]
    /// Rows and people that are left alone although something was asked for.
    public let problems: [SyncProblem]

    private let plan: PluvoInternal.SyncPlan

    init(_ plan: PluvoInternal.SyncPlan) throws {
      let described: Described = try Core.read(plan.describe(), of: "users.sync")
      (summary, steps, problems) = (described.summary, described.steps, described.problems)
      self.plan = plan
    }

    /// Carries the plan out.
    ///
    /// When the task is cancelled it stops; with a journal, another run goes on where it was.
    ///
    /// - Parameters:
    ///   - options: How it is carried out: guards, a journal, mail.
    ///   - onProgress: Hears how far it is.
    /// - Returns: Each step and what became of it.
    public func apply(_ options: ApplyOptions = .init(), onProgress: OnProgress? = nil) async throws -> Applied {
      let request = try Core.write(AppliedWith(args: options))
      let listener = onProgress.map { ProgressBridge($0) }
      let text = try await Core.cancellable { [plan] in
        try await plan.apply(request: request, progress: listener, cancel: $0)
      }
      return try Core.read(text, of: "users.sync")
    }

    private struct Described: Decodable {
      let summary: SyncSummary
      let steps: [SyncStep]
      let problems: [SyncProblem]
    }

    private struct AppliedWith: Encodable {
      let args: ApplyOptions
    }
  }
}

extension Pluvo.SyncPlan: CustomStringConvertible {
  /// The plan in numbers: its people are nobody's business.
  public var description: String { "SyncPlan(\(summary))" }
}

final class ProgressBridge: ProgressListener {
  private let tell: Pluvo.OnProgress

  init(_ tell: @escaping Pluvo.OnProgress) {
    self.tell = tell
  }

  func progress(totals: String) {
    if let totals = try? JSONCoding.decoder().decode(Pluvo.BulkTotals.self, from: Data(totals.utf8)) {
      tell(totals)
    }
  }
}
