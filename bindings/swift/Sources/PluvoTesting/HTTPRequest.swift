#if os(Linux) || os(macOS)
  import Foundation
  #if canImport(FoundationNetworking)
    import FoundationNetworking
  #endif

  /// A plain request, without the SDK.
  package struct HTTPRequest: Sendable {
    private var request: URLRequest

    package init(method: String, url: URL) {
      request = URLRequest(url: url)
      request.httpMethod = method
      request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    }

    package var body: Data? {
      get { request.httpBody }
      set { request.httpBody = newValue }
    }

    package mutating func authorize(with token: String) {
      request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
    }

    package func send() async throws -> (status: Int, body: Data) {
      let (body, response) = try await URLSession.shared.data(for: request)
      return ((response as? HTTPURLResponse)?.statusCode ?? 0, body)
    }
  }
#endif
