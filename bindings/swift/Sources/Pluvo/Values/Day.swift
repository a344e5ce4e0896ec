import Foundation

extension Pluvo {
  /// A calendar date, without a time or a time zone.
  ///
  /// ```swift
  /// let start = Pluvo.Day("2024-01-31")!
  /// print(start.year, start.month, start.day)
  /// ```
  public struct Day: Hashable, Sendable {
    /// The year.
    public let year: Int
    /// The month, from 1.
    public let month: Int
    /// The day of the month, from 1.
    public let day: Int

    /// A date of the Gregorian calendar; `nil` if there is none such.
    public init?(year: Int, month: Int, day: Int) {
      guard 0...9999 ~= year, 1...12 ~= month, 1...Self.days(in: month, of: year) ~= day else {
        return nil
      }
      (self.year, self.month, self.day) = (year, month, day)
    }

    /// The date that this text begins with: `2024-01-31`, or a moment on that day as it is written.
    public init?(_ text: String) {
      let parts = text.prefix(10).split(separator: "-", omittingEmptySubsequences: false)
      guard parts.map(\.utf8.count) == [4, 2, 2], text.utf8.count == 10 || "T ".contains(text.dropFirst(10).first!),
        let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
      else {
        return nil
      }
      self.init(year: year, month: month, day: day)
    }

    /// The moment at which the day begins in a time zone.
    public func start(in zone: TimeZone) -> Date {
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = zone
      let midnight = calendar.date(from: DateComponents(year: year, month: month, day: day))
      return calendar.startOfDay(for: midnight ?? .distantPast)
    }

    private static func days(in month: Int, of year: Int) -> Int {
      switch month {
      case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
      case 4, 6, 9, 11: 30
      default: 31
      }
    }
  }
}

extension Pluvo.Day: CustomStringConvertible {
  /// The date as `2024-01-31`.
  public var description: String {
    func padded(_ number: Int, to width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(day, to: 2))"
  }
}

extension Pluvo.Day: Comparable {
  public static func < (one: Self, other: Self) -> Bool {
    (one.year, one.month, one.day) < (other.year, other.month, other.day)
  }
}

extension Pluvo.Day: Codable {
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    let text = try value.decode(String.self)
    guard let day = Self(text) else {
      throw DecodingError.dataCorruptedError(in: value, debugDescription: "not a calendar date")
    }
    self = day
  }

  public func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    try value.encode(description)
  }
}
