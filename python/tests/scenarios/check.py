"""Holds what came of a call against what was expected of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .house import Json


@dataclass
class Failed:
    """An error, as every face can tell it."""

    code: str
    text: str
    status: int | None
    retry_after: float | None
    attempts: int
    retryable: bool
    graphql: int


@dataclass
class Seen:
    """What came of a call."""

    rows: list[Json] = field(default_factory=list)
    pages: list[int] | None = None
    told: int | None = None
    value: Json = None
    error: Failed | None = None
    position: str | None = None


def outcome(expected: Json, seen: Seen) -> Iterator[str]:
    """What differs, but for which rows came."""
    if "count" in expected:
        yield from _same("rows", expected["count"], len(seen.rows))
    if "pages" in expected and seen.pages is not None:
        yield from _same("pages", expected["pages"], seen.pages)
    if "told" in expected:
        yield from _same("count told", expected["told"], seen.told)
    if expected.get("absent"):
        yield from _same("value", None, seen.value)
    if expected.get("unique", True):
        ids = [id for id in map(row_id, seen.rows) if id is not None]
        yield from _same("distinct rows", len(ids), len(set(ids)))
    for number, row in enumerate(seen.rows):
        if "each" in expected:
            yield from lacks(expected["each"], row, f"row {number}")
        for name in expected.get("without", []):
            if row.get(name) is not None:
                yield f"row {number} has a value for {name}"
    for number, wanted in expected.get("row", {}).items():
        row = seen.rows[int(number)] if int(number) < len(seen.rows) else None
        yield from lacks(wanted, row, f"row {number}")
    if "value" in expected:
        yield from lacks(expected["value"], seen.value, "value")
    yield from _error(expected.get("error"), seen.error)


def _same(what: str, expected: Json, seen: Json) -> Iterator[str]:
    if expected != seen:
        yield f"{what}: {expected!r} expected, {seen!r} seen"


def _error(expected: Json, seen: Failed | None) -> Iterator[str]:
    if expected is None:
        if seen is not None:
            yield f"no error expected, seen: {seen.text}"
        return
    if seen is None:
        yield f"an error {expected['code']} expected, none seen"
        return
    for name in ("code", "status", "attempts", "retryable", "graphql"):
        # What is decoded in Python is not told how many attempts it took.
        untold = name == "attempts" and seen.code == "decode" and seen.attempts == 0
        if name in expected and not untold:
            yield from _same(f"error's {name}", expected[name], getattr(seen, name))
    if "retry_after" in expected:
        told = None if seen.retry_after is None else round(seen.retry_after, 3)
        yield from _same("error's retry_after", round(expected["retry_after"], 3), told)
    text = seen.text.lower()
    for says in expected.get("says", []):
        if says.lower() not in text:
            yield f"the error does not say {says!r}: {seen.text}"
    for never in expected.get("never", []):
        if never.lower() in text:
            yield f"the error says {never!r}: {seen.text}"


def rows(expected: Json, seen: list[Json], before: list[Json], after: list[Json] | None = None) -> Iterator[str]:
    """Whether these are the rows that were expected."""
    if expected == "kept":
        there = [{row_id(row) for row in rows} for rows in (before, after or [])]
        lost = (there[0] & there[1]) - {row_id(row) for row in seen}
        if lost:
            yield f"{len(lost)} rows were lost: {lost}"
    else:
        yield from _equal(before if expected == "all" else _part(expected, before), seen)


def _part(part: Json, before: list[Json]) -> list[Json]:
    found = [row for row in before if all(row[name] == value for name, value in part.get("where", {}).items())]
    if part.get("reversed"):
        found.reverse()
    skip = part.get("skip", 0)
    return found[skip:][: part.get("first")]


def _equal(expected: list[Json], seen: list[Json]) -> Iterator[str]:
    if len(expected) != len(seen):
        yield f"{len(expected)} rows expected, {len(seen)} seen"
        return
    for number, (one, other) in enumerate(zip(expected, seen, strict=True)):
        if row_id(one) != row_id(other):
            yield f"row {number}: id {row_id(one)} expected, {row_id(other)} seen"
            return
        for name in one.keys() & other.keys():
            wrong = list(lacks(one[name], other[name], name))
            if wrong:
                yield f"row {number}: {wrong[0]}"
                return


def row_id(row: Json) -> str | None:
    """What a row is told apart by: its id, or its person's."""
    return row.get("id") or (row.get("user") or {}).get("id")


def lacks(expected: Json, seen: Json, at: str) -> Iterator[str]:
    """What an expected value has and the seen one has not. Objects may have more fields than expected."""
    if isinstance(expected, dict) and isinstance(seen, dict):
        for name, value in expected.items():
            yield from lacks(value, seen.get(name), f"{at}.{name}")
    elif isinstance(expected, list) and isinstance(seen, list) and len(expected) == len(seen):
        for number, (one, other) in enumerate(zip(expected, seen, strict=True)):
            yield from lacks(one, other, f"{at}.{number}")
    elif expected != seen or isinstance(expected, bool) != isinstance(seen, bool):
        yield f"{at}: {expected!r} expected, {seen!r} seen"
