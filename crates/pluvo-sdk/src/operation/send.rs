//! Sending an operation of our own, without the default fields that a server turns out not to know.

use super::Operation;
use crate::client::{CallOptions, Core, Exchange, Reply};
use crate::error::Result;
use bytes::Bytes;

/// Sends what `print` makes, and prints and sends anew as long as the server names default fields that it does not
/// know. The answer has no errors.
pub(crate) async fn send<B>(
    core: &Core,
    operation: &'static Operation,
    own_selection: bool,
    options: &CallOptions,
    print: impl Fn() -> Result<B>,
) -> Result<Reply>
where
    B: Fn(u32) -> Bytes + Send + Sync,
{
    loop {
        let body = print()?;
        let exchange = Exchange {
            operation: operation.name,
            repeatable: operation.repeatable,
            scopes: operation.scopes,
            options,
            body: &body,
        };
        let reply = core.execute(exchange).await?;
        if reply.errors.is_empty() {
            return Ok(reply);
        }
        if own_selection || !core.dropped.learn(&reply.errors, operation.selection) {
            return Err(reply.into_error(operation.name));
        }
    }
}
