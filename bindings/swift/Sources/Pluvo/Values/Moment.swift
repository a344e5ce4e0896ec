import Foundation

/// Moments as Pluvo writes them, RFC 3339.
enum Moment {
  /// The moment in these bytes. Without an offset they are taken as UTC, a date alone as its midnight.
  static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Date? {
    var text = Digits(bytes: bytes)
    guard let year = text.number(4), text.skip("-"), let month = text.number(2), text.skip("-"),
      let day = text.number(2), Pluvo.Day(year: year, month: month, day: day) != nil
    else {
      return nil
    }
    var seconds = 86_400 * daysSince1970(year, month, day)
    var fraction = 0.0
    if !text.isAtEnd {
      guard text.skip("T") || text.skip("t") || text.skip(" "), let hour = text.number(2), hour < 24, text.skip(":"),
        let minute = text.number(2), minute < 60
      else {
        return nil
      }
      seconds += 3600 * hour + 60 * minute
      if text.skip(":") {
        guard let second = text.number(2), second < 61 else {
          return nil
        }
        // A leap second is read as the last second before it.
        seconds += min(second, 59)
        if text.skip(".") || text.skip(",") {
          guard let part = text.fraction() else {
            return nil
          }
          fraction = part
        }
      }
      guard let offset = text.offset() else {
        return nil
      }
      seconds -= offset
    }
    return Date(timeIntervalSince1970: Double(seconds) + fraction)
  }

  static func read(_ text: String) -> Date? {
    var text = text
    return text.withUTF8 { read($0) }
  }

  /// The moment in UTC, with as many digits of a second as it has, up to microseconds.
  static func text(_ date: Date) -> String {
    let microseconds = Int((date.timeIntervalSince1970 * 1_000_000).rounded())
    let (second, rest) = (floorDivide(microseconds, 1_000_000), floorModulo(microseconds, 1_000_000))
    let (day, time) = (floorDivide(second, 86_400), floorModulo(second, 86_400))
    let (year, month, dayOfMonth) = civil(day)
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    var text = "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))T"
    text += "\(padded(time / 3600, 2)):\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2))"
    if rest != 0 {
      text += "." + (rest % 1000 == 0 ? padded(rest / 1000, 3) : padded(rest, 6))
    }
    return text + "Z"
  }

  /// Days from 1970-01-01 in the Gregorian calendar, by years that begin in March.
  private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month > 2 ? year : year - 1
    let era = floorDivide(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func civil(_ daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
    let days = daysSince1970 + 719_468
    let era = floorDivide(days, 146_097)
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  private static func floorDivide(_ number: Int, _ by: Int) -> Int {
    number >= 0 ? number / by : -((by - 1 - number) / by)
  }

  private static func floorModulo(_ number: Int, _ by: Int) -> Int {
    number - floorDivide(number, by) * by
  }
}

/// Reads fixed numbers of digits.
private struct Digits {
  let bytes: UnsafeBufferPointer<UInt8>
  var at = 0

  var isAtEnd: Bool { at == bytes.count }

  mutating func number(_ width: Int) -> Int? {
    guard bytes.count - at >= width else {
      return nil
    }
    var number = 0
    for _ in 0..<width {
      guard let digit = digit() else {
        return nil
      }
      number = number * 10 + digit
    }
    return number
  }

  mutating func fraction() -> Double? {
    guard let first = digit() else {
      return nil
    }
    var (number, scale) = (first, 10)
    while let digit = digit() {
      // What lies beyond nanoseconds says nothing in a `Double`.
      if scale < 1_000_000_000 {
        (number, scale) = (number * 10 + digit, scale * 10)
      }
    }
    return Double(number) / Double(scale)
  }

  /// The offset from UTC in seconds; `nil` if what is left is none.
  mutating func offset() -> Int? {
    if isAtEnd || skip("Z") || skip("z") {
      return isAtEnd ? 0 : nil
    }
    let sign = skip("-") ? -1 : skip("+") ? 1 : 0
    guard sign != 0, let hours = number(2) else {
      return nil
    }
    _ = skip(":")
    guard let minutes = isAtEnd ? 0 : number(2), isAtEnd, hours < 24, minutes < 60 else {
      return nil
    }
    return sign * (3600 * hours + 60 * minutes)
  }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard at < bytes.count, bytes[at] == UInt8(ascii: character) else {
      return false
    }
    at += 1
    return true
  }

  private mutating func digit() -> Int? {
    guard at < bytes.count, 48...57 ~= bytes[at] else {
      return nil
    }
    defer { at += 1 }
    return Int(bytes[at]) - 48
  }
}
