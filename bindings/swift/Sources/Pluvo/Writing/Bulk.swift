import Foundation
internal import PluvoInternal

extension Pluvo {
  /// What became of all rows of a bulk write.
  public struct Report: Hashable, Sendable {
    /// How many rows ended how.
    public var totals: BulkTotals
    /// The outcome of each row, in the order of the rows. Rows that were not begun, because the task was cancelled, have
    /// none.
    public var outcomes: [RowOutcome]

    /// Outcomes of rows that were not written.
    public var failed: [RowOutcome] { outcomes.filter { $0.outcome == .failed } }
    /// Outcomes of rows that were sent, and of which nobody knows whether they were written.
    public var indeterminate: [RowOutcome] { outcomes.filter { $0.outcome == .indeterminate } }
  }

  /// Hears how far a bulk write or a sync is, at most ten times a second.
  public typealias OnProgress = @Sendable (BulkTotals) -> Void
}

extension Pluvo.Users {
  /// Changes people, or creates them where nobody matches: several in a request, several requests in flight, any number
  /// in bounded memory. Every row has an outcome of its own, and a row that fails stops no other.
  ///
  /// When the task is cancelled no more rows are begun; what is in flight is finished, and the report tells of it.
  ///
  /// ```swift
  /// let report = try await pluvo.users.upsertMany([
  ///   .init(ref: "EMP-1", email: "anne@example.com", name: "Anne Jansen")
  /// ])
  /// for row in report.failed { print(row.index, row.error!) }
  /// ```
  ///
  /// Needs the scope `users.write`. Nobody is mailed unless `notify` is true.
  ///
  /// - Parameters:
  ///   - rows: The people. A lazy sequence is read as the work goes on.
  ///   - key: By which field a row finds its person. By ref where nothing is said.
  ///   - batch: Rows in a request. 10 where nothing is said.
  ///   - inFlight: Requests in flight.
  ///   - notify: Whether to mail an invitation to people who are created.
  ///   - options: How the calls are made.
  ///   - onProgress: Hears how far it is.
  public func upsertMany(
    _ rows: some Sequence<Pluvo.UserRow>,
    key: Pluvo.UpsertKey? = nil,
    batch: Int? = nil,
    inFlight: Int? = nil,
    notify: Bool? = nil,
    options: Pluvo.CallOptions = .init(),
    onProgress: Pluvo.OnProgress? = nil
  ) async throws -> Pluvo.Report {
    let arguments: Arguments = ["key": key, "batch": batch, "inFlight": inFlight, "notify": notify]
    return try await core.bulk("users.upsert_many", rows, arguments, options, onProgress)
  }

  /// Archives people or re-activates them. It cannot create anybody.
  ///
  /// When the task is cancelled no more rows are begun; what is in flight is finished, and the report tells of it.
  ///
  /// ```swift
  /// let report = try await pluvo.users.archiveMany([.init(ref: "EMP-1"), .init(ref: "EMP-2")])
  /// ```
  ///
  /// Needs the scope `users.write`.
  ///
  /// - Parameters:
  ///   - rows: The people, by id or ref.
  ///   - archived: True archives, false re-activates. True where nothing is said.
  ///   - batch: Rows in a request. 10 where nothing is said.
  ///   - inFlight: Requests in flight.
  ///   - options: How the calls are made.
  ///   - onProgress: Hears how far it is.
  public func archiveMany(
    _ rows: some Sequence<Pluvo.UserReference>,
    archived: Bool? = nil,
    batch: Int? = nil,
    inFlight: Int? = nil,
    options: Pluvo.CallOptions = .init(),
    onProgress: Pluvo.OnProgress? = nil
  ) async throws -> Pluvo.Report {
    let arguments: Arguments = ["archived": archived, "batch": batch, "inFlight": inFlight]
    return try await core.bulk("users.archive_many", rows, arguments, options, onProgress)
  }
}

extension Pluvo.ExtraCategories {
  /// Sets values of many things of one kind. The categories are read once, so that text is sent as what its category
  /// holds. Every row has an outcome of its own.
  ///
  /// When the task is cancelled no more rows are begun; what is in flight is finished, and the report tells of it.
  ///
  /// ```swift
  /// let report = try await pluvo.extraCategories.setValuesMany(
  ///   contentType: .user, [.init(ref: "EMP-1", values: ["department": "Marketing"])])
  /// ```
  ///
  /// - Parameters:
  ///   - contentType: The kind of the things.
  ///   - rows: The things and their values.
  ///   - batch: Rows in a request. 10 where nothing is said.
  ///   - inFlight: Requests in flight.
  ///   - options: How the calls are made.
  ///   - onProgress: Hears how far it is.
  public func setValuesMany(
    contentType: Pluvo.ContentType,
    _ rows: some Sequence<Pluvo.ValuesRow>,
    batch: Int? = nil,
    inFlight: Int? = nil,
    options: Pluvo.CallOptions = .init(),
    onProgress: Pluvo.OnProgress? = nil
  ) async throws -> Pluvo.Report {
    let arguments: Arguments = ["contentType": contentType, "batch": batch, "inFlight": inFlight]
    return try await core.bulk("extra_categories.set_values_many", rows, arguments, options, onProgress)
  }
}

extension Core {
  /// Pushes rows in and takes outcomes out, both at once.
  func bulk<Row: Encodable>(
    _ name: String,
    _ rows: some Sequence<Row>,
    _ arguments: Arguments,
    _ options: Pluvo.CallOptions,
    _ onProgress: Pluvo.OnProgress?
  ) async throws -> Pluvo.Report {
    let bulk: PluvoInternal.Bulk
    do {
      bulk = try session.bulk(name: name, request: try Self.write(Request(arguments, options)))
    } catch {
      throw Self.told(error)
    }
    return try await withTaskCancellationHandler {
      async let told = outcomes(of: bulk, name, onProgress)
      try await push(rows, into: bulk)
      let outcomes = try await told
      let totals: Pluvo.BulkTotals = try Self.read(bulk.progress(), of: name)
      return Pluvo.Report(totals: totals, outcomes: outcomes)
    } onCancel: {
      bulk.stop()
    }
  }

  private func push<Row: Encodable>(
    _ rows: some Sequence<Row>, into bulk: PluvoInternal.Bulk
  ) async throws {
    do {
      try await pushAll(rows, into: bulk)
      try bulk.finish()
    } catch {
      // Without this, whoever takes the outcomes waits for rows that never come.
      bulk.stop()
      throw Self.told(error)
    }
  }

  private func pushAll<Row: Encodable>(
    _ rows: some Sequence<Row>, into bulk: PluvoInternal.Bulk
  ) async throws {
    var chunk: [Row] = []
    for row in rows {
      if Task.isCancelled {
        return
      }
      chunk.append(row)
      if chunk.count == 100 {
        try await push(chunk, into: bulk)
        chunk.removeAll(keepingCapacity: true)
      }
    }
    try await push(chunk, into: bulk)
  }

  private func push<Row: Encodable>(_ chunk: [Row], into bulk: PluvoInternal.Bulk) async throws {
    guard !chunk.isEmpty, !Task.isCancelled else {
      return
    }
    try await bulk.push(rows: try Self.write(chunk), cancel: nil)
  }

  private func outcomes(
    of bulk: PluvoInternal.Bulk, _ name: String, _ onProgress: Pluvo.OnProgress?
  ) async throws -> [Pluvo.RowOutcome] {
    var outcomes: [Pluvo.RowOutcome] = []
    do {
      var told = ContinuousClock.now
      while let text = try await bulk.next(cancel: nil) {
        outcomes += try Self.read(text, of: name) as [Pluvo.RowOutcome]
        if let onProgress, told.duration(to: .now) >= .milliseconds(100) {
          told = .now
          onProgress(try Self.read(bulk.progress(), of: name))
        }
      }
    } catch {
      throw Self.told(error)
    }
    return outcomes.sorted { $0.index < $1.index }
  }
}
