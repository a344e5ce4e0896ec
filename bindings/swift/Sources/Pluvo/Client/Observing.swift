import Foundation
internal import PluvoInternal

extension Pluvo {
  /// One attempt of a request, once it is over.
  public struct Attempt: Hashable, Sendable {
    /// The operation, such as `Users`.
    public let operation: String
    /// Which attempt of its call, from 1.
    public let number: Int
    /// The HTTP status, where there was an answer.
    public let status: Int?
    /// The code of the kind of failure, if it failed.
    public let error: String?
    /// After which wait it will be repeated, if it will.
    public let retryIn: Duration?
    /// From sending to the last byte.
    public let elapsed: Duration
    /// The server's id of the request.
    public let requestID: String?
    /// The size of the answer, decompressed.
    public let bytes: Int
  }

  /// A line of the core's log. None holds a token, a variable or a body.
  public struct LogRecord: Hashable, Sendable {
    /// `error`, `warn`, `info`, `debug` or `trace`.
    public let level: String
    /// The part of the core that says it: `pluvo_sdk::http`.
    public let target: String
    /// What it says.
    public let message: String
    /// What belongs to it, by name.
    public let fields: [String: JSON]
  }

  /// How much of the core's log is heard.
  public enum LogLevel: String, Sendable {
    case off, error, warn, info, debug, trace
  }

  /// Sends the core's log, at a level and above, to one listener of the process. Nothing is logged before that.
  ///
  /// - Throws: ``PluvoError/configuration(_:)`` where the core cannot log.
  public static func setLog(_ level: LogLevel, listener: @escaping @Sendable (LogRecord) -> Void) throws {
    do {
      try PluvoInternal.setLog(level: level.rawValue, listener: LogBridge(listener))
    } catch {
      throw Core.told(error)
    }
  }
}

extension Pluvo.Attempt: Decodable {
  private enum Field: String, CodingKey {
    case operation, number, status, error, retryIn, elapsed, requestId, bytes
  }

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Field.self)
    operation = try fields.decode(String.self, forKey: .operation)
    number = try fields.decode(Int.self, forKey: .number)
    status = try fields.value(.status)
    error = try fields.value(.error)
    retryIn = try fields.decodeIfPresent(Double.self, forKey: .retryIn).map { .seconds($0) }
    elapsed = .seconds(try fields.decode(Double.self, forKey: .elapsed))
    requestID = try fields.value(.requestId)
    bytes = try fields.decode(Int.self, forKey: .bytes)
  }
}

final class AttemptBridge: AttemptListener {
  private let tell: @Sendable (Pluvo.Attempt) -> Void

  init(_ tell: @escaping @Sendable (Pluvo.Attempt) -> Void) {
    self.tell = tell
  }

  func attempt(event: String) {
    if let attempt = try? JSONCoding.decoder().decode(Pluvo.Attempt.self, from: Data(event.utf8)) {
      tell(attempt)
    }
  }
}

final class LogBridge: LogListener {
  private let tell: @Sendable (Pluvo.LogRecord) -> Void

  init(_ tell: @escaping @Sendable (Pluvo.LogRecord) -> Void) {
    self.tell = tell
  }

  func log(level: String, target: String, message: String, fields: String) {
    let fields = try? JSONCoding.decoder().decode([String: Pluvo.JSON].self, from: Data(fields.utf8))
    tell(Pluvo.LogRecord(level: level, target: target, message: message, fields: fields ?? [:]))
  }
}
