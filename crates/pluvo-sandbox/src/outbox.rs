//! What the sandbox would have mailed.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Mail that a mutation sent, or would have sent: the sandbox mails nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// `invite` (`sendInvite`, `sendInvites`), `notification` (`sendNotification`) or `mail` (`sendMail`).
    pub kind: String,
    /// The ids of the people who get it.
    pub to: Vec<Uuid>,
    /// The mutation that sent it, such as `createUser`.
    pub operation: String,
    /// When, in milliseconds since the sandbox's start.
    pub at_ms: u64,
}

/// All that was mailed so far.
#[derive(Debug, Default)]
pub(crate) struct Outbox(Mutex<Vec<Mail>>);

impl Outbox {
    fn mails(&self) -> MutexGuard<'_, Vec<Mail>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, mail: Mail) {
        self.mails().push(mail);
    }

    /// Oldest first.
    pub(crate) fn all(&self) -> Vec<Mail> {
        self.mails().clone()
    }

    pub(crate) fn clear(&self) {
        self.mails().clear();
    }
}
