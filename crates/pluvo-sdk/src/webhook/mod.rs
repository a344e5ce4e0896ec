//! Webhooks: knowing that what arrives is Pluvo's, and reading it.
//!
//! Pluvo signs each delivery with HMAC-SHA-1 under a key that is shared with you, the *Pluvo Webhook Key*. SHA-1 is
//! broken for collisions, which do not help to forge an HMAC; it is what Pluvo sends. There is no time stamp in the
//! signature, so a recorded delivery can be replayed: keep [`Delivery::key`] for a while and drop what you have seen.
//!
//! Where the documentation stands: the algorithm is that of Pluvo's older, runnable samples, which the newest page
//! describes loosely. It has not been checked against a real delivery; [`Verifier::literal`] follows the newest page's
//! words should they be meant as they stand.
//!
//! ```
//! use pluvo_sdk::webhook::{Payload, Verifier};
//!
//! let verifier = Verifier::new("webhook-key")?;
//! let body = br#"{"event":"USER_CREATED","id":"933d8663-edf6-42c9-895a-eeec13fff0ab"}"#;
//! let headers = [("X-Signature", "t7YSkU7k1zNFBf5p-sGIMsGEHhA"), ("X-Signature-Salt", "a1b2c3")];
//!
//! let delivery = verifier.verify(body, headers)?;
//! assert_eq!(delivery.event.as_str(), "USER_CREATED");
//! assert!(matches!(delivery.payload, Payload::User(_)));
//! # Ok::<(), pluvo_sdk::Error>(())
//! ```

mod event;
mod signature;
mod verify;

pub use event::{
    Delivery, EnrollmentPayload, Event, GroupPayload, ModuleGroupPayload, OfferEventPayload, Payload,
    TrainingPayload, UserPayload,
};
pub use signature::{Signature, sign_for_test};
pub use verify::Verifier;
