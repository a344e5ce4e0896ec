/// The escapes of JSON's strings.
enum JSONEscapes {
  /// The text that stands between the quotes of a string.
  static func resolve(_ raw: UnsafeBufferPointer<UInt8>) throws(JSONScanner.Unusual) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(raw.count)
    var at = 0
    while at < raw.count {
      guard raw[at] == UInt8(ascii: "\\") else {
        text.append(raw[at])
        at += 1
        continue
      }
      guard at + 1 < raw.count else {
        throw JSONScanner.Unusual()
      }
      if raw[at + 1] == UInt8(ascii: "u") {
        let scalar = try unicode(raw, &at)
        text.append(contentsOf: Array(String(Character(scalar)).utf8))
      } else {
        text.append(try single(raw[at + 1]))
        at += 2
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func single(_ byte: UInt8) throws(JSONScanner.Unusual) -> UInt8 {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return byte
    case UInt8(ascii: "b"): return 0x08
    case UInt8(ascii: "f"): return 0x0C
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "t"): return 0x09
    default: throw JSONScanner.Unusual()
    }
  }

  /// A character of one `\uXXXX` or of a pair of them.
  private static func unicode(
    _ raw: UnsafeBufferPointer<UInt8>, _ at: inout Int
  ) throws(JSONScanner.Unusual) -> Unicode.Scalar {
    let first = try unit(raw, &at)
    if let scalar = Unicode.Scalar(first) {
      return scalar
    }
    // The first half of a pair, or a half that stands alone.
    let second = try unit(raw, &at)
    guard 0xD800...0xDBFF ~= first, 0xDC00...0xDFFF ~= second,
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else {
      throw JSONScanner.Unusual()
    }
    return scalar
  }

  private static func unit(_ raw: UnsafeBufferPointer<UInt8>, _ at: inout Int) throws(JSONScanner.Unusual) -> UInt32 {
    guard at + 6 <= raw.count, raw[at] == UInt8(ascii: "\\"), raw[at + 1] == UInt8(ascii: "u") else {
      throw JSONScanner.Unusual()
    }
    var unit: UInt32 = 0
    for index in (at + 2)..<(at + 6) {
      guard let digit = Character(Unicode.Scalar(raw[index])).hexDigitValue else {
        throw JSONScanner.Unusual()
      }
      unit = unit << 4 | UInt32(digit)
    }
    at += 6
    return unit
  }
}
