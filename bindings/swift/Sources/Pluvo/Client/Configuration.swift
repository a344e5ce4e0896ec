import Foundation

extension Pluvo {
  /// How a client works. What is `nil` is as the SDK has it, which suits nearly everybody.
  public struct Configuration: Sendable {
    /// Where Pluvo is, if it is not where the organisation's name says: a base URL, for a sandbox.
    public var baseURL: URL?
    /// The scopes to ask for, with client credentials. Without any the server decides.
    public var scopes: [String]?
    /// How failed requests are repeated.
    public var retry = Retry()
    /// How much is repeated in all, so that an outage is not answered with a storm.
    public var retryBudget = RetryBudget()
    /// When tokens are renewed.
    public var renewal = Renewal()
    /// How much is asked at once.
    public var limits = Limits()
    /// How long an attempt may take.
    public var timeouts = Timeouts()
    /// How lists are read.
    public var paging = Paging()
    /// How long an unused connection is kept.
    public var idleTimeout: Duration?
    /// The largest answer, in bytes after decompression.
    public var maxBody: Int?
    /// A further certificate authority to trust, as PEM.
    public var certificateAuthority: String?
    /// The proxy to use, instead of what the system says.
    public var proxy: Proxy?
    /// What the app calls itself, in front of the SDK's own name.
    public var userAgent: String?
    /// A file in which processes share a token. Its mode is 0600.
    public var tokenStore: URL?
    /// Hears of every HTTP attempt once it is over. It must not block.
    public var onAttempt: (@Sendable (Attempt) -> Void)?

    /// As the SDK has it.
    public init() {}

    /// How failed requests are repeated.
    public struct Retry: Hashable, Sendable {
      /// Attempts in all; 1 never repeats.
      public var maxAttempts: Int?
      /// The longest first delay. Each further one may be twice as long.
      public var baseDelay: Duration?
      /// The longest delay.
      public var maxDelay: Duration?
      /// No repeats after so long.
      public var total: Duration?
      /// The longest wish of the server to wait that is granted.
      public var maxRetryAfter: Duration?

      /// As the SDK has it.
      public init() {}
    }

    /// How much is repeated in all.
    public struct RetryBudget: Hashable, Sendable {
      /// Repeats for each request.
      public var ratio: Double?
      /// The time in which they are counted.
      public var window: Duration?
      /// Repeats that are always allowed.
      public var reserve: Int?

      /// As the SDK has it.
      public init() {}
    }

    /// When tokens are renewed.
    public struct Renewal: Hashable, Sendable {
      /// So long before the end one caller renews while the others go on.
      public var ahead: Duration?
      /// So long before the end everybody waits.
      public var margin: Duration?
      /// How long a failed renewal is left alone.
      public var pause: Duration?
      /// How long a token provider may take.
      public var providerTimeout: Duration?

      /// As the SDK has it.
      public init() {}
    }

    /// How much is asked at once.
    public struct Limits: Hashable, Sendable {
      /// Requests in flight.
      public var inFlight: Int?
      /// Requests a second.
      public var rate: Double?

      /// As the SDK has it.
      public init() {}
    }

    /// How long an attempt may take.
    public struct Timeouts: Hashable, Sendable {
      /// To connect.
      public var connect: Duration?
      /// Without a byte.
      public var read: Duration?
      /// In all.
      public var attempt: Duration?

      /// As the SDK has it.
      public init() {}
    }

    /// How lists are read.
    public struct Paging: Hashable, Sendable {
      /// Rows a page, up to 50.
      public var pageSize: Int?
      /// Whether a page is fetched ahead.
      public var prefetch: Bool?
      /// Pages in flight for calls that read everything.
      public var parallel: Int?

      /// As the SDK has it.
      public init() {}
    }

    /// The proxy to use.
    public enum Proxy: Hashable, Sendable {
      /// None, whatever the system says.
      case none
      /// This one. It may hold a name and a password.
      case url(URL)
    }
  }
}

extension Pluvo.Configuration: CustomStringConvertible, CustomReflectable {
  /// Without the proxy, which may hold a password.
  public var description: String { "Configuration(\(retry), \(limits), \(timeouts), \(paging))" }
  /// Nothing: a mirror is what `dump` and crash reporters look into.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
