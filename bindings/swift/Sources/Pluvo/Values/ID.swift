import Foundation

extension Pluvo {
  /// The id that Pluvo gave to an object.
  ///
  /// Nearly all ids are UUIDs in lower case: these take no memory of their own, and ``uuid`` has them. Any other text is
  /// kept as it is, because the documentation does not promise UUIDs everywhere.
  ///
  /// ```swift
  /// let id: Pluvo.ID = "933d8663-edf6-42c9-895a-eeec13fff0ab"
  /// print(id.uuid!)
  /// ```
  public struct ID: Hashable, Sendable {
    /// Only the canonical form becomes a `UUID`, so that equal texts have equal forms.
    private enum Form: Hashable {
      case uuid(UUID)
      case text(String)
    }

    private let form: Form

    /// What a server's null is read as.
    static let none = ID("")

    /// The id in this text.
    public init(_ text: String) {
      var text = text
      let uuid = text.withUTF8 { CanonicalUUID.read($0) }
      form = uuid.map(Form.uuid) ?? .text(text)
    }

    /// The id that is this UUID.
    public init(_ uuid: UUID) {
      form = .uuid(uuid)
    }

    /// The id as a UUID, where it is one.
    public var uuid: UUID? {
      switch form {
      case .uuid(let uuid): uuid
      case .text(let text): UUID(uuidString: text)
      }
    }

    /// The id as Pluvo writes it.
    public var text: String {
      switch form {
      case .uuid(let uuid): uuid.uuidString.lowercased()
      case .text(let text): text
      }
    }
  }
}

extension Pluvo.ID: CustomStringConvertible {
  public var description: String { text }
}

extension Pluvo.ID: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) {
    self.init(text)
  }
}

extension Pluvo.ID: Comparable {
  /// Ids are ordered as their texts are.
  public static func < (one: Self, other: Self) -> Bool {
    one.text < other.text
  }
}

extension Pluvo.ID: Codable {
  /// GraphQL's `ID` may come as a number, and what cannot be null may be null all the same.
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .none
    } else if let text = try? value.decode(String.self) {
      self.init(text)
    } else if let number = try? value.decode(UInt64.self) {
      self.init(String(number))
    } else {
      self.init(String(try value.decode(Int64.self)))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    try value.encode(text)
  }
}

/// UUIDs in lower case with hyphens, as Pluvo writes them.
enum CanonicalUUID {
  /// The UUID that these bytes are, if they are one in this form.
  static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> UUID? {
    guard bytes.count == 36, bytes[8] == hyphen, bytes[13] == hyphen, bytes[18] == hyphen, bytes[23] == hyphen else {
      return nil
    }
    var uuid: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    let isHexadecimal = withUnsafeMutableBytes(of: &uuid) { octets in
      var at = 0
      for index in 0..<16 {
        if index == 4 || index == 6 || index == 8 || index == 10 {
          at += 1
        }
        guard let high = digit(bytes[at]), let low = digit(bytes[at + 1]) else {
          return false
        }
        octets[index] = high << 4 | low
        at += 2
      }
      return true
    }
    return isHexadecimal ? UUID(uuid: uuid) : nil
  }

  private static let hyphen = UInt8(ascii: "-")

  @inline(__always)
  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
    default: nil
    }
  }
}
