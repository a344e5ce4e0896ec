"""Many writes: rows go in, outcomes come out."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

import msgspec

from ._generated.models import BulkTotals, RowOutcome
from ._values import Report
from ._wire import decode, encode

if TYPE_CHECKING:
    from ._core import Core
    from ._native import Bulk

# Rows that cross to the native module at once.
_CHUNK = 200
# Seconds between two words of progress.
_PAUSE = 0.1


class Writing:
    """A bulk write, and who hears of it."""

    def __init__(
        self,
        bulk: Bulk,
        on_progress: Callable[[BulkTotals], object] | None,
        on_outcome: Callable[[RowOutcome], object] | None,
    ) -> None:
        self.bulk = bulk
        self._on_progress = on_progress
        self._on_outcome = on_outcome
        self._outcomes: list[RowOutcome] = []
        self._told = 0.0

    def hear(self, text: str | None) -> bool:
        """Passes on what became of rows. False where there was nothing."""
        if text is None:
            return False
        outcomes: list[RowOutcome] = decode(text, list[RowOutcome])
        self._outcomes.extend(outcomes)
        if self._on_outcome is not None:
            for outcome in outcomes:
                self._on_outcome(outcome)
        if self._on_progress is not None and monotonic() - self._told >= _PAUSE:
            self._on_progress(self._totals())
            self._told = monotonic()
        return True

    def report(self) -> Report:
        totals = self._totals()
        if self._on_progress is not None:
            self._on_progress(totals)
        return Report(totals=totals, outcomes=self._outcomes)

    def _totals(self) -> BulkTotals:
        return decode(self.bulk.progress(), BulkTotals)


def begin(
    core: Core,
    name: str,
    args: dict[str, Any],
    on_progress: Callable[[BulkTotals], object] | None,
    on_outcome: Callable[[RowOutcome], object] | None,
) -> Writing:
    return Writing(core.session.bulk(name, encode({"args": args})), on_progress, on_outcome)


def run(core: Core, writing: Writing, rows: Iterable[Any]) -> Report:
    bulk = writing.bulk
    for chunk in _chunks(rows):
        core.wait(bulk.push(chunk))
        while writing.hear(bulk.ready()):
            pass
    bulk.finish()
    while writing.hear(core.wait(bulk.next())):
        pass
    return writing.report()


async def run_async(core: Core, writing: Writing, rows: Iterable[Any] | AsyncIterable[Any]) -> Report:
    bulk = writing.bulk
    chunks = _async_chunks(rows) if isinstance(rows, AsyncIterable) else _as_async(_chunks(rows))
    async for chunk in chunks:
        await core.settle(bulk.push(chunk))
        while writing.hear(bulk.ready()):
            pass
    bulk.finish()
    while writing.hear(await core.settle(bulk.next())):
        pass
    return writing.report()


def plain(row: Any) -> Any:
    """A row as a dictionary: dataclasses and structs are taken too."""
    if isinstance(row, Mapping):
        return cast("Any", row)
    return msgspec.to_builtins(row, builtin_types=(datetime,), str_keys=True)


def _chunks(rows: Iterable[Any]) -> Iterator[str]:
    rows = iter(rows)
    while chunk := [plain(row) for row in islice(rows, _CHUNK)]:
        yield encode(chunk)


async def _async_chunks(rows: AsyncIterable[Any]) -> AsyncIterator[str]:
    chunk: list[Any] = []
    async for row in rows:
        chunk.append(plain(row))
        if len(chunk) == _CHUNK:
            yield encode(chunk)
            chunk = []
    if chunk:
        yield encode(chunk)


async def _as_async(chunks: Iterator[str]) -> AsyncIterator[str]:
    for chunk in chunks:
        yield chunk
