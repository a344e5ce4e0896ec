import Foundation

/// Why a call failed. Every case holds what is known of it, ``Pluvo/Failure``.
///
/// A task that is cancelled throws Swift's `CancellationError`, not this.
///
/// ```swift
/// do {
///   let user = try await pluvo.users.get(ref: "EMP-1")
///   print(user?.name ?? "")
/// } catch PluvoError.rateLimited(let failure) {
///   print("again after", failure.retryAfter ?? .seconds(60))
/// } catch let error as PluvoError where error.failure.isRetryable {
///   print("later")
/// }
/// ```
public enum PluvoError: Error, Hashable, Sendable {
  /// The client was set up wrongly: an unusable organisation, URL or setting.
  case configuration(Pluvo.Failure)
  /// No token could be had, or Pluvo does not accept it.
  case authentication(Pluvo.Failure)
  /// The token is accepted but may not do this: a scope or a role is missing.
  case permission(Pluvo.Failure)
  /// What was addressed does not exist.
  case notFound(Pluvo.Failure)
  /// The request is wrong: a missing key, a malformed document, a refused argument.
  case invalid(Pluvo.Failure)
  /// It collides with what is there.
  case conflict(Pluvo.Failure)
  /// Pluvo asks for fewer requests. ``Pluvo/Failure/retryAfter`` says how long to wait, where that was told.
  case rateLimited(Pluvo.Failure)
  /// No connection, or none that answered in time. The code tells `connect` from `timeout`.
  case connection(Pluvo.Failure)
  /// Pluvo answered with a server error.
  case server(Pluvo.Failure)
  /// A write was sent and nobody can say whether it was carried out. It is never repeated by itself.
  case indeterminate(Pluvo.Failure)
  /// The answer is not what was asked for. The code tells `graphql`, `decode` and `pagination` apart.
  case response(Pluvo.Failure)
  /// Anything else: a webhook that is not Pluvo's (`webhook`), a fault of the SDK itself (`internal`).
  case other(Pluvo.Failure)

  /// The error of a failure, by its code.
  public init(_ failure: Pluvo.Failure) {
    self =
      switch failure.code {
      case "config": .configuration(failure)
      case "auth": .authentication(failure)
      case "permission": .permission(failure)
      case "not_found": .notFound(failure)
      case "invalid": .invalid(failure)
      case "conflict": .conflict(failure)
      case "rate_limited": .rateLimited(failure)
      case "connect", "timeout": .connection(failure)
      case "server": .server(failure)
      case "indeterminate": .indeterminate(failure)
      case "graphql", "decode", "pagination": .response(failure)
      default: .other(failure)
      }
  }

  /// What is known of it.
  public var failure: Pluvo.Failure {
    switch self {
    case .configuration(let failure), .authentication(let failure), .permission(let failure), .notFound(let failure),
      .invalid(let failure), .conflict(let failure), .rateLimited(let failure), .connection(let failure),
      .server(let failure), .indeterminate(let failure), .response(let failure), .other(let failure):
      failure
    }
  }

  /// The kind's name, the same in every language of the SDK: `rate_limited`.
  public var code: String { failure.code }
}

extension PluvoError: LocalizedError, CustomStringConvertible {
  public var errorDescription: String? { failure.message }

  public var description: String {
    failure.causes.reduce("\(code): \(failure.message)") { "\($0); caused by: \($1)" }
  }
}

extension PluvoError: Codable {
  public init(from decoder: any Decoder) throws {
    self.init(try Pluvo.Failure(from: decoder))
  }

  public func encode(to encoder: any Encoder) throws {
    try failure.encode(to: encoder)
  }
}

extension Pluvo {
  /// What is known of a failed call. It holds no token, secret or variable; ``graphql`` has the server's own words.
  public struct Failure: Hashable, Sendable {
    /// The kind's name, the same in every language of the SDK: `rate_limited`.
    public var code: String
    /// What happened, to what, and what to do.
    public var message: String
    /// The operation that failed, such as `Users`.
    public var operation: String?
    /// The HTTP status of the last attempt.
    public var status: Int?
    /// The server's id of the last attempt.
    public var requestID: String?
    /// How long the server asked to wait.
    public var retryAfter: Duration?
    /// How many attempts were made; 0 where nothing was sent.
    public var attempts: Int
    /// Whether the same call may succeed later without any change.
    public var isRetryable: Bool
    /// The GraphQL errors of the last answer.
    public var graphql: [GraphQLError]
    /// What caused it, the nearest cause first.
    public var causes: [String]

    /// A failure of one's own, for tests and previews.
    public init(
      code: String,
      message: String,
      operation: String? = nil,
      status: Int? = nil,
      requestID: String? = nil,
      retryAfter: Duration? = nil,
      attempts: Int = 0,
      isRetryable: Bool = false,
      graphql: [GraphQLError] = [],
      causes: [String] = []
    ) {
      self.code = code
      self.message = message
      self.operation = operation
      self.status = status
      self.requestID = requestID
      self.retryAfter = retryAfter
      self.attempts = attempts
      self.isRetryable = isRetryable
      self.graphql = graphql
      self.causes = causes
    }
  }

  /// An error that Pluvo's GraphQL server tells of.
  public struct GraphQLError: Codable, Hashable, Sendable {
    /// What the server says. It may repeat what was sent.
    public var message: String
    /// Where in the data: names of fields, and numbers in lists.
    public var path: [JSON]?
    /// Whatever the server adds.
    public var extensions: [String: JSON]?

    /// The server's name for the kind of error, where it has one.
    public var code: String? { extensions?["code"]?.string }
  }
}

extension Pluvo.GraphQLError: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Without the server's words, which may repeat what was sent.
  public var description: String {
    let place = (path ?? []).map { "\($0)" }.joined(separator: ".")
    return "GraphQLError(code: \(code ?? "none"), path: \(place.isEmpty ? "none" : place))"
  }

  public var debugDescription: String { description }
  /// Nothing: a mirror is what `dump` and crash reporters look into.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Pluvo.Failure: Codable {
  private enum Field: String, CodingKey {
    case code, message, operation, status, requestId, retryAfter, attempts, retryable, graphql, causes
  }

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Field.self)
    code = try fields.decode(String.self, forKey: .code)
    message = try fields.decode(String.self, forKey: .message)
    operation = try fields.value(.operation)
    status = try fields.value(.status)
    requestID = try fields.value(.requestId)
    retryAfter = try fields.decodeIfPresent(Double.self, forKey: .retryAfter).map { .seconds($0) }
    attempts = try fields.value(.attempts) ?? 0
    isRetryable = try fields.value(.retryable) ?? false
    graphql = try fields.value(.graphql) ?? []
    causes = try fields.value(.causes) ?? []
  }

  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Field.self)
    try fields.encode(code, forKey: .code)
    try fields.encode(message, forKey: .message)
    try fields.encodeIfPresent(operation, forKey: .operation)
    try fields.encodeIfPresent(status, forKey: .status)
    try fields.encodeIfPresent(requestID, forKey: .requestId)
    try fields.encodeIfPresent(retryAfter?.seconds, forKey: .retryAfter)
    try fields.encode(attempts, forKey: .attempts)
    try fields.encode(isRetryable, forKey: .retryable)
    try fields.encode(graphql, forKey: .graphql)
    try fields.encode(causes, forKey: .causes)
  }
}

extension Duration {
  /// The length in seconds, as it crosses to the core.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
