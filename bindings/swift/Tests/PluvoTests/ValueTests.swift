import Foundation
import XCTest

@testable import Pluvo

final class ValueTests: XCTestCase {
  private func round<Value: Codable>(_ value: Value) throws -> Value {
    try JSONDecoder().decode([Value].self, from: try JSONEncoder().encode([value]))[0]
  }

  func testIDs() throws {
    let text = "933d8663-edf6-42c9-895a-eeec13fff0ab"
    XCTAssertEqual(Pluvo.ID(text).uuid, UUID(uuidString: text))
    XCTAssertEqual(Pluvo.ID(text), Pluvo.ID(UUID(uuidString: text)!))
    for text in [text, text.uppercased(), "", "7", "é", String(repeating: "x", count: 36)] {
      XCTAssertEqual(Pluvo.ID(text).text, text)
      XCTAssertEqual(try round(Pluvo.ID(text)), Pluvo.ID(text))
    }
    XCTAssertNotEqual(Pluvo.ID(text), Pluvo.ID(text.uppercased()))
    XCTAssertNotNil(Pluvo.ID(text.uppercased()).uuid)
    XCTAssertNil(Pluvo.ID("7").uuid)
    let read = try JSONDecoder().decode([Pluvo.ID].self, from: Data("[7, -1, null, 18446744073709551615]".utf8))
    XCTAssertEqual(read, ["7", "-1", "", "18446744073709551615"])
    XCTAssertTrue(Pluvo.ID("a") < "b")
  }

  func testDays() throws {
    XCTAssertEqual(Pluvo.Day("2024-02-29")?.description, "2024-02-29")
    XCTAssertEqual(Pluvo.Day("2024-01-31T23:30:00-05:00"), Pluvo.Day(year: 2024, month: 1, day: 31))
    for text in ["2023-02-29", "2024-13-01", "2024-00-10", "24-01-01", "2024-1-1", "", "soon", "2024-01-31x"] {
      XCTAssertNil(Pluvo.Day(text), text)
    }
    XCTAssertEqual(try round(Pluvo.Day("0042-07-01")!).description, "0042-07-01")
    XCTAssertTrue(Pluvo.Day("2024-01-31")! < Pluvo.Day("2024-02-01")!)
    let start = Pluvo.Day("2024-07-01")!.start(in: TimeZone(identifier: "Europe/Amsterdam")!)
    XCTAssertEqual(Moment.text(start), "2024-06-30T22:00:00Z")
  }

  func testMoments() {
    let cases = [
      "2020-01-01T11:15:00+01:00": "2020-01-01T10:15:00Z", "2020-01-01T10:15:00.000Z": "2020-01-01T10:15:00Z",
      "2020-01-01t10:15:00.5z": "2020-01-01T10:15:00.500Z", "2020-01-01 10:15": "2020-01-01T10:15:00Z",
      "2020-01-01": "2020-01-01T00:00:00Z", "1969-12-31T23:59:59.000001Z": "1969-12-31T23:59:59.000001Z",
      "2020-01-01T10:15:00-0530": "2020-01-01T15:45:00Z", "0001-01-01T00:00:00Z": "0001-01-01T00:00:00Z",
      "2016-12-31T23:59:60Z": "2016-12-31T23:59:59Z", "9999-12-31T23:59:59Z": "9999-12-31T23:59:59Z",
    ]
    for (text, expected) in cases {
      XCTAssertEqual(Moment.read(text).map { Moment.text($0) }, expected, text)
    }
    let none = [
      "", "soon", "2020-02-30", "2020-01-01T24:00:00Z", "2020-01-01T10:60:00Z", "2020-01-01T10:15:00X",
      "2020-01-01T10:15:00.",
    ]
    for text in none {
      XCTAssertNil(Moment.read(text), text)
    }
  }

  /// From the year 1600 on: before, Foundation's calendar is another one.
  func testMomentsAreThoseOfFoundation() throws {
    let style = Date.ISO8601FormatStyle()
    for _ in 0..<2000 {
      let date = Date(timeIntervalSince1970: Double(Int.random(in: -11_600_000_000...200_000_000_000)))
      XCTAssertEqual(Moment.text(date), style.format(date))
      XCTAssertEqual(Moment.read(style.format(date)), date)
    }
  }

  func testDecimalsKeepTheirPoint() throws {
    XCTAssertEqual(Decimal(plain: "12.50")?.plain, "12.5")
    XCTAssertEqual(Decimal(plain: "0.1")! + Decimal(plain: "0.2")!, Decimal(plain: "0.3"))
    let event = Pluvo.OfferEvent(id: "e", price: Decimal(plain: "0.10"))
    let json = try JSONDecoder().decode(Pluvo.JSON.self, from: try JSONEncoder().encode(event))
    XCTAssertEqual(json, ["id": "e", "price": "0.1"])
    let number = Data(#"{"id":"e","price":0.1}"#.utf8)
    XCTAssertEqual(try JSONDecoder().decode(Pluvo.OfferEvent.self, from: number), event)
  }

  func testOpenEnumsKeepWhatTheyDoNotKnow() throws {
    let role = Pluvo.Role(rawValue: "ASTRONAUT")
    XCTAssertFalse(role.isKnown)
    XCTAssertEqual(try round(role), role)
    XCTAssertEqual(Pluvo.Role(rawValue: "TRAINER"), .trainer)
    XCTAssertTrue(Pluvo.Role.known.contains(.participant))
  }

  func testModelsCanBeKept() throws {
    let user = Pluvo.User(
      id: "933d8663-edf6-42c9-895a-eeec13fff0ab", name: "Anne", roles: [.trainer],
      profileImage: Pluvo.File(id: "f"), extraCategoryValues: [.other],
      lastLogin: Date(timeIntervalSince1970: 1_700_000_000.5))
    XCTAssertEqual(try round(user), user)
  }

  func testExtraValuesSayTheirKind() throws {
    let values: [Pluvo.ExtraValue] = ["x", true, ["a", "b"], .text("x"), .moment(Date(timeIntervalSince1970: 0))]
    XCTAssertEqual(
      try JSONCoding.text(values),
      #"["x",{"boolean":true},{"choices":["a","b"]},{"text":"x"},{"moment":"1970-01-01T00:00:00Z"}]"#)
  }

  func testErrorsAreKnownByTheirCodes() throws {
    let json = #"""
      {"code":"rate_limited","message":"slow down","operation":"Users","status":429,"requestId":"r-1","retryAfter":1.5,
      "attempts":2,"retryable":true,"indeterminate":false,
      "graphql":[{"message":"m","path":["users",0],"extensions":{"code":"RATE_LIMITED"}}],"causes":["c"]}
      """#
    let error = try JSONDecoder().decode(PluvoError.self, from: Data(json.utf8))
    guard case .rateLimited(let failure) = error else {
      return XCTFail("\(error)")
    }
    XCTAssertEqual(failure.retryAfter, .seconds(1.5))
    XCTAssertEqual(failure.requestID, "r-1")
    XCTAssertEqual(failure.graphql.first?.code, "RATE_LIMITED")
    XCTAssertEqual("\(error)", "rate_limited: slow down; caused by: c")
    XCTAssertEqual(error.localizedDescription, "slow down")
    XCTAssertEqual(try round(error), error)
  }
}
