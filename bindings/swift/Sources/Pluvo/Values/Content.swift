import Foundation

extension Pluvo {
  /// What a file holds.
  public enum Content: Sendable {
    /// Bytes in memory.
    case data(Data)
    /// A file on this device, at a path, read while it is sent.
    case file(String)

    /// A file on this device, read while it is sent.
    public static func file(at url: URL) -> Self { .file(url.path) }
  }

  /// A value of an extra category, to be set.
  ///
  /// ```swift
  /// let values: [String: Pluvo.ExtraValue] = ["department": "Marketing", "languages": ["Dutch", "English"]]
  /// ```
  public enum ExtraValue: Hashable, Sendable {
    /// What the category holds, in text: the categories are read first, to send it as that.
    case plain(String)
    /// Text, whatever the category holds.
    case text(String)
    /// A moment.
    case moment(Date)
    /// Yes or no.
    case bool(Bool)
    /// Options by their texts, also where only one can be chosen.
    case choices([String])
  }
}

extension Pluvo.ExtraValue: Codable {
  private enum Kind: String, CodingKey {
    case text, moment, boolean, choices
  }

  public init(from decoder: any Decoder) throws {
    if let value = try? decoder.singleValueContainer() {
      if let text = try? value.decode(String.self) {
        self = .plain(text)
        return
      } else if let flag = try? value.decode(Bool.self) {
        self = .bool(flag)
        return
      } else if let choices = try? value.decode([String].self) {
        self = .choices(choices)
        return
      }
    }
    let value = try decoder.container(keyedBy: Kind.self)
    if let text: String = try value.value(.text) {
      self = .text(text)
    } else if let date = try value.moment(.moment) {
      self = .moment(date)
    } else if let flag: Bool = try value.value(.boolean) {
      self = .bool(flag)
    } else {
      self = .choices(try value.decode([String].self, forKey: .choices))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .plain(let text):
      var value = encoder.singleValueContainer()
      try value.encode(text)
    case .text(let text):
      var value = encoder.container(keyedBy: Kind.self)
      try value.encode(text, forKey: .text)
    case .moment(let date):
      var value = encoder.container(keyedBy: Kind.self)
      try value.encode(Moment.text(date), forKey: .moment)
    case .bool(let flag):
      var value = encoder.container(keyedBy: Kind.self)
      try value.encode(flag, forKey: .boolean)
    case .choices(let choices):
      var value = encoder.container(keyedBy: Kind.self)
      try value.encode(choices, forKey: .choices)
    }
  }
}

extension Pluvo.ExtraValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral {
  public init(stringLiteral text: String) { self = .plain(text) }
  public init(booleanLiteral flag: Bool) { self = .bool(flag) }
  public init(arrayLiteral choices: String...) { self = .choices(choices) }
}
