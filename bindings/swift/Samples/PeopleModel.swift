import Foundation
import Observation
import Pluvo

/// A model as a SwiftUI view has it: it loads people page by page, says how far it is, and stops when the view goes.
///
/// ```swift
/// List(model.people) { Text($0.name ?? "") }
///   .task { await model.load() }
/// ```
@available(macOS 14, iOS 17, *)
@MainActor
@Observable
public final class PeopleModel {
  public private(set) var people: [Pluvo.User] = []
  public private(set) var total: Int?
  public private(set) var problem: String?
  public private(set) var isLoading = false

  private let pluvo: Pluvo

  public init(pluvo: Pluvo) {
    self.pluvo = pluvo
  }

  /// Loads everybody. SwiftUI's `task` cancels it when the view goes, and nothing is left running then.
  public func load() async {
    isLoading = true
    defer { isLoading = false }
    (people, problem) = ([], nil)
    do {
      for try await page in pluvo.users.list(archived: false).pages() {
        people += page.items
        total = page.count
      }
    } catch is CancellationError {
      // The view is gone: there is nobody to tell.
    } catch PluvoError.connection {
      problem = "No connection. Pull to try again."
    } catch {
      problem = error.localizedDescription
    }
  }

  /// One person's trainings, for a detail view.
  public func trainings(of person: Pluvo.User) async throws -> [Pluvo.TrainingListItem] {
    try await pluvo.trainings.list(userId: person.id).toArray(limit: 200)
  }
}
