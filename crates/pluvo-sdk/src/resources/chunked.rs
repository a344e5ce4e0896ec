//! Changes that name many: the list goes out in parts, several at once, and what becomes of them is made one.

use super::answer::Answer;
use super::{BulkResult, Members, Membership, Write};
use crate::client::CallOptions;
use crate::error::{Error, Result};
use crate::time::BoxFuture;
use futures::stream::{self, StreamExt};
use std::fmt;
use std::future::IntoFuture;
use std::sync::OnceLock;

/// Names in a request, unless set otherwise. No limit is documented; so many ids take 4 kB.
const CHUNK: usize = 100;
/// Requests in flight, unless set otherwise. Half of the client's, so that others get through.
const IN_FLIGHT: usize = 4;

/// A change that names many people or things, and is about to be made. Await it.
///
/// The list goes out in parts, and the results of all are made one. A list of no more than one part fails as a single
/// [`Write`] does. Of a longer one, parts that fail are told in `unfinished`, each with its error, beside what was done;
/// the whole fails only where nothing was done.
///
/// ```no_run
/// # async fn run(client: pluvo_sdk::Client, refs: Vec<String>) -> pluvo_sdk::Result<()> {
/// use pluvo_sdk::{Key, resources::Members};
/// let result = client.groups().add_users(Key::reference("sales"), Members::refs(refs)).chunk(500).await?;
/// println!("{} added, {} were in it", result.added.len(), result.already.len());
/// for part in &result.unfinished {
///     eprintln!("{} were not added, or nobody knows: {}", part.list.len(), part.error);
/// }
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent before it is awaited"]
pub struct Chunked<T> {
    /// The change but for its list.
    write: Write<T>,
    read: fn(&Answer) -> Result<T>,
    names: Names,
    list: Members,
    chunk: usize,
    in_flight: usize,
}

/// The variables that carry a list of ids and a list of refs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names {
    pub(super) ids: &'static str,
    pub(super) refs: &'static str,
}

/// Those of operations that take ids alone.
pub(super) const IDS: Names = Names { ids: "ids", refs: "" };

/// Those of operations that name people.
pub(super) const PEOPLE: Names = Names {
    ids: "userIds",
    refs: "userRefs",
};

/// A part of a list whose request failed as a whole.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Unfinished {
    /// Whom or what it names.
    pub list: Members,
    /// Why. Where it [is indeterminate](Error::is_indeterminate), it may have been done all the same.
    pub error: Error,
}

impl<T> Chunked<T> {
    pub(super) fn new(write: Write<T>, read: fn(&Answer) -> Result<T>, names: Names, list: Members) -> Self {
        Self {
            write,
            read,
            names,
            list,
            chunk: CHUNK,
            in_flight: IN_FLIGHT,
        }
    }

    /// Names in a request, 100 by default.
    pub fn chunk(mut self, names: usize) -> Self {
        self.chunk = names.max(1);
        self
    }

    /// Requests in flight, 4 by default. The client's [`Limits::in_flight`](crate::Limits::in_flight) bounds it.
    pub fn in_flight(mut self, requests: usize) -> Self {
        self.in_flight = requests.max(1);
        self
    }

    /// Whether Pluvo mails the people whom it concerns; see [`Write::notify`].
    pub fn notify(mut self, notify: bool) -> Self {
        self.write = self.write.notify(notify);
        self
    }

    /// Sets what differs for each of its requests.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.write = self.write.options(options);
        self
    }

    fn part(&self, list: &Members) -> Write<T> {
        match list {
            Members::Ids(ids) => self
                .write
                .with(self.names.ids, ids.iter().map(ToString::to_string)),
            Members::Refs(refs) => self.write.with(self.names.refs, refs.iter().cloned()),
        }
    }
}

impl<T: Merge + 'static> Chunked<T> {
    async fn send(self) -> Result<T> {
        let mut parts = self.list.parts(self.chunk);
        if parts.len() == 1 {
            return self.part(&parts.remove(0)).answer().await?.told(self.read);
        }
        let hopeless = OnceLock::new();
        let attempt = |list: Members| {
            let (write, hopeless) = (self.part(&list), &hopeless);
            async move {
                let result = match hopeless.get().cloned() {
                    Some(error) => Err(error),
                    None => write.answer().await.and_then(|answer| answer.told(self.read)),
                };
                if let Some(error) = result.as_ref().err().filter(|error| error.is_hopeless()) {
                    let _ = hopeless.set(error.clone());
                }
                (list, result)
            }
        };
        let mut whole = T::default();
        let mut begun = false;
        let mut results = stream::iter(parts).map(attempt).buffered(self.in_flight);
        while let Some((list, result)) = results.next().await {
            match result {
                Ok(part) => {
                    begun = true;
                    whole.add(part);
                }
                Err(error) => whole.unfinished().push(Unfinished { list, error }),
            }
        }
        drop(results);
        let failed = whole.unfinished();
        // Not to know is worse than to know that it was not done.
        let unknown = failed.iter().position(|part| part.error.is_indeterminate());
        if begun || failed.is_empty() {
            Ok(whole)
        } else {
            Err(failed.swap_remove(unknown.unwrap_or_default()).error)
        }
    }
}

impl Chunked<Membership> {
    /// Selects other fields of the payload than the default ones, as GraphQL text, and reads it as `R`: the refs that
    /// older documentation has, for example. The list is sent whole then, in one request.
    pub fn select<R>(self, selection: impl Into<String>) -> Write<R> {
        self.part(&self.list).payload(selection.into())
    }
}

impl<T: Merge + Send + 'static> IntoFuture for Chunked<T> {
    type Output = Result<T>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// How many, and not who.
impl<T> fmt::Debug for Chunked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunked")
            .field("names", &self.list.len())
            .field("chunk", &self.chunk)
            .field("in_flight", &self.in_flight)
            .finish_non_exhaustive()
    }
}

/// Results of parts that can be made one.
pub trait Merge: Default + sealed::Sealed {
    /// Adds what became of another part.
    fn add(&mut self, part: Self);

    /// The parts that failed as a whole.
    fn unfinished(&mut self) -> &mut Vec<Unfinished>;
}

mod sealed {
    /// Keeps [`Merge`](super::Merge) to the results of changes.
    pub trait Sealed {}
    impl Sealed for super::Membership {}
    impl Sealed for super::BulkResult {}
}

impl Merge for Membership {
    fn add(&mut self, part: Self) {
        self.added.extend(part.added);
        self.removed.extend(part.removed);
        self.already.extend(part.already);
        self.linked_via_object.extend(part.linked_via_object);
        self.failed.extend(part.failed);
        self.refs.added.extend(part.refs.added);
        self.refs.removed.extend(part.refs.removed);
        self.refs.already.extend(part.refs.already);
        self.refs.linked_via_object.extend(part.refs.linked_via_object);
        self.refs.failed.extend(part.refs.failed);
    }

    fn unfinished(&mut self) -> &mut Vec<Unfinished> {
        &mut self.unfinished
    }
}

impl Merge for BulkResult {
    fn add(&mut self, part: Self) {
        self.succeeded.extend(part.succeeded);
        self.failed.extend(part.failed);
    }

    fn unfinished(&mut self) -> &mut Vec<Unfinished> {
        &mut self.unfinished
    }
}
