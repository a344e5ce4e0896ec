import Foundation

/// How a page's JSON, `[{"node": {…}}, …]`, becomes rows.
struct RowReader<Row: Sendable>: Sendable {
  let read: @Sendable (String) throws -> [Row]
}

extension RowReader where Row: Decodable {
  /// For rows of the caller's own types.
  static var decoding: Self {
    Self { edges in
      try JSONCoding.decoder().decode([Edge<Row>?].self, from: Data(edges.utf8)).compactMap { $0?.node }
    }
  }
}

extension RowReader where Row: Decodable & JSONReadable {
  /// For rows of the SDK's own types.
  static var scanning: Self {
    Self { edges in
      try scan(edges) ?? decoding.read(edges)
    }
  }

  /// The rows; `nil` where the text is not as it usually is.
  static func scan(_ edges: String) -> [Row]? {
    [ScannedEdge<Row>].scan(edges)?.compactMap(\.node)
  }
}

/// A row in the frame of its list.
private struct Edge<Row: Decodable>: Decodable {
  let node: Row?
}

private struct ScannedEdge<Row: JSONReadable>: JSONReadable {
  var node: Row?

  init(json: inout JSONScanner) throws(JSONScanner.Unusual) {
    try json.enter()
    while let key = try json.key() {
      switch key {
      case "node": node = try json.object()
      default: try json.skip()
      }
    }
  }
}
