//! A call with what it was given, and its answer as JSON.

use crate::args::Args;
use crate::error::WireError;
use crate::request::{Request, no_select};
use bytes::Bytes;
use pluvo_sdk::paginate::RawPager;
use pluvo_sdk::resources::{
    BulkResult, Chunked, Done, Get, Listing, Members, Membership, MembershipRefs, Merge, Rows, Unfinished,
    Upserted, Write,
};
use pluvo_sdk::time::BoxFuture;
use pluvo_sdk::{CallOptions, Client, List};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::value::RawValue;
use serde_json::{Value, json};

type Result<T> = std::result::Result<T, WireError>;

/// What the server sent, for a decoder of another language.
type Raw = Box<RawValue>;

/// How a long list is sent: so many in a request, and so many requests at once.
pub(super) struct Parts {
    chunk: Option<usize>,
    in_flight: Option<usize>,
}

impl Parts {
    pub(super) fn take(args: &mut Args) -> Result<Self> {
        Ok(Self {
            chunk: args.take("chunk")?,
            in_flight: args.take("inFlight")?,
        })
    }

    pub(super) fn of<T: Merge>(self, mut write: Chunked<T>) -> Chunked<T> {
        if let Some(names) = self.chunk {
            write = write.chunk(names);
        }
        if let Some(requests) = self.in_flight {
            write = write.in_flight(requests);
        }
        write
    }
}

/// A call that is answered at once.
pub(crate) struct Call {
    pub(crate) client: Client,
    pub(crate) args: Args,
    pub(crate) select: Option<String>,
    pub(crate) options: CallOptions,
    /// For `query` alone.
    pub(crate) repeatable: Option<bool>,
}

impl Call {
    /// One thing, or null.
    pub(super) async fn get<T: DeserializeOwned>(self, get: Get<T>) -> Result<Bytes> {
        self.end()?;
        let get = match self.select {
            Some(select) => get.select::<Raw>(select),
            None => get.read_as(),
        };
        Ok(match get.options(self.options).await? {
            Some(found) => bytes(found),
            None => Bytes::from_static(b"null"),
        })
    }

    /// Rows that come all at once. What is left of the arguments are their filters.
    pub(super) async fn listing<T, A>(mut self, listing: Listing<T, A>) -> Result<Bytes>
    where
        A: Serialize + DeserializeOwned + Send + Sync + 'static,
    {
        let listing = listing.filters(self.args.rest()?);
        self.end()?;
        let listing = match self.select {
            Some(select) => listing.select::<Raw>(select),
            None => listing.read_as(),
        };
        to_bytes(&listing.options(self.options).await?)
    }

    /// A change that gives the object back.
    pub(super) async fn object<T: DeserializeOwned>(self, write: Write<T>) -> Result<Bytes> {
        self.end()?;
        let write = match self.select {
            Some(select) => write.select::<Raw>(select),
            None => write.read_as(),
        };
        Ok(bytes(write.options(self.options).await?))
    }

    /// A change that gives back a list of objects.
    pub(super) async fn objects<T>(self, write: Write<Rows<T>>) -> Result<Bytes> {
        self.end()?;
        let write = match self.select {
            Some(select) => write.select::<Raw>(select),
            None => write.read_as(),
        };
        to_bytes(&write.options(self.options).await?)
    }

    /// A change that may create: `{"user": …, "created": …}`.
    pub(super) async fn upserted<T>(self, write: Write<Upserted<T>>) -> Result<Bytes> {
        #[derive(Serialize)]
        struct Told {
            user: Raw,
            created: bool,
        }
        self.end()?;
        let write = match self.select {
            Some(select) => write.select::<Raw>(select),
            None => write.read_as(),
        };
        let Upserted { user, created } = write.options(self.options).await?;
        to_bytes(&Told { user, created })
    }

    /// A change of many: `{"succeeded": […], "failed": […], "unfinished": […]}`.
    pub(super) async fn bulk_result(mut self, write: Chunked<BulkResult>) -> Result<Bytes> {
        let write = Parts::take(&mut self.args)?.of(write);
        self.end_plain()?;
        let result = write.options(self.options).await?;
        to_bytes(&json!({
            "succeeded": result.succeeded,
            "failed": result.failed,
            "unfinished": unfinished(&result.unfinished),
        }))
    }

    /// A change of who is in something.
    pub(super) async fn membership(mut self, write: Chunked<Membership>) -> Result<Bytes> {
        let write = Parts::take(&mut self.args)?.of(write);
        self.end()?;
        match self.select {
            Some(select) => Ok(bytes(write.select::<Raw>(select).options(self.options).await?)),
            None => to_bytes(&membership(&write.options(self.options).await?)),
        }
    }

    /// A change that says no more than that it was made.
    pub(super) async fn done(self, write: Write<Done>) -> Result<Bytes> {
        self.end_plain()?;
        write.options(self.options).await?;
        Ok(Bytes::from_static(b"null"))
    }

    /// Every argument is used.
    pub(super) fn end(&self) -> Result<()> {
        self.args.end()?;
        if self.repeatable.is_some() {
            let call = self.args.call();
            return Err(WireError::invalid(format!(
                "{call} knows itself whether it may be repeated; only query takes repeatable"
            )));
        }
        Ok(())
    }

    /// Every argument is used, and there is nothing to select of.
    pub(super) fn end_plain(&self) -> Result<()> {
        self.end()?;
        if self.select.is_some() {
            return Err(no_select(self.args.call()));
        }
        Ok(())
    }
}

fn membership(membership: &Membership) -> Value {
    let MembershipRefs {
        added,
        removed,
        already,
        linked_via_object,
        failed,
        ..
    } = &membership.refs;
    json!({
        "added": membership.added,
        "removed": membership.removed,
        "already": membership.already,
        "linkedViaObject": membership.linked_via_object,
        "failed": membership.failed,
        "refs": {
            "added": added,
            "removed": removed,
            "already": already,
            "linkedViaObject": linked_via_object,
            "failed": failed,
        },
        "unfinished": unfinished(&membership.unfinished),
    })
}

fn unfinished(parts: &[Unfinished]) -> Value {
    let part = |part: &Unfinished| {
        let mut told = json!({"ids": [], "refs": [], "error": WireError::from(part.error.clone())});
        match &part.list {
            Members::Ids(ids) => told["ids"] = json!(ids),
            Members::Refs(refs) => told["refs"] = json!(refs),
            _ => {}
        }
        told
    };
    parts.iter().map(part).collect()
}

fn bytes(raw: Raw) -> Bytes {
    String::from(Box::<str>::from(raw)).into()
}

pub(super) fn to_bytes<T: Serialize + ?Sized>(value: &T) -> Result<Bytes> {
    match serde_json::to_vec(value) {
        Ok(json) => Ok(json.into()),
        Err(cause) => Err(WireError::internal(format!(
            "an answer cannot be written as JSON: {cause}"
        ))),
    }
}

/// A list that is to be read.
pub(crate) struct ListCall {
    pub(crate) client: Client,
    pub(crate) args: Args,
    pub(crate) options: CallOptions,
    pub(crate) page_size: Option<u32>,
    pub(crate) prefetch: Option<bool>,
    /// Pages in flight where everything is read.
    pub(crate) spread: Option<usize>,
    pub(crate) request: Request,
}

/// What is read of a list.
pub(crate) enum Reading {
    Pages(RawPager),
    Count(BoxFuture<'static, pluvo_sdk::Result<u64>>),
}

impl ListCall {
    /// What is left of the arguments are the list's filters.
    pub(super) fn filtered<T, A>(mut self, list: List<T, A>) -> Result<Reading>
    where
        A: Serialize + DeserializeOwned + Send + 'static,
    {
        let filters = self.args.rest()?;
        self.open(list.filters(filters))
    }

    pub(super) fn open<T, A: Serialize + Send + 'static>(self, list: List<T, A>) -> Result<Reading> {
        self.args.end()?;
        let Request {
            select,
            limit,
            parallel,
            after,
            offset,
            count,
            all,
            ..
        } = self.request;
        if self.request.options.repeatable.is_some() {
            return Err(WireError::invalid(
                "a list may always be repeated; only query takes repeatable",
            ));
        }
        let list = list.options(self.options);
        if count {
            return Ok(Reading::Count(Box::pin(
                list.select::<IgnoredAny>("__typename").count(),
            )));
        }
        let mut list = match select {
            Some(select) => list.select::<IgnoredAny>(select),
            None => list.read_as(),
        };
        if let Some(rows) = self.page_size {
            list = list.page_size(rows);
        }
        if let Some(rows) = limit {
            list = list.limit(rows);
        }
        if let Some(prefetch) = self.prefetch {
            list = list.prefetch(prefetch);
        }
        if let Some(position) = after {
            list = list.after(position.parse()?);
        }
        if let Some(rows) = offset {
            list = list.offset(rows);
        }
        list = match parallel {
            Some(pages) => list.parallel(pages),
            None if all => list.spread(self.spread),
            None => list,
        };
        Ok(Reading::Pages(list.raw_pager()?))
    }
}
