"""Many writes: rows go in, outcomes come out."""

from __future__ import annotations

from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Callable,
    Generator,
    Iterable,
    Iterator,
    Mapping,
)
from datetime import datetime
from itertools import chain, islice
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

import msgspec

from ._generated.models import BulkTotals, RowOutcome
from ._values import Report
from ._wire import decode, encode

if TYPE_CHECKING:
    from typing_extensions import Self

    from ._core import Core

# Rows that cross to the native module at once.
_CHUNK = 200
# Seconds between two words of progress.
_PAUSE = 0.1


class Writing:
    """A bulk write, and who hears of it."""

    def __init__(
        self,
        core: Core,
        name: str,
        args: dict[str, Any],
        on_progress: Callable[[BulkTotals], object] | None,
        on_outcome: Callable[[RowOutcome], object] | None,
    ) -> None:
        self.core = core
        self.bulk = core.session.bulk(name, encode({"args": args}))
        self.is_stopped = False
        self._on_progress = on_progress
        self._on_outcome = on_outcome
        self._told = 0.0

    def hear(self, text: str | None) -> list[RowOutcome] | None:
        """Passes on what became of rows. None where there was nothing."""
        if text is None:
            return None
        outcomes: list[RowOutcome] = decode(text, list[RowOutcome])
        if self._on_outcome is not None:
            for outcome in outcomes:
                self._on_outcome(outcome)
        if self._on_progress is not None and monotonic() - self._told >= _PAUSE:
            self._on_progress(self.totals())
            self._told = monotonic()
        return outcomes

    def stop(self) -> None:
        self.is_stopped = True
        self.bulk.stop()

    def end(self, failure: Exception | None) -> None:
        """Everything is told. Where the rows failed to come, that is told last."""
        if self._on_progress is not None:
            self._on_progress(self.totals())
        if failure is not None:
            raise failure

    def totals(self) -> BulkTotals:
        return decode(self.bulk.progress(), BulkTotals)


def told(writing: Writing, rows: Iterable[Any]) -> Generator[list[RowOutcome], None, None]:
    """What becomes of rows, as it becomes known. Rows are taken as it is asked for, and what was taken is finished,
    where taking one fails or nobody asks any more too."""
    core, bulk = writing.core, writing.bulk
    chunks, failure = _chunks(rows), None
    try:
        while not writing.is_stopped:
            try:
                chunk = next(chunks, None)
            except Exception as error:
                failure = error
                break
            if chunk is None:
                break
            core.wait(bulk.push(chunk))
            while (outcomes := writing.hear(bulk.ready())) is not None:
                yield outcomes
        bulk.finish()
        while (outcomes := writing.hear(core.wait(bulk.next()))) is not None:
            yield outcomes
    except GeneratorExit:
        writing.stop()
        while writing.hear(core.wait(bulk.next())) is not None:
            pass
        raise
    writing.end(failure)


async def told_async(
    writing: Writing, rows: Iterable[Any] | AsyncIterable[Any]
) -> AsyncGenerator[list[RowOutcome], None]:
    """The same for coroutines."""
    core, bulk = writing.core, writing.bulk
    chunks = _async_chunks(rows) if isinstance(rows, AsyncIterable) else _as_async(_chunks(rows))
    failure = None
    try:
        while not writing.is_stopped:
            try:
                chunk = await anext(chunks, None)
            except Exception as error:
                failure = error
                break
            if chunk is None:
                break
            await core.settle(bulk.push(chunk))
            while (outcomes := writing.hear(bulk.ready())) is not None:
                yield outcomes
        bulk.finish()
        while (outcomes := writing.hear(await core.settle(bulk.next()))) is not None:
            yield outcomes
    except GeneratorExit:
        writing.stop()
        while writing.hear(await core.settle(bulk.next())) is not None:
            pass
        raise
    writing.end(failure)


def run(writing: Writing, rows: Iterable[Any]) -> Report:
    outcomes = [outcome for some in told(writing, rows) for outcome in some]
    return Report(totals=writing.totals(), outcomes=outcomes)


async def run_async(writing: Writing, rows: Iterable[Any] | AsyncIterable[Any]) -> Report:
    outcomes = [outcome async for some in told_async(writing, rows) for outcome in some]
    return Report(totals=writing.totals(), outcomes=outcomes)


class _Told:
    def __init__(self, writing: Writing) -> None:
        self._writing = writing

    @property
    def totals(self) -> BulkTotals:
        """The sums so far."""
        return self._writing.totals()

    def stop(self) -> None:
        """Takes no more rows, from another thread or task too. What is in flight is finished and told."""
        self._writing.stop()


class Outcomes(_Told, Iterator[RowOutcome]):
    """What becomes of rows, in their order, as it becomes known. Rows are taken as outcomes are asked for, and neither
    are kept. Who leaves early, by `break` or by `close()`, takes no more rows; what is in flight is finished first."""

    def __init__(self, writing: Writing, rows: Iterable[Any]) -> None:
        super().__init__(writing)
        self._chunks = told(writing, rows)
        self._outcomes = chain.from_iterable(self._chunks)

    def __next__(self) -> RowOutcome:
        return next(self._outcomes)

    def close(self) -> None:
        """Takes no more rows, and waits for what is in flight."""
        self._chunks.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncOutcomes(_Told, AsyncIterator[RowOutcome]):
    """What becomes of rows, in their order, as it becomes known. Rows are taken as outcomes are asked for, and neither
    are kept. Who leaves early, by `break` or by `aclose()`, takes no more rows; what is in flight is finished first."""

    def __init__(self, writing: Writing, rows: Iterable[Any] | AsyncIterable[Any]) -> None:
        super().__init__(writing)
        self._chunks = told_async(writing, rows)
        self._ready: Iterator[RowOutcome] = iter(())

    async def __anext__(self) -> RowOutcome:
        while True:
            for outcome in self._ready:
                return outcome
            self._ready = iter(await anext(self._chunks))

    async def aclose(self) -> None:
        """Takes no more rows, and waits for what is in flight."""
        await self._chunks.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def plain(row: Any) -> Any:
    """A row as a dictionary: dataclasses and structs are taken too."""
    if isinstance(row, Mapping):
        return cast("Any", row)
    return msgspec.to_builtins(row, builtin_types=(datetime,), str_keys=True)


def _chunks(rows: Iterable[Any]) -> Iterator[str]:
    """What came before taking a row failed comes before the failure."""
    rows, failure = iter(rows), None
    while failure is None:
        chunk: list[Any] = []
        try:
            for row in islice(rows, _CHUNK):
                chunk.append(plain(row))
        except Exception as error:
            failure = error
        if not chunk:
            break
        yield encode(chunk)
    if failure is not None:
        raise failure


async def _async_chunks(rows: AsyncIterable[Any]) -> AsyncIterator[str]:
    rows, failure, more = aiter(rows), None, True
    while more:
        chunk: list[Any] = []
        try:
            while len(chunk) < _CHUNK:
                chunk.append(plain(await anext(rows)))
        except StopAsyncIteration:
            more = False
        except Exception as error:
            failure, more = error, False
        if chunk:
            yield encode(chunk)
    if failure is not None:
        raise failure


async def _as_async(chunks: Iterator[str]) -> AsyncIterator[str]:
    for chunk in chunks:
        yield chunk
