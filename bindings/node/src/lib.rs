//! The native half of the Node package: strings, bytes and handles over the bridge. It knows no resource.
//!
//! Nothing here is public; `node/src` is. Work runs on the bridge's runtime, and whatever can fail while it is waited for
//! resolves to an object with either a result or an error as JSON: a promise that the native side rejects has no
//! stack and no class.

pub mod bulk;
pub mod cancel;
pub mod clock;
pub mod environment;
mod json;
pub mod log;
pub mod pages;
pub mod promise;
mod provider;
mod rows;
pub mod session;
pub mod sync;
pub mod webhook;
