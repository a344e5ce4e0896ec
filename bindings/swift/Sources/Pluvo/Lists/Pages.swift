import Foundation
internal import PluvoInternal

extension Pluvo {
  /// One page of a list.
  public struct Page<Row: Sendable>: Sendable {
    /// Its rows.
    public let items: [Row]
    /// How many rows the server counts in all.
    public let count: Int?
    /// The cursor of its last row.
    public let endCursor: String?
    /// Whether another page follows.
    public let hasNext: Bool
    /// Where the next page begins, to be kept.
    public let position: Position?
  }

  /// A list's pages, one after the other.
  public struct Pages<Row: Sendable>: AsyncSequence, Sendable {
    public typealias Element = Page<Row>

    let list: List<Row>

    /// Reads the pages of a list. After an error it can be asked again, and goes on where it was.
    public struct AsyncIterator: AsyncIteratorProtocol, Sendable {
      private let list: List<Row>
      private var pages: PluvoInternal.Pages?

      init(_ list: List<Row>) {
        self.list = list
      }

      /// The next page, or none at the end.
      public mutating func next() async throws -> Page<Row>? {
        let pages = try opened()
        guard let page = try await Core.cancellable({ try await pages.next(cancel: $0) }) else {
          return nil
        }
        do {
          return Page(
            items: try list.reader.read(page.edges),
            count: page.count.map { Int($0) },
            endCursor: page.endCursor,
            hasNext: page.hasNext,
            position: pages.position().map { Position($0) })
        } catch {
          throw Unread.error(error, of: list.call, at: "edges")
        }
      }

      /// Where it is, to be kept: after the last page that came, also when the next one failed.
      public var position: Position? { pages?.position().map { Position($0) } }

      /// How many rows the server counts, once a page was read.
      public var count: Int? { pages?.count().map { Int($0) } }

      private mutating func opened() throws -> PluvoInternal.Pages {
        if let pages {
          return pages
        }
        do {
          let opened = try list.core.session.list(name: list.call, request: try Core.write(list.request))
          pages = opened
          return opened
        } catch {
          throw Core.told(error)
        }
      }
    }

    public func makeAsyncIterator() -> AsyncIterator {
      AsyncIterator(list)
    }
  }
}
