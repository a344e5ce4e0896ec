//! The faces that this crate runs.

mod rust;
mod settings;

pub use rust::Rust;
