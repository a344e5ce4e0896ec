import Foundation
import XCTest

@testable import Pluvo

/// The scanner reads what `JSONDecoder` reads, or says that it does not.
final class ScannerTests: XCTestCase {
  private func decoded(_ text: String) throws -> [Pluvo.User] {
    try RowReader<Pluvo.User>.decoding.read(text)
  }

  private func scanned(_ text: String) -> [Pluvo.User]? {
    RowReader<Pluvo.User>.scan(text)
  }

  func testBothReadTheSame() throws {
    let full = #"""
      {"id": "933d8663-edf6-42c9-895a-eeec13fff0ab", "name": "Zoë \"Z\" \u00e9\ud83d\ude00\n", "email": null,
      "archived": false, "isActive": true, "roles": ["TRAINER", null, "ASTRONAUT"], "groupCount": -3,
      "profileImage": {"id": "7", "url": "https://files.pluvo.co/a\/b", "future": [[{}], "]"]},
      "lastLogin": "2024-02-29T10:15:00.250+01:00", "invitedOn": "soon", "extraFields": "{\"a\": 1}",
      "extraCategoryValues": [{"stringValue": "x", "modelId": 12}, {"booleanValue": null},
      {"choiceValue": {"id": 5, "stringValue": "Dutch"}}, {"color": "#fff"}, null],
      "participantGroups": [{"id": "b", "name": "Sales", "maxUsers": 5, "enableChat": true}], "managerGroups": [],
      "future": {"a": [1, 2.5e3, true, null, {"b": "}"}]}}
      """#
    let pages = [
      "[]", " [ ] \n", "[{\"node\":\(full)}]", "[{\"cursor\":\"c\",\"node\":\(full)},{\"node\":null},null]",
      #"[{"node":{}}]"#, #"[{"node":{"id":null,"name":""}}]"#, #"[{"node":{"id":42}}]"#,
    ]
    for page in pages {
      XCTAssertEqual(try XCTUnwrap(scanned(page), page), try decoded(page), page)
    }
    let user = try XCTUnwrap(scanned(pages[2])?.first)
    XCTAssertEqual(user.id.uuid, UUID(uuidString: "933d8663-edf6-42c9-895a-eeec13fff0ab"))
    XCTAssertEqual(user.name, "Zoë \"Z\" é😀\n")
    XCTAssertEqual(user.roles, [.trainer, Pluvo.Role(rawValue: "ASTRONAUT")])
    XCTAssertEqual(user.lastLogin, Date(timeIntervalSince1970: 1_709_198_100.25))
    XCTAssertNil(user.invitedOn)
    XCTAssertEqual(user.extraCategoryValues?.count, 4)
    XCTAssertEqual(user.participantGroups?.first?.maxUsers, 5)
  }

  func testWhatIsUnusualIsLeftToTheDecoder() throws {
    let unusual = [
      #"[{"node":{"\u006eame":"Anne"}}]"#, #"[{"node":{"groupCount":3.0}}]"#, #"[{"node":{"name":5}}]"#,
      #"[{"node":{"name":"\ud800"}}]"#, #"[{"node":{"roles":"TRAINER"}}]"#, #"[{"node":{"name":"A"#, "[{]", "",
      #"[{"node":{}}] x"#, #"{"node":{}}"#, #"[{"node":{"archived":tru}}]"#, #"[{"node":{"name":"\x"}}]"#,
    ]
    for page in unusual {
      XCTAssertNil(scanned(page), page)
    }
    XCTAssertEqual(try RowReader<Pluvo.User>.scanning.read(unusual[0]).first?.name, "Anne")
    XCTAssertEqual(try RowReader<Pluvo.User>.scanning.read(unusual[1]).first?.groupCount, 3)
    XCTAssertThrowsError(try RowReader<Pluvo.User>.scanning.read(unusual[2]))
  }

  func testDepthIsNoDanger() throws {
    let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
    XCTAssertEqual(scanned(#"[{"node":{"id":"a","future":\#(deep)}}]"#)?.first?.id, "a")
  }

  /// Whatever is cut off or changed, the scanner ends, and never reads what the decoder reads otherwise.
  func testDamagedPages() throws {
    let whole = Array(#"[{"node":{"id":"7","name":"a\u00e9b","roles":["X"],"archived":true,"groupCount":12}}]"#.utf8)
    var random = SystemRandomNumberGenerator()
    for _ in 0..<5000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let at = Int.random(in: bytes.indices, using: &random)
        if Bool.random(using: &random) {
          bytes[at] = whole.randomElement(using: &random)!
        } else {
          bytes.remove(at: at)
        }
      }
      let page = Data(bytes)
      let text = String(decoding: page, as: UTF8.self)
      guard let rows = scanned(text), let read = try? decoded(text) else {
        continue
      }
      // Of a key that comes twice, each may take another one.
      let keys = text.split(separator: "\"").filter { ["id", "name", "node"].contains($0) }
      if Set(keys).count == keys.count {
        XCTAssertEqual(rows, read, text)
      }
    }
  }
}
