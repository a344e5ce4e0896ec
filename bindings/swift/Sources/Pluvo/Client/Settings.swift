import Foundation

/// A configuration as the core takes it: JSON, lengths of time in seconds.
struct Settings: Encodable {
  var organization: String?
  var clientId: String?
  var clientSecret: String?
  var token: String?
  var environment: Bool?
  private var configuration: Pluvo.Configuration

  init(_ configuration: Pluvo.Configuration) {
    self.configuration = configuration
  }

  private enum Name: String, CodingKey {
    case organization, clientId, clientSecret, token, environment
    case baseUrl, scopes, retry, retryBudget, renewal, limits, timeouts, paging, idleTimeout, maxBody
    case certificateAuthority, proxy, userAgent, tokenStore
  }

  func encode(to encoder: any Encoder) throws {
    var settings = encoder.container(keyedBy: Name.self)
    try settings.encodeIfPresent(organization, forKey: .organization)
    try settings.encodeIfPresent(clientId, forKey: .clientId)
    try settings.encodeIfPresent(clientSecret, forKey: .clientSecret)
    try settings.encodeIfPresent(token, forKey: .token)
    try settings.encodeIfPresent(environment, forKey: .environment)
    try settings.encodeIfPresent(configuration.baseURL?.absoluteString, forKey: .baseUrl)
    try settings.encodeIfPresent(configuration.scopes, forKey: .scopes)
    try settings.encode(parts(configuration.retry), forKey: .retry)
    try settings.encode(parts(configuration.retryBudget), forKey: .retryBudget)
    try settings.encode(parts(configuration.renewal), forKey: .renewal)
    try settings.encode(parts(configuration.limits), forKey: .limits)
    try settings.encode(parts(configuration.timeouts), forKey: .timeouts)
    try settings.encode(parts(configuration.paging), forKey: .paging)
    try settings.encodeIfPresent(configuration.idleTimeout?.seconds, forKey: .idleTimeout)
    try settings.encodeIfPresent(configuration.maxBody, forKey: .maxBody)
    try settings.encodeIfPresent(configuration.certificateAuthority, forKey: .certificateAuthority)
    switch configuration.proxy {
    case nil: break
    case .some(.none): try settings.encode(false, forKey: .proxy)
    case .url(let url): try settings.encode(url.absoluteString, forKey: .proxy)
    }
    try settings.encodeIfPresent(configuration.userAgent, forKey: .userAgent)
    try settings.encodeIfPresent(configuration.tokenStore?.path, forKey: .tokenStore)
  }

  private func parts(_ retry: Pluvo.Configuration.Retry) -> Arguments {
    [
      "maxAttempts": retry.maxAttempts, "baseDelay": retry.baseDelay?.seconds, "maxDelay": retry.maxDelay?.seconds,
      "total": retry.total?.seconds, "maxRetryAfter": retry.maxRetryAfter?.seconds,
    ]
  }

  private func parts(_ budget: Pluvo.Configuration.RetryBudget) -> Arguments {
    ["ratio": budget.ratio, "window": budget.window?.seconds, "reserve": budget.reserve]
  }

  private func parts(_ renewal: Pluvo.Configuration.Renewal) -> Arguments {
    [
      "ahead": renewal.ahead?.seconds, "margin": renewal.margin?.seconds, "pause": renewal.pause?.seconds,
      "providerTimeout": renewal.providerTimeout?.seconds,
    ]
  }

  private func parts(_ limits: Pluvo.Configuration.Limits) -> Arguments {
    ["inFlight": limits.inFlight, "rate": limits.rate]
  }

  private func parts(_ timeouts: Pluvo.Configuration.Timeouts) -> Arguments {
    ["connect": timeouts.connect?.seconds, "read": timeouts.read?.seconds, "attempt": timeouts.attempt?.seconds]
  }

  private func parts(_ paging: Pluvo.Configuration.Paging) -> Arguments {
    ["pageSize": paging.pageSize, "prefetch": paging.prefetch, "parallel": paging.parallel]
  }
}
