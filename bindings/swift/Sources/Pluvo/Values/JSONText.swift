import Foundation

extension Pluvo {
  /// JSON that Pluvo carries inside a string, not parsed yet.
  ///
  /// ```swift
  /// let fields = try user.extraFields?.decode([String: String].self)
  /// ```
  public struct JSONText: Hashable, Sendable {
    /// The text.
    public let text: String

    /// JSON in a text. It is not looked at.
    public init(_ text: String) {
      self.text = text
    }

    /// What the text says.
    ///
    /// - Throws: `DecodingError` where it is no JSON, or says something else.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
      try JSONCoding.decoder().decode(type, from: Data(text.utf8))
    }
  }
}

extension Pluvo.JSONText: CustomStringConvertible {
  public var description: String { text }
}

extension Pluvo.JSONText: Codable {
  /// Where it comes as an object all the same, as it does in webhooks, its text is kept.
  public init(from decoder: any Decoder) throws {
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      self.init(text)
    } else {
      let value = try Pluvo.JSON(from: decoder)
      self.init(String(decoding: try JSONCoding.encoder().encode(value), as: UTF8.self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    try value.encode(text)
  }
}
