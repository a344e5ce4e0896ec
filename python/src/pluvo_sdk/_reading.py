"""How a list is read: what lists for threads and for coroutines share."""

from __future__ import annotations

from operator import index
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ._page import Page
from ._wire import encode, rows

if TYPE_CHECKING:
    from typing_extensions import Self

    from ._core import Core
    from ._native import Pages, Work

T = TypeVar("T")


_ONE: dict[str, Any] = {"prefetch": False, "parallel": None}


def _place(place: Any) -> int:
    place = index(place)
    if place < 0:
        raise ValueError("a list cannot be read from its end: sort it the other way round")
    return place


class Reading(Generic[T]):
    """A list that can be read, and how. Every way of reading it is another object: this one does not change."""

    __slots__ = ("_args", "_columns", "_core", "_kind", "_known", "_latest", "_name", "_options")

    def __init__(
        self,
        core: Core,
        name: str,
        args: dict[str, Any],
        kind: Any,
        columns: str | None,
        options: dict[str, Any] | None = None,
    ) -> None:
        self._core = core
        self._name = name
        self._args = args
        self._kind = kind
        self._columns = columns
        self._options: dict[str, Any] = options or {}
        self._known: int | None = None
        self._latest: Pages | None = None

    def limit(self, rows: int) -> Self:
        """At most so many rows."""
        return self._with(limit=self._at_most(rows))

    def page_size(self, rows: int) -> Self:
        """So many rows a page, 50 at most."""
        return self._with(pageSize=rows)

    def parallel(self, pages: int) -> Self:
        """With so many pages in flight, where Pluvo documents `offset`: rows keep their order, and the result is
        complete or an error."""
        return self._with(parallel=pages)

    def prefetch(self, ahead: bool) -> Self:
        """Whether the next page is fetched while this one is worked on. It is unless this says otherwise."""
        return self._with(prefetch=ahead)

    def after(self, position: str) -> Self:
        """From a position on that was kept: `position` of a page or of a list.

        Raises:
            PaginationError: Reading it, where it is the position of another list.
        """
        return self._with(after=position)

    @property
    def position(self) -> str | None:
        """Where the latest reading of this list stands, to go on from with `after`, after an error too. None before
        the first page, after the last, and where several pages are in flight."""
        return None if self._latest is None else self._latest.position()

    def __bool__(self) -> bool:
        # Whether there are rows is not known before they are read.
        return True

    def __len__(self) -> int:
        """How many rows there are, once a page was read or `count()` was asked; raises TypeError before."""
        known = self._latest.count() if self._latest is not None else None
        known = self._known if known is None else known
        if known is None:
            raise TypeError("how many rows there are is not known before one is read: ask count()")
        return self._at_most(max(known - self._options.get("offset", 0), 0))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._name})"

    def _part(self, part: slice) -> Self:
        """The rows from one place to another. Nothing is read yet."""
        if part.step is not None and index(part.step) != 1:
            raise ValueError("a list has no step but 1")
        begin = 0 if part.start is None else _place(part.start)
        options: dict[str, Any] = {}
        if begin:
            options["offset"] = self._options.get("offset", 0) + begin
        if "limit" in self._options:
            options["limit"] = max(self._options["limit"] - begin, 0)
        if part.stop is not None:
            wanted = max(_place(part.stop) - begin, 0)
            options["limit"] = min(wanted, options.get("limit", wanted))
        return self._with(**options)

    def _at(self, place: int) -> Self:
        """The row at a place, and no other."""
        begin = _place(place)
        return self._part(slice(begin, begin + 1))._with(**_ONE)

    def _one(self) -> Self:
        """The first row, and no other."""
        return self._with(**_ONE, limit=self._at_most(1))

    def _at_most(self, rows: int) -> int:
        return min(rows, self._options.get("limit", rows))

    def _all(self, limit: int | None = None) -> Self:
        """To be read to its end: with several pages in flight where that can be."""
        return self._with(all=True) if limit is None else self._with(all=True, limit=self._at_most(limit))

    def _with(self, **options: Any) -> Self:
        return type(self)(self._core, self._name, self._args, self._kind, self._columns, {**self._options, **options})

    def _selected(self, selection: str) -> Self:
        options = {**self._options, "select": selection}
        return type(self)(self._core, self._name, self._args, dict[str, Any], None, options)

    def _open(self, **options: Any) -> Pages:
        request = encode({"args": self._args, **self._options, **options})
        self._latest = self._core.session.list(self._name, request)
        return self._latest

    def _counting(self) -> Work:
        select = self._options.get("select")
        return self._core.session.call(self._name, encode({"args": self._args, "select": select, "count": True}))

    def _rows(self, answer: tuple[bytes, int | None, str | None, bool]) -> list[T]:
        return rows(answer[0], self._kind)

    def _page(self, pages: Pages, answer: tuple[bytes, int | None, str | None, bool]) -> Page[T]:
        edges, count, end_cursor, has_next = answer
        return Page(rows(edges, self._kind), count, end_cursor, has_next, pages.position())
