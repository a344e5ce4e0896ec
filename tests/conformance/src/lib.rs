//! Runs the shared scenarios of `tests/conformance` through the Rust SDK and through the command.
//!
//! `README.md` says what a scenario is and how a runner in another language is written; this is one.

pub mod account;
mod capture;
pub mod check;
pub mod control;
pub mod face;
pub mod faces;
pub mod harness;
pub mod load;
pub mod run;
pub mod scenario;
pub mod stage;

/// The guide's test, compiled where both the client and the sandbox are at hand.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guides/sandbox.md")]
struct SandboxGuide;
