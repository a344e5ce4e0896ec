//! A list that is about to be read.

use super::pager::Source;
use super::parallel::{Parallel, Read, with_ids};
use super::plan::{From, Plan};
use super::walk::Walk;
use super::{Items, Pager, Position, RawPager, check_page_size, raw};
use crate::client::{CallOptions, Client};
use crate::error::{Error, Result};
use crate::inspect;
use crate::operation::{Arguments, Operation};
use crate::response::decode;
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// A list, its filters and how it is to be read. Nothing is sent before it is read.
///
/// `T` is the row, `A` the filters, which have setters of their own for each kind of list.
///
/// ```no_run
/// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
/// let list = client.users().list().archived(false).q("jansen");
/// println!("{} found", list.clone().count().await?);
/// let mut users = list.items();
/// while let Some(user) = users.try_next().await? {
///     println!("{:?}", user.email);
/// }
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent before the list is read"]
pub struct List<T, A> {
    client: Client,
    operation: &'static Operation,
    pub(crate) arguments: A,
    selection: Option<String>,
    page_size: u32,
    limit: Option<u64>,
    prefetch: bool,
    parallel: Option<usize>,
    after: Option<Position>,
    offset: u64,
    options: CallOptions,
    row: PhantomData<fn() -> T>,
}

impl<T, A> List<T, A> {
    pub(crate) fn new(client: Client, operation: &'static Operation, arguments: A) -> Self {
        let defaults = client.core.paging;
        Self {
            client,
            operation,
            arguments,
            selection: None,
            page_size: defaults.page_size,
            limit: None,
            prefetch: defaults.prefetch,
            parallel: None,
            after: None,
            offset: 0,
            options: CallOptions::default(),
            row: PhantomData,
        }
    }

    /// Selects other fields than the default ones, as GraphQL text, and reads each row as `R`.
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// #[derive(serde::Deserialize)]
    /// struct Row { id: String, name: Option<String> }
    /// let rows = client.users().list().select::<Row>("id name").to_vec().await?;
    /// # Ok(()) }
    /// ```
    pub fn select<R>(self, selection: impl Into<String>) -> List<R, A> {
        List {
            selection: Some(selection.into()),
            ..self.read_as()
        }
    }

    /// Reads each row as `R`, with the selection as it is: as bytes that another decoder reads, for example.
    pub fn read_as<R>(self) -> List<R, A> {
        List {
            client: self.client,
            operation: self.operation,
            arguments: self.arguments,
            selection: self.selection,
            page_size: self.page_size,
            limit: self.limit,
            prefetch: self.prefetch,
            parallel: self.parallel,
            after: self.after,
            offset: self.offset,
            options: self.options,
            row: PhantomData,
        }
    }

    /// Sets all filters at once, which thing's rows these are among them.
    pub fn filters(mut self, filters: A) -> Self {
        self.arguments = filters;
        self
    }

    /// Rows a page, 1 to 50.
    pub fn page_size(mut self, rows: u32) -> Self {
        self.page_size = rows;
        self
    }

    /// Reads no more than so many rows.
    pub fn limit(mut self, rows: u64) -> Self {
        self.limit = Some(rows);
        self
    }

    /// Whether one page is fetched ahead while the caller works on the last.
    pub fn prefetch(mut self, prefetch: bool) -> Self {
        self.prefetch = prefetch;
        self
    }

    /// Keeps so many pages in flight, by offset. Rows still arrive in order, each once; where rows came or went
    /// meanwhile, the rest is read again by cursor. Only for lists of which Pluvo documents `offset`. The client's
    /// [`Limits::in_flight`](crate::Limits::in_flight) bounds it.
    pub fn parallel(mut self, pages: usize) -> Self {
        self.parallel = Some(pages);
        self
    }

    /// Goes on from a kept position of the same list.
    pub fn after(mut self, position: Position) -> Self {
        self.after = Some(position);
        self
    }

    /// Leaves so many rows out and reads on from there, page by page. Only for lists of which Pluvo documents `offset`,
    /// and not together with [`List::parallel`] or [`List::after`].
    ///
    /// ```no_run
    /// # async fn run(client: pluvo_sdk::Client) -> pluvo_sdk::Result<()> {
    /// let third_page = client.users().list().offset(100).limit(50).to_vec().await?;
    /// # Ok(()) }
    /// ```
    pub fn offset(mut self, rows: u64) -> Self {
        self.offset = rows;
        self
    }

    /// Sets what differs for the requests of this list.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }
}

/// Without the filters, which may hold personal data.
impl<T, A> fmt::Debug for List<T, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List")
            .field("operation", &self.operation.name)
            .field("page_size", &self.page_size)
            .field("limit", &self.limit)
            .field("offset", &self.offset)
            .field("prefetch", &self.prefetch)
            .field("parallel", &self.parallel)
            .finish_non_exhaustive()
    }
}

impl<T, A: Clone> Clone for List<T, A> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            operation: self.operation,
            arguments: self.arguments.clone(),
            selection: self.selection.clone(),
            page_size: self.page_size,
            limit: self.limit,
            prefetch: self.prefetch,
            parallel: self.parallel,
            after: self.after.clone(),
            offset: self.offset,
            options: self.options.clone(),
            row: PhantomData,
        }
    }
}

impl<T, A> List<T, A>
where
    T: DeserializeOwned + Send + 'static,
    A: Serialize,
{
    /// Reads it page by page.
    ///
    /// # Errors
    ///
    /// [`Invalid`](crate::ErrorKind::Invalid) for a page size outside 1 to 50, a selection that is not GraphQL, or
    /// `parallel` or `offset` on a list without `offset`; [`Pagination`](crate::ErrorKind::Pagination) for a position of another
    /// list.
    pub fn pager(self) -> Result<Pager<T>> {
        self.source(with_ids::<T>).map(Pager::new)
    }

    fn source<R: Send + 'static>(self, read: Read<R>) -> Result<Source<R>> {
        let (after, limit, prefetch, offset) = (self.after.clone(), self.limit, self.prefetch, self.offset);
        let parallel = self.parallel.filter(|pages| *pages != 1);
        self.check_offset(parallel)?;
        if let Some(pages) = parallel {
            let plan = Arc::new(self.plan()?);
            return Ok(Source::Offset(Box::new(Parallel::new(plan, pages, limit, read))));
        }
        let plan = Arc::new(self.plan()?);
        let cursor = after
            .map(|position| position.cursor_for(&plan).map(str::to_owned))
            .transpose()?;
        let from = match cursor {
            None if offset > 0 => From::Offset(offset),
            cursor => From::Cursor(cursor),
        };
        Ok(Source::Cursor(Walk::new(plan, from, prefetch, limit)))
    }

    /// Whether what is to be read by offset can be.
    fn check_offset(&self, parallel: Option<usize>) -> Result<()> {
        let how = match (parallel, self.offset) {
            (Some(0), _) => return Err(Error::invalid("parallel needs at least 1 page in flight")),
            (None, 0) => return Ok(()),
            (Some(_), 0) => "in parallel",
            (None, _) => "from the middle",
            (Some(_), _) => {
                let message = "parallel reads a list from its start; take it or an offset";
                return Err(Error::invalid(message));
            }
        };
        if !self.operation.takes_offset() {
            let name = self.operation.name;
            return Err(Error::invalid(format!(
                "{name} cannot be read {how}: Pluvo documents no offset for it"
            )));
        }
        if self.after.is_some() {
            return Err(Error::invalid(format!(
                "a kept position is a cursor, and reading {how} goes by offset; take one of them"
            )));
        }
        Ok(())
    }

    /// Reads it row by row. A setting that cannot be used shows as the first item.
    pub fn items(self) -> Items<T> {
        Items::new(self.pager())
    }

    /// Reads all of it into memory; with several pages in flight where Pluvo documents `offset` and rows have an id.
    ///
    /// # Errors
    ///
    /// As [`List::pager`] and [`Pager::next_page`]. It is all or nothing; to keep what was read, use a pager.
    pub async fn to_vec(self) -> Result<Vec<T>> {
        let mut pager = self.spread(None).pager()?;
        let mut all = Vec::new();
        while let Some(page) = pager.next_page().await? {
            all.extend(page.items);
        }
        Ok(all)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    ///
    /// As [`Pager::next_page`].
    pub async fn first(self) -> Result<Option<T>> {
        self.limit(1).prefetch(false).parallel(1).items().try_next().await
    }

    /// How many rows the list has, as the server counts.
    ///
    /// # Errors
    ///
    /// [`Decode`](crate::ErrorKind::Decode) where the server tells no count, and whatever can befall a request.
    pub async fn count(self) -> Result<u64> {
        let operation = self.operation.name;
        let plan = self.select::<IgnoredAny>("__typename").plan()?;
        let (reply, _) = plan.fetch(&From::Cursor(None), 1).await?;
        let connection = plan.connection(&reply, decode::page::<IgnoredAny>(&reply.body, &plan.path))?;
        connection.count.ok_or_else(|| {
            reply.attach(
                Error::new(crate::ErrorKind::Decode, "the server tells no count of this list"),
                operation,
            )
        })
    }

    /// Reads it page by page without decoding the rows.
    ///
    /// # Errors
    ///
    /// As [`List::pager`].
    pub fn raw_pager(self) -> Result<RawPager> {
        self.source(raw::with_ids).map(RawPager::new)
    }

    /// Keeps several pages in flight, as a reading of everything should, where it can: where Pluvo documents `offset`,
    /// rows have an id, and one page will not do. [`List::to_vec`] does this by itself. None stands for as many as the
    /// client's [`Defaults`](super::Defaults::parallel) say; what [`List::parallel`] said stays.
    pub fn spread(mut self, pages: Option<usize>) -> Self {
        let short = self.limit.is_some_and(|limit| limit <= u64::from(self.page_size));
        let divisible = self.operation.takes_offset() && self.tells_rows_apart();
        if self.parallel.is_none() && self.after.is_none() && self.offset == 0 && !short && divisible {
            self.parallel = pages.or(Some(self.client.core.paging.parallel));
        }
        self
    }

    /// Whether rows come with an id, without which a parallel reading could not drop those seen twice.
    fn tells_rows_apart(&self) -> bool {
        match &self.selection {
            Some(own) => inspect::selects_id(own),
            None => self.operation.selection.iter().any(|field| field.name == "id"),
        }
    }

    fn plan(self) -> Result<Plan> {
        check_page_size(self.page_size)?;
        let selection = self.selection.as_deref().map(inspect::selection).transpose()?;
        let arguments = Arguments::new(self.operation, &self.arguments)?;
        Ok(Plan::new(
            self.client,
            self.operation,
            arguments,
            selection,
            self.page_size,
            self.options,
        ))
    }
}
