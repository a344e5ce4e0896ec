import Foundation
internal import PluvoInternal

extension Pluvo {
  /// A list that is read page by page while its rows are asked for.
  ///
  /// ```swift
  /// for try await user in pluvo.users.list(archived: false) { print(user.name ?? "") }
  /// let everybody = try await pluvo.users.list().toArray()
  /// let ten = try await pluvo.users.list().toArray(limit: 10)
  /// ```
  ///
  /// One page is fetched ahead while the caller works on the last. Nothing is sent before the first row is asked for, and
  /// nothing is fetched any more once nobody asks.
  public struct List<Row: Sendable>: Sendable {
    let core: Core
    let call: String
    var request: Request
    let reader: RowReader<Row>

    /// Rows a page, from 1 to 50.
    public func pageSize(_ rows: Int) -> Self {
      with { $0.pageSize = rows }
    }

    /// No more than so many rows in all.
    public func limit(_ rows: Int) -> Self {
      with { $0.limit = rows }
    }

    /// Whether a page is fetched ahead.
    public func prefetch(_ isOn: Bool) -> Self {
      with { $0.prefetch = isOn }
    }

    /// So many pages in flight, where Pluvo documents that. Rows keep their order, and all come or it fails.
    public func parallel(_ pages: Int) -> Self {
      with { $0.parallel = pages }
    }

    /// Goes on from a kept position.
    public func after(_ position: Position) -> Self {
      with { $0.after = position.text }
    }

    /// How its calls are made.
    public func options(_ options: CallOptions) -> Self {
      with { $0.set(options) }
    }

    /// Other fields than the default ones, read into a type of one's own.
    ///
    /// ```swift
    /// struct Seen: Decodable { let id: Pluvo.ID, lastLogin: Date? }
    /// for try await user in pluvo.users.list().select("id lastLogin", as: Seen.self) { print(user) }
    /// ```
    ///
    /// - Parameters:
    ///   - fields: A GraphQL selection.
    ///   - type: What each row is read into.
    public func select<Own: Decodable & Sendable>(_ fields: String, as type: Own.Type = Own.self) -> List<Own> {
      var request = request
      request.select = fields
      return List<Own>(core: core, call: call, request: request, reader: .decoding)
    }

    /// The first row, or none.
    public func first() async throws -> Row? {
      var rows = limit(1).prefetch(false).makeAsyncIterator()
      return try await rows.next()
    }

    /// How many rows the server counts.
    public func count() async throws -> Int {
      var request = request
      request.count = true
      return try await core.call(call, request)
    }

    /// All rows, or the first so many. It gives all of them or fails, and has several pages in flight where Pluvo
    /// documents that.
    public func toArray(limit: Int? = nil) async throws -> [Row] {
      let list = with {
        $0.all = true
        $0.limit = limit ?? $0.limit
      }
      var rows: [Row] = []
      for try await page in list.pages() {
        rows.append(contentsOf: page.items)
      }
      return rows
    }

    /// Its pages.
    ///
    /// ```swift
    /// for try await page in pluvo.users.list().pages() { print(page.items.count, page.count ?? 0) }
    /// ```
    public func pages() -> Pages<Row> {
      Pages(list: self)
    }

    private func with(_ change: (inout Request) -> Void) -> Self {
      var list = self
      change(&list.request)
      return list
    }
  }

  /// Where a list was left: a small text to keep, with which the same list goes on later.
  public struct Position: Hashable, Sendable, Codable, LosslessStringConvertible {
    let text: String

    /// A position that was kept as text. Whether it is one of the list shows when the list is read.
    public init(_ text: String) {
      self.text = text
    }

    /// The text to keep.
    public var description: String { text }

    public init(from decoder: any Decoder) throws {
      text = try decoder.singleValueContainer().decode(String.self)
    }

    public func encode(to encoder: any Encoder) throws {
      var value = encoder.singleValueContainer()
      try value.encode(text)
    }
  }
}

extension Pluvo.List where Row: Decodable & JSONReadable {
  init(_ core: Core, _ call: String, _ arguments: Arguments) {
    self.init(core: core, call: call, request: Request(arguments), reader: .scanning)
  }
}

extension Pluvo.List: AsyncSequence {
  public typealias Element = Row

  /// Reads the rows of a list. After an error it can be asked again, and goes on where it was.
  public struct AsyncIterator: AsyncIteratorProtocol, Sendable {
    private var pages: Pluvo.Pages<Row>.AsyncIterator
    private var rows: [Row] = []
    private var index = 0

    init(_ pages: Pluvo.Pages<Row>.AsyncIterator) {
      self.pages = pages
    }

    /// The next row, or none at the end.
    public mutating func next() async throws -> Row? {
      while index == rows.count {
        guard let page = try await pages.next() else {
          return nil
        }
        (rows, index) = (page.items, 0)
      }
      defer { index += 1 }
      return rows[index]
    }
  }

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(pages().makeAsyncIterator())
  }
}
