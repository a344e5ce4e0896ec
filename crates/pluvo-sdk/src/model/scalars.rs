//! The scalars of the schema.

mod decimal;
mod id;
mod json;
mod moment;

pub use decimal::Decimal;
pub use id::Id;
pub use json::JsonString;
pub use moment::{Date, DateTime};
