"""What `on_request` is told."""

from __future__ import annotations

from ._model import Model


class Attempt(Model, frozen=True, kw_only=True):
    """One attempt of a request, once it is over."""

    operation: str
    """The operation, `Users` for example."""
    number: int
    """Which attempt of its call, from 1."""
    status: int | None = None
    """The HTTP status, where there was an answer."""
    error: str | None = None
    """The code of its error, if it failed."""
    retry_in: float | None = None
    """After how many seconds it will be repeated, if it will."""
    elapsed: float
    """Seconds from sending to the last byte."""
    request_id: str | None = None
    """The server's id of the request."""
    bytes: int = 0
    """The size of the answer, decompressed."""
