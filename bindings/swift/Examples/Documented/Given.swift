import Foundation
import Pluvo

// What the examples of the documentation take for granted. They are compiled, and not run.

struct Backend: Sendable {
  struct Answer: Sendable {
    let token: String
    let expiresIn: Double
  }

  func pluvoToken() async throws -> Answer { Answer(token: "", expiresIn: 0) }
}

struct Logger: Sendable {
  func info(_ text: String) {}
}

let backend = Backend()
let logger = Logger()
let (id, secret, key) = ("", "", "")
let pluvo = try! Pluvo(organization: "acme", accessToken: "")
let body = Data()
let headers: [String: String] = [:]
let rows: [Pluvo.SyncRow] = []
let user = Pluvo.User(id: "")
let role = Pluvo.Role.trainer
let content = Pluvo.Content.file("handbook.pdf")
let prepared = Pluvo.PreparedUpload(file: Pluvo.File(id: ""), url: "", fields: [:])

func show(_ users: [Pluvo.User], of count: Int?) {}
func save(_ position: Pluvo.Position?) {}
func handle(_ event: Pluvo.WebhookEvent, _ payload: Pluvo.Delivery.Payload) {}
