#if os(Linux) || os(macOS)
  import Foundation

  /// A command that says in one line when it is ready, and then runs until it is stopped.
  final class CommandProcess: @unchecked Sendable {
    private let process = Process()
    private let output = Pipe()

    init(_ command: URL, _ arguments: [String]) throws {
      process.executableURL = command
      process.arguments = arguments
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = output
      // Who waits for the end of a test's output would wait for that of a command that was left running.
      process.standardError = FileHandle.nullDevice
      try process.run()
    }

    func stop() {
      // Not `terminate`: threads of Swift's pool have its signal blocked, and a process inherits that.
      if process.isRunning {
        kill(process.processIdentifier, SIGKILL)
      }
    }

    /// The first line of its output.
    func firstLine() async throws -> Data {
      let reading = output.fileHandleForReading
      return try await withCheckedThrowingContinuation { continuation in
        // Reading blocks, which no thread of the cooperative pool may do.
        DispatchQueue.global().async {
          var line = Data()
          while true {
            let bytes = reading.availableData
            line.append(bytes)
            if let end = line.firstIndex(of: UInt8(ascii: "\n")) {
              return continuation.resume(returning: line[..<end])
            }
            if bytes.isEmpty {
              return continuation.resume(throwing: SandboxError(description: "the command ended without a word"))
            }
          }
        }
      }
    }
  }
#endif
