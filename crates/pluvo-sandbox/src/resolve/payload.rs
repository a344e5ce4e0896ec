//! Fields of what mutations give.

use super::{Got, Node, Resolver};

/// What mutations give, apart from the records in it.
const TYPES: &[&str] = &[
    "AddManagersToGroup",
    "AddUsersToGroup",
    "AddUsersToTraining",
    "ArchiveExtraCategoriesPayload",
    "ArchiveOffersPayload",
    "ArchiveUsers",
    "BulkAction",
    "CreateExtraCategoryPayload",
    "CreateFile",
    "CreateGroup",
    "CreateOfferEvent",
    "CreateOfferPayload",
    "CreateTraining",
    "CreateUser",
    "DeleteGroup",
    "DeleteGroups",
    "DeleteOfferEvent",
    "DeletePortfolioItemPayload",
    "EnrollUserPayload",
    "GenerateCertificate",
    "PortfolioItemPayload",
    "RemoveManagersFromGroup",
    "RemoveUsersFromGroup",
    "RemoveUsersFromTraining",
    "UnenrollUserPayload",
    "UpdateExtraCategoryPayload",
    "UpdateExtraCategoryValues",
    "UpdateGroup",
    "UpdateOfferEvent",
    "UpdateOfferPayload",
    "UpdateOrCreateUser",
    "UpdateTraining",
    "UpdateUser",
    "UploadFile",
];

/// The resolver of every field of such a type: what the mutation put there, or nothing.
pub(super) fn field(ty: &str) -> Option<Resolver> {
    let resolver: Resolver = |c| {
        let Node::Payload(parts) = c.node else {
            return Ok(Got::Nothing);
        };
        let part = parts.iter().find(|(name, _)| *name == c.field);
        Ok(part.map_or(Got::Nothing, |(_, got)| got.clone()))
    };
    TYPES.contains(&ty).then_some(resolver)
}
