"""Lists for threads and for coroutines."""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from ._page import Page
from ._reading import Reading
from ._wire import decode

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow
    from typing_extensions import Self

    from ._native import Pages, Table

T = TypeVar("T")


class Pager(Iterator[Page[T]], Generic[T]):
    """Reads a list page by page. After an error it can be asked again, and goes on where it stood."""

    def __init__(self, reading: List[T], pages: Pages) -> None:
        self._reading = reading
        self._pages = pages

    @property
    def position(self) -> str | None:
        """Where it stands, to go on from later with `after`."""
        return self._pages.position()

    @property
    def count(self) -> int | None:
        """How many rows the whole list has, as the server counts; None before the first page."""
        return self._pages.count()

    def __next__(self) -> Page[T]:
        answer = self._reading._core.wait(self._pages.next())
        if answer is None:
            raise StopIteration
        return self._reading._page(self._pages, answer)


class List(Reading[T], Generic[T]):
    """A list that is read when it is iterated over, page by page, one page ahead.

    A part of it, such as `users[100:150]`, is a list too, and is read by itself. `users[5]` reads one row.
    """

    __slots__ = ()

    # By its length and its places one would read it row by row.
    __reversed__ = None

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> Self: ...

    def __getitem__(self, place: int | slice) -> T | Self:
        """A part of the list, or the row at a place. All but the first rows need a list of which Pluvo documents
        `offset`.

        Raises:
            IndexError: There is no row at that place.
            InvalidRequestError: Reading it, where Pluvo documents no `offset` for this list.
        """
        if isinstance(place, slice):
            return self._part(place)
        for row in self._at(place):
            return row
        raise IndexError(f"the list has no row {place}")

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(self._chunks())

    def _chunks(self) -> Iterator[list[T]]:
        pages = self._open()
        wait = self._core.wait
        while (answer := wait(pages.next())) is not None:
            yield self._rows(answer)

    def pages(self) -> Pager[T]:
        """The list page by page.

        Raises:
            PluvoError: Whatever can befall a request.
        """
        return Pager(self, self._open())

    def first(self) -> T | None:
        """The first row, or None where there is none."""
        for row in self._one():
            return row
        return None

    def count(self) -> int:
        """How many rows the server counts, without reading them."""
        count: int = decode(self._core.wait(self._counting()), int)
        self._known = count
        return count

    def to_list(self, limit: int | None = None) -> list[T]:
        """All rows, or so many at most: all of them or an error. Several pages are in flight where that can be."""
        return list(self._all(limit))

    def select(self, selection: str) -> List[dict[str, Any]]:
        """Plain rows with these fields, as GraphQL: `id name`. The names are the API's."""
        return self._selected(selection)  # type: ignore[return-value]

    def to_arrow(self) -> pyarrow.Table:
        """All rows as a PyArrow table, built without a Python object for any of them. Needs `pluvo-sdk[arrow]`."""
        import pyarrow as pa

        return pa.table(self._table())

    def to_pandas(self) -> pandas.DataFrame:
        """All rows as a pandas data frame. Needs `pluvo-sdk[pandas]`."""
        table: Any = self.to_arrow()
        return table.to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """All rows as a Polars data frame. Needs `pluvo-sdk[polars]`."""
        import polars

        return polars.DataFrame(self._table())

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The rows for any consumer of Arrow, such as `polars.DataFrame(pluvo.users.list())`.

        Pages are read as it takes batches, one page ahead, and no more than a batch is held. What fails is told by the
        consumer, in its own exception. With `select`, only the rows tell which columns there are: all are read first.
        """
        if self._columns is None:
            return self._table().__arrow_c_stream__(requested_schema)
        return self._open().stream(self._columns)

    def _table(self) -> Table:
        return self._core.wait(self._open(all=True).table(self._columns))


class AsyncPager(AsyncIterator[Page[T]], Generic[T]):
    """Reads a list page by page. After an error it can be asked again, and goes on where it stood."""

    def __init__(self, reading: AsyncList[T], pages: Pages) -> None:
        self._reading = reading
        self._pages = pages

    @property
    def position(self) -> str | None:
        """Where it stands, to go on from later with `after`."""
        return self._pages.position()

    @property
    def count(self) -> int | None:
        """How many rows the whole list has, as the server counts; None before the first page."""
        return self._pages.count()

    async def __anext__(self) -> Page[T]:
        answer = await self._reading._core.settle(self._pages.next())
        if answer is None:
            raise StopAsyncIteration
        return self._reading._page(self._pages, answer)


class AsyncList(Reading[T], Generic[T]):
    """A list that is read when it is iterated over, page by page, one page ahead.

    A part of it, such as `users[100:150]`, is a list too, and is read by itself. `await users[5]` reads one row.
    """

    __slots__ = ()

    # By its length and its places one would read it row by row.
    __reversed__ = None
    __iter__ = None

    @overload
    def __getitem__(self, place: int) -> Coroutine[Any, Any, T]: ...

    @overload
    def __getitem__(self, place: slice) -> Self: ...

    def __getitem__(self, place: int | slice) -> Coroutine[Any, Any, T] | Self:
        """A part of the list, or the row at a place, to be awaited. All but the first rows need a list of which Pluvo
        documents `offset`.

        Raises:
            IndexError: There is no row at that place.
            InvalidRequestError: Reading it, where Pluvo documents no `offset` for this list.
        """
        return self._part(place) if isinstance(place, slice) else self._row(place, self._at(place))

    async def _row(self, place: int, reading: Self) -> T:
        async for row in reading:
            return row
        raise IndexError(f"the list has no row {place}")

    async def __aiter__(self) -> AsyncIterator[T]:
        pages = self._open()
        settle = self._core.settle
        while (answer := await settle(pages.next())) is not None:
            for row in self._rows(answer):
                yield row

    def pages(self) -> AsyncPager[T]:
        """The list page by page.

        Raises:
            PluvoError: Whatever can befall a request.
        """
        return AsyncPager(self, self._open())

    async def first(self) -> T | None:
        """The first row, or None where there is none."""
        async for row in self._one():
            return row
        return None

    async def count(self) -> int:
        """How many rows the server counts, without reading them."""
        count: int = decode(await self._core.settle(self._counting()), int)
        self._known = count
        return count

    async def to_list(self, limit: int | None = None) -> list[T]:
        """All rows, or so many at most: all of them or an error. Several pages are in flight where that can be."""
        found: list[T] = []
        async for page in self._all(limit).pages():
            found += page.items
        return found

    def select(self, selection: str) -> AsyncList[dict[str, Any]]:
        """Plain rows with these fields, as GraphQL: `id name`. The names are the API's."""
        return self._selected(selection)  # type: ignore[return-value]

    async def to_arrow(self) -> pyarrow.Table:
        """All rows as a PyArrow table, built without a Python object for any of them. Needs `pluvo-sdk[arrow]`."""
        import pyarrow as pa

        return pa.table(await self._table())

    async def to_pandas(self) -> pandas.DataFrame:
        """All rows as a pandas data frame. Needs `pluvo-sdk[pandas]`."""
        table: Any = await self.to_arrow()
        return table.to_pandas()

    async def to_polars(self) -> polars.DataFrame:
        """All rows as a Polars data frame. Needs `pluvo-sdk[polars]`."""
        import polars

        return polars.DataFrame(await self._table())

    async def _table(self) -> Table:
        return await self._core.settle(self._open(all=True).table(self._columns))
