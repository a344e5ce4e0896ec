/// What a call is asked with: names and values. What is `nil` is not sent.
struct Arguments: Encodable, Sendable, ExpressibleByDictionaryLiteral {
  private var fields: [(name: String, value: any Encodable & Sendable)]

  init(dictionaryLiteral fields: (String, (any Encodable & Sendable)?)...) {
    self.fields = fields.compactMap { name, value in value.map { (name, $0) } }
  }

  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Name.self)
    for (name, value) in fields {
      try object.encode(value, forKey: Name(stringValue: name))
    }
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

/// A request as the core takes it.
struct Request: Encodable, Sendable {
  var args: Arguments
  var select: String?
  var options: Arguments?
  var pageSize: Int?
  var limit: Int?
  var prefetch: Bool?
  var parallel: Int?
  var after: String?
  var count: Bool?
  var all: Bool?

  init(_ args: Arguments, _ options: Pluvo.CallOptions = .init(), repeatable: Bool? = nil) {
    self.args = args
    set(options, repeatable: repeatable)
  }

  mutating func set(_ options: Pluvo.CallOptions, repeatable: Bool? = nil) {
    select = options.select ?? select
    self.options = [
      "timeout": options.timeout?.seconds, "maxAttempts": options.maxAttempts, "total": options.total?.seconds,
      "maxBody": options.maxBody, "repeatable": repeatable,
    ]
  }
}

extension Pluvo {
  /// How a single call is made, where it differs from the client's configuration.
  public struct CallOptions: Hashable, Sendable {
    /// How long each attempt may take.
    public var timeout: Duration?
    /// Attempts in all; 1 never repeats.
    public var maxAttempts: Int?
    /// How long all attempts together may take.
    public var total: Duration?
    /// The largest answer, in bytes after decompression.
    public var maxBody: Int?
    /// Other fields than the default ones, as a GraphQL selection: `"id name lastLogin"`. What is not selected is `nil`.
    public var select: String?

    /// What is not given is as the client has it.
    public init(
      timeout: Duration? = nil,
      maxAttempts: Int? = nil,
      total: Duration? = nil,
      maxBody: Int? = nil,
      select: String? = nil
    ) {
      self.timeout = timeout
      self.maxAttempts = maxAttempts
      self.total = total
      self.maxBody = maxBody
      self.select = select
    }

    func selecting(_ selection: String) -> Self {
      var options = self
      options.select = selection
      return options
    }
  }
}
