import Foundation
internal import PluvoInternal

extension Pluvo {
  /// Webhooks, for servers: knowing that what arrives is Pluvo's, and reading it.
  ///
  /// ```swift
  /// let delivery = try Pluvo.Webhooks.verify(body: body, headers: headers, keys: [key])
  /// switch delivery.payload {
  /// case .user(let user): print(delivery.event, user.id)
  /// default: print(delivery.raw)
  /// }
  /// ```
  ///
  /// Pluvo repeats deliveries that were not answered with success, and a recorded one can be replayed: keep
  /// ``Delivery/key`` for a while and drop what was seen. Never answer 410, which ends the subscription for good.
  public enum Webhooks {
    /// Checks a delivery's signature and reads it. Nothing of the body is read before.
    ///
    /// - Parameters:
    ///   - body: The bytes as they arrived.
    ///   - headers: The request's headers, in any case: `X-Signature` and `X-Signature-Salt`.
    ///   - keys: The Pluvo Webhook Key. Several are accepted, so that one can be replaced.
    ///   - literal: Takes the words of Pluvo's newest page for the signature as they stand. Its older, runnable samples,
    ///     which are followed otherwise, derive the key differently.
    /// - Throws: ``PluvoError/other(_:)`` with the code `webhook` where it is not Pluvo's, and
    ///   ``PluvoError/configuration(_:)`` for no key.
    public static func verify(
      body: Data,
      headers: some Sequence<(key: String, value: String)>,
      keys: [String],
      literal: Bool = false
    ) throws -> Delivery {
      do {
        let headers = headers.map { Header(name: $0.key, value: $0.value) }
        let text = try webhookVerify(body: body, headers: headers, keys: keys, literal: literal)
        return try Core.read(text, of: "webhooks.verify")
      } catch {
        throw Core.told(error)
      }
    }

    /// The headers with which Pluvo would sign a body. For tests of a receiver.
    public static func signForTest(body: Data, key: String, salt: String = "salt") -> [String: String] {
      let text = webhookSignForTest(body: body, key: key, salt: salt)
      return (try? JSONCoding.decoder().decode([String: String].self, from: Data(text.utf8))) ?? [:]
    }
  }
}
