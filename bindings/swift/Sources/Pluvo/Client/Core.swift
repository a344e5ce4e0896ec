import Foundation
internal import PluvoInternal

/// The client inside of the core, and how calls reach it.
final class Core: Sendable {
  let session: Session

  init(_ session: Session) {
    self.session = session
  }

  /// Makes a call and reads what it gives.
  func call<Answer: Decodable>(
    _ name: String, _ arguments: Arguments, _ options: Pluvo.CallOptions
  ) async throws -> Answer {
    try await call(name, Request(arguments, options))
  }

  /// Makes a call that gives nothing.
  func call(_ name: String, _ arguments: Arguments, _ options: Pluvo.CallOptions) async throws {
    _ = try await made(name, Request(arguments, options))
  }

  func call<Answer: Decodable>(_ name: String, _ request: Request) async throws -> Answer {
    try Self.read(try await made(name, request), of: name)
  }

  /// Sends a file and reads what comes of it.
  func upload<Answer: Decodable>(
    _ content: Pluvo.Content, _ name: String, _ arguments: Arguments, _ options: Pluvo.CallOptions
  ) async throws -> Answer {
    try Self.read(try await sent(content, name, arguments, options), of: name)
  }

  /// Sends a file.
  func upload(
    _ content: Pluvo.Content, _ name: String, _ arguments: Arguments, _ options: Pluvo.CallOptions
  ) async throws {
    _ = try await sent(content, name, arguments, options)
  }

  private func made(_ name: String, _ request: Request) async throws -> String {
    let text = try Self.write(request)
    return try await Self.cancellable { [session] in try await session.call(name: name, request: text, cancel: $0) }
  }

  private func sent(
    _ content: Pluvo.Content, _ name: String, _ arguments: Arguments, _ options: Pluvo.CallOptions
  ) async throws -> String {
    let text = try Self.write(Request(arguments, options))
    let content: PluvoInternal.Content =
      switch content {
      case .data(let bytes): .bytes(bytes: bytes)
      case .file(let path): .path(path: path)
      }
    return try await Self.cancellable { [session] in
      try await session.upload(name: name, request: text, content: content, cancel: $0)
    }
  }

  /// Waits for the core. When the task is cancelled, the work of the core is given up at once.
  static func cancellable<Answer: Sendable>(
    _ work: @Sendable (CancelHandle) async throws -> Answer
  ) async throws -> Answer {
    let handle = CancelHandle()
    do {
      return try await withTaskCancellationHandler {
        try await work(handle)
      } onCancel: {
        handle.cancel()
      }
    } catch {
      throw told(error)
    }
  }

  /// An error of the core as users know it.
  static func told(_ error: any Error) -> any Error {
    guard case WireError.Failed(let json) = error else {
      return error
    }
    guard let error = try? JSONCoding.decoder().decode(PluvoError.self, from: Data(json.utf8)) else {
      return PluvoError(Pluvo.Failure(code: "internal", message: "the core failed and its error could not be read"))
    }
    return error.code == "cancelled" && Task.isCancelled ? CancellationError() : error
  }

  /// What the core takes. A value that JSON cannot hold is the caller's.
  static func write(_ value: some Encodable) throws -> String {
    do {
      return try JSONCoding.text(value)
    } catch {
      throw PluvoError(
        Pluvo.Failure(code: "invalid", message: "an argument cannot be written as JSON", causes: [Unread.why(error)]))
    }
  }

  /// What the core gives.
  static func read<Answer: Decodable>(_ json: String, of call: String) throws -> Answer {
    if let type = Answer.self as? any JSONReadable.Type, let scanned = type.scan(json),
      let answer = scanned as? Answer
    {
      return answer
    }
    do {
      return try JSONCoding.decoder().decode(Answer.self, from: Data(json.utf8))
    } catch {
      throw Unread.error(error, of: call)
    }
  }
}

/// Errors of decoding, without the values that could not be read: these are nobody's business.
enum Unread {
  /// - Parameters:
  ///   - call: The call whose answer it was.
  ///   - place: What of the answer was read.
  static func error(_ error: any Error, of call: String, at place: String = "") -> PluvoError {
    // There was an answer, so there was an attempt.
    PluvoError(
      Pluvo.Failure(
        code: "decode", message: "the answer to \(call) could not be read", attempts: 1,
        causes: [why(error, at: place)]))
  }

  static func why(_ error: any Error, at place: String = "") -> String {
    func at(_ path: [any CodingKey]) -> String {
      let path = path.reduce(place) { path, key in
        key.intValue.map { "\(path)[\($0)]" } ?? (path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)")
      }
      return path.isEmpty ? "the top" : path
    }
    switch error {
    case DecodingError.typeMismatch(let type, let context): return "there is no \(type) at \(at(context.codingPath))"
    case DecodingError.valueNotFound(let type, let context):
      return "there is null and no \(type) at \(at(context.codingPath))"
    case DecodingError.keyNotFound(let key, let context):
      return "there is no \(key.stringValue) at \(at(context.codingPath))"
    case DecodingError.dataCorrupted(let context): return "there is no readable value at \(at(context.codingPath))"
    case EncodingError.invalidValue(_, let context):
      return "there is no JSON for the value at \(at(context.codingPath))"
    default: return "\(type(of: error))"
    }
  }
}
