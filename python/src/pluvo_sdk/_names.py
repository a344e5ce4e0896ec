"""Names: as Python spells them, and as the API does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from ._generated.mappings import MAPPINGS


def wire(value: object) -> object:
    """A value with the names that the API has."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {camel(key): _member(key, item) for key, item in _items(value) if item is not None}
    if isinstance(value, (Sequence, Set)) and not isinstance(value, (bytes, bytearray)):
        return [wire(item) for item in cast("Sequence[object]", value)]
    if isinstance(value, datetime) and value.tzinfo is None:
        # A moment without a zone is one of this machine's zone, as everywhere in Python.
        return value.astimezone()
    return value


def _items(value: Any) -> Any:
    return value.items()


def _member(key: str, item: Any) -> object:
    """The keys of some mappings are the caller's own."""
    return item if camel(key) in MAPPINGS and _is_mapping(item) else wire(item)


def _is_mapping(item: object) -> bool:
    return isinstance(item, Mapping)


@lru_cache(maxsize=1000)
def camel(name: str) -> str:
    """`last_login` as `lastLogin`."""
    first, *others = name.rstrip("_").split("_")
    return first + "".join(other[:1].upper() + other[1:] for other in others)
