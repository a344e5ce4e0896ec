"""Sets a scenario up: sandbox, trap, plain readings, placeholders, settings, faults."""

from __future__ import annotations

import re
import socket
from email.utils import formatdate
from typing import TYPE_CHECKING

from .house import TRUTH, House, Json, rows, seconds

if TYPE_CHECKING:
    from pluvo_sdk.testing import Sandbox


class Stage:
    """A scenario with everything round it in place. `today` is the clients' date, in seconds since 1970."""

    def __init__(self, scenario: Json, house: House, today: float) -> None:
        house.trap.control("DELETE", "log")
        self._house = house
        self._today = today
        self._setup: dict[str, Json] = scenario.get("sandbox", {})
        self._lists: dict[str, list[Json]] = {}
        self.sandbox: Sandbox = house.take(self._setup)
        self.scenario: Json = self._filled(scenario)
        self._read_lists()
        self._settings = self.sandbox.control("GET", "settings")
        self._break_things()

    @property
    def trap(self) -> Sandbox:
        return self._house.trap

    def close(self) -> None:
        self._house.give_back(self._setup, self.sandbox)

    def rows(self, call: str, args: dict[str, Json]) -> list[Json]:
        """The rows that a plain reading found at the start."""
        return self._lists[_key(call, args)]

    def rows_now(self, call: str, args: dict[str, Json]) -> list[Json]:
        """The rows that are there now, with everything that was broken made whole. The log is lost by it."""
        self.sandbox.control("DELETE", "faults")
        self.sandbox.control("POST", "clock", {"hold": False})
        self.sandbox.control("POST", "settings", self._settings)
        return rows(self.sandbox, call, args)

    def _read_lists(self) -> None:
        everything = "rows" in self.scenario.get("expect", {})
        for step in self.scenario["steps"]:
            call = step.get("call")
            if call in TRUTH and (everything or "rows" in step.get("expect", {})):
                self._read(call, step.get("args", {}))

    def _read(self, call: str, args: dict[str, Json]) -> list[Json]:
        key = _key(call, args)
        if key not in self._lists:
            self._lists[key] = rows(self.sandbox, call, args)
        return self._lists[key]

    def _break_things(self) -> None:
        setup = self.scenario.get("sandbox", {})
        if "settings" in setup:
            self.sandbox.control("POST", "settings", setup["settings"])
        if setup.get("held"):
            self.sandbox.control("POST", "clock", {"hold": True})
        self.sandbox.control("POST", "faults", setup.get("faults", []))
        self.sandbox.control("DELETE", "log")

    def _filled(self, value: Json) -> Json:
        if isinstance(value, str):
            return re.sub(r"\$\{([^}]*)\}", lambda found: self._value(found[1]), value)
        if isinstance(value, list):
            return [self._filled(item) for item in value]
        if isinstance(value, dict):
            return {name: self._filled(item) for name, item in value.items()}
        return value

    def _value(self, name: str) -> str:
        if name.startswith("date "):
            return formatdate(self._today + seconds(name[5:].lstrip("+")), usegmt=True)
        if name == "sandbox":
            return self.sandbox.url
        if name == "trap":
            return self.trap.url
        if name == "nobody":
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                return f"http://127.0.0.1:{free.getsockname()[1]}"
        call, number, field = name.split("/")
        return self._read(call, {})[int(number)][field]


def _key(call: str, args: dict[str, Json]) -> str:
    return " ".join([call, *(str(args[name]) for name in ("id", "ref") if name in args)])
