// swift-tools-version: 6.0
import PackageDescription

// What a release fills in: where the XCFramework is, and its checksum. Without it, as in a checkout, the package is built
// against the library that `bindings/swift/run` builds, on Linux and macOS, which the linker finds by LIBRARY_PATH.
let release: (url: String, checksum: String)? = nil

let library: Target =
  if let release {
    .binaryTarget(name: "PluvoInternalFFI", url: release.url, checksum: release.checksum)
  } else {
    .target(
      name: "PluvoInternalFFI", path: "Sources/PluvoInternalFFI", linkerSettings: [.linkedLibrary("pluvo_internal")])
  }

let package = Package(
  name: "Pluvo",
  platforms: [.iOS(.v16), .macOS(.v13)],
  products: [
    .library(name: "Pluvo", targets: ["Pluvo"]),
    .library(name: "PluvoTesting", targets: ["PluvoTesting"]),
  ],
  targets: [
    library,
    // Generated. What UniFFI 0.32 writes for async callbacks does not pass the checks of Swift 6.
    // A static library names no framework that it needs itself: these have the system's certificates.
    .target(
      name: "PluvoInternal", dependencies: ["PluvoInternalFFI"], swiftSettings: [.swiftLanguageMode(.v5)],
      linkerSettings: ["CoreFoundation", "Security"].map { .linkedFramework($0, .when(platforms: [.iOS, .macOS])) }),
    .target(name: "Pluvo", dependencies: ["PluvoInternal"]),
    .target(name: "PluvoTesting", dependencies: ["Pluvo"]),
    .executableTarget(name: "list-users", dependencies: ["Pluvo"], path: "Examples/ListUsers"),
    // What the documentation shows: `examples` writes it.
    .target(name: "Documented", dependencies: ["Pluvo", "PluvoTesting"], path: "Examples/Documented"),
    .target(name: "Samples", dependencies: ["Pluvo"], path: "Samples"),
    .testTarget(name: "PluvoTests", dependencies: ["Pluvo", "PluvoTesting", "Samples"]),
    .testTarget(name: "ConformanceTests", dependencies: ["Pluvo", "PluvoInternal", "PluvoTesting"]),
  ],
  swiftLanguageModes: [.v6]
)
