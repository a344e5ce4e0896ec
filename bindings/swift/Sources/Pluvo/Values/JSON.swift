extension Pluvo {
  /// Any JSON: for variables of a query, and for rows of an own selection.
  ///
  /// ```swift
  /// let variables: Pluvo.JSON = ["ref": "EMP-1", "first": 10]
  /// ```
  public enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A whole number that fits.
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    /// The field of an object; `nil` where there is none.
    public subscript(field: String) -> JSON? {
      if case .object(let fields) = self { fields[field] } else { nil }
    }

    /// The element of an array; `nil` where there is none.
    public subscript(index: Int) -> JSON? {
      if case .array(let items) = self, items.indices.contains(index) { items[index] } else { nil }
    }

    /// The text, where it is one.
    public var string: String? {
      if case .string(let text) = self { text } else { nil }
    }
  }
}

extension Pluvo.JSON: Codable {
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let flag = try? value.decode(Bool.self) {
      self = .bool(flag)
    } else if let number = try? value.decode(Int64.self) {
      self = .integer(number)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .string(text)
    } else if let items = try? value.decode([Self].self) {
      self = .array(items)
    } else {
      self = .object(try value.decode([String: Self].self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .null: try value.encodeNil()
    case .bool(let flag): try value.encode(flag)
    case .integer(let number): try value.encode(number)
    case .number(let number): try value.encode(number)
    case .string(let text): try value.encode(text)
    case .array(let items): try value.encode(items)
    case .object(let fields): try value.encode(fields)
    }
  }
}

/// Not by `nil`: where there may be no JSON at all, that would be taken for a null.
extension Pluvo.JSON: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(booleanLiteral flag: Bool) { self = .bool(flag) }
  public init(integerLiteral number: Int64) { self = .integer(number) }
  public init(floatLiteral number: Double) { self = .number(number) }
  public init(stringLiteral text: String) { self = .string(text) }
  public init(arrayLiteral items: Self...) { self = .array(items) }
  /// Of fields with one name the last counts.
  public init(dictionaryLiteral fields: (String, Self)...) {
    self = .object(Dictionary(fields) { _, last in last })
  }
}
