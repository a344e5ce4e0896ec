import Foundation

/// Reads the SDK's own models from the bytes of an answer, ten times as fast as `JSONDecoder`.
///
/// It knows the common form of JSON alone. Whatever is unusual (a key with an escape, a number where text should be)
/// is an ``Unusual`` error, and then `JSONDecoder` reads the same bytes: it has the last word on what can be read.
struct JSONScanner {
  /// The bytes are not as they usually are, which does not mean that they are wrong.
  struct Unusual: Error {}

  private let bytes: UnsafeBufferPointer<UInt8>
  private var at = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }
}

/// What a scanner can read.
protocol JSONReadable {
  init(json: inout JSONScanner) throws(JSONScanner.Unusual)
}

extension JSONReadable {
  /// What this text holds; `nil` where it is not as it usually is.
  static func scan(_ text: String) -> Self? {
    var text = text
    return text.withUTF8 { bytes in
      var json = JSONScanner(bytes)
      do throws(JSONScanner.Unusual) {
        let value = try Self(json: &json)
        try json.end()
        return value
      } catch {
        return nil
      }
    }
  }
}

extension Optional: JSONReadable where Wrapped: JSONReadable {
  init(json: inout JSONScanner) throws(JSONScanner.Unusual) {
    self = try json.object()
  }
}

extension Array: JSONReadable where Element: JSONReadable {
  init(json: inout JSONScanner) throws(JSONScanner.Unusual) {
    guard let elements = try json.objects(Element.self) else {
      throw JSONScanner.Unusual()
    }
    self = elements
  }
}

// MARK: - Structure

extension JSONScanner {
  /// A key of an object, to be matched with `switch`.
  struct Key {
    fileprivate let bytes: UnsafeBufferPointer<UInt8>

    @inline(__always)
    static func ~= (name: StaticString, key: Key) -> Bool {
      name.utf8CodeUnitCount == key.bytes.count
        && memcmp(name.utf8Start, key.bytes.baseAddress!, key.bytes.count) == 0
    }
  }

  /// Enters an object. `key` gives its keys then, and leaves it after the last.
  mutating func enter() throws(Unusual) {
    try expect(UInt8(ascii: "{"))
  }

  /// The next key of the object. Its value has to be read, or skipped, before the next.
  mutating func key() throws(Unusual) -> Key? {
    var byte = try peek()
    if byte == UInt8(ascii: ",") {
      at += 1
      byte = try peek()
    } else if byte == UInt8(ascii: "}") {
      at += 1
      return nil
    }
    let (text, isPlain) = try rawString()
    guard isPlain, text.baseAddress != nil else {
      throw Unusual()
    }
    try expect(UInt8(ascii: ":"))
    return Key(bytes: text)
  }

  /// The elements of an array without nulls; `nil` for a null.
  mutating func list<Element>(
    _ element: (inout Self) throws(Unusual) -> Element?
  ) throws(Unusual) -> [Element]? {
    if try null() {
      return nil
    }
    try expect(UInt8(ascii: "["))
    var elements: [Element] = []
    if try peek() == UInt8(ascii: "]") {
      at += 1
      return elements
    }
    while true {
      if let value = try element(&self) {
        elements.append(value)
      }
      if try peek() == UInt8(ascii: "]") {
        at += 1
        return elements
      }
      try expect(UInt8(ascii: ","))
    }
  }

  /// An object; `nil` for a null.
  mutating func object<Value: JSONReadable>(_ type: Value.Type = Value.self) throws(Unusual) -> Value? {
    try null() ? nil : try Value(json: &self)
  }

  mutating func objects<Value: JSONReadable>(_ type: Value.Type = Value.self) throws(Unusual) -> [Value]? {
    try list { json throws(Unusual) in try json.object() }
  }

  /// The first of these keys that the object at which the scanner stands has. It stays where it stands.
  mutating func first(of names: [StaticString]) throws(Unusual) -> Int? {
    let start = at
    defer { at = start }
    try enter()
    while let key = try key() {
      if let index = names.firstIndex(where: { $0 ~= key }) {
        return index
      }
      try skip()
    }
    return nil
  }

  /// Passes over a value of any kind and depth.
  mutating func skip() throws(Unusual) {
    var depth = 0
    repeat {
      switch try peek() {
      case UInt8(ascii: "\""):
        _ = try rawString()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        at += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        at += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        at += 1
      default:
        skipWord()
      }
    } while depth > 0
  }

  /// That nothing follows but white space.
  mutating func end() throws(Unusual) {
    skipSpace()
    guard at == bytes.count else {
      throw Unusual()
    }
  }
}

// MARK: - Values

extension JSONScanner {
  /// A text; `nil` for a null.
  mutating func string() throws(Unusual) -> String? {
    guard try peek() == UInt8(ascii: "\"") else {
      return try nothing()
    }
    let (text, isPlain) = try rawString()
    if isPlain {
      return String(decoding: text, as: UTF8.self)
    }
    return try JSONEscapes.resolve(text)
  }

  mutating func bool() throws(Unusual) -> Bool? {
    switch try peek() {
    case UInt8(ascii: "t"):
      try word("true")
      return true
    case UInt8(ascii: "f"):
      try word("false")
      return false
    default:
      return try nothing()
    }
  }

  /// A whole number.
  mutating func integer() throws(Unusual) -> Int? {
    if try null() {
      return nil
    }
    guard let number = Int(numberText()) else {
      throw Unusual()
    }
    return number
  }

  mutating func double() throws(Unusual) -> Double? {
    if try null() {
      return nil
    }
    guard let number = Double(numberText()) else {
      throw Unusual()
    }
    return number
  }

  /// An id, as text or as a whole number; none for a null.
  mutating func id() throws(Unusual) -> Pluvo.ID {
    guard try peek() == UInt8(ascii: "\"") else {
      return try integer().map { Pluvo.ID(String($0)) } ?? .none
    }
    let (text, isPlain) = try rawString()
    if let uuid = CanonicalUUID.read(text) {
      return Pluvo.ID(uuid)
    }
    return Pluvo.ID(isPlain ? String(decoding: text, as: UTF8.self) : try JSONEscapes.resolve(text))
  }

  mutating func optionalID() throws(Unusual) -> Pluvo.ID? {
    try null() ? nil : try id()
  }

  /// A moment; `nil` for a null and for a text that is none.
  mutating func moment() throws(Unusual) -> Date? {
    guard try peek() == UInt8(ascii: "\"") else {
      return try nothing()
    }
    return Moment.read(try rawString().text)
  }

  /// A calendar date; `nil` for a null and for a text that is none.
  mutating func day() throws(Unusual) -> Pluvo.Day? {
    try string().flatMap { Pluvo.Day($0) }
  }

  /// A decimal number, in text or not; `nil` for a null and for a text that is none.
  mutating func decimal() throws(Unusual) -> Decimal? {
    if try null() {
      return nil
    }
    let text = try peek() == UInt8(ascii: "\"") ? try string() ?? "" : String(numberText())
    return Decimal(plain: text)
  }

  /// JSON inside a text; `nil` for a null.
  mutating func jsonText() throws(Unusual) -> Pluvo.JSONText? {
    try string().map { Pluvo.JSONText($0) }
  }

  /// A member of an open enum; `nil` for a null.
  mutating func member<Member: RawRepresentable<String>>(
    _ type: Member.Type = Member.self
  ) throws(Unusual) -> Member? {
    try string().flatMap { Member(rawValue: $0) }
  }

  mutating func members<Member: RawRepresentable<String>>(
    _ type: Member.Type = Member.self
  ) throws(Unusual) -> [Member]? {
    try list { json throws(Unusual) in try json.member() }
  }
}

// MARK: - Bytes

extension JSONScanner {
  /// The next byte that is not white space, which is not passed.
  @inline(__always)
  private mutating func peek() throws(Unusual) -> UInt8 {
    while at < bytes.count {
      let byte = bytes[at]
      if byte > 0x20 {
        return byte
      }
      at += 1
    }
    throw Unusual()
  }

  private mutating func skipSpace() {
    while at < bytes.count, bytes[at] <= 0x20 {
      at += 1
    }
  }

  @inline(__always)
  private mutating func expect(_ byte: UInt8) throws(Unusual) {
    guard try peek() == byte else {
      throw Unusual()
    }
    at += 1
  }

  /// Passes over a null, if there is one.
  @inline(__always)
  private mutating func null() throws(Unusual) -> Bool {
    guard try peek() == UInt8(ascii: "n") else {
      return false
    }
    try word("null")
    return true
  }

  /// A null, since nothing else is left.
  private mutating func nothing<Value>() throws(Unusual) -> Value? {
    try word("null")
    return nil
  }

  private mutating func word(_ word: StaticString) throws(Unusual) {
    let count = word.utf8CodeUnitCount
    guard bytes.count - at >= count, memcmp(bytes.baseAddress! + at, word.utf8Start, count) == 0 else {
      throw Unusual()
    }
    at += count
  }

  /// Passes over a number, `true`, `false` or `null`.
  private mutating func skipWord() {
    repeat {
      at += 1
    } while at < bytes.count && isWord(bytes[at])
  }

  private func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0...0x20: false
    default: true
    }
  }

  private mutating func numberText() -> Substring {
    skipSpace()
    let start = at
    while at < bytes.count, isWord(bytes[at]) {
      at += 1
    }
    return Substring(decoding: UnsafeBufferPointer(rebasing: bytes[start..<at]), as: UTF8.self)
  }

  /// What stands between quotes, and whether it is free of escapes.
  @inline(__always)
  private mutating func rawString() throws(Unusual) -> (text: UnsafeBufferPointer<UInt8>, isPlain: Bool) {
    try expect(UInt8(ascii: "\""))
    let start = at
    var isPlain = true
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\""):
        at += 1
        return (UnsafeBufferPointer(rebasing: bytes[start..<(at - 1)]), isPlain)
      case UInt8(ascii: "\\"):
        isPlain = false
        at += 2
      default:
        at += 1
      }
    }
    throw Unusual()
  }
}
