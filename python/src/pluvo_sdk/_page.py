"""One page of a list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar, overload

T = TypeVar("T")


class Page(Generic[T]):
    """One page of a list: its rows, and where it stands."""

    __slots__ = ("count", "end_cursor", "has_next", "items", "position")

    def __init__(
        self, items: list[T], count: int | None, end_cursor: str | None, has_next: bool, position: str | None
    ) -> None:
        self.items = items
        """The rows."""
        self.count = count
        """How many rows the whole list has, as the server counts."""
        self.end_cursor = end_cursor
        """The cursor after the last row. For keeping, `position` is safer."""
        self.has_next = has_next
        """Whether another page follows."""
        self.position = position
        """Where to go on later, with `after(position)`; it fits this list and no other."""

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> list[T]: ...

    def __getitem__(self, index: int | slice) -> T | list[T]:
        return self.items[index]

    def __repr__(self) -> str:
        return f"Page({len(self.items)} of {'?' if self.count is None else self.count} rows)"
