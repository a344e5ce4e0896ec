//! What can be done with each kind of thing: one sub-client per kind, reached from [`Client`](crate::Client).

mod answer;
mod certificates;
mod chunked;
mod enrollments;
mod extra_categories;
mod extra_values;
mod files;
mod groups;
mod key;
mod listing;
mod members;
mod offer_events;
mod offers;
mod one;
mod portfolio;
mod portfolio_report;
#[cfg(test)]
mod tests;
mod trainings;
mod users;
mod write;

pub use answer::{BulkResult, Done, Payload, Rows, Upserted};
pub use certificates::{CertificateIssue, Certificates};
pub use chunked::{Chunked, Merge, Unfinished};
pub use enrollments::Enrollments;
pub use extra_categories::{ExtraCategories, SetValues};
pub(crate) use extra_values::same as same_value;
pub use extra_values::{ExtraCategoryKinds, ExtraValue};
pub use files::{FileUpload, Files, PreparedUpload, Store, Upload, UploadLarge};
pub use groups::Groups;
pub use key::{Key, UserKey};
pub use listing::Listing;
pub use members::{Members, Membership, MembershipRefs};
pub use offer_events::OfferEvents;
pub use offers::Offers;
pub use one::Get;
pub use portfolio::Portfolio;
pub use portfolio_report::PortfolioReport;
pub use trainings::Trainings;
pub use users::Users;
pub use write::Write;
