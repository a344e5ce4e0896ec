//! What can be done with each kind of thing: one sub-client per kind, reached from [`Client`](crate::Client).

mod groups;
mod key;
mod one;
mod trainings;
mod users;

pub use groups::Groups;
pub use key::{Key, UserKey};
pub use one::Get;
pub use trainings::Trainings;
pub use users::Users;
