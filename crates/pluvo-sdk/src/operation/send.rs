//! Sending an operation of our own, without the default fields that a server turns out not to know.

use super::Operation;
use crate::client::{CallOptions, Core, Exchange, JSON, Reply};
use crate::error::Result;
use bytes::Bytes;

/// What is sent, apart from its text.
pub(crate) struct Sending<'a> {
    pub operation: &'static Operation,
    /// Whether the selection is the caller's, so that no field of it is the SDK's to leave out.
    pub own_selection: bool,
    pub repeatable: bool,
    pub options: &'a CallOptions,
    pub content_type: &'a str,
}

/// Sends what `print` makes, and prints and sends anew as long as the server names default fields that it does not
/// know. The answer has no errors.
pub(crate) async fn send<B>(core: &Core, sending: Sending<'_>, print: impl Fn() -> Result<B>) -> Result<Reply>
where
    B: Fn(u32) -> Bytes + Send + Sync,
{
    let operation = sending.operation;
    loop {
        let left_out = core.dropped.len();
        let body = print()?;
        let exchange = Exchange {
            operation: operation.name,
            repeatable: sending.repeatable,
            scopes: operation.scopes,
            options: sending.options,
            content_type: sending.content_type,
            body: &body,
        };
        let reply = core.execute(exchange).await?;
        if reply.errors.is_empty() {
            return Ok(reply);
        }
        let ours = !sending.own_selection && core.dropped.learn(&reply.errors, operation.selection);
        // Where another call learned it meanwhile, this one is the better for it too.
        if !ours || core.dropped.len() == left_out {
            return Err(reply.into_error(operation.name));
        }
    }
}

impl<'a> Sending<'a> {
    /// For an operation that is repeated as often as it may be.
    pub(crate) fn new(operation: &'static Operation, own_selection: bool, options: &'a CallOptions) -> Self {
        Self {
            operation,
            own_selection,
            repeatable: operation.repeatable,
            options,
            content_type: JSON,
        }
    }
}
