import Foundation

extension Pluvo {
  /// A delivery that was verified.
  public struct Delivery: Hashable, Sendable {
    /// What happened.
    public let event: WebhookEvent
    /// When it was sent, as Pluvo says.
    public let sentDate: Date?
    /// What it happened to.
    public let payload: Payload
    /// The same for two deliveries of one body.
    public let key: String
    /// Everything that was sent, by Pluvo's names.
    public let raw: [String: JSON]

    /// What an event is about.
    public enum Payload: Hashable, Sendable {
      /// A person.
      case user(UserPayload)
      /// A training.
      case training(TrainingPayload)
      /// A group. It does not list the members.
      case group(GroupPayload)
      /// An enrolment.
      case enrollment(EnrollmentPayload)
      /// A module group.
      case moduleGroup(ModuleGroupPayload)
      /// An event without a documented payload, or one whose payload is not as documented: see ``Delivery/raw``.
      case unknown
    }
  }

  /// What happened. Pluvo's list of events is not known to its end, so others are kept by name.
  public struct WebhookEvent: OpenEnum {
    public let rawValue: String

    public init(rawValue: String) {
      self.rawValue = rawValue
    }

    public static let userCreated = Self(rawValue: "USER_CREATED")
    public static let userUpdated = Self(rawValue: "USER_UPDATED")
    public static let userDeleted = Self(rawValue: "USER_DELETED")
    public static let trainingCreated = Self(rawValue: "TRAINING_CREATED")
    public static let trainingUpdated = Self(rawValue: "TRAINING_UPDATED")
    public static let trainingDeleted = Self(rawValue: "TRAINING_DELETED")
    public static let groupCreated = Self(rawValue: "GROUP_CREATED")
    public static let groupUpdated = Self(rawValue: "GROUP_UPDATED")
    public static let groupDeleted = Self(rawValue: "GROUP_DELETED")
    public static let offerEventEnrolled = Self(rawValue: "OFFER_EVENT_ENROLLED")
    public static let offerEventEnrollmentStatusUpdated = Self(rawValue: "OFFER_EVENT_ENROLLMENT_STATUS_UPDATED")
    public static let offerEventUnenrolled = Self(rawValue: "OFFER_EVENT_UNENROLLED")
    public static let eventConditionsFulfilled = Self(rawValue: "EVENT_CONDITIONS_FULFILLED")
    public static let eventFileUploaded = Self(rawValue: "EVENT_FILE_UPLOADED")
    public static let eventCertificateAchieved = Self(rawValue: "EVENT_CERTIFICATE_ACHIEVED")
    public static let eventCertificateStatusChanged = Self(rawValue: "EVENT_CERTIFICATE_STATUS_CHANGED")
    public static let portfolioItemCreated = Self(rawValue: "PORTFOLIO_ITEM_CREATED")
    public static let portfolioItemUpdated = Self(rawValue: "PORTFOLIO_ITEM_UPDATED")
    public static let portfolioItemDeleted = Self(rawValue: "PORTFOLIO_ITEM_DELETED")
    public static let trainingFinished = Self(rawValue: "TRAINING_FINISHED")
    public static let courseFinished = Self(rawValue: "COURSE_FINISHED")

    public static let known: [Self] = [
      .userCreated, .userUpdated, .userDeleted, .trainingCreated, .trainingUpdated, .trainingDeleted, .groupCreated,
      .groupUpdated, .groupDeleted, .offerEventEnrolled, .offerEventEnrollmentStatusUpdated, .offerEventUnenrolled,
      .eventConditionsFulfilled, .eventFileUploaded, .eventCertificateAchieved, .eventCertificateStatusChanged,
      .portfolioItemCreated, .portfolioItemUpdated, .portfolioItemDeleted, .trainingFinished, .courseFinished,
    ]
  }

  /// A person in a delivery.
  public struct UserPayload: Decodable, Hashable, Sendable {
    public let id: ID
    public let ref: String?
    public let name: String?
    public let email: String?
    public let isActive: Bool?
    /// Extra fields by name. An object here, where GraphQL has JSON in a text.
    public let extraFields: [String: JSON]?
  }

  /// A training in a delivery.
  public struct TrainingPayload: Hashable, Sendable {
    public let id: ID
    public let ref: String?
    public let title: String?
    public let subtitle: String?
    public let introduction: String?
    public let startDate: Day?
    public let endDate: Day?
    public let isActive: Bool?
  }

  /// A group in a delivery.
  public struct GroupPayload: Decodable, Hashable, Sendable {
    public let id: ID
    public let ref: String?
    public let name: String?
    public let enableChat: Bool?
  }

  /// A moment of an offer in a delivery.
  public struct OfferEventPayload: Hashable, Sendable {
    public let id: ID
    public let ref: String?
    public let title: String?
    public let price: Decimal?
    public let maxSubscriptions: Int?
    public let cancelled: Bool?
    public let type: OfferEventType?
  }

  /// An enrolment in a delivery.
  public struct EnrollmentPayload: Decodable, Hashable, Sendable {
    public let id: ID
    public let user: UserPayload?
    public let status: EnrollmentStatus?
    public let offerEvent: OfferEventPayload?
  }

  /// A module group in a delivery.
  public struct ModuleGroupPayload: Decodable, Hashable, Sendable {
    public let id: ID
    public let ref: String?
    public let training: TrainingPayload?
    public let user: UserPayload?
    /// The conditions that were fulfilled, as they came.
    public let conditions: [JSON]?
    /// The address of a file. Whether it comes with every such event is not known.
    public let file: String?
  }
}

extension Pluvo.Delivery: Decodable {
  private enum Field: String, CodingKey {
    case event, sentDate, payload, key, raw, kind
  }

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Field.self)
    event = try fields.decode(Pluvo.WebhookEvent.self, forKey: .event)
    sentDate = try fields.moment(.sentDate)
    key = try fields.decode(String.self, forKey: .key)
    raw = try fields.decode([String: Pluvo.JSON].self, forKey: .raw)
    payload =
      switch try fields.decode(String.self, forKey: .kind) {
      case "user": .user(try fields.decode(Pluvo.UserPayload.self, forKey: .payload))
      case "training": .training(try fields.decode(Pluvo.TrainingPayload.self, forKey: .payload))
      case "group": .group(try fields.decode(Pluvo.GroupPayload.self, forKey: .payload))
      case "enrollment": .enrollment(try fields.decode(Pluvo.EnrollmentPayload.self, forKey: .payload))
      case "module_group": .moduleGroup(try fields.decode(Pluvo.ModuleGroupPayload.self, forKey: .payload))
      default: .unknown
      }
  }
}

extension Pluvo.TrainingPayload: Decodable {
  private enum Field: String, CodingKey {
    case id, ref, title, subtitle, introduction, startDate, endDate, isActive
  }

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Field.self)
    id = try fields.id(.id)
    ref = try fields.value(.ref)
    title = try fields.value(.title)
    subtitle = try fields.value(.subtitle)
    introduction = try fields.value(.introduction)
    startDate = try fields.day(.startDate)
    endDate = try fields.day(.endDate)
    isActive = try fields.value(.isActive)
  }
}

extension Pluvo.OfferEventPayload: Decodable {
  private enum Field: String, CodingKey {
    case id, ref, title, price, maxSubscriptions, cancelled, type
  }

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Field.self)
    id = try fields.id(.id)
    ref = try fields.value(.ref)
    title = try fields.value(.title)
    price = try fields.decimal(.price)
    maxSubscriptions = try fields.value(.maxSubscriptions)
    cancelled = try fields.value(.cancelled)
    type = try fields.value(.type)
  }
}
