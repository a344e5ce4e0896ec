"""How a list is read: what lists for threads and for coroutines share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ._page import Page
from ._wire import encode, rows

if TYPE_CHECKING:
    from typing_extensions import Self

    from ._core import Core
    from ._native import Pages, Work

T = TypeVar("T")


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
        return self._with(limit=rows)

    def page_size(self, rows: int) -> Self:
        """So many rows a page, 50 at most."""
        return self._with(pageSize=rows)

    def parallel(self, pages: int) -> Self:
        """With so many pages in flight, where Pluvo documents how to read from the middle: rows keep their order, and
        the result is complete or an error."""
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
        return min(known, self._options.get("limit", known))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._name})"

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
