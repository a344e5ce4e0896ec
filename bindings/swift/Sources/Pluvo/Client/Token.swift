import Foundation
internal import PluvoInternal

extension Pluvo {
  /// A token for Pluvo's API, as one's own back end hands it out. No text for debugging shows it.
  public struct Token: Sendable {
    let value: String
    let expiresIn: Duration?

    /// A token, and how long it is good for where that is known. Without it, the token is used until Pluvo refuses it;
    /// then the provider is asked again.
    public init(_ value: String, expiresIn: Duration? = nil) {
      self.value = value
      self.expiresIn = expiresIn
    }
  }

  /// Gives tokens: asks the app's own back end for one. It is called when one is needed, by one caller at a time; its
  /// result is shared. Whatever it throws fails the call with ``PluvoError/authentication(_:)``.
  public typealias TokenProvider = @Sendable () async throws -> Token
}

extension Pluvo.Token: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "Token(…)" }
  public var debugDescription: String { description }
  /// Nothing: a mirror is what `dump` and crash reporters look into.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A provider as the core calls it.
final class ProviderBridge: PluvoInternal.TokenProvider {
  private let provide: Pluvo.TokenProvider

  init(_ provide: @escaping Pluvo.TokenProvider) {
    self.provide = provide
  }

  func token() async throws -> PluvoInternal.Token {
    do {
      let token = try await provide()
      return PluvoInternal.Token(value: token.value, expiresIn: token.expiresIn?.seconds)
    } catch {
      throw ProviderError.Failed(reason: String(describing: error))
    }
  }
}
