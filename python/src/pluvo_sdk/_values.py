"""Types of arguments and results that are written by hand."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from msgspec import Struct

if TYPE_CHECKING:
    from ._generated.models import BulkTotals, RowOutcome

Content: TypeAlias = bytes | str | os.PathLike[str]
"""What a file holds: bytes, or the path of a file to read."""


class ExtraText(TypedDict):
    """A text value of an extra category."""

    text: str


class ExtraMoment(TypedDict):
    """A date value of an extra category."""

    moment: datetime | str


class ExtraBoolean(TypedDict):
    """A yes or no value of an extra category."""

    boolean: bool


class ExtraChoices(TypedDict):
    """Chosen options of an extra category, in words."""

    choices: Sequence[str]


ExtraValue: TypeAlias = str | bool | Sequence[str] | ExtraText | ExtraMoment | ExtraBoolean | ExtraChoices
"""A value of an extra category. Text is set as what its category holds, which is read first; True and False are yes and
no; a list of texts names options. A dictionary of one key says its kind itself."""


class Report(Struct, frozen=True, kw_only=True):
    """What became of all rows."""

    totals: BulkTotals
    """The sums."""
    outcomes: list[RowOutcome]
    """What became of each row, in the order of the rows."""

    @property
    def created(self) -> int:
        """How many rows were created."""
        return self.totals.created

    @property
    def updated(self) -> int:
        """How many rows were there and were written."""
        return self.totals.updated

    @property
    def unchanged(self) -> int:
        """How many rows were as they should be."""
        return self.totals.unchanged

    @property
    def failed(self) -> int:
        """How many rows were not written."""
        return self.totals.failed

    @property
    def indeterminate(self) -> int:
        """Of how many rows nobody knows whether they were written."""
        return self.totals.indeterminate

    @property
    def is_complete(self) -> bool:
        """Whether every row is as it should be now."""
        return not (self.failed or self.indeterminate)

    @property
    def unfinished(self) -> list[RowOutcome]:
        """The rows that were not written, or may not have been."""
        return [row for row in self.outcomes if row.error is not None]

    def __repr__(self) -> str:
        return (
            f"Report(created={self.created}, updated={self.updated}, unchanged={self.unchanged}, "
            f"failed={self.failed}, indeterminate={self.indeterminate})"
        )
