#if os(Linux) || os(macOS)
  import Foundation
  import Pluvo

  /// A Pluvo organisation on this machine, for tests: the `pluvo sandbox` command, until it is stopped or nobody has it.
  ///
  /// ```swift
  /// let sandbox = try await Sandbox.start(users: 200)
  /// defer { sandbox.stop() }
  /// let pluvo = try sandbox.client()
  /// try await sandbox.control("POST", "faults", body: ["on": "graphql", "do": ["kind": "status", "status": 503]])
  /// ```
  ///
  /// The command is looked for at `PLUVO_COMMAND`, then on `PATH`.
  public final class Sandbox: Sendable {
    /// The client that every sandbox knows.
    public static let clientID = "sandbox"
    /// The secret of that client.
    public static let clientSecret = "sandbox-secret"

    /// The organisation's base URL.
    public let url: URL
    /// Where its control API is, which faults do not reach.
    public let controlURL: URL
    /// The certificate authority of a sandbox that speaks HTTPS, as PEM.
    public let certificateAuthority: String?

    private let process: CommandProcess

    private init(_ ready: Ready, _ process: CommandProcess) {
      (url, controlURL, certificateAuthority) = (ready.url, ready.controlUrl, ready.caPem)
      self.process = process
    }

    deinit {
      process.stop()
    }

    /// Starts a sandbox and waits until it listens.
    ///
    /// - Parameters:
    ///   - users: How many people it has.
    ///   - arguments: Further arguments of `pluvo sandbox`.
    public static func start(users: Int? = nil, arguments: [String] = []) async throws -> Sandbox {
      var line = ["sandbox", "--port", "0", "--format", "json"]
      line += users.map { ["--users", String($0)] } ?? []
      let process = try CommandProcess(try command(), line + arguments)
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return Sandbox(try decoder.decode(Ready.self, from: try await process.firstLine()), process)
    }

    /// Ends it. A sandbox that nobody has any more ends by itself.
    public func stop() {
      process.stop()
    }

    /// A client of the sandbox, with its own client credentials.
    public func client(configuration: Pluvo.Configuration = .init()) throws -> Pluvo {
      try Pluvo(
        organization: url.absoluteString, clientID: Self.clientID, clientSecret: Self.clientSecret,
        configuration: configuration)
    }

    /// A token of the sandbox, without its token endpoint: what an app's own back end would hand out.
    public func token(scopes: [String]? = nil) async throws -> String {
      let body: Pluvo.JSON = scopes.map { ["scopes": .array($0.map(Pluvo.JSON.string))] } ?? [:]
      let answer = try await control("POST", "tokens", body: body)
      guard let token = answer["access_token"]?.string else {
        throw SandboxError(description: "the sandbox gave no token")
      }
      return token
    }

    /// Asks something of the control API (`faults`, `log`, `clock`, …) and gives its answer, null where it is empty.
    @discardableResult
    public func control(_ method: String, _ path: String, body: Pluvo.JSON? = nil) async throws -> Pluvo.JSON {
      var request = HTTPRequest(method: method, url: controlURL.appendingPathComponent(path))
      request.body = try body.map { try JSONEncoder().encode($0) }
      let (status, answer) = try await request.send()
      guard 200..<300 ~= status else {
        throw SandboxError(
          description: "\(method) \(path): \(status) \(String(decoding: answer, as: UTF8.self))")
      }
      return answer.isEmpty ? .null : try JSONDecoder().decode(Pluvo.JSON.self, from: answer)
    }

    private static func command() throws -> URL {
      let environment = ProcessInfo.processInfo.environment
      if let path = environment["PLUVO_COMMAND"] {
        return URL(fileURLWithPath: path)
      }
      let folders = (environment["PATH"] ?? "").split(separator: ":").map { URL(fileURLWithPath: String($0)) }
      let places = folders.map { $0.appendingPathComponent("pluvo") }
      guard let found = places.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) else {
        throw SandboxError(
          description: "the `pluvo` command is not on PATH: `cargo install pluvo-cli`, or say where by PLUVO_COMMAND")
      }
      return found
    }

    /// What the command says when it listens.
    private struct Ready: Decodable {
      let url: URL
      let controlUrl: URL
      let caPem: String?
    }
  }

  /// Why there is no sandbox, or what it refused.
  public struct SandboxError: Error, Hashable, CustomStringConvertible {
    public let description: String
  }
#endif
