"""What the SDK tells of its work, for `logging`, which is loaded when there is something to tell."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from . import _native

if TYPE_CHECKING:
    from logging import Logger

TRACE = 5
_NUMBERS = {"error": 40, "warn": 30, "info": 20, "debug": 10, "trace": TRACE}
_listening: str | None = None


def listen() -> None:
    """Hears what the program's loggers want to hear now. Called for each client that is made."""
    global _listening
    wanted = _wanted()
    if wanted != _listening:
        _native.set_log(wanted, _tell)
        _listening = wanted


def _wanted() -> str:
    if "logging" not in sys.modules:
        # Nobody has asked for anything, and this is what a logger tells that nobody has set up.
        return "warn"
    root = _logger("pluvo_sdk")
    loggers = [root, *(root.getChild(name) for name in ("http", "auth", "schema"))]
    for name in ("trace", "debug", "info", "warn"):
        if any(logger.isEnabledFor(_NUMBERS[name]) for logger in loggers):
            return name
    return "error"


def _logger(name: str) -> Logger:
    from logging import NullHandler, getLogger

    ours = getLogger("pluvo_sdk")
    if not ours.handlers:
        # Quiet unless the program says otherwise.
        ours.addHandler(NullHandler())
    return getLogger(name)


def _tell(level: str, target: str, message: str, fields: str) -> None:
    logger = _logger(target.replace("::", "."))
    number = _NUMBERS.get(level, _NUMBERS["debug"])
    if logger.isEnabledFor(number):
        from json import loads

        told = loads(fields)
        text = " ".join([message, *(f"{name}={value}" for name, value in told.items() if value is not None)])
        logger.log(number, "%s", text, extra={"pluvo": told})
