"""What crosses the boundary to the native module: requests, rows, failures."""

from __future__ import annotations

from functools import lru_cache
from threading import RLock
from typing import Any, Generic, TypeVar, cast

import msgspec

from . import errors
from ._error_detail import ErrorDetail
from ._names import wire
from .errors import DecodeError, PluvoError

T = TypeVar("T")

_CLASSES: dict[str, type[PluvoError]] = {
    kind.code: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, PluvoError)
}
# A value that is nested too deep is more than the interpreter can take.
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_meeting = RLock()
_encoder = msgspec.json.Encoder(decimal_format="string")


class Edge(msgspec.Struct, Generic[T], gc=False):
    """A row as it comes. Without a node it is no row."""

    node: T


def encode(value: object) -> str:
    """A value as JSON, with the names that the API has."""
    return _encoder.encode(wire(value)).decode()


def decode(data: bytes | str, kind: Any) -> Any:
    """What JSON says, as a type."""
    decoder = _decoder(kind)
    try:
        return decoder.decode(data)
    except msgspec.ValidationError:
        return _lenient(data, kind)
    except _UNREADABLE as error:
        raise _unreadable(error) from None


def rows(data: bytes, kind: Any) -> list[Any]:
    """The rows of a page."""
    try:
        edges: list[Any] = _decoder(_edges(kind)).decode(data)
    except msgspec.ValidationError:
        edges = [edge for edge in _lenient(data, _edges(kind)) if edge is not None]
    except _UNREADABLE as error:
        raise _unreadable(error) from None
    return [edge.node for edge in edges]


def convert(value: Any, kind: Any) -> Any:
    """Plain JSON as a type. Raises msgspec's ValidationError."""
    _decoder(kind)
    return msgspec.convert(value, kind, dec_hook=_custom)


@lru_cache(maxsize=256)
def _edges(kind: Any) -> Any:
    return list[Edge[kind]]


def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    # msgspec finds out about a class when it first meets it, and crashes where two threads do that at once.
    with _meeting:
        return _made(kind)


@lru_cache(maxsize=256)
def _made(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind, dec_hook=_custom)


def _lenient(data: bytes | str, kind: Any) -> Any:
    """Reads what is not quite as the schema says: elements of lists that are null are left out."""
    try:
        return convert(_without_nulls(msgspec.json.decode(data)), kind)
    except _UNREADABLE as error:
        raise _unreadable(error) from None


def _without_nulls(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_nulls(item) for item in value if not _is_nothing(item)]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
    return value


def _is_nothing(item: Any) -> bool:
    return item is None or item == {"node": None}


def _unreadable(error: Exception) -> DecodeError:
    # The decoder's words name a place and types; what stands there they do not quote.
    place = str(error).replace("`$[", "`edges[")
    return DecodeError(f"the answer is not of the shape that was expected: {place}")


def _custom(kind: Any, value: Any) -> Any:
    from ._generated.models import UNIONS

    if issubclass(kind, PluvoError):
        return _failure(value)
    if kind in UNIONS:
        other, members = UNIONS[kind]
        for tag, member in members.items():
            if tag in value:
                return convert(value, member)
        return cast("Any", other)(raw=value)
    raise NotImplementedError(f"no way to read a {kind!r}")


class _Failure(msgspec.Struct, rename="camel"):
    code: str
    message: str
    operation: str | None
    status: int | None
    request_id: str | None
    retry_after: float | None
    attempts: int
    retryable: bool
    indeterminate: bool
    graphql: list[ErrorDetail]
    causes: list[str]


def failure(text: str) -> PluvoError:
    """The exception that a failure of the native module is."""
    return _error(_decoder(_Failure).decode(text))


def _failure(value: Any) -> PluvoError:
    return _error(convert(value, _Failure))


def _error(failed: _Failure) -> PluvoError:
    return _CLASSES.get(failed.code, PluvoError)(
        failed.message,
        operation=failed.operation,
        status=failed.status,
        request_id=failed.request_id,
        retry_after=failed.retry_after,
        attempts=failed.attempts,
        is_retryable=failed.retryable,
        is_indeterminate=failed.indeterminate,
        graphql=tuple(failed.graphql),
        causes=tuple(failed.causes),
    )
