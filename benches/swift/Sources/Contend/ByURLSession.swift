import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// URLSession with Codable, by tasks where several pages are in flight. Dates stay text.
struct ByURLSession: Contender {
  private let job: Job
  private let session: URLSession

  init(_ job: Job) {
    self.job = job
    let configuration = URLSessionConfiguration.ephemeral
    // It opens six connections to a host where nothing is said.
    configuration.httpMaximumConnectionsPerHost = max(6, job.inFlight)
    session = URLSession(configuration: configuration)
  }

  func drain(_ tally: inout Tally, pages: Int) async throws {
    try await job.inFlight == 1 ? byCursor(&tally, pages) : byOffset(&tally, pages)
  }

  func one() async throws {
    struct One: Decodable {
      struct User: Decodable { let name: String }
      let user: User
    }
    let answer: One = try await send(Body(query: job.one, variables: Body.Variables(ref: "EMP-000001")))
    precondition(!answer.user.name.isEmpty)
  }

  private func byCursor(_ tally: inout Tally, _ pages: Int) async throws {
    var cursor: String?
    for _ in 0..<pages {
      let users = try await users(Body.Variables(first: page, after: cursor))
      for edge in users.edges {
        tally.row(edge.node.ref)
      }
      if !users.pageInfo.hasNextPage {
        return
      }
      cursor = users.pageInfo.endCursor
    }
  }

  /// Pages come in any order and are handed on in theirs.
  private func byOffset(_ tally: inout Tally, _ pages: Int) async throws {
    var begun = 0
    var waiting: [Task<Users, any Error>] = []
    var next = 0
    while next < pages {
      while begun < min(pages, next + job.inFlight) {
        let offset = begun * page
        waiting.append(Task { try await users(Body.Variables(first: page, offset: offset)) })
        begun += 1
      }
      for edge in try await waiting[next].value.edges {
        tally.row(edge.node.ref)
      }
      next += 1
    }
  }

  private func users(_ variables: Body.Variables) async throws -> Users {
    let data: UsersData = try await send(Body(query: job.users, variables: variables))
    return data.paginatedUsers
  }

  private func send<Answer: Decodable>(_ body: Body) async throws -> Answer {
    var request = URLRequest(url: job.url)
    request.httpMethod = "POST"
    request.setValue("Bearer \(job.token)", forHTTPHeaderField: "Authorization")
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    request.httpBody = try JSONEncoder().encode(body)
    let (data, response) = try await session.data(for: request)
    precondition((response as? HTTPURLResponse)?.statusCode == 200)
    return try JSONDecoder().decode(Envelope<Answer>.self, from: data).data
  }
}

private struct Body: Encodable {
  struct Variables: Encodable {
    var first: Int?
    var after: String?
    var offset: Int?
    var ref: String?
  }

  let query: String
  let variables: Variables
}

private struct Envelope<Answer: Decodable>: Decodable {
  let data: Answer
}

private struct UsersData: Decodable {
  let paginatedUsers: Users
}

private struct Users: Decodable, Sendable {
  struct PageInfo: Decodable, Sendable {
    let hasNextPage: Bool
    let endCursor: String?
  }

  struct Edge: Decodable, Sendable {
    let node: User
  }

  let pageInfo: PageInfo
  let count: Int
  let edges: [Edge]
}

private struct User: Decodable, Sendable {
  let id: UUID
  let name: String
  let email: String
  let ref: String?
  let archived: Bool
  let isActive: Bool
  let roles: [String]
  let language: String
  let lastLogin: String?
  let invitedOn: String?
  let groupCount: Int
}
