"""Documents of the caller's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from msgspec import Struct

from ._error_detail import ErrorDetail
from ._wire import decode, encode
from .errors import ConfigError, DecodeError

if TYPE_CHECKING:
    from graphql import DocumentNode

    from ._core import Core
    from ._native import Work

T = TypeVar("T")


class Partial(Struct, Generic[T], frozen=True, kw_only=True):
    """Data with the errors beside it."""

    data: T
    """The data, None where there is none."""
    errors: list[ErrorDetail]
    """The GraphQL errors."""
    meta: dict[str, Any] = {}
    """About the request: its id, its attempts."""


def send(
    core: Core,
    document: str | DocumentNode,
    variables: Mapping[str, Any] | None,
    operation_name: str | None,
    repeatable: bool | None,
    partial: bool,
) -> Work:
    if not isinstance(document, str):
        from graphql import print_ast

        document = print_ast(document)
    args = {
        "document": document,
        "variables": variables,
        "operationName": operation_name,
        "repeatable": repeatable,
        "partial": partial or None,
    }
    return core.session.call("query", encode({"args": args}))


def read(data: bytes, kind: Any, partial: bool) -> Any:
    if not partial:
        return typed(data, kind)
    found: Partial[Any] = decode(data, Partial[Any])
    return Partial(data=typed_value(found.data, kind), errors=found.errors, meta=found.meta)


def typed(data: bytes, kind: Any) -> Any:
    """JSON as a type: one of msgspec, a dataclass, a typed dictionary, or one of pydantic."""
    if not _is_pydantic(kind):
        return decode(data, kind)
    from pydantic import ValidationError

    try:
        return kind.model_validate_json(data)
    except ValidationError as error:
        raise _unfit(kind, error.error_count()) from None


def typed_value(value: Any, kind: Any) -> Any:
    if value is None or kind is Any:
        return value
    from msgspec.json import encode as to_json

    return typed(to_json(value), kind)


def _is_pydantic(kind: Any) -> bool:
    if not isinstance(kind, type):
        return False
    if hasattr(kind, "model_validate_json"):
        return True
    if hasattr(kind, "parse_raw"):
        raise ConfigError(f"{kind.__name__} is a model of pydantic 1; version 2 is needed")
    return False


def _unfit(kind: Any, count: int) -> DecodeError:
    return DecodeError(f"the data does not fit {kind.__name__}: {count} fields differ")
