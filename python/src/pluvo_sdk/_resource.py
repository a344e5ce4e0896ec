"""What resources share: making calls, for threads and for coroutines."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterable
from os import fspath
from typing import TYPE_CHECKING, Any

from . import _bulk
from ._core import Connected
from ._wire import decode, encode

if TYPE_CHECKING:
    from ._core import Core
    from ._generated.models import BulkTotals, RowOutcome
    from ._native import Work


def call(core: Core, name: str, args: dict[str, Any], select: str | None) -> Work:
    return core.session.call(name, encode({"args": args, "select": select}))


def upload(core: Core, name: str, args: dict[str, Any]) -> Work:
    content: Any = args.pop("content")
    request = encode({"args": args})
    is_bytes = isinstance(content, bytes)
    return core.session.upload(name, request, **({"content": content} if is_bytes else {"path": fspath(content)}))


def result(data: bytes, kind: Any, select: str | None = None) -> Any:
    if kind is None:
        return None
    return decode(data, Any if select is not None else kind)


class Resource(Connected):
    """Calls for threads."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def _call(self, name: str, args: dict[str, Any], kind: Any, select: str | None = None) -> Any:
        return result(self._core.wait(call(self._core, name, args, select)), kind, select)

    def _upload(self, name: str, args: dict[str, Any], kind: Any) -> Any:
        return result(self._core.wait(upload(self._core, name, args)), kind)

    def _bulk(
        self,
        name: str,
        args: dict[str, Any],
        rows: Iterable[Any],
        on_progress: Callable[[BulkTotals], object] | None,
        on_outcome: Callable[[RowOutcome], object] | None,
        stream: bool,
    ) -> Any:
        writing = _bulk.Writing(self._core, name, args, on_progress, on_outcome)
        return _bulk.Outcomes(writing, rows) if stream else _bulk.run(writing, rows)


class AsyncResource(Connected):
    """Calls for coroutines."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def _call(self, name: str, args: dict[str, Any], kind: Any, select: str | None = None) -> Any:
        return result(await self._core.settle(call(self._core, name, args, select)), kind, select)

    async def _upload(self, name: str, args: dict[str, Any], kind: Any) -> Any:
        return result(await self._core.settle(upload(self._core, name, args)), kind)

    def _bulk(
        self,
        name: str,
        args: dict[str, Any],
        rows: Iterable[Any] | AsyncIterable[Any],
        on_progress: Callable[[BulkTotals], object] | None,
        on_outcome: Callable[[RowOutcome], object] | None,
        stream: bool,
    ) -> Any:
        writing = _bulk.Writing(self._core, name, args, on_progress, on_outcome)
        return _bulk.AsyncOutcomes(writing, rows) if stream else _bulk.run_async(writing, rows)
