import Foundation

@testable import Pluvo

/// A scenario's file, placeholders filled in or not.
struct Scenario: Sendable {
  let name: String
  let json: Pluvo.JSON

  /// Those whose name has a text in it.
  static func all(in folder: URL, having text: String) throws -> [Scenario] {
    let files = FileManager.default
    var scenarios: [Scenario] = []
    for area in try files.contentsOfDirectory(atPath: folder.path).sorted() {
      let folder = folder.appendingPathComponent(area)
      for file in try files.contentsOfDirectory(atPath: folder.path).sorted() where file.hasSuffix(".json") {
        let name = "\(area)/\(file.dropLast(".json".count))"
        if text.isEmpty || name.contains(text) {
          let data = try Data(contentsOf: folder.appendingPathComponent(file))
          scenarios.append(Scenario(name: name, json: try JSONDecoder().decode(Pluvo.JSON.self, from: data)))
        }
      }
    }
    return scenarios
  }

  /// Why it is not for Swift.
  var exception: String? { json["except"]?["swift"]?.string }

  var steps: [Pluvo.JSON] { json["steps"]?.items ?? [] }
}

/// What came of a call.
struct Seen: Sendable {
  /// The rows that were handed over, by the API's names.
  var rows: [Pluvo.JSON] = []
  /// How many were on each page; nothing for a list that is not read by pages.
  var pages: [Int]?
  /// How many rows the server counts.
  var told: Int?
  /// What the call gave; nothing if it gave nothing.
  var value: Pluvo.JSON?
  var error: PluvoError?
  /// Where a list was left.
  var position: Pluvo.Position?
}

/// What a step says of a call.
struct CallStep: Sendable {
  let call: String
  let args: Pluvo.JSON
  let client: String
  let concurrently: Int
  let background: String?
  let how: How
  let expect: Pluvo.JSON?

  init(_ json: Pluvo.JSON) throws {
    let fields = try Fields(json, "step")
    call = try fields.read("call") ?? ""
    args = fields.json("args") ?? [:]
    client = try fields.read("client") ?? "first"
    concurrently = try fields.read("concurrently") ?? 1
    background = try fields.read("background")
    how = try How(try fields.object("how"))
    expect = fields.json("expect")
    try fields.done()
  }

  /// How a call is carried out.
  struct How: Sendable {
    let read: String
    let pageSize, limit, parallel, take: Int?
    let prefetch: Bool?
    let pause: Duration?
    let keep, after, afterText, select, operationName: String?
    let partial: Bool
    let repeatable: Bool?

    init(_ fields: Fields) throws {
      read = try fields.read("read") ?? "pages"
      pageSize = try fields.read("page_size")
      limit = try fields.read("limit")
      parallel = try fields.read("parallel")
      take = try fields.read("take")
      prefetch = try fields.read("prefetch")
      pause = try fields.span("pause")
      keep = try fields.read("keep")
      after = try fields.read("after")
      afterText = try fields.read("after_text")
      select = try fields.read("select")
      operationName = try fields.read("operation_name")
      partial = try fields.read("partial") ?? false
      repeatable = try fields.read("repeatable")
      try fields.done()
    }
  }
}
