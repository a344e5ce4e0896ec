//! The command as its users meet it: run as a program, against a sandbox in this process.

mod access;
mod check;
mod export;
#[cfg(unix)]
mod guides;
mod help;
mod killed;
mod list;
mod query;
mod report;
mod run;
mod sandbox;
mod secrets;
mod source;
mod sync;
mod sync_rows;
#[cfg(unix)]
mod terminal;
mod webhook;
