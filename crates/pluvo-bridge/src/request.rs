//! What a call is asked with.

use crate::args::Args;
use crate::error::WireError;
use crate::explain;
use crate::settings::Seconds;
use pluvo_sdk::{CallOptions, RetryPolicy, Timeouts};
use serde::Deserialize;
use serde_json::{Map, Value};

/// A request as it comes in.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Request {
    pub(crate) args: Map<String, Value>,
    /// Other fields than the default ones, as GraphQL text.
    pub(crate) select: Option<String>,
    pub(crate) options: Options,
    pub(crate) page_size: Option<u32>,
    pub(crate) limit: Option<u64>,
    pub(crate) prefetch: Option<bool>,
    pub(crate) parallel: Option<usize>,
    /// A kept position.
    pub(crate) after: Option<String>,
    /// Rows to leave out at the start.
    pub(crate) offset: Option<u64>,
    /// The list's count instead of its pages.
    pub(crate) count: bool,
    /// Everything will be read: with several pages in flight where that can be.
    pub(crate) all: bool,
}

/// What differs for one call.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Options {
    /// For each attempt.
    pub(crate) timeout: Option<Seconds>,
    pub(crate) max_attempts: Option<u32>,
    /// For all attempts together.
    pub(crate) total: Option<Seconds>,
    pub(crate) max_body: Option<usize>,
    /// For `query` alone: whether a mutation may be repeated.
    pub(crate) repeatable: Option<bool>,
}

impl Request {
    pub(crate) fn read(call: &str, text: &str) -> Result<Self, WireError> {
        let mut object = explain::object(text, "the request").map_err(WireError::invalid)?;
        // Arguments keep their nulls for now: those within a value are the value's affair.
        object.retain(|_, value| !value.is_null());
        explain::read(Value::Object(object)).map_err(|wrong| {
            WireError::invalid(wrong.sentence("member", &format!(" of a request of {call}")))
        })
    }

    pub(crate) fn args(&mut self, call: &str) -> Args {
        Args::new(call, std::mem::take(&mut self.args))
    }

    /// Refuses what only lists take.
    pub(crate) fn no_paging(&self, call: &str) -> Result<(), WireError> {
        let given = [
            ("pageSize", self.page_size.is_some()),
            ("limit", self.limit.is_some()),
            ("prefetch", self.prefetch.is_some()),
            ("parallel", self.parallel.is_some()),
            ("after", self.after.is_some()),
            ("offset", self.offset.is_some()),
            ("all", self.all),
            ("count", self.count),
        ];
        match given.into_iter().find(|(_, given)| *given) {
            Some((name, _)) => Err(WireError::invalid(format!(
                "{call} takes no {name}: it is no list that has pages"
            ))),
            None => Ok(()),
        }
    }

    /// Refuses a selection where there is nothing to select of.
    pub(crate) fn no_select(&self, call: &str) -> Result<(), WireError> {
        match self.select {
            Some(_) => Err(no_select(call)),
            None => Ok(()),
        }
    }
}

pub(crate) fn no_select(call: &str) -> WireError {
    WireError::invalid(format!(
        "{call} takes no select: it gives no object whose fields could be chosen"
    ))
}

/// What holds for calls unless they say otherwise: the client's settings, and what a derived client has of its own.
#[derive(Debug, Clone, Default)]
pub(crate) struct Defaults {
    /// The client's.
    pub(crate) retry: RetryPolicy,
    /// The client's.
    pub(crate) timeouts: Timeouts,
    /// Whether a derived client has other ones.
    pub(crate) own_retry: bool,
    pub(crate) own_timeouts: bool,
    pub(crate) max_body: Option<usize>,
    pub(crate) page_size: Option<u32>,
    pub(crate) prefetch: Option<bool>,
    /// Pages in flight for calls that read everything.
    pub(crate) parallel: Option<usize>,
}

impl Defaults {
    /// The core's options of a call.
    pub(crate) fn with(&self, options: Options) -> CallOptions {
        let mut merged = self.clone();
        merged.set(options);
        CallOptions {
            timeouts: merged.own_timeouts.then_some(merged.timeouts),
            retry: merged.own_retry.then_some(merged.retry),
            max_body: merged.max_body,
        }
    }

    pub(crate) fn set(&mut self, options: Options) {
        if let Some(Seconds(timeout)) = options.timeout {
            self.timeouts.attempt = timeout;
            self.timeouts.read = self.timeouts.read.min(timeout);
            self.own_timeouts = true;
        }
        if let Some(attempts) = options.max_attempts {
            self.retry.max_attempts = attempts;
            self.own_retry = true;
        }
        if let Some(Seconds(total)) = options.total {
            self.retry.total = total;
            self.own_retry = true;
        }
        self.max_body = options.max_body.or(self.max_body);
    }
}
