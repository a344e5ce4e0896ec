"""Sandboxes that scenarios run against, and plain readings of their lists."""

from __future__ import annotations

import json
import re
import ssl
from collections import deque
from typing import Any
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

from pluvo_sdk.testing import Sandbox

from ..checkout import CONFORMANCE

TRUTH = json.loads((CONFORMANCE / "truth.json").read_text())
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}

Json = Any


def seconds(span: str) -> float:
    """`150ms` as 0.15."""
    number, unit = re.fullmatch(r"(-?\d+)(ms|s|m|h)", span).groups()
    return int(number) * _UNITS[unit]


def milliseconds(span: str) -> int:
    return round(seconds(span) * 1000)


class House:
    """Sandboxes of every kind that scenarios want. One that was left in good order is used again after a reset."""

    def __init__(self) -> None:
        self.trap = Sandbox()
        self._free: dict[tuple[tuple[str, Json], ...], deque[Sandbox]] = {}

    def take(self, setup: dict[str, Json]) -> Sandbox:
        free = self._free.get(_key(setup))
        if free:
            return free.pop()
        tls = setup.get("tls", False)
        tls = tls.replace("_", "-") if tls else False
        return Sandbox(**{name: setup.get(name) for name in ("users", "groups", "trainings", "seed")}, tls=tls)

    def give_back(self, setup: dict[str, Json], sandbox: Sandbox) -> None:
        # Requests that hang would be in flight in the next scenario too.
        if sandbox.control("GET", "state")["in_flight"]:
            sandbox.stop()
            return
        sandbox.control("POST", "clock", {"hold": False})
        sandbox.control("POST", "clients", {"id": sandbox.client_id, "secret": sandbox.client_secret})
        sandbox.reset()
        self._free.setdefault(_key(setup), deque()).append(sandbox)

    def close(self) -> None:
        for sandbox in [self.trap, *(sandbox for free in self._free.values() for sandbox in free)]:
            sandbox.stop()


def _key(setup: dict[str, Json]) -> tuple[tuple[str, Json], ...]:
    return tuple((name, setup[name]) for name in ("users", "groups", "trainings", "seed", "tls") if name in setup)


def rows(sandbox: Sandbox, call: str, args: dict[str, Json]) -> list[Json]:
    """All rows of a list as a plain client reads them, page after page."""
    truth = TRUTH[call]
    token = sandbox.token()
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    opener = build_opener(ProxyHandler({}), HTTPSHandler(context=context))
    found: list[Json] = []
    variables = {"after": None, **{name: args[name] for name in ("id", "ref") if name in args}}
    while True:
        body = json.dumps({"query": truth["query"], "variables": variables}).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        with opener.open(Request(f"{sandbox.url}/graphql/", body, headers)) as response:
            answer = json.load(response)["data"]
        for name in truth["path"]:
            answer = answer[name]
        found += [edge["node"] for edge in answer["edges"]]
        if not answer["pageInfo"]["hasNextPage"]:
            return found
        variables["after"] = answer["pageInfo"]["endCursor"]
