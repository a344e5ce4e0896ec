import Foundation

/// A port of this machine at which nobody listens, and at which nobody else can while this is there: it is taken, and what
/// is taken without being listened at refuses every connection.
final class ClosedPort: Sendable {
  let number: Int
  private let descriptor: Int32

  init() throws {
    let taken = socket(AF_INET, streamSocket, 0)
    descriptor = taken
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(bigEndian: 0x7F00_0001)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isTaken = withUnsafeMutablePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(taken, $0, length) == 0 && getsockname(taken, $0, &length) == 0
      }
    }
    number = Int(in_port_t(bigEndian: address.sin_port))
    guard isTaken else {
      throw Wrong("there is no free port")
    }
  }

  deinit {
    close(descriptor)
  }
}

#if os(Linux)
  private let streamSocket = Int32(SOCK_STREAM.rawValue)
#else
  private let streamSocket = SOCK_STREAM
#endif
