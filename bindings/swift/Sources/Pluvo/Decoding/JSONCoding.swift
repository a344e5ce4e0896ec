import Foundation

/// The encoder and the decoder that everything here uses.
enum JSONCoding {
  /// Moments travel as RFC 3339, whatever the caller's types.
  static func encoder() -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    encoder.dateEncodingStrategy = .custom { date, encoder in
      var value = encoder.singleValueContainer()
      try value.encode(Moment.text(date))
    }
    return encoder
  }

  static func decoder() -> JSONDecoder {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .custom { decoder in
      let value = try decoder.singleValueContainer()
      guard let date = Moment.read(try value.decode(String.self)) else {
        throw DecodingError.dataCorruptedError(in: value, debugDescription: "not a moment")
      }
      return date
    }
    return decoder
  }

  static func text(_ value: some Encodable) throws -> String {
    String(decoding: try encoder().encode(value), as: UTF8.self)
  }
}

/// What generated models read by, so that a server may send what its schema does not promise.
extension KeyedDecodingContainer {
  /// A value; `nil` for a null, and where there is none.
  func value<Value: Decodable>(_ key: Key) throws -> Value? {
    try decodeIfPresent(Value.self, forKey: key)
  }

  /// An id; none for a null, and where there is none.
  func id(_ key: Key) throws -> Pluvo.ID {
    try decodeIfPresent(Pluvo.ID.self, forKey: key) ?? .none
  }

  /// The elements of a list that are not null.
  func list<Element: Decodable>(_ key: Key) throws -> [Element]? {
    try decodeIfPresent([Element?].self, forKey: key)?.compactMap { $0 }
  }

  /// A moment; `nil` for a text that is none too.
  func moment(_ key: Key) throws -> Date? {
    try decodeIfPresent(String.self, forKey: key).flatMap { Moment.read($0) }
  }

  /// A calendar date; `nil` for a text that is none too.
  func day(_ key: Key) throws -> Pluvo.Day? {
    try decodeIfPresent(String.self, forKey: key).flatMap { Pluvo.Day($0) }
  }

  /// A decimal number, in text or not; `nil` for a text that is none too.
  func decimal(_ key: Key) throws -> Decimal? {
    guard contains(key), try !decodeNil(forKey: key) else {
      return nil
    }
    if let text = try? decode(String.self, forKey: key) {
      return Decimal(plain: text)
    }
    return try decode(Decimal.self, forKey: key)
  }
}

extension Decimal {
  /// The number in this text, with a point whatever the locale.
  init?(plain text: String) {
    self.init(string: text, locale: Locale(identifier: "en_US_POSIX"))
  }

  /// The number with a point, whatever the locale.
  var plain: String {
    var number = self
    return NSDecimalString(&number, Locale(identifier: "en_US_POSIX"))
  }
}
