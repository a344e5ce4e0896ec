import Foundation

/// What a contender is told beside its name.
struct Job: Decodable, Sendable {
  let task: String
  let pages: Int
  let inFlight: Int
  let calls: Int
  let origin: URL
  let url: URL
  let token: String
  let users: String
  let one: String
}

let page = 50

/// What was read.
struct Tally {
  var rows = 0
  var marks = 0

  /// Every 50th row's number is proof that it was that row.
  mutating func row(_ ref: String?) {
    rows += 1
    if rows % page == 0 {
      marks += Int(ref!.dropFirst(4))!
    }
  }
}

protocol Contender {
  /// Reads so many pages.
  func drain(_ tally: inout Tally, pages: Int) async throws

  func one() async throws
}

func work(_ job: Job, _ contender: any Contender) async throws -> Tally {
  var tally = Tally()
  if job.task == "start" {
    return tally
  }
  // Connections and pools are there before it counts.
  var warm = Tally()
  try await contender.drain(&warm, pages: min(20, job.pages))
  print("ready")
  fflush(nil)
  _ = readLine()
  if job.task == "one" {
    for _ in 0..<job.calls {
      try await contender.one()
    }
  } else {
    try await contender.drain(&tally, pages: job.pages)
  }
  return tally
}

// One contender and one job. It makes a client, warms up, prints `ready` and waits for a line; then it does the job, prints
// what it read, and waits for the end of its input, so that whoever measures it knows from outside what the work alone
// took. A start prints as soon as there is a client.
let name = CommandLine.arguments[1]
var tally = Tally()
if name != "bare" {
  let job = try JSONDecoder().decode(Job.self, from: Data(CommandLine.arguments[2].utf8))
  let contender: any Contender =
    name == "urlsession" ? ByURLSession(job) : try ByPluvo(job, byPages: name == "pluvo:pages")
  tally = try await work(job, contender)
}
print(#"{"rows": \#(tally.rows), "marks": \#(tally.marks)}"#)
fflush(nil)
while readLine() != nil {}
