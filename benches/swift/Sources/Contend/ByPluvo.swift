import Pluvo

/// Ours, as it is out of the box, but for as many requests in flight as the job says.
struct ByPluvo: Contender {
  private let job: Job
  private let byPages: Bool
  private let pluvo: Pluvo

  init(_ job: Job, byPages: Bool) throws {
    (self.job, self.byPages) = (job, byPages)
    var configuration = Pluvo.Configuration()
    configuration.proxy = Pluvo.Configuration.Proxy.none
    configuration.limits.inFlight = max(8, job.inFlight)
    pluvo = try Pluvo(
      organization: job.origin.absoluteString, clientID: "sandbox", clientSecret: "sandbox-secret",
      configuration: configuration)
  }

  func drain(_ tally: inout Tally, pages: Int) async throws {
    var users = pluvo.users.list().limit(pages * page)
    if job.inFlight > 1 {
      users = users.parallel(job.inFlight)
    }
    if byPages {
      for try await page in users.pages() {
        for user in page.items {
          tally.row(user.ref)
        }
      }
    } else {
      for try await user in users {
        tally.row(user.ref)
      }
    }
  }

  func one() async throws {
    struct Answer: Decodable {
      struct User: Decodable { let name: String }
      let user: User
    }
    let answer: Answer = try await pluvo.query(job.one, variables: ["ref": "EMP-000001"])
    precondition(!answer.user.name.isEmpty)
  }
}
