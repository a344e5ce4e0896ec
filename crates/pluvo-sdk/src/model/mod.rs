//! What Pluvo's API speaks of: its objects, enums and inputs, and the scalars that they are made of.
//!
//! Objects, enums and inputs are generated from `schema/pluvo.graphql`, and say of each field how well it is known.

mod enums;
mod inputs;
mod lenient;
mod objects;
pub(crate) mod open_enum;
mod read_object;
mod scalars;
#[cfg(test)]
mod tests;

pub use enums::*;
pub use inputs::*;
pub use objects::*;
pub use scalars::{Date, DateTime, Decimal, Id, JsonString};
