// swift-tools-version: 6.0
import PackageDescription

let package = Package(
  name: "Contend",
  platforms: [.macOS(.v13)],
  // Where `setup` puts the SDK's package together.
  dependencies: [.package(name: "Pluvo", path: Context.environment["PLUVO_PACKAGE"] ?? "../../bindings/swift")],
  targets: [.executableTarget(name: "contend", dependencies: ["Pluvo"], path: "Sources/Contend")],
  swiftLanguageModes: [.v6]
)
