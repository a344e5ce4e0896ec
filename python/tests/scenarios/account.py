"""What is to be true at the end: requests, faults, waits, secrets."""

from __future__ import annotations

from collections.abc import Iterator

from .check import lacks
from .house import Json, seconds

_PATHS = {"graphql": "/graphql/", "token": "/oauth/token/"}


def of(log: list[Json], on: str) -> list[Json]:
    """The requests of a kind."""
    return [entry for entry in log if entry["path"] == _PATHS[on]]


def _number(what: str, expected: Json, seen: int) -> Iterator[str]:
    least, most = expected if isinstance(expected, list) else (expected, expected)
    if not least <= seen <= most:
        yield f"{what}: {expected} expected, {seen} seen"


def requests(expected: Json, log: list[Json]) -> Iterator[str]:
    """What differs in the requests."""
    kinds = {"token": of(log, "token"), "graphql": of(log, "graphql")}
    numbers = {
        "tokens": len(kinds["token"]),
        "graphql": len(kinds["graphql"]),
        "connections": len({entry["connection"] for entry in log}),
        "in_flight": max((entry["in_flight"] for entry in log), default=0),
    }
    for name, seen in numbers.items():
        if name in expected:
            yield from _number(name, expected[name], seen)
    yield from _number("requests elsewhere", 0, len(log) - numbers["tokens"] - numbers["graphql"])
    for request in expected.get("requests", []):
        on = request.get("on", "graphql")
        chosen = list(enumerate(kinds[on], 1))
        if "nth" in request:
            chosen = chosen[request["nth"] - 1 :][:1]
        if not chosen:
            yield f"there was no request {request.get('nth')} to look at"
        for number, entry in chosen:
            for wrong in _one(request, entry):
                yield f"{on} request {number}: {wrong}"


def _one(expected: Json, seen: Json) -> Iterator[str]:
    for name in ("operation", "version"):
        if name in expected and expected[name] != seen[name]:
            yield f"{name} {expected[name]} expected, {seen[name]} seen"
    variables = seen.get("variables") or {}
    yield from lacks(expected.get("variables", {}), variables, "variables")
    for name in expected.get("without", []):
        if variables.get(name) is not None:
            yield f"the variable {name} was sent"
    query = seen.get("query") or ""
    for text in expected.get("query_says", []):
        if text not in query:
            yield f"the document lacks {text!r}: {query}"
    for text in expected.get("query_never", []):
        if text in query:
            yield f"the document has {text!r}: {query}"
    for name, text in expected.get("headers", {}).items():
        there = seen["headers"].get(name)
        if (there is not None) if text is None else (there is None or text not in there):
            yield f"header {name}: {text!r} expected, {there!r} seen"
    for name, text in expected.get("form", {}).items():
        there = (seen.get("form") or {}).get(name)
        if there != text:
            yield f"form field {name}: {text!r} expected, {there!r} seen"


def outbox(expected: Json, mails: list[Json]) -> Iterator[str]:
    """Mail that was not expected, or did not go out."""
    wanted = expected.get("outbox", [])
    sent = [{"operation": mail["operation"], "people": len(mail["to"])} for mail in mails]
    if wanted != sent:
        yield f"mail: {wanted} expected, {sent} seen"


def faults(expected: Json, planned: list[Json]) -> Iterator[str]:
    """Faults that were not hit although planned, or hit although they were not to be."""
    unhit = expected.get("unhit", [])
    for plan in planned:
        name = plan["fault"].get("name") or ""
        if (name in unhit) == (plan["hits"] > 0):
            yield f"the fault {name} {plan['fault']['do']} was {'hit' if plan['hits'] else 'not hit'}"
    known = {plan["fault"].get("name") for plan in planned}
    yield from (f"there is no fault {name}" for name in unhit if name not in known)


def waits(expected: Json, waits: list[float]) -> Iterator[str]:
    """What differs in the waits."""
    total = sum(waits)
    # Half a microsecond for what floats lose.
    if total + 5e-7 < seconds(expected.get("least", "0s")):
        yield f"waited {total} s in all, {expected} expected: {waits}"
    if "most" in expected and total - 5e-7 > seconds(expected["most"]):
        yield f"waited {total} s in all, {expected} expected: {waits}"
    if "times" in expected:
        yield from _number("waits", expected["times"], len(waits))


def leaks(secrets: list[str], text: str, what: str) -> Iterator[str]:
    """Secrets that stand in a text."""
    for secret in secrets:
        at = text.find(secret)
        if at >= 0:
            yield f"{secret!r} stands in {what}, after: {text[max(at - 120, 0) : at]}"
