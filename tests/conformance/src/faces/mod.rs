//! The faces that this crate runs.

mod command;
mod command_writes;
mod rust;
mod settings;
mod sync;
mod webhooks;
mod writes;

pub use command::Command;
pub use rust::Rust;
