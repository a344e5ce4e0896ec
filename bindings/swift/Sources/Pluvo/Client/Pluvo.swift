import Foundation
internal import PluvoInternal

/// A client of one organisation.
///
/// An app must never ship a client secret: everybody can read it there. So give the client a token provider that asks
/// the app's own back end, which knows who is signed in and keeps the secret.
///
/// ```swift
/// let pluvo = try Pluvo(organization: "acme") {
///   let answer = try await backend.pluvoToken()
///   return Pluvo.Token(answer.token, expiresIn: .seconds(answer.expiresIn))
/// }
/// for try await user in pluvo.users.list(archived: false) {
///   print(user.name ?? "")
/// }
/// ```
///
/// A client is made once and shared by all tasks: they share its connections, token and limits. Making one sends nothing.
/// It ends when the last reference to it is gone; calls that are under way go on to their end.
public final class Pluvo: Sendable {
  let core: Core

  /// A client that gets its tokens from the caller's own code. This is the one for apps.
  ///
  /// - Parameters:
  ///   - organization: The organisation's name, `acme`; its host, `learn.example.com`; or a URL.
  ///   - configuration: How the client works.
  ///   - token: Gives a token whenever one is needed.
  /// - Throws: ``PluvoError/configuration(_:)``, naming what is wrong.
  public convenience init(
    organization: String,
    configuration: Configuration = Configuration(),
    token: @escaping TokenProvider
  ) throws {
    try self.init(configuration, provider: token) { $0.organization = organization }
  }

  /// A client with one token, which cannot be renewed. For tests and tools.
  ///
  /// - Parameters:
  ///   - organization: The organisation's name, `acme`; its host, `learn.example.com`; or a URL.
  ///   - accessToken: The token.
  ///   - configuration: How the client works.
  /// - Throws: ``PluvoError/configuration(_:)``, naming what is wrong.
  public convenience init(
    organization: String,
    accessToken: String,
    configuration: Configuration = Configuration()
  ) throws {
    try self.init(configuration) {
      $0.organization = organization
      $0.token = accessToken
    }
  }

  /// A client with client credentials. **For servers only**: whoever has an app has its secrets.
  ///
  /// - Parameters:
  ///   - organization: The organisation's name, `acme`; its host, `learn.example.com`; or a URL.
  ///   - clientID: The client's id.
  ///   - clientSecret: The client's secret.
  ///   - configuration: How the client works.
  /// - Throws: ``PluvoError/configuration(_:)``, naming what is wrong.
  public convenience init(
    organization: String,
    clientID: String,
    clientSecret: String,
    configuration: Configuration = Configuration()
  ) throws {
    try self.init(configuration) {
      $0.organization = organization
      $0.clientId = clientID
      $0.clientSecret = clientSecret
    }
  }

  /// A client that is set up by the environment: `PLUVO_ORGANIZATION` or `PLUVO_BASE_URL`; `PLUVO_CLIENT_ID` and
  /// `PLUVO_CLIENT_SECRET`, or `PLUVO_ACCESS_TOKEN`; `PLUVO_SCOPES`. For servers and tools.
  ///
  /// - Throws: ``PluvoError/configuration(_:)``, naming what is missing.
  public static func fromEnvironment(configuration: Configuration = Configuration()) throws -> Pluvo {
    try Pluvo(configuration) { $0.environment = true }
  }

  /// `clock` is for tests alone.
  init(
    _ configuration: Configuration,
    provider: TokenProvider? = nil,
    clock: TestClock? = nil,
    _ set: (inout Settings) -> Void
  ) throws {
    var settings = Settings(configuration)
    set(&settings)
    do {
      core = Core(
        try Session.open(
          settings: try JSONCoding.text(settings),
          provider: provider.map { ProviderBridge($0) },
          attempts: configuration.onAttempt.map { AttemptBridge($0) },
          clock: clock))
    } catch {
      throw Core.told(error)
    }
  }

  private init(core: Core) {
    self.core = core
  }

  /// A client with other defaults for its calls, which shares connections, token and limits with this one.
  ///
  /// - Throws: ``PluvoError/configuration(_:)``, naming what is wrong.
  public func with(_ options: CallOptions) throws -> Pluvo {
    let settings: Arguments = [
      "timeout": options.timeout?.seconds, "maxAttempts": options.maxAttempts, "total": options.total?.seconds,
      "maxBody": options.maxBody,
    ]
    do {
      return Pluvo(core: Core(try core.session.withOptions(settings: try JSONCoding.text(settings))))
    } catch {
      throw Core.told(error)
    }
  }
}

extension Pluvo: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Where requests go, and no secret.
  public var description: String { core.session.describe() }
  public var debugDescription: String { description }
  /// Nothing: a mirror is what `dump` and crash reporters look into.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
