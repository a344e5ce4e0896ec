extension Pluvo {
  /// Sends a GraphQL document of one's own and reads its data.
  ///
  /// A query is repeated when it fails on the way; a mutation is not, unless `repeatable` says that it may be.
  ///
  /// ```swift
  /// struct Answer: Decodable {
  ///   struct User: Decodable { let name: String }
  ///   let user: User?
  /// }
  /// let answer: Answer = try await pluvo.query(
  ///   "query($ref: String!) { user(ref: $ref) { name } }", variables: ["ref": "EMP-1"])
  /// ```
  ///
  /// Moments in `Date` properties are read as RFC 3339.
  ///
  /// - Parameters:
  ///   - document: The document.
  ///   - variables: The values of its variables.
  ///   - operationName: Which of the document's operations to run, where it has several.
  ///   - repeatable: Whether a mutation may be sent again when it fails on the way.
  ///   - type: What to read.
  ///   - options: How the call is made.
  /// - Throws: ``PluvoError/response(_:)`` with the code `graphql` where there are errors, even with data beside them:
  ///   ``partialQuery(_:variables:operationName:repeatable:as:options:)`` gives both.
  public func query<Answer: Decodable>(
    _ document: String,
    variables: some Encodable & Sendable = JSON.object([:]),
    operationName: String? = nil,
    repeatable: Bool? = nil,
    as type: Answer.Type = Answer.self,
    options: CallOptions = .init()
  ) async throws -> Answer {
    let arguments: Arguments = ["document": document, "variables": variables, "operationName": operationName]
    return try await core.call("query", Request(arguments, options, repeatable: repeatable))
  }

  /// The same with variables of several kinds in one literal: `["ref": "EMP-1", "first": 10]`.
  public func query<Answer: Decodable>(
    _ document: String,
    variables: [String: JSON],
    operationName: String? = nil,
    repeatable: Bool? = nil,
    as type: Answer.Type = Answer.self,
    options: CallOptions = .init()
  ) async throws -> Answer {
    try await query(
      document, variables: JSON.object(variables), operationName: operationName, repeatable: repeatable, as: type,
      options: options)
  }

  /// Sends a GraphQL document of one's own and gives its data with the errors beside it, instead of failing.
  public func partialQuery<Answer: Decodable>(
    _ document: String,
    variables: some Encodable & Sendable = JSON.object([:]),
    operationName: String? = nil,
    repeatable: Bool? = nil,
    as type: Answer.Type = Answer.self,
    options: CallOptions = .init()
  ) async throws -> Partial<Answer> {
    let arguments: Arguments = [
      "document": document, "variables": variables, "operationName": operationName, "partial": true,
    ]
    return try await core.call("query", Request(arguments, options, repeatable: repeatable))
  }

  /// Data, and errors beside it.
  public struct Partial<Answer: Decodable>: Decodable {
    /// What there is; `nil` where there is nothing.
    public let data: Answer?
    /// What failed.
    public let errors: [GraphQLError]
  }
}

extension Pluvo.Partial: Sendable where Answer: Sendable {}
