//! What can be done with each kind of thing: one sub-client per kind, reached from [`Client`](crate::Client).

mod answer;
mod groups;
mod key;
mod listing;
mod members;
mod one;
mod trainings;
mod users;
mod write;

pub use answer::{BulkResult, Upserted};
pub use groups::Groups;
pub use key::{Key, UserKey};
pub use listing::Listing;
pub use members::{Members, Membership, MembershipRefs};
pub use one::Get;
pub use trainings::Trainings;
pub use users::Users;
pub use write::{Object, Write};
