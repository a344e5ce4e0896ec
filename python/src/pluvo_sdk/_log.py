"""What the SDK tells of its work, for `logging`."""

from __future__ import annotations

import json
import logging

from . import _native

_LOGGER = logging.getLogger("pluvo_sdk")
# Quiet unless the program says otherwise.
_LOGGER.addHandler(logging.NullHandler())

TRACE = 5
_LEVELS = {
    "error": logging.ERROR,
    "warn": logging.WARNING,
    "info": logging.INFO,
    "debug": logging.DEBUG,
    "trace": TRACE,
}
_listening: str | None = None


def listen() -> None:
    """Hears what the program's loggers want to hear now. Called for each client that is made."""
    global _listening
    wanted = _wanted()
    if wanted != _listening:
        _native.set_log(wanted, _tell)
        _listening = wanted


def _wanted() -> str:
    for name in ("trace", "debug", "info", "warn"):
        if any(logger.isEnabledFor(_LEVELS[name]) for logger in _loggers()):
            return name
    return "error"


def _loggers() -> list[logging.Logger]:
    return [_LOGGER, *(logging.getLogger(f"pluvo_sdk.{name}") for name in ("http", "auth", "schema"))]


def _tell(level: str, target: str, message: str, fields: str) -> None:
    logger = logging.getLogger(target.replace("::", "."))
    number = _LEVELS.get(level, logging.DEBUG)
    if logger.isEnabledFor(number):
        told = json.loads(fields)
        text = " ".join([message, *(f"{name}={value}" for name, value in told.items() if value is not None)])
        logger.log(number, "%s", text, extra={"pluvo": told})
