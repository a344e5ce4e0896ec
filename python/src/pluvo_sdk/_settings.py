"""The settings of a client, as the native module takes them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from . import _native
from ._core import Core, settings_text
from ._token import Provider

if TYPE_CHECKING:
    from ._attempt import Attempt

Token: TypeAlias = str | tuple[str, float | None]
"""A token, or a token and how many seconds it lives."""
TokenFunction: TypeAlias = Callable[[], Token]
AsyncTokenFunction: TypeAlias = Callable[[], Token | Awaitable[Token]]


class Retry(TypedDict, total=False):
    """How calls are repeated. Lengths of time are seconds."""

    max_attempts: int
    """Attempts in all, 5 where nothing is said."""
    base_delay: float
    """The longest first delay."""
    max_delay: float
    """The longest delay."""
    total: float
    """No repeats after so long."""
    max_retry_after: float
    """The longest wish of the server to wait that is granted."""


class RetryBudget(TypedDict, total=False):
    """How much is repeated, over all calls of a client."""

    ratio: float
    """Repeats for each request."""
    window: float
    """The seconds in which they count."""
    reserve: int
    """Repeats that are always allowed."""


class Renewal(TypedDict, total=False):
    """When tokens are renewed, in seconds."""

    ahead: float
    """So long before the end one caller renews, while others go on."""
    margin: float
    """So long before the end everybody waits."""
    pause: float
    """How long a failed renewal is left alone."""
    provider_timeout: float
    """How long a function that hands out tokens may take."""


class Limits(TypedDict, total=False):
    """How much is asked at once."""

    in_flight: int
    """Requests in flight, 8 where nothing is said."""
    rate: float
    """Requests a second. Not limited where nothing is said, until the server objects."""
    recovery: float
    """Seconds after which a lowered rate is raised again."""


class Timeouts(TypedDict, total=False):
    """How long an attempt may take, in seconds."""

    connect: float
    """To connect."""
    read: float
    """Without a byte."""
    attempt: float
    """In all."""


class Paging(TypedDict, total=False):
    """How lists are read."""

    page_size: int
    """Rows a page, 50 at most."""
    prefetch: bool
    """Whether the next page is fetched ahead."""
    parallel: int
    """Pages in flight for calls that read everything."""


class Options(TypedDict, total=False):
    """What a client can have of its own beside another one. Lengths of time are seconds."""

    timeout: float
    """How long an attempt may take."""
    max_attempts: int
    """Attempts in all."""
    total: float
    """How long all attempts may take together."""
    max_body: int
    """The largest answer, in bytes."""
    retry: Retry
    paging: Paging


def core(
    *,
    is_async: bool,
    token: str | Callable[[], Any] | None,
    token_store: str | PathLike[str] | None,
    on_request: Callable[[Attempt], object] | None,
    clock: _native.TestClock | None,
    **settings: Any,
) -> Core:
    """A session for these settings. Does no I/O."""
    from ._log import listen

    listen()
    provider = None
    if token is not None and not isinstance(token, str):
        provider = Provider(token, is_async_client=is_async)
        token = None
    given = {**settings, "token": token, "token_store": None if token_store is None else fspath(token_store)}
    session = _native.Session(settings_text(given), provider, None if on_request is None else _hook(on_request), clock)
    return Core(session, provider)


def _hook(on_request: Callable[[Attempt], object]) -> Callable[[str], None]:
    from ._attempt import Attempt
    from ._wire import decode

    return lambda text: (on_request(decode(text, Attempt)), None)[1]


def scopes_of(scopes: Sequence[str] | None) -> list[str] | None:
    return scopes.split() if isinstance(scopes, str) else None if scopes is None else list(scopes)
