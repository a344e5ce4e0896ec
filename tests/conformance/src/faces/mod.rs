//! The faces that this crate runs.

mod command;
mod rust;
mod settings;

pub use command::Command;
pub use rust::Rust;
