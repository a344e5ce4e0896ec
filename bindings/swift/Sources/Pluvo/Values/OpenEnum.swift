extension Pluvo {
  /// An enum that a server may extend: members which this version does not know are kept as they came.
  ///
  /// ```swift
  /// switch role {
  /// case .trainer: print("gives trainings")
  /// case .participant: print("follows trainings")
  /// default: print(role.rawValue)
  /// }
  /// ```
  public protocol OpenEnum: RawRepresentable, Codable, Hashable, Sendable, CustomStringConvertible
  where RawValue == String {
    /// The member that the API writes so.
    init(rawValue: String)

    /// The members that this version knows.
    static var known: [Self] { get }
  }
}

extension Pluvo.OpenEnum {
  /// Whether this version knows the member.
  public var isKnown: Bool { Self.known.contains(self) }

  public var description: String { rawValue }
}
