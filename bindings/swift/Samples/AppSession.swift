import Foundation
import Pluvo

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// How an app gets its client: by tokens of its own back end, which knows who is signed in and keeps the secret.
public struct AppSession: Sendable {
  /// What the app's own back end answers.
  private struct Answer: Decodable {
    let token: String
    let expiresIn: Double
  }

  public let pluvo: Pluvo

  /// - Parameters:
  ///   - organization: The organisation's name.
  ///   - backend: The address at which the app's own back end hands out tokens.
  ///   - signedIn: Gives what proves to the back end who is signed in.
  public init(organization: String, backend: URL, signedIn: @escaping @Sendable () async throws -> String) throws {
    pluvo = try Pluvo(organization: organization) {
      var request = URLRequest(url: backend)
      request.httpMethod = "POST"
      request.setValue("Bearer \(try await signedIn())", forHTTPHeaderField: "Authorization")
      let (body, response) = try await URLSession.shared.data(for: request)
      guard (response as? HTTPURLResponse)?.statusCode == 200 else {
        throw URLError(.userAuthenticationRequired)
      }
      let answer = try JSONDecoder().decode(Answer.self, from: body)
      return Pluvo.Token(answer.token, expiresIn: .seconds(answer.expiresIn))
    }
  }
}
